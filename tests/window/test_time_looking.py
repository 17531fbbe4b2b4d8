"""The preflight on real ports: network, clock, keychain, vault, engine and port, in time and without blocking."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.effects import Ports
from assistant.fortnox.client import Client
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.redirect import RedirectUri
from assistant.integration import Integration, with_endpoints
from assistant.own_thread import OwnThread
from assistant.problems import Occurrence, Way, occurrence
from assistant.support.preflight import LIMIT_SECONDS, Finding, Probe, Verdict
from assistant.vault.async_vault import AsyncVault
from assistant.vault.keychain import Keychain
from assistant.vault.sealing_key import KeychainState, MemoryKeychain, SealingKeyHolder
from assistant.vault.store import Vault
from assistant.window.elevated import is_elevated
from assistant.window.looking import LookAhead
from tests.fortnox.servers import Script, answer, server
from tests.journey import honest
from tests.test_time import NobodyThere
from tests.vault.samples import SECRETS, service

pytestmark = pytest.mark.anyio

BEAT, GAP, RUNS = 0.02, 0.1, 3


class LockedKeychain(Keychain):
    """Answers with a state of its own, after `seconds` on the thread that asks; prompting is a mistake here."""

    def __init__(self, state: KeychainState, *, seconds: float = 0.0) -> None:
        super().__init__("test-preflight")
        self._told, self._seconds = state, seconds

    def state(self) -> KeychainState:
        time.sleep(self._seconds)
        return self._told

    def unlock(self) -> None:
        raise AssertionError("the preflight never prompts")

    key = create_key = unlock  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def own_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a thread of its own, so that a keychain that hangs in one is not waited for in the next."""
    monkeypatch.setattr("assistant.window.looking._KEYCHAIN_LOOK", OwnThread("keychain-look"))


async def running() -> Occurrence | None:
    return None


async def asleep() -> Occurrence | None:
    await asyncio.Event().wait()
    return None


