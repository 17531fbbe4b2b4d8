"""The whole connection with a keychain that is locked, dismissed or away at the wrong moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.fortnox.account import AccountKind
from assistant.journey import Step, events
from assistant.practice.server import PracticeServer
from assistant.problems import Way, stop
from assistant.vault.sealing_key import KeychainState, MemoryKeychain
from tests.walking import Person, World, alive, grants, outcomes, practice_integration, visit

pytestmark = pytest.mark.anyio


class LockedKeychain(MemoryKeychain):
    """Prompts when it is to be unlocked: `answers` are what the person does, in turn, True for the right password."""

    def __init__(self, *answers: bool) -> None:
        super().__init__()
        self.answers = list(answers)
        self.locked = True
        self.prompts = 0
        self.answered = threading.Event()
        self.answered.set()

    def state(self) -> KeychainState:
        return KeychainState.LOCKED if self.locked else KeychainState.READY

    def unlock(self) -> None:
        if not self.locked:
            return
        self.prompts += 1
        assert self.answered.wait(10)
        if not self.answers.pop(0):
            raise stop("STORE-03")
        self.locked = False

    def key(self) -> bytes | None:
        if self.locked:
            raise stop("STORE-02")
        return super().key()

    def create_key(self) -> bytes:
        if self.locked:
            raise stop("STORE-02")
        return super().create_key()


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


def world(server: PracticeServer, folder: Path, keychain: MemoryKeychain, *visits: tuple[str, ...]) -> World:
    return World(practice_integration(server), folder, Person(*visits), keychain=keychain)


async def test_it_is_unlocked_while_the_person_signs_in(server: PracticeServer, tmp_path: Path) -> None:
    keychain = LockedKeychain(True)
    async with world(server, tmp_path, keychain, visit()).walking() as here:
        assert keychain.prompts == 0
        await here.connect()
    assert keychain.prompts == 1


async def test_the_prompt_is_dismissed(server: PracticeServer, tmp_path: Path) -> None:
    keychain = LockedKeychain(False, True)
    async with world(server, tmp_path, keychain, (), visit()).walking() as here:
        here.go()
        state = await here.until(Step.PROBLEM)
        assert state.problem is not None
        assert (state.problem.code, state.stopped_at) == ("STORE-03", Step.SIGN_IN)
        assert not here.person.open
        here.send(events.WayChosen(way=Way.UNLOCK))
        await here.until(Step.CONFIRM)
        here.send(events.Confirmed())
        await here.until(Step.DONE)
        assert len(here.stored) == 1


async def test_it_locks_itself_while_the_company_is_being_looked_at(server: PracticeServer, tmp_path: Path) -> None:
    """What the person confirmed is stored once they unlock it again, without signing in anew."""
    keychain = LockedKeychain(True, False, True)
    async with world(server, tmp_path, keychain, visit()).walking() as here:
        await here.to_confirm(AccountKind.USER)
        keychain.locked = True
        here.send(events.Confirmed())
        state = await here.until(Step.PROBLEM)
        assert state.problem is not None
        assert (state.problem.code, state.stopped_at) == ("STORE-03", Step.SAVING)
        assert here.stored == ()
        here.send(events.WayChosen(way=Way.UNLOCK))
        state = await here.until(Step.DONE, Step.PROBLEM)
        assert state.step is Step.DONE, state.problem
        assert len(here.stored) == 1
    assert keychain.prompts == 3
    assert [grant for grant, _ in grants(server)] == ["authorization_code"]
    assert outcomes(server, "/oauth-v1/revoke") == []
    assert await alive(server) == server.issued.refresh_tokens[:1]


async def test_saving_waits_for_a_prompt_that_is_still_open(server: PracticeServer, tmp_path: Path) -> None:
    keychain = LockedKeychain(True)
    keychain.answered.clear()
    async with world(server, tmp_path, keychain, visit()).walking() as here:
        await here.to_confirm()
        here.send(events.Confirmed())
        assert here.state.step is Step.SAVING
        assert here.stored == ()
        keychain.answered.set()
        await here.until(Step.DONE)
        assert len(here.stored) == 1
    assert keychain.prompts == 1


async def test_the_person_gives_up_unlocking(server: PracticeServer, tmp_path: Path) -> None:
    keychain = LockedKeychain(True, False)
    async with world(server, tmp_path, keychain, visit()).walking() as here:
        await here.to_confirm()
        keychain.locked = True
        here.send(events.Confirmed())
        await here.until(Step.PROBLEM)
        await here.leave()
    assert outcomes(server, "/oauth-v1/revoke") == ["revoked"]
    assert here.stored == ()
    assert await alive(server) == []
