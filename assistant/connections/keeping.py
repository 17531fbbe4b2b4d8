"""Keeps user accounts alive: renews those that would otherwise end, at Fortnox's pace, without asking anybody.

A refresh token lives for 45 days from its last use [DOC, get-refresh-token]. An integration that asks for tokens now
and then needs none of this; one that rests over a summer does. Service accounts have nothing that ends.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from assistant.connections.checking import asked_to_wait
from assistant.connections.health import written_by_a_clock_ahead
from assistant.connections.later import CONNECT_AGAIN, DAMAGED, STOPS_RENEWALS
from assistant.connections.ports import Ports
from assistant.connections.renewing import renew
from assistant.connections.several import several
from assistant.fortnox.account import AccountKind
from assistant.problems import Occurrence, ProblemError
from assistant.problems.unplanned import unplanned
from assistant.vault.connection import Connection
from assistant.vault.rows import KeepAliveRun

DUE: Final = timedelta(days=30)
"""A user account is due when less than this is left of its 45 days. Run daily, keep-alive then has thirty tries, and an
account that is used at least every fortnight is never renewed by it."""

AT_ONCE: Final = 8
"""Connections renewed at the same time, within the pace of the token endpoint."""
MOST_WAITS: Final = 3
"""How often a server that asks to wait is asked again, in a row; then what lies behind it is left for the next run."""
LONGEST_WAIT: Final = 600.0
"""Seconds. A server that asks for a longer wait is left for the next run at once."""
LONGEST_RUN: Final = timedelta(hours=1, minutes=30)
"""What is not begun by then is left for the next run: the daily schedule ends a run that takes two hours."""
UNREACHED_IN_A_ROW: Final = 5
"""After so many connections in a row whose server could not be reached, the others behind that server are left for the
next run: a thousand time limits would take hours."""

_UNREACHED: Final = frozenset({*(f"NET-{number:02}" for number in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11)), "TOKEN-22"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One connection that could not be renewed.

    Attributes:
        connection_id: whose.
        code: of the problem.
    """

    connection_id: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a run did.

    Attributes:
        run: as it is noted in the vault.
        failures: the connections that were tried and not renewed.
        left: how many were due and not tried.
        stopped_by: what ended the run before its end, in words; None when it came to its end.
    """

    run: KeepAliveRun
    failures: tuple[Failure, ...] = ()
    left: int = 0
    stopped_by: Occurrence | None = None


def is_due(connection: Connection, *, now: datetime) -> bool:
    """Whether keep-alive renews `connection` at the moment `now` (aware).

    One that Fortnox has refused for good is not tried again: only connecting the company again helps it. An end that a
    clock ahead has written is not believed.
    """
    if connection.account is AccountKind.SERVICE or connection.problem in CONNECT_AGAIN | {DAMAGED}:
        return False
    if connection.valid_until is None or written_by_a_clock_ahead(connection, now=now):
        return True
    return connection.valid_until - now < DUE


async def keep_alive(
    ports: Ports, *, told: Callable[[int, int], None] = lambda done, due: None, at_once: int = AT_ONCE
) -> Kept:
    """Renews every user account that is due, and notes what it did, so that the next opening of the window shows it.

    One connection that fails never stops the others. The keychain is never asked to show its box: a locked one ends the
    run, and that is noted. Cancelling it, or a kill, leaves the note without an end; a renewal under way is finished.

    Args:
        told: called with how many of the due ones are done.

    Raises:
        ProblemError: the list of connections cannot be read; noted too, where the file takes a note.
    """
    return await _Run(ports, told).to_its_end(at_once)


@dataclass(slots=True)
class _Run:
    ports: Ports
    told: Callable[[int, int], None]
    run: KeepAliveRun = field(init=False)
    done: int = 0
    gone: int = 0
    failures: list[Failure] = field(default_factory=list)
    unreached: dict[str, int] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    stopped_by: Occurrence | None = None

    async def to_its_end(self, at_once: int) -> Kept:
        now = self.ports.clock()
        self.run = KeepAliveRun(begun_at=now)
        # Ids and servers alone: a thousand connections would be held for as long as the run takes.
        due = [
            (each.id, each.endpoints.authorize_host if each.relay is None else each.relay.token)
            for each in await self._connections()
            if is_due(each, now=now)
        ]
        self.run = replace(self.run, due=len(due))
        try:
            await self._write_down()
        except ProblemError as failure:
            if failure.code not in STOPS_RENEWALS:
                raise
            self._failed(None, failure.occurrence)
        try:
            await several(due, self._one, at_once=at_once)
            self.run = replace(self.run, ended_at=self.ports.clock())
        finally:
            with suppress(ProblemError):  # a disk that takes nothing; whoever called is told all the same
                await self._write_down()
        return Kept(
            run=self.run,
            failures=tuple(self.failures),
            left=self.run.due - self.run.renewed - len(self.failures) - self.gone,
            stopped_by=self.stopped_by,
        )

    async def _connections(self) -> tuple[Connection, ...]:
        try:
            return await self.ports.off_loop(self.ports.vault.connections)
        except ProblemError as failure:
            self.run = replace(self.run, problem=failure.code, ended_at=self.ports.clock())
            with suppress(ProblemError):  # where even that cannot be noted, whoever called is told
                await self._write_down()
            raise

    async def _one(self, which: tuple[str, str]) -> None:
        connection_id, server = which
        if self.stopped_by is not None or self._is_left(server):
            return
        try:
            renewed = await self._renewed(connection_id, server)
        except ProblemError as failure:
            problem = failure.occurrence
            reached = problem.code not in _UNREACHED
            self.unreached[server] = 0 if reached else self.unreached.get(server, 0) + 1
            self._failed(connection_id, problem)
        except Exception as fault:  # noqa: BLE001 - a fault of this program at one connection stops no other
            self._failed(connection_id, unplanned(fault))
        else:
            if renewed is None:
                return
            self.unreached[server] = 0
            self.run = replace(self.run, renewed=self.run.renewed + renewed)
            self.gone += not renewed
        self.done += 1
        self.told(self.done, self.run.due)

    def _is_left(self, server: str) -> bool:
        """Whether what lies behind `server` is left for the next run."""
        return (
            self.unreached.get(server, 0) >= UNREACHED_IN_A_ROW
            or self.waits.get(server, 0) > MOST_WAITS
            or self.ports.clock() - self.run.begun_at >= LONGEST_RUN
        )

    async def _renewed(self, connection_id: str, server: str) -> bool | None:
        """Whether it is renewed, by this run or by whoever used it meanwhile; False when it is gone, None when it is
        left: its server has asked others to wait meanwhile, too long or too often."""
        while not self._is_left(server):
            connection = await self.ports.off_loop(lambda: self.ports.vault.connection(connection_id))
            if connection is None:
                return False
            if not is_due(connection, now=self.ports.clock()):
                return True
            before = self.waits.get(server, 0)
            try:
                await renew(self.ports, connection_id)
            except ProblemError as failure:
                seconds = asked_to_wait(failure.occurrence)
                if seconds is None:
                    raise
                if seconds > LONGEST_WAIT:
                    self.waits[server] = MOST_WAITS + 1
                elif self.waits.get(server, 0) == before:  # several that were under way at once count as one
                    self.waits[server] = before + 1
                if self._is_left(server):
                    raise
                self.ports.token_pace.hold(seconds)
            else:
                self.waits[server] = 0
                return True
        return None

    def _failed(self, connection_id: str | None, problem: Occurrence) -> None:
        if connection_id is not None:
            self.failures.append(Failure(connection_id=connection_id, code=problem.code))
        if problem.code in STOPS_RENEWALS:
            self.stopped_by = self.stopped_by or problem
            self.run = replace(self.run, problem=problem.code)
        elif self.run.problem is None:
            self.run = replace(self.run, problem=problem.code)

    async def _write_down(self) -> None:
        run = self.run
        await self.ports.off_loop(lambda: self.ports.vault.note_keep_alive(run))
