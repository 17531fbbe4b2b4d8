"""A message that stands where it is until it no longer holds; never a pop-up."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.window.buttons import LinkButton
from assistant.window.column import put
from assistant.window.icons import Icon
from assistant.window.palette import ColourRole, SoftRole
from assistant.window.surface import paint_area
from assistant.window.text import Strong, Text
from assistant.window.theme import look, theme
from assistant.window.tokens import ICON_CONTROL, RADIUS_CARD, SPACE_1, SPACE_2, SPACE_3, SPACE_4, TypeRole


class Tone(Enum):
    """What kind of message; each has its own sign, so that colour is never alone."""

    INFO = "info"
    OK = "ok"
    WARNING = "warning"
    DANGER = "danger"


_SIGNS: dict[Tone, tuple[str, ColourRole, SoftRole]] = {
    Tone.INFO: ("info", "info", "info"),
    Tone.OK: ("circle-check", "ok", "ok"),
    Tone.WARNING: ("triangle-alert", "warning", "warning"),
    Tone.DANGER: ("octagon-alert", "danger", "danger"),
}


class Banner(QWidget):
    """A message within a page, with an optional title and an optional way on.

    Args:
        button: the label of a link under the text; "" for none. It emits `pressed`.
    """

    pressed = Signal()

    def __init__(
        self,
        text: str = "",
        *,
        tone: Tone = Tone.INFO,
        title: str = "",
        button: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self._icon = Icon(size=ICON_CONTROL)
        self._title, self._text = Strong(), Text(maximum=None)
        self._button = LinkButton()
        self._button.clicked.connect(self.pressed)
        column = QVBoxLayout()
        column.setSpacing(SPACE_1)
        for widget in (self._title, self._text, self._button):
            put(column, widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        row.setSpacing(SPACE_3)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        look().changed.connect(self.update)
        self.show_message(text, tone=tone, title=title, button=button)

    @property
    def button(self) -> LinkButton:
        """The way on, hidden when there is none."""
        return self._button

    def show_message(self, text: str, *, tone: Tone | None = None, title: str = "", button: str = "") -> None:
        """Other words in the same place; `tone` None keeps the tone."""
        self._tone = tone or self._tone
        name, role, _ = _SIGNS[self._tone]
        self._icon.show_icon(name, role)
        for widget, words in ((self._title, title), (self._text, text), (self._button, button)):
            widget.setText(words)
            widget.setVisible(bool(words))
        self.setAccessibleName(". ".join(part for part in (title, text) if part))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        current, (_, role, soft) = theme(), _SIGNS[self._tone]
        border = current.border if current.high_contrast else 0
        paint_area(
            QPainter(self), self, fill=current.soft(soft), edge=current.colour(role), border=border, radius=RADIUS_CARD
        )


class Strip(QWidget):
    """A banner over the whole window that stays: practice, or a server that is not Fortnox."""

    def __init__(self, text: str = "", *, icon_name: str = "triangle-alert", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = Icon(icon_name, role="practice_text", size=ICON_CONTROL)
        self._text = Text(text, role=TypeRole.STRONG, colour="practice_text", maximum=None)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_4, SPACE_1 + 2, SPACE_4, SPACE_1 + 2)
        row.setSpacing(SPACE_2)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        look().changed.connect(self.update)

    def setText(self, text: str) -> None:
        """What it says."""
        self._text.setText(text)

    def text(self) -> str:
        return self._text.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        current = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), current.colour("practice"))
        edge = self.rect()
        edge.setTop(edge.bottom() + 1 - current.border)
        painter.fillRect(edge, current.colour("practice_edge"))
