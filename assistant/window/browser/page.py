"""One page and its view: decides about navigations at once, everything else it only reports to its attempt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QMenu

from assistant.language import _

if TYPE_CHECKING:
    from assistant.window.browser.attempt import Attempt

_Action = QWebEnginePage.WebAction
_NO_LOCAL_FILE: Final = "Not allowed to load local resource:"  # Blink's own words, in every language


class Page(QWebEnginePage):
    """One page. Decides about navigations at once; everything else it only reports to its attempt."""

    def __init__(self, profile: QWebEngineProfile, attempt: Attempt) -> None:
        super().__init__(profile)
        self._attempt = attempt

    def acceptNavigationRequest(self, url: QUrl | str, kind: QWebEnginePage.NavigationType, main_frame: bool) -> bool:
        return self._attempt.accepts(self, bytes(QUrl(url).toEncoded().data()).decode("ascii", "replace"), main_frame)

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, line: int, source: str
    ) -> None:
        """What a page writes to its console may hold addresses with codes in them: it goes nowhere.

        The engine itself writes there that a page may not open a file, and says it nowhere else.
        """
        if message.startswith(_NO_LOCAL_FILE):
            self._attempt.refuse("WEB-26")

    def javaScriptAlert(self, origin: QUrl | str, message: str) -> None:
        self._attempt.refuse("WEB-09", {"asked": "alert"})

    def javaScriptConfirm(self, origin: QUrl | str, message: str) -> bool:
        """No, but to the engine's own question whether to leave a page: a no there would keep the person in it."""
        leaving = "Are you sure you want to leave this page? Changes that you made may not be saved."
        if message == QCoreApplication.translate("QWebEnginePage", leaving):
            return True
        self._attempt.refuse("WEB-09", {"asked": "confirm"})
        return False

    def javaScriptPrompt(self, origin: QUrl | str, message: str, default: str) -> tuple[bool, str]:
        self._attempt.refuse("WEB-09", {"asked": "prompt"})
        return False, ""

    def chooseFiles(
        self, mode: QWebEnginePage.FileSelectionMode, old: Sequence[str], types: Sequence[str]
    ) -> list[str]:
        self._attempt.refuse("WEB-08", {"asked": "upload"})
        return []


class View(QWebEngineView):
    """Shows one page, with a context menu of ours in the person's language and nothing dead in it."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        request = self.lastContextMenuRequest()
        page = self.page()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, action, useful in (
            (_("Back"), _Action.Back, page.history().canGoBack()),
            (_("Reload"), _Action.Reload, True),
            (_("Copy"), _Action.Copy, page.hasSelection()),
            (_("Paste"), _Action.Paste, request.isContentEditable()),
        ):
            if useful:
                menu.addAction(words, partial(page.triggerAction, action))
        menu.popup(event.globalPos())


def quiet(page: Page) -> None:
    """From here on nothing of `page` is heard."""
    if shiboken6.isValid(page):
        page.triggerAction(_Action.Stop)
        for signal in (page.loadingChanged, page.renderProcessTerminated, page.newWindowRequested):
            signal.disconnect()
