"""Starts the window: as little as possible before the first paint."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtWidgets import QApplication

from assistant import __version__
from assistant.fortnox.account import AccountKind
from assistant.integration import Integration, read_integration, take_client_secret
from assistant.journey import begin, events
from assistant.language import current
from assistant.problems import Occurrence, ProblemError, stop
from assistant.resources import resource
from assistant.secret import Secret
from assistant.support.code import support_code
from assistant.vault.places import vault_places
from assistant.window.choices import Choices, read_choices
from assistant.window.chromium import (
    Settings,
    application_arguments,
    has_graphics_card,
    prepare_environment,
    qt_version,
    rendering_without_card,
)
from assistant.window.main_window import MainWindow
from assistant.window.session import Session, Setting
from assistant.window.speech import speak
from assistant.window.theme import look

PRACTICE_FILE = ("practice", "integration.toml")
_SYSTEMS = {"win32": "windows", "darwin": "macos"}


def make_application() -> QApplication:
    """The one QApplication, with the engine's environment prepared before it.

    Raises:
        ProblemError: START-01 without a display, START-02 as root where the sandbox may not be switched off.
    """
    if not has_display():
        raise stop("START-01")
    system = _SYSTEMS.get(sys.platform, "linux")
    without_card = rendering_without_card(os.environ, system=system, card=has_graphics_card())
    prepared = prepare_environment(
        os.environ, qt=qt_version(qVersion()), settings=Settings(software_rendering=without_card is not None)
    )
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)  # the engine comes later
    application = QApplication(application_arguments(sys.argv, development=prepared.development))
    application.setApplicationName("setup-assistant")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("setup-assistant")
    return application


def has_display() -> bool:
    """Whether a window can be shown, asked before Qt is, which would end the process without a word."""
    if sys.platform in _SYSTEMS:
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform.partition(":")[0] in ("offscreen", "minimal", "vnc", "eglfs", "linuxfb"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def show_window(*, integration_file: Path | None, practice: bool, test_server: bool) -> int:
    """Shows the window and returns the exit code: 0, or 1 where an integration file could not be used.

    Raises:
        ProblemError: what stops the window itself.
    """
    integration: Integration | None = None
    client_secret: Secret | None = None
    problem: Occurrence | None = None
    try:
        integration = read_integration(_file(integration_file, practice), test_server=test_server)
        client_secret = take_client_secret(integration, os.environ)
    except ProblemError as refused:
        problem = refused.occurrence
    application = make_application()
    places = vault_places(integration.app_id if integration else None, practice=practice)
    choices = read_choices(places.state_file)
    speak(_language(choices))
    look().follow_system(application, vendor_accent=integration.look.accent if integration else None)
    window = MainWindow(integration, support_code=support_code(secrets.randbelow))
    from assistant.window import loop

    if integration is None or problem is not None:
        assert problem is not None
        return loop.run(application, lambda: _show_problem(window, problem))
    window.set_practice(practice)
    remembered = choices.accounts.get(integration.client_id)
    account = AccountKind(remembered) if remembered in {kind.value for kind in AccountKind} else None
    window.show_state(begin(integration, account=account, client_secret=client_secret)[0])
    window.show()
    setting = Setting(
        integration=integration, client_secret=client_secret, practise=practice, places=places, choices=choices
    )
    return loop.run(application, lambda: Session(window, setting).main())


def _file(given: Path | None, practice: bool) -> Path:
    """The integration file: the one given, else a packaged program's own, else the one for practice."""
    own = resource("integration.toml")
    if given is not None:
        return given
    if own.is_file():
        return own
    if practice:
        return resource(*PRACTICE_FILE)
    raise stop("FILE-01")


def _language(choices: Choices) -> str:
    """`--lang` and the system's language are current already; what was chosen in the window before wins over the
    system's, never over `--lang`."""
    wished = "--lang" in " ".join(sys.argv[1:])
    return choices.language if choices.language and not wished else current().code


async def _show_problem(window: MainWindow, problem: Occurrence) -> int:
    """A window with nothing but a problem; closes when the person closes it."""
    import asyncio

    closed = asyncio.Event()
    window.happened.connect(lambda event: closed.set() if isinstance(event, events.Leave) else None)
    window.language_chosen.connect(speak)
    window.show_problem_alone(problem)
    window.show()
    await closed.wait()
    window.hide()
    return 1
