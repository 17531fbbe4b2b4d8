from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.vault.async_vault import AsyncVault
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from tests.vault.samples import HOST, SECRETS, service


class WaitingKeychain(MemoryKeychain):
    """Its box is open until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def unlock(self) -> None:
        assert self.let_go.wait(20)


@pytest.mark.anyio
async def test_the_loop_runs_and_the_list_shows_while_the_keychain_waits(tmp_path: Path) -> None:
    keychain = WaitingKeychain()
    vault = AsyncVault(Vault(tmp_path / "vault.db", keychain))
    unlocking = asyncio.create_task(vault.unlock())
    await asyncio.sleep(0.05)
    assert await vault.connections() == ()
    assert await vault.usable() is None
    assert not unlocking.done()
    keychain.let_go.set()
    await unlocking


@pytest.mark.anyio
async def test_every_call_means_the_same_awaited(tmp_path: Path) -> None:
    vault = AsyncVault(Vault(tmp_path / "vault.db", MemoryKeychain()))
    connection = await vault.save(service(), SECRETS, client_secret=Secret("first"))
    assert await vault.connections() == (connection,)
    assert await vault.connection(connection.id) == connection
    assert await vault.find(tenant_id=connection.tenant_id) == (connection,)
    assert await vault.matching(service()) == (connection,)
    assert await vault.secrets(connection.id) == SECRETS
    await vault.set_client_secret(HOST, connection.client_id, Secret("second"))
    assert await vault.client_secret(HOST, connection.client_id) == Secret("second")
    with pytest.raises(ProblemError):
        await vault.save(service(), SECRETS)
    assert await vault.remove(connection.id)
    assert await vault.connections() == ()


@pytest.mark.anyio
async def test_a_save_goes_on_when_its_waiter_is_cancelled(tmp_path: Path) -> None:
    plain = Vault(tmp_path / "vault.db", MemoryKeychain())
    vault = AsyncVault(plain)
    saving = asyncio.create_task(vault.save(service(), SECRETS))
    await asyncio.sleep(0)
    await asyncio.sleep(0.001)
    saving.cancel()
    await asyncio.gather(saving, return_exceptions=True)
    await vault.client_secret(HOST, "none")  # on the same thread, so after the save
    (connection,) = plain.connections()
    assert plain.secrets(connection.id) == SECRETS
