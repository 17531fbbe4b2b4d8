"""Scenarios of the journey with the person's own browser: over, there and back, with a field to paste in."""

from __future__ import annotations

from dataclasses import replace

import httpx

from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from assistant.fortnox.redirect import RedirectUri
from assistant.integration import Integration, RedirectPage
from assistant.journey import Step
from assistant.practice.authorization import SIGN_IN
from assistant.window.hands import click
from tests.loopback.test_binding import free_port
from tests.outside import browse
from tests.walking import visit
from tests.window.walk import Stage, scenario
from tests.window.walker import Walker


def listening(integration: Integration) -> Integration:
    return replace(integration, redirect_uri=RedirectUri(f"http://localhost:{free_port()}/callback"))


def pasting(integration: Integration) -> Integration:
    return replace(integration, redirect_page=RedirectPage.STATIC)


async def over(walker: Walker, opened: int = 1) -> str:
    """Presses "Use my own browser" in the strip; the address that is opened."""
    browser = walker.window.wizard.sign_in.browser
    assert browser is not None
    await walker.until(browser.strip.own_browser.isVisible, "the button in the strip")
    await click(browser.strip.own_browser)
    await walker.until(lambda: len(walker.opened) == opened, "the other browser")
    panel = walker.window.wizard.sign_in.own_browser
    assert panel.isVisible()
    assert browser.isHidden()
    return walker.opened[-1]


@scenario
async def own_browser(stage: Stage) -> None:
    """Over to the own browser, and on when its answer has come."""
    stage.change = listening
    async with stage.window() as walker:
        fronted: list[bool] = []
        window = walker.window.window()
        window.raise_ = lambda: fronted.append(True)  # type: ignore[method-assign]
        await walker.to(Step.SIGN_IN)
        await walker.page(SIGN_IN, "sign-in")
        address = await over(walker)
        focus = QApplication.focusWidget()
        on_heading = focus is walker.window.wizard.sign_in.own_browser.heading
        page = await browse(address, *visit())
        await walker.at(Step.CONFIRM)
        await walker.until(lambda: fronted, "the window in front")
        walker.mark("confirm", page=page.text, status=page.answer and page.answer.status_code, on_heading=on_heading)
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("done")


@scenario
async def there_and_back(stage: Stage) -> None:
    """To the own browser and back into the window; the link of before is worth nothing any more."""
    stage.change = listening
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN)
        await walker.page(SIGN_IN, "sign-in")
        older = await over(walker)
        await click(walker.window.wizard.sign_in.own_browser.window_browser)
        await walker.page(SIGN_IN, "sign-in")
        nobody = False
        try:
            await browse(older, *visit())
        except httpx.ConnectError:
            nobody = True
        walker._seen = len(walker.log) - 1
        await walker.evaluate("window.left = true; location.reload()")
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        walker.mark("confirm", nobody=nobody, panel=walker.window.wizard.sign_in.own_browser.isVisible())


@scenario
async def pasted(stage: Stage) -> None:
    """The address the own browser ended on is pasted: first another, then the right one."""
    stage.change = pasting
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN)
        await walker.page(SIGN_IN, "sign-in")
        panel = walker.window.wizard.sign_in.own_browser
        page = await browse(await over(walker), *visit(), host="127.0.0.1")
        clipboard = QApplication.clipboard()
        paste = button(panel.field, "Paste")
        focus = QApplication.focusWidget() is panel.field.line

        clipboard.setText("https://elsewhere.example/canary")
        await click(paste)
        await click(panel.carry_on)
        await walker.until(panel.aside.isVisible, "what is wrong with it")
        wrong = {"said": panel.aside.accessibleName(), "clipboard": clipboard.text(), "field": panel.field.line.text()}

        clipboard.setText(f" {page.address}\n")
        await click(paste)
        shown = panel.field.line.displayText()
        await click(panel.carry_on)
        await walker.at(Step.CONFIRM)
        walker.mark(
            "confirm",
            focus=focus,
            wrong=wrong,
            dots=bool(shown) and "code=" not in shown,
            clipboard=clipboard.text(),
            field=panel.field.line.text(),
            left=[text for text in texts(walker.window) if "code=" in text],
        )


@scenario
async def standing_still_outside(stage: Stage) -> None:
    """Nothing moves while the own browser is used: help comes, goes with what the person does, and starts over."""
    stage.change = listening
    async with stage.window() as walker:
        page = walker.window.wizard.sign_in
        await walker.to(Step.SIGN_IN)
        await walker.page(SIGN_IN, "sign-in")
        page.nudge.seconds = (0.8, 1.6)
        await over(walker)
        focus = QApplication.focusWidget()
        await walker.until(lambda: page.nudge.level == 1, "the first offer of help")
        walker.mark(
            "offered",
            visible=page.nudge.isVisible(),
            modal=page.nudge.isModal() or QApplication.activeModalWidget() is not None,
            focus=QApplication.focusWidget() is focus,
            causes=[text.text() for text in page.nudge._causes],
        )
        page.nudge.seconds = (60.0, 180.0)
        await click(page.own_browser.open_again)
        await walker.until(lambda: len(walker.opened) == 2, "the browser again")
        walker.mark("opened again", level=page.nudge.level, visible=page.nudge.isVisible())
        page.nudge.seconds = (0.3, 0.6)
        await click(page.own_browser.open_again)
        await walker.until(lambda: page.nudge.level == 2, "the second offer of help")
        await click(page.nudge._start_over)
        await walker.until(lambda: len(walker.opened) == 4, "the next attempt")
        walker.mark("started over", own=walker.state.own_browser is not None)
        await browse(walker.opened[-1], *visit())
        await walker.at(Step.CONFIRM)
        walker.mark("confirm", visible=page.nudge.isVisible(), ticking=any(t.isActive() for t in page.nudge._timers))


def button(within: QWidget, label: str) -> QPushButton:
    return next(each for each in within.findChildren(QPushButton) if each.text() == label)


def texts(within: QWidget) -> list[str]:
    """All that stands anywhere in the window, and what a screen reader is told."""
    found = []
    for each in within.findChildren(QWidget):
        text = getattr(each, "text", None)
        found += [each.accessibleName(), each.accessibleDescription(), each.toolTip(), text() if text else ""]
    return found
