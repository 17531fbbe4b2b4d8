"""Looks at the Secret Service (GNOME Keyring, KWallet) without ever making it show a box, and unlocks it when asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any


class ServiceState(Enum):
    """What the Secret Service is like now."""

    READY = "ready"
    LOCKED = "locked"
    ABSENT = "absent"
    UNREACHABLE = "unreachable"


def look() -> ServiceState:
    """The state of the collection that keyring would use. Blocks; never prompts, never creates.

    keyring itself unlocks and creates collections on the way to every answer, both with a box of the system's, so it
    cannot be asked.
    """
    from jeepney import DBusErrorResponse  # type: ignore[import-untyped]
    from secretstorage import (
        Collection,
        ItemNotFoundException,
        SecretServiceNotAvailableException,
        check_service_availability,
    )

    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return ServiceState.ABSENT
    try:
        with _session_bus() as bus:
            if not check_service_availability(bus):
                return ServiceState.ABSENT
            try:
                return ServiceState.LOCKED if Collection(bus).is_locked() else ServiceState.READY
            except ItemNotFoundException:
                return ServiceState.LOCKED  # never used before: the system asks for a new password on the first use
    except (SecretServiceNotAvailableException, DBusErrorResponse, OSError, EOFError, RuntimeError, ValueError):
        return ServiceState.UNREACHABLE


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
def _session_bus() -> Iterator[Any]:  # jeepney's connection; it brings no types
    from secretstorage import dbus_init

    bus = dbus_init()
    try:
        yield bus
    finally:
        bus.close()
