"""How fast Fortnox may be asked: the numbers, and the wait for one's turn.

The API takes 300 calls a minute for each client id and company, enforced as 25 in any 5 seconds; more is answered with
429 [DOC, rate-limits-for-fortnox-api]. Whether the token endpoint shares that limit is not known, so it has a pace of
its own, chosen here and nowhere else.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from assistant.elapsed import elapsed

API_CALLS: Final = 24
"""Calls of one company in `API_SECONDS`. One fewer than the limit: exactly 25 have been seen to trip it [USER]."""
API_SECONDS: Final = 5.0
TOKEN_REQUESTS_A_SECOND: Final = 5.0
"""Token requests of this program, whatever their company: the API's own pace for one company, without its bursts."""
LONGEST_HOLD: Final = 3600.0
"""Seconds. A server that asks for a longer wait is asked again after this."""

_KEPT: Final = 64


class Pace:
    """At most `calls` in any `seconds`. Whoever asks waits for a turn, in the order of asking.

    Safe to use from several threads and event loops: a turn is a moment in time, and each waits for its own.
    """

    def __init__(self, calls: int, seconds: float, *, clock: Callable[[], float] = elapsed) -> None:
        self._seconds = seconds
        self._clock = clock
        self._given: deque[float] = deque(maxlen=calls)
        self._held_until = float("-inf")
        self._lock = threading.Lock()

    async def turn(self) -> None:
        """Waits until the next call may be made, and counts it."""
        while True:
            at = self._next()
            await asyncio.sleep(max(0.0, at - self._clock()))
            if at >= self._held_until:
                return

    def hold(self, seconds: float) -> None:
        """Gives no turn for that long, because the server has asked to wait; turns not yet used are given anew."""
        with self._lock:
            self._held_until = max(self._held_until, self._clock() + min(seconds, LONGEST_HOLD))

    @property
    def idle(self) -> bool:
        """Whether it would let the next call through at once, as a new one would."""
        now = self._clock()
        with self._lock:
            return now >= self._held_until and (not self._given or self._given[-1] + self._seconds <= now)

    def _next(self) -> float:
        with self._lock:
            at = max(self._clock(), self._held_until)
            if len(self._given) == self._given.maxlen:
                at = max(at, self._given[0] + self._seconds)
            self._given.append(at)
            return at


class CompanyPaces:
    """The pace of each client id and company; only those of the last seconds are held, however many there are."""

    def __init__(self, *, clock: Callable[[], float] = elapsed) -> None:
        self._clock = clock
        self._paces: dict[tuple[str, str], Pace] = {}

    def of(self, client_id: str, tenant_id: str) -> Pace:
        """The pace to keep for calls in the name of `client_id` to the company `tenant_id`."""
        key = (client_id, tenant_id)
        if key not in self._paces:
            if len(self._paces) >= _KEPT:
                self._paces = {other: pace for other, pace in self._paces.items() if not pace.idle}
            self._paces[key] = Pace(API_CALLS, API_SECONDS, clock=self._clock)
        return self._paces[key]


def token_pace(*, clock: Callable[[], float] = elapsed) -> Pace:
    """A pace for the token endpoint: evenly spaced, without bursts."""
    return Pace(1, 1 / TOKEN_REQUESTS_A_SECOND, clock=clock)
