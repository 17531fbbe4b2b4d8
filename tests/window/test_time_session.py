"""The waits of a session itself: what begins before there is a journey also ends."""

from __future__ import annotations

import asyncio
import time

import pytest

from assistant.problems import ProblemError
from assistant.vault.own_thread import OwnThread
from assistant.window import session, warming
from assistant.window.session import _within

pytestmark = pytest.mark.anyio


@pytest.mark.provokes("START-04")
async def test_a_step_that_hangs_on_its_thread_is_a_problem_and_not_a_window_that_stands_still() -> None:
    work = OwnThread("test-hangs")
    begun = time.monotonic()
    with pytest.raises(ProblemError, match="START-04") as caught:
        await _within(0.05, "practice", work.call(lambda: time.sleep(2)))
    assert time.monotonic() - begun < 1.5
    assert ("Step", "practice") in caught.value.occurrence.details


async def test_what_comes_in_time_is_handed_on() -> None:
    assert await _within(5, "practice", asyncio.sleep(0, "there")) == "there"


def test_every_wait_of_a_session_has_a_limit() -> None:
    limits = (session.PRACTICE_SECONDS, session.IMPORT_SECONDS, session.GONE_SECONDS, warming._LIMIT_MS / 1000)
    assert limits == (20.0, 60.0, 5.0, 30.0)
