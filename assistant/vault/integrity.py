"""Is the vault whole: the file, every row, and every seal where the key is at hand. Changes nothing, asks nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

from assistant.fortnox.account import AccountKind
from assistant.problems import Occurrence, ProblemError, occurrence
from assistant.vault import sealing
from assistant.vault.rows import ConnectionRow
from assistant.vault.sealing_key import SealingKeyHolder
from assistant.vault.vault_file import UnreadableRow, VaultFile, VaultView
from assistant.vault.vault_key import fits

Found = TypeVar("Found")

_CHANGED: Final = frozenset({"STORE-05", "STORE-13"})


class Seal(Enum):
    """What became of one row."""

    OPENS = "opens"
    DAMAGED = "damaged"  # the key fits, and this does not open with it
    UNREADABLE = "unreadable"  # its clear columns hold what this program never wrote
    NOT_TRIED = "not-tried"  # the key is not at hand: see VaultReport.key


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionFound:
    """One connection. What is not readable is "", the kind of account then None."""

    id: str
    company_name: str
    organisation_number: str
    account: AccountKind | None
    integration_name: str
    seal: Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecretFound:
    """The client secret of one integration."""

    client_id: str
    authorize_host: str
    seal: Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultReport:
    """What an inspection found. Holds no secret.

    Attributes:
        schema_version: of the file; None where there is none, or an empty one.
        complaints: what SQLite says about the structure of the file; none when it is whole.
        connections, client_secrets: one for each row.
        key: what keeps the seals from being tried; None when nothing does, or when nothing is sealed.
        new_key_unfinished: a new sealing key was cut off. Everything opens; the next new key brings it to its end.
        file_is_gone: the keychain has a key, but there is no file for it.
        open_to_others: other users of the computer may read or write the file or its folder; the next save mends it.
    """

    schema_version: int | None
    complaints: tuple[str, ...] = ()
    connections: tuple[ConnectionFound, ...] = ()
    client_secrets: tuple[ClientSecretFound, ...] = ()
    key: Occurrence | None = None
    new_key_unfinished: bool = False
    file_is_gone: bool = False
    open_to_others: bool = False

    @property
    def problems(self) -> tuple[Occurrence, ...]:
        """What is wrong, each kind once; none when everything was tried and is whole."""
        seals = {one.seal for one in self.connections} | {one.seal for one in self.client_secrets}
        found = [occurrence("STORE-08", details={"check": "integrity_check"})] if self.complaints else []
        if seals & {Seal.DAMAGED, Seal.UNREADABLE}:
            found.append(occurrence("STORE-06"))
        return (*found, *((self.key,) if self.key else ()))


def inspect(file: VaultFile, keychain: SealingKeyHolder) -> VaultReport:
    """Looks at everything in one view. Blocks; does not unlock. On macOS the system may ask about the key's entry.

    Raises:
        ProblemError: STORE-07, newer version; STORE-08, no vault at all; STORE-09, not allowed; STORE-14, in use.
    """
    report = _inspected(file, keychain)
    if report.key is not None and report.key.code in _CHANGED:
        return _inspected(file, keychain)  # a new key may have come to its end between the keychain and the file
    return report


def _inspected(file: VaultFile, keychain: SealingKeyHolder) -> VaultReport:
    asked = _Asked(keychain)  # before the view, see VaultKey.opened
    with file.viewing() as view:
        if view is None:
            return VaultReport(schema_version=None, file_is_gone=asked.has_key, open_to_others=file.open_to_others())
        complaints = view.complaints()
        opener = _Opener(view, asked)
        connections, broken = _as_far_as_readable(_connections(view, opener))
        client_secrets, also_broken = _as_far_as_readable(_client_secrets(view, opener))
        return VaultReport(
            schema_version=view.schema_version,
            complaints=complaints or broken or also_broken,
            connections=connections,
            client_secrets=client_secrets,
            key=opener.stopped,
            new_key_unfinished=asked.has_next_key if opener.opened else False,
            open_to_others=file.open_to_others(),
        )


def _as_far_as_readable(rows: Iterator[Found]) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """What comes before the file is too damaged to go on, and what SQLite calls that."""
    found = []
    try:
        for row in rows:
            found.append(row)  # noqa: PERF402 - what came before the end by a problem counts
    except ProblemError as failure:
        if failure.code != "STORE-08":
            raise
        return tuple(found), tuple(value for _name, value in failure.occurrence.details)
    return tuple(found), ()


class _Asked:
    """What the keychain holds, asked before the file is opened.

    Attributes:
        keys: what may be the key, each that was had.
        hindrance: why it gave none; STORE-05 where it is open and holds none.
    """

    def __init__(self, keychain: SealingKeyHolder) -> None:
        self.keys: tuple[bytes, ...] = ()
        self.hindrance: Occurrence | None = None
        self.has_next_key = False
        try:
            key = keychain.key()
        except ProblemError as failure:
            self.hindrance = failure.occurrence
            return
        coming, again = _quietly(keychain.next_key), _quietly(keychain.key)
        self.has_next_key = coming is not None
        self.keys = tuple(each for each in (key, coming, again) if each is not None)
        if not self.keys:
            self.hindrance = occurrence("STORE-05")

    @property
    def has_key(self) -> bool:
        return bool(self.keys)


class _Opener:
    """Tries seals, until the key turns out not to be at hand."""

    def __init__(self, view: VaultView, asked: _Asked) -> None:
        self._view = view
        self._asked = asked
        self._key: bytes | None = None
        self.stopped: Occurrence | None = None
        self.opened = False

    def tried(self, unseal: Callable[[bytes], object]) -> Seal:
        if self._key is None and self.stopped is None:
            self._key = next((key for key in self._asked.keys if fits(key, self._view)), None)
            if self._key is None:
                self.stopped = self._asked.hindrance or occurrence("STORE-13")
        if self._key is None:
            return Seal.NOT_TRIED
        try:
            unseal(self._key)
        except sealing.UnsealError:
            return Seal.DAMAGED
        self.opened = True
        return Seal.OPENS


def _quietly(ask: Callable[[], bytes | None]) -> bytes | None:
    try:
        return ask()
    except ProblemError:
        return None


def _connections(view: VaultView, opener: _Opener) -> Iterator[ConnectionFound]:
    for row in view.every_connection():
        if isinstance(row, UnreadableRow):
            yield ConnectionFound(
                id=row.key,
                company_name=row.name,
                organisation_number=row.number,
                account=None,
                integration_name="",
                seal=Seal.UNREADABLE,
            )
            continue
        yield ConnectionFound(
            id=row.connection.id,
            company_name=row.connection.company_name,
            organisation_number=row.connection.organisation_number,
            account=row.connection.account,
            integration_name=row.connection.integration_name,
            seal=_tried(opener, row),
        )


def _tried(opener: _Opener, row: ConnectionRow) -> Seal:
    bound = sealing.connection_binding(row.connection, row.version)
    return opener.tried(lambda key: sealing.unseal_secrets(key, row.sealed, bound))


def _client_secrets(view: VaultView, opener: _Opener) -> Iterator[ClientSecretFound]:
    for row in view.every_client_secret():
        if isinstance(row, UnreadableRow):
            yield ClientSecretFound(client_id=row.key, authorize_host=row.name, seal=Seal.UNREADABLE)
            continue
        sealed, bound = row.sealed, sealing.client_secret_binding(row.authorize_host, row.client_id, row.version)
        seal = opener.tried(lambda key: sealing.unseal(key, sealed, bound))  # noqa: B023 - called at once
        yield ClientSecretFound(client_id=row.client_id, authorize_host=row.authorize_host, seal=seal)
