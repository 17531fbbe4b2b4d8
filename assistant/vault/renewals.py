"""What a renewal reads from the vault and writes to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from assistant.problems import ProblemError, stop
from assistant.secret import Secret
from assistant.vault import sealing
from assistant.vault.connection import Connection, Secrets
from assistant.vault.reading_back import readable
from assistant.vault.renewal import ONLY_A_CHECK_KNOWS
from assistant.vault.rows import ConnectionRow, Reading, Rows
from assistant.vault.vault_key import Opener, VaultKey

_DOES_NOT_OPEN: Final = frozenset({"STORE-05", "STORE-06", "STORE-13"})


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

        def read(reading: Reading, opened: Opener) -> Held:
            row = reading.connection(connection_id)
            if row is None:
                raise stop("STORE-16")
            bound = sealing.connection_binding(row.connection, row.version)
            return Held(
                connection=row.connection,
                secrets=opened(lambda key: sealing.unseal_secrets(key, row.sealed, bound)),
                client_secret=_client_secret(reading, opened, row.connection),
                version=row.version,
                written_at=row.written_at,
                begun_at=reading.renewal_begun(connection_id),
            )

        return self._key.opened(self._rows, read)

    def begin(self, connection_id: str) -> None:
        """Writes down that a refresh token is about to be used, and makes sure that what comes of it can be saved.

        Raises:
            ProblemError: STORE-09, STORE-10 or STORE-14: nothing can be saved, so nothing may be sent; STORE-16.
        """
        self._rows.begin_renewal(connection_id, self._clock())

    def end(self, connection_id: str) -> None:
        """Forgets that a renewal was begun: it is known that the refresh token was not used up, or that it is dead."""
        with self._rows.writing(make=False) as writing:
            writing.end_renewal(connection_id)

    def is_removed(self, before: Held) -> bool:
        """Whether the connection was removed since `before`.

        Only a file that knows of `before` can say so: one that is not there, or is older, says nothing.
        """
        with self._rows.reading() as reading:
            return _is_removed(reading, before.connection.id, before.version)

    def save(self, before: Held, connection: Connection, secrets: Secrets, *, written: set[int] | None = None) -> bool:
        """Saves what a renewal brought and ends it, in one transaction, unless the row is not `before` any more.

        False when the connection was made again or removed meanwhile: then nothing is written over. What others have
        noted meanwhile stays, but for a problem that the new token shows to be solved. What is saved is read back; a
        row that came out different is written once more. Makes no file: where there is none, it is waited for.

        Args:
            before: what was renewed.
            connection, secrets: what came of it.
            written: the versions that were written for this renewal, which are written over again; grows.

        Raises:
            ProblemError: STORE-09, the file is not there, or one that was put in its place knows nothing of `before`;
                STORE-10, disk full; STORE-11, read back different twice.
        """
        written = set() if written is None else written
        held = self._key.held()
        for _ in range(2):
            with self._rows.writing(make=False) as writing:
                found = writing.connection_version(connection.id)
                if found is None and not _is_removed(writing, connection.id, before.version):
                    raise stop("STORE-09", details={"place": "another file"})
                if found is None or found not in {before.version, *written}:
                    return False
                key = self._key.for_writing(writing, held)
                connection = _with_notes(connection, readable(lambda: writing.connection(before.connection.id)))
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
            # The only copy of a refresh token is in memory now, so what lies there is never put back: see reading_back.
            written.add(version)
            if self._is_there(row, secrets):
                return True
        raise stop("STORE-11", details={"row": "renewal"})

    def _is_there(self, row: ConnectionRow, secrets: Secrets) -> bool:
        connection_id = row.connection.id
        bound = sealing.connection_binding(row.connection, row.version)

        def read(reading: Reading, opened: Opener) -> bool:
            found = readable(lambda: reading.connection(connection_id))
            if found is None or found.version < row.version:
                return _is_removed(reading, connection_id, row.version)
            if found.version > row.version:
                return True
            return _same(found, row) and secrets == opened(lambda key: sealing.unseal_secrets(key, found.sealed, bound))

        try:
            return self._key.opened(self._rows, read)
        except ProblemError as failure:
            if failure.code not in _DOES_NOT_OPEN:
                raise
            return False


def _is_removed(reading: Reading, connection_id: str, version: int) -> bool:
    return reading.connection_version(connection_id) is None and reading.last_version() >= version


def _client_secret(reading: Reading, opened: Opener, connection: Connection) -> Secret | None:
    row = reading.client_secret(connection.endpoints.authorize_host, connection.client_id)
    if row is None:
        return None
    bound = sealing.client_secret_binding(row.authorize_host, row.client_id, row.version)
    return Secret(opened(lambda key: sealing.unseal(key, row.sealed, bound)).decode())


def _with_notes(renewed: Connection, row: ConnectionRow | None) -> Connection:
    """`renewed` with what is noted in `row`, but for a problem that a new token shows to be solved."""
    noted = renewed if row is None else row.connection
    lasting = noted.problem in ONLY_A_CHECK_KNOWS
    return replace(
        renewed,
        last_checked=noted.last_checked,
        problem=noted.problem if lasting else None,
        problem_at=noted.problem_at if lasting else None,
    )


def _same(found: ConnectionRow, written: ConnectionRow) -> bool:
    """Whether `found` is what was written, whatever was noted of it since."""
    return _without_notes(found) == _without_notes(written)


def _without_notes(row: ConnectionRow) -> ConnectionRow:
    return replace(row, connection=replace(row.connection, last_checked=None, problem=None, problem_at=None))
