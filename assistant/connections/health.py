"""How a connection is doing, as a value for list and window, told from what is stored. Pure: asks nobody.

health(connection, now=..., keep_alive=vault.keep_alive())   -> Health
  .state         WORKS, UNCHECKED, ENDS_SOON, CONNECT_AGAIN, APPROVE_AGAIN, PROBLEM or DAMAGED
  .forecast      until when it is valid, and whether it is renewed by itself
  .problem       what stands in the way, in words: an Occurrence; None where nothing does
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from assistant.connections.later import CONNECT_AGAIN, DAMAGED, STOPS_RENEWALS, told
from assistant.fortnox.account import AccountKind
from assistant.language import N_, _
from assistant.problems import Occurrence, occurrence
from assistant.vault.connection import REFRESH_TOKEN_LIFE, Connection
from assistant.vault.rows import KeepAliveRun

ENDS_SOON: Final = timedelta(days=14)
"""A user account with less than this left is said to end soon. Keep-alive renews it long before (see `keeping.DUE`),
so this is seen only where keep-alive does not run."""

CHECK_AFTER: Final = timedelta(days=30)
"""A connection that has neither been used nor checked for this long is said to need a check."""

KEEP_ALIVE_SEEN: Final = timedelta(days=8)
"""Keep-alive is believed to go on where its last run ended within this time: it is due daily, and holidays happen."""

CLOCK_SLACK: Final = timedelta(minutes=5)
"""How far a computer's clock may have been set back since a moment was noted without that moment being doubted."""

_SYSTEM_NAMES: Final = {"win32": "Windows", "darwin": "macOS", "linux": "Linux"}
_ACCESS_TOKEN_LIFE: Final = timedelta(hours=1)


class State(Enum):
    """How a connection is doing, the worst first. The values stand in JSON and never change."""

    DAMAGED = "damaged"  # what is stored cannot be read; the company has to be connected again
    CONNECT_AGAIN = "connect-again"  # Fortnox takes nothing of what is stored any more
    PROBLEM = "problem"  # somebody has to do something, but connecting again is not it, or not at once
    ENDS_SOON = "ends-soon"  # works, but not for long unless it is used or renewed
    APPROVE_AGAIN = "approve-again"  # works, but the integration has gained a permission that nobody approved
    UNCHECKED = "unchecked"  # nothing is known against it, but it has not been used or checked for a while
    WORKS = "works"

    @property
    def words(self) -> str:
        """The state in the current language, as it stands in a line of facts."""
        return _(_WORDS[self])

    @property
    def usable(self) -> bool:
        """Whether a token can be expected of it."""
        return self not in (State.DAMAGED, State.CONNECT_AGAIN, State.PROBLEM)


