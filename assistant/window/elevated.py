"""Whether this process runs with an administrator's rights on Windows."""

from __future__ import annotations

import ctypes
import sys
from typing import Any


def is_elevated() -> bool:
    """Whether it was started with "Run as administrator", or by a user who has those rights always.

    Windows alone is asked (shell32, IsUserAnAdmin). Root elsewhere is refused before there is a window (START-02).
    """
    if sys.platform != "win32":
        return False
    libraries: Any = ctypes  # `windll` is known to a type checker on Windows alone
    return bool(libraries.windll.shell32.IsUserAnAdmin())
