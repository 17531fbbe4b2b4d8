"""The world as the window has it: the real vault, the real client, the browser page, the system's opener."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from assistant.connections.ports import Ports as Upkeep
from assistant.effects import Ports
from assistant.fortnox.client import Client
from assistant.vault.async_vault import AsyncVault
from assistant.vault.keychain import Keychain
from assistant.vault.lock import ConnectionLocks
from assistant.vault.store import Vault
from assistant.window.connections.world import World
from assistant.window.proxy import Proxies, ProxyPasswords
from assistant.window.second_look import SecondLook
from assistant.window.to_front import bring_to_front
from assistant.window.web_address import open_web_address

if TYPE_CHECKING:
    from assistant.vault.places import Places
    from assistant.vault.sealing_key import SealingKeyHolder
    from assistant.window.main_window import MainWindow
    from assistant.window.session import Setting


def make_world(
    places: Places,
    *,
    keychain: SealingKeyHolder | None = None,
    passwords: ProxyPasswords | None = None,
    open_address: Callable[[str], bool] = open_web_address,
) -> World:
    """The vault in `places`, and the way to Fortnox that Qt's proxies allow. `keychain` None is the system's."""
    holder = keychain or Keychain(places.keychain_service)
    vault = Vault(places.vault_file, holder)

    async def opened(address: str) -> bool:
        return open_address(address)

    return World(
        vault=AsyncVault(vault),
        keychain=holder,
        upkeep=Upkeep(
            vault=vault,
            locks=ConnectionLocks(places.vault_file),
            client=partial(Client, proxy=Proxies(passwords or ProxyPasswords())),
        ),
        open_address=opened,
    )


def make_ports(
    window: MainWindow, setting: Setting, *, restart: Callable[[], bool], hide: Callable[[], None]
) -> tuple[World, Ports]:
    """The world, and the ports of a walk in `window`.

    `restart` starts the program again without the graphics card; it says whether it does. `hide` takes the walk away.
    """
    passwords = ProxyPasswords()
    window.use_proxy_passwords(passwords)
    world = make_world(
        setting.places, keychain=setting.keychain, passwords=passwords, open_address=setting.open_address
    )
    client = world.upkeep.client

    async def trusts(origin: str) -> bool:
        async with client(setting.integration.endpoints, None) as asking:
            return await asking.trusts(origin)

    ports = Ports(
        client=client,
        vault=world.vault,
        sign_in=SecondLook(window.wizard.sign_in, trusts=trusts, restart=restart),
        open_address=world.open_address,
        hide=hide,
        to_front=lambda: bring_to_front(window.window()),
        clock=lambda: datetime.now(UTC),
        random_text=secrets.token_urlsafe,
    )
    return world, ports
