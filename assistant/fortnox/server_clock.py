"""Whether this computer's clock is right, judged by the `Date` of the servers' answers. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from assistant.problems import Occurrence, occurrence

TOLERANCE: Final = timedelta(minutes=2)

CAUSED_BY_CLOCK: Final = frozenset({"NET-10"})
"""What a wrong clock can be the reason of: a certificate that seems out of date. Not an approval that is too old
(TOKEN-02): Fortnox judges that by its own clock."""


class ServerClock:
    """The servers' time, carried forward from the last answer by a clock that nobody can set.

    So a clock that was put right since counts as right at once, without another answer.
    """

    def __init__(self) -> None:
        self._seen: tuple[datetime, float] | None = None

    def note(self, server_time: datetime, *, elapsed: float) -> None:
        """An answer said `server_time`, at the moment `elapsed` (seconds, see `assistant.elapsed`)."""
        self._seen = server_time, elapsed

    def difference(self, now: datetime, *, elapsed: float) -> timedelta | None:
        """The servers' clock minus this computer's, which says `now`; None before the first answer."""
        if self._seen is None:
            return None
        server_time, then = self._seen
        return server_time + timedelta(seconds=elapsed - then) - now


def clock_problem(now: datetime, difference: timedelta | None) -> Occurrence | None:
    """START-05 where the clock is off by more than two minutes, with both times as they are read here."""
    if difference is None or abs(difference) <= TOLERANCE:
        return None
    here = now.astimezone()
    details: dict[str, object] = {"Clock off by seconds": round(-difference.total_seconds())}
    return occurrence("START-05", details, shown=f"{here:%Y-%m-%d %H:%M}", right=f"{here + difference:%Y-%m-%d %H:%M}")


def explained(problem: Occurrence, now: datetime, difference: timedelta | None) -> Occurrence:
    """`problem`, or the wrong clock behind it; where the clock may only play a part, it stands in the details."""
    clock = clock_problem(now, difference)
    if clock is None or problem.code == clock.code:
        return problem
    if problem.code in CAUSED_BY_CLOCK:
        return replace(clock, details=(("Problem", problem.code), *problem.details, *clock.details))
    if problem.code.startswith(("NET-", "TOKEN-")):
        return replace(problem, details=(*problem.details, *clock.details))
    return problem
