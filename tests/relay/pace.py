"""How often somebody may ask the relay."""

from __future__ import annotations

import math
from collections.abc import Callable


class Pace:
    """A bucket for each name: `burst` calls at once, and one more every `seconds`.

    Args:
        clock: gives seconds.
    """

    def __init__(self, clock: Callable[[], float], *, burst: int = 30, seconds: float = 2.0) -> None:
        self._clock, self._burst, self._seconds = clock, burst, seconds
        self._free_at: dict[str, float] = {}  # when the bucket of a name will be as if nothing had been asked

    def wait(self, name: str) -> int:
        """Seconds that `name` has to wait; 0 when the call may be made, which then counts."""
        now = self._clock()
        self._free_at = {known: free for known, free in self._free_at.items() if free > now}
        free = max(self._free_at.get(name, now), now) + self._seconds
        late = free - now - self._burst * self._seconds
        if late > 0:
            return math.ceil(late)
        self._free_at[name] = free
        return 0
