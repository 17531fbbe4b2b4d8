"""Checks a connection by using it: a token, the company it opens, and a harmless read for each permission that has one.

    result = await check(ports, connection_id)
    result.works       whether everything that was asked was answered
    result.scopes      what became of each permission, in the order they were granted

What came of it is noted with the connection, so that a list shows it without asking anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from assistant.connections.later import (
    CONCERNS_ALL,
    CONNECT_AGAIN,
    DAMAGED,
    OTHER_COMPANY,
    PART_REFUSED,
    UNTIL_RENEWED,
    facts,
    later,
    named,
    needs_a_person,
    told,
)
from assistant.connections.ports import Ports
from assistant.connections.several import several
from assistant.fortnox.account import AccountKind
from assistant.fortnox.company import Company
from assistant.language import N_, _
from assistant.problems import Occurrence, ProblemError, occurrence, stop
from assistant.secret import Secret
from assistant.vault.connection import Connection
from assistant.vault.tokens import LEAD

if TYPE_CHECKING:
    from assistant.fortnox.client import Client

Result = TypeVar("Result")

AT_ONCE: Final = 8
"""Connections checked at the same time."""
MOST_WAITS: Final = 3
"""How often a call is made again after Fortnox asked to wait."""
LONGEST_WAIT: Final = 60
"""Seconds. A longer wait is told instead: somebody may be watching."""

_REFUSED_TOKEN: Final = "CHECK-05"  # noqa: S105 - a problem's code
_ASKED_TO_WAIT: Final = "TOKEN-13"


class ScopeState(Enum):
    """What became of one permission. The values stand in JSON and never change."""

    ANSWERS = "answers"
    NOT_CHECKED = "not-checked"  # no harmless read of it is known
    PERMISSION = "permission"  # Fortnox says that the permission is missing
    LICENCE = "licence"  # Fortnox says that the company's licence for it is missing
    REFUSED = "refused"  # for a reason this program does not know
    UNCLEAR = "unclear"  # the network or Fortnox's own trouble came between

    @property
    def words(self) -> str:
        """In the current language, as it stands in a line of facts."""
        return _(_WORDS[self])


_WORDS: Final = {
    ScopeState.ANSWERS: N_("works"),
    ScopeState.NOT_CHECKED: N_("not checked"),
    ScopeState.PERMISSION: N_("the permission is missing"),
    ScopeState.LICENCE: N_("a licence is missing"),
    ScopeState.REFUSED: N_("refused by Fortnox"),
    ScopeState.UNCLEAR: N_("not clear this time"),
}

_STATE_OF: Final = {"CHECK-03": ScopeState.LICENCE, "CHECK-04": ScopeState.PERMISSION, "CHECK-08": ScopeState.REFUSED}
_REFUSALS: Final = frozenset(_STATE_OF.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeCheck:
    """What became of one permission.

    Attributes:
        name: the scope as Fortnox spells it.
        problem: what its read ended in; None where it answered or was not asked.
    """

    name: str
    state: ScopeState
    problem: Occurrence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a check found.

    Attributes:
        connection: as it stands in the vault afterwards.
        checked_at: when the check ended, aware.
        company: what Fortnox says the connection opens; None where it was not told.
        scopes: each granted permission, in the order they were granted; empty where no company was read.
        problem: the first thing that was not as it should be; None when all is well.
    """

    connection: Connection
    checked_at: datetime
    company: Company | None = None
    scopes: tuple[ScopeCheck, ...] = ()
    problem: Occurrence | None = None

    @property
    def works(self) -> bool:
        """Whether nothing was found wrong."""
        return self.problem is None


async def check(ports: Ports, connection_id: str) -> Check:
    """Uses the connection, and notes what came of it. Cancelling it leaves everything as it was.

    A refusal, of a permission or of the whole connection, is a result and not an exception.

    Raises:
        ProblemError: STORE-16, there is no such connection; or what stops every connection alike (`CONCERNS_ALL`),
            such as a locked keychain, which is never asked to show its box.
    """
    connection = await ports.off_loop(lambda: ports.vault.connection(connection_id))
    if connection is None:
        raise stop("STORE-16")
    company: Company | None = None
    scopes: tuple[ScopeCheck, ...] = ()
    problem: Occurrence | None = None
    try:
        async with ports.client(connection.endpoints, None) as client:
            asking = _Asking(ports, connection, client)
            company = await asking.company()
            if company.tenant_id != connection.tenant_id:
                problem = occurrence(OTHER_COMPANY, None, **facts(connection))
            else:
                scopes = await asking.scopes()
                problem = _worst(scopes, connection)
    except ProblemError as failure:
        if failure.code in CONCERNS_ALL or failure.code == "STORE-16":
            raise
        problem = later(failure.occurrence, connection)
    now = ports.clock()
    right = company is not None and company.tenant_id == connection.tenant_id
    noted = await _note(ports, connection, now if right else None, problem)
    if problem is None and noted.problem in UNTIL_RENEWED:
        problem = told(noted.problem, noted)  # what was used is older than that, and ends soon
    return Check(connection=noted, checked_at=now, company=company, scopes=scopes, problem=problem)


