"""How large the person wants text, where Qt does not follow the system by itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

SMALLEST, LARGEST = 1.0, 2.25  # the range of Windows' own slider
_WAIT_SECONDS = 1.0


def windows_text_size() -> float:
    """Windows' "Text size" as a factor (Settings, Accessibility) [DOC: UISettings.TextScaleFactor, 100 to 225 %]."""
    import winreg  # type: ignore[import-not-found, unused-ignore]

    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, r"Software\Microsoft\Accessibility") as key:  # type: ignore[attr-defined, unused-ignore]
        return float(winreg.QueryValueEx(key, "TextScaleFactor")[0]) / 100  # type: ignore[attr-defined, unused-ignore]


def gnome_text_size() -> float:
    """GNOME's text-scaling-factor [DOC: org.gnome.desktop.interface]."""
    import shutil  # these two cost 5 ms before the first paint, and most systems need neither
    import subprocess

    program = shutil.which("gsettings")
    if program is None:
        return 1.0
    command = [program, "get", "org.gnome.desktop.interface", "text-scaling-factor"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=_WAIT_SECONDS, check=True)
    except subprocess.SubprocessError:
        return 1.0
    return float(found.stdout.strip())


def _nothing() -> float:
    return 1.0


def reader(*, platform: str = sys.platform, qt_platform: str, desktop: str | None = None) -> Callable[[], float]:
    """The reading that fits this system.

    GNOME under X11 is left alone: there it puts the factor into Xft.dpi, which Qt already follows, and reading it too
    would count it twice. `qt_platform` is `QGuiApplication.platformName()`.
    """
    if platform == "win32":
        return windows_text_size
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "") if desktop is None else desktop
    if qt_platform.startswith("wayland") and "GNOME" in desktop.upper().split(":"):
        return gnome_text_size
    return _nothing


def text_scale(read: Callable[[], float]) -> float:
    """The factor that `read` finds, kept within 1.0 and 2.25; 1.0 when the system will not say."""
    try:
        found = read()
    except (OSError, ValueError, TypeError):
        return SMALLEST
    return min(LARGEST, max(SMALLEST, found)) if found == found else SMALLEST  # NaN is unequal to itself
