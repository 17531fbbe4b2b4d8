"""The accent of the window from any colour a vendor may have, so that every label on it can be read. Pure, without Qt.

Hue is never changed. Lightness moves only as far as contrast asks, and chroma is cut only where sRGB ends. A red that
would read as danger colours the header and the rail's marker only; buttons, links and chosen cards are then ink.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.window.colour import Oklch, contrast, mixed, parse_hex, to_hex
from assistant.window.palette import DEFAULT_ACCENT, Colours, Scheme, base

TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: text
EDGE_CONTRAST = 3.0  # WCAG 2.2, 1.4.11: edges of controls

_STEP = 0.005
_HOVER, _PRESSED = 0.05, 0.09
_SOFT = {Scheme.LIGHT: 0.10, Scheme.DARK: 0.16}
_WHITE, _NEAR_BLACK = "#FFFFFF", "#111418"
_INK = {Scheme.LIGHT: ("#1B1F24", _WHITE), Scheme.DARK: ("#F1F3F5", _NEAR_BLACK)}
_RED_HUES = (15.0, 38.0)
_RED_CHROMA = 0.12


@dataclass(frozen=True, slots=True)
class Accent:
    """What a vendor's colour became in one scheme. `changes` says why, for the vendor's own check."""

    colours: Colours
    guarded: bool
    changes: tuple[str, ...]


def reads_as_danger(colour: str) -> bool:
    """Whether a filled button in `colour` would look like a warning."""
    measured = Oklch.of(colour)
    return _RED_HUES[0] <= measured.hue <= _RED_HUES[1] and measured.chroma > _RED_CHROMA


def _moved(start: str, step: float, enough: Callable[[str], bool]) -> str:
    """`start` itself when it is enough, else the first colour along its lightness that is."""
    if enough(start):
        return start
    origin = Oklch.of(start)
    for count in range(1, round(1 / abs(step)) + 1):
        tried = origin.lighter(count * step).hex()
        if enough(tried):
            return tried
    return _WHITE if step > 0 else "#000000"


def _clear_of(surfaces: Iterable[str], ratio: float) -> Callable[[str], bool]:
    against = tuple(surfaces)
    return lambda colour: all(contrast(colour, surface) >= ratio for surface in against)


def _label_for(fill: str) -> str | None:
    return next((label for label in (_WHITE, _NEAR_BLACK) if contrast(fill, label) >= TEXT_CONTRAST), None)


def _towards_more_contrast(fill: str, label: str) -> int:
    """1 for lighter, -1 for darker; where lightness has no room left the other way, so that hover can be seen."""
    sign = 1 if label == _NEAR_BLACK else -1
    return sign if 0 <= Oklch.of(fill).lightness + sign * _PRESSED <= 1 else -sign


def _seen_apart(fill: str, step: float, ratio: float) -> str:
    """`fill` moved by `step` of lightness, and on until it can be told from `fill`: near black a step shows nothing."""
    start = Oklch.of(fill).lighter(step).hex()
    return _moved(start, _STEP if step > 0 else -_STEP, lambda tried: contrast(tried, fill) >= ratio)


def _fill_and_label(colour: str, surfaces: tuple[str, ...], step: float) -> tuple[str, str]:
    fill = _moved(colour, step, _clear_of(surfaces, EDGE_CONTRAST))
    label = _label_for(fill)
    if label is None:
        fill = _moved(fill, -_STEP, lambda tried: contrast(tried, _WHITE) >= TEXT_CONTRAST)
        label = _WHITE
    return fill, label


@lru_cache(maxsize=64)
def accent(vendor: str, scheme: Scheme) -> Accent:
    """The accent roles for the vendor's colour `vendor` (`#rrggbb`) in `scheme`.

    Raises:
        ValueError: `vendor` is no colour, or one with alpha.
    """
    colours = base(scheme)
    vendor = to_hex(*parse_hex(vendor))
    if vendor == DEFAULT_ACCENT:
        return Accent(colours, False, ())
    surfaces = (colours.window, colours.surface, colours.rail)
    step = -_STEP if scheme is Scheme.LIGHT else _STEP
    fill, label = _fill_and_label(vendor, surfaces, step)
    marker, marker_label = fill, label
    soft = mixed(vendor, colours.surface, _SOFT[scheme])
    text = marker_text = _moved(vendor, step, _clear_of((*surfaces, soft), TEXT_CONTRAST))
    guarded = reads_as_danger(vendor)
    if guarded:
        fill, label = _INK[scheme]
        text, soft = colours.text, mixed(fill, colours.surface, _SOFT[scheme])
    sign = _towards_more_contrast(fill, label)
    found = replace(
        colours,
        accent=fill,
        accent_label=label,
        accent_hover=_seen_apart(fill, sign * _HOVER, 1.08),
        accent_pressed=_seen_apart(fill, sign * _PRESSED, 1.16),
        accent_text=text,
        accent_soft=soft,
        marker=marker,
        marker_label=marker_label,
        marker_text=marker_text,
    )
    return Accent(found, guarded, _changes(vendor, marker, marker_text, guarded))


def _changes(vendor: str, fill: str, text: str, guarded: bool) -> tuple[str, ...]:
    told = []
    if guarded:
        told.append(f"{vendor} reads as danger: buttons are ink, the colour stays in header and rail")
    if fill != vendor:
        told.append(f"fill {vendor} became {fill} for contrast")
    if text != vendor:
        told.append(f"text {vendor} became {text} for contrast")
    return tuple(told)
