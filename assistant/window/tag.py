"""A small word that classes the thing beside it: "Recommended", a licence's name."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from assistant.window.palette import ColourRole
from assistant.window.theme import look, theme
from assistant.window.tokens import RADIUS_SMALL, SPACE_1, SPACE_2, TypeRole


class Tag(QLabel):
    """`strong` draws it in the accent's text colour; otherwise it is muted."""

    def __init__(self, text: str = "", *, strong: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._strong = strong
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._restyle()
        look().changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme().font(TypeRole.CAPTION))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        return QSize(
            math.ceil(metrics.horizontalAdvance(self.text())) + 2 * SPACE_2, math.ceil(metrics.height()) + SPACE_1 + 2
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text():
            return
        current = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self._strong and not current.high_contrast
        edge: ColourRole = "accent_text" if strong else "edge" if current.high_contrast else "line"
        painter.setBrush(current.colour("surface") if strong else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(current.colour(edge), 1))
        radius = current.radius(RADIUS_SMALL)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setPen(current.colour("accent_text" if strong else "muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
