"""A pattern that looks like a QR code and holds nothing: practice's stand-in for BankID's moving code."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Final

SIZE: Final = 33
"""Modules on a side, as in a QR code of version 4."""
_EYE: Final = 7


def moving_code() -> str:
    """A new pattern as an SVG picture: three eyes as a QR code has them, random modules, "PRACTICE" across it."""
    squares = "".join(f"M{x} {y}h1v1h-1z" for x, y in _dark())
    middle = SIZE / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {SIZE + 4} {SIZE + 4}" shape-rendering="crispEdges">'
        f'<rect x="-2" y="-2" width="{SIZE + 4}" height="{SIZE + 4}" fill="#fff"/>'
        f'<path d="{squares}" fill="#000"/>'
        f'<rect x="3" y="{middle - 3}" width="{SIZE - 6}" height="6" fill="#fff"/>'
        f'<text x="{middle}" y="{middle + 1.6}" text-anchor="middle" font-family="sans-serif" font-weight="bold" '
        f'font-size="4.6" fill="#7a4b00">PRACTICE</text></svg>'
    )


def _dark() -> Iterator[tuple[int, int]]:
    for y in range(SIZE):
        for x in range(SIZE):
            corner = _in_eye(x, y)
            if corner is None:
                if secrets.randbits(1):
                    yield x, y
            elif max(abs(corner[0] - 3), abs(corner[1] - 3)) in (0, 1, 3):
                yield x, y


def _in_eye(x: int, y: int) -> tuple[int, int] | None:
    """The place within one of the three eyes and their white edge, counted from the eye's corner."""
    for left, top in ((0, 0), (SIZE - _EYE, 0), (0, SIZE - _EYE)):
        if left - 1 <= x <= left + _EYE and top - 1 <= y <= top + _EYE:
            return x - left, y - top
    return None
