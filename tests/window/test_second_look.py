"""What stopped the sign-in page reaches the journey, whatever becomes of the second look at it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest

from assistant.journey import Event, events
from assistant.problems import occurrence
from assistant.window.second_look import SecondLook

pytestmark = pytest.mark.anyio

ORIGIN = "https://sign-in.test"


class StoppingPage:
    """A sign-in page that a certificate stops at once."""

    browser = SimpleNamespace(refused_origin=ORIGIN)

    def show_request(self, attempt: int, request: object, send: Callable[[Event], None]) -> None:
        refused = occurrence("WEB-06", {"net_error": "-202"}, host="sign-in.test", issuer="X")
        send(events.SignInStopped(attempt=attempt, occurrence=refused))


async def heard(trusts: Callable[[str], Awaitable[bool]]) -> list[str]:
    """The codes that the journey hears of."""
    told: list[Event] = []
    look = SecondLook(StoppingPage(), trusts=trusts, restart=lambda: False)  # type: ignore[arg-type]
    look.show_request(1, None, told.append)  # type: ignore[arg-type]
    async with asyncio.timeout(10):
        while not told:  # noqa: ASYNC110 - the look tells nobody else
            await asyncio.sleep(0.01)
    return [event.occurrence.code for event in told if isinstance(event, events.SignInStopped)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there the two lists are apart")
async def test_a_look_that_fails_in_a_way_nobody_planned_loses_nothing() -> None:
    async def breaks(origin: str) -> bool:
        assert origin == ORIGIN
        raise ImportError("socksio")

    async def says_yes(origin: str) -> bool:
        return True

    async def says_nothing(origin: str) -> bool:
        await asyncio.Event().wait()
        return True

    assert await heard(breaks) == ["WEB-06"]
    assert await heard(says_yes) == ["WEB-23"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("assistant.window.second_look.LOOK_SECONDS", 0.05)
        assert await heard(says_nothing) == ["WEB-06"]
