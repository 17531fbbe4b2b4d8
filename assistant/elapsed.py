"""How much time has passed: a clock that nobody can set, and that goes on while the computer sleeps."""

from __future__ import annotations

import sys
import time


def elapsed() -> float:
    """Seconds since some moment; only differences mean something. Never runs backwards.

    A lid that was closed for half an hour counts: Fortnox's ten minutes pass meanwhile too. `time.monotonic` stands
    still during sleep on Linux and macOS; Windows counts it.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # Apple's goes on during sleep, mach_absolute_time does not
    return time.monotonic()
