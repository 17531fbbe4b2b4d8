"""Fills the window once everything is imported: reads the integration file, builds the pages, runs the loop."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from assistant.integration import Integration, own_app_id, read_integration, take_client_secret
from assistant.journey import begin, events
from assistant.language import current
from assistant.problems import Occurrence, ProblemError, stop
from assistant.resources import own_integration_file
from assistant.secret import Secret
from assistant.support.code import support_code
from assistant.vault.places import Places, vault_places
from assistant.window import loop
from assistant.window.choices import Choices, read_choices, remembered_account
from assistant.window.choosing_file import choose_file
from assistant.window.connections.alone import Alone
from assistant.window.connections.first_look import begin_look, seen
from assistant.window.cover import Shell
from assistant.window.main_window import MainWindow
from assistant.window.restart import Resumption
from assistant.window.session import Session, Setting
from assistant.window.speech import speak
from assistant.window.theme import look


def open_window(
    application: QApplication,
    shell: Shell,
    *,
    integration_file: Path | None,
    practice: bool,
    test_server: bool,
    language_wished: bool,
    scenarios: Sequence[str] = (),
    resumption: Resumption | None = None,
) -> tuple[int, Resumption | None]:
    """Fills `shell` and runs until the journey is closed.

    Returns the exit code, and how the program is to be started again where the session wants that.
    """
    begun = resumption or Resumption()
    app_id: str | None = None
    found: _Found | Occurrence
    try:
        app_id = own_app_id()
        if integration_file is None:
            raise stop("FILE-01")
        integration = read_integration(integration_file, test_server=test_server)
        found = _Found(integration, begun.client_secret or take_client_secret(integration, os.environ))
    except ProblemError as refused:
        found = refused.occurrence
    places = vault_places(app_id, practice=practice)
    choices = read_choices(places.state_file)
    speak(choices.language if choices.language and not language_wished else current().code)
    accent = found.integration.look.accent if isinstance(found, _Found) else None
    look().follow_system(application, vendor_accent=accent)
    opening = _Opening(shell, practice=practice, test_server=test_server, choices=choices)
    looking = begin_look(places, found.integration if isinstance(found, _Found) else None, practice=practice)
    waits = looking is not None and not begun.at_sign_in

    def setting(of: _Found) -> Setting:
        return Setting(
            integration=of.integration,
            client_secret=of.client_secret,
            practise=practice,
            places=places,
            choices=choices,
            scenarios=tuple(scenarios),
            resumption=begun,
        )

    async def main() -> int:
        chosen = found
        if isinstance(chosen, Occurrence):
            if chosen.code == "FILE-01" and looking is not None:
                try:
                    listed = await seen(looking)
                except ProblemError as failure:
                    chosen, listed = failure.occurrence, None
                if listed is not None and listed.connections:
                    return await opening.alone(places).main(listed)
            asked = await opening.ask(chosen)
            return 1 if asked is None else await opening.session(setting(asked)).main()
        session = opening.session(setting(chosen))
        if looking is not None and waits:
            with suppress(ProblemError):  # the journey meets it and says so
                listed = await seen(looking)
                if listed is not None and listed.connections:
                    session.begin_at_home(listed)
            opening.fill()
        return await session.main()

    if isinstance(found, _Found):
        opening.show(found, fill=not waits)
    code = loop.run(application, main, leave=opening.leave, on_fault=opening.faulted)
    return code, opening.restart_wished


@dataclass(frozen=True)
class _Found:
    """An integration that can be used, and the file where the person chose it in the window."""

    integration: Integration
    client_secret: Secret | None
    file: Path | None = None


class _Opening:
    """What stands in the shell: one problem after another until there is an integration, then its window."""

    def __init__(self, shell: Shell, *, practice: bool, test_server: bool, choices: Choices) -> None:
        self._shell, self._practice, self._test_server, self._choices = shell, practice, test_server, choices
        self._window: MainWindow | None = None
        self._session: Session | None = None
        self._alone: Alone | None = None
        self._file: Path | None = None
        shell.on_close = self.leave

    def leave(self) -> None:
        """The person or the system wants out."""
        if self._window is not None:
            self._window.leave()

    def faulted(self, fault: BaseException) -> None:
        """Something escaped that nobody waits for."""
        if self._session is not None:
            self._session.faulted(fault)
        elif self._alone is not None:
            self._alone.faulted(fault)
        else:
            sys.__excepthook__(type(fault), fault, fault.__traceback__)

    @property
    def restart_wished(self) -> Resumption | None:
        """How the program is to be started again; with the file that was chosen, which no command line names."""
        wished = self._session.restart_wished if self._session is not None else None
        return wished if wished is None else replace(wished, integration_file=self._file)

    def show(self, found: _Found, *, fill: bool = True) -> None:
        """Makes the window of the journey, and fills the shell with it unless what it opens on is not known yet."""
        integration = found.integration
        self._file = found.file
        window = self._window = MainWindow(integration, support_code=support_code(secrets.randbelow))
        window.set_practice(self._practice)
        account = remembered_account(self._choices, integration.client_id)
        window.show_state(begin(integration, account=account, client_secret=found.client_secret)[0])
        if fill:
            self._shell.fill(window)

    def fill(self) -> None:
        """Fills the shell with the window that was made."""
        if self._window is not None:
            self._shell.fill(self._window)

    def alone(self, places: Places) -> Alone:
        """The connections without an integration file."""
        self._window = MainWindow(None, support_code=support_code(secrets.randbelow))
        self._alone = Alone(self._shell, self._window, places, self._choices)
        return self._alone

    def _show_problem(self, problem: Occurrence) -> MainWindow:
        """Fills the shell with nothing but a problem. A packaged program's own file is the only one it opens."""
        window = self._window = MainWindow(None, support_code=support_code(secrets.randbelow))
        window.wizard.problem.may_open_file = own_integration_file() is None
        window.show_problem_alone(problem)
        self._shell.fill(window)
        return window

    def session(self, setting: Setting) -> Session:
        """The session of the window on show."""
        assert self._window is not None
        self._session = Session(self._window, setting)
        return self._session

    async def ask(self, problem: Occurrence) -> _Found | None:
        """Waits until the person has chosen a file that can be used, with a page for each that cannot; None when they
        close the window."""
        answers: asyncio.Queue[Path | None] = asyncio.Queue()
        window = self._show_problem(problem)
        window.happened.connect(lambda event: answers.put_nowait(None) if isinstance(event, events.Leave) else None)
        window.file_wanted.connect(lambda: choose_file(self._shell, answers.put_nowait))
        while (path := await answers.get()) is not None:
            found = self._read(path)
            if isinstance(found, _Found):
                look().use_accent(found.integration.look.accent)
                self.show(found)
                return found
            window.show_problem_alone(found)
        self._shell.hide()
        return None

    def _read(self, path: Path) -> _Found | Occurrence:
        """What a person chose by hand may have come by mail: the stricter rules of a double click hold for it."""
        try:
            integration = read_integration(path, opened_by_double_click=True, test_server=self._test_server)
            return _Found(integration, take_client_secret(integration, os.environ), path)
        except ProblemError as refused:
            return refused.occurrence
