"""A line for an address that nothing on this computer opened, with the address to copy."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from assistant.language import _
from assistant.problems import Occurrence
from assistant.problems.words import words
from assistant.window.accessibility import announce
from assistant.window.banner import Banner, Tone


class NotOpened(Banner):
    """Hidden until something was not opened; stands where the person pressed."""

    def __init__(self) -> None:
        super().__init__(tone=Tone.WARNING)
        self._problem: Occurrence | None = None
        self.pressed.connect(self._copy)
        self.hide()

    def tell(self, problem: Occurrence) -> None:
        """Says `problem` (OPEN-02), also to a screen reader."""
        self._problem = problem
        self.retranslate()
        self.show()
        announce(self, self.accessibleName())

    def put_away(self) -> None:
        """It no longer holds."""
        self._problem = None
        self.hide()

    def retranslate(self) -> None:
        """The same in the current language."""
        if self._problem is not None:
            self._say(_("Copy the address"))

    def _say(self, button: str) -> None:
        if self._problem is not None:
            told = words(self._problem)
            text = " ".join((told.cause, *told.remedy, _("Error code {code}", code=self._problem.code)))
            self.show_message(text, title=told.title, button=button)

    def _copy(self) -> None:
        if self._problem is not None:
            QGuiApplication.clipboard().setText(self._problem.facts["address"])
            self._say(_("Copied"))
