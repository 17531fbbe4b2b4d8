"""The vault's SQLite file as a whole: what is asked of it beyond single rows."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.problems import ProblemError
from assistant.vault.columns import client_secret_row, connection_row
from assistant.vault.rows import ClientSecretRow, ConnectionRow
from assistant.vault.schema import connection_query
from assistant.vault.sqlite_problems import sqlite_problem
from assistant.vault.sqlite_rows import SqliteReading, SqliteRows

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """What can still be read of a row whose columns hold what this program never wrote; "" where that is nothing.

    Attributes:
        key: the connection's id, or the client id.
        name: the company's, or the host of the sign-in.
        number: the organisation number; "" for a client secret.
    """

    key: str
    name: str
    number: str = ""


class VaultView(SqliteReading):
    """One view of a vault file that is there."""

    _database: sqlite3.Connection

    @property
    def schema_version(self) -> int:
        return self._version

    def complaints(self) -> tuple[str, ...]:
        """What SQLite's integrity check finds, in its own words, which hold nothing that is stored; none when whole."""
        try:
            found = tuple(str(row[0]) for row in self._database.execute("PRAGMA integrity_check"))
        except sqlite3.DatabaseError as failure:
            if sqlite_problem(failure).code != "STORE-08":
                raise
            return (str(failure.sqlite_errorname),)  # too damaged for the check itself
        return () if found == ("ok",) else found

    def every_connection(self) -> Iterator[ConnectionRow | UnreadableRow]:
        """All of them, each read by itself, so that one that is damaged hides none of the others."""
        query = connection_query(self._version, "WHERE connection.rowid = ?")
        names = "SELECT rowid, CAST(id AS BLOB), CAST(company_name AS BLOB), CAST(organisation_number AS BLOB)"
        for rowid, *parts in self._names(f"{names} FROM connection ORDER BY connected_at, id"):
            yield self._one(lambda: next(map(connection_row, self._rows(query, rowid))), parts)  # noqa: B023 - at once

    def every_client_secret(self) -> Iterator[ClientSecretRow | UnreadableRow]:
        """As `every_connection`."""
        query = "SELECT * FROM client_secret WHERE rowid = ?"
        names = "SELECT rowid, CAST(client_id AS BLOB), CAST(authorize_host AS BLOB) FROM client_secret ORDER BY 3, 2"
        for rowid, *parts in self._names(names):
            yield self._one(lambda: next(map(client_secret_row, self._rows(query, rowid))), parts)  # noqa: B023 - at once

    def copy_to(self, memory: sqlite3.Connection) -> None:
        """Copies everything into an empty database in memory, as it is in this view.

        Raises:
            ProblemError: STORE-08, the file is damaged.
        """
        try:
            self._database.backup(memory)
        except sqlite3.Error as failure:
            raise sqlite_problem(failure) from None

    def _names(self, query: str) -> list[sqlite3.Row]:
        try:
            return self._rows(query)
        except sqlite3.DatabaseError as failure:
            raise sqlite_problem(failure) from None

    def _one(self, read: Callable[[], Row], parts: list[object]) -> Row | UnreadableRow:
        try:
            return read()
        except ProblemError as failure:
            if failure.code != "STORE-06":
                raise
        except UnicodeDecodeError:
            pass
        except sqlite3.DatabaseError as failure:
            # Bytes that are no text, which Python's module refuses to hand out, have no number of SQLite's.
            if getattr(failure, "sqlite_errorcode", None) is not None:
                raise sqlite_problem(failure) from None
        return UnreadableRow(*(part.decode("utf-8", "replace") if isinstance(part, bytes) else "" for part in parts))


class VaultFile(SqliteRows):
    """The vault file at `path`, to be looked at as a whole."""

    def __init__(self, path: Path, *, busy_seconds: float = 15.0) -> None:
        super().__init__(path, busy_seconds=busy_seconds)
        self.path = path

    @contextmanager
    def viewing(self) -> Iterator[VaultView | None]:
        """One view of the file; None where there is none, or an empty one.

        Raises:
            ProblemError: STORE-07, STORE-08, STORE-09, STORE-14.
        """
        with self._translated():
            if not self._is_there():
                yield None
                return
            with closing(self._open()) as database:
                database.execute("BEGIN")
                version = self._recognised(database)
                yield VaultView(database, version) if version else None

    def open_to_others(self) -> bool:
        """Whether other users of this computer may read or write the file or its folder. False on Windows."""
        if os.name != "posix":
            return False
        with self._translated():
            # As where it is mended: a folder such as /tmp, where each may only touch their own, is nobody's to close.
            places = (self.path.parent, self.path, self.path.with_name(f"{self.path.name}-journal"))
            states = [place.stat() for place in places if place.exists()]
        return any(stat.S_IMODE(state.st_mode) & 0o077 and not state.st_mode & stat.S_ISVTX for state in states)
