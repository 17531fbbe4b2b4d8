"""The port to where rows lie: one SQLite file today, a database shared by several computers if that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.problems import Occurrence
from assistant.vault.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRow:
    """A connection as it lies: clear columns, the version its secrets are bound to, and the seal."""

    connection: Connection
    version: int
    sealed: bytes
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecretRow:
    """The client secret of one integration as it lies."""

    authorize_host: str
    client_id: str
    version: int
    sealed: bytes
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedRow:
    """A connection whose clear columns hold what this program never wrote.

    Attributes:
        id: under which it can be removed; None where even that is unreadable.
        company_name: what stands there, for a person to know it by, though no seal vouches for it; "" for nothing.
    """

    id: str | None
    company_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAliveRun:
    """What the last run of keep-alive did. Holds nothing secret and needs no key.

    Attributes:
        begun_at, ended_at: aware; `ended_at` None while it runs, or when it was cut off.
        due: the connections it found due.
        renewed: those that it renewed.
        problem: the code of the first problem that kept it from one; None when there was none.
    """

    begun_at: datetime
    ended_at: datetime | None = None
    due: int = 0
    renewed: int = 0
    problem: str | None = None


class Reading(Protocol):
    """One consistent view of all rows."""

    def connections(self) -> Iterator[ConnectionRow]:
        """Those that can be read, in the order they were first connected."""

    def damaged(self) -> Iterator[DamagedRow]:
        """Those that cannot be read, in that order too."""

    def connection(self, connection_id: str) -> ConnectionRow | None: ...

    def connection_version(self, connection_id: str) -> int | None:
        """The version of that row, readable or not; 0 where it is damaged, None where there is no such row."""

    def client_secrets(self) -> Iterator[ClientSecretRow]: ...

    def client_secret(self, authorize_host: str, client_id: str) -> ClientSecretRow | None: ...

    def anything_sealed(self) -> bool:
        """Whether there is any row that only the key opens."""

    def integration_in_use(self, authorize_host: str, client_id: str) -> bool:
        """Whether any connection belongs to that integration."""

    def key_check(self) -> bytes | None:
        """See `sealing.key_check`."""

    def last_version(self) -> int:
        """The highest number that `Writing.next_version` has given; 0 where there is no store."""

    def renewal_begun(self, connection_id: str) -> datetime | None:
        """When a renewal of that connection was begun whose end was never written; None where there is none."""

    def keep_alive(self) -> KeepAliveRun | None:
        """The last run of keep-alive; None before the first, or where its row cannot be read."""


class Writing(Reading, Protocol):
    """One transaction: all of it is stored when its block ends, or nothing when the block raises."""

    def next_version(self) -> int:
        """A number that no row of this store has had before."""

    def put_connection(self, row: ConnectionRow) -> None:
        """Adds or replaces the row of that id. A damaged row of the same identity makes room for it.

        Raises:
            ProblemError: STORE-15, another row has the same identity.
        """

    def put_client_secret(self, row: ClientSecretRow) -> None: ...

    def put_key_check(self, check: bytes) -> None: ...

    def put_keep_alive(self, run: KeepAliveRun) -> None: ...

    def end_renewal(self, connection_id: str) -> None:
        """Forgets that a renewal was begun, and frees the room it held for its end."""

    def remove_connection(self, connection_id: str) -> None: ...

    def remove_client_secret(self, authorize_host: str, client_id: str) -> None: ...


class Rows(Protocol):
    """Where rows lie. Every method may block and raises ProblemError (STORE-06 to STORE-10, STORE-14, STORE-15)."""

    def reading(self) -> AbstractContextManager[Reading]:
        """A view of what is there now, through a connection of its own. Creates nothing."""

    def writing(self, *, leaving_nothing: bool = False, make: bool = True) -> AbstractContextManager[Writing]:
        """A transaction that no other process writes beside.

        Args:
            leaving_nothing: what it takes away shall lie nowhere afterwards, not even sealed.
            make: where there is no store, make an empty one; otherwise that is STORE-09.
        """

    def begin_renewal(self, connection_id: str, at: datetime) -> None:
        """Writes down that a renewal begins, and makes sure that its end can be written even on a full disk.

        Raises:
            ProblemError: STORE-09, STORE-10: nothing can be saved, so nothing may be renewed; STORE-16, there is no
                such connection. What was noted of an earlier renewal is then as it was.
        """

    def set_aside(self, moment: datetime) -> str | None:
        """Keeps all there is under another name, which it returns; the next transaction begins anew. None for nothing.

        Raises:
            ProblemError: STORE-14, somebody is writing.
        """

    def usable(self) -> Occurrence | None:
        """What would stop a save, found out without changing anything; None when nothing would."""
