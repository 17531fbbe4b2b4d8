"""Runs every look at once, each within its own limit, and puts what they found in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from assistant.problems import ProblemError
from assistant.support.self_test.blocking import blocking
from assistant.support.self_test.connections import look_at_connections
from assistant.support.self_test.engine import look_at_engine
from assistant.support.self_test.keychain import look_at_keychain
from assistant.support.self_test.opener import look_at_opener
from assistant.support.self_test.port import look_at_port
from assistant.support.self_test.result import Check, Detail, Reason, Result, SelfTest, fine, not_checked, wrong
from assistant.support.self_test.schedule import look_at_schedule
from assistant.support.self_test.servers import look_at_servers
from assistant.support.self_test.user import look_at_user
from assistant.support.self_test.vault import look_at_vault
from assistant.support.self_test.world import World

LONGEST_SECONDS: Final = 9.0
"""The whole of it. No look may take longer, and all begin at once."""

_ORDER: Final = {check: number for number, check in enumerate(Check)}

Look = Callable[[World], Awaitable[Sequence[Result]]]


async def _integration_file(world: World) -> Sequence[Result]:
    if world.integration is not None:
        return (fine(Check.INTEGRATION_FILE),)
    if world.integration_problem is not None:
        return (wrong(Check.INTEGRATION_FILE, world.integration_problem),)
    return (not_checked(Check.INTEGRATION_FILE, Reason.NO_FILE),)


LOOKS: Final[dict[Check, tuple[float, Look]]] = {
    Check.INTEGRATION_FILE: (1.0, _integration_file),
    Check.SERVER: (8.0, look_at_servers),  # the clock as well
    Check.KEYCHAIN: (7.0, look_at_keychain),
    Check.VAULT: (4.0, blocking("self-test-vault", look_at_vault)),
    Check.CONNECTION: (4.0, blocking("self-test-connections", look_at_connections)),
    Check.ENGINE: (8.5, look_at_engine),
    Check.PORT: (3.0, look_at_port),
    Check.OPENER: (5.0, blocking("self-test-opener", look_at_opener)),
    Check.SCHEDULE: (6.0, blocking("self-test-schedule", look_at_schedule)),
    Check.USER: (2.0, blocking("self-test-user", look_at_user)),
}
"""Every look and its limit in seconds."""


async def run_self_test(
    world: World, *, found: Callable[[Result], None] = lambda result: None, longest: float = LONGEST_SECONDS
) -> SelfTest:
    """Looks at everything in `world` and tells `found` of each result as it comes. Never raises, never prompts."""
    began = time.monotonic()

    async def one(check: Check, limit: float, look: Look) -> tuple[Result, ...]:
        try:
            async with asyncio.timeout(min(limit, longest)):
                results = tuple(await look(world))
        except TimeoutError:
            results = (not_checked(check, Reason.LATE),)
        except ProblemError as stopped:
            results = (wrong(check, stopped.occurrence),)
        except Exception as fault:  # noqa: BLE001 - a look that breaks says nothing about the computer
            results = (not_checked(check, Reason.FAULT, (Detail.FAULT, type(fault).__name__)),)
        timed = tuple(replace(each, seconds=round(time.monotonic() - began, 2)) for each in results)
        for each in timed:
            found(each)
        return timed

    looked = await asyncio.gather(*(one(check, limit, look) for check, (limit, look) in LOOKS.items()))
    results = [each for group in looked for each in group]
    if not any(each.check is Check.CLOCK for each in results):
        results.append(not_checked(Check.CLOCK, Reason.NO_ANSWER))
        found(results[-1])
    results.sort(key=lambda each: _ORDER[each.check])
    return SelfTest(results=tuple(results), seconds=round(time.monotonic() - began, 2))
