"""The world as the window has it: the real vault, the real client, the browser page, the system's opener."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.effects import Ports
from assistant.fortnox.client import Client
from assistant.vault.async_vault import AsyncVault
from assistant.vault.keychain import Keychain
from assistant.vault.store import Vault

if TYPE_CHECKING:
    from assistant.vault.sealing_key import SealingKeyHolder
    from assistant.window.main_window import MainWindow
    from assistant.window.session import Setting


def make_ports(window: MainWindow, setting: Setting) -> tuple[AsyncVault, SealingKeyHolder, Ports]:
    """The vault, what holds its key, and the ports of a walk in `window`."""
    keychain = setting.keychain or Keychain(setting.places.keychain_service)
    vault = AsyncVault(Vault(setting.places.vault_file, keychain))

    async def open_address(address: str) -> bool:
        return setting.open_address(address)

    ports = Ports(
        client=Client,
        vault=vault,
        sign_in=window.wizard.sign_in,
        open_address=open_address,
        hide=lambda: window.window().hide(),
        clock=lambda: datetime.now(UTC),
        random_text=secrets.token_urlsafe,
    )
    return vault, keychain, ports
