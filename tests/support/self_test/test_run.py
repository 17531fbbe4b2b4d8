"""The self-test as a whole: in order, bounded whatever hangs, and honest about what it could not look at."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.fortnox.redirect import RedirectUri
from assistant.integration import WayBack
from assistant.problems import stop
from assistant.schedule import State, Status
from assistant.support.preflight import Verdict
from assistant.support.self_test import LONGEST_SECONDS, Check, Detail, EngineAnswer, Reason, Result, run_self_test
from assistant.support.self_test.engine_process import EngineProcess, child_environment, read_answer, written_answer
from assistant.support.self_test.run import LOOKS
from assistant.support.self_test.words import result_words, summary
from assistant.vault.sealing_key import KeychainState, MemoryKeychain
from assistant.vault.store import Vault
from tests.fortnox.servers import answer, server
from tests.journey import honest
from tests.support.self_test.worlds import OpenKeychain, endpoints, integration, world
from tests.vault import samples

pytestmark = pytest.mark.anyio

REACHED = answer("501 Not Implemented", b"")


def of(results: tuple[Result, ...], check: Check) -> Result:
    (found,) = (each for each in results if each.check is check)
    return found


async def test_everything_is_well(tmp_path: Path) -> None:
    Vault(tmp_path / "connections.db", MemoryKeychain()).save(samples.service(), samples.SECRETS)
    told: list[Result] = []
    async with server(REACHED) as there:
        done = await run_self_test(world(tmp_path, integration=integration(there.origin)), found=told.append)
    assert done.failures == 0
    assert [each.check for each in done.results] == list(Check)
    assert sorted(told, key=repr) == sorted(done.results, key=repr)
    quiet = {each.check: each.reason for each in done.results if each.verdict is not Verdict.FINE}
    assert quiet == {Check.CLOCK: Reason.NO_ANSWER, Check.PORT: Reason.NOT_NEEDED}
    assert "Åkerlund" not in repr(done), "no company is named"
    assert summary(done) == "Nothing stands in the way, as far as could be checked."


async def test_it_ends_in_time_whatever_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look hangs. Each has a bound of its own; together they keep to theirs."""
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: time.sleep(30))

    class Hanging(OpenKeychain):
        def state(self) -> KeychainState:
            time.sleep(30)
            return KeychainState.READY

    class HangingVault(Vault):
        def usable(self) -> None:
            time.sleep(30)

        def connections(self) -> tuple[()]:
            time.sleep(30)
            return ()

    async def engine() -> EngineAnswer:
        await asyncio.sleep(30)
        return EngineAnswer()

    def hangs() -> None:
        time.sleep(30)

    began = time.monotonic()
    done = await run_self_test(
        world(
            tmp_path,
            endpoints=endpoints("https://hangs.example"),
            keychain=Hanging(),
            vault=HangingVault(tmp_path / "v.db", MemoryKeychain()),
            engine=engine,
            takes_web_addresses=hangs,
            schedule=hangs,
            user=hangs,
        )
    )
    took = time.monotonic() - began
    assert took < 10, took
    late = {each.check for each in done.results if each.reason is Reason.LATE}
    assert late == {
        Check.KEYCHAIN,
        Check.VAULT,
        Check.CONNECTION,
        Check.ENGINE,
        Check.OPENER,
        Check.SCHEDULE,
        Check.USER,
    }
    assert of(done.results, Check.SERVER).problem is not None


def test_no_look_may_take_longer_than_the_whole() -> None:
    assert all(limit <= LONGEST_SECONDS < 10 for limit, _ in LOOKS.values())
    assert set(Check) - set(LOOKS) == {Check.CLOCK}, "which the servers tell"


async def test_a_look_that_breaks_is_not_checked(tmp_path: Path) -> None:
    def broken() -> bool:
        raise RuntimeError("canary-text-of-a-fault")

    done = await run_self_test(world(tmp_path, takes_web_addresses=broken))
    found = of(done.results, Check.OPENER)
    assert (found.verdict, found.reason) == (Verdict.NOT_CHECKED, Reason.FAULT)
    assert found.detail(Detail.FAULT) == "RuntimeError"
    assert "canary" not in repr(done)
    assert result_words(found).sentence == "The check itself broke (RuntimeError)."


async def test_an_integration_file_that_cannot_be_read(tmp_path: Path) -> None:
    problem = stop("FILE-06", file="/home/eva/canary.toml").occurrence
    done = await run_self_test(world(tmp_path, integration_problem=problem))
    found = of(done.results, Check.INTEGRATION_FILE)
    assert (found.verdict, result_words(found).code) == (Verdict.WRONG, "FILE-06")
    assert "canary" not in result_words(found).sentence
    assert of(done.results, Check.PORT).reason is Reason.NO_INTEGRATION


async def test_stored_connections(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "connections.db", MemoryKeychain())
    now = datetime.now(UTC)
    vault.save(samples.service(connected_at=now - timedelta(days=3)), samples.SECRETS)
    broken = samples.service(tenant_id="7", connected_at=now - timedelta(days=2), problem="TOKEN-08", problem_at=now)
    vault.save(broken, samples.SECRETS)
    over = samples.user(tenant_id="8", connected_at=now - timedelta(days=50), valid_until=now - timedelta(days=5))
    vault.save(over, samples.SECRETS)
    done = await run_self_test(world(tmp_path, vault=vault))
    found = [each for each in done.results if each.check is Check.CONNECTION]
    assert [(each.detail(Detail.NUMBER), each.problem and each.problem.code) for each in found] == [
        ("1", "TOKEN-11"),
        ("2", None),
        ("3", "TOKEN-08"),
    ]
    assert "1234567" not in repr(found)


