"""Ctrl+C, SIGTERM and SIGHUP, at any time and however often: a command ends, and a renewal under way is finished."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final, TypeVar

from assistant.language import _
from assistant.vault.to_its_end import any_under_way, wait_for_all

Result = TypeVar("Result")

_STOPS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@dataclass(slots=True)
class _Stopping:
    """How the command of this process is stopped.

    Attributes:
        stopped: whether a signal came; the next ones change nothing.
        cancel: cancels what runs in the event loop; None while there is none.
    """

    stopped: bool = False
    cancel: Callable[[], object] | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.stopped:
            return
        self.stopped = True
        if self.cancel is None:
            raise KeyboardInterrupt
        self.cancel()


_now = _Stopping()


@contextmanager
def renewals_finished() -> Iterator[None]:
    """Around a command that may renew: the first signal is Ctrl+C, and the others wait for renewals under way.

    Python itself waits for a thread at its end only until the next Ctrl+C, and SIGTERM and SIGHUP do not wait at all:
    a refresh token that is used up and whose successor is not saved yet would be lost.
    """
    global _now
    before, _now = _now, _Stopping()
    handlers = {}
    for number in _STOPS:
        found = signal.getsignal(number)
        # `nohup` ignores SIGHUP and means it. A shell ignores SIGINT for what it starts with &, and stops it with
        # SIGTERM all the same; both are one here.
        if number == signal.SIGINT or found is not signal.SIG_IGN:
            handlers[number] = found
            signal.signal(number, _now)
    try:
        yield
    finally:
        was_stopped, _now.stopped = _now.stopped, True  # from here on no signal raises
        if was_stopped and any_under_way():
            with suppress(OSError, ValueError):  # a terminal that was closed
                print(_("Finishing a renewal that is under way."), file=sys.stderr, flush=True)
        wait_for_all()
        for number, handler in handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        _now = before


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """`asyncio.run`, in which a signal cancels `main` and is KeyboardInterrupt once that has cleaned up."""
    import asyncio

    async def cancellable() -> Result:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None  # noqa: S101 - this is one
        _now.cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        try:
            return await main
        finally:
            _now.cancel = None

    try:
        return asyncio.run(cancellable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
