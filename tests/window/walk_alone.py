"""Shows the window for one integration file as the program does, closes it, and prints what it showed as JSON.

    python -m tests.window.walk_alone [FILE]

The exit code is the window's own.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from assistant.language import use
from assistant.window import loop, opening
from assistant.window.application import show_window
from assistant.window.hands import click, until
from assistant.window.main_window import MainWindow
from tests import provoking


def main(file: Path | None) -> int:
    """Runs the window and returns its exit code."""
    provoking.follow()
    use("en")
    told: dict[str, Any] = {}
    run = loop.run

    def run_with_person(application: QApplication, main: Callable[[], Coroutine[Any, Any, int]], **more: Any) -> int:
        async def both() -> int:
            person = asyncio.get_running_loop().create_task(_look(told))
            code = await main()
            await person
            return code

        return run(application, both, **more)

    opening.loop.run = run_with_person  # type: ignore[assignment]
    code = show_window(integration_file=file, practice=False, test_server=False)
    print(json.dumps(told))
    return code


async def _look(told: dict[str, Any]) -> None:
    def window() -> MainWindow | None:
        return next((each for each in QApplication.allWidgets() if isinstance(each, MainWindow)), None)

    await until(lambda: (shown := window()) is not None and shown.isVisible(), "the window")
    shown = window()
    assert shown is not None
    page = shown.wizard.problem
    told |= {
        "problem": page.problem.code if page.problem else None,
        "alone": shown.wizard.shown is page and shown.frame.rail.isHidden(),
        "imported": "assistant.window.browser" in sys.modules,
    }
    await click(shown.frame.footer.cancel)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
