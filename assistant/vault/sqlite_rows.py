"""Rows in one SQLite file.

A rollback journal, not WAL: a vault may lie in a home directory on the network, where WAL's shared memory does not
work; what counts stays in one file, which can be copied; writes are few. Journal and file hold secrets only sealed.

The journal's file stays between writes, so that the room it takes is there when the disk is full, above all for a
renewal under way. A removal writes zeros over what the journal holds: what was removed is then nowhere in either file.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from assistant.fortnox.account import AccountKind
from assistant.problems import Occurrence, ProblemError, occurrence, stop
from assistant.vault.columns import (
    client_secret_columns,
    client_secret_row,
    connection_columns,
    connection_row,
    keep_alive_columns,
    keep_alive_run,
    moment,
    text,
)
from assistant.vault.reading_back import readable
from assistant.vault.rows import ClientSecretRow, ConnectionRow, DamagedRow, KeepAliveRun
from assistant.vault.schema import MIGRATIONS, SCHEMA, SCHEMA_VERSION, connection_query
from assistant.vault.set_aside import set_aside
from assistant.vault.sqlite_problems import sqlite_problem, system_problem

APPLICATION_ID: Final = 0x53_41_56_31
"""`PRAGMA application_id`, "SAV1": tells a vault from other SQLite files."""

BUSY_SECONDS: Final = 15.0
"""How long one statement waits while another process writes."""

_ROOM_BYTES: Final = 4 * 1024 * 1024
_RENEWAL_ROOM_BYTES: Final = 64 * 1024
"""More than one connection with the largest tokens the client accepts, sealed (16,384 characters each)."""
_BALLAST_BYTES: Final = 64 * 1024


class SqliteReading:
    """One view of the file; see `rows.Reading`. Without a database it is an empty vault."""

    def __init__(self, database: sqlite3.Connection | None, version: int = SCHEMA_VERSION) -> None:
        self._database = database
        self._version = version

    def connections(self) -> Iterator[ConnectionRow]:
        return (row for _columns, row in self._connections() if row is not None)

    def damaged(self) -> Iterator[DamagedRow]:
        return (_damaged(columns) for columns, row in self._connections() if row is None)

    def connection(self, connection_id: str) -> ConnectionRow | None:
        query = connection_query(self._version, "WHERE id = ?")
        return next(map(connection_row, self._rows(query, connection_id)), None)

    def connection_version(self, connection_id: str) -> int | None:
        for row in self._rows("SELECT version FROM connection WHERE id = ?", connection_id):
            return row["version"] if isinstance(row["version"], int) else 0
        return None

    def client_secrets(self) -> Iterator[ClientSecretRow]:
        return map(client_secret_row, self._rows("SELECT * FROM client_secret ORDER BY authorize_host, client_id"))

    def client_secret(self, authorize_host: str, client_id: str) -> ClientSecretRow | None:
        found = self._rows(
            "SELECT * FROM client_secret WHERE authorize_host = ? AND client_id = ?", authorize_host, client_id
        )
        return next(map(client_secret_row, found), None)

    def anything_sealed(self) -> bool:
        return any(self._rows("SELECT 1 FROM connection UNION ALL SELECT 1 FROM client_secret LIMIT 1"))

    def integration_in_use(self, authorize_host: str, client_id: str) -> bool:
        query = "SELECT 1 FROM connection WHERE authorize_host = ? AND client_id = ? LIMIT 1"
        return any(self._rows(query, authorize_host, client_id))

    def last_version(self) -> int:
        found = self._rows("SELECT last_version FROM vault")
        return next((row[0] for row in found if isinstance(row[0], int)), 0)

    def key_check(self) -> bytes | None:
        for row in self._rows("SELECT key_check FROM vault"):
            check = row["key_check"]
            return check if isinstance(check, bytes) else None
        return None

    def _connections(self) -> Iterator[tuple[sqlite3.Row, ConnectionRow | None]]:
        """Each row of columns, and what it says; None for one that is damaged."""
        for columns in self._rows(connection_query(self._version, "ORDER BY connected_at, id")):
            yield columns, readable(lambda: connection_row(columns))  # noqa: B023 - called at once

    def renewal_begun(self, connection_id: str) -> datetime | None:
        if self._version < 2:
            return None
        found = self._rows("SELECT begun_at FROM renewal WHERE connection_id = ?", connection_id)
        try:
            return next((moment(row["begun_at"]) for row in found), None)
        except (ValueError, TypeError):
            return datetime.fromtimestamp(0, UTC)  # damaged, yet it says that one was begun

    def keep_alive(self) -> KeepAliveRun | None:
        found = self._rows("SELECT * FROM keep_alive") if self._version >= 2 else []
        return next(map(keep_alive_run, found), None)

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        # Fetched at once: an unfinished statement would hold its lock for as long as somebody keeps the iterator.
        return [] if self._database is None else self._database.execute(query, values).fetchall()


class SqliteWriting(SqliteReading):
    """One transaction; see `rows.Writing`."""

    _database: sqlite3.Connection

    def next_version(self) -> int:
        self._database.execute("UPDATE vault SET last_version = last_version + 1")
        found = self._database.execute("SELECT last_version FROM vault").fetchone()
        if found is None or not isinstance(found[0], int):
            raise stop("STORE-08", details={"missing": "vault row"})
        return found[0]

    def put_connection(self, row: ConnectionRow) -> None:
        columns = connection_columns(row)
        self._make_room(columns)
        self._put("connection", ("id",), columns)

    def put_client_secret(self, row: ClientSecretRow) -> None:
        self._put("client_secret", ("authorize_host", "client_id"), client_secret_columns(row))

    def put_key_check(self, check: bytes) -> None:
        self._database.execute("UPDATE vault SET key_check = ?", (check,))

    def put_keep_alive(self, run: KeepAliveRun) -> None:
        self._put("keep_alive", ("one",), keep_alive_columns(run))

    def end_renewal(self, connection_id: str) -> None:
        self._database.execute("DELETE FROM renewal WHERE connection_id = ?", (connection_id,))

    def remove_connection(self, connection_id: str) -> None:
        self.end_renewal(connection_id)
        self._database.execute("DELETE FROM connection WHERE id = ?", (connection_id,))

    def remove_client_secret(self, authorize_host: str, client_id: str) -> None:
        self._database.execute(
            "DELETE FROM client_secret WHERE authorize_host = ? AND client_id = ?", (authorize_host, client_id)
        )

    def _make_room(self, columns: dict[str, Any]) -> None:
        """Removes damaged rows of the same identity: nobody can name them as the one to replace."""
        if columns["account"] == AccountKind.USER.value and columns["person_id"] is None:
            return  # an unknown person has no identity, and no row is in the way
        same = ("account", "authorize_host", "client_id", "tenant_id", "person_id")
        query = f"SELECT rowid, * FROM connection WHERE {' AND '.join(f'{name} IS ?' for name in same)} AND id <> ?"  # noqa: S608 - names of our own columns only
        for found in self._rows(query, *(columns[name] for name in same), columns["id"]):
            if readable(lambda: connection_row(found)) is None:  # noqa: B023 - called at once
                self._database.execute("DELETE FROM connection WHERE rowid = ?", (found["rowid"],))

    def execute(self, statement: str, *values: object) -> None:
        """For statements that only `SqliteRows` itself makes."""
        self._database.execute(statement, values)

    def _put(self, table: str, keys: tuple[str, ...], columns: dict[str, Any]) -> None:
        # Not INSERT OR REPLACE: that would silently delete another row with the same identity.
        names = ", ".join(columns)
        marks = ", ".join(f":{name}" for name in columns)
        changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
        self._database.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks}) "  # noqa: S608 - names of our own columns only
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}",
            columns,
        )


class SqliteRows:
    """The vault file at `path`; see `rows.Rows`."""

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """`busy_seconds`: how long to wait while another process writes."""
        self._path = path
        self._busy_seconds = busy_seconds

    @contextmanager
    def reading(self) -> Iterator[SqliteReading]:
        with self._translated():
            if not self._is_there():
                yield SqliteReading(None)
                return
            with closing(self._open()) as database:
                database.execute("BEGIN")
                version = self._recognised(database)
                yield SqliteReading(database if version else None, version)

    @contextmanager
    def writing(self, *, leaving_nothing: bool = False, make: bool = True) -> Iterator[SqliteWriting]:
        with self._translated():
            if not make and not self._is_there():
                raise stop("STORE-09", details={"place": "no file"})
            self._prepare(make=make)
            with closing(self._open()) as database:
                database.execute("PRAGMA journal_mode = PERSIST")
                database.execute("BEGIN IMMEDIATE")
                try:
                    version = self._recognised(database)
                    if not make and not version:
                        raise stop("STORE-09", details={"place": "empty file"})
                    self._bring_up(database, version)
                    self._shut_to_others()
                    yield SqliteWriting(database)
                    database.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):
                        database.execute("ROLLBACK")
                    raise
                if leaving_nothing:
                    self._wipe_journal(database)

    def set_aside(self, moment: datetime) -> str | None:
        kept = set_aside(self._path, moment)
        return None if kept is None else kept.name

    def begin_renewal(self, connection_id: str, at: datetime) -> None:
        begun_before: datetime | None = None
        # Each byte differs from the one before it, since SQLite leaves alone what is written again unchanged.
        for turn, byte in enumerate((b"\x00", b"\xff")):
            try:
                begun = self._begun(connection_id, at, byte)
            except ProblemError:
                if turn and begun_before is None:
                    with suppress(ProblemError), self.writing(make=False) as writing:  # nothing was sent
                        writing.end_renewal(connection_id)
                raise
            begun_before = begun if not turn else begun_before

    def _begun(self, connection_id: str, at: datetime, byte: bytes) -> datetime | None:
        """Writes down that a renewal begins, and returns when an earlier one was begun."""
        with self.writing(make=False) as writing:
            if writing.connection_version(connection_id) is None:
                raise stop("STORE-16")
            before = writing.renewal_begun(connection_id)
            writing.execute(
                "INSERT INTO renewal (connection_id, begun_at, room) VALUES (?, ?, ?) "
                "ON CONFLICT (connection_id) DO UPDATE SET begun_at = excluded.begun_at, room = excluded.room",
                connection_id, text(at), byte * _RENEWAL_ROOM_BYTES,
            )  # fmt: skip
            writing.execute(
                "INSERT INTO ballast (one, bytes) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET bytes = excluded.bytes",
                byte * _BALLAST_BYTES,
            )
        return before

    def usable(self) -> Occurrence | None:
        try:
            with self._translated():
                return self._hindrance()
        except ProblemError as failure:
            return failure.occurrence

    def _hindrance(self) -> Occurrence | None:
        folder = self._path.parent
        while not folder.exists():
            if folder == folder.parent:  # a drive or share that is not there
                return occurrence("STORE-09", details={"place": "drive"})
            folder = folder.parent
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            return occurrence("STORE-09", details={"place": "folder"})
        if shutil.disk_usage(folder).free < _ROOM_BYTES:
            return occurrence("STORE-10")
        if self._is_there():
            if not os.access(self._path, os.W_OK):
                return occurrence("STORE-09", details={"place": "file"})
            with closing(self._open()) as database:
                database.execute("BEGIN IMMEDIATE")  # waits for its turn; nothing is written
                self._recognised(database)
                if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                    return self._named(occurrence("STORE-08", details={"check": "quick_check"}))
                database.execute("ROLLBACK")
        return None

    def _is_there(self) -> bool:
        try:
            return self._path.stat().st_size > 0
        except FileNotFoundError:
            return False

    def _wipe_journal(self, database: sqlite3.Connection) -> None:
        """Writes zeros over all of the journal, which keeps its room. Nobody writes meanwhile, so nobody needs it."""
        database.execute("BEGIN IMMEDIATE")
        try:
            # SQLite follows links, and keeps the journal beside the file itself.
            journal = Path(f"{os.path.realpath(self._path)}-journal")
            with suppress(FileNotFoundError), journal.open("r+b", buffering=0) as file:
                left = os.fstat(file.fileno()).st_size
                while left:
                    left -= file.write(bytes(min(left, 1 << 16)))
                os.fsync(file.fileno())
        finally:
            database.execute("ROLLBACK")

    def _prepare(self, *, make: bool) -> None:
        """Makes folder and file for their owner alone."""
        folder = self._path.parent
        if make:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            # Asked beforehand: a transaction that cannot take its journal away could be read by nobody afterwards.
            raise stop("STORE-09", details={"place": "folder"})
        if make:
            with suppress(FileExistsError):
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

    def _shut_to_others(self) -> None:
        """Mends what is open to others, once it is known to be a vault: what is not ours keeps its permissions."""
        if os.name == "posix":
            _own_alone(self._path.parent)
            _own_alone(self._path)
            with suppress(FileNotFoundError):
                _own_alone(self._path.with_name(f"{self._path.name}-journal"))

    def _open(self) -> sqlite3.Connection:
        path = self._path.absolute().as_posix()
        address = f"file://{'' if path.startswith('/') else '/'}{quote(path)}?mode=rw"
        database = sqlite3.connect(
            address, uri=True, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            database.row_factory = sqlite3.Row
            database.text_factory = _text
            for setting in (
                "trusted_schema = OFF",  # a file from elsewhere runs none of its functions here
                "cell_size_check = ON",
                "mmap_size = 0",  # a failing disk becomes an error, not a crash of the process
                "temp_store = MEMORY",
                "secure_delete = ON",
                "synchronous = EXTRA",  # also the folder, so that a finished journal cannot come back
                "fullfsync = ON",  # macOS: to the disk itself, not to its cache
            ):
                database.execute(f"PRAGMA {setting}")
        except BaseException:
            database.close()
            raise
        return database

    def _recognised(self, database: sqlite3.Connection) -> int:
        """The file's version; 0 for an empty file, which a first save that was cut off leaves behind.

        Raises:
            ProblemError: STORE-07, made by a newer version; STORE-08, not a vault.
        """
        application: int = database.execute("PRAGMA application_id").fetchone()[0]
        version: int = database.execute("PRAGMA user_version").fetchone()[0]
        if application == 0 and version == 0:
            tables: int = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            if tables == 0:
                return 0
        if application != APPLICATION_ID or version < 1:
            raise stop("STORE-08", details={"application_id": application})
        if version > SCHEMA_VERSION:
            raise stop("STORE-07", details={"version": version, "known": SCHEMA_VERSION})
        return version

    def _bring_up(self, database: sqlite3.Connection, version: int) -> None:
        """Lays out an empty file, and lifts an older one to the newest version."""
        if version == SCHEMA_VERSION:
            return
        if version == 0:
            statements: Iterable[str] = SCHEMA
        else:
            statements = (each for older in range(version, SCHEMA_VERSION) for each in MIGRATIONS[older])
        for statement in statements:
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except ProblemError as failure:
            raise ProblemError(self._named(failure.occurrence)) from None
        except sqlite3.Error as failure:
            raise ProblemError(self._named(sqlite_problem(failure).occurrence)) from None
        except UnicodeDecodeError as failure:
            # SQLite quotes the damaged bytes in its message, which Python's module then cannot read.
            damaged = occurrence("STORE-08", details={"exception": type(failure).__name__})
            raise ProblemError(self._named(damaged)) from None
        except OSError as failure:
            raise system_problem(failure) from None

    def _named(self, problem: Occurrence) -> Occurrence:
        """`problem` with the place of the file, which STORE-08 tells whoever is to restore it."""
        return replace(problem, facts={"file": str(self._path), **problem.facts})


def _text(raw: bytes) -> str | bytes:
    """A column's text; what is no UTF-8 stays bytes, so that it spoils its own row and no other."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _damaged(columns: sqlite3.Row) -> DamagedRow:
    connection_id, name = columns["id"], columns["company_name"]
    return DamagedRow(
        id=connection_id if isinstance(connection_id, str) else None,
        company_name=name if isinstance(name, str) else "",
    )


def _own_alone(path: Path) -> None:
    """Takes from others what they may, and gives nobody more: what is read-only stays so."""
    state = path.stat()
    mode = stat.S_IMODE(state.st_mode)
    if mode & 0o077 and not mode & stat.S_ISVTX and state.st_uid == os.geteuid():
        path.chmod(mode & ~0o077)
