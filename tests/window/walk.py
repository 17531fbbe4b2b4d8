"""Runs one scenario of the journey in a process of its own and prints what happened as JSON.

    python -m tests.window.walk SCENARIO FOLDER [ARGUMENT]

Everything is real but the person: engine, practice server over HTTP, vault file. The key of the vault is in memory.
The engine shuts down with its application, and one process has one `exec()`; several windows may follow one another.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from assistant.integration import Integration
from assistant.language import use
from assistant.practice.server import PracticeServer
from assistant.vault.sealing_key import MemoryKeychain, SealingKeyHolder
from assistant.vault.store import Vault
from assistant.window import loop
from assistant.window.application import make_application
from assistant.window.connections.listed import read_listed
from assistant.window.session import STAYS, Session, Setting, first_paint
from assistant.window.tour import practice_setting, tour_window
from tests import provoking
from tests.window.walker import Walker

DOUBLE_CLICK_MS = 10
"""So short that the walker, who is quick, is not taken for somebody who presses twice."""
END_SECONDS = 12.0

qt_messages: list[str] = []


def _heard(kind: QtMsgType, _context: Any, text: str) -> None:
    if kind is not QtMsgType.QtDebugMsg:
        qt_messages.append(text)


class Stage:
    """Where windows come up one after the other, over one vault file.

    Attributes:
        marks: what the walkers have seen.
        opened: addresses the default browser was asked to open.
        ends: of every window: exit code and the seconds from the leave-taking to the end.
        situations: names of those that practice begins with in the next window.
        alter: what the setting of the next window is made into.
        server: answers in place of one that the session starts.
    """

    def __init__(self, folder: Path, argument: str = "") -> None:
        self.folder, self.argument = folder, argument
        self.marks: dict[str, Any] = {}
        self.opened: list[str] = []
        self.ends: list[tuple[int, float]] = []
        self.crashes: list[str] = []
        self.opener_takes = True
        self.keychain: SealingKeyHolder = MemoryKeychain()
        self.vault_file: Path | None = None
        self.change: Callable[[Integration], Integration] = lambda integration: integration
        self.situations: tuple[str, ...] = ()
        self.alter: Callable[[Setting], Setting] = lambda setting: setting
        self.server: PracticeServer | None = None
        self.resumption = STAYS

    @asynccontextmanager
    async def window(self, *, at_once: bool = False, at_home: bool = False) -> AsyncIterator[Walker]:
        """A window from its first paint on; closed at the end if it still stands.

        `at_once` gives it before the engine has started. `at_home` opens it on the connections, as the program does
        when there are some; no engine is started for those.
        """
        setting = practice_setting(self.folder)
        setting = replace(
            setting,
            integration=self.change(setting.integration),
            keychain=self.keychain,
            open_address=self._open,
            scenarios=self.situations,
            resumption=self.resumption,
            places=replace(setting.places, vault_file=self.vault_file or setting.places.vault_file),
        )
        setting = self.alter(setting)
        shown = tour_window(setting)
        session = Session(shown, setting)
        session.practice = self.server
        if at_home:
            places = setting.places
            session.begin_at_home(
                read_listed(Vault(places.vault_file, self.keychain), setting.integration, practice=True)
            )
        running = asyncio.get_running_loop().create_task(session.main())
        walker = Walker(session, running, self.marks, self.opened)
        shown_state = shown.show_state

        def note(state: Any) -> None:
            if walker.steps[-1:] != [state.step.value]:
                walker.steps.append(state.step.value)
            shown_state(state)

        shown.show_state = note  # type: ignore[method-assign]
        painted = asyncio.get_running_loop().create_task(first_paint(shown))
        painted.add_done_callback(lambda _: setattr(walker, "painted", time.perf_counter()))
        begun = asyncio.get_running_loop().create_task(session.begun.wait())
        await asyncio.wait((running, begun), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        if not at_once and not at_home:
            await session.engine_ready.wait()
        try:
            yield walker
        except BaseException:
            shown.leave()
            raise
        left = time.monotonic()
        if not running.done():
            shown.close()
        code = await asyncio.wait_for(running, END_SECONDS)
        self.ends.append((code, time.monotonic() - left))
        self.crashes += [repr(crash) for crash in walker.server.crashes]
        shown.deleteLater()

    def _open(self, address: str) -> bool:
        self.opened.append(address)
        return self.opener_takes

    async def ended(self, walker: Walker) -> None:
        """Waits for the end of a window that was left."""
        await asyncio.wait_for(asyncio.shield(walker.running), END_SECONDS)


Scenario = Callable[[Stage], Awaitable[None]]
SCENARIOS: dict[str, Scenario] = {}


def scenario(act: Scenario) -> Scenario:
    """Makes `act` known under its name."""
    SCENARIOS[act.__name__] = act
    return act


def main(name: str, folder: Path, argument: str) -> int:
    """Runs `name` and returns the exit code of the last window."""
    from tests.window import (  # noqa: F401 - each fills SCENARIOS
        walks_answers,
        walks_connections,
        walks_heartbeat,
        walks_leaving,
        walks_outcomes,
        walks_own_browser,
        walks_proxy,
        walks_time,
        walks_vault,
    )

    provoking.follow()
    qInstallMessageHandler(_heard)
    application = make_application()
    QApplication.setDoubleClickInterval(DOUBLE_CLICK_MS)
    use("en")
    stage = Stage(folder, argument)

    async def run() -> int:
        async with asyncio.timeout(85):
            await SCENARIOS[name](stage)
        return stage.ends[-1][0]

    code = loop.run(application, run)
    from assistant.window.browser.attempt import Attempt

    told = {
        "marks": stage.marks,
        "ends": stage.ends,
        "qt": qt_messages,
        "crashes": stage.crashes,
        "left": len(Attempt.alive),
    }
    print(json.dumps(told))
    return code


if __name__ == "__main__":
    from tests.window import walk  # the module the scenarios know, not this one under the name of __main__

    sys.exit(walk.main(sys.argv[1], Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else ""))
