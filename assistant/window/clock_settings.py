"""Where the operating system's settings for date and time are opened."""

from __future__ import annotations

import sys
from typing import Final

_ADDRESSES: Final = {
    "win32": "ms-settings:dateandtime",
    "darwin": "x-apple.systempreferences:com.apple.Date-Time-Settings.extension",
}


def clock_settings_address(platform: str = sys.platform) -> str | None:
    """The address to open on `platform`; None where each desktop has its own place and no address."""
    return _ADDRESSES.get(platform)
