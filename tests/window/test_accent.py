"""Any vendor's colour gives a window whose every label can be read."""

import random

import pytest

from assistant.window.accent import EDGE_CONTRAST, TEXT_CONTRAST, accent, reads_as_danger
from assistant.window.colour import Oklch, contrast, to_hex
from assistant.window.palette import DARK, DEFAULT_ACCENT, LIGHT, Colours, Scheme, base

WHITE, BLACK = "#FFFFFF", "#111418"


def _readable(c: Colours) -> list[str]:
    surfaces = (c.window, c.surface, c.rail)
    fills = {"fill": c.accent, "hover": c.accent_hover, "pressed": c.accent_pressed}
    found = [name for name, fill in fills.items() if contrast(fill, c.accent_label) < TEXT_CONTRAST]
    found += [f"edge on {s}" for s in surfaces if contrast(c.accent, s) < EDGE_CONTRAST]
    found += [f"marker on {s}" for s in surfaces if contrast(c.marker, s) < EDGE_CONTRAST]
    found += [f"text on {s}" for s in (*surfaces, c.accent_soft) if contrast(c.accent_text, s) < TEXT_CONTRAST]
    if contrast(c.marker, c.marker_label) < TEXT_CONTRAST:
        found.append("marker label")
    if contrast(c.text, c.accent_soft) < 7:
        found.append("body on soft")
    return found


@pytest.mark.parametrize("scheme", Scheme)
def test_1500_random_colours_can_all_be_read(scheme: Scheme) -> None:
    dice = random.Random(2026)
    colours = [to_hex(*(dice.randrange(256) for _ in range(3))) for _ in range(1500)]
    assert {colour: bad for colour in colours if (bad := _readable(accent(colour, scheme).colours))} == {}


@pytest.mark.parametrize("scheme", Scheme)
def test_the_corners_of_srgb_can_be_read(scheme: Scheme) -> None:
    corners = [to_hex(r, g, b) for r in (0, 128, 255) for g in (0, 128, 255) for b in (0, 128, 255)]
    assert {colour: bad for colour in corners if (bad := _readable(accent(colour, scheme).colours))} == {}


@pytest.mark.parametrize(
    ("vendor", "light", "label", "light_text", "dark", "dark_label", "dark_text"),
    [
        ("#1A6B4F", "#1A6B4F", WHITE, "#1A6B4F", "#2D7A5D", WHITE, "#56A183"),
        ("#FFD400", "#A38700", BLACK, "#816A00", "#FFD400", BLACK, "#FFD400"),
        ("#0A1F44", "#0A1F44", WHITE, "#0A1F44", "#556E9A", WHITE, "#718CB9"),
        ("#00AEEF", "#0092CA", BLACK, "#0074A1", "#00AEEF", BLACK, "#00AEEF"),
        ("#FF6A00", "#E75F00", BLACK, "#B74A00", "#FF6A00", BLACK, "#FF7120"),
        ("#FFFFFF", "#898989", BLACK, None, "#FFFFFF", BLACK, None),
        ("#000000", "#000000", WHITE, None, "#6D6D6D", WHITE, None),
        ("#888888", "#888888", BLACK, None, "#888888", BLACK, None),
    ],
)
def test_the_table_of_the_guide(
    vendor: str, light: str, label: str, light_text: str | None, dark: str, dark_label: str, dark_text: str | None
) -> None:
    day, night = accent(vendor, Scheme.LIGHT).colours, accent(vendor, Scheme.DARK).colours
    assert (day.accent, day.accent_label) == (light, label)
    assert (night.accent, night.accent_label) == (dark, dark_label)
    if light_text:
        assert (day.accent_text, night.accent_text) == (light_text, dark_text)


def test_a_red_that_reads_as_danger_stays_in_header_and_rail() -> None:
    day, night = accent("#E30613", Scheme.LIGHT), accent("#E30613", Scheme.DARK)
    assert day.guarded
    assert night.guarded
    assert (day.colours.accent, day.colours.accent_label) == ("#1B1F24", WHITE)
    assert (night.colours.accent, night.colours.accent_label) == ("#F1F3F5", BLACK)
    assert (day.colours.marker_text, night.colours.marker_text) == ("#D7000F", "#FF5246")
    assert reads_as_danger(day.colours.marker)
    red_parts = (day.colours.accent_text, day.colours.accent_soft, night.colours.accent_text, night.colours.accent_soft)
    assert not any(reads_as_danger(part) for part in red_parts)
    assert any("danger" in change for change in day.changes)


@pytest.mark.parametrize("colour", ["#FF6A00", "#8E1B5A", "#E58A8A"])
def test_the_guard_lets_orange_plum_and_pink_through(colour: str) -> None:
    assert not accent(colour, Scheme.LIGHT).guarded


def test_the_programs_own_accent_is_the_palette_as_written() -> None:
    assert accent(DEFAULT_ACCENT, Scheme.LIGHT).colours == LIGHT
    assert accent(DEFAULT_ACCENT.lower(), Scheme.DARK).colours == DARK


def test_hue_is_kept_and_changes_are_told() -> None:
    found = accent("#FFD400", Scheme.LIGHT)
    assert Oklch.of(found.colours.accent).hue == pytest.approx(Oklch.of("#FFD400").hue, abs=3)
    assert any("#A38700" in change for change in found.changes)
    assert accent("#1A6B4F", Scheme.LIGHT).changes == ()


@pytest.mark.parametrize("colour", ["#FFFFFF", "#000000", "#F1F3F5"])
@pytest.mark.parametrize("scheme", Scheme)
def test_hover_and_pressed_can_be_told_from_rest(colour: str, scheme: Scheme) -> None:
    c = accent(colour, scheme).colours
    assert len({c.accent, c.accent_hover, c.accent_pressed}) == 3


@pytest.mark.parametrize("colour", ["#1a6b4fff", "green", ""])
def test_alpha_and_words_are_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        accent(colour, Scheme.LIGHT)


@pytest.mark.parametrize("scheme", Scheme)
def test_every_role_of_the_palette_holds_its_contrast(scheme: Scheme) -> None:
    c = base(scheme)
    for surface in (c.window, c.surface, c.rail):
        for text in (c.text, c.muted, c.faint, c.accent_text):
            assert contrast(text, surface) >= TEXT_CONTRAST
        assert contrast(c.edge, surface) >= EDGE_CONTRAST
        for sign in (c.ok, c.warning, c.danger, c.info):
            assert contrast(sign, surface) >= TEXT_CONTRAST
    for soft, sign in (
        (c.ok_soft, c.ok),
        (c.warning_soft, c.warning),
        (c.danger_soft, c.danger),
        (c.info_soft, c.info),
        (c.practice, c.practice_text),
    ):
        assert contrast(sign, soft) >= TEXT_CONTRAST
    assert contrast(c.practice_edge, c.window) >= EDGE_CONTRAST
