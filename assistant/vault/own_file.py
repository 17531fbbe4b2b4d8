"""A file that its owner alone may read, put in its place whole, and over another only where that is wanted."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.problems import ProblemError, stop


@contextmanager
def own_file(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """An empty file beside `target` to write to: it takes that name when the block ends, and goes when it raises.

    On Windows it has the protection that its folder hands down. `replace`: another file may stand there; a link is
    replaced, not followed.

    Raises:
        ProblemError: COPY-01, there is something of that name already; COPY-02, no file can be made or written there.
    """
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    claimed = False
    try:
        if not replace:
            _make(target)  # the name is ours from now on, whoever else wants it meanwhile
            claimed = True
        _make(beside)
        yield beside
        _to_the_disk(beside, os.O_RDWR)
        beside.replace(target)
    except BaseException as failure:
        for left in (beside, *((target,) if claimed else ())):
            with suppress(OSError):
                left.unlink()
        if isinstance(failure, OSError):
            raise refused(failure) from None
        raise
    if os.name == "posix":
        with suppress(OSError):  # some file systems have nothing to say about folders
            _to_the_disk(target.parent, os.O_RDONLY)


def open_to_others(path: Path) -> bool:
    """Whether others than the owner may read or write it: a memory stick may know no owners. False on Windows."""
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def refused(failure: OSError) -> ProblemError:
    """The problem behind a failed call on such a file."""
    if isinstance(failure, FileExistsError):
        return stop("COPY-01")
    return stop("COPY-02", details={"errno": errno.errorcode.get(failure.errno or 0)})


def _make(path: Path) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _to_the_disk(path: Path, mode: int) -> None:
    handle = os.open(path, mode)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
