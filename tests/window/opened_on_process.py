"""Shows the window as the program does, looks at what it opens on, closes it, and prints that as JSON.

    python -m tests.window.opened_on_process [--practice] [--integration FILE]

The vault is the one of the home it runs in; its key is in memory.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QApplication

from assistant import cli
from assistant.vault.sealing_key import MemoryKeychain
from assistant.window import loop, opening, ports
from assistant.window.connections.page import ConnectionsPage
from assistant.window.hands import click, until
from assistant.window.main_window import MainWindow
from tests import provoking


def main(arguments: list[str]) -> int:
    """Runs the window and returns its exit code."""
    provoking.follow()
    told: dict[str, Any] = {}
    run = loop.run
    ports.Keychain = lambda service: MemoryKeychain()  # type: ignore[assignment,misc]

    def run_with_person(application: QApplication, main: Callable[[], Coroutine[Any, Any, int]], **more: Any) -> int:
        async def both() -> int:
            person = asyncio.get_running_loop().create_task(_look(told))
            code = await main()
            await person
            return code

        return run(application, both, **more)

    opening.loop.run = run_with_person  # type: ignore[assignment]
    code = cli.main([*arguments, "--lang", "en"])
    print(json.dumps(told))
    return code


async def _look(told: dict[str, Any]) -> None:
    def window() -> MainWindow | None:
        return next((each for each in QApplication.allWidgets() if isinstance(each, MainWindow)), None)

    await until(lambda: (shown := window()) is not None and shown.isVisible(), "the window")
    shown = window()
    assert shown is not None
    page = shown.frame.content
    problem = shown.wizard.problem.problem
    told |= {"at_home": shown.at_home, "problem": problem.code if problem else None}
    if isinstance(page, ConnectionsPage):
        told["heading"] = page.heading.text()
        told["rows"] = [page.model.entry(row).company for row in range(page.model.rowCount())]
        told["states"] = [page.model.entry(row).health.state.value for row in range(page.model.rowCount())]
        if "--practice" not in sys.argv and "--integration" not in sys.argv:
            await click(shown.frame.footer.filled)
            told["explained"] = page.message.accessibleName()
            entry = page.list.current
            assert entry is not None
            await click(page.list.act)
            await until(lambda: page.list.panel is not None, "what it takes to connect again")
            assert page.list.panel is not None
            told["again"] = page.list.panel.said
    told["engine"] = "assistant.window.browser" in sys.modules
    await click(shown.frame.footer.cancel)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
