"""Is a program there that would open the integration's start page. Nothing is opened."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.support.preflight import Verdict
from assistant.support.self_test.result import Check, Reason, Result, fine, not_checked
from assistant.support.self_test.world import World


def look_at_opener(world: World) -> Sequence[Result]:
    """One result. Blocks."""
    try:
        takes = world.takes_web_addresses()
    except ImportError:
        return (not_checked(Check.OPENER, Reason.NO_QT),)
    if takes is None:
        return (not_checked(Check.OPENER, Reason.CANNOT_ASK),)
    if takes:
        return (fine(Check.OPENER),)
    return (Result(check=Check.OPENER, verdict=Verdict.WRONG, reason=Reason.NO_BROWSER),)
