"""The keychain, tried out: an entry of the self-test's own is written, read, compared and removed. Never prompts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from assistant.own_thread import OwnThread
from assistant.problems import ProblemError
from assistant.support.preflight import Verdict
from assistant.support.self_test.result import Check, Detail, Reason, Result, fine, not_checked, wrong
from assistant.support.self_test.world import World
from assistant.vault.sealing_key import KeychainState


async def look_at_keychain(world: World) -> Sequence[Result]:
    """One result. A locked keychain wants attention: it is unlocked when it is needed."""
    return (await OwnThread("self-test-keychain").call(lambda: _look(world)),)


def _look(world: World) -> Result:
    state = world.keychain.state()
    told = (Detail.STATE, state.value)
    if sys.platform == "darwin" and state is KeychainState.READY:
        return not_checked(Check.KEYCHAIN, Reason.MAY_PROMPT, told)
    try:
        world.keychain.try_out()
    except ProblemError as stopped:
        found = wrong(Check.KEYCHAIN, stopped.occurrence, told)
        return replace(found, verdict=Verdict.ATTENTION) if stopped.code == "STORE-02" else found
    return fine(Check.KEYCHAIN, told)
