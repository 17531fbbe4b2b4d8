"""Do the connections belong to the system's user who runs this. Whoever runs it as another finds none of them."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.support.preflight import Verdict
from assistant.support.self_test.result import Check, Detail, Reason, Result, fine, not_checked
from assistant.support.self_test.world import World


def look_at_user(world: World) -> Sequence[Result]:
    """One result, with the numbers of both users and never a name. Blocks."""
    me = world.user()
    if me is None:
        return (not_checked(Check.USER, Reason.CANNOT_ASK),)
    told = (Detail.RUNS_AS, str(me))
    place = world.vault_file
    while not place.exists() and place != place.parent:
        place = place.parent
    owner = place.stat().st_uid
    if owner == me:
        return (fine(Check.USER, told),)
    details = (told, (Detail.OWNER, str(owner)))
    return (Result(check=Check.USER, verdict=Verdict.ATTENTION, reason=Reason.OTHER_USER, details=details),)
