"""Keep-alive over real HTTP against practice, with a real vault file."""

from __future__ import annotations

import asyncio
import sqlite3
import time
import tracemalloc
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.connections.health import State, health, keeps_alive
from assistant.connections.keeping import (
    LONGEST_RUN,
    LONGEST_WAIT,
    MOST_WAITS,
    UNREACHED_IN_A_ROW,
    Kept,
    keep_alive,
)
from assistant.connections.pace import Pace
from assistant.connections.ports import Ports
from assistant.fortnox.account import AccountKind
from assistant.practice.faults import Cut, Fault
from assistant.practice.server import PracticeServer
from assistant.practice.switches import ClientSecret
from assistant.problems import ProblemError, stop
from assistant.schedule.job import LONGEST_RUN_HOURS
from assistant.vault.connection import REFRESH_TOKEN_LIFE, Connection
from assistant.vault.lock import ConnectionLocks
from assistant.vault.rows import KeepAliveRun
from tests.connections.ground import SOON, clock_of, ports_at
from tests.test_effects_keychain import LockedKeychain
from tests.vault.at_practice import TOKEN, connected, live_refresh_tokens, population, renewals, vault_at

pytestmark = pytest.mark.anyio

USER, SERVICE = AccountKind.USER, AccountKind.SERVICE
FIRST = 2_000_000


@pytest.fixture
def ports(server: PracticeServer, path: Path) -> Ports:
    return ports_at(path, clock=clock_of(server))


def due(server: PracticeServer, path: Path, count: int, **changes: Any) -> list[Connection]:
    """User accounts of so many companies, all of them due."""
    server.run.population = population(count)
    made = [connected(server, path, USER, tenant_id=FIRST + number, **changes) for number in range(count)]
    with closing(sqlite3.connect(path)) as database:
        now = clock_of(server)()
        database.execute("UPDATE connection SET valid_until = ?", ((now + SOON).isoformat(),))
        database.commit()
    vault = vault_at(path)
    return [vault.connection(each.id) or each for each in made]


def run_of(ports: Ports) -> KeepAliveRun:
    noted = ports.vault.keep_alive()
    assert noted is not None
    return noted


async def test_nothing_is_due(server: PracticeServer, path: Path, ports: Ports) -> None:
    connected(server, path, USER)
    connected(server, path, SERVICE)
    kept = await keep_alive(ports)
    assert (kept.run.due, kept.run.renewed, kept.run.problem, kept.failures, kept.left) == (0, 0, None, (), 0)
    assert kept.run == run_of(ports)
    assert server.log == []


