"""Where the operating system lets the time be set."""

from __future__ import annotations

import sys

_ADDRESSES = {
    "win32": "ms-settings:dateandtime",
    "darwin": "x-apple.systempreferences:com.apple.Date-Time-Settings.extension",
}


def clock_settings(system: str = sys.platform) -> str | None:
    """The address that opens the settings for date and time; None where there is none, as on Linux."""
    return _ADDRESSES.get(system)
