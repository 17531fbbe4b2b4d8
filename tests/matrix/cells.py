"""One cell of the matrix: the whole connection without a window, with one request struck by one fault.

Every cell is walked twice, each time from the start: once the person takes the way on after the fault is gone, once
the person closes. What does not hold is collected, so that the table shows every cell.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from assistant.fortnox.account import AccountKind
from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Access
from assistant.journey import Journey, Notice, Step, events
from assistant.practice.server import PracticeServer
from assistant.problems import Occurrence, Way
from tests.leaks import Search, files
from tests.matrix.front import OVERSIZED, NetworkFault, front
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET
from tests.walking import Person, World, alive, outcomes, practice_integration, visit

SMALL = Limits(connect=1.0, read=1.0, total=1.5, body=OVERSIZED // 3)
"""The limits of the struck request; every other has the program's own."""
LIMIT = SMALL.total + SMALL.connect
"""Seconds: the request, and the second handshake that names a certificate's issuer."""
NOISE = 2.0
"""Seconds that a busy machine may add."""


class Request(Enum):
    """A request of the journey that the program sends by itself. The value is its row in the table."""

    EXCHANGE = "code exchange"
    COMPANY = "company"
    PERSON = "person"
    SERVICE_TOKEN = "client_credentials"
    SERVICE_COMPANY = "company, service token"
    REVOKE = "revoke"

    @property
    def account(self) -> AccountKind:
        """The kind of account with which this request is sent."""
        return AccountKind.USER if self is Request.PERSON else AccountKind.SERVICE

    @property
    def client(self) -> int | None:
        """Which of the walk's clients sends it, from 0; None for one that is known only when it is asked for."""
        return {Request.EXCHANGE: 0, Request.COMPANY: 1, Request.REVOKE: None}.get(self, 2)

    @property
    def endpoint(self) -> str:
        """The field of `Endpoints` that it goes to."""
        if self is Request.REVOKE:
            return "revoke"
        return "token" if self in (Request.EXCHANGE, Request.SERVICE_TOKEN) else "api"


@dataclass
class Cell:
    """What was seen.

    Attributes:
        ends_in: the problem's code.
        way: the way on that was taken.
        tokens: what became of the tokens when the fault struck.
        seconds: from the struck request to its end.
        wrong: what does not hold.
    """

    request: str
    fault: str
    ends_in: str = ""
    way: str = ""
    tokens: str = ""
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def hold(self, holds: bool, otherwise: str) -> None:
        if not holds and otherwise not in self.wrong:
            self.wrong.append(otherwise)


@dataclass
class StruckWorld(World):
    """A world in which one endpoint of one client lies behind the front.

    Attributes:
        strike: number of that client.
        endpoint: a field of `Endpoints`.
        origin: of the front.
        struck_at: when that client was opened, in seconds of the monotonic clock.
    """

    strike: int | None = None
    endpoint: str = "token"
    origin: str = ""
    struck_at: float = 0.0

    def _client(self, endpoints: Endpoints, access: Access) -> AbstractAsyncContextManager[Client]:
        if self.calls != self.strike:
            return super()._client(endpoints, access)
        self.calls += 1
        self.struck_at = time.monotonic()
        moved = self.origin + urlsplit(getattr(endpoints, self.endpoint)).path
        return Client(replace(endpoints, **{self.endpoint: moved}), access, proxy=lambda _: None, limits=SMALL)


async def run_cell(request: Request, fault: NetworkFault) -> Cell:
    """Walks one cell, both ways."""
    cell = Cell(request.value, fault.value)
    for closes in (False, True):
        try:
            await _walk(cell, request, fault, closes=closes)
        except AssertionError as failed:
            cell.wrong.append(str(failed).partition("\n")[0])
    return cell


async def _walk(cell: Cell, request: Request, fault: NetworkFault, *, closes: bool) -> None:
    with tempfile.TemporaryDirectory() as name, _log() as log, PracticeServer().in_thread() as server:
        folder, person = Path(name), Person(visit(), () if request is Request.REVOKE else visit(), visit())
        with front(fault, server.base_url) as struck:
            here = StruckWorld(practice_integration(server), folder, person, strike=request.client)
            here.endpoint, here.origin = request.endpoint, struck.origin
            async with here.walking():
                if request is Request.REVOKE:
                    await _revocation(cell, here, closes=closes)
                else:
                    await _problem(cell, here, request, server, closes=closes)
            cell.hold(len(struck.requests) == fault.arrives, f"{len(struck.requests)} requests reached the front")
            _no_leak(cell, here, server, log)
            left = await alive(server)
            _tokens_left(cell, here, request, fault, left, closes=closes)
        cell.hold(server.crashes == [], "practice crashed")


