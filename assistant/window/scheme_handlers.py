"""Gives an address to the operating system, and says honestly whether a program is there to take it."""

from __future__ import annotations

import configparser
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

_BROWSERS: Final = (
    "x-www-browser", "firefox", "iceweasel", "seamonkey", "mozilla", "epiphany", "konqueror", "chromium",
    "chromium-browser", "google-chrome",
)  # fmt: skip
"""What xdg-open tries where no desktop entry takes web addresses and `BROWSER` names nothing (xdg-utils 1.1)."""


def open_outside(url: str) -> bool:
    """Opens `url` with the program that the system has for its scheme; False where there is none or it refuses.

    On Linux Qt starts xdg-open and reports that as success, whatever becomes of it. On Windows ShellExecute offers to
    get an app from the store, in a box of its own, and reports that as success. So a handler is looked for first.
    """
    address = QUrl(url)
    if sys.platform.startswith("linux") and not has_handler(address.scheme(), os.environ):
        return False
    if sys.platform == "win32" and not is_registered(address.scheme()):
        return False
    return QDesktopServices.openUrl(address)


def is_registered(scheme: str) -> bool:
    """Whether a program on this Windows takes addresses of `scheme`.

    Its key in HKEY_CLASSES_ROOT has the value `URL Protocol`, without which no program is started (Microsoft,
    "Registering an Application to a URI Scheme").
    """
    import winreg

    registry: Any = winreg  # its names are known to a type checker on Windows alone
    try:
        with registry.OpenKey(registry.HKEY_CLASSES_ROOT, scheme) as key:
            registry.QueryValueEx(key, "URL Protocol")
    except OSError:
        return False
    return True


def has_browser(scheme: str, environ: Mapping[str, str]) -> bool:
    """Whether anything on this Linux takes web addresses of `scheme` ("https"), in the order in which xdg-open asks."""
    return (
        has_handler(scheme, environ)
        or bool(environ.get("BROWSER"))
        or any(shutil.which(name, path=environ.get("PATH", "")) for name in _BROWSERS)
    )


def has_handler(scheme: str, environ: Mapping[str, str]) -> bool:
    """Whether a desktop entry on this Linux takes addresses of `scheme`.

    Reads what `xdg-mime query default` reads: `mimeapps.list` and `mimeinfo.cache` (freedesktop.org, MIME applications
    1.0), in the person's folders and the system's. An entry counts only where its `.desktop` file is there.
    """
    wanted = f"x-scheme-handler/{scheme.lower()}"
    applications = [folder / "applications" for folder in _data_folders(environ)]
    lists = [
        *(folder / name for folder in _configuration_folders(environ) for name in _names(environ)),
        *(folder / name for folder in applications for name in (*_names(environ), "mimeinfo.cache")),
    ]
    return any(
        (folder / entry).is_file() or (folder / entry.replace("-", "/", 1)).is_file()
        for entry in _entries(lists, wanted)
        for folder in applications
    )


def _entries(lists: list[Path], wanted: str) -> Iterator[str]:
    for path in lists:
        found = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
        try:
            found.read_string(path.read_text(encoding="utf-8", errors="replace"))
        except (OSError, configparser.Error):
            continue
        for section in ("Default Applications", "Added Associations", "MIME Cache"):
            named = found.get(section, wanted, fallback="")
            yield from (entry.strip() for entry in named.split(";") if entry.strip().endswith(".desktop"))


def _names(environ: Mapping[str, str]) -> tuple[str, ...]:
    desktops = environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")
    return (*(f"{desktop}-mimeapps.list" for desktop in desktops if desktop), "mimeapps.list")


def _data_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    home = environ.get("XDG_DATA_HOME") or f"{environ.get('HOME', '')}/.local/share"
    shared = environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return tuple(Path(folder) for folder in (home, *shared.split(":")) if folder.startswith("/"))


def _configuration_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    home = environ.get("XDG_CONFIG_HOME") or f"{environ.get('HOME', '')}/.config"
    shared = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    return tuple(Path(folder) for folder in (home, *shared.split(":")) if folder.startswith("/"))
