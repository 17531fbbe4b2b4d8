"""25 calls in any 5 seconds per integration and company [DOC rate-limits-for-fortnox-api]."""

from __future__ import annotations

from collections import deque
from typing import Final

CALLS: Final = 25
WINDOW: Final = 5.0
"""Seconds."""


class RateLimit:
    """A sliding window. Refused calls do not count, so a patient client always gets through again."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, int], deque[float]] = {}

    def wait(self, client_id: str, tenant_id: int, *, now: float) -> float:
        """Seconds until a call is allowed; 0.0 lets this one through and counts it."""
        calls = self._calls.setdefault((client_id, tenant_id), deque())
        while calls and calls[0] <= now - WINDOW:
            calls.popleft()
        if len(calls) >= CALLS:
            return calls[0] + WINDOW - now
        calls.append(now)
        return 0.0
