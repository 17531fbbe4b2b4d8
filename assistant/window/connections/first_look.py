"""The first look into the vault, while the window is still being built: what it is to open on."""

from __future__ import annotations

import asyncio
import importlib
from concurrent.futures import Future
from typing import Final

from assistant.integration import Integration
from assistant.own_thread import OwnThread
from assistant.vault.places import Places
from assistant.window.connections.listed import Listed

_LIST: Final = "assistant.window.connections.home"

SECONDS: Final = 3.0
"""How long the cover waits for it. A vault that is slower is listed by the journey, on its own pages."""


def begin_look(places: Places, integration: Integration | None, *, practice: bool) -> Future[Listed] | None:
    """Reads the connections on a thread of its own; None where nothing was ever saved, so that nothing waits."""
    if not places.vault_file.exists():
        return None

    def read() -> Listed:
        from assistant.vault.keychain import Keychain
        from assistant.vault.store import Vault
        from assistant.window.connections.listed import read_listed

        # The keychain is named and not asked: listing needs no key.
        listed = read_listed(
            Vault(places.vault_file, Keychain(places.keychain_service)), integration, practice=practice
        )
        if listed.connections:
            importlib.import_module(_LIST)  # here, and not on the window's thread
        return listed

    return OwnThread("first-look").submit(read)


async def seen(looking: Future[Listed]) -> Listed | None:
    """What was found; None where it takes too long.

    Raises:
        ProblemError: the vault cannot be read.
    """
    try:
        async with asyncio.timeout(SECONDS):
            return await asyncio.wrap_future(looking)
    except TimeoutError:
        return None
