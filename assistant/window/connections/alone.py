"""The connections without an integration file: all there are, to be checked, renewed and removed, none to be made."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from assistant.journey import Event, events
from assistant.own_thread import OwnThread
from assistant.problems.unplanned import unplanned
from assistant.window.choices import Choices, write_choices
from assistant.window.speech import speak

if TYPE_CHECKING:
    from assistant.vault.places import Places
    from assistant.window.connections.home import Home
    from assistant.window.connections.listed import Listed
    from assistant.window.connections.world import World
    from assistant.window.cover import Shell
    from assistant.window.main_window import MainWindow


class Alone:
    """One run of the window that has a list and no journey."""

    def __init__(self, shell: Shell, window: MainWindow, places: Places, choices: Choices) -> None:
        self._shell, self._window = shell, window
        self._places, self._choices = places, choices
        self._closed = asyncio.Event()
        self._home: Home | None = None
        window.happened.connect(self._happen)
        window.language_chosen.connect(self._speak)

    def faulted(self, fault: BaseException) -> None:
        """Something escaped that nobody waits for: told by type and place."""
        problem = unplanned(fault)
        sys.stderr.write(" ".join(["START-03", *(f"{name}={value}" for name, value in problem.details)]) + "\n")
        self._window.show_problem_alone(problem)

    async def main(self, listed: Listed) -> int:
        """Runs until the person closes the window; returns the exit code."""
        from assistant.window.connections.home import Home
        from assistant.window.connections.page import ConnectionsPage

        self._home = home = Home(ConnectionsPage(), practice=False)
        home.show(listed)
        self._window.show_home(home.page)
        self._shell.fill(self._window)
        leaving = asyncio.get_running_loop().create_task(self._closed.wait())
        home.attach(await OwnThread("import-rooms").call(self._make_world), None)
        await leaving
        self._shell.hide()
        await home.close()
        return 0

    def _make_world(self) -> World:
        """On a thread: what can do something with the rows takes a while to import."""
        from assistant.window.ports import make_world

        return make_world(self._places)

    def _happen(self, event: Event) -> None:
        if isinstance(event, events.Leave):
            self._shell.hide()
            self._closed.set()

    def _speak(self, code: str) -> None:
        speak(code)
        self._window.retranslate()
        self._choices = Choices(language=code, accounts=self._choices.accounts)
        write_choices(self._places.state_file, self._choices)
