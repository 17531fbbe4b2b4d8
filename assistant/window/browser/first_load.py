"""What stands over the place of the sign-in page until the page has come: the wait, when there is one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.language import _
from assistant.window.column import put
from assistant.window.page import margin_for
from assistant.window.theme import look, theme
from assistant.window.waiting import Delays, Waiting, WaitingWords


class FirstLoad(QWidget):
    """Lies over `over` and is no part of its layout, so that nothing moves when it comes or goes.

    While the wait shows nothing it is not to be seen, and the page behind takes every press.

    Signals:
        given_up: the person does not want to wait longer.
    """

    given_up = Signal()

    def __init__(self, over: QWidget, *, delays: Delays | None = None) -> None:
        super().__init__(over)
        self.hide()
        self.waiting = Waiting(delays=delays)
        self.waiting.given_up.connect(self.given_up)
        self.waiting.advanced.connect(self._advanced)
        self._column = QVBoxLayout(self)
        put(self._column, self.waiting)
        self._column.addStretch(1)
        over.installEventFilter(self)
        look().changed.connect(self.update)
        self.retranslate()

    def begin(self) -> None:
        """A page was asked for: time begins."""
        self.hide()
        self._advanced()
        self._fit()
        self.show()
        self.raise_()

    def retranslate(self) -> None:
        """Says everything in the current language; time goes on."""
        self.waiting.set_words(
            WaitingWords(
                verb=_("Opening the sign-in page"),
                slow=_("It is slow to come. The internet connection or the company's network may be the reason."),
                way_out=_("You need not wait longer. Starting over does no harm."),
                button=_("Start the sign-in over"),
            )
        )

    def _advanced(self) -> None:
        seen = self.waiting.reached > 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not seen)
        self.update()

    def _fit(self) -> None:
        over, window = self.parentWidget(), self.window()
        assert over is not None
        margin = margin_for(window.width(), window.height())
        self._column.setContentsMargins(margin, margin, margin, margin)
        self.setGeometry(over.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.waiting.reached:
            QPainter(self).fillRect(self.rect(), theme().colour("window"))
