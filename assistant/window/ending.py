"""Ends the program on a signal as if its window had been closed."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import ClassVar, Final

from PySide6.QtCore import QSocketNotifier

ENDING_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
"""What the end of a desktop session, a service manager and Ctrl+C send."""


class Ending:
    """Calls `leave` at the first ending signal.

    Python runs signal handlers between two of its own instructions, and there are none while Qt waits: the byte that
    Python writes into a socket at a signal wakes Qt, which then calls into Python.
    """

    under_way: ClassVar[Ending | None] = None

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = leave
        self._before = {number: signal.getsignal(number) for number in ENDING_SIGNALS}
        self._asked = self._left = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listens from `with` to the end of its block."""
        reading, writing = socket.socketpair()
        with reading, writing:
            for end in (reading, writing):
                end.setblocking(False)
            notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)
            notifier.activated.connect(lambda: self._woken(reading))
            woken_before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
            Ending.under_way = self
            self.install()
            try:
                yield
            finally:
                Ending.under_way = None
                self._restore()
                signal.set_wakeup_fd(woken_before)
                notifier.setEnabled(False)

    def install(self) -> None:
        """Takes the signals, unless the first has come: the second ends the process at once."""
        if not self._asked:
            for number in ENDING_SIGNALS:
                signal.signal(number, self._ended)

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ended(self, _number: int, _frame: FrameType | None) -> None:
        """Only notes it: a handler runs between any two instructions, also in the midst of a step of the journey."""
        self._asked = True
        self._restore()

    def _woken(self, reading: socket.socket) -> None:
        reading.recv(64)
        if self._asked and not self._left:
            self._left = True
            self._leave()


def engine_started() -> None:
    """To be called once the browser engine runs: Chromium sets every signal to its default when it starts."""
    if Ending.under_way is not None:
        Ending.under_way.install()
