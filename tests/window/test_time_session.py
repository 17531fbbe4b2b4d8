"""The waits of a session itself: what begins before there is a journey also ends."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from PySide6.QtWidgets import QApplication

from assistant.own_thread import OwnThread
from assistant.problems import ProblemError
from assistant.support.preflight import Finding, Probe, Verdict
from assistant.window import session, warming
from assistant.window.looking import LookAhead
from assistant.window.pages.welcome import WelcomePage
from assistant.window.session import Session, _within
from tests.window.test_time_looking import world

pytestmark = pytest.mark.anyio


@pytest.mark.provokes("START-04")
async def test_a_step_that_hangs_on_its_thread_is_a_problem_and_not_a_window_that_stands_still() -> None:
    work = OwnThread("test-hangs")
    begun = time.monotonic()
    with pytest.raises(ProblemError, match="START-04") as caught:
        await _within(0.05, "practice", work.call(lambda: time.sleep(2)))
    assert time.monotonic() - begun < 1.5
    assert ("Step", "practice") in caught.value.occurrence.details


async def test_check_again_is_heard_while_the_engine_starts(qapp: QApplication, tmp_path: Path) -> None:
    """It takes half a minute on a cold disk; what has been put right meanwhile is looked at again at once."""

    class Again(WelcomePage):
        def __init__(self) -> None:
            super().__init__()
            self.began, self.found = 0, list[Finding]()

        def start_checking(self) -> None:
            self.began += 1

        def show_finding(self, finding: Finding) -> None:
            self.found.append(finding)

    page, woken = Again(), asyncio.Event()

    async def starting() -> None:
        await woken.wait()

    here = Session.__new__(Session)
    wizard = SimpleNamespace(welcome=page, sign_in=SimpleNamespace(unlocks=False))
    here.window = SimpleNamespace(wizard=wizard)  # type: ignore[assignment]
    async with world(tmp_path, engine=starting) as looking:
        looking.run = partial(LookAhead.run, looking, limit=0.3)  # type: ignore[method-assign]
        task = asyncio.create_task(here._look(lambda: looking))

        async def all_told() -> None:
            async with asyncio.timeout(10):
                while {each.probe for each in page.found} != set(Probe):  # noqa: ASYNC110 - the page tells nobody
                    await asyncio.sleep(0.01)

        await all_told()
        assert page.found[-1].verdict is Verdict.NOT_CHECKED, "the engine is still starting"
        page.found.clear()
        page.check_again.emit()
        await all_told()
        assert page.began == 1
        page.found.clear()
        woken.set()
        async with asyncio.timeout(10):
            while not page.found:  # noqa: ASYNC110 - the page tells nobody
                await asyncio.sleep(0.01)
        assert [(each.probe, each.verdict) for each in page.found] == [(Probe.BROWSER, Verdict.FINE)]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    page.deleteLater()


async def test_what_comes_in_time_is_handed_on() -> None:
    assert await _within(5, "practice", asyncio.sleep(0, "there")) == "there"


def test_every_wait_of_a_session_has_a_limit() -> None:
    limits = (session.PRACTICE_SECONDS, session.IMPORT_SECONDS, session.GONE_SECONDS, warming._LIMIT_MS / 1000)
    assert limits == (20.0, 60.0, 5.0, 30.0)
