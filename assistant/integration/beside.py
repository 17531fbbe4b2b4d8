"""Reads a small file that stands beside the integration file, and nothing else.

The name comes from a file that anybody may have written, so the file must be where it seems to be: in the same folder,
no link, an ordinary file, small. A FIFO or a device would otherwise hang or fill the program.
"""

from __future__ import annotations

import os
import stat
from enum import Enum
from pathlib import Path

from assistant.language import N_

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_CLOEXEC = getattr(os, "O_CLOEXEC", 0)
_REPARSE_POINT = 0x400  # stat.FILE_ATTRIBUTE_REPARSE_POINT: links, junctions and the like on Windows


class Unfit(Enum):
    """Why a file was not read: what is wrong, and how to mend it."""

    MISSING = (N_("There is no such file beside this one."), N_("Put the file in the same folder as this one."))
    LINK = (N_("The file is a link to another place."), N_("Put the file itself there instead of a link."))
    NOT_A_FILE = (N_("This is not an ordinary file."), N_("Put an ordinary file there."))
    TOO_LARGE = (N_("The file is too large."), N_("Use a smaller file: a logo of at most 200 kB, a secret of 4 kB."))
    EMPTY = (N_("The file is empty."), N_("Put the right content in it, or take the key away."))
    UNREADABLE = (N_("The file cannot be read."), N_("Check that you may read it, and that no program has locked it."))

    @property
    def what(self) -> str:
        return self.value[0]

    @property
    def remedy(self) -> str:
        return self.value[1]


class UnfitError(Exception):
    """A file was not read, because it is `reason`. Its text names neither the file nor its content."""

    def __init__(self, reason: Unfit) -> None:
        super().__init__(reason.name)
        self.reason = reason


def read_small(path: Path, *, most: int, links: bool = False) -> bytes:
    """The bytes of the ordinary file `path`, at most `most` of them; with `links` it may be reached through a link.

    Raises:
        UnfitError: it is missing, a link, not an ordinary file, empty, larger than `most`, or cannot be read.
    """
    try:
        seen = os.stat(path) if links else os.lstat(path)
        if not links and (stat.S_ISLNK(seen.st_mode) or getattr(seen, "st_file_attributes", 0) & _REPARSE_POINT):
            raise UnfitError(Unfit.LINK)
        if not stat.S_ISREG(seen.st_mode):
            raise UnfitError(Unfit.NOT_A_FILE)
        content = _read(path, most, flags=0 if links else _NOFOLLOW)
    except (FileNotFoundError, NotADirectoryError):
        raise UnfitError(Unfit.MISSING) from None
    except (OSError, ValueError):  # ValueError: a NUL in the name
        raise UnfitError(Unfit.UNREADABLE) from None
    if len(content) > most:
        raise UnfitError(Unfit.TOO_LARGE)
    if not content.strip():
        raise UnfitError(Unfit.EMPTY)
    return content


def _read(path: Path, most: int, *, flags: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | _NONBLOCK | _BINARY | _CLOEXEC | flags)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # it was exchanged between the look and the opening
            raise UnfitError(Unfit.NOT_A_FILE)
        return file.read(most + 1)
