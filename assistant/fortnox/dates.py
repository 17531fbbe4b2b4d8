"""The two headers of an answer that speak of time: `Date` and `Retry-After`."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 3600
"""Seconds; a server that asks for more is asked again after an hour."""


def read_date(text: str) -> datetime | None:
    """An HTTP date (RFC 9110 5.6.7) with its time zone, or None when it is none."""
    try:
        said = parsedate_to_datetime(text)
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def read_retry_after(text: str, *, now: datetime) -> int | None:
    """`Retry-After` in seconds from either of its forms (RFC 9110 10.2.3); `now` is the server's time."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(int(text), LONGEST_WAIT)
    until = read_date(text)
    return None if until is None else min(max(math.ceil((until - now).total_seconds()), 0), LONGEST_WAIT)
