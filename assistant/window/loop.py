"""The one place where asyncio meets Qt (and the one import of qasync).

QtWebEngine shuts down on `aboutToQuit`; a second `exec()` in the process, which `asyncio.run` and `qasync.run` both
make, crashes at exit once the engine was used (seen with PySide6 6.10.2 to 6.12.0, Python 3.11 to 3.13). Hence one
`run_forever()`, with all cleaning up inside the main coroutine.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import nullcontext
from typing import Any

os.environ.setdefault("QT_API", "PySide6")  # qasync else prefers another binding that happens to be installed

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from assistant.window.daemon_executor import DaemonExecutor
from assistant.window.ending import Ending


def run(
    application: QApplication,
    main: Callable[[], Coroutine[Any, Any, int]],
    *,
    leave: Callable[[], None] | None = None,
    on_fault: Callable[[BaseException], None] | None = None,
) -> int:
    """Runs `main` to its end in the one event loop of `application` and returns its exit code.

    Args:
        leave: called when a signal asks the program to end, so that it ends as if its window were closed and hands
            back what it holds; without it such a signal ends the process at once. A second one always does.
        on_fault: told of what escapes from a slot of Qt's or a task nobody awaits; without it Python prints it.
    """
    application.setQuitOnLastWindowClosed(False)  # else closing the window ends the loop before `main` has cleaned up
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    loop.set_default_executor(DaemonExecutor())
    hooks, excepthook = sys.get_asyncgen_hooks(), sys.excepthook
    if on_fault is not None:
        sys.excepthook = lambda _kind, fault, _traceback: on_fault(fault)
        loop.set_exception_handler(lambda _loop, told: on_fault(told.get("exception") or RuntimeError()))
    sys.set_asyncgen_hooks(finalizer=lambda generator: _close_later(loop, generator))
    task = loop.create_task(main())
    task.add_done_callback(lambda _: application.exit())  # quit() asks the windows, and ours say no to being closed
    try:
        with Ending(leave).listening() if leave is not None else nullcontext():
            loop.run_forever()
        code: int = task.result()
        return code
    finally:
        sys.excepthook = excepthook
        sys.set_asyncgen_hooks(*hooks)
        asyncio.set_event_loop(None)
        loop.close()


def _close_later(loop: QEventLoop, generator: AsyncGenerator[Any, Any]) -> None:
    """Closes a generator that was left half-way, as asyncio's own loops do and qasync 0.28 does not.

    httpx reads answers through such generators. Without this, one that is given up (an answer far too large) is torn
    down in the middle of an `await`, with a traceback on standard error. May be called from any thread.
    """
    if not loop.is_closed():
        loop.call_soon_threadsafe(loop.create_task, generator.aclose())
