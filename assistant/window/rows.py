"""Rows of a list: something being checked, and a permission."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from assistant.language import N_, _
from assistant.window.buttons import LinkButton
from assistant.window.column import put
from assistant.window.icons import Icon, pixmap
from assistant.window.palette import ColourRole
from assistant.window.spinner import Turn, paint_spinner
from assistant.window.tag import Tag
from assistant.window.text import Body, Strong, Text
from assistant.window.theme import look, theme
from assistant.window.tokens import ICON_CONTROL, LARGE_TEXT, SPACE_1, SPACE_2, SPACE_3, SPACE_6


class CheckState(Enum):
    """How far a check has come."""

    WAITING = "waiting"
    WORKING = "working"
    OK = "ok"
    ATTENTION = "attention"
    FAILED = "failed"


_WORDS = {
    CheckState.WAITING: N_("Waiting"),
    CheckState.WORKING: N_("Checking"),
    CheckState.OK: N_("Ready"),
    CheckState.ATTENTION: N_("Take a look"),
    CheckState.FAILED: N_("Stopped"),
}
_SIGNS: dict[CheckState, tuple[str, ColourRole]] = {
    CheckState.OK: ("circle-check", "ok"),
    CheckState.ATTENTION: ("triangle-alert", "warning"),
    CheckState.FAILED: ("octagon-alert", "danger"),
}


class CheckSign(QWidget):
    """A dot, a spinner, a tick, a triangle or an octagon: each state has its own shape."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = CheckState.WAITING
        self._turn = Turn(self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_state(self, state: CheckState) -> None:
        self._state = state
        self._turn.run(state is CheckState.WORKING)
        self.update()

    def sizeHint(self) -> QSize:
        edge = theme().px(ICON_CONTROL)
        return QSize(edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        current, edge = theme(), min(self.width(), self.height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._state is CheckState.WORKING:
            paint_spinner(painter, QRectF(1, 1, edge - 2, edge - 2), current.colour("accent_text"), self._turn.degrees)
        elif self._state is CheckState.WAITING:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(current.colour("edge"))
            painter.drawEllipse(QRectF(edge * 0.35, edge * 0.35, edge * 0.3, edge * 0.3))
        else:
            name, role = _SIGNS[self._state]
            painter.drawPixmap(0, 0, pixmap(name, current.colour(role), edge, self.devicePixelRatioF()))


class CheckRow(QWidget):
    """One thing being checked: sign, name and a word for the state; below, a sentence and a way on when needed."""

    pressed = Signal()

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._own_word = CheckState.WAITING, ""
        self._sign = CheckSign()
        self._name, self._word = Body(name), Text(colour="muted", wraps=False)
        self._sentence, self._button = Body(colour="muted"), LinkButton()
        self._button.clicked.connect(self.pressed)
        line = QHBoxLayout()
        line.setSpacing(SPACE_3)
        line.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._name, 1)
        line.addWidget(self._word, 0, Qt.AlignmentFlag.AlignTop)
        below = QVBoxLayout()
        below.setContentsMargins(SPACE_6, 0, 0, 0)
        below.setSpacing(SPACE_1)
        put(below, self._sentence)
        put(below, self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_1, 0, SPACE_1)
        column.setSpacing(SPACE_1)
        column.addLayout(line)
        column.addLayout(below)
        self.set_state(CheckState.WAITING)

    @property
    def state(self) -> CheckState:
        return self._state

    def set_name(self, name: str) -> None:
        """What is being checked."""
        self._name.setText(name)
        self._tell()

    def set_state(self, state: CheckState, *, word: str = "", sentence: str = "", button: str = "") -> None:
        """How it stands. `word` replaces the state's usual word; `sentence` and `button` say what to do."""
        self._state, self._own_word = state, word
        self._sign.set_state(state)
        self._word.set_colour("muted" if state in (CheckState.WAITING, CheckState.WORKING, CheckState.OK) else "text")
        for widget, words in ((self._sentence, sentence), (self._button, button)):
            widget.setText(words)
            widget.setVisible(bool(words))
        self.retranslate()

    def retranslate(self) -> None:
        """Says the state's usual word in the language of now."""
        self._word.setText(self._own_word or _(_WORDS[self._state]))
        self._tell()

    def _tell(self) -> None:
        self.setAccessibleName(f"{self._name.text()}: {self._word.text()}")
        self.setAccessibleDescription(self._sentence.text())


class PermissionRow(QWidget):
    """One permission: icon, Fortnox's name for it, what it lets the integration do, why, and the licence it needs.

    There is no box to tick: Fortnox grants all or nothing.
    """

    def __init__(
        self,
        name: str = "",
        *,
        icon_name: str = "shield-check",
        description: str = "",
        extra: str = "",
        why: str = "",
        licence: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._description, self._extra, self._why = Strong(), Body(), Body(), Body(colour="muted")
        self._licence, self._new = Tag(), Tag(strong=True)
        title = QHBoxLayout()
        title.setSpacing(SPACE_2)
        title.addWidget(self._name)
        title.addWidget(self._new)
        title.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(SPACE_1)
        column.addLayout(title)
        for text in (self._description, self._extra, self._why):
            column.addWidget(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE_3, 0, SPACE_3)
        row.setSpacing(SPACE_3)
        row.addWidget(Icon(icon_name, role="muted", size=ICON_CONTROL), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addSpacing(SPACE_2)
        self._row, self._lines = row, column
        self._place_licence()
        look().changed.connect(self._place_licence)
        self.set_texts(name, description=description, extra=extra, why=why, licence=licence)

    def set_texts(
        self, name: str, *, description: str = "", extra: str = "", why: str = "", licence: str = "", new: str = ""
    ) -> None:
        """What it says. `extra` is the second line of a sensitive permission; `new` the word on one that was not there
        before; "" leaves a part out."""
        parts = ((self._name, name), (self._description, description), (self._extra, extra), (self._why, why))
        for text, words in parts:
            text.setText(words)
            text.setVisible(bool(words))
        self._licence.setText(licence)
        self._licence.setVisible(bool(licence))
        self._new.setText(new)
        self._new.setVisible(bool(new))
        self.setAccessibleName(f"{name}, {new}" if new else name)
        self.setAccessibleDescription(" ".join(part for part in (description, extra, why, licence) if part))

    def _place_licence(self) -> None:
        """At the right; under the words where the text is so large that they would have no room."""
        below = theme().text_scale > LARGE_TEXT
        target, other = (self._lines, self._row) if below else (self._row, self._lines)
        other.removeWidget(self._licence)
        side = Qt.AlignmentFlag.AlignLeft if below else Qt.AlignmentFlag.AlignTop
        target.addWidget(self._licence, 0, side)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        current = theme()
        QPainter(self).fillRect(0, self.height() - current.border, self.width(), current.border, current.colour("line"))


class IconLine(QWidget):
    """An icon and a sentence, as on Welcome."""

    def __init__(
        self, text: str = "", *, icon_name: str, role: ColourRole = "accent_text", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text = Body(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE_1, 0, SPACE_1)
        row.setSpacing(SPACE_3)
        row.addWidget(Icon(icon_name, role=role, size=ICON_CONTROL), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    def setText(self, text: str) -> None:
        """The sentence."""
        self._text.setText(text)
