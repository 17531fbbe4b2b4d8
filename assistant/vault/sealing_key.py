"""The port to whatever holds the one sealing key of a vault."""

from __future__ import annotations

import secrets
from enum import Enum
from typing import Final, Protocol

KEY_BYTES: Final = 32
"""AES-256."""


class KeychainState(Enum):
    """What a keychain is like now, found out without any box being shown."""

    READY = "ready"
    LOCKED = "locked"
    ABSENT = "absent"  # there is none on this computer
    UNREACHABLE = "unreachable"  # there is one, but it does not answer


class SealingKeyHolder(Protocol):
    """Holds one key of `KEY_BYTES` bytes. Every method may block, within a limit of its own.

    Raises, from all methods but `state`: ProblemError with STORE-01 (no keychain), STORE-02 (locked), STORE-04 (no
    answer), STORE-12 (setting refused) or STORE-13 (what is held is no key).
    """

    def state(self) -> KeychainState:
        """What the keychain is like. Never prompts, never raises."""

    def unlock(self) -> None:
        """Makes sure that the next calls need no prompt; may prompt, and waits for the person.

        Raises:
            ProblemError: STORE-03, the prompt was dismissed.
        """

    def key(self) -> bytes | None:
        """The key, or None when the keychain is open and holds none. Does not unlock."""

    def create_key(self) -> bytes:
        """The key, made and stored first when there is none. One that exists is never replaced.

        Raises:
            ProblemError: STORE-11, what was stored could not be read back.
        """

    @property
    def reads_quietly(self) -> bool:
        """Whether reading from an open keychain never shows a box."""

    def set_aside_what_is_no_key(self, stamp: str) -> None:
        """Keeps under a name with `stamp` in it what is held and is no key; a key stays where it is.

        Raises:
            ProblemError: STORE-11, what was to be kept could not be read back; it is then still where it was.
        """

    def next_key(self) -> bytes | None:
        """While the key is being changed, the one that is to take its place; else None. Does not unlock.

        What is sealed with it already opens with it, also where the change was cut off before `adopt_next_key`.
        """

    def make_next_key(self) -> bytes:
        """A new random key beside `key()`; it takes the place of a next key there may be.

        Raises:
            ProblemError: STORE-11, as `create_key`.
        """

    def adopt_next_key(self) -> None:
        """Makes the next key the key. Whenever this is cut off, one of the two is still held as what it was.

        Raises:
            ProblemError: STORE-11, as `create_key`.
        """

    def drop_next_key(self) -> None:
        """Forgets the next key, if there is one.

        Raises:
            ProblemError: STORE-11, it is still there afterwards.
        """


class MemoryKeychain:
    """A key that lives as long as this process: for the tour, whose vault is as short-lived, and for tests."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key
        self._next: bytes | None = None

    def state(self) -> KeychainState:
        return KeychainState.READY

    def unlock(self) -> None:
        return None

    def key(self) -> bytes | None:
        return self._key

    def create_key(self) -> bytes:
        if self._key is None:
            self._key = secrets.token_bytes(KEY_BYTES)
        return self._key

    @property
    def reads_quietly(self) -> bool:
        return True

    def set_aside_what_is_no_key(self, stamp: str) -> None:
        return None

    def next_key(self) -> bytes | None:
        return self._next

    def make_next_key(self) -> bytes:
        self._next = secrets.token_bytes(KEY_BYTES)
        return self._next

    def adopt_next_key(self) -> None:
        if self._next is not None:
            self._key, self._next = self._next, None

    def drop_next_key(self) -> None:
        self._next = None
