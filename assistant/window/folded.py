"""A row that opens in place to show more, for what only some need to read."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from assistant.window.column import put
from assistant.window.icons import pixmap
from assistant.window.theme import look, theme
from assistant.window.tokens import BUTTON_HEIGHT, ICON_CONTROL, SPACE_2, TypeRole


class FoldedHead(QPushButton):
    """The row that opens and closes; its arrow and its checked state tell which."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setAutoDefault(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._restyle()
        look().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme().font(TypeRole.BODY))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        current = theme()
        width = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        return QSize(round(width) + current.px(ICON_CONTROL) + 2 * SPACE_2, current.px(BUTTON_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        current, edge = theme(), theme().px(ICON_CONTROL)
        painter = QPainter(self)
        colour = current.colour("text" if self.underMouse() else "accent_text")
        drawn = pixmap("chevron-down" if self.isChecked() else "chevron-right", colour, edge, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(0, (self.height() - edge) / 2), drawn)
        painter.setFont(self.font())
        painter.setPen(colour)
        metrics = QFontMetricsF(self.font())
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(edge + SPACE_2, baseline), self.text())


class FoldedRow(QWidget):
    """A head that opens what is `add`ed to it. Closed at first."""

    toggled = Signal(bool)

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = FoldedHead(text)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setSpacing(SPACE_2)
        self._inside.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(self._inside)
        self._head.toggled.connect(self._toggle)
        self._indent()
        look().changed.connect(self._indent)

    def _indent(self) -> None:
        self._column.setContentsMargins(theme().px(ICON_CONTROL) + SPACE_2, 0, 0, SPACE_2)

    @property
    def head(self) -> FoldedHead:
        return self._head

    @property
    def open(self) -> bool:
        return self._head.isChecked()

    def set_open(self, opened: bool) -> None:
        """Opens or closes it."""
        self._head.setChecked(opened)

    def setText(self, text: str) -> None:
        """The words of the head."""
        self._head.setText(text)

    def add(self, widget: QWidget) -> None:
        """Puts `widget` at the end of what opens."""
        put(self._column, widget)

    def _toggle(self, opened: bool) -> None:
        self._inside.setVisible(opened)
        self._head.update()
        self.toggled.emit(opened)
