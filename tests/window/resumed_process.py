"""Runs the program as it is, on a computer that claims to have a graphics card, and writes down where it goes.

    python -m tests.window.resumed_process BLANK_AFTER LOG [ARGUMENTS OF THE PROGRAM]

BLANK_AFTER are milliseconds after which a page without anything on it is given up. Every state of the journey becomes
a line of JSON in the file LOG; at a problem page the window is left. The program starts again by the same command.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from assistant import cli
from assistant.journey import Journey, Step
from assistant.vault.sealing_key import MemoryKeychain
from assistant.window import application, ports
from assistant.window.main_window import MainWindow
from assistant.window.paint_watch import PaintWatch
from tests import provoking


def main(blank_after: str, log: str, *arguments: str) -> int:
    provoking.follow()
    application.has_graphics_card = lambda: True  # type: ignore[assignment]
    ports.Keychain = lambda service: MemoryKeychain()  # type: ignore[assignment,misc]
    PaintWatch.__init__.__kwdefaults__["blank_after"] = int(blank_after)
    shown = MainWindow.show_state

    def note(window: MainWindow, state: Journey) -> None:
        shown(window, state)
        problem = state.problem
        line = {
            "pid": os.getpid(),
            "step": state.step.value,
            "attempt": state.attempt,
            "account": state.account.value,
            "problem": problem.code if problem else None,
            "facts": dict(problem.facts) if problem else {},
            "secret": state.client_secret.reveal() if state.client_secret else None,
            "flags": os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", ""),
        }
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        if state.step is Step.PROBLEM:
            QTimer.singleShot(100, window, window.leave)

    MainWindow.show_state = note  # type: ignore[method-assign]
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
