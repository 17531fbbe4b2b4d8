"""Reading JSON that a stranger sent: a typed value or None, and nothing else."""

from __future__ import annotations

from typing import TypeVar

import msgspec

Shape = TypeVar("Shape")


def read(body: bytes, shape: type[Shape]) -> Shape | None:
    """`body` as a `shape`, or None when it is no JSON of that shape."""
    try:
        return msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError, OverflowError):
        return None
