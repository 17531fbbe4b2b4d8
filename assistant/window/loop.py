"""The one place where asyncio meets Qt (and the one import of qasync).

QtWebEngine shuts down on `aboutToQuit`; a second `exec()` in the process, which `asyncio.run` and `qasync.run` both
make, crashes at exit once the engine was used (seen with PySide6 6.10.2 to 6.12.0, Python 3.11 to 3.13). Hence one
`run_forever()`, with all cleaning up inside the main coroutine.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any

os.environ.setdefault("QT_API", "PySide6")  # qasync else prefers another binding that happens to be installed

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop


def run(application: QApplication, main: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Runs `main` to its end in the one event loop of `application` and returns its exit code."""
    application.setQuitOnLastWindowClosed(False)  # else closing the window ends the loop before `main` has cleaned up
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    task = loop.create_task(main())
    task.add_done_callback(lambda _: application.quit())
    try:
        loop.run_forever()
        code: int = task.result()
        return code
    finally:
        asyncio.set_event_loop(None)
        loop.close()
