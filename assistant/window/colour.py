"""Colour arithmetic: sRGB hex, WCAG 2 contrast and OKLCH. Pure, without Qt.

Contrast is WCAG 2.2's relative luminance ratio [DOC: w3.org/TR/WCAG22/#dfn-contrast-ratio]. OKLCH is Björn Ottosson's
OKLab in polar form [DOC: bottosson.github.io/posts/oklab]: lightness 0 to 1, chroma from 0, hue in degrees.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_GAMUT_SLACK = 1e-4  # rounding noise that still counts as inside sRGB


def parse_hex(text: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of `#rgb` or `#rrggbb`.

    Raises:
        ValueError: anything else, also a colour with alpha.
    """
    if not _HEX.fullmatch(text):
        raise ValueError(f"{text[:20]!r} is not a colour such as #1a6b4f")
    digits = text[1:] if len(text) == 7 else "".join(digit * 2 for digit in text[1:])
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def to_hex(red: float, green: float, blue: float) -> str:
    """`#RRGGBB` of channels from 0 to 255, rounded and clipped."""
    return "#" + "".join(f"{min(255, max(0, round(channel))):02X}" for channel in (red, green, blue))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _gamma(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else float(1.055 * channel ** (1 / 2.4) - 0.055)


@lru_cache(maxsize=4096)
def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in parse_hex(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio, 1 to 21."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def mixed(over: str, under: str, share: float) -> str:
    """`share` (0 to 1) of `over` laid on `under`, channel by channel as a painter's alpha does."""
    pairs = zip(parse_hex(over), parse_hex(under), strict=True)
    red, green, blue = (top * share + bottom * (1 - share) for top, bottom in pairs)
    return to_hex(red, green, blue)


@dataclass(frozen=True, slots=True)
class Oklch:
    """A colour as lightness (0 to 1), chroma (0 is grey) and hue (degrees, 0 to 360)."""

    lightness: float
    chroma: float
    hue: float

    @classmethod
    def of(cls, colour: str) -> Oklch:
        """The OKLCH coordinates of a hex colour."""
        red, green, blue = (_linear(channel / 255) for channel in parse_hex(colour))
        long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
        a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
        b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
        return cls(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)

    def _channels(self) -> tuple[float, float, float]:
        a = self.chroma * math.cos(math.radians(self.hue))
        b = self.chroma * math.sin(math.radians(self.hue))
        long = (self.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (self.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (self.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        return (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )

    def _displayable(self) -> bool:
        return all(-_GAMUT_SLACK <= channel <= 1 + _GAMUT_SLACK for channel in self._channels())

    def hex(self) -> str:
        """The nearest sRGB colour of the same lightness and hue: chroma is cut only where sRGB ends."""
        inside = self
        if not inside._displayable():
            low, high = 0.0, self.chroma
            for _ in range(18):
                middle = (low + high) / 2
                if Oklch(self.lightness, middle, self.hue)._displayable():
                    low = middle
                else:
                    high = middle
            inside = Oklch(self.lightness, low, self.hue)
        return to_hex(*(255 * _gamma(min(1.0, max(0.0, channel))) for channel in inside._channels()))

    def lighter(self, step: float) -> Oklch:
        """The same hue and chroma, `step` lighter (darker if negative), within 0 to 1."""
        return Oklch(min(1.0, max(0.0, self.lightness + step)), self.chroma, self.hue)
