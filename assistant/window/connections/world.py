"""What the list needs of the world: the vault, its keychain, the way to Fortnox, the system's opener."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from assistant.connections.ports import Ports
from assistant.own_thread import OwnThread
from assistant.vault.async_vault import AsyncVault
from assistant.vault.sealing_key import KeychainState, SealingKeyHolder

_SYSTEMS: Final = {"win32": "Windows", "darwin": "macOS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Attributes:
    upkeep: what checks, renews and removes; its vault is the one behind `vault`, so that both have one key.
    open_address: opens an address in the default browser; False when nothing took it.
    """

    vault: AsyncVault
    keychain: SealingKeyHolder
    upkeep: Ports
    open_address: Callable[[str], Awaitable[bool]]

    async def keychain_state(self) -> KeychainState:
        """What the keychain is like; never prompts."""
        return await OwnThread("keychain-look").call(self.keychain.state)

    @property
    def system(self) -> str:
        """The operating system's name, for texts about its password store."""
        return _SYSTEMS.get(sys.platform, "Linux")
