"""The vault's sealing key in the operating system's keychain.

The keychain holds one small key and nothing else: Windows caps an entry at 1,280 characters, macOS replaces by
deleting first, and any call can hang, which is no place for tokens that change.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from assistant.own_thread import OwnThread
from assistant.problems import ProblemError, stop
from assistant.vault import keychain_backend, secret_service
from assistant.vault.sealing_key import KEY_BYTES, KeychainState

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

Result = TypeVar("Result")

ENTRY: Final = "sealing-key"
"""The user name of the keychain entries."""

_SYSTEM_NAMES: Final = {"win32": "Windows", "darwin": "macOS", "linux": "Linux"}
_SECRET_SERVICE: Final = "keyring.backends.SecretService.Keyring"  # noqa: S105 - a class, not a secret


class Keychain:
    """The one entry of this program in the keychain of the user who runs it; two while the key is being changed.

    Calls run on daemon threads and are waited for within a limit. One that is late runs to its end: a key stored late
    is found by the next `key()`. Implements `SealingKeyHolder`.

    Attributes:
        service: the entry's service name; practice and each branded program have their own.
    """

    def __init__(
        self,
        service: str,
        *,
        limit_seconds: float = 10.0,
        unlock_limit_seconds: float = 300.0,
        setting: Path = keychain_backend.SERVER_SETTING,
    ) -> None:
        """`unlock_limit_seconds` is how long a person has to find the box and type; `setting` is root's file."""
        self.service = service
        # A service of its own, not a second user name: Windows keeps one entry for a service, and keyring would move
        # the other one about, leaving an old key behind.
        self._next_service = f"{service} (next)"
        self._limit = limit_seconds
        self._unlock_limit = unlock_limit_seconds
        self._setting = setting
        self._backend: KeyringBackend | None = None
        # Looking has a thread of its own, so that the state can be told while a box waits for its answer.
        self._work = OwnThread("keychain")
        self._look = OwnThread("keychain-look")

    def state(self) -> KeychainState:
        """What the keychain is like. Never prompts, never raises; UNREACHABLE when it does not answer in time."""
        try:
            return self._answer()
        except ProblemError as failure:
            return KeychainState.ABSENT if failure.code == "STORE-01" else KeychainState.UNREACHABLE

    def unlock(self) -> None:
        """Has the operating system ask for the password where that is needed, and waits for the person.

        Raises:
            ProblemError: STORE-01, STORE-03 (dismissed), STORE-04 (no answer), STORE-12.
        """
        if self._ready(when_locked=None):
            return
        self._guarded(self._work, self._unlock_limit + self._limit, self._unlocked, when_locked="STORE-03")

    def key(self) -> bytes | None:
        """The key, or None when the keychain is open and holds none.

        Raises:
            ProblemError: STORE-01, STORE-02 (locked: `unlock` first), STORE-04, STORE-12, STORE-13 (no key of ours).
        """
        return self._held(self.service)

    def create_key(self) -> bytes:
        """The key; a new random one is stored first when there is none, and read back.

        Raises:
            ProblemError: as `key`, and STORE-11 when another value is read back than was stored.
        """
        return self._changed(self._made)

    def next_key(self) -> bytes | None:
        """The key that is to take the place of `key()`. Raises as `key`."""
        return self._held(self._next_service)

    def make_next_key(self) -> bytes:
        """A new random key beside `key()`, read back; it takes the place of a next key there may be.

        Raises:
            ProblemError: as `create_key`.
        """
        return self._changed(lambda: self._stored_new(self._next_service))

    def adopt_next_key(self) -> None:
        """Makes the next key the key. Whenever this is cut off, one of the two entries holds it.

        Raises:
            ProblemError: as `create_key`.
        """
        self._changed(self._adopted)

    def drop_next_key(self) -> None:
        """Removes the next key, if there is one.

        Raises:
            ProblemError: as `create_key`.
        """
        self._changed(lambda: self._remove(self._next_service))

    def try_out(self) -> None:
        """Writes, reads back, compares and removes an entry of its own, twice: a key's length, and more than ASCII.

        Shows no box where `state` can tell that the keychain is locked, which it cannot on macOS. The entry has a name
        that nothing else has, so that two of these do not meet.

        Raises:
            ProblemError: STORE-01, STORE-02, STORE-04, STORE-12; STORE-11, what was read back differs or stays.
        """
        service = f"{self.service} (self-test {secrets.token_hex(4)})"
        for text in (base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(), "å🔑"):
            self._changed(lambda text=text: self._tried_out(service, text))  # type: ignore[misc]

    def _held(self, service: str) -> bytes | None:
        if self._is_secret_service():
            # One session for look and read. It never prompts, so it need not wait behind a box either.
            return self._guarded(self._look, self._limit, lambda: self._read(service))
        self._ready(when_locked="STORE-02")
        return self._guarded(self._work, self._reading_limit(), lambda: self._read(service))

    def _changed(self, change: Callable[[], Result]) -> Result:
        self._ready(when_locked="STORE-02")
        return self._guarded(self._work, self._reading_limit(), change)

    @property
    def reads_quietly(self) -> bool:
        """Whether reading from an open keychain never shows a box: macOS may ask, and so may what root has named."""
        try:
            name = keychain_backend.backend_name(self._setting)
        except ProblemError:
            return False
        return sys.platform != "darwin" and keychain_backend.is_own(name)

    def set_aside_what_is_no_key(self, stamp: str) -> None:
        """Keeps under a name with `stamp` in it what the entry holds and is no key; a key stays where it is.

        Raises:
            ProblemError: as `key`, and STORE-11 when it could not be read back; it is then still in the entry.
        """
        self._changed(lambda: self._kept_elsewhere(stamp))

    def _kept_elsewhere(self, stamp: str) -> None:
        try:
            self._read(self.service)
        except ProblemError as failure:
            if failure.code != "STORE-13":
                raise
        else:
            return
        backend = self._pinned()
        text = backend.get_password(self.service, ENTRY)
        if text is None:
            return
        # A service of its own, not a second user name, which Windows would move about.
        place = f"{self.service} (set aside {stamp})"
        backend.set_password(place, ENTRY, text)
        if backend.get_password(place, ENTRY) != text:
            raise _problem("STORE-11")
        backend.delete_password(self.service, ENTRY)

    def _reading_limit(self) -> float:
        # macOS may ask whether this program may use the entry, inside the read itself.
        return self._unlock_limit if sys.platform == "darwin" else self._limit

    def _ready(self, *, when_locked: str | None) -> bool:
        """True when open, False when locked and that is no problem to the caller (`when_locked` None)."""
        state = self._answer()
        if state is KeychainState.LOCKED and when_locked is None:
            return False
        if state is not KeychainState.READY:
            raise _problem(_code(state, when_locked or "STORE-02"))
        return True

    def _answer(self) -> KeychainState:
        """The state; a refused setting is a problem of its own, anything else that fails is no answer."""
        try:
            return self._look.within(self._limit, self._looked)
        except ProblemError:
            raise
        except Exception:  # noqa: BLE001 - a backend may raise anything; the state is then that it does not answer
            return KeychainState.UNREACHABLE

    def _looked(self) -> KeychainState:
        if self._is_secret_service():
            return KeychainState(secret_service.look().value)
        backend = self._pinned()
        try:
            backend.priority  # noqa: B018 - keyring's way of telling: it raises where the backend cannot work
        except RuntimeError:
            return KeychainState.ABSENT
        # Windows opens the Credential Manager with the session. macOS and other backends ask inside the read.
        return KeychainState.READY

    def _unlocked(self) -> None:
        if self._is_secret_service():
            if not secret_service.unlock(limit_seconds=self._unlock_limit):
                raise _problem("STORE-03")
        else:
            self._text(self.service)

    def _text(self, service: str) -> str | bytes | None:
        if self._is_secret_service():
            return secret_service.read(service, ENTRY)
        return self._pinned().get_password(service, ENTRY)

    def _read(self, service: str) -> bytes | None:
        text = self._text(service)
        if text is None:
            return None
        try:
            key = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            raise _problem("STORE-13")
        return key

    def _made(self) -> bytes:
        return self._read(self.service) or self._stored_new(self.service)

    def _stored_new(self, service: str) -> bytes:
        key = secrets.token_bytes(KEY_BYTES)
        self._store(service, key)
        return key

    def _adopted(self) -> None:
        key = self._read(self._next_service)
        if key is None:
            return
        if self._read(self.service) != key:
            self._store(self.service, key)
        self._remove(self._next_service)

    def _store(self, service: str, key: bytes) -> None:
        # What is replaced is removed first: on Windows keyring would keep the old value under a second name.
        self._remove(service)
        self._pinned().set_password(service, ENTRY, base64.b64encode(key).decode())
        if self._read(service) != key:
            raise _problem("STORE-11")

    def _remove(self, service: str) -> None:
        if self._text(service) is None:
            return
        self._pinned().delete_password(service, ENTRY)
        if self._text(service) is not None:
            raise _problem("STORE-11")

    def _tried_out(self, service: str, text: str) -> None:
        self._pinned().set_password(service, ENTRY, text)
        try:
            found = self._text(service)
        finally:
            self._remove(service)
        if (found.decode("utf-8", "replace") if isinstance(found, bytes) else found) != text:
            raise _problem("STORE-11")

    def _is_secret_service(self) -> bool:
        return keychain_backend.backend_name(self._setting) == _SECRET_SERVICE

    def _pinned(self) -> KeyringBackend:
        if self._backend is None:
            # 0.14 s, so not before the keychain is used.
            from keyring.backend import KeyringBackend

            self._backend = keychain_backend.pinned(keychain_backend.backend_name(self._setting), KeyringBackend)
        return self._backend

    def _guarded(
        self, thread: OwnThread, seconds: float, call: Callable[[], Result], *, when_locked: str = "STORE-02"
    ) -> Result:
        """`call` on `thread`, with every failure turned into its problem."""
        try:
            return thread.within(seconds, call)
        except ProblemError:
            raise
        except secret_service.NotReadyError as failure:
            raise _problem(_code(KeychainState(failure.state.value), when_locked)) from None
        except TimeoutError:
            raise _problem("STORE-04", reason="no answer in time") from None
        except Exception as failure:  # noqa: BLE001 - backends raise what they like; its type is told
            # keyring's errors are told by name: importing them would import keyring where only this line needs it.
            name = type(failure).__name__
            code = {"KeyringLocked": when_locked, "NoKeyringError": "STORE-01"}.get(name, "STORE-04")
            raise _problem(code, exception=name) from None


def _code(state: KeychainState, when_locked: str) -> str:
    return {
        KeychainState.LOCKED: when_locked,
        KeychainState.ABSENT: "STORE-01",
        KeychainState.UNREACHABLE: "STORE-04",
    }[state]


def _problem(code: str, **details: object) -> ProblemError:
    return stop(code, details=details, system=_SYSTEM_NAMES.get(sys.platform, sys.platform))
