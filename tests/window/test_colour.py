"""The colour arithmetic against published values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.window.colour import Oklch, contrast, luminance, mixed, parse_hex, to_hex

colours = st.tuples(*[st.integers(0, 255)] * 3).map(lambda channels: to_hex(*channels))


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#767676", "#FFFFFF", 4.54),
        ("#777777", "#FFFFFF", 4.48),
        ("#FF0000", "#FFFFFF", 4.0),
        ("#0000FF", "#FFFFFF", 8.59),
    ],
)
def test_contrast_of_well_known_pairs(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("colour", "lightness", "chroma", "hue"),
    [("#FF0000", 0.62796, 0.25768, 29.23), ("#00FF00", 0.86644, 0.29483, 142.5), ("#0000FF", 0.45201, 0.31321, 264.05)],
)
def test_oklch_of_the_primaries(colour: str, lightness: float, chroma: float, hue: float) -> None:
    found = Oklch.of(colour)
    assert (found.lightness, found.chroma) == pytest.approx((lightness, chroma), abs=5e-4)
    assert found.hue == pytest.approx(hue, abs=0.1)


@given(colours)
def test_every_colour_comes_back_from_oklch(colour: str) -> None:
    back = parse_hex(Oklch.of(colour).hex())
    assert all(abs(one - other) <= 1 for one, other in zip(parse_hex(colour), back, strict=True))


@given(colours, st.floats(-0.4, 0.4))
def test_moving_lightness_keeps_the_hue(colour: str, step: float) -> None:
    moved = Oklch.of(Oklch.of(colour).lighter(step).hex())
    if moved.chroma > 0.05:  # nearer grey the hue drowns in 8-bit rounding
        turned = abs(moved.hue - Oklch.of(colour).hue) % 360
        assert min(turned, 360 - turned) < 4


@given(colours, colours)
def test_contrast_is_symmetric_and_in_range(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.001


@given(colours, colours)
def test_mixing_all_or_nothing_gives_one_of_the_two(one: str, other: str) -> None:
    assert mixed(one, other, 1) == one
    assert mixed(one, other, 0) == other


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1a6b4fcc", "#12345g", "1a6b4f", " #1a6b4f", "#1a6b4f\n"])
def test_what_is_no_opaque_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        parse_hex(text)


def test_short_hex_is_read() -> None:
    assert parse_hex("#0af") == (0, 170, 255)
    assert luminance("#fff") == pytest.approx(1)
