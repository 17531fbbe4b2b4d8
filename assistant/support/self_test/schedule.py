"""Is the daily renewal in the schedule of the person's account."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.fortnox.account import AccountKind
from assistant.problems import ProblemError
from assistant.schedule import State
from assistant.support.preflight import Verdict
from assistant.support.self_test.result import Check, Detail, Reason, Result, fine, not_checked
from assistant.support.self_test.world import World

_REASONS = {
    State.NOT_INSTALLED: Reason.NOT_INSTALLED,
    State.OTHER_PROGRAM: Reason.OTHER_PROGRAM,
    State.DISABLED: Reason.DISABLED,
}


def look_at_schedule(world: World) -> Sequence[Result]:
    """One result. Only user accounts need it: without any, a schedule that is not there is not needed. Blocks."""
    try:
        state = world.schedule().state
    except ProblemError:
        state = State.UNKNOWN
    told = (Detail.STATE, state.value)
    if state is State.INSTALLED:
        return (fine(Check.SCHEDULE, told),)
    if state is State.UNKNOWN:
        return (not_checked(Check.SCHEDULE, Reason.CANNOT_ASK, told),)
    if state is State.NOT_INSTALLED and not _needs_renewal(world):
        return (not_checked(Check.SCHEDULE, Reason.NOT_NEEDED, told),)
    reason = _REASONS[state]
    return (Result(check=Check.SCHEDULE, verdict=Verdict.ATTENTION, reason=reason, details=(told,)),)


def _needs_renewal(world: World) -> bool:
    try:
        return any(each.account is AccountKind.USER for each in world.vault.connections())
    except ProblemError:
        return False
