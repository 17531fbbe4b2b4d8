"""Giving a web address to the operating system, and to nothing that would read it as a command."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from assistant.window.scheme_handlers import has_browser


def open_web_address(address: str) -> bool:
    """Opens `address` in the default browser; False when it is no web address or nothing took it.

    No command line is made here, on no system: a shell would end the address at its first `&`. QDesktopServices passes
    it as one value: to ShellExecute on Windows, to Launch Services on macOS, and on Linux to the desktop portal or as
    one argument of `xdg-open`. The address stays as it is spelled; Qt would otherwise undo some of its escapes.
    """
    url = as_spelled(address)
    if url is None or (sys.platform.startswith("linux") and not has_browser(url.scheme(), os.environ)):
        return False  # there xdg-open is started and called a success, whatever becomes of it
    return QDesktopServices.openUrl(url)


def as_spelled(address: str) -> QUrl | None:
    """`address` as Qt's value with every character as it stands; None when it is no web address."""
    if not address.isascii():
        return None
    url = QUrl.fromEncoded(address.encode("ascii"), QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme() not in ("https", "http") or not url.host():
        return None
    return url
