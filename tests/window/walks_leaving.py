"""Scenarios of the journey: going back, cancelling, closing and pressing twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from assistant.journey import Step
from assistant.practice.authorization import CONSENT, SIGN_IN
from assistant.practice.faults import Fault
from assistant.practice.tokens import TOKEN
from assistant.problems import Way, stop
from assistant.vault.sealing_key import MemoryKeychain
from assistant.window.hands import press
from tests.window.walk import Stage, scenario
from tests.window.walker import Walker

COMPANY_CALL = "/3/companyinformation"
LATE = Fault(delay=0.7)


class SlowKeychain(MemoryKeychain):
    """Takes a while, so that somebody can leave while it is saved."""

    def create_key(self) -> bytes:
        time.sleep(0.5)
        return super().create_key()


class ClosedKeychain(MemoryKeychain):
    """Opens for nobody once somebody wants to save."""

    def create_key(self) -> bytes:
        raise stop("STORE-04")


async def _early(walker: Walker) -> None:
    await walker.to(Step.SIGN_IN)


async def _shown(walker: Walker) -> None:
    await walker.to(Step.SIGN_IN)
    await walker.page(SIGN_IN, "sign-in")


async def _consent(walker: Walker) -> None:
    await walker.to(Step.SIGN_IN)
    await walker.sign_in(decision=None)
    await walker.page(CONSENT, "approve")


async def _exchanging(walker: Walker) -> None:
    walker.server.inject(TOKEN, LATE)
    await walker.to(Step.SIGN_IN)
    await walker.sign_in()
    await walker.at(Step.CHECKING)


async def _reading(walker: Walker) -> None:
    walker.server.inject(COMPANY_CALL, LATE)
    await walker.to(Step.SIGN_IN)
    await walker.sign_in()
    await walker.at(Step.CHECKING)
    await walker.until(lambda: walker.state.held, "tokens")


async def _confirm(walker: Walker) -> None:
    await walker.to(Step.SIGN_IN)
    await walker.sign_in()
    await walker.at(Step.CONFIRM)


async def _saving(walker: Walker) -> None:
    await _confirm(walker)
    await walker.main()
    await walker.at(Step.SAVING)


async def _done(walker: Walker) -> None:
    await _confirm(walker)
    await walker.main()
    await walker.at(Step.DONE)


async def _declined(walker: Walker) -> None:
    await walker.to(Step.SIGN_IN)
    await walker.sign_in(decision="decline")
    await walker.at(Step.PROBLEM)


async def _not_saved(walker: Walker) -> None:
    await _confirm(walker)
    await walker.main()
    await walker.at(Step.PROBLEM)


PLACES: dict[str, Callable[[Walker], Awaitable[None]]] = {
    "welcome": lambda walker: walker.to(Step.WELCOME),
    "account": lambda walker: walker.to(Step.ACCOUNT),
    "permissions": lambda walker: walker.to(Step.PERMISSIONS),
    "sign-in": _early,
    "sign-in shown": _shown,
    "consent": _consent,
    "exchanging": _exchanging,
    "reading": _reading,
    "confirm": _confirm,
    "saving": _saving,
    "done": _done,
    "problem": _declined,
    "not saved": _not_saved,
}


@scenario
async def leave(stage: Stage) -> None:
    """To each of the places named, and out: by the window's close button, by Cancel or by Esc."""
    places, _, how = stage.argument.partition(":")
    for place in places.split(","):
        stage.keychain = {"saving": SlowKeychain, "not saved": ClosedKeychain}.get(place, MemoryKeychain)()
        stage.vault_file = stage.folder / f"{place}.db"
        async with stage.window(at_once=place == "welcome") as walker:
            await PLACES[place](walker)
            left = time.monotonic()
            if how == "close":
                walker.window.close()
            elif how == "cancel":
                await walker.cancel()
            else:
                await press(walker.window.focusWidget() or walker.window, Qt.Key.Key_Escape)
            hidden = not walker.window.window().isVisible()
            await stage.ended(walker)
            walker.mark(place, seconds=time.monotonic() - left, hidden=hidden)


@scenario
async def back(stage: Stage) -> None:
    """Back wherever there is a Back, and then to the end."""
    async with stage.window() as walker:
        await _shown(walker)
        for step in (Step.PERMISSIONS, Step.ACCOUNT, Step.WELCOME):
            await walker.back()
            await walker.at(step)
        await walker.to(Step.SIGN_IN)
        await walker.back()
        await walker.at(Step.PERMISSIONS)
        await walker.main()
        await walker.sign_in(decision=None)
        await walker.page(CONSENT, "approve")
        await walker.back()
        await walker.at(Step.PERMISSIONS)
        await walker.main()
        await walker.sign_in(decision="decline")
        await walker.at(Step.PROBLEM)
        await walker.back()
        await walker.at(Step.PERMISSIONS)
        walker.mark("back")
        await walker.main()
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("done")


@scenario
async def twice(stage: Stage) -> None:
    """Every button pressed twice, as quickly as people do, by mouse or by Enter."""
    QApplication.setDoubleClickInterval(400)
    async with stage.window() as walker:
        footer = walker.window.frame.footer

        async def pause() -> None:
            await asyncio.sleep(0.45)

        async def mouse(button: QWidget) -> None:
            for event in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseRelease):  # as a window system tells it
                event(button, Qt.MouseButton.LeftButton, pos=button.rect().center())
            await pause()

        async def enter() -> None:
            for _ in range(2):
                focused = walker.window.focusWidget()
                assert focused is not None
                await press(focused, Qt.Key.Key_Return)
            await pause()

        steps: list[str | int] = []
        await walker.at(Step.WELCOME)
        for press_twice in (
            lambda: mouse(footer.filled), lambda: mouse(footer.filled), lambda: mouse(footer.back),
            lambda: mouse(footer.filled), lambda: mouse(footer.filled), lambda: mouse(footer.back),
            lambda: mouse(footer.back), lambda: mouse(footer.back), enter, enter, enter,
        ):  # fmt: skip
            await press_twice()
            steps.append(walker.state.step.value)
        steps.append(walker.state.attempt)
        await walker.sign_in(decision="decline")
        await walker.at(Step.PROBLEM)
        attempt = walker.state.attempt
        await mouse(footer.filled)
        steps.append(walker.state.attempt - attempt)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        attempt = walker.state.attempt
        await mouse(footer.second)
        steps.append(walker.state.attempt - attempt)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        await mouse(footer.filled)
        await walker.at(Step.DONE)
        await pause()
        await mouse(footer.filled)
        walker.mark("done", pressed=steps)


@scenario
async def again_at_once(stage: Stage) -> None:
    """Forwards and back ten times as quickly as the window lets one: no attempt outlives its page."""
    async with stage.window() as walker:
        await walker.to(Step.PERMISSIONS)
        for _ in range(10):
            await walker.main()
            await walker.at(Step.SIGN_IN)
            await walker.back()
            await walker.at(Step.PERMISSIONS)
        await walker.main()
        await walker.sign_in(decision="decline")
        await walker.at(Step.PROBLEM)
        await walker.way(Way.SIGN_IN_AGAIN)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        walker.mark("confirm")