@pytest.mark.provokes("STORE-08")
async def test_a_damaged_vault(tmp_path: Path) -> None:
    (tmp_path / "connections.db").write_bytes(b"no database at all" * 300)
    done = await run_self_test(world(tmp_path))
    assert [result_words(of(done.results, check)).code for check in (Check.VAULT, Check.CONNECTION)] == ["STORE-08"] * 2


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (State.INSTALLED, Verdict.FINE),
        (State.NOT_INSTALLED, Verdict.NOT_CHECKED),
        (State.OTHER_PROGRAM, Verdict.ATTENTION),
        (State.DISABLED, Verdict.ATTENTION),
        (State.UNKNOWN, Verdict.NOT_CHECKED),
    ],
)
async def test_the_schedule(tmp_path: Path, state: State, verdict: Verdict) -> None:
    done = await run_self_test(world(tmp_path, schedule=lambda: Status(state=state)))
    assert of(done.results, Check.SCHEDULE).verdict is verdict


async def test_a_schedule_that_a_user_account_needs(tmp_path: Path) -> None:
    Vault(tmp_path / "connections.db", MemoryKeychain()).save(samples.user(), samples.SECRETS)
    done = await run_self_test(world(tmp_path, schedule=lambda: Status(state=State.NOT_INSTALLED)))
    found = of(done.results, Check.SCHEDULE)
    assert (found.verdict, found.reason) == (Verdict.ATTENTION, Reason.NOT_INSTALLED)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no numbers of users")
async def test_another_user(tmp_path: Path) -> None:
    mine = of((await run_self_test(world(tmp_path))).results, Check.USER)
    assert mine.verdict is Verdict.FINE
    theirs = of((await run_self_test(world(tmp_path, user=lambda: 4711))).results, Check.USER)
    assert (theirs.verdict, theirs.reason) == (Verdict.ATTENTION, Reason.OTHER_USER)
    told = result_words(theirs).sentence
    assert "4711" in told
    assert str(os.geteuid()) in told


@pytest.mark.provokes("OWN-01")
async def test_the_port_of_the_redirect(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = replace(
        honest.integration(way_back=WayBack.LISTENER), redirect_uri=RedirectUri(f"http://localhost:{port}/callback")
    )
    found = of((await run_self_test(world(tmp_path, integration=here), longest=3)).results, Check.PORT)
    assert (found.verdict, found.detail(Detail.PORT)) == (Verdict.FINE, str(port))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))  # nothing of the first look is left in the way
        taken.listen()
        found = of((await run_self_test(world(tmp_path, integration=here), longest=3)).results, Check.PORT)
    assert found.problem is not None
    assert found.problem.code == "OWN-01"


# ---- the engine's process


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


async def test_an_engine_that_hangs_is_killed_with_all_it_started(tmp_path: Path) -> None:
    child = tmp_path / "child"
    code = (
        "import subprocess, sys, time\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(child)!r}, 'w').write(str(p.pid))\n"
        "time.sleep(60)\n"
    )
    began = time.monotonic()
    found = await EngineProcess(words=python(code), limit=3)()
    assert found == EngineAnswer(late=True)
    assert time.monotonic() - began < 6
    await asyncio.sleep(0.5)
    assert not _alive(int(child.read_text()))


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.parametrize(
    ("code", "verdict", "told"),
    [
        ("import os; os.kill(os.getpid(), 11)", Verdict.WRONG, "WEB-04"),
        ("print('no json')", Verdict.WRONG, "WEB-04"),
        ('print(\'{"painted": false, "problem": "START-02"}\')', Verdict.WRONG, "START-02"),
        ('print(\'{"painted": false, "problem": "<b>"}\')', Verdict.WRONG, "WEB-04"),
        ('print(\'{"painted": true, "qt": "6.12.0"}\')', Verdict.FINE, None),
        ("print('{\"no_display\": true}')", Verdict.NOT_CHECKED, None),
    ],
)
async def test_what_an_engine_says(tmp_path: Path, code: str, verdict: Verdict, told: str | None) -> None:
    done = await run_self_test(world(tmp_path, engine=EngineProcess(words=python(code), limit=6)))
    found = of(done.results, Check.ENGINE)
    assert (found.verdict, result_words(found).code) == (verdict, told)


async def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    assert await EngineProcess(words=(str(tmp_path / "no"),))() == EngineAnswer(problem="WEB-04")


def test_the_engines_process_gets_no_client_secret() -> None:
    given = {"PATH": "/bin", "LAGERKOLL_SECRET": "canary", "QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}
    assert child_environment(given) == {"PATH": "/bin", "QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}


def test_what_is_written_is_what_is_read() -> None:
    whole = EngineAnswer(painted=True, qt="6.12.0", chromium="140.0.7339.225", patches="152.0.7977.83")
    assert read_answer(written_answer(whole).encode()) == whole
    assert read_answer(written_answer(EngineAnswer(no_display=True, qt="6.12.0; rm")).encode()).qt == "6.12.0"


async def test_the_real_engine_starts_and_paints(tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtWebEngineCore")
    done = await EngineProcess(limit=60)()
    assert done.painted, done
    assert done.qt
    assert done.chromium
