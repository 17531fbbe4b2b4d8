"""Time: the code's ten minutes, a limit on every wait, and what a wrong clock is the cause of."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.deadlines import CODE_SECONDS, Deadlines, too_late
from assistant.effects import Ports, Walk
from assistant.elapsed import elapsed
from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.server_clock import ServerClock, clock_problem, explained
from assistant.journey import Event, Journey, Step, Wish, events, step, wishes
from assistant.practice.faults import Fault
from assistant.practice.server import PracticeServer
from assistant.problems import Way, occurrence
from assistant.secret import Secret
from tests.journey import honest
from tests.walking import Person, World, grants, practice_integration, visit

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

    def ports(self) -> Ports:
        ports = replace(super().ports(), elapsed=lambda: self.now, clock=lambda: datetime.now(UTC) + self.clock_off)
        return replace(ports, deadlines=self.deadlines) if self.deadlines else ports


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
    wishes.Store: ("START-04", AccountKind.USER),
    wishes.OpenStartPage: ("OPEN-01", AccountKind.USER),
}
"""Every wish whose answer somebody waits for, and what it ends in. Revoke and SetDeadline are tested below."""


def test_every_wish_that_is_answered_has_a_limit() -> None:
    at_once = {"PrepareSignIn", "ShowSignIn", "EndSignIn", "HideWindow", "Quit"}
    for_the_person = {"OpenOwnBrowser", "Listen"}  # the program's own listener, and a browser's start
    a_time_itself = {name for name in vars(wishes) if name in ("SetDeadline", "LimitOwnBrowser")}
    known = {each for each in vars(wishes).values() if isinstance(each, type) and issubclass(each, Wish)} - {Wish}
    limited = {each.__name__ for each in Deadlines().seconds}
    assert {each.__name__ for each in known} - limited - for_the_person == at_once | a_time_itself
    assert set(Deadlines().seconds) == {*WAITING, wishes.Revoke}
    assert all(0 < seconds <= 360 for seconds in Deadlines().seconds.values())


def waiting_state(wish: type[Wish], account: AccountKind) -> tuple[Journey, Wish]:
    """The honest journey up to the moment in which `wish` is out."""
    from assistant.journey import begin

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
            assert walk.state.held is not None, "what was confirmed is still held and stored again"
        if wish is wishes.ExchangeCode:
            assert walk.state.attempt == state.attempt + 1, "a code that may have been sent is not sent again"


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
    for code in ("NET-10", "TOKEN-02"):
        found = explained(occurrence(code, {"Host": "apps.fortnox.se"}), NOW, off)
        assert found.code == "START-05"
        assert ("Problem", code) in found.details
        assert ("Host", "apps.fortnox.se") in found.details
    refused = explained(occurrence("TOKEN-10"), NOW, off)
    assert refused.code == "TOKEN-10", "a licence is not missing because of a clock"
    assert ("Clock off by seconds", "-1200") in refused.details
    assert explained(occurrence("STORE-02"), NOW, off).details == ()
    assert explained(occurrence("NET-10"), NOW, timedelta(seconds=90)).code == "NET-10"
    again = explained(occurrence("START-05"), NOW, off)
    assert again.code == "START-05"


@pytest.mark.provokes("START-05")
async def test_a_clock_that_is_off_is_noticed_from_the_answers_and_named_when_it_hurts(
    server: PracticeServer, tmp_path: Path
) -> None:
    refusal = b'{"error":"invalid_grant","error_description":"Authorization code has expired"}'
    async with world(server, tmp_path, visit(), visit(), clock_off=timedelta(minutes=-7)).walking() as here:
        server.inject(TOKEN, Fault(status=400, body=refusal))
        state = await here.to_confirm()
        assert state.problem is not None
        assert state.problem.code == "START-05"
        assert dict(state.problem.details)["Problem"] == "TOKEN-02"
        assert isinstance(here, TimedWorld)
        here.clock_off = timedelta()
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        assert (await here.until(Step.CONFIRM, Step.PROBLEM)).step is Step.CONFIRM
