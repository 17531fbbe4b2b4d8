"""Time: the code's ten minutes, a limit on every wait, and what a wrong clock is the cause of."""

from __future__ import annotations

import asyncio
import re
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from assistant.deadlines import AT_ONCE, BY_THE_PERSON, CODE_SECONDS, TIMES, Deadlines, too_late
from assistant.effects import Ports, Walk
from assistant.elapsed import elapsed
from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.client import Client
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Access
from assistant.fortnox.redirect import RedirectUri
from assistant.fortnox.server_clock import ServerClock, clock_problem, explained
from assistant.integration import WayBack
from assistant.journey import Event, Journey, Step, Wish, begin, events, step, wishes
from assistant.own_browser import OwnBrowser
from assistant.practice.faults import Fault
from assistant.practice.server import PracticeServer
from assistant.problems import Way, occurrence, stop
from assistant.secret import Secret
from assistant.vault.async_vault import AsyncVault
from assistant.vault.connection import Connection
from assistant.vault.sealing_key import MemoryKeychain, SealingKeyHolder
from assistant.vault.store import Vault
from assistant.window.looking import LookAhead
from tests.fortnox import certificates, servers
from tests.journey import honest
from tests.loopback.test_binding import free_port
from tests.walking import SCOPES, Person, World, alive, grants, outcomes, practice_integration, visit

pytestmark = pytest.mark.anyio

TOKEN, REVOKE, COMPANY = "/oauth-v1/token", "/oauth-v1/revoke", "/3/companyinformation"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SHORT = 0.05


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running


@dataclass
class TimedWorld(World):
    """A walk whose clocks can be turned, and whose ports can be changed."""

    now: float = 1000.0
    deadlines: Deadlines | None = None
    clock_off: timedelta = timedelta()
    verify: ssl.SSLContext | None = None

    def ports(self) -> Ports:
        ports = replace(super().ports(), elapsed=lambda: self.now, clock=lambda: datetime.now(UTC) + self.clock_off)
        return replace(ports, deadlines=self.deadlines) if self.deadlines else ports

    def _client(self, endpoints: Endpoints, access: Access) -> AbstractAsyncContextManager[Client]:
        if self.verify is None:
            return super()._client(endpoints, access)
        return Client(endpoints, access, proxy=lambda _: None, verify=self.verify)


def world(server: PracticeServer, folder: Path, *visits: tuple[str, ...], **changes: Any) -> TimedWorld:
    return TimedWorld(practice_integration(server), folder, Person(*visits), **changes)


# The ten minutes.


@pytest.mark.parametrize(
    ("waited", "sent"),
    [(CODE_SECONDS - 1, True), pytest.param(CODE_SECONDS, False, marks=pytest.mark.provokes("AUTH-16"))],
)
async def test_a_code_is_sent_again_within_ten_minutes_of_the_redirect_and_not_after(
    server: PracticeServer, tmp_path: Path, waited: float, sent: bool
) -> None:
    async with world(server, tmp_path, visit(), visit()).walking() as here:
        assert isinstance(here, TimedWorld)
        here.down = {0}
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "NET-07"  # nothing was sent, so the same code may be
        here.now += waited
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        state = await here.until(Step.CONFIRM, Step.PROBLEM)
        if sent:
            assert state.step is Step.CONFIRM
            return
        assert state.problem is not None
        assert state.problem.code == "AUTH-16"
        assert grants(server) == [], "a code that is too old is not sent"
        assert here.calls == 1
        here.send(events.WayChosen(way=Way.SIGN_IN_AGAIN))
        assert (await here.until(Step.CONFIRM)).attempt == 2, "the new attempt has ten minutes of its own"
        assert here.stored == ()


def test_the_clock_of_the_ten_minutes_cannot_be_set_and_counts_sleep() -> None:
    first = elapsed()
    time.sleep(0.02)
    assert 0.02 <= elapsed() - first < 5
    if hasattr(time, "CLOCK_BOOTTIME"):
        assert abs(elapsed() - time.clock_gettime(time.CLOCK_BOOTTIME)) < 1


# Every wait ends.


