"""A filled, edged area that other things stand on: the base of cards and banners."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.window.column import put
from assistant.window.theme import look, theme
from assistant.window.tokens import CARD_PADDING, RADIUS_CARD, SPACE_3


def paint_area(painter: QPainter, widget: QWidget, *, fill: QColor, edge: QColor, border: int, radius: int) -> None:
    """Fills `widget` as one rounded area; an edge of `border` 0 is left out."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = border / 2
    painter.setPen(QPen(edge, border) if border else Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    radius = theme().radius(radius)
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)


class Card(QWidget):
    """A white area with a thin edge. Add what it holds with `add`."""

    def __init__(self, parent: QWidget | None = None, *, padding: int = CARD_PADDING, gap: int = SPACE_3) -> None:
        super().__init__(parent)
        self._padding = padding
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(padding, padding, padding, padding)
        self._column.setSpacing(gap)
        look().changed.connect(self.update)

    def add(self, widget: QWidget, *, before: int = 0) -> None:
        """Puts `widget` at the end, with `before` pixels of extra space over it."""
        if before:
            self._column.addSpacing(before)
        put(self._column, widget)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = theme()
        edge = c.colour("edge") if c.high_contrast else c.colour("line")
        paint_area(QPainter(self), self, fill=c.colour("surface"), edge=edge, border=c.border, radius=RADIUS_CARD)