async def _problem(cell: Cell, here: StruckWorld, request: Request, server: PracticeServer, *, closes: bool) -> None:
    here.go(request.account)
    state = await here.until(Step.PROBLEM, Step.CONFIRM)
    _in_time(cell, here)
    assert state.problem is not None, "it went on as if nothing had happened"
    cell.ends_in = state.problem.code
    _nothing_stored(cell, here)
    retried = state.failed is not None
    if request is Request.EXCHANGE:
        cell.tokens = "none"
        cell.hold(state.held is None, "tokens held that never came")
    elif retried:
        cell.tokens = "held"
        cell.hold(state.held is not None, "nothing is held for trying again")
    else:
        cell.tokens = "revoked"
        await here.until(Step.PROBLEM, where=lambda now: now.revoking == 0)
        cell.hold(state.held is None, "tokens held that nothing can use")
        cell.hold(outcomes(server, "/oauth-v1/revoke") == ["revoked"], "the tokens were not revoked")
    way = _way(state.problem)
    cell.way = cell.way or way.value
    here.send(events.WayChosen(way=Way.CLOSE if closes else way))
    if closes or way is Way.CLOSE:
        await _ended(here)
        _nothing_stored(cell, here)
    else:
        await _to_done(cell, here)


def _way(problem: Occurrence) -> Way:
    """The first way of the problem that leads on by itself; closing where another has to act first."""
    assert Way.CLOSE in problem.problem.ways, "it cannot be left"
    leading = (Way.TRY_AGAIN, Way.SIGN_IN_AGAIN)
    return next((way for way in problem.problem.ways if way in leading), Way.CLOSE)


async def _revocation(cell: Cell, here: StruckWorld, *, closes: bool) -> None:
    """Not my company, or the window closed at the last page: what is held is to be handed back, and cannot be."""
    state = await here.to_confirm()
    assert state.step is Step.CONFIRM, "no company to refuse"
    here.strike = here.calls
    if closes:
        here.send(events.Leave())
        await _ended(here)
        _in_time(cell, here)
        _nothing_stored(cell, here)
        return
    here.send(events.Refused())
    state = await here.until(Step.SIGN_IN, where=lambda now: now.notice is not None)
    _in_time(cell, here)
    _nothing_stored(cell, here)
    assert state.left_behind is not None, "nobody will know that access was left behind"
    cell.ends_in = state.left_behind.code
    cell.hold(state.notice is Notice.NOT_HANDED_BACK, "said to be handed back, which nobody confirmed")
    cell.tokens, cell.way = "person told", Way.SIGN_IN_AGAIN.value
    here.send(events.StartOver())
    await _to_done(cell, here)


async def _to_done(cell: Cell, here: StruckWorld) -> None:
    state: Journey = await here.until(Step.CONFIRM, Step.PROBLEM, where=lambda now: now.problem is None)
    assert state.step is Step.CONFIRM, "taking the way did not lead on"
    _nothing_stored(cell, here)
    here.send(events.Confirmed())
    await here.until(Step.DONE)
    (stored,) = here.stored
    cell.hold(stored.tenant_id == "1100017", "another company was stored")
    secret = here.vault.client_secret(stored.endpoints.authorize_host, stored.client_id)
    cell.hold(secret is not None and secret.reveal() == CLIENT_SECRET, "the activation key was not stored whole")
    await here.leave()


async def _ended(here: StruckWorld) -> None:
    try:
        async with asyncio.timeout(LIMIT + NOISE):
            await here.walk.ended.wait()
    except TimeoutError:
        raise AssertionError("it did not close in time") from None


def _in_time(cell: Cell, here: StruckWorld) -> None:
    seconds = time.monotonic() - here.struck_at
    cell.seconds = max(cell.seconds, seconds)
    cell.hold(seconds < LIMIT + NOISE, f"took {seconds:.1f} s")


def _nothing_stored(cell: Cell, here: StruckWorld) -> None:
    cell.hold(not (here.folder / "vault.db").exists(), "something was stored")


def _tokens_left(
    cell: Cell, here: StruckWorld, request: Request, fault: NetworkFault, left: list[str], *, closes: bool
) -> None:
    """What still renews at the server once all is over."""
    if not here.stored:
        may_be_left = (request is Request.EXCHANGE and fault.loses_answer) or (
            request is Request.REVOKE and not fault.loses_answer
        )
        cell.hold(len(left) == may_be_left, f"{len(left)} refresh tokens are left alive after closing")
        return
    (stored,) = here.stored
    kept = here.vault.secrets(stored.id).refresh_token
    if request.account is AccountKind.USER:
        cell.hold(kept is not None and left == [kept.reveal()], "the refresh token that renews was not stored")
    else:
        cell.hold(kept is None, "a service account keeps nothing that rotates")


def _no_leak(cell: Cell, here: StruckWorld, server: PracticeServer, log: list[str]) -> None:
    issued = server.issued
    secrets = {
        "client secret": [CLIENT_SECRET],
        "code": issued.codes,
        "access token": issued.access_tokens,
        "refresh token": issued.refresh_tokens,
        "password": issued.passwords.values(),
    }
    search = Search(secrets, client_id=CLIENT_ID)
    problems = [state.problem for state in here.states if state.problem is not None]
    told = [("states", repr(here.states)), ("journal", repr(here.failures)), ("log", "\n".join(log))]
    told += [("problem", f"{problem.details}{problem.facts}") for problem in problems]
    cell.hold(len(issued.codes) > 0, "the search had no canary")
    for leak in search.look_all([*files(here.folder), *((place, text.encode()) for place, text in told)]):
        cell.hold(False, f"{leak.kind} leaked to {leak.place} ({leak.encoding})")


@contextmanager
def _log() -> Iterator[list[str]]:
    """Everything logged by the program, at any level, tracebacks included."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in ("httpx", "httpcore"):  # as the program's client sets them; before it, the person's own browser speaks
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield lines
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