class Never:
    """A vault, a client and an opener that never answer."""

    async def __aenter__(self) -> Never:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    server_time = None

    def __getattr__(self, name: str) -> Any:
        async def never(*_: Any, **__: Any) -> Any:
            await asyncio.Event().wait()

        return never


class NobodyThere:
    """A sign-in page that nobody looks at."""

    def show_request(self, attempt: int, request: AuthorizationRequest, send: Callable[[Event], None]) -> None:
        return None

    def end_request(self) -> None:
        return None


def ports_that_never_answer() -> Ports:
    async def never(address: str) -> bool:
        await asyncio.Event().wait()
        return True

    return Ports(
        client=lambda endpoints, access: Never(),  # type: ignore[arg-type, return-value]
        vault=Never(),  # type: ignore[arg-type]
        sign_in=NobodyThere(),
        open_address=never,
        hide=lambda: None,
        clock=lambda: NOW,
        random_text=lambda count: "x" * 43,
        deadlines=Deadlines(seconds=dict.fromkeys(Deadlines().seconds, SHORT)),
    )


WAITING: dict[type[Wish], tuple[str, AccountKind]] = {
    wishes.ListConnections: ("START-04", AccountKind.USER),
    wishes.UnlockKeychain: ("STORE-04", AccountKind.USER),
    wishes.ExchangeCode: ("TOKEN-04", AccountKind.USER),
    wishes.ReadCompany: ("START-04", AccountKind.USER),
    wishes.ReadPerson: ("START-04", AccountKind.USER),
    wishes.ProveService: ("START-04", AccountKind.SERVICE),
    wishes.FindMatching: ("START-04", AccountKind.USER),
    wishes.Store: ("STORE-17", AccountKind.USER),
    wishes.OpenStartPage: ("OPEN-01", AccountKind.USER),
}
"""Every wish whose answer a page waits for, and what it ends in. Those beside a page are tested below."""

BESIDE = {wishes.Revoke, wishes.OpenOwnBrowser, wishes.Listen, wishes.SetAside}


def test_every_wish_has_a_limit_or_a_reason_for_none() -> None:
    known = {each for each in vars(wishes).values() if isinstance(each, type) and issubclass(each, Wish)} - {Wish}
    limited = set(Deadlines().seconds)
    assert limited | AT_ONCE | TIMES | BY_THE_PERSON == known, "how long may the new one take?"
    assert sum(map(len, (limited, AT_ONCE, TIMES, BY_THE_PERSON))) == len(known), "one answer each"
    assert limited == WAITING.keys() | BESIDE, "and each limit is seen to hold"
    assert all(0 < seconds <= 360 for seconds in Deadlines().seconds.values())


def test_what_carries_its_own_time_says_it() -> None:
    for kind in TIMES:
        wish = kind(seconds=5.0)  # type: ignore[call-arg]
        assert Deadlines().of(wish) is None
    with pytest.raises(KeyError):
        Deadlines(seconds={}).of(wishes.ListConnections())


def test_what_is_done_at_once_waits_for_nothing() -> None:
    """Those wishes never become a task: they are over when `send` returns."""
    tasks: list[Wish] = []
    walk = Walk(honest.integration(), ports_that_never_answer())
    walk._answer = tasks.append  # type: ignore[assignment, method-assign]
    integration = honest.integration()
    done: list[Wish] = [
        wishes.PrepareSignIn(integration=integration, account=AccountKind.USER, scopes=integration.scopes),
        wishes.EndSignIn(),
        wishes.HideWindow(),
        wishes.Quit(),
    ]
    assert {type(wish) for wish in done} == AT_ONCE
    for wish in done:
        walk._carry_out(wish)
    assert tasks == []
    assert walk.ended.is_set()


@pytest.mark.provokes("OWN-04")
async def test_an_own_browser_that_never_starts_is_said_beside_the_link() -> None:
    state = own_browser_state(WayBack.PASTE)
    changed = asyncio.Event()
    walk = Walk(state.integration, ports_that_never_answer(), on_change=lambda state: changed.set())
    walk._first = ()
    async with walk, asyncio.timeout(5):
        walk.state = state
        walk.send(events.OpenAgainAsked())
        while walk.state.aside is None:
            changed.clear()
            await changed.wait()
        assert walk.state.aside.code == "OWN-04"
        assert walk.state.step is Step.SIGN_IN, "the link can still be copied"


