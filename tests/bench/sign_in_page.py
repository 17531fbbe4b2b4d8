"""A process of its own: how long until the first sign-in page is seen, from the moment it is asked for.

`bare URL` makes a bare QWebEngineView in a process that has just imported the engine, and loads the address;
`assistant` walks the program to its permissions page in practice, waits as long as reading takes, presses "Sign in" and
waits for the same page. Both make their view when it is asked for, and are watched by the same eye: the view's own
picture, a hundred times a second, until it is not one flat colour.
Printed: seconds. The address for `bare` is that of a practice server this process does not run.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

EVERY_MS = 10


def told(seconds: float) -> None:
    print(seconds, flush=True)
    os._exit(0)


def bare(address: str) -> None:
    from PySide6.QtCore import QCoreApplication, Qt, QTimer, QUrl
    from PySide6.QtWebEngineWidgets import QWebEngineView
    from PySide6.QtWidgets import QApplication

    from assistant.window.paint_watch import is_blank

    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication(sys.argv[:1])
    begun = time.monotonic()
    view = QWebEngineView()
    view.resize(1064, 560)
    view.show()
    view.load(QUrl(address))

    def look() -> None:
        if not is_blank(view.grab().toImage()):
            told(time.monotonic() - begun)

    timer = QTimer(interval=EVERY_MS)
    timer.timeout.connect(look)
    timer.start()
    application.exec()


def assistant() -> None:
    from assistant.journey import Step
    from assistant.window import loop
    from assistant.window.application import make_application
    from assistant.window.hands import click, settle
    from assistant.window.paint_watch import is_blank
    from assistant.window.session import Session
    from assistant.window.speech import speak
    from assistant.window.theme import look
    from assistant.window.tour import Guide, practice_setting, tour_window

    application = make_application()
    speak("sv")
    with tempfile.TemporaryDirectory() as folder:
        setting = practice_setting(Path(folder))
        look().follow_system(application, vendor_accent=setting.integration.look.accent)
        window = tour_window(setting)
        session = Session(window, setting)
        guide = Guide(session, Path(folder))

        async def walk() -> None:
            await session.begun.wait()
            await session.engine_ready.wait()
            for step in (Step.ACCOUNT, Step.PERMISSIONS):
                await click(guide.filled)
                await guide.reach(step)
            await settle(1.0)
            begun = time.monotonic()
            await click(guide.filled)
            while True:
                browser = window.wizard.sign_in.browser
                picture = browser.page_picture() if browser is not None else None
                if picture is not None and not is_blank(picture):
                    told(time.monotonic() - begun)
                await asyncio.sleep(EVERY_MS / 1000)

        async def main() -> int:
            walking = asyncio.get_running_loop().create_task(walk())
            walking.add_done_callback(lambda _: window.leave())
            code = await session.main()
            await walking
            return code

        loop.run(application, main)


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare(sys.argv[2])
    else:
        assistant()
