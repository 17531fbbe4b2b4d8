"""A call that nothing interrupts but a kill: neither Ctrl+C, nor a cancelled task, nor the end of the program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Final, TypeVar

Result = TypeVar("Result")

_LIVE: Final[set[threading.Thread]] = set()


def to_its_end(call: Callable[[], Result]) -> Future[Result]:
    """Runs `call` on a thread that the process waits for when it ends.

    Python gives that wait up at the next Ctrl+C, so a program that may be stopped twice ignores what stops it and
    calls `wait_for_all` before it ends.
    """
    answer: Future[Result] = Future()

    def run() -> None:
        try:
            result = call()
        except BaseException as failure:  # noqa: BLE001 - whoever waits gets it
            answer.set_exception(failure)
        else:
            answer.set_result(result)
        finally:
            _LIVE.discard(thread)

    answer.set_running_or_notify_cancel()
    thread = threading.Thread(target=run, name="token", daemon=False)
    _LIVE.add(thread)
    try:
        thread.start()
    except RuntimeError:  # the system has no more threads
        _LIVE.discard(thread)
        raise
    return answer


def any_under_way() -> bool:
    """Whether a call has not come to its end yet."""
    return bool(_LIVE)


def wait_for_all() -> None:
    """Returns when every call has come to its end, those too that others have begun meanwhile. Blocks."""
    while _LIVE:
        for thread in tuple(_LIVE):
            with suppress(RuntimeError):  # Ctrl+C came before it was started
                thread.join()
            _LIVE.discard(thread)