@pytest.mark.provokes("START-04")
async def test_a_listener_that_never_listens_ends_in_a_problem_with_a_way_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("assistant.loopback.listener.bind", never)
    state = own_browser_state(WayBack.LISTENER)
    assert state.authorization is not None
    changed = asyncio.Event()
    walk = Walk(state.integration, ports_that_never_answer(), on_change=lambda state: changed.set())
    walk._first = ()
    async with walk, asyncio.timeout(5):
        walk.state = state
        walk._carry_out(wishes.Listen(attempt=state.attempt, request=state.authorization))
        while walk.state.problem is None:
            changed.clear()
            await changed.wait()
        assert (walk.state.step, walk.state.problem.code) == (Step.PROBLEM, "START-04")
        assert Way.TRY_AGAIN in walk.state.problem.problem.ways


async def test_once_somebody_listens_the_answer_has_its_own_time(tmp_path: Path) -> None:
    state = own_browser_state(WayBack.LISTENER)
    assert state.authorization is not None
    heard: list[Event] = []
    listener = OwnBrowser(lambda: None)
    listener.listen(1, state.authorization, heard.append, "Lagerkoll", within=0.3, late=occurrence("START-04"))
    await asyncio.sleep(0.8)
    assert heard == [events.Listening(attempt=1)]
    await listener.close()


def own_browser_state(way: WayBack) -> Journey:
    """A sign-in in the person's own browser whose answer is waited for."""
    integration = honest.integration(way_back=way)
    if way is WayBack.LISTENER:
        integration = replace(integration, redirect_uri=RedirectUri(f"http://localhost:{free_port()}/callback"))
    state, _ = begin(integration, client_secret=Secret("s"))
    prepare = wishes.PrepareSignIn(attempt=1, integration=integration, account=state.account, scopes=state.scopes)
    return replace(state, step=Step.SIGN_IN, attempt=1, own_browser=way, authorization=honest.request(prepare))


def waiting_state(wish: type[Wish], account: AccountKind) -> tuple[Journey, Wish]:
    """The honest journey up to the moment in which `wish` is out."""
    state, out = begin(honest.integration(), account=account, client_secret=Secret("secret"))
    todo = list(out)
    for _ in range(60):
        found = next((each for each in todo if isinstance(each, wish)), None)
        if found is not None:
            return state, found
        answer = honest.answer(todo.pop(0)) if todo else None
        if answer is None:
            answer = {Step.CONFIRM: events.Confirmed(), Step.DONE: events.StartPageAsked()}.get(
                state.step, events.Continue()
            )
        state, out = step(state, answer)
        todo += out
    raise AssertionError(f"{wish.__name__} is never wished for")


@pytest.mark.parametrize(
    "wish",
    [pytest.param(wish, marks=pytest.mark.provokes(code), id=wish.__name__) for wish, (code, _) in WAITING.items()],
)
async def test_a_port_that_never_answers_ends_in_a_problem_with_a_way_on(wish: type[Wish]) -> None:
    code, account = WAITING[wish]
    state, wished = waiting_state(wish, account)
    changed = asyncio.Event()
    walk = Walk(honest.integration(), ports_that_never_answer(), on_change=lambda state: changed.set())
    walk._first = ()  # this wish alone is out
    begun = time.monotonic()
    async with walk, asyncio.timeout(5):
        walk.state = state
        walk._carry_out(wished)
        while walk.state.problem is None:
            changed.clear()
            await changed.wait()
        assert time.monotonic() - begun >= SHORT
        problem = walk.state.problem
        assert problem.code == code
        assert problem.problem.ways[0] is not Way.CLOSE
        if wish is wishes.OpenStartPage:
            assert walk.state.step is Step.DONE
            walk.send(events.StartPageAsked())
            assert walk.state.problem is None
            return
        assert walk.state.step is Step.PROBLEM
        first = next(way for way in problem.problem.ways if way in (Way.TRY_AGAIN, Way.SIGN_IN_AGAIN, Way.UNLOCK))
        walk.send(events.WayChosen(way=first))
        assert walk.state.step is not Step.PROBLEM
        assert walk.state.problem is None
        if wish is wishes.Store:
            assert walk.state.held is None, "what may be stored is not handed back"
            assert walk.state.pending is wished, "and the same saving is waited for"
        if wish is wishes.ExchangeCode:
            assert walk.state.attempt == state.attempt + 1, "a code that may have been sent is not sent again"


