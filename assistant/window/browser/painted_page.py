"""A page of our own that nobody sees, loaded to find out whether the engine starts and paints."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QColor
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfileBuilder,
    qWebEngineChromiumSecurityPatchVersion,
    qWebEngineChromiumVersion,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

_COLOUR: Final = "#1f7a4d"
_PAGE: Final = f'<body style="background:{_COLOUR}"></body>'
_LOOK_EVERY_MS: Final = 100
_LONGEST_SECONDS: Final = 20
_SIZE: Final = 64
_ALIKE: Final = 12
"""How far a painted colour may be from the one asked for: colour profiles differ."""


def engine_versions() -> tuple[str, str]:
    """The engine's Chromium, and the Chromium whose security fixes it has."""
    return str(qWebEngineChromiumVersion()), str(qWebEngineChromiumSecurityPatchVersion())


def problem_of_painting(application: QApplication) -> str | None:
    """None once the page was painted; WEB-02 where its process ended, WEB-03 where nothing came to be seen.

    Serves the events of `application` meanwhile. The engine is left as it is: end the process afterwards.
    """
    profile = QWebEngineProfileBuilder.createOffTheRecordProfile()
    page = QWebEnginePage(profile)
    view = QWebEngineView()
    view.setPage(page)
    view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    view.resize(_SIZE, _SIZE)
    view.show()
    gone: list[bool] = []
    page.renderProcessTerminated.connect(lambda *_: gone.append(True))
    page.setHtml(_PAGE)
    until = time.monotonic() + _LONGEST_SECONDS  # whoever started this ends it long before, unless they died
    while not gone and time.monotonic() < until:
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _LOOK_EVERY_MS)
        seen = view.grab().toImage()
        if not seen.isNull() and _alike(seen.pixelColor(seen.width() // 2, seen.height() // 2), QColor(_COLOUR)):
            return None
    return "WEB-02" if gone else "WEB-03"


def _alike(one: QColor, other: QColor) -> bool:
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return all(abs(a - b) <= _ALIKE for a, b in pairs)
