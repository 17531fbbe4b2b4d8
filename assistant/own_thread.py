"""A thread of our own for calls that can block or hang: it keeps neither the event loop nor the exit waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")


class OwnThread:
    """Runs calls one after another on one daemon thread, started by the first call.

    `concurrent.futures` joins its threads at exit, so that one hung D-Bus call would keep the program from ending.
    A daemon thread is left behind instead.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, call: Callable[[], Result]) -> Future[Result]:
        """Puts `call` in line. Cancelling the answer before its turn takes it out; afterwards it runs to its end."""
        answer: Future[Result] = Future()
        self._calls.put((answer, call))
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
        return answer

    def within(self, seconds: float, call: Callable[[], Result]) -> Result:
        """The result of `call`, waited for at most `seconds`.

        A call that has begun goes on after that: what it does is done late, not lost.

        Raises:
            TimeoutError: no answer within the limit.
        """
        answer = self.submit(call)
        try:
            return answer.result(timeout=seconds)
        except TimeoutError:
            if answer.cancel() or not answer.done():
                raise TimeoutError from None
            raise

    async def call(self, call: Callable[[], Result]) -> Result:
        """The result of `call`, awaited. A cancelled waiter does not stop a call that has begun."""
        import asyncio  # 30 ms, and whoever awaits has it already

        return await asyncio.wrap_future(self.submit(call))

    def _work(self) -> None:
        while True:
            answer, call = self._calls.get()
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                result = call()
            except BaseException as failure:  # noqa: BLE001 - whoever waits gets it, and the thread lives on
                answer.set_exception(failure)
            else:
                answer.set_result(result)
            del answer, call  # a result may hold a secret: not kept until the next call comes
