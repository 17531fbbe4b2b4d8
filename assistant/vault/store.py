"""The vault: connections in clear rows, their secrets sealed with a key that the keychain holds."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.fortnox.account import AccountKind
from assistant.problems import Occurrence, ProblemError, stop
from assistant.secret import Secret
from assistant.vault import sealing
from assistant.vault.connection import Connection, Secrets
from assistant.vault.reading_back import Written, WrittenClientSecret, WrittenConnection, read_back, readable
from assistant.vault.renewals import Renewals
from assistant.vault.rows import ClientSecretRow, ConnectionRow, DamagedRow, KeepAliveRun, Reading, Rows, Writing
from assistant.vault.sealing_key import SealingKeyHolder
from assistant.vault.sqlite_rows import SqliteRows
from assistant.vault.vault_key import Opener, VaultKey

KEY_PROBLEMS = frozenset({"STORE-05", "STORE-13"})
"""What stands in the way of every save for as long as what is sealed and the key do not belong together."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What lies in a vault, each the oldest first: connections, and rows of which no connection can be made any more.

    A damaged row is never used. Connecting its company again takes its place, and `Vault.remove` takes it away.
    """

    connections: tuple[Connection, ...]
    damaged: tuple[DamagedRow, ...]


class Vault:
    """Keeps connections and their secrets. Every method may block: a window calls them through `AsyncVault`.

    Rows are bound to their connection, version and addresses, so that a seal opens nowhere else. What this cannot
    show is a whole older file, or a whole older row, put back in place of the newer: that looks like any backup.

    Attributes:
        renewals: what a renewal reads and writes.

    All methods raise ProblemError with STORE-07 (newer version), STORE-08 (damaged file), STORE-09 (not allowed) or
    STORE-14 (in use); those that need the key also with STORE-01 to STORE-05, STORE-12 or STORE-13.
    """

    def __init__(
        self,
        path: Path,
        keychain: SealingKeyHolder,
        *,
        clock: Callable[[], datetime] = _now,
        rows: Rows | None = None,
    ) -> None:
        """`path` is the SQLite file, made by the first save; `rows` stands in for it where rows lie elsewhere."""
        self._rows: Rows = rows if rows is not None else SqliteRows(path)
        self._key = VaultKey(keychain)
        self._clock = clock
        self.renewals = Renewals(self._rows, self._key, clock)

    def listing(self) -> Listing:
        """Everything there is. Needs no key, unlocks nothing, creates nothing."""
        with self._rows.reading() as reading:
            return Listing(
                connections=tuple(row.connection for row in reading.connections()), damaged=tuple(reading.damaged())
            )

    def connections(self) -> tuple[Connection, ...]:
        """The connections that can be read, the oldest first; `listing` names the others."""
        return self.listing().connections

    def find(
        self, *, authorize_host: str | None = None, client_id: str | None = None, tenant_id: str | None = None
    ) -> tuple[Connection, ...]:
        """The connections that agree with all that is given."""
        return tuple(
            connection
            for connection in self.connections()
            if authorize_host in (None, connection.endpoints.authorize_host)
            and client_id in (None, connection.client_id)
            and tenant_id in (None, connection.tenant_id)
        )

    def connection(self, connection_id: str) -> Connection | None:
        """The connection with that id.

        Raises:
            ProblemError: STORE-06, its row holds what this program never wrote.
        """
        with self._rows.reading() as reading:
            row = reading.connection(connection_id)
            return None if row is None else row.connection

    def matching(self, connection: Connection) -> tuple[Connection, ...]:
        """Those that `connection` would replace.

        Service account: the one there can be. User account: the same person's; and where either person is not known,
        each that may be the same, for the person to choose from.
        """
        alike = self.find(
            authorize_host=connection.endpoints.authorize_host,
            client_id=connection.client_id,
            tenant_id=connection.tenant_id,
        )
        alike = tuple(other for other in alike if other.account is connection.account)
        if connection.account is AccountKind.SERVICE:
            return alike
        same = tuple(other for other in alike if other.identity is not None and other.identity == connection.identity)
        if same:
            return same
        return tuple(other for other in alike if None in (other.person_id, connection.person_id))

    def unlock(self) -> None:
        """Makes the key ready, so that nothing later has to wait for a person. Makes no key and no file.

        Raises:
            ProblemError: STORE-03 when the prompt was dismissed; STORE-05 or STORE-13 where a save would end in it.
        """
        self._key.unlock()
        with self._rows.reading() as reading:
            self._key.check(reading)

    def key_problem(self) -> Occurrence | None:
        """STORE-05 or STORE-13 where what is sealed here cannot be opened; None where it can, or nothing is sealed.

        Does not unlock, and changes nothing.
        """
        try:
            with self._rows.reading() as reading:
                sealed = reading.anything_sealed()
            if sealed:
                self._key.held()  # between the views: see VaultKey.opened
            with self._rows.reading() as reading:
                self._key.check(reading)
        except ProblemError as failure:
            return failure.occurrence
        return None

    def set_aside(self, because: str) -> str | None:
        """Keeps under another name what cannot be used, so that the next save begins anew.

        Args:
            because: the code of the problem that says so: STORE-05, STORE-08 or STORE-13.

        Returns:
            The name of the file that was kept; None where nothing had to be, since everything opens after all.

        Raises:
            ProblemError: STORE-14, another process is writing; what else keeps the file or the key from being had.
        """
        moment = self._clock()
        if because != "STORE-08":
            if because == "STORE-13":
                self._key.begin_anew(f"{moment.astimezone():%Y-%m-%d %H.%M.%S}")
            met = self.key_problem()
            if met is None:
                return None
            if met.code not in KEY_PROBLEMS:
                raise ProblemError(met)
        return self._rows.set_aside(moment)

    def usable(self) -> Occurrence | None:
        """What would stop a save, apart from the keychain; None when nothing would. Changes nothing."""
        return self._rows.usable()

    def save(
        self,
        connection: Connection,
        secrets: Secrets,
        *,
        client_secret: Secret | None = None,
        replacing: str | None = None,
    ) -> Connection:
        """Stores all of it in one transaction, reads it back from the disk, and returns what is stored.

        Args:
            connection: stored under its own id, or under that of the connection it replaces.
            secrets: sealed with it.
            client_secret: of the integration, shared by its connections; None leaves the one there is.
            replacing: the id of the connection it takes the place of.

        Raises:
            ProblemError: STORE-10, disk full; STORE-11, what was read back differs, and what was there before is
                back; STORE-15, there is already such a connection and it is not the one replaced.
            ValueError: `replacing` names another company's connection.
        """
        if replacing is not None:
            connection = replace(connection, id=replacing)
        host, client_id = connection.endpoints.authorize_host, connection.client_id
        held = self._key.held()
        with self._rows.writing() as writing:
            before = readable(lambda: writing.connection(connection.id))
            if before is not None:
                _same_company(before.connection, connection)
            key = self._key.for_writing(writing, held)
            row = self._sealed(writing, connection, secrets, key)
            if replacing is not None:
                writing.end_renewal(connection.id)  # the refresh token that it was about is not stored any more
            writing.put_connection(row)
            written: list[Written] = [WrittenConnection(row=row, secrets=secrets, before=before)]
            if client_secret is not None:
                secret_before = readable(lambda: writing.client_secret(host, client_id))
                secret_row = self._sealed_client_secret(writing, host, client_id, client_secret, key)
                writing.put_client_secret(secret_row)
                written.append(WrittenClientSecret(row=secret_row, client_secret=client_secret, before=secret_before))
        read_back(self._rows, key, tuple(written))
        return connection

    def secrets(self, connection_id: str) -> Secrets:
        """The secrets of one connection, which also proves that its addresses are those it was stored with.

        Raises:
            ProblemError: STORE-06, damaged; STORE-16, there is no such connection any more.
        """

        def read(reading: Reading, opened: Opener) -> Secrets:
            row = reading.connection(connection_id)
            if row is None:
                raise stop("STORE-16")
            bound = sealing.connection_binding(row.connection, row.version)
            return opened(lambda key: sealing.unseal_secrets(key, row.sealed, bound))

        return self._key.opened(self._rows, read)

    def client_secret(self, authorize_host: str, client_id: str) -> Secret | None:
        """The client secret of an integration; None when none is stored.

        Raises:
            ProblemError: STORE-06, damaged.
        """

        def read(reading: Reading, opened: Opener) -> Secret | None:
            row = reading.client_secret(authorize_host, client_id)
            if row is None:
                return None
            bound = sealing.client_secret_binding(authorize_host, client_id, row.version)
            return Secret(opened(lambda key: sealing.unseal(key, row.sealed, bound)).decode())

        return self._key.opened(self._rows, read)

    def set_client_secret(self, authorize_host: str, client_id: str, client_secret: Secret) -> None:
        """Stores or replaces the client secret of an integration; its connections go on with it.

        Raises:
            ProblemError: STORE-10 or STORE-11, as `save`.
        """
        held = self._key.held()
        with self._rows.writing() as writing:
            before = readable(lambda: writing.client_secret(authorize_host, client_id))
            key = self._key.for_writing(writing, held)
            row = self._sealed_client_secret(writing, authorize_host, client_id, client_secret, key)
            writing.put_client_secret(row)
        read_back(self._rows, key, (WrittenClientSecret(row=row, client_secret=client_secret, before=before),))

    def remove(self, connection_id: str) -> bool:
        """Removes a connection with its secrets; with the last of its integration also the client secret.

        Needs no key. False when there was no such connection.
        """
        with self._rows.writing(leaving_nothing=True) as writing:
            if writing.connection_version(connection_id) is None:
                return False
            row = readable(lambda: writing.connection(connection_id))
            writing.remove_connection(connection_id)
            if row is None:
                return True
            integration = (row.connection.endpoints.authorize_host, row.connection.client_id)
            if not writing.integration_in_use(*integration):
                writing.remove_client_secret(*integration)
        return True

    def note(
        self,
        connection_id: str,
        *,
        checked_at: datetime | None = None,
        problem: str | None = None,
        leaving: Container[str] = (),
        version: int | None = None,
    ) -> Connection | None:
        """Writes down how a use of the connection ended, and returns it; None when it is gone. Needs no key.

        Args:
            connection_id: whose.
            checked_at: when a real call succeeded; None when none did.
            problem: the code of what only a person can solve; None when there is no such thing (any more).
            leaving: codes that stay as they were noted, whatever `problem` is: this use says nothing about them.
            version: of the row that was used; one that was saved since is another, of which nothing is known, so
                nothing is written and None returned. None for whatever row there is.
        """
        with self._rows.writing() as writing:
            row = writing.connection(connection_id)
            if row is None or version not in (None, row.version):
                return None
            before = row.connection
            stays = before.problem is not None and before.problem in leaving
            noted = replace(
                before,
                last_checked=checked_at or before.last_checked,
                problem=before.problem if stays else problem,
                problem_at=before.problem_at if stays else self._clock() if problem else None,
            )
            writing.put_connection(replace(row, connection=noted))
            return noted

    def keep_alive(self) -> KeepAliveRun | None:
        """What the last run of keep-alive did; None before the first."""
        with self._rows.reading() as reading:
            return reading.keep_alive()

    def note_keep_alive(self, run: KeepAliveRun) -> None:
        """Writes down what keep-alive did. Needs no key."""
        with self._rows.writing() as writing:
            writing.put_keep_alive(run)

    def _sealed(self, writing: Writing, connection: Connection, secrets: Secrets, key: bytes) -> ConnectionRow:
        version = writing.next_version()
        bound = sealing.connection_binding(connection, version)
        return ConnectionRow(
            connection=connection,
            version=version,
            sealed=sealing.seal_secrets(key, secrets, bound),
            written_at=self._clock(),
        )

    def _sealed_client_secret(
        self, writing: Writing, authorize_host: str, client_id: str, client_secret: Secret, key: bytes
    ) -> ClientSecretRow:
        version = writing.next_version()
        bound = sealing.client_secret_binding(authorize_host, client_id, version)
        return ClientSecretRow(
            authorize_host=authorize_host,
            client_id=client_id,
            version=version,
            sealed=sealing.seal(key, client_secret.reveal().encode(), bound),
            written_at=self._clock(),
        )


def _same_company(before: Connection, after: Connection) -> None:
    """Refuses to let one company's connection take the place of another's; the journey never asks for it."""
    if (before.account, before.endpoints.authorize_host, before.client_id, before.tenant_id) != (
        after.account,
        after.endpoints.authorize_host,
        after.client_id,
        after.tenant_id,
    ):
        raise ValueError("a connection replaces only one of the same company, integration and kind of account")