_WORDS: Final = {
    State.DAMAGED: N_("damaged"),
    State.CONNECT_AGAIN: N_("has to be connected again"),
    State.PROBLEM: N_("needs attention"),
    State.ENDS_SOON: N_("ends soon"),
    State.APPROVE_AGAIN: N_("has a new permission to approve"),
    State.UNCHECKED: N_("not checked for a while"),
    State.WORKS: N_("works"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Until when a connection is valid, as far as this computer can know.

    Attributes:
        until: the moment a user account ends unless it is used before, aware; None for a service account, which is
            valid until the company withdraws it [DOC, say-goodbye-to-refresh-tokens], and where it is `doubtful`.
        doubtful: whether what is stored cannot be right, see `written_by_a_clock_ahead`.
        renewed_by_itself: whether keep-alive has lately been seen to renew user accounts here.
        over: whether `until` has passed.
    """

    until: datetime | None
    doubtful: bool = False
    renewed_by_itself: bool = False
    over: bool = False

    @property
    def words(self) -> str:
        """The forecast as a clause in the current language, with the date of this computer's time zone."""
        if self.doubtful:
            return _("valid until a date that the next renewal shows")
        if self.until is None:
            return _("valid until the company withdraws it")
        date = self.until.astimezone().date().isoformat()
        if self.over:
            return _("was valid until {date}", date=date)
        if self.renewed_by_itself:
            return _("valid until {date}, and renewed by itself before that", date=date)
        return _("valid until {date}, longer each time it is used", date=date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How one connection is doing.

    Attributes:
        state: the worst that is known.
        forecast: until when it is valid.
        problem: what stands in the way, with the facts of this connection; None where nothing does.
        missing_scopes: those that the integration wants by now and that were not granted, in its order.
        seen_working: when it was last known to work, aware.
    """

    state: State
    forecast: Forecast
    problem: Occurrence | None = None
    missing_scopes: tuple[str, ...] = ()
    seen_working: datetime


def health(
    connection: Connection,
    *,
    now: datetime,
    keep_alive: KeepAliveRun | None = None,
    wanted_scopes: Iterable[str] = (),
) -> Health:
    """How `connection` is doing at the moment `now` (aware).

    Args:
        keep_alive: the last run of keep-alive, which says whether the forecast may promise renewal.
        wanted_scopes: those the integration asks for today; what is missing has to be approved anew.
    """
    missing = tuple(name for name in dict.fromkeys(wanted_scopes) if name not in connection.scopes_granted)
    forecasted = forecast(connection, now=now, keep_alive=keep_alive)
    problem = told(connection.problem, connection) if connection.problem else None
    if problem is None and forecasted.over:
        problem = told("TOKEN-11", connection)
    seen = _seen_working(connection, now)
    if problem is not None and problem.code == DAMAGED:
        state = State.DAMAGED
    elif problem is not None:
        state = State.CONNECT_AGAIN if problem.code in CONNECT_AGAIN else State.PROBLEM
    elif forecasted.until is not None and not forecasted.renewed_by_itself and forecasted.until - now < ENDS_SOON:
        state = State.ENDS_SOON
    elif missing:
        state = State.APPROVE_AGAIN
    else:
        state = State.WORKS if now - seen < CHECK_AFTER and not forecasted.doubtful else State.UNCHECKED
    return Health(state=state, forecast=forecasted, problem=problem, missing_scopes=missing, seen_working=seen)


def forecast(connection: Connection, *, now: datetime, keep_alive: KeepAliveRun | None = None) -> Forecast:
    """Until when `connection` is valid, seen at the moment `now` (aware)."""
    if connection.account is AccountKind.SERVICE:
        return Forecast(until=None)
    if written_by_a_clock_ahead(connection, now=now):
        return Forecast(until=None, doubtful=True, renewed_by_itself=keeps_alive(keep_alive, now=now))
    until = _end(connection)
    over = until <= now
    return Forecast(until=until, over=over, renewed_by_itself=not over and keeps_alive(keep_alive, now=now))


def written_by_a_clock_ahead(connection: Connection, *, now: datetime) -> bool:
    """Whether a user account would end later than a refresh token lives, were it renewed at the moment `now`.

    The computer's clock was ahead then, and nobody knows by how much.
    """
    return connection.account is AccountKind.USER and _end(connection) - now > REFRESH_TOKEN_LIFE + CLOCK_SLACK


def keeps_alive(run: KeepAliveRun | None, *, now: datetime) -> bool:
    """Whether user accounts on this computer can be expected to be renewed by themselves.

    A run that failed at one connection renews the others all the same; one that the keychain or the file stopped renews
    none. One that ended in the future was noted by a clock that was ahead, and says nothing of today.
    """
    if run is None or run.ended_at is None or not -CLOCK_SLACK <= now - run.ended_at <= KEEP_ALIVE_SEEN:
        return False
    return run.problem not in STOPS_RENEWALS


def keep_alive_problem(run: KeepAliveRun | None) -> Occurrence | None:
    """What kept the last run of keep-alive from a connection, shown at the next opening; None where nothing did."""
    if run is None or run.problem is None:
        return None
    try:
        return occurrence(run.problem, None, system=_SYSTEM_NAMES.get(sys.platform, sys.platform))
    except KeyError:  # the code of a newer version
        return None


def _end(connection: Connection) -> datetime:
    return connection.valid_until or connection.connected_at + REFRESH_TOKEN_LIFE


def _seen_working(connection: Connection, now: datetime) -> datetime:
    """The latest moment at which Fortnox is known to have accepted it."""
    moments = [connection.connected_at]
    if connection.last_checked is not None:
        moments.append(connection.last_checked)
    if connection.valid_until is not None:
        moments.append(connection.valid_until - REFRESH_TOKEN_LIFE)
    if connection.access_expires_at is not None:
        moments.append(connection.access_expires_at - _ACCESS_TOKEN_LIFE)
    return max((moment for moment in moments if moment <= now), default=connection.connected_at)
