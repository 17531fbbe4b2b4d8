"""The measures everything in the window is built from, at 100 % text size.

Lengths are device-independent pixels, type sizes are points (Qt converts points by the screen's DPI; on macOS one
point is one pixel, elsewhere 1.333). What scales with the text size goes through `scaled`; lines, radii and icons under
20 do not.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import Enum

# Spacing, on a grid of 4.
SPACE_1 = 4
SPACE_2 = 8
SPACE_3 = 12
SPACE_4 = 16
SPACE_5 = 24
SPACE_6 = 32
SPACE_7 = 40

RADIUS_SMALL = 4  # check box and tag
RADIUS_CONTROL = 6  # button and field
RADIUS_CARD = 10  # card and banner

LINE = 1
LINE_SELECTED = 2
RING = 2  # the keyboard focus ring's stroke
RING_GAP = 2

WINDOW_WIDTH, WINDOW_HEIGHT = 1120, 720
MINIMUM_WIDTH, MINIMUM_HEIGHT = 1024, 600
COMPACT_BELOW = 560  # window height under which the frame goes compact: a 1024x600 screen leaves about 520
NARROW_BELOW = 1100  # window width under which content margins shrink
STACK_BELOW = 900  # window width under which the two account cards stand on top of each other
LARGE_TEXT = 1.5  # text scale from which the rail shows icons only and the cards stack

HEADER_HEIGHT, HEADER_COMPACT = 56, 40
FOOTER_HEIGHT, FOOTER_COMPACT = 72, 56
RAIL_WIDTH, RAIL_MINIMUM, RAIL_FOLDED = 216, 184, 56
RAIL_ROW, RAIL_MARK = 40, 24
CONTENT_MAXIMUM, TEXT_MAXIMUM = 680, 520

BUTTON_HEIGHT, FILLED_HEIGHT = 36, 40
BUTTON_PADDING, BUTTON_MINIMUM = 20, 112
FIELD_HEIGHT = 36
CARD_WIDTH, CARD_PADDING = 320, 20
TARGET_MINIMUM = 24

ICON_INLINE, ICON_CONTROL, ICON_CARD, ICON_HERO = 16, 20, 32, 56
LOGO_HEADER, LOGO_MAXIMUM_WIDTH = 32, 160

FADE_MS = 120
SPINNER_TURN_MS = 1_000
SPINNER_DELAY_MS = 300  # waiting shorter than this shows nothing

WEIGHT_REGULAR, WEIGHT_STRONG = 400, 600


class TypeRole(Enum):
    """What a text is for; its size and weight follow."""

    CAPTION = "caption"  # footer code, timestamps; never an instruction
    BODY = "body"
    STRONG = "strong"  # labels, card titles, the rail's current step
    LEAD = "lead"  # the one sentence under the heading
    SECTION = "section"  # group headings
    HEADING = "heading"  # one a page
    FACT = "fact"  # company name on Confirm, codes in the support panel
    CODE = "code"  # codes and ids, in the desktop's monospaced family


@dataclass(frozen=True, slots=True)
class TypeSize:
    """One line of the type scale. `line` is the line height in pixels at 100 %, for a text of `pixels`."""

    points: float
    points_macos: float
    pixels: int
    line: int
    weight: int = WEIGHT_REGULAR

    def size(self, *, platform: str = sys.platform) -> float:
        """The size in points on `platform` (a value of `sys.platform`)."""
        return self.points_macos if platform == "darwin" else self.points

    @property
    def leading(self) -> float:
        """Line height as a multiple of the size."""
        return self.line / self.pixels


TYPE_SCALE: dict[TypeRole, TypeSize] = {
    TypeRole.CAPTION: TypeSize(9, 11, 12, 16),
    TypeRole.BODY: TypeSize(10.5, 13, 14, 20),
    TypeRole.STRONG: TypeSize(10.5, 13, 14, 20, WEIGHT_STRONG),
    TypeRole.LEAD: TypeSize(12, 15, 16, 24),
    TypeRole.SECTION: TypeSize(13.5, 17, 18, 24, WEIGHT_STRONG),
    TypeRole.HEADING: TypeSize(18, 22, 24, 32, WEIGHT_STRONG),
    TypeRole.FACT: TypeSize(21, 26, 28, 36, WEIGHT_STRONG),
    TypeRole.CODE: TypeSize(10.5, 13, 14, 20),
}


def scaled(length: int, text_scale: float) -> int:
    """`length` grown with the text (1.0 = 100 %), as a whole pixel."""
    return round(length * text_scale)
