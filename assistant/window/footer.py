"""The strip at the bottom: the way out at the left, the way on at the right. It never scrolls."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from assistant.language import _
from assistant.window.buttons import Button, FilledButton, OutlinedButton, QuietButton, TallOutlinedButton
from assistant.window.page import margin_for
from assistant.window.text import Caption
from assistant.window.theme import look, theme
from assistant.window.tokens import FOOTER_COMPACT, FOOTER_HEIGHT, SPACE_1, SPACE_2


@dataclass(frozen=True, slots=True)
class Action:
    """One button of the footer, in finished words.

    Attributes:
        label: what it says.
        enabled: prefer an enabled button that answers with what is missing.
        busy: shows a spinner and takes no presses, in the same place.
        full_name: the accessible name and tooltip where the label had to be cut; "" when it was not.
        icon: a name of the family before the label; "" for none.
    """

    label: str
    enabled: bool = True
    busy: bool = False
    full_name: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonRow:
    """The buttons of a page; None leaves one out."""

    cancel: Action | None = None
    back: Action | None = None
    second: Action | None = None
    filled: Action | None = None


def _direction(upright: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.BottomToTop if upright else QBoxLayout.Direction.LeftToRight


class Footer(QWidget):
    """Cancel and support code; Back, a second answer, and the one filled button outermost."""

    cancel_requested = Signal()
    back_requested = Signal()
    second_requested = Signal()
    next_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = False
        self._code = ""
        self.cancel, self.back, self.second, self.filled = (
            QuietButton(),
            OutlinedButton(),
            TallOutlinedButton(),
            FilledButton(),
        )
        self._support = Caption(colour="faint")
        self._support.setWordWrap(False)
        self._left, self._right = QHBoxLayout(), QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for row in (self._left, self._right):
            row.setSpacing(SPACE_2)
        self._left.addWidget(self.cancel)
        self._left.addSpacing(SPACE_2)
        self._left.addWidget(self._support)
        self._left.addStretch(1)
        self._right.addStretch(1)
        for button in (self.back, self.second, self.filled):
            self._right.addWidget(button, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setSpacing(SPACE_2)
        self._row.addLayout(self._left, 1)
        self._row.addLayout(self._right)
        self.cancel.clicked.connect(lambda: self._ask(self.cancel, self.cancel_requested))
        self.back.clicked.connect(lambda: self._ask(self.back, self.back_requested))
        self.second.clicked.connect(lambda: self._ask(self.second, self.second_requested))
        self.filled.clicked.connect(lambda: self._ask(self.filled, self.next_requested))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._restyle()
        look().changed.connect(self._restyle)
        self.set_buttons(ButtonRow())

    def _ask(self, button: Button, request: SignalInstance) -> None:
        """Passes a press on, but for a busy button's: a screen reader can press what the mouse cannot."""
        if not button.busy:
            request.emit()

    def set_buttons(self, row: ButtonRow) -> None:
        """Shows these buttons."""
        parts: tuple[tuple[Button, Action | None], ...] = (
            (self.cancel, row.cancel),
            (self.back, row.back),
            (self.second, row.second),
            (self.filled, row.filled),
        )
        for button, action in parts:
            button.setVisible(action is not None)
            if action is not None:
                button.setText(action.label.replace("&", "&&"))
                button.setEnabled(action.enabled)
                button.set_busy(action.busy)
                button.set_icon(action.icon)
                button.setAccessibleName(action.full_name or action.label)
                button.setToolTip(action.full_name)
        self._restyle()

    def set_support_code(self, code: str) -> None:
        """The attempt's support code; "" for none."""
        self._code = code
        self.retranslate()

    def set_compact(self, compact: bool) -> None:
        """Lower, for windows with little height."""
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()

    def retranslate(self) -> None:
        """Says its own words in the language of now; the buttons' words come with `set_buttons`."""
        self._support.setText(_("Support code {code}", code=self._code) if self._code else "")
        self._restyle()

    def _restyle(self) -> None:
        window = self.window()
        side = margin_for(window.width(), window.height())
        room = window.width() - side - SPACE_1
        answers = sum(button.sizeHint().width() + SPACE_2 for button in self._answers())
        out = self._left.minimumSize().width() + SPACE_2
        stacked, tower = out + answers > room, answers > room
        self._row.setDirection(_direction(stacked))
        self._right.setDirection(_direction(tower))
        self._row.setContentsMargins(SPACE_1, SPACE_2 if stacked else 0, side, SPACE_2 if stacked else 0)
        self.updateGeometry()
        self.update()

    def _answers(self) -> list[Button]:
        return [button for button in (self.back, self.second, self.filled) if not button.isHidden()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._restyle()
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        least = theme().px(FOOTER_COMPACT if self._compact else FOOTER_HEIGHT)
        return QSize(self._row.sizeHint().width(), max(least, self._row.minimumSize().height()))

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest button: what does not fit beside goes underneath."""
        widest = max((button.sizeHint().width() for button in self._answers()), default=0)
        return QSize(max(widest, self._left.minimumSize().width()), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        current = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), current.colour("surface"))
        painter.fillRect(0, 0, self.width(), current.border, current.colour("line"))
