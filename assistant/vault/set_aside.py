"""Sets a vault file aside that cannot be used: it is kept under another name, and the next save begins a new one."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from assistant.problems import stop
from assistant.vault.sqlite_problems import system_problem

JOURNAL: Final = "-journal"
"""What SQLite adds to the name of a file for its rollback journal. The two belong together and go together."""

_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_SHARING_VIOLATION: Final = 32  # Windows: somebody has the file open


def set_aside(path: Path, moment: datetime, *, busy_seconds: float = 5.0) -> Path | None:
    """Renames the vault file at `path` and its journal beside themselves; returns the new path.

    None where there is no such file, or where another process has set it aside meanwhile.

    The name has the date and time of `moment`. Nothing that exists is written over. The journal goes first: without
    its file it is nothing, while left behind it would be taken for the next file's.

    Args:
        path: the vault file.
        moment: now, with a time zone; the name has the local time.
        busy_seconds: how long to wait for another process.

    Raises:
        ProblemError: STORE-14, another process has it open for writing; STORE-09, it may not be renamed; STORE-10.
    """
    if not path.is_file():
        return None
    try:
        seen = path.stat()
        with _nobody_writing(path, busy_seconds):
            return _renamed(path, moment) if os.path.samestat(seen, path.stat()) else None
    except FileNotFoundError:
        return None
    except OSError as failure:
        if getattr(failure, "winerror", None) == _SHARING_VIOLATION:
            raise stop("STORE-14", details={"winerror": _SHARING_VIOLATION}) from None
        raise system_problem(failure) from None


@contextmanager
def _nobody_writing(path: Path, busy_seconds: float) -> Iterator[None]:
    """Holds SQLite's own lock meanwhile. A file that SQLite cannot read has none, and nobody writes to it either.

    Looking also brings the file to rest where a process was cut off in the middle of a save.
    """
    address = f"{path.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=busy_seconds, isolation_level=None)) as database:
        try:
            database.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as failure:
            number: int | None = getattr(failure, "sqlite_errorcode", None)
            if number is not None and number & 0xFF in _BUSY:
                raise stop("STORE-14", details={"sqlite": getattr(failure, "sqlite_errorname", None)}) from None
        if sys.platform == "win32":
            database.close()  # no open file is renamed there; whoever else has it open is told by the renaming itself
        yield


def _renamed(path: Path, moment: datetime) -> Path:
    place = _reserved(path, moment)
    journal, its_place = _journal_of(path), _journal_of(place)
    try:
        moved = journal.exists()
        if moved:
            os.replace(journal, its_place)
        try:
            os.replace(path, place)
        except OSError:
            if moved:
                os.replace(its_place, journal)
            raise
    except OSError:
        with suppress(OSError):
            place.unlink()
        raise
    _flush(path.parent)
    return place


def _reserved(path: Path, moment: datetime) -> Path:
    """A name that was free, now taken by an empty file of ours: renaming onto that one is atomic on every system."""
    stem = f"{path.stem} {moment.astimezone():%Y-%m-%d %H.%M.%S}"
    number = 1
    while True:
        place = path.with_name(f"{stem}{'' if number == 1 else f' ({number})'}{path.suffix}")
        if not _journal_of(place).exists():
            with suppress(FileExistsError):
                os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
                return place
        number += 1


def _journal_of(path: Path) -> Path:
    return path.with_name(path.name + JOURNAL)


def _flush(folder: Path) -> None:
    """To the disk itself, where a folder can be told so."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
