"""The clock that every lifetime in practice is measured with."""

from __future__ import annotations

import threading
import time


class PracticeClock:
    """A clock that can be moved forward. Safe to use from several threads.

    Args:
        start: seconds since the epoch at which it begins; the computer's time when left out.
        running: False makes it stand still between calls of `advance`, so that a test decides every second.
    """

    def __init__(self, start: float | None = None, *, running: bool = True) -> None:
        self._lock = threading.Lock()
        self._running = running
        self._base = time.time() if start is None else start
        self._origin = time.monotonic()
        self._advanced = 0.0

    def now(self) -> float:
        """Seconds since the epoch, by this clock."""
        with self._lock:
            elapsed = time.monotonic() - self._origin if self._running else 0.0
            return self._base + elapsed + self._advanced

    def advance(self, seconds: float) -> None:
        """Moves the clock forward.

        Raises:
            ValueError: `seconds` is negative; what has expired does not come back.
        """
        if not seconds >= 0:
            raise ValueError("a practice clock only moves forward")
        with self._lock:
            self._advanced += seconds

    @property
    def advanced(self) -> float:
        """Seconds it has been moved forward by hand."""
        with self._lock:
            return self._advanced
