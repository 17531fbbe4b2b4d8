"""Something is going on: a ring with a moving quarter, or a still one where the person asks for less movement."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QRectF, QSize, Qt, QTimerEvent
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.window.palette import ColourRole
from assistant.window.theme import look, theme
from assistant.window.tokens import ICON_CONTROL, SPINNER_TURN_MS

_FRAME_MS = 40
_QUARTER = 90 * 16  # Qt counts arcs in sixteenths of a degree
_STILL = 45.0


def paint_spinner(painter: QPainter, box: QRectF, colour: QColor, degrees: float) -> None:
    """A faint ring in `box` with a quarter in `colour`, turned clockwise by `degrees` from the top."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = max(2.0, box.width() / 10)
    ring = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    pale = QColor(colour)
    pale.setAlphaF(0.25)
    painter.setPen(QPen(pale, width))
    painter.drawEllipse(ring)
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawArc(ring, round((90 - degrees) * 16), -_QUARTER)
    painter.restore()


class Turn(QObject):
    """Redraws `target` while it runs and is visible; `degrees` is where the quarter stands."""

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        self._target = target
        self._clock = QElapsedTimer()
        self._timer = 0
        self._wanted = False
        target.installEventFilter(self)
        look().changed.connect(self._renew)

    @property
    def moving(self) -> bool:
        """Whether it moves now; not so under reduced motion or while hidden."""
        return bool(self._timer)

    @property
    def degrees(self) -> float:
        if not self._timer:
            return _STILL
        return (self._clock.elapsed() % SPINNER_TURN_MS) * 360 / SPINNER_TURN_MS

    def run(self, wanted: bool) -> None:
        """Starts or stops turning."""
        self._wanted = wanted
        self._renew()

    def _renew(self) -> None:
        moving = self._wanted and self._target.isVisible() and not theme().reduced_motion
        if moving and not self._timer:
            self._clock.start()
            self._timer = self.startTimer(_FRAME_MS)
        elif not moving and self._timer:
            self.killTimer(self._timer)
            self._timer = 0
        self._target.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._renew()
        return False

    def timerEvent(self, event: QTimerEvent) -> None:
        self._target.update()


class Spinner(QWidget):
    """A turning ring, `size` pixels at 100 %. It turns while it is visible. A verb stands beside it."""

    def __init__(
        self, *, size: int = ICON_CONTROL, role: ColourRole = "accent_text", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._size, self._role = size, role
        self._turn = Turn(self)
        self._turn.run(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def moving(self) -> bool:
        """Whether it moves now."""
        return self._turn.moving

    def sizeHint(self) -> QSize:
        edge = theme().px(self._size)
        return QSize(edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        edge = min(self.width(), self.height())
        paint_spinner(QPainter(self), QRectF(0, 0, edge, edge), theme().colour(self._role), self._turn.degrees)
