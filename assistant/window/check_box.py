"""A box to tick, drawn in the look's own colours: the style's own box can hardly be seen in the dark."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from assistant.window.icons import pixmap
from assistant.window.theme import look, theme
from assistant.window.tokens import BUTTON_HEIGHT, ICON_CONTROL, RADIUS_SMALL, SPACE_2, TypeRole


class CheckBox(QCheckBox):
    """The whole of it, words included, can be pressed."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(theme().font(TypeRole.BODY))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        current = theme()
        words = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        return QSize(current.px(ICON_CONTROL) + SPACE_2 + math.ceil(words), current.px(BUTTON_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        current, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge, inset = current.px(ICON_CONTROL), current.border / 2
        top = (self.height() - edge) / 2
        ticked = self.isChecked()
        painter.setPen(QPen(current.colour("text" if current.high_contrast else "edge"), current.border))
        painter.setBrush(current.colour("accent" if ticked else "surface"))
        radius = current.radius(RADIUS_SMALL)
        painter.drawRoundedRect(QRectF(inset, top + inset, edge - 2 * inset, edge - 2 * inset), radius, radius)
        if ticked:
            drawn = pixmap("check", current.colour("accent_label"), edge, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(0, top), drawn)
        painter.setFont(self.font())
        painter.setPen(current.colour("text"))
        metrics = QFontMetricsF(self.font())
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(edge + SPACE_2, baseline), self.text())