def dated(difference: timedelta) -> Script:
    async def script(request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        now = datetime.now(UTC) + difference
        await answer("501 Not Implemented", b"", f"Date: {now:%a, %d %b %Y %H:%M:%S} GMT")(request, reader, writer)

    return script


@asynccontextmanager
async def world(
    folder: Path,
    *,
    script: Script | None = None,
    keychain: SealingKeyHolder | None = None,
    engine: Callable[[], Awaitable[Occurrence | None]] = running,
    redirect_uri: str = "https://lagerkoll.example/activation",
    vault: Vault | None = None,
) -> AsyncIterator[LookAhead]:
    async with server(script or dated(timedelta())) as heard:
        ends = Endpoints(
            authorize=f"{heard.origin}/auth", token=f"{heard.origin}/token", revoke=f"{heard.origin}/revoke",
            migrate=f"{heard.origin}/migrate", api=heard.origin,
        )  # fmt: skip
        described: Integration = with_endpoints(honest.integration(), ends)
        described = replace(described, redirect_uri=RedirectUri(redirect_uri))
        key = keychain or MemoryKeychain()
        kept = AsyncVault(vault or Vault(folder / "vault.db", key))

        async def open_address(address: str) -> bool:
            return True

        ports = Ports(
            client=Client, vault=kept, sign_in=NobodyThere(), open_address=open_address, hide=lambda: None,
            clock=lambda: datetime.now(UTC), random_text=lambda count: "x" * count,
        )  # fmt: skip
        yield LookAhead(described, ports, vault=kept, keychain=key, engine=engine)


async def findings(looking: LookAhead, *, limit: float = LIMIT_SECONDS) -> dict[Probe, Finding]:
    found: dict[Probe, Finding] = {}
    ran = asyncio.create_task(looking.run(lambda finding: found.setdefault(finding.probe, finding), limit=limit))
    async with asyncio.timeout(limit + 5):
        while len(found) < len(Probe):  # noqa: ASYNC110 - the look ahead goes on for an engine that is late
            await asyncio.sleep(0.01)
    ran.cancel()
    await asyncio.gather(ran, return_exceptions=True)
    return found


async def test_four_quiet_rows_when_all_is_well(tmp_path: Path) -> None:
    async with world(tmp_path) as looking:
        found = await findings(looking)
    assert {probe: finding.verdict for probe, finding in found.items()} == dict.fromkeys(Probe, Verdict.FINE)
    assert all(finding.occurrence is None and finding.details for finding in found.values())
    assert not (tmp_path / "vault.db").exists(), "looking changes nothing"


@pytest.mark.parametrize(("minutes", "verdict"), [(1, Verdict.FINE), (-90, Verdict.ATTENTION), (5, Verdict.ATTENTION)])
async def test_the_clock_is_judged_by_the_servers(tmp_path: Path, minutes: int, verdict: Verdict) -> None:
    async with world(tmp_path, script=dated(timedelta(minutes=minutes))) as looking:
        finding = (await findings(looking))[Probe.CLOCK]
    assert finding.verdict is verdict
    assert (finding.occurrence.code if finding.occurrence else None) == (
        "START-05" if verdict is Verdict.ATTENTION else None
    )


async def test_without_an_answer_the_clock_is_not_judged(tmp_path: Path) -> None:
    async def cut(_: bytes, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with world(tmp_path, script=cut) as looking:
        found = await findings(looking)
    assert found[Probe.CLOCK].verdict is Verdict.NOT_CHECKED
    assert found[Probe.INTERNET].verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("state", "verdict", "code"),
    [
        (KeychainState.READY, Verdict.FINE, None),
        (KeychainState.LOCKED, Verdict.ATTENTION, "STORE-02"),
        (KeychainState.ABSENT, Verdict.WRONG, "STORE-01"),
        (KeychainState.UNREACHABLE, Verdict.WRONG, "STORE-04"),
    ],
)
async def test_the_password_store_is_looked_at_and_never_opened(
    tmp_path: Path, state: KeychainState, verdict: Verdict, code: str | None
) -> None:
    async with world(tmp_path, keychain=LockedKeychain(state)) as looking:
        finding = (await findings(looking))[Probe.PASSWORD_STORE]
    assert finding.verdict is verdict
    assert (finding.occurrence.code if finding.occurrence else None) == code


def sealed(path: Path) -> None:
    Vault(path, MemoryKeychain()).save(service(), SECRETS)


@pytest.mark.parametrize(
    ("keychain", "code"), [(MemoryKeychain(), "STORE-05"), (MemoryKeychain(b"k" * 32), "STORE-13")]
)
@pytest.mark.provokes(argument="code")
async def test_a_key_that_is_gone_or_does_not_fit_is_said_before_anybody_signs_in(
    tmp_path: Path, keychain: MemoryKeychain, code: str
) -> None:
    sealed(tmp_path / "vault.db")
    async with world(tmp_path, keychain=keychain) as looking:
        finding = (await findings(looking))[Probe.PASSWORD_STORE]
    assert (finding.verdict, finding.occurrence and finding.occurrence.code) == (Verdict.WRONG, code)
    assert Way.SET_ASIDE in finding.occurrence.problem.ways if finding.occurrence else False


class PromptsOnReading(LockedKeychain):
    """As macOS: it is open, and asks inside the read."""

    reads_quietly = False  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("keychain", "verdict"),
    [(LockedKeychain(KeychainState.LOCKED), Verdict.ATTENTION), (PromptsOnReading(KeychainState.READY), Verdict.FINE)],
)
async def test_where_that_would_show_a_box_it_is_not_looked_at(
    tmp_path: Path, keychain: Keychain, verdict: Verdict
) -> None:
    sealed(tmp_path / "vault.db")
    async with world(tmp_path, keychain=keychain) as looking:
        assert (await findings(looking))[Probe.PASSWORD_STORE].verdict is verdict


async def test_a_vault_that_is_a_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "vault.db").mkdir()
    async with world(tmp_path) as looking:
        finding = (await findings(looking))[Probe.PASSWORD_STORE]
    assert finding.verdict is Verdict.WRONG
    assert finding.occurrence is not None
    assert finding.occurrence.code.startswith("STORE-")


async def test_an_engine_that_is_missing_and_one_that_comes_late(tmp_path: Path) -> None:
    async def missing() -> Occurrence | None:
        return occurrence("WEB-04")

    async with world(tmp_path, engine=missing) as looking:
        finding = (await findings(looking))[Probe.BROWSER]
    assert (finding.verdict, finding.occurrence) == (Verdict.WRONG, occurrence("WEB-04"))

    woken = asyncio.Event()

    async def late() -> Occurrence | None:
        await woken.wait()
        return None

    told: list[Finding] = []
    async with world(tmp_path, engine=late) as looking:
        ran = asyncio.create_task(looking.run(told.append, limit=0.5))
        async with asyncio.timeout(10):
            while len(told) < len(Probe):  # noqa: ASYNC110 - the look ahead tells as it goes
                await asyncio.sleep(0.01)
            assert told[-1].verdict is Verdict.NOT_CHECKED
            woken.set()
            await ran
    assert (told[-1].probe, told[-1].verdict) == (Probe.BROWSER, Verdict.FINE)


