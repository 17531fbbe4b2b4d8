"""Fills the window once everything is imported: reads the integration file, builds the pages, runs the loop."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from assistant.integration import Integration, own_app_id, read_integration, take_client_secret
from assistant.journey import begin, events
from assistant.language import current
from assistant.problems import Occurrence, ProblemError, stop
from assistant.secret import Secret
from assistant.support.code import support_code
from assistant.vault.places import vault_places
from assistant.window import loop
from assistant.window.choices import read_choices, remembered_account
from assistant.window.connections.alone import Alone
from assistant.window.connections.first_look import begin_look, found
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
    integration: Integration | None = None
    client_secret: Secret | None = None
    problem: Occurrence | None = None
    try:
        app_id = own_app_id()
        if integration_file is None:
            raise stop("FILE-01")
        integration = read_integration(integration_file, test_server=test_server)
        client_secret = begun.client_secret or take_client_secret(integration, os.environ)
    except ProblemError as refused:
        problem = refused.occurrence
    places = vault_places(app_id, practice=practice)
    choices = read_choices(places.state_file)
    speak(choices.language if choices.language and not language_wished else current().code)
    look().follow_system(application, vendor_accent=integration.look.accent if integration else None)
    window = MainWindow(integration, support_code=support_code(secrets.randbelow))
    shell.on_close = window.leave
    looking = begin_look(places, integration, practice=practice)
    if integration is None or problem is not None:
        told = problem or stop("FILE-01").occurrence
        if told.code != "FILE-01" or looking is None:
            return loop.run(application, lambda: _show_problem(shell, window, told), leave=window.leave), None
        alone = Alone(shell, window, places, choices, nothing=told)
        return loop.run(application, lambda: alone.main(looking), leave=window.leave, on_fault=alone.faulted), None
    window.set_practice(practice)
    account = remembered_account(choices, integration.client_id)
    window.show_state(begin(integration, account=account, client_secret=client_secret)[0])
    if looking is None or begun.at_sign_in:
        shell.fill(window)
    setting = Setting(
        integration=integration,
        client_secret=client_secret,
        practise=practice,
        places=places,
        choices=choices,
        scenarios=tuple(scenarios),
        resumption=begun,
    )
    session = Session(window, setting)

    async def main() -> int:
        if looking is not None and not begun.at_sign_in:
            listed = await found(looking)
            if listed is not None and listed.connections:
                session.begin_at_home(listed)
            shell.fill(window)
        return await session.main()

    code = loop.run(application, main, leave=window.leave, on_fault=session.faulted)
    return code, session.restart_wished


async def _show_problem(shell: Shell, window: MainWindow, problem: Occurrence) -> int:
    """A window with nothing but a problem; ends when the person closes it."""
    closed = asyncio.Event()
    window.happened.connect(lambda event: closed.set() if isinstance(event, events.Leave) else None)
    window.show_problem_alone(problem)
    shell.fill(window)
    await closed.wait()
    shell.hide()
    return 1
