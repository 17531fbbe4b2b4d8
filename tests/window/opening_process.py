"""Walks on a computer where nothing takes web addresses, with the program's own way of opening them.

    python -m tests.window.opening_process FOLDER

Prints the problems as JSON: of the start page, then of the person's own browser.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from assistant.effects import Ports
from assistant.fortnox.redirect import RedirectUri
from assistant.journey import Step, events
from assistant.practice.server import PracticeServer
from assistant.window.web_address import open_web_address
from tests import provoking
from tests.loopback.test_binding import free_port
from tests.walking import Person, World, practice_integration, visit


class Opening(World):
    """Opens addresses as the window does."""

    def ports(self) -> Ports:
        async def open_address(address: str) -> bool:
            return open_web_address(address)

        return replace(super().ports(), open_address=open_address)


async def problems(server: PracticeServer, folder: Path) -> list[str]:
    found: list[str] = []
    here = Opening(practice_integration(server), folder, Person(visit()))
    async with here.walking():
        await here.connect()
        here.send(events.StartPageAsked())
        state = await here.until(Step.DONE, where=lambda state: state.problem is not None)
        found += [state.problem.code] if state.problem else []
    back = RedirectUri(f"http://localhost:{free_port()}/callback")
    here = Opening(practice_integration(server, redirect_uri=back), folder, Person())
    async with here.walking():
        here.go()
        here.send(events.OwnBrowserAsked())
        state = await here.until(Step.SIGN_IN, where=lambda state: state.aside is not None)
        found += [state.aside.code] if state.aside else []
    return found


def main(folder: str) -> int:
    provoking.follow()
    application = QApplication(["opening-process"])
    with PracticeServer().in_thread() as server:
        print(json.dumps(asyncio.run(problems(server, Path(folder)))))
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
