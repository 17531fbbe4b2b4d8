"""What a renewal reads from the vault and writes to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from assistant.problems import ProblemError, stop
from assistant.secret import Secret
from assistant.vault import sealing
from assistant.vault.connection import Connection, Secrets
from assistant.vault.reading_back import readable
from assistant.vault.rows import ConnectionRow, Reading, Rows
from assistant.vault.vault_key import VaultKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One connection with all that a token request of it needs, as one view of the vault had it.

    Attributes:
        connection: the clear columns.
        secrets: what is sealed with it.
        client_secret: of its integration; None where none is stored.
        version: of the row. It changes with every save, so it tells whether somebody has saved meanwhile.
        written_at: when the row was saved, aware.
        begun_at: when a renewal was begun whose end was never written, aware; None where there is none.
    """

    connection: Connection
    secrets: Secrets
    client_secret: Secret | None
    version: int
    written_at: datetime
    begun_at: datetime | None = None


@dataclass(slots=True)
class Renewals:
    """Made by `Vault`, whose rows and key it uses. Every method may block and raises what the vault's do."""

    _rows: Rows
    _key: VaultKey
    _clock: Callable[[], datetime] = field(repr=False)

    def held(self, connection_id: str) -> Held:
        """The connection and its secrets.

        Raises:
            ProblemError: STORE-06, damaged; STORE-16, there is no such connection.
        """
        with self._rows.reading() as reading:
            row = reading.connection(connection_id)
            if row is None:
                raise stop("STORE-16")
            bound = sealing.connection_binding(row.connection, row.version)
            return Held(
                connection=row.connection,
                secrets=self._key.opening(reading, lambda key: sealing.unseal_secrets(key, row.sealed, bound)),
                client_secret=self._client_secret(reading, row.connection),
                version=row.version,
                written_at=row.written_at,
                begun_at=reading.renewal_begun(connection_id),
            )

    def begin(self, connection_id: str) -> None:
        """Writes down that a refresh token is about to be used, and makes sure that what comes of it can be saved.

        Raises:
            ProblemError: STORE-09, STORE-10 or STORE-14: nothing can be saved, so nothing may be sent.
        """
        self._rows.begin_renewal(connection_id, self._clock())

    def end(self, connection_id: str) -> None:
        """Forgets that a renewal was begun: it is known that the refresh token was not used up, or that it is dead."""
        with self._rows.writing() as writing:
            writing.end_renewal(connection_id)

    def save(self, before: Held, connection: Connection, secrets: Secrets) -> bool:
        """Saves what a renewal brought and ends it, in one transaction, unless the row is not `before` any more.

        False when the connection was made again or removed meanwhile: then nothing is written over. What is saved is
        read back; a row that came out different is written once more.

        Raises:
            ProblemError: STORE-10, disk full; STORE-11, read back different twice.
        """
        held = self._key.held()
        for _ in range(2):
            with self._rows.writing() as writing:
                if writing.connection_version(connection.id) != before.version:
                    return False
                key = self._key.for_writing(writing, held)
                version = writing.next_version()
                bound = sealing.connection_binding(connection, version)
                row = ConnectionRow(
                    connection=connection,
                    version=version,
                    sealed=sealing.seal_secrets(key, secrets, bound),
                    written_at=self._clock(),
                )
                writing.end_renewal(connection.id)  # first: the room it held is what the row may need
                writing.put_connection(row)
            if self._is_there(row, secrets):
                return True
            # The only copy of a refresh token is in memory now, so what lies there is never put back: see reading_back.
            before = Held(
                connection=connection, secrets=secrets, client_secret=None, version=version, written_at=row.written_at
            )
        raise stop("STORE-11", details={"row": "renewal"})

    def _is_there(self, row: ConnectionRow, secrets: Secrets) -> bool:
        with self._rows.reading() as reading:
            found = readable(lambda: reading.connection(row.connection.id))
            if found is None or found.version < row.version:
                return reading.connection_version(row.connection.id) is None  # removed meanwhile
            if found.version > row.version:
                return True
            bound = sealing.connection_binding(row.connection, row.version)
            try:
                return found == row and secrets == self._key.opening(
                    reading, lambda key: sealing.unseal_secrets(key, found.sealed, bound)
                )
            except ProblemError:
                return False

    def _client_secret(self, reading: Reading, connection: Connection) -> Secret | None:
        row = reading.client_secret(connection.endpoints.authorize_host, connection.client_id)
        if row is None:
            return None
        bound = sealing.client_secret_binding(row.authorize_host, row.client_id, row.version)
        return Secret(self._key.opening(reading, lambda key: sealing.unseal(key, row.sealed, bound)).decode())
