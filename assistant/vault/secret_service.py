"""Looks at the Secret Service (GNOME Keyring, KWallet) and reads from it without ever making it show a box.

keyring itself unlocks and creates collections on the way to every answer, both with a box of the system's. So it only
writes here: what it wrote is found by the attributes it gives, in one session and without importing it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secretstorage import Collection

_IS_LOCKED = "org.freedesktop.Secret.Error.IsLocked"


class ServiceState(Enum):
    """What the Secret Service is like now."""

    READY = "ready"
    LOCKED = "locked"
    ABSENT = "absent"
    UNREACHABLE = "unreachable"


class NotReadyError(Exception):
    """Nothing can be read now. `state` says why; never READY."""

    def __init__(self, state: ServiceState) -> None:
        super().__init__(state.value)
        self.state = state


def look() -> ServiceState:
    """The state of the collection that keyring would use. Blocks; never prompts, never creates."""
    try:
        with _open_collection():
            return ServiceState.READY
    except NotReadyError as found:
        return found.state


def read(service: str, username: str) -> bytes | None:
    """What keyring stored under these names, or None where it stored nothing. Blocks; never prompts, never creates.

    Raises:
        NotReadyError: the service is absent, locked, or does not answer as it should.
    """
    with _open_collection() as collection:
        try:
            secret = _found(collection, service, username)
        except _answers_that_an_item_is_gone() as refusal:
            if getattr(refusal, "name", None) == _IS_LOCKED:
                raise
            # Found, and deleted before it could be read: whoever makes a new key meanwhile put another in its place.
            secret = _found(collection, service, username)
        if secret is not None:
            return secret
        if collection.is_locked():  # meanwhile: what is locked may not be found at all
            raise NotReadyError(ServiceState.LOCKED)
        return None


def _found(collection: Collection, service: str, username: str) -> bytes | None:
    # As keyring's own backend writes them in its scheme "default", which is the one that is pinned here. It adds
    # `application`, and does not ask for it when it reads either.
    for item in collection.search_items({"username": username, "service": service}):
        secret: bytes = item.get_secret()
        return secret
    return None


def _answers_that_an_item_is_gone() -> tuple[type[Exception], ...]:
    """What asking for an item that is no longer there may end in: services differ in how they say it."""
    from jeepney import DBusErrorResponse  # type: ignore[import-untyped]
    from secretstorage import ItemNotFoundException

    return ItemNotFoundException, DBusErrorResponse


def unlock(*, limit_seconds: float) -> bool:
    """Makes the system ask for the password, and waits. True when the collection is open afterwards.

    Raises:
        TimeoutError: the box was neither answered nor closed within the limit.
    """
    from secretstorage import PromptDismissedException, get_default_collection

    with _session_bus() as bus:
        try:
            collection = get_default_collection(bus)
        except PromptDismissedException:
            return False
        if not collection.is_locked():
            return True
        collection.unlock(timeout=limit_seconds)
        return not collection.is_locked()


@contextmanager
def _open_collection() -> Iterator[Collection]:
    """The collection that keyring would use, when it is open.

    Raises:
        NotReadyError: it is not, or something within the block fails.
    """
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        raise NotReadyError(ServiceState.ABSENT)
    from jeepney import DBusErrorResponse
    from secretstorage import (
        Collection,
        ItemNotFoundException,
        LockedException,
        SecretStorageException,
        check_service_availability,
    )

    try:
        with _session_bus() as bus:
            if not check_service_availability(bus):
                raise NotReadyError(ServiceState.ABSENT)
            try:
                collection = Collection(bus)
            except ItemNotFoundException:
                # Never used before: the system asks for a new password on the first use.
                raise NotReadyError(ServiceState.LOCKED) from None
            if collection.is_locked():
                raise NotReadyError(ServiceState.LOCKED)
            yield collection
    except LockedException:
        raise NotReadyError(ServiceState.LOCKED) from None
    except DBusErrorResponse as refusal:
        locked = refusal.name == _IS_LOCKED
        raise NotReadyError(ServiceState.LOCKED if locked else ServiceState.UNREACHABLE) from None
    except (SecretStorageException, OSError, EOFError, RuntimeError, ValueError):
        raise NotReadyError(ServiceState.UNREACHABLE) from None


@contextmanager
def _session_bus() -> Iterator[Any]:  # jeepney's connection; it brings no types
    from secretstorage import dbus_init

    bus = dbus_init()
    try:
        yield bus
    finally:
        bus.close()
