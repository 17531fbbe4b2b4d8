"""Starts the engine's processes ahead of the first sign-in."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, QUrl
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineProfileBuilder


class EmptyPage(QObject):
    """An empty page that nobody sees: loading it starts the engine's processes. It is gone when `ready` is called."""

    def __init__(self, ready: Callable[[], None]) -> None:
        super().__init__()
        self._ready = ready
        self._profile: QWebEngineProfile | None = None
        self._page: QWebEnginePage | None = None

    def start(self) -> None:
        """Makes the profile now and the page in a later turn of the event loop, so that neither waits for the other."""
        self._profile = QWebEngineProfileBuilder.createOffTheRecordProfile()
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)
        QTimer.singleShot(0, self, self._load)

    def _load(self) -> None:
        if self._profile is None:
            return
        self._page = QWebEnginePage(self._profile)
        self._page.loadFinished.connect(self._loaded, Qt.ConnectionType.QueuedConnection)
        self._page.load(QUrl("about:blank"))

    def _loaded(self, _ok: bool) -> None:
        if self._page is not None:
            self.stop()
            self._ready()

    def stop(self) -> None:
        """Page first, then profile, at once."""
        page, profile, self._page, self._profile = self._page, self._profile, None, None
        for part in (page, profile):
            if part is not None and shiboken6.isValid(part):
                shiboken6.delete(part)