async def test_the_port_for_the_own_browser_is_looked_at_where_it_matters(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        async with world(tmp_path, redirect_uri=f"http://127.0.0.1:{port}/done") as looking:
            taken = (await findings(looking))[Probe.BROWSER]
    assert taken.verdict is Verdict.ATTENTION, "signing in inside the window works all the same"
    assert taken.occurrence is not None
    assert taken.occurrence.code == "OWN-01"
    async with world(tmp_path, redirect_uri=f"http://127.0.0.1:{port}/done") as looking:
        free = (await findings(looking))[Probe.BROWSER]
        assert (f"Port {port}", "free") in free.details
    with socket.socket() as again:  # it was let go
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
    async with world(tmp_path) as looking:
        assert [name for name, _ in (await findings(looking))[Probe.BROWSER].details] == ["Engine"]


async def test_a_port_where_nobody_will_listen_is_not_looked_at(tmp_path: Path) -> None:
    """No browser trusts a certificate for this computer, so an answer over https comes inside the window alone."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        async with world(tmp_path, redirect_uri=f"https://127.0.0.1:{holder.getsockname()[1]}/done") as looking:
            found = (await findings(looking))[Probe.BROWSER]
    assert (found.verdict, found.details) == (Verdict.FINE, (("Engine", "running"),))


@pytest.mark.parametrize("elevated", [pytest.param(True, marks=pytest.mark.provokes("START-06")), False])
async def test_an_administrators_rights_are_told_and_stop_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elevated: bool
) -> None:
    """With a stand-in for Windows' own answer: this was never run there."""
    shell = SimpleNamespace(IsUserAnAdmin=lambda: int(elevated))
    monkeypatch.setattr("assistant.window.elevated.sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr("assistant.window.elevated.ctypes", SimpleNamespace(windll=SimpleNamespace(shell32=shell)))
    async with world(tmp_path) as looking:
        found = (await findings(looking))[Probe.BROWSER]
    assert found.verdict is (Verdict.ATTENTION if elevated else Verdict.FINE)
    assert (found.occurrence.code if found.occurrence else None) == ("START-06" if elevated else None)
    monkeypatch.undo()
    assert not is_elevated(), "root has a problem of its own"


def looking_threads() -> int:
    return [each.name for each in threading.enumerate()].count("keychain-look")


async def test_a_keychain_that_hangs_holds_one_thread_however_often_it_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.window.looking.STORE_SECONDS", 0.1)
    hung = LockedKeychain(KeychainState.READY, seconds=0.5)
    before = looking_threads()
    for _turn in range(4):
        async with world(tmp_path, keychain=hung) as looking:
            finding = await looking.password_store()
        assert finding.occurrence is not None
        assert finding.occurrence.code == "STORE-04"
    assert looking_threads() == before + 1
    await asyncio.sleep(1)  # the others never began
    async with world(tmp_path, keychain=LockedKeychain(KeychainState.READY)) as looking:
        assert (await looking.password_store()).verdict is Verdict.FINE


class SlowVault(Vault):
    def usable(self) -> Occurrence | None:
        time.sleep(6)
        return None


async def silent(_: bytes, reader: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.timeout(60)
async def test_all_of_it_ends_within_three_seconds_and_nothing_blocks_the_loop(tmp_path: Path) -> None:
    """Everything hangs at once: the servers, the keychain, the vault's disk and the engine."""
    longest: list[float] = []
    for _run in range(RUNS):
        beats = [time.perf_counter()]

        async def beat(beats: list[float] = beats) -> None:
            while True:
                await asyncio.sleep(BEAT)
                beats.append(time.perf_counter())

        hung = LockedKeychain(KeychainState.READY, seconds=6)
        vault = SlowVault(tmp_path / "vault.db", MemoryKeychain())
        async with world(tmp_path, script=silent, keychain=hung, engine=asleep, vault=vault) as looking:
            heart = asyncio.create_task(beat())
            begun = time.perf_counter()
            found = await findings(looking)
            took = time.perf_counter() - begun
            heart.cancel()
        assert took < LIMIT_SECONDS + 1
        assert len(beats) > 50
        assert found[Probe.INTERNET].occurrence is not None
        assert found[Probe.INTERNET].occurrence.code == "NET-03"
        store = found[Probe.PASSWORD_STORE]
        assert store.occurrence is not None
        assert store.occurrence.code == "STORE-04"
        assert ("Vault", "no answer") in store.details
        assert found[Probe.CLOCK].verdict is found[Probe.BROWSER].verdict is Verdict.NOT_CHECKED
        longest.append(max(after - before for before, after in itertools.pairwise(beats)))
        if longest[-1] < GAP:
            return
    pytest.fail(f"the loop stood still for {longest} s")
