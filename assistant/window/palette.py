"""The colours of the window by what they mean, in light and dark. Pure, without Qt.

Text roles reach 4.5 to 1 on window, surface and rail; control edges and icons 3.0; `line` is decoration and carries
no meaning. Red is for danger only, and green means done.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

ColourRole = Literal[
    "text", "muted", "faint", "edge", "line", "ok", "warning", "danger", "info",
    "accent", "accent_label", "accent_text", "marker", "marker_label", "marker_text",
    "practice", "practice_text", "practice_edge", "surface", "window", "rail",
]  # fmt: skip
"""The roles a text or an icon may be drawn in."""

SoftRole = Literal["ok", "warning", "danger", "info", "accent"]
"""The roles that have a pale area to go with them."""


class Scheme(Enum):
    """Light letters on dark, or dark on light."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, kw_only=True)  # without slots, which would cost 2 ms before the first paint
class Colours:
    """Every colour role, each a hex colour `#RRGGBB`."""

    window: str
    surface: str
    rail: str
    text: str
    muted: str
    faint: str
    edge: str
    line: str
    ok: str
    ok_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    info: str
    info_soft: str
    practice: str
    practice_text: str
    practice_edge: str
    accent: str
    accent_label: str
    accent_hover: str
    accent_pressed: str
    accent_text: str
    accent_soft: str
    marker: str  # the vendor's own colour where it may stand untouched by the red guard
    marker_label: str
    marker_text: str


DEFAULT_ACCENT = "#2457A6"

LIGHT = Colours(
    window="#F6F7F9",
    surface="#FFFFFF",
    rail="#ECEFF3",
    text="#1B1F24",
    muted="#4E5866",
    faint="#636D7B",
    edge="#7A8492",
    line="#D8DDE4",
    ok="#1A7038",
    ok_soft="#E6F4EA",
    warning="#7A4B00",
    warning_soft="#FFF2D9",
    danger="#B3261E",
    danger_soft="#FCEBE9",
    info="#1B5C96",
    info_soft="#E7F0FA",
    practice="#FFD98A",
    practice_text="#3B2A00",
    practice_edge="#7A4B00",
    accent="#2457A6",
    accent_label="#FFFFFF",
    accent_hover="#154896",
    accent_pressed="#073D89",
    accent_text="#2457A6",
    accent_soft="#E9EEF6",
    marker="#2457A6",
    marker_label="#FFFFFF",
    marker_text="#2457A6",
)

DARK = Colours(
    window="#17191C",
    surface="#212428",
    rail="#1D2024",
    text="#F1F3F5",
    muted="#B6BDC6",
    faint="#9AA3AE",
    edge="#7F8894",
    line="#383D44",
    ok="#73D391",
    ok_soft="#16301F",
    warning="#F2C062",
    warning_soft="#33280F",
    danger="#FF9D95",
    danger_soft="#3B1C1A",
    info="#93C4F4",
    info_soft="#14293D",
    practice="#3A2C08",
    practice_text="#FFD98A",
    practice_edge="#F2C062",
    accent="#386CBD",
    accent_label="#FFFFFF",
    accent_hover="#2A5DAD",
    accent_pressed="#1E51A0",
    accent_text="#5D92E7",
    accent_soft="#212C3C",
    marker="#386CBD",
    marker_label="#FFFFFF",
    marker_text="#5D92E7",
)


def base(scheme: Scheme) -> Colours:
    """The colours of `scheme` with the program's own accent."""
    return DARK if scheme is Scheme.DARK else LIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemPairs:
    """The operating system's own contrast colours, pair by pair; rows are never mixed."""

    window: str
    window_text: str
    base: str
    base_text: str
    button: str
    button_text: str
    highlight: str
    highlight_text: str
    link: str


CONTRAST_ON_BLACK = SystemPairs(
    window="#000000",
    window_text="#FFFFFF",
    base="#000000",
    base_text="#FFFFFF",
    button="#000000",
    button_text="#FFFFFF",
    highlight="#1AEBFF",
    highlight_text="#000000",
    link="#FFFF00",
)
CONTRAST_ON_WHITE = SystemPairs(
    window="#FFFFFF",
    window_text="#000000",
    base="#FFFFFF",
    base_text="#000000",
    button="#FFFFFF",
    button_text="#000000",
    highlight="#37006E",
    highlight_text="#FFFFFF",
    link="#00009F",
)


def high_contrast(pairs: SystemPairs) -> Colours:
    """The roles in a contrast theme: no colour of ours, no soft fills, signs in the text colour."""
    text, window = pairs.window_text, pairs.window
    return Colours(
        window=window,
        surface=window,
        rail=window,
        text=text,
        muted=text,
        faint=text,
        edge=text,
        line=text,
        ok=text,
        ok_soft=window,
        warning=text,
        warning_soft=window,
        danger=text,
        danger_soft=window,
        info=text,
        info_soft=window,
        practice=window,
        practice_text=text,
        practice_edge=text,
        accent=pairs.highlight,
        accent_label=pairs.highlight_text,
        accent_hover=pairs.highlight,
        accent_pressed=pairs.highlight,
        accent_text=pairs.link,
        accent_soft=window,
        marker=pairs.highlight,
        marker_label=pairs.highlight_text,
        marker_text=text,
    )
