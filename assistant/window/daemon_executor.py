"""Threads for what asyncio cannot do without blocking, such as name look-ups, that keep nobody waiting at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class DaemonExecutor(Executor):
    """Runs each call on a daemon thread of its own.

    The executors of `concurrent.futures` and of qasync join their threads when the loop closes, so that one name
    look-up that hangs keeps a program alive whose window is long gone. Here it is left behind.
    """

    def submit(self, call: Callable[..., Any], /, *args: Any, **keywords: Any) -> Future[Any]:
        """Begins `call` at once."""
        answer: Future[Any] = Future()
        threading.Thread(target=_work, args=(answer, call, args, keywords), name="daemon-executor", daemon=True).start()
        return answer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Waits for nothing."""


def _work(answer: Future[Any], call: Callable[..., Any], args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    if not answer.set_running_or_notify_cancel():
        return
    try:
        result = call(*args, **keywords)
    except BaseException as failure:  # noqa: BLE001 - whoever waits gets it
        answer.set_exception(failure)
    else:
        answer.set_result(result)
