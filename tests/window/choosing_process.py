"""Shows the window without an integration file, and opens one file after the other in it; prints what came as JSON.

    python -m tests.window.choosing_process FILE ...

Each name is chosen in the dialog; "" puts the dialog away. At the end the window is closed; the exit code is its own.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from assistant.language import use
from assistant.problems import Way
from assistant.window import loop, opening
from assistant.window.application import show_window
from assistant.window.cover import Shell
from assistant.window.hands import click, until
from assistant.window.main_window import MainWindow
from tests import provoking


def main(files: list[str]) -> int:
    """Runs the window and returns its exit code."""
    provoking.follow()
    use("en")
    told: list[dict[str, Any]] = []
    run = loop.run

    def run_with_person(application: QApplication, main: Callable[[], Coroutine[Any, Any, int]], **more: Any) -> int:
        async def both() -> int:
            person = asyncio.get_running_loop().create_task(_choose(files, told))
            person.add_done_callback(lambda done: _window().leave() if done.exception() else None)
            code = await main()
            await person
            return code

        return run(application, both, **more)

    opening.loop.run = run_with_person  # type: ignore[assignment]
    code = show_window(integration_file=None, practice=False, test_server=False)
    print(json.dumps(told))
    return code


def _window() -> MainWindow:
    shell = next(each for each in QApplication.allWidgets() if isinstance(each, Shell))
    return next(each for each in shell.findChildren(MainWindow) if not each.isHidden())


async def _choose(files: list[str], told: list[dict[str, Any]]) -> None:
    await until(
        lambda: any(isinstance(each, MainWindow) and each.isVisible() for each in QApplication.allWidgets()), "it"
    )
    _note(told)
    QApplication.setDoubleClickInterval(10)  # who is quick is not taken for somebody who presses twice
    for file in files:
        window, before = _window(), _window().wizard.problem.problem
        page = window.wizard.problem
        place = page.ways.index(Way.OPEN_FILE)
        await click((window.frame.footer.filled, window.frame.footer.second)[place])
        await until(lambda: _dialogs(), "the dialog")
        (dialog,) = _dialogs()
        if not file:
            dialog.reject()
        else:
            name = dialog.findChild(QLineEdit, "fileNameEdit")
            name.setText(file)
            QTest.keyClick(name, Qt.Key.Key_Return)
            await until(lambda: _window().wizard.problem.problem is not before, "what became of it")  # noqa: B023
        await until(lambda: not _dialogs(), "the dialog gone")
        _note(told)
    await asyncio.sleep(0.3)
    await click(_window().frame.footer.cancel)


def _dialogs() -> list[QFileDialog]:
    return [each for each in QApplication.allWidgets() if isinstance(each, QFileDialog) and each.isVisible()]


def _note(told: list[dict[str, Any]]) -> None:
    window = _window()
    page = window.wizard.problem
    alone = window.wizard.shown is page
    told.append({
        "problem": page.problem.code if alone and page.problem else None,
        "ways": [way.value for way in page.ways] if alone else [],
        "heading": window.wizard.shown.heading.text(),
        "accent": opening.look().theme.colours.accent,
        "windows": len([each for each in QApplication.topLevelWidgets() if isinstance(each, Shell)]),
    })  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