@pytest.mark.provokes("STORE-04")
async def test_setting_aside_that_never_ends_leaves_what_was_held_and_can_be_asked_again() -> None:
    state, _ = waiting_state(wishes.Store, AccountKind.USER)
    state, _ = step(state, events.StoreFailed(attempt=state.attempt, occurrence=occurrence("STORE-05")))
    async with Walk(honest.integration(), ports_that_never_answer()) as walk, asyncio.timeout(5):
        walk.state = state
        walk.send(events.WayChosen(way=Way.SET_ASIDE))
        while walk.state.pending is not None:  # noqa: ASYNC110 - the walk tells nobody here
            await asyncio.sleep(0.01)
        assert walk.state.problem is not None
        assert walk.state.problem.code == "STORE-04"
        assert (walk.state.step, walk.state.held) == (Step.PROBLEM, state.held)
        walk.send(events.WayChosen(way=Way.TRY_AGAIN))
        assert walk.state.step is Step.SAVING


async def test_revoking_that_never_ends_holds_neither_the_next_sign_in_nor_the_end() -> None:
    state, _ = waiting_state(wishes.FindMatching, AccountKind.USER)
    state, _ = step(state, events.MatchingFound(attempt=state.attempt))
    ports = ports_that_never_answer()
    async with Walk(honest.integration(), ports) as walk, asyncio.timeout(5):
        walk.state = state
        walk.send(events.Refused())
        assert (walk.state.step, walk.state.revoking) == (Step.SIGN_IN, 1)
        while walk.state.revoking:  # noqa: ASYNC110 - the walk tells nobody here
            await asyncio.sleep(0.01)
        assert walk.state.notice is not None
    assert ports.deadlines.of(wishes.Revoke(tokens=honest.tokens(), access=None)) == SHORT


async def test_waiting_may_be_given_up_and_what_comes_late_is_handed_back(
    server: PracticeServer, tmp_path: Path
) -> None:
    async with world(server, tmp_path, visit(), visit()).walking() as here:
        server.inject(TOKEN, Fault(delay=0.5))
        here.go(AccountKind.USER)
        await here.until(Step.CHECKING)
        here.send(events.StartOver())
        state = await here.until(Step.CONFIRM)
        assert state.attempt == 2
        for _ in range(300):
            if any(entry.path == REVOKE for entry in server.log):
                break
            await asyncio.sleep(0.01)
        first, second = sorted(
            server.run.ledger.holdings.refresh_tokens.values(), key=lambda token: token.revoked, reverse=True
        )
        assert (first.revoked, second.revoked) == (True, False)


def test_too_late_says_for_the_exchange_that_nobody_knows() -> None:
    _, exchange = waiting_state(wishes.ExchangeCode, AccountKind.USER)
    found = too_late(exchange)
    assert found.code == "TOKEN-04"
    assert found.problem.ways[0] is Way.SIGN_IN_AGAIN


# The clock.


@pytest.mark.parametrize(("minutes", "off"), [(0, False), (2, False), (-2, False), (2.1, True), (-180, True)])
def test_more_than_two_minutes_are_too_many(minutes: float, off: bool) -> None:
    found = clock_problem(NOW, timedelta(minutes=minutes))
    assert (found is not None) is off
    if found is not None:
        assert found.code == "START-05"
        assert found.facts["shown"] != found.facts["right"]
    assert clock_problem(NOW, None) is None


def test_the_servers_time_goes_on_between_answers_so_that_a_clock_put_right_counts_at_once() -> None:
    seen = ServerClock()
    assert seen.difference(NOW, elapsed=0) is None
    seen.note(NOW + timedelta(minutes=10), elapsed=100)
    assert seen.difference(NOW + timedelta(seconds=60), elapsed=160) == timedelta(minutes=10)
    assert seen.difference(NOW + timedelta(minutes=11), elapsed=160) == timedelta()


