"""The whole connection with a keychain that is locked, dismissed or away at the wrong moment."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
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


class ForgetfulKeychain(MemoryKeychain):
    """Loses its key when it is told to, as one does that was reset."""

    def lose(self) -> None:
        self._key = None


def aside(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.glob("vault *.db"))


@pytest.mark.provokes("STORE-05")
async def test_a_lost_key_is_said_before_anybody_has_signed_in_and_there_is_a_way_on(
    server: PracticeServer, tmp_path: Path
) -> None:
    keychain = ForgetfulKeychain()
    async with world(server, tmp_path, keychain, visit()).walking() as here:
        await here.connect()
    keychain.lose()
    async with world(server, tmp_path, keychain, visit(), visit()).walking() as here:
        here.go()
        state = await here.until(Step.PROBLEM)
        assert state.problem is not None
        assert (state.problem.code, state.stopped_at) == ("STORE-05", Step.SIGN_IN)
        assert state.companies == ("Björkdalens Trävaror AB",)
        here.send(events.WayChosen(way=Way.SET_ASIDE))
        state = await here.until(Step.CONFIRM)
        assert state.replaced is None
        here.send(events.Confirmed())
        state = await here.until(Step.DONE)
        assert [state.kept] == aside(tmp_path)
        assert len(here.stored) == 1
        assert here.vault.secrets(here.stored[0].id).refresh_token is None


@pytest.mark.provokes("STORE-05", "STORE-14")
async def test_a_key_that_is_lost_after_the_sign_in_costs_no_second_one(server: PracticeServer, tmp_path: Path) -> None:
    keychain = ForgetfulKeychain()
    async with world(server, tmp_path, keychain, visit()).walking() as here:
        await here.connect()
    keychain.create_key()
    async with world(server, tmp_path, keychain, visit()).walking() as here:
        state = await here.to_confirm()
        assert state.replaced is not None
        keychain.lose()
        here.vault._key._hold(None)  # another process would not have it in memory either
        here.send(events.Confirmed())
        state = await here.until(Step.PROBLEM)
        assert state.problem is not None
        assert (state.problem.code, state.held is not None) == ("STORE-05", True)
        with closing(sqlite3.connect(tmp_path / "vault.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            here.send(events.WayChosen(way=Way.SET_ASIDE))
            state = await here.until(Step.PROBLEM, where=lambda state: state.problem.code != "STORE-05")
            assert state.problem is not None
            assert state.problem.code == "STORE-14", "somebody writes"
            other.execute("ROLLBACK")
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        state = await here.until(Step.PROBLEM)
        assert state.problem is not None
        assert state.problem.code == "STORE-05"
        here.send(events.WayChosen(way=Way.SET_ASIDE))
        state = await here.until(Step.DONE)
        assert [state.kept] == aside(tmp_path)
        assert len(here.stored) == 1
        assert state.attempt == 1
    assert grants(server).count(("authorization_code", "token_issued")) == 2


@pytest.mark.provokes("STORE-08")
async def test_a_damaged_file_is_set_aside(server: PracticeServer, tmp_path: Path) -> None:
    (tmp_path / "vault.db").write_bytes(b"damaged " * 900)
    async with world(server, tmp_path, MemoryKeychain(), visit()).walking() as here:
        state = await here.until(Step.PROBLEM)
        assert state.problem is not None
        assert (state.problem.code, state.stopped_at) == ("STORE-08", Step.WELCOME)
        here.send(events.WayChosen(way=Way.SET_ASIDE))
        await here.until(Step.WELCOME)
        await here.connect()
    (kept,) = aside(tmp_path)
    assert (tmp_path / kept).read_bytes() == b"damaged " * 900
