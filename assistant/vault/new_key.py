"""A new sealing key for a vault: everything sealed anew in one transaction, without losing a row.

At every moment the keychain holds the key that opens the file:

    1  the new key is stored beside the old one        the file opens with the old one
    2  all rows sealed anew, in one transaction        the file opens with the old one, then with the new one
    3  read back from the disk                         the file opens with the new one
    4  the new key takes the old one's place           the file opens with the new one

Whoever opens the vault tries both (`vault_key`). What was cut off after 2 is brought to its end by the next new key.
Versions stay as they are, for what is sealed is the same: a renewal that is under way meanwhile saves as it meant to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from assistant.problems import ProblemError, stop
from assistant.vault import sealing
from assistant.vault.reading_back import readable
from assistant.vault.rows import ClientSecretRow, ConnectionRow, Reading, Rows, Writing
from assistant.vault.sealing_key import SealingKeyHolder
from assistant.vault.vault_key import VaultKey

Row = ConnectionRow | ClientSecretRow


@dataclass(frozen=True, slots=True)
class _Resealed:
    """A row before and after, and what is sealed in it."""

    before: Row
    after: Row
    plain: bytes = field(repr=False)


def make_new_key(rows: Rows, keychain: SealingKeyHolder) -> int:
    """Seals everything with a new random key, which takes the old one's place in the keychain. Blocks.

    The old key is gone afterwards, and with it whatever only it opens: earlier backups, and copies of the file.

    Returns:
        How many seals were made anew; 0 when nothing is sealed, and then nothing was changed.

    Raises:
        ProblemError: STORE-06, a row does not open with the old key either; STORE-11, what was read back differs, and
            the old key is in use as before; STORE-01 to STORE-05, STORE-12, STORE-13, the keychain; STORE-07 to
            STORE-10, STORE-14, the file. After each the vault opens as it did.
    """
    with rows.reading() as reading:
        if not reading.anything_sealed():
            return 0
    in_use = VaultKey(keychain)
    held = in_use.held()
    try:
        # Nothing is left of the transaction: a journal would keep what the old key opens.
        with rows.writing(leaving_nothing=True) as writing:
            if not writing.anything_sealed():
                return 0
            old = in_use.for_writing(writing, held)
            _settle(keychain, old)
            new = keychain.make_next_key()
            resealed = tuple(_resealed(writing, old, new))
            for one in resealed:
                _put(writing, one.after)
            writing.put_key_check(sealing.key_check(new))
    except ProblemError:
        with suppress(ProblemError):  # the first problem is the one to tell
            _end(rows, keychain, in_use)
        raise
    try:
        _read_back(rows, keychain, new, resealed)
    except ProblemError:
        with suppress(ProblemError):
            _put_back(rows, keychain, old, new, resealed)
        raise
    _end(rows, keychain, in_use)
    return len(resealed)


def _end(rows: Rows, keychain: SealingKeyHolder, in_use: VaultKey) -> None:
    """In a transaction, so that of two processes that make new keys one waits here for the other."""
    with rows.writing() as writing:
        _settle(keychain, in_use.for_writing(writing, in_use.held()))


def _settle(keychain: SealingKeyHolder, in_use: bytes) -> None:
    """Leaves the keychain with the key in use alone, whatever was cut off before."""
    coming = keychain.next_key()
    if coming == in_use:
        keychain.adopt_next_key()
    elif coming is not None and keychain.key() == in_use:
        keychain.drop_next_key()


def _resealed(writing: Writing, old: bytes, new: bytes) -> Iterator[_Resealed]:
    for row in _rows(writing):
        try:
            plain = sealing.unseal(old, row.sealed, _binding(row))
        except sealing.UnsealError:
            raise stop("STORE-06", details={"row": "sealed"}) from None
        yield _Resealed(row, replace(row, sealed=sealing.seal(new, plain, _binding(row))), plain)


def _read_back(rows: Rows, keychain: SealingKeyHolder, new: bytes, resealed: tuple[_Resealed, ...]) -> None:
    """Raises STORE-11 unless every row that nobody has changed since opens with the new key, to what was in it."""
    with rows.reading() as reading:
        check = reading.key_check()
        if check is None or not sealing.fits(new, check):
            if keychain.next_key() != new:
                return  # another process has made a newer key since, and reads back itself
            raise stop("STORE-11", details={"row": "key check"})
        for one in resealed:
            found = _found(reading, one.after)
            if found is None and not _is_gone(reading, one.after):
                raise stop("STORE-11", details={"row": type(one.after).__name__})
            if found is None or found.version > one.after.version:
                continue
            if _opened(new, found) != one.plain:
                raise stop("STORE-11", details={"row": type(found).__name__})


def _put_back(rows: Rows, keychain: SealingKeyHolder, old: bytes, new: bytes, resealed: tuple[_Resealed, ...]) -> None:
    """Makes the old key the one in use again; what others have saved since is sealed with it too."""
    with rows.writing(leaving_nothing=True) as writing:
        if keychain.next_key() != new:
            return  # another process has made a newer key since
        for one in resealed:
            found = _found(writing, one.after)
            if found is None and _is_gone(writing, one.after):
                continue
            if found is None or found.version == one.after.version:
                _put(writing, one.before)
        for row in _rows(writing):
            plain = _opened(new, row)
            if plain is not None:
                _put(writing, replace(row, sealed=sealing.seal(old, plain, _binding(row))))
        writing.put_key_check(sealing.key_check(old))
    _end(rows, keychain, VaultKey(keychain))


def _rows(reading: Reading) -> tuple[Row, ...]:
    return (*reading.connections(), *reading.client_secrets())


def _found(reading: Reading, row: Row) -> Row | None:
    """The row that lies in that place now; None also when it cannot be read."""
    if isinstance(row, ConnectionRow):
        return readable(lambda: reading.connection(row.connection.id))
    return readable(lambda: reading.client_secret(row.authorize_host, row.client_id))


def _is_gone(reading: Reading, row: Row) -> bool:
    """Whether there is no such row, readable or not: somebody has removed it."""
    if isinstance(row, ConnectionRow):
        return reading.connection_version(row.connection.id) is None
    try:
        return reading.client_secret(row.authorize_host, row.client_id) is None
    except ProblemError:
        return False


def _put(writing: Writing, row: Row) -> None:
    if isinstance(row, ConnectionRow):
        writing.put_connection(row)
    else:
        writing.put_client_secret(row)


def _opened(key: bytes, row: Row) -> bytes | None:
    try:
        return sealing.unseal(key, row.sealed, _binding(row))
    except sealing.UnsealError:
        return None


def _binding(row: Row) -> bytes:
    if isinstance(row, ConnectionRow):
        return sealing.connection_binding(row.connection, row.version)
    return sealing.client_secret_binding(row.authorize_host, row.client_id, row.version)
