"""Scenario of the journey: a person who stands still at the sign-in page, and one who starts over."""

from __future__ import annotations

from assistant.journey import Step
from assistant.practice.authorization import COMPANY, SIGN_IN
from assistant.window.hands import click
from tests.window.walk import Stage, scenario

QUICK = (1.0, 2.0)


@scenario
async def standing_still(stage: Stage) -> None:
    """Help comes and goes with movement; starting over from it is a fresh attempt that completes."""
    async with stage.window() as walker:
        page = walker.window.wizard.sign_in
        page.nudge.seconds = QUICK
        await walker.to(Step.SIGN_IN)
        await walker.page(SIGN_IN, "sign-in")
        browser = page.browser
        assert browser is not None
        before = browser.height()
        await walker.until(lambda: page.nudge.level == 1, "the first offer of help")
        modal = page.nudge.isModal()
        walker.mark("offered", pages=page.nudge.observed.pages, height=browser.height(), before=before, modal=modal)
        page.nudge.seconds = (60.0, 180.0)
        await walker.press(SIGN_IN, "sign-in")
        await walker.page(COMPANY, "company-1100017")
        walker.mark("moved", level=page.nudge.level, visible=page.nudge.isVisible(), pages=page.nudge.observed.pages)
        page.nudge.seconds = QUICK
        page.nudge.begin(walker.state)
        await walker.until(lambda: page.nudge.level == 2, "the second offer of help")
        page.nudge.seconds = (60.0, 180.0)
        await click(page.nudge._start_over)
        await walker.until(lambda: walker.state.attempt == 2, "the second attempt")
        walker.mark("started over", level=page.nudge.level, visible=page.nudge.isVisible())
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("done")
