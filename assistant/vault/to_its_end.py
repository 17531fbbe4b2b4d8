"""A call that nothing interrupts but a kill: neither Ctrl+C, nor a cancelled task, nor the end of the program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def to_its_end(call: Callable[[], Result]) -> Future[Result]:
    """Runs `call` on a thread that the process waits for when it ends."""
    answer: Future[Result] = Future()

    def run() -> None:
        try:
            result = call()
        except BaseException as failure:  # noqa: BLE001 - whoever waits gets it
            answer.set_exception(failure)
        else:
            answer.set_result(result)

    answer.set_running_or_notify_cancel()
    threading.Thread(target=run, name="token", daemon=False).start()
    return answer