async def test_what_is_due_is_renewed_and_is_not_due_any_more(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = due(server, path, 5)
    connected(server, path, SERVICE, tenant_id=FIRST)
    told: list[tuple[int, int]] = []
    kept = await keep_alive(ports, told=lambda done, of: told.append((done, of)))
    assert (kept.run.due, kept.run.renewed, kept.run.problem) == (5, 5, None)
    assert told == [(number, 5) for number in range(1, 6)]
    assert renewals(server) == 5
    assert keeps_alive(run_of(ports), now=ports.clock())
    for each in made:
        after = ports.vault.connection(each.id)
        assert after is not None
        assert after.valid_until is not None
        assert after.valid_until > ports.clock() + REFRESH_TOKEN_LIFE - timedelta(minutes=1)
        secrets = ports.vault.secrets(each.id)
        assert secrets.refresh_token is not None
        assert [secrets.refresh_token.reveal()] == live_refresh_tokens(server, int(each.tenant_id))
    assert (await keep_alive(ports)).run.due == 0


async def test_two_runs_at_once_renew_each_once(server: PracticeServer, path: Path, ports: Ports) -> None:
    due(server, path, 6)
    one, other = await asyncio.gather(keep_alive(ports), keep_alive(ports_at(path, clock=clock_of(server))))
    assert one.run.problem is None
    assert other.run.problem is None
    assert renewals(server) <= 12
    assert {len(live_refresh_tokens(server, FIRST + number)) for number in range(6)} == {1}


async def test_one_that_fails_stops_no_other(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = due(server, path, 6)
    server.run.ledger.withdraw(client_id=made[0].client_id, tenant_id=FIRST)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE connection SET sealed = zeroblob(9) WHERE id = ?", (made[1].id,))
        database.commit()
    kept = await keep_alive(ports, at_once=1)
    assert (kept.run.due, kept.run.renewed, kept.left) == (6, 4, 0)
    assert {each.connection_id: each.code for each in kept.failures} == {made[0].id: "TOKEN-11", made[1].id: "STORE-06"}
    assert kept.run.problem in ("TOKEN-11", "STORE-06")
    states = [health(each, now=ports.clock()).state for each in ports.vault.connections()]
    assert states[:2] == [State.CONNECT_AGAIN, State.DAMAGED]
    assert (await keep_alive(ports)).run.due == 0, "only connecting again helps those"


async def test_a_replaced_activation_key_is_tried_again_the_next_day(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    due(server, path, 2)
    server.switches = replace(server.switches, client_secret=ClientSecret.REPLACED)
    kept = await keep_alive(ports)
    assert kept.run.problem == "CONN-03"
    server.switches = replace(server.switches, client_secret=ClientSecret.VALID)
    assert (await keep_alive(ports)).run.renewed == 2
    assert {each.problem for each in ports.vault.connections()} == {None}


async def test_a_locked_keychain_ends_it_and_is_noted(server: PracticeServer, path: Path) -> None:
    due(server, path, 20)
    keychain = LockedKeychain()
    kept = await keep_alive(ports_at(path, keychain=keychain))
    assert keychain.prompts == 0
    assert kept.stopped_by is not None
    assert kept.stopped_by.code == "STORE-02"
    assert kept.run.renewed == 0
    assert kept.left >= 10, "not each of them is tried"
    noted = run_of(ports_at(path))
    assert (noted.due, noted.problem) == (20, "STORE-02")
    assert noted.ended_at is not None
    assert server.log == []
    assert {each.problem for each in vault_at(path).connections()} == {None}


@pytest.mark.parametrize("told", [True, False])
async def test_fortnox_asks_to_wait(server: PracticeServer, path: Path, ports: Ports, told: bool) -> None:
    made = due(server, path, 3)
    waits = Fault(status=429, headers=(("Retry-After", "1"),) if told else ())
    server.inject(TOKEN, *[waits] * (3 if told else 0))
    begun = time.monotonic()
    kept = await keep_alive(ports)
    assert (kept.run.renewed, kept.run.problem) == (3, None)
    assert (time.monotonic() - begun >= 1) is told
    assert {len(live_refresh_tokens(server, int(each.tenant_id))) for each in made} == {1}


async def test_one_that_is_asked_to_wait_for_ever_is_left(server: PracticeServer, path: Path, ports: Ports) -> None:
    due(server, path, 1)
    server.inject(TOKEN, *[Fault(status=429, headers=(("Retry-After", "0"),))] * 4)
    kept = await keep_alive(ports)
    assert [each.code for each in kept.failures] == ["TOKEN-13"]


@pytest.mark.parametrize("seconds", [0, LONGEST_WAIT + 1])
async def test_a_server_that_goes_on_asking_is_left_for_the_next_run(
    server: PracticeServer, path: Path, ports: Ports, seconds: float
) -> None:
    """Tried a bounded number of times, however many connections lie behind it."""
    due(server, path, 30)
    server.inject(TOKEN, *[Fault(status=429, headers=(("Retry-After", f"{seconds:.0f}"),))] * 200)
    begun = time.monotonic()
    kept = await keep_alive(ports, at_once=4)
    assert time.monotonic() - begun < 30
    assert kept.run.renewed == 0
    assert {each.code for each in kept.failures} == {"TOKEN-13"}
    assert 1 <= len(kept.failures) <= 4
    assert kept.left == 30 - len(kept.failures)
    assert len([entry for entry in server.log if entry.path == TOKEN]) <= 4 * (MOST_WAITS + 2)
    assert kept.run.problem == "TOKEN-13"


async def test_several_that_are_asked_at_once_to_wait_have_waited_once(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    due(server, path, 16)
    server.inject(TOKEN, *[Fault(status=429, headers=(("Retry-After", "1"),))] * 8)
    kept = await keep_alive(ports, at_once=8)
    assert (kept.run.renewed, kept.left, kept.run.problem) == (16, 0, None)


async def test_a_run_ends_before_the_schedule_ends_it(server: PracticeServer, path: Path) -> None:
    due(server, path, 6)
    clock = clock_of(server)
    slow = ports_at(path, clock=lambda: clock() + renewals(server) * LONGEST_RUN / 3)
    kept = await keep_alive(slow, at_once=1)
    assert (kept.run.renewed, kept.left, kept.run.problem) == (3, 3, None)
    assert kept.run.ended_at is not None
    worst = LONGEST_RUN + timedelta(seconds=LONGEST_WAIT) + timedelta(minutes=10)
    assert worst < timedelta(hours=LONGEST_RUN_HOURS)


async def test_a_server_that_is_not_reached_is_not_tried_a_thousand_times(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    made = due(server, path, 12)
    vault = vault_at(path)
    for each in made[:-1]:
        gone = replace(each.endpoints, authorize="http://127.0.0.1:9/auth", token="http://127.0.0.1:9/token")
        secrets = vault.secrets(each.id)
        vault.remove(each.id)
        vault.save(replace(each, endpoints=gone), secrets, client_secret=vault.client_secret("127.0.0.1:9", "x"))
        vault.set_client_secret("127.0.0.1:9", each.client_id, _key())
    kept = await keep_alive(ports, at_once=1)
    assert kept.run.renewed == 1, "another server is another matter"
    assert [each.code for each in kept.failures] == ["NET-02"] * UNREACHED_IN_A_ROW
    assert kept.left == 11 - UNREACHED_IN_A_ROW
    assert kept.run.problem == "NET-02"


async def test_a_lost_answer_is_tried_once_more(server: PracticeServer, path: Path, ports: Ports) -> None:
    due(server, path, 2)
    server.inject(TOKEN, Fault(cut=Cut.NO_ANSWER))
    kept = await keep_alive(ports, at_once=1)
    assert (kept.run.renewed, kept.run.problem) == (2, None)


async def test_one_that_is_removed_meanwhile(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = due(server, path, 3)
    server.switches = replace(server.switches, latency=0.2)

    def told(done: int, of: int) -> None:
        ports.vault.remove(made[-1].id)

    kept = await keep_alive(ports, at_once=1, told=told)
    assert (kept.run.due, kept.run.renewed, kept.run.problem, kept.failures) == (3, 2, None, ())
    assert kept.left == 0, "the next run has nothing to do for it"


async def test_cut_off_in_the_middle_it_says_so_and_loses_nothing(
    server: PracticeServer, path: Path, ports: Ports
) -> None:
    made = due(server, path, 6)
    server.switches = replace(server.switches, latency=0.3)
    task = asyncio.create_task(keep_alive(ports, at_once=2))
    await asyncio.to_thread(_wait_for_renewals, server, 2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    noted = run_of(ports)
    assert noted.ended_at is None
    assert noted.due == 6
    assert not keeps_alive(noted, now=ports.clock())
    server.switches = replace(server.switches, latency=0.0)
    locks = ConnectionLocks(path)
    for each in made:
        with locks.held(each.id):  # the renewal under way is finished
            secrets = ports.vault.secrets(each.id)
        assert secrets.refresh_token is not None
        assert [secrets.refresh_token.reveal()] == live_refresh_tokens(server, int(each.tenant_id))


async def test_a_vault_that_cannot_be_read(server: PracticeServer, path: Path, ports: Ports) -> None:
    _spoil(path)
    with pytest.raises(ProblemError) as stopped:
        await keep_alive(ports)
    assert stopped.value.code == "STORE-08"


async def test_a_row_that_cannot_be_read_stops_no_other(server: PracticeServer, path: Path, ports: Ports) -> None:
    made = due(server, path, 3)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE connection SET connected_at = 'never' WHERE id = ?", (made[1].id,))
        database.commit()
    kept = await keep_alive(ports)
    assert (kept.run.due, kept.run.renewed, kept.run.problem) == (2, 2, None)


async def test_a_list_that_cannot_be_read_is_noted(
    server: PracticeServer, path: Path, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    due(server, path, 1)
    vault = ports.vault

    def refused() -> tuple[Connection, ...]:
        raise stop("STORE-09")

    monkeypatch.setattr(vault, "connections", refused)
    with pytest.raises(ProblemError) as stopped:
        await keep_alive(ports)
    assert stopped.value.code == run_of(ports).problem == "STORE-09"


async def test_a_disk_that_takes_nothing_uses_up_no_token(
    server: PracticeServer, path: Path, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    due(server, path, 3)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("assistant.vault.sqlite_rows.SqliteWriting._put", full)
    monkeypatch.setattr("assistant.vault.sqlite_rows.SqliteWriting.execute", full)
    kept = await keep_alive(ports)
    assert kept.stopped_by is not None
    assert kept.run.renewed == 0
    assert server.log == []


async def test_it_keeps_the_pace_of_the_token_endpoint(server: PracticeServer, path: Path) -> None:
    due(server, path, 10)
    begun = time.monotonic()
    kept = await keep_alive(ports_at(path, clock=clock_of(server), token_pace=Pace(1, 0.2)))
    took = time.monotonic() - begun
    assert kept.run.renewed == 10
    assert took >= 0.2 * 9


@pytest.mark.long
async def test_memory_does_not_grow_with_the_connections(server: PracticeServer, path: Path) -> None:
    async def peak(count: int) -> int:
        folder = path.parent / str(count) / "connections.db"
        due(server, folder, count)
        ports = ports_at(folder, clock=clock_of(server), token_pace=Pace(1000, 0.1))
        tracemalloc.start()
        kept: Kept = await keep_alive(ports)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert kept.run.renewed == count
        return most

    few, many = await peak(20), await peak(300)
    assert many < few + 6_000_000


def _wait_for_renewals(server: PracticeServer, count: int) -> None:
    while renewals(server) < count:
        time.sleep(0.02)
    time.sleep(0.1)


def _spoil(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all" * 300)


def _key() -> Any:
    from assistant.secret import Secret

    return Secret("anything")
