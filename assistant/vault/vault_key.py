"""The sealing key as a vault uses it: held in memory once it was had, and checked against what is stored."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from assistant.problems import stop
from assistant.vault import sealing
from assistant.vault.reading_back import readable_rows
from assistant.vault.rows import Reading, Rows, Writing
from assistant.vault.sealing_key import SealingKeyHolder

Plain = TypeVar("Plain")


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens seals with the key that is tried."""

    _key: bytes | None = field(repr=False)

    def __call__(self, unseal: Callable[[bytes], Plain]) -> Plain:
        """`unseal` with the key.

        Raises:
            UnsealError: it does not open with it, or no key is had yet.
        """
        if self._key is None:
            raise sealing.UnsealError
        return unseal(self._key)


class VaultKey:
    """One vault's key. Safe for several threads."""

    def __init__(self, keychain: SealingKeyHolder) -> None:
        self._keychain = keychain
        self._key: bytes | None = None
        self._guard = threading.Lock()

    def unlock(self) -> None:
        """Has the keychain opened, with a prompt where it needs one, and takes the key if there is one."""
        self._keychain.unlock()
        self._hold(self._keychain.key())

    def held(self) -> bytes | None:
        """The key; None when the keychain is open and has none. Does not prompt.

        Raises:
            ProblemError: STORE-01, STORE-02, STORE-04, STORE-12, STORE-13.
        """
        with self._guard:
            key = self._key
        if key is None:
            key = self._keychain.key()
            self._hold(key)
        return key

    def check(self, reading: Reading) -> None:
        """Sees that what is sealed can be opened. Does not prompt.

        Raises:
            ProblemError: STORE-05, rows are sealed and their key is gone; STORE-13, it does not fit them.
        """
        if reading.anything_sealed():
            held = self.held()
            if held is None or not _fits(held, reading):
                self._asked_anew(reading)

    def begin_anew(self, stamp: str) -> None:
        """Has what the keychain holds and is no key kept under another name, and asks it again from now on."""
        self._keychain.set_aside_what_is_no_key(stamp)
        self._hold(None)

    def for_writing(self, writing: Writing, held: bytes | None) -> bytes:
        """The key that fits what is stored; a new one only where nothing is sealed yet.

        Raises:
            ProblemError: STORE-05, rows are sealed and their key is gone; STORE-13, it does not fit them.
        """
        if writing.anything_sealed():
            key = held if held is not None and _fits(held, writing) else self._asked_anew(writing)
        elif held is not None and _fits(held, writing):
            key = held
        else:
            # The keychain's own and not the one held, which may have been changed while nothing was stored. Inside the
            # transaction, so that two processes that save for the first time do not make two keys.
            key = self._keychain.create_key()
        if not _fits(key, writing):
            writing.put_key_check(sealing.key_check(key))
        self._hold(key)
        return key

    def opened(self, rows: Rows, read: Callable[[Reading, Opener], Plain]) -> Plain:
        """What `read` makes of a view of `rows`, with a way to open the seals it finds there. It may be called anew.

        The keychain is asked between views: while it takes its time, or the person theirs, no other process could
        commit, and a renewal that cannot be saved is a refresh token lost.

        Raises:
            ProblemError: STORE-05, the key is gone; STORE-13, it opens nothing here; STORE-06, it fits, so what was
                to be opened is damaged; what `read` raises.
        """
        with self._guard:
            key = self._key
        with suppress(sealing.UnsealError), rows.reading() as reading:
            return read(reading, Opener(key))
        for key in self._asked():
            if key is None:
                continue
            with rows.reading() as reading:
                if fits(key, reading):
                    self._hold(key)
                    try:
                        return read(reading, Opener(key))
                    except sealing.UnsealError:
                        raise stop("STORE-06", details={"row": "sealed"}) from None
        raise stop("STORE-05" if key is None else "STORE-13")

    def _asked_anew(self, reading: Reading) -> bytes:
        """The keychain's key of this moment that fits, since another process may have changed it, or be changing it."""
        key = None
        for key in self._asked():
            if key is not None and fits(key, reading):
                self._hold(key)
                return key
        raise stop("STORE-05" if key is None else "STORE-13")

    def _asked(self) -> Iterator[bytes | None]:
        """What may be the key; asked for again after the next one, since a change may have come to its end between."""
        yield self._keychain.key()
        yield self._keychain.next_key()
        yield self._keychain.key()

    def _hold(self, key: bytes | None) -> None:
        with self._guard:
            self._key = key


def fits(key: bytes, reading: Reading) -> bool:
    """Whether `key` is the one that rows of this view are sealed with."""
    return _fits(key, reading) or _opens_any(key, reading)


def _fits(key: bytes, reading: Reading) -> bool:
    check = reading.key_check()
    return check is not None and sealing.fits(key, check)


def _opens_any(key: bytes, reading: Reading) -> bool:
    """Whether `key` opens any row at all: asked when the key check does not open, which may itself be damaged."""
    for row in readable_rows(reading.connections()):
        with suppress(sealing.UnsealError):
            sealing.unseal(key, row.sealed, sealing.connection_binding(row.connection, row.version))
            return True
    for secret in readable_rows(reading.client_secrets()):
        bound = sealing.client_secret_binding(secret.authorize_host, secret.client_id, secret.version)
        with suppress(sealing.UnsealError):
            sealing.unseal(key, secret.sealed, bound)
            return True
    return False
