"""What SQLite and the file system say, as problems of the catalogue."""

from __future__ import annotations

import errno
import sqlite3
from typing import Final

from assistant.problems import ProblemError, stop

_CODES: Final = {
    sqlite3.SQLITE_BUSY: "STORE-14",
    sqlite3.SQLITE_LOCKED: "STORE-14",
    sqlite3.SQLITE_PROTOCOL: "STORE-14",
    sqlite3.SQLITE_READONLY: "STORE-09",
    sqlite3.SQLITE_CANTOPEN: "STORE-09",
    sqlite3.SQLITE_PERM: "STORE-09",
    sqlite3.SQLITE_AUTH: "STORE-09",
    sqlite3.SQLITE_IOERR: "STORE-09",
    sqlite3.SQLITE_FULL: "STORE-10",
    sqlite3.SQLITE_CONSTRAINT: "STORE-08",
}
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) if hasattr(errno, "EDQUOT") else (errno.ENOSPC, errno.EFBIG)


def sqlite_problem(failure: sqlite3.Error) -> ProblemError:
    """The problem behind a failed statement. Whatever SQLite cannot make sense of is a damaged file."""
    number: int | None = getattr(failure, "sqlite_errorcode", None)
    name: str | None = getattr(failure, "sqlite_errorname", None)
    if number in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return stop("STORE-15")
    code = "STORE-08" if number is None else _CODES.get(number & 0xFF, "STORE-08")
    return stop(code, details={"sqlite": name})


def system_problem(failure: OSError) -> ProblemError:
    """The problem behind a failed call on the file or its folder."""
    full = failure.errno in _FULL
    return stop("STORE-10" if full else "STORE-09", details={"errno": errno.errorcode.get(failure.errno or 0)})
