"""The world as the window has it: the real vault, the real client, the browser page, the system's opener."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from assistant.effects import Ports
from assistant.fortnox.client import Client
from assistant.vault.async_vault import AsyncVault
from assistant.vault.keychain import Keychain
from assistant.vault.store import Vault
from assistant.window.proxy import Proxies, ProxyPasswords
from assistant.window.second_look import SecondLook
from assistant.window.to_front import bring_to_front

if TYPE_CHECKING:
    from assistant.vault.sealing_key import SealingKeyHolder
    from assistant.window.main_window import MainWindow
    from assistant.window.session import Setting


def make_ports(
    window: MainWindow, setting: Setting, *, restart: Callable[[], bool]
) -> tuple[AsyncVault, SealingKeyHolder, Ports]:
    """The vault, what holds its key, and the ports of a walk in `window`.

    `restart` starts the program again without the graphics card; it says whether it does.
    """
    keychain = setting.keychain or Keychain(setting.places.keychain_service)
    vault = AsyncVault(Vault(setting.places.vault_file, keychain))

    async def open_address(address: str) -> bool:
        return setting.open_address(address)

    passwords = ProxyPasswords()
    window.use_proxy_passwords(passwords)
    client = partial(Client, proxy=Proxies(passwords))

    async def trusts(origin: str) -> bool:
        async with client(setting.integration.endpoints, None) as asking:
            return await asking.trusts(origin)

    ports = Ports(
        client=client,
        vault=vault,
        sign_in=SecondLook(window.wizard.sign_in, trusts=trusts, restart=restart),
        open_address=open_address,
        hide=lambda: window.window().hide(),
        to_front=lambda: bring_to_front(window.window()),
        clock=lambda: datetime.now(UTC),
        random_text=secrets.token_urlsafe,
    )
    return vault, keychain, ports
