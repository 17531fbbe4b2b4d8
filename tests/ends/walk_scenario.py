"""Walks the window through situations of practice, one window each, in one process; prints what happened as JSON.

    python -m tests.ends.walk_scenario FOLDER NAME[+NAME...][@STORING] ...

The person approves whatever is asked, as far as the pages lead. Names joined by "+" are practised together; what
follows an "@" befalls the computer when the connection is to be saved.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from assistant.journey import Step
from assistant.practice.scenarios import SCENARIOS
from assistant.window.hands import press
from tests.ends.storing import parted
from tests.practice.test_scenarios import WAITING
from tests.window import walk
from tests.window.walker import Walker
from tests.window.walks_vault import LockedKeychain

CONNECTED, WAITS = "connected", "waits"
LEADS_ON = ("open-pop-up", "approve", "company-1100017", "sign-in")
"""What is pressed in a page: the first of these elements that it has."""
LOOK_EVERY = 0.05
STILL_SECONDS = 2.5
"""A page on which there is nothing to press for so long is where the browser waits."""
END_SECONDS = 50.0
"""How long an end that is expected may take. The longest is a page that does not come, behind others."""
_READY = """
(() => {
  if (window.left || document.readyState !== 'complete') return '';
  const found = NAMES.map((name) => document.getElementById(name)).find((element) => element);
  if (!found) return '';
  if (window.drawn === undefined) {
    window.drawn = false;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = true; }));
  }
  if (!window.drawn) return '';
  found.focus();
  return document.activeElement === found ? found.id : '';
})()
"""


class Person:
    """Goes on wherever something leads on, until the journey ends or the browser waits."""

    def __init__(self, walker: Walker, joined: str, strikes: Callable[[], AbstractContextManager[None]]) -> None:
        names = parted(joined)[0]
        scenarios = [SCENARIOS[name] for name in names]
        self._walker, self._name, self._strikes = walker, joined, strikes
        self._waits = any(each.waits for each in scenarios)
        self._words = {WAITING[name] for name in names if name in WAITING}
        self._leads_on = (*LEADS_ON, "signed") if "bankid-when-said" in names else LEADS_ON
        self.user = any(each.user_account for each in scenarios)
        self.pressed: list[str] = []

    async def walk(self) -> str:
        """The code of the problem it ends in or of the notice it waits under, `CONNECTED`, or `WAITS`."""
        walker = self._walker
        await walker.to(Step.PERMISSIONS, user=self.user)
        await walker.main()  # the sign-in may be over before anybody could look at it
        begun = still = time.monotonic()
        while walker.state.step not in (Step.PROBLEM, Step.CONFIRM):
            if walker.state.step is not Step.SIGN_IN or await self._go_on():
                still = time.monotonic()
            elif self._waits and time.monotonic() - still > STILL_SECONDS and self._arrived():
                noticed = walker.window.wizard.sign_in.refusal
                return WAITS if noticed is None else noticed.code
            if time.monotonic() - begun > END_SECONDS:
                return f"{WAITS} at {walker.state.step.value} after {self.pressed}"
            await asyncio.sleep(LOOK_EVERY)
        if walker.state.step is Step.CONFIRM:
            await walker.at(Step.CONFIRM)
            walker.mark(f"{self._name} asked")
            with self._strikes():
                await walker.main()
                await walker.at(Step.DONE, Step.PROBLEM, patience=END_SECONDS)
        problem = walker.state.problem
        return problem.code if problem is not None else CONNECTED

    def _arrived(self) -> bool:
        """Whether the server has said the word of the page the browser is to wait on, where it has one."""
        return self._words <= {entry.outcome for entry in self._walker.log}

    async def _go_on(self) -> bool:
        """Presses what leads on; False where there is nothing, or the same thing comes for the third time."""
        browser = self._walker.window.wizard.sign_in.browser
        script = _READY.replace("NAMES", json.dumps(self._leads_on))
        found = await self._walker.evaluate(script)
        widget = None if browser is None else browser.page_widget
        if not found or widget is None or self.pressed.count(found) > 1:
            return False
        await self._walker.evaluate("window.left = true")  # the page that comes may look the same
        self.pressed.append(found)
        await press(widget, Qt.Key.Key_Return)
        return True


async def ends(stage: walk.Stage) -> None:
    """One window for each of the situations that the argument names."""
    for joined in stage.argument.split():
        stage.situations, storing = parted(joined)
        stage.keychain = keychain = LockedKeychain(locked=False)
        with ExitStack() as place:
            file = stage.folder / f"{joined}.db"
            strikes: Callable[[], AbstractContextManager[None]] = nullcontext
            if storing is not None:
                file = place.enter_context(storing.prepared(stage.folder / joined))
                strikes = partial(storing.strikes, file, keychain)
            stage.vault_file = file
            async with stage.window() as walker:
                person = Person(walker, joined, strikes)
                outcome = await person.walk()
                walker.mark(f"{joined} ended", outcome=outcome)
            # What closing changed is in this one.
            walker.mark(joined, outcome=outcome, user=person.user, pressed=person.pressed)


if __name__ == "__main__":
    walk.scenario(ends)
    sys.exit(walk.main("ends", Path(sys.argv[1]), " ".join(sys.argv[2:])))
