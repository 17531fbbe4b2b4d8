from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.vault.async_vault import AsyncVault
from assistant.vault.own_thread import OwnThread
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from tests.vault.samples import HOST, SECRETS, service

CHECKOUT = Path(__file__).parents[2]


def test_calls_are_made_in_turn_on_one_thread() -> None:
    thread = OwnThread("test")
    answers = [thread.submit(lambda number=number: (number, threading.current_thread().name)) for number in range(20)]
    assert [answer.result(5) for answer in answers] == [(number, "test") for number in range(20)]


def test_a_failure_reaches_who_waits_and_the_thread_goes_on() -> None:
    thread = OwnThread("test")
    with pytest.raises(ZeroDivisionError):
        thread.within(5, lambda: 1 // 0)
    with pytest.raises(TimeoutError, match="its own"):
        thread.within(5, fail_with_a_timeout)
    with pytest.raises(SystemExit):
        thread.within(5, sys.exit)
    assert thread.within(5, lambda: "on") == "on"


def fail_with_a_timeout() -> None:
    raise TimeoutError("its own")


def test_a_late_call_ends_and_one_given_up_never_begins() -> None:
    thread, let_go, done = OwnThread("test"), threading.Event(), []
    with pytest.raises(TimeoutError):
        thread.within(0.05, lambda: (let_go.wait(5), done.append("late")))
    with pytest.raises(TimeoutError):
        thread.within(0.05, lambda: done.append("given up"))
    let_go.set()
    thread.within(5, lambda: done.append("next"))
    assert done == ["late", "next"]


def test_a_hanging_call_does_not_keep_a_program_from_ending() -> None:
    script = (
        "import time; from assistant.vault.own_thread import OwnThread\n"
        "try: OwnThread('t').within(0.1, lambda: time.sleep(60))\n"
        "except TimeoutError: print('late')"
    )
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, timeout=30, check=True
    )
    assert (done.stdout, done.stderr) == ("late\n", "")
    assert time.monotonic() - begun < 15


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
