"""How far something has come that goes through many connections, and the button that stops it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from assistant.language import _
from assistant.window.buttons import OutlinedButton
from assistant.window.text import Body
from assistant.window.theme import look, theme
from assistant.window.tokens import SPACE_2, SPACE_4

_HEIGHT = 8


class Bar(QProgressBar):
    """A bar without words: they stand beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(120, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        current, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = current.radius(_HEIGHT // 2)
        painter.setPen(current.colour("edge"))
        painter.setBrush(current.colour("surface"))
        painter.drawRoundedRect(whole, radius, radius)
        if self.maximum() > 0 and self.value() > 0:
            done = QRectF(whole)
            done.setWidth(max(whole.height(), whole.width() * self.value() / self.maximum()))
            painter.setBrush(current.colour("accent_text"))
            painter.drawRoundedRect(done, radius, radius)


class Progress(QWidget):
    """The words, the bar and Stop, in one line.

    Signals:
        stopped: the person wants no more of it.
    """

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self.bar, self.stop = Body(), Bar(), OutlinedButton()
        self._words.setWordWrap(False)
        self.stop.clicked.connect(self.stopped)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_4)
        row.addWidget(self._words)
        row.addWidget(self.bar, 1)
        row.addSpacing(SPACE_2)
        row.addWidget(self.stop)

    def show_progress(self, words: str, done: int, total: int) -> None:
        """How far it has come; a screen reader reads the bar and the words."""
        self._words.setText(words)
        self.bar.setAccessibleName(words)
        self.bar.setMaximum(total)
        self.bar.setValue(done)

    def text(self) -> str:
        return self._words.text()

    def retranslate(self) -> None:
        """Says its own words in the language of now."""
        self.stop.setText(_("Stop"))