async def check_all(
    ports: Ports,
    connection_ids: Iterable[str],
    told: Callable[[str, Check | None], None],
    *,
    at_once: int = AT_ONCE,
) -> None:
    """Checks several connections at once, and calls `told` with each as it is done; None for one removed meanwhile.

    Run it as a task to cancel it; what was noted by then stays noted.

    Raises:
        ProblemError: what stops every connection alike, as `check`.
    """

    async def one(connection_id: str) -> None:
        try:
            found = await check(ports, connection_id)
        except ProblemError as failure:
            if failure.code != "STORE-16":
                raise
            told(connection_id, None)
        else:
            told(connection_id, found)

    await several(connection_ids, one, at_once=at_once)


class _Asking:
    """The calls of one check, with one token, at the company's pace."""

    def __init__(self, ports: Ports, connection: Connection, client: Client) -> None:
        self._ports = ports
        self._connection = connection
        self._client = client
        self._token: Secret | None = None
        self._pace = ports.company_paces.of(connection.client_id, connection.tenant_id)
        granted = connection.scopes_granted
        self._company_scope = "companyinformation" if "companyinformation" in granted else "settings"

    async def company(self) -> Company:
        """The company that the connection opens; with another token where Fortnox refuses the first."""
        try:
            return await self._company_by(self._company_scope)
        except ProblemError as failure:
            if failure.code != _REFUSED_TOKEN:
                raise
        self._token = await self._new_token(refused=self._token)
        return await self._company_by(self._company_scope)

    async def scopes(self) -> tuple[ScopeCheck, ...]:
        """One harmless read for each permission that has a known one."""
        return tuple([await self._scope(name) for name in self._connection.scopes_granted])

    async def _scope(self, name: str) -> ScopeCheck:
        read = self._reads().get(name)
        if name == self._company_scope:
            return ScopeCheck(name=name, state=ScopeState.ANSWERS)
        if read is None:
            return ScopeCheck(name=name, state=ScopeState.NOT_CHECKED)
        try:
            await read()
        except ProblemError as failure:
            state = _STATE_OF.get(failure.code, ScopeState.UNCLEAR)
            return ScopeCheck(name=name, state=state, problem=named(failure.occurrence, self._connection))
        return ScopeCheck(name=name, state=ScopeState.ANSWERS)

    def _reads(self) -> dict[str, Callable[[], Coroutine[Any, Any, object]]]:
        """The permissions with a read that the public OpenAPI description has and that changes nothing.

        `/3/me` is asked for user accounts alone: what it says for a service account is not known.
        """
        reads: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
            "companyinformation": lambda: self._company_by("companyinformation"),
            "settings": lambda: self._company_by("settings"),
        }
        if self._connection.account is AccountKind.USER:
            reads["profile"] = lambda: self._paced(self._client.person)
        return reads

    async def _company_by(self, scope_name: str) -> Company:
        return await self._paced(lambda token: self._client.company(token, (scope_name,)))

    async def _paced(self, call: Callable[[Secret], Coroutine[Any, Any, Result]]) -> Result:
        """`call` with the token, made again where Fortnox asks to wait a little."""
        for waits in range(MOST_WAITS + 1):
            if self._token is None:
                self._token = await self._new_token()
            await self._pace.turn()
            try:
                return await call(self._token)
            except ProblemError as failure:
                seconds = asked_to_wait(failure.occurrence)
                if seconds is None or seconds > LONGEST_WAIT or waits == MOST_WAITS:
                    raise
            self._pace.hold(seconds)
        raise AssertionError  # the last turn of the loop returns or raises

    async def _new_token(self, *, refused: Secret | None = None) -> Secret:
        ends = self._connection.access_expires_at
        if refused is not None or ends is None or ends - self._ports.clock() <= LEAD:
            await self._ports.token_pace.turn()
        got = await self._ports.tokens.access_token_async(self._connection.id, refused=refused)
        return got.token


def asked_to_wait(problem: Occurrence) -> float | None:
    """For how many seconds the server has asked to wait; None where `problem` is another one."""
    if problem.code != _ASKED_TO_WAIT:
        return None
    try:
        return float(problem.facts["seconds"])
    except (KeyError, ValueError):
        return 10.0


def _worst(scopes: tuple[ScopeCheck, ...], connection: Connection) -> Occurrence | None:
    refused = [each.name for each in scopes if each.state in _REFUSALS]
    if refused:
        return occurrence(PART_REFUSED, {"Permissions": ", ".join(refused)}, **facts(connection))
    return next((each.problem for each in scopes if each.problem is not None), None)


async def _note(
    ports: Ports, connection: Connection, read_at: datetime | None, problem: Occurrence | None
) -> Connection:
    """The connection as it stands afterwards, with what was found written down."""
    lasting = problem is not None and needs_a_person(problem)
    if read_at is None and not lasting:
        return connection  # a bad moment of the network says nothing about the connection
    code = problem.code if problem is not None and lasting else None
    # A renewal of this check's own has cleared these by now.
    leaving = frozenset() if code in CONNECT_AGAIN | {DAMAGED} else UNTIL_RENEWED
    if problem is not None and not lasting:
        leaving |= {PART_REFUSED}  # not clear this time: what was refused last time is then still what is known
    noted: Connection | None = None
    with suppress(ProblemError):  # only the note is lost, and whoever asked has the answer
        noted = await ports.off_loop(
            lambda: ports.vault.note(connection.id, checked_at=read_at, problem=code, leaving=leaving)
        )
    return noted or connection
