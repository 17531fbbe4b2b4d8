"""Starts the window: as little as possible before the first paint.

1. the display and the engine's environment are looked at, QApplication is made
2. the cover is shown and painted
3. the other rooms are imported on a thread of their own while the cover's events are served
4. `opening` reads the integration file, fills the window and runs the one event loop
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import shiboken6
from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, qVersion
from PySide6.QtWidgets import QApplication

from assistant import __version__
from assistant.resources import integration_file_of
from assistant.window.chromium import (
    Settings,
    application_arguments,
    has_graphics_card,
    prepare_environment,
    qt_version,
    rendering_without_card,
)
from assistant.window.cover import Shell, glance

PAINT_SECONDS = 1.0
_SYSTEMS = {"win32": "windows", "darwin": "macos"}
SOFTWARE_RENDERING = "softwareRendering"
"""A property of the application: whether pages are drawn without the graphics card."""
_LATER = "assistant.window.opening"


def make_application(*, software_rendering: bool = False) -> QApplication:
    """The one QApplication, with the engine's environment prepared before it.

    Pages are drawn without the graphics card where `software_rendering` asks for it or the computer has none to use.

    Raises:
        ProblemError: START-01 without a display, START-02 as root where the sandbox may not be switched off.
    """
    if not has_display():
        from assistant.problems import stop

        raise stop("START-01")
    system = _SYSTEMS.get(sys.platform, "linux")
    without_card = rendering_without_card(os.environ, system=system, card=has_graphics_card())
    software = software_rendering or without_card is not None
    prepared = prepare_environment(
        os.environ, qt=qt_version(qVersion()), settings=Settings(software_rendering=software)
    )
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)  # the engine comes later
    application = QApplication(application_arguments(sys.argv, development=prepared.development))
    application.setProperty(SOFTWARE_RENDERING, software)
    application.setApplicationName("setup-assistant")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("setup-assistant")
    application.setStyle("Fusion")
    return application


def has_display() -> bool:
    """Whether a window can be shown, asked before Qt is, which would end the process without a word."""
    if sys.platform in _SYSTEMS:
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform.partition(":")[0] in ("offscreen", "minimal", "vnc", "eglfs", "linuxfb"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def show_window(
    *,
    integration_file: Path | None,
    practice: bool,
    test_server: bool,
    language_wished: bool = False,
    resume_at_sign_in: bool = False,
    software_rendering: bool = False,
    scenarios: Sequence[str] = (),
) -> int:
    """Shows the window and returns the exit code: 0, or 1 where an integration file could not be used.

    `language_wished` says that the current language was asked for, so that no remembered choice overrides it.
    `scenarios` names the situations that practice begins with.
    `resume_at_sign_in` and `software_rendering` are what the program says to itself when it starts again.

    Raises:
        ProblemError: what stops the window itself.
    """
    application = make_application(software_rendering=software_rendering)
    file = integration_file_of(integration_file, practice=practice)
    shell = Shell(glance(file), practice=practice)
    shell.show()
    closed: list[bool] = []
    shell.on_close = lambda: closed.append(True)
    deadline = time.monotonic() + PAINT_SECONDS
    while not shell.painted and time.monotonic() < deadline:
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
    first_painted()
    importing = threading.Thread(target=importlib.import_module, args=(_LATER,), name="import-rooms", daemon=True)
    importing.start()
    while importing.is_alive() and not closed:
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        importing.join(0.01)
    if closed:
        return 0
    from dataclasses import replace

    from assistant.window.opening import open_window
    from assistant.window.restart import Resumption, begin_again, handed_over

    resumption = replace(
        handed_over() if resume_at_sign_in else Resumption(),
        software_rendering=bool(application.property(SOFTWARE_RENDERING)),
    )
    code, wished = open_window(
        application,
        shell,
        integration_file=file,
        practice=practice,
        test_server=test_server,
        scenarios=scenarios,
        language_wished=language_wished,
        resumption=resumption,
    )
    if wished is not None:
        shiboken6.delete(application)  # ends the engine's processes; nothing of Qt runs after it
        begin_again(wished)
    return code


def first_painted() -> None:
    """The moment the first paint is over; a place for measurements to stand."""
