"""The six steps at the left: information, not buttons. There is one way back, and an agent can say "press Back"."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from assistant.language import N_, _
from assistant.window.icons import pixmap
from assistant.window.palette import ColourRole
from assistant.window.theme import look, theme
from assistant.window.tokens import (
    ICON_INLINE,
    LARGE_TEXT,
    RADIUS_CONTROL,
    RAIL_FOLDED,
    RAIL_MARK,
    RAIL_MINIMUM,
    RAIL_ROW,
    RAIL_WIDTH,
    SPACE_1,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    TypeRole,
)

STEP_NAMES = (N_("Welcome"), N_("Account type"), N_("Permissions"), N_("Sign in"), N_("Confirm"), N_("Done"))


class StepState(Enum):
    """Where a step stands."""

    DONE = "done"
    CURRENT = "current"
    FUTURE = "future"
    STOPPED = "stopped"


_SPOKEN = {
    StepState.DONE: N_("Step {step}: {name}, done"),
    StepState.CURRENT: N_("Step {step}: {name}, you are here"),
    StepState.FUTURE: N_("Step {step}: {name}, not started"),
    StepState.STOPPED: N_("Step {step}: {name}, stopped"),
}


def _mark() -> int:
    """The circle grows with the text only so far as the folded rail has room for it."""
    return min(theme().px(RAIL_MARK), RAIL_FOLDED - 2 * SPACE_2)


class RailStep(QLabel):
    """One step: a tick, its number or "!" in a circle, and its name. Shape and word tell the state too."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._state, self._folded = number, StepState.FUTURE, False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.retranslate()

    @property
    def state(self) -> StepState:
        return self._state

    def set_state(self, state: StepState, *, folded: bool) -> None:
        """How it stands, and whether only the circle shows."""
        self._state, self._folded = state, folded
        self.retranslate()

    def retranslate(self) -> None:
        """Says its words in the language of now."""
        name = _(STEP_NAMES[self._number - 1])
        self.setText(name)
        spoken = _(_SPOKEN[self._state], step=self._number, name=name)
        self.setAccessibleName(spoken)
        self.setToolTip(spoken if self._folded else "")
        self.updateGeometry()
        self.update()

    def _strong(self) -> bool:
        return self._state in (StepState.CURRENT, StepState.STOPPED)

    def _lines(self) -> tuple[str, ...]:
        return (self.text(), _("Stopped")) if self._state is StepState.STOPPED else (self.text(),)

    def sizeHint(self) -> QSize:
        current = theme()
        metrics = QFontMetricsF(current.font(TypeRole.STRONG))
        lines = 1 if self._folded else len(self._lines())
        widest = 0 if self._folded else max(metrics.horizontalAdvance(line) for line in self._lines())
        height = max(min(current.px(RAIL_ROW), _mark() + SPACE_4), lines * current.line_height(TypeRole.BODY) + SPACE_1)
        gap = 0 if self._folded else SPACE_3
        return QSize(round(widest) + 2 * SPACE_2 + _mark() + gap, height)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(hint.width(), hint.height() if len(self._lines()) > 1 and not self._folded else _mark() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        current = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._strong():
            radius = current.radius(RADIUS_CONTROL)
            edge = QPen(current.colour("text"), current.border) if current.high_contrast else Qt.PenStyle.NoPen
            painter.setPen(edge)
            painter.setBrush(current.colour("surface"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
        mark = _mark()
        left = (self.width() - mark) / 2 if self._folded else SPACE_2
        box = QRectF(left, (self.height() - mark) / 2, mark, mark)
        self._paint_mark(painter, box)
        if not self._folded:
            self._paint_words(painter, box.right() + SPACE_3)

    def _paint_mark(self, painter: QPainter, box: QRectF) -> None:
        current = theme()
        ring = box.adjusted(1, 1, -1, -1)
        if self._state is StepState.DONE:
            edge = current.px(ICON_INLINE)
            painter.setPen(QPen(current.colour("ok"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(ring)
            at = box.center() - QPointF(edge / 2, edge / 2)
            painter.drawPixmap(at, pixmap("check", current.colour("ok"), edge, self.devicePixelRatioF()))
            return
        filled = self._state is StepState.CURRENT
        danger = self._state is StepState.STOPPED
        colour = current.colour("marker" if filled else "danger" if danger else "faint")
        painter.setPen(QPen(colour, 2 if danger else 1.5))
        painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(ring)
        painter.setPen(current.colour("marker_label") if filled else colour)
        font = current.font(TypeRole.STRONG)
        font.setPointSizeF(current.font(TypeRole.CAPTION).pointSizeF())
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "!" if danger else str(self._number))

    def _word_role(self) -> ColourRole:
        if self._strong():
            return "text"
        return "muted" if self._state is StepState.DONE else "faint"

    def _paint_words(self, painter: QPainter, left: float) -> None:
        current = theme()
        lines = self._lines()
        pitch = current.line_height(TypeRole.BODY)
        top = (self.height() - pitch * len(lines)) / 2
        for index, line in enumerate(lines):
            painter.setFont(current.font(TypeRole.STRONG if self._strong() and not index else TypeRole.BODY))
            painter.setPen(current.colour("danger" if index else self._word_role()))
            box = QRectF(left, top + index * pitch, self.width() - left, pitch)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)


class Rail(QWidget):
    """All six steps. Folds to circles by itself at large text sizes, or when told to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step, self._stopped, self._told_to_fold = 1, False, False
        self._column = QVBoxLayout(self)
        self._column.setSpacing(SPACE_1)
        self._steps = [RailStep(number + 1) for number in range(len(STEP_NAMES))]
        for step in self._steps:
            self._column.addWidget(step)
        self._column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._restyle()
        look().changed.connect(self._restyle)

    @property
    def steps(self) -> tuple[RailStep, ...]:
        return tuple(self._steps)

    @property
    def folded(self) -> bool:
        """Whether only the circles show."""
        return self._told_to_fold or theme().text_scale > LARGE_TEXT

    def set_step(self, step: int, *, stopped: bool = False) -> None:
        """The step the person is on, 1 to 6: those before are done. `stopped` marks it with "!" and "Stopped"."""
        self._step, self._stopped = step, stopped
        self._restyle()

    def set_folded(self, folded: bool) -> None:
        """Shows the circles only, so that Fortnox gets the width."""
        self._told_to_fold = folded
        self._restyle()

    def retranslate(self) -> None:
        """Says the steps in the language of now."""
        self.setAccessibleName(_("Steps"))
        for step in self._steps:
            step.retranslate()
        self.updateGeometry()

    def _restyle(self) -> None:
        side = 0 if self.folded else SPACE_4 - SPACE_2
        self._column.setContentsMargins(side, SPACE_3, side, SPACE_1)
        for number, step in enumerate(self._steps, 1):
            here = StepState.STOPPED if self._stopped else StepState.CURRENT
            state = StepState.DONE if number < self._step else here if number == self._step else StepState.FUTURE
            step.set_state(state, folded=self.folded)
        self.retranslate()
        self.update()

    def sizeHint(self) -> QSize:
        width = self._column.minimumSize().width()
        if self.folded:
            width = max(width, RAIL_FOLDED)
        else:
            width = max(RAIL_MINIMUM, min(max(width, RAIL_WIDTH), round(self.window().width() / 3)), width)
        return QSize(width, self._column.minimumSize().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        current = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), current.colour("rail"))
        painter.fillRect(self.width() - current.border, 0, current.border, self.height(), current.colour("line"))