def test_a_wrong_clock_is_named_as_the_cause_only_where_it_can_be_one() -> None:
    off = timedelta(minutes=20)
    found = explained(occurrence("NET-10", {"Host": "apps.fortnox.se"}), NOW, off)
    assert found.code == "START-05"
    assert ("Problem", "NET-10") in found.details
    assert ("Host", "apps.fortnox.se") in found.details
    old = explained(occurrence("TOKEN-02"), NOW, off)
    assert old.code == "TOKEN-02", "Fortnox judges a code's age by its own clock"
    assert ("Clock off by seconds", "-1200") in old.details
    refused = explained(occurrence("TOKEN-10"), NOW, off)
    assert refused.code == "TOKEN-10", "a licence is not missing because of a clock"
    assert ("Clock off by seconds", "-1200") in refused.details
    assert explained(occurrence("STORE-02"), NOW, off).details == ()
    assert explained(occurrence("NET-10"), NOW, timedelta(seconds=90)).code == "NET-10"
    again = explained(occurrence("START-05"), NOW, off)
    assert again.code == "START-05"


@pytest.mark.provokes("START-05", "NET-10")
async def test_a_certificate_that_a_wrong_clock_finds_too_young_is_the_clocks_doing_and_costs_no_code(
    server: PracticeServer, tmp_path: Path
) -> None:
    """The first page hears the servers' time; then the token server's certificate does not fit this computer's."""

    async def pass_on(request: bytes, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = urlsplit(server.base_url)
        reader, onward = await asyncio.open_connection("127.0.0.1", there.port)
        onward.write(re.sub(rb"Host: \S+", f"Host: {there.netloc}".encode(), request))
        writer.write(await reader.read())
        onward.close()

    (tmp_path / "young").mkdir()
    (tmp_path / "right").mkdir()
    serving, trusting, _ = certificates.make(tmp_path / "young", organisation="Young", days=(1, 9))
    certificates.make(tmp_path / "right", organisation="Right")
    right = tmp_path / "right" / "certificate.pem"
    trusting.load_verify_locations(right)
    async with servers.server(pass_on, tls=serving) as front:
        ends = Endpoints(**{**server.endpoints, "token": f"https://127.0.0.1:{front.port}{TOKEN}"})
        described = practice_integration(server, endpoints=ends)
        here = TimedWorld(
            described, tmp_path, Person(visit(), visit()), clock_off=timedelta(minutes=-7), verify=trusting
        )
        async with here.walking():
            ports, keychain = here.walk._ports, MemoryKeychain()
            looking = LookAhead(described, ports, vault=AsyncVault(here.vault), keychain=keychain, engine=no_engine)
            await looking.internet()
            state = await here.to_confirm()
            assert state.problem is not None
            assert state.problem.code == "START-05"
            assert dict(state.problem.details)["Problem"] == "NET-10"
            assert grants(server) == []
            here.clock_off = timedelta()
            serving.load_cert_chain(right, tmp_path / "right" / "key.pem")  # seen by a clock that was put right
            here.send(events.WayChosen(way=Way.TRY_AGAIN))
            state = await here.until(Step.CONFIRM, Step.PROBLEM)
            assert (state.step, state.attempt) == (Step.CONFIRM, 1), "the same code, for it never left"
            assert [grant for grant, _ in grants(server)].count("authorization_code") == 1


async def no_engine() -> None:
    return None


async def test_a_code_that_is_too_old_for_fortnox_is_not_the_clocks_doing(
    server: PracticeServer, tmp_path: Path
) -> None:
    refusal = b'{"error":"invalid_grant","error_description":"Authorization code has expired"}'
    async with world(server, tmp_path, visit(), visit(), clock_off=timedelta(minutes=-7)).walking() as here:
        server.inject(TOKEN, Fault(status=400, body=refusal))
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "TOKEN-02"
        assert "Clock off by seconds" in dict(state.problem.details)
        here.send(events.WayChosen(way=Way.SIGN_IN_AGAIN))
        assert (await here.until(Step.CONFIRM, Step.PROBLEM)).step is Step.CONFIRM


# A save that takes longer than it may.


class SlowVault(Vault):
    """Saves once it is let go, as a disk on a network does; or fails then."""

    def __init__(self, path: Path, keychain: SealingKeyHolder) -> None:
        super().__init__(path, keychain)
        self.let_go, self.ended = threading.Event(), threading.Event()
        self.saves = 0
        self.fails = ""

    def save(self, *arguments: Any, **named: Any) -> Connection:
        self.saves += 1
        try:
            assert self.let_go.wait(30)
            if self.fails:
                raise stop(self.fails)
            return super().save(*arguments, **named)
        finally:
            self.ended.set()


@asynccontextmanager
async def saving_slowly(server: PracticeServer, folder: Path) -> AsyncIterator[tuple[TimedWorld, SlowVault]]:
    """A walk whose person has said yes, to a vault that does not come to its end."""
    limits = Deadlines(seconds={**Deadlines().seconds, wishes.Store: 0.2})
    here = world(server, folder, visit(), deadlines=limits)
    here.vault = vault = SlowVault(folder / "vault.db", here.keychain)
    try:
        async with here.walking():
            assert (await here.to_confirm(AccountKind.USER)).step is Step.CONFIRM
            here.send(events.Confirmed())
            yield here, vault
    finally:
        vault.let_go.set()


@pytest.mark.provokes("STORE-17")
async def test_leaving_while_nobody_knows_whether_it_was_saved_revokes_nothing(
    server: PracticeServer, tmp_path: Path
) -> None:
    async with saving_slowly(server, tmp_path) as (here, vault):
        state = await here.until(Step.PROBLEM)
        assert state.problem is not None
        assert state.problem.code == "STORE-17"
        await here.leave()
        vault.let_go.set()
        assert await asyncio.to_thread(vault.ended.wait, 10)
    assert len(here.stored) == 1, "the thread went on"
    assert outcomes(server, REVOKE) == []
    assert len(await alive(server)) == 1, "and what it stored is good"


@pytest.mark.provokes("STORE-17")
async def test_closing_the_window_while_it_saves_too_long_revokes_nothing(
    server: PracticeServer, tmp_path: Path
) -> None:
    async with saving_slowly(server, tmp_path) as (here, vault):
        await here.leave()
        assert here.failures[-1] == ("Store", "STORE-17")
        vault.let_go.set()
        assert await asyncio.to_thread(vault.ended.wait, 10)
    assert outcomes(server, REVOKE) == []
    assert len(here.stored) == 1


@pytest.mark.parametrize("meanwhile", [False, True])
async def test_trying_again_waits_for_the_saving_under_way(
    server: PracticeServer, tmp_path: Path, meanwhile: bool
) -> None:
    async with saving_slowly(server, tmp_path) as (here, vault):
        await here.until(Step.PROBLEM)
        if meanwhile:
            vault.let_go.set()
            assert await asyncio.to_thread(vault.ended.wait, 10)
        else:
            here.send(events.WayChosen(way=Way.TRY_AGAIN))
            await here.until(Step.PROBLEM)  # and nobody knows it yet
            vault.let_go.set()
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        state = await here.until(Step.DONE, Step.PROBLEM)
        assert (state.step, state.granted) == (Step.DONE, SCOPES)
        assert vault.saves == 1
    assert [each.id for each in here.stored] == [state.connection_id]


async def test_a_late_saving_that_failed_can_be_done_again(server: PracticeServer, tmp_path: Path) -> None:
    async with saving_slowly(server, tmp_path) as (here, vault):
        await here.until(Step.PROBLEM)
        vault.fails = "STORE-10"
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        vault.let_go.set()
        await here.until(
            Step.PROBLEM, where=lambda state: state.problem is not None and state.problem.code == "STORE-10"
        )
        vault.fails = ""
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        assert (await here.until(Step.DONE, Step.PROBLEM)).step is Step.DONE
        assert vault.saves == 2
    assert outcomes(server, REVOKE) == []


async def test_what_a_late_saving_did_not_save_is_handed_back_on_leaving(
    server: PracticeServer, tmp_path: Path
) -> None:
    async with saving_slowly(server, tmp_path) as (here, vault):
        await here.until(Step.PROBLEM)
        vault.fails = "STORE-10"
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        vault.let_go.set()
        await here.until(Step.PROBLEM, where=lambda state: state.held is not None)
        await here.leave()
    assert outcomes(server, REVOKE) == ["revoked"]
    assert here.stored == ()
