"""Buttons: one filled a page, outlined for the second way, quiet for the way out, and links. All paint themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from assistant.window.icons import pixmap
from assistant.window.palette import ColourRole
from assistant.window.spinner import Turn, paint_spinner
from assistant.window.theme import look, theme
from assistant.window.tokens import (
    BUTTON_HEIGHT,
    BUTTON_MINIMUM,
    BUTTON_PADDING,
    FILLED_HEIGHT,
    ICON_CONTROL,
    ICON_INLINE,
    RADIUS_CONTROL,
    SPACE_1,
    SPACE_2,
    SPACE_3,
    TARGET_MINIMUM,
    TypeRole,
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a button looks in one state; None draws nothing."""

    fill: QColor | None
    edge: QColor | None
    label: QColor
    underline: bool = False


class Button(QPushButton):
    """What all buttons share: size from the text, no elision, a busy state that keeps its place and focus."""

    text_role = TypeRole.BODY
    button_height = BUTTON_HEIGHT
    padding = BUTTON_PADDING
    button_minimum = BUTTON_MINIMUM

    def __init__(self, text: str = "", *, icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._icon_name = icon_name
        self._busy = False
        self._turn = Turn(self)
        self.setAutoDefault(True)  # so that Enter presses the button that has the focus
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._restyle()
        look().changed.connect(self._restyle)

    @property
    def busy(self) -> bool:
        return self._busy

    def set_busy(self, busy: bool) -> None:
        """Shows that the press is being carried out: a spinner; presses do nothing, the focus stays."""
        if busy != self._busy:
            self._busy = busy
            self._turn.run(busy)
            self.updateGeometry()
            self.update()

    def set_icon(self, name: str) -> None:
        """An icon of the family before the label; "" for none."""
        self._icon_name = name
        self.updateGeometry()
        self.update()

    def drawing(self) -> Drawing:
        """How it looks now."""
        raise NotImplementedError

    def _restyle(self) -> None:
        self.setFont(theme().font(self.text_role))
        self.updateGeometry()
        self.update()

    def _label(self) -> str:
        return self.text().replace("&&", "\0").replace("&", "").replace("\0", "&")

    def _icon_size(self) -> int:
        return theme().px(ICON_INLINE if self.button_height < BUTTON_HEIGHT else ICON_CONTROL)

    def _decorated(self) -> bool:
        return bool(self._icon_name) or self._busy

    def sizeHint(self) -> QSize:
        current = theme()
        width = QFontMetricsF(self.font()).horizontalAdvance(self._label())
        if self._decorated():
            width += self._icon_size() + SPACE_2
        width = max(width + 2 * current.px(self.padding), current.px(self.button_minimum))
        return QSize(math.ceil(width), current.px(self.button_height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return not self._busy and self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._busy and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        current, drawing = theme(), self.drawing()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if drawing.fill or drawing.edge:
            border = current.border if drawing.edge else 0
            box = QRectF(self.rect()).adjusted(border / 2, border / 2, -border / 2, -border / 2)
            painter.setPen(QPen(drawing.edge, border) if drawing.edge else Qt.PenStyle.NoPen)
            painter.setBrush(drawing.fill or Qt.BrushStyle.NoBrush)
            radius = current.radius(RADIUS_CONTROL)
            painter.drawRoundedRect(box, radius, radius)
        self._paint_label(painter, drawing)

    def _paint_label(self, painter: QPainter, drawing: Drawing) -> None:
        font = self.font()
        font.setUnderline(drawing.underline)
        painter.setFont(font)
        metrics = QFontMetricsF(self.font())
        width = metrics.horizontalAdvance(self._label())
        decorated = self._icon_size() + SPACE_2 if self._decorated() else 0
        left = (self.width() - width - decorated) / 2 if self.padding else 0.0
        if decorated:
            top = (self.height() - self._icon_size()) / 2
            if self._busy:
                box = QRectF(left, top, self._icon_size(), self._icon_size())
                paint_spinner(painter, box, drawing.label, self._turn.degrees)
            else:
                drawn = pixmap(self._icon_name, drawing.label, self._icon_size(), self.devicePixelRatioF())
                painter.drawPixmap(QPointF(left, top), drawn)
        painter.setPen(drawing.label)
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left + decorated, baseline), self._label())


class FilledButton(Button):
    """The one main action of a page. Its label says what happens."""

    text_role = TypeRole.STRONG
    button_height = FILLED_HEIGHT

    def drawing(self) -> Drawing:
        c = theme().colours
        if not self.isEnabled():
            return Drawing(QColor(c.line), QColor(c.edge) if theme().high_contrast else None, QColor(c.faint))
        fill = (
            c.accent_pressed if self.isDown() else c.accent_hover if self.underMouse() and not self._busy else c.accent
        )
        edge = QColor(c.text) if theme().high_contrast else None
        return Drawing(QColor(fill), edge, QColor(c.accent_label))


class OutlinedButton(Button):
    """Another way on, or Back."""

    def drawing(self) -> Drawing:
        c = theme().colours
        if not self.isEnabled():
            return Drawing(None, QColor(c.line), QColor(c.faint))
        fill = c.line if self.isDown() else c.rail if self.underMouse() else c.surface
        if theme().high_contrast:
            fill = c.window
        return Drawing(QColor(fill), QColor(c.edge), QColor(c.text))


class TallOutlinedButton(OutlinedButton):
    """A second answer of the same weight as the filled one beside it."""

    text_role = TypeRole.STRONG
    button_height = FILLED_HEIGHT


class DangerButton(OutlinedButton):
    """Removes something for good; danger's colour on the label and edge only."""

    def drawing(self) -> Drawing:
        drawn = super().drawing()
        danger = theme().colour("danger")
        return Drawing(drawn.fill, danger, danger) if self.isEnabled() else drawn


class QuietButton(Button):
    """The way out: no edge until it is pointed at."""

    padding = SPACE_3
    button_minimum = 0

    def drawing(self) -> Drawing:
        c = theme().colours
        if not self.isEnabled():
            return Drawing(None, None, QColor(c.faint))
        if theme().high_contrast:
            return Drawing(None, QColor(c.text) if self.underMouse() else None, QColor(c.text))
        fill = QColor(c.line) if self.isDown() or self.underMouse() else None
        return Drawing(fill, None, QColor(c.text))


class LinkButton(Button):
    """A text one can press, underlined. Its icon is `external-link` where it opens something outside the window."""

    button_height = TARGET_MINIMUM
    padding = 0
    button_minimum = 0
    colour: ColourRole = "accent_text"

    def __init__(self, text: str = "", *, icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon_name=icon_name, parent=parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def drawing(self) -> Drawing:
        role: ColourRole = self.colour if self.isEnabled() else "faint"
        if self.isEnabled() and (self.underMouse() or self.isDown()) and not theme().high_contrast:
            role = "text"
        return Drawing(None, None, theme().colour(role), underline=True)


class IconButton(Button):
    """A small button with an icon and, for those who cannot see it, a name; the word is also its tooltip."""

    padding = SPACE_1
    button_minimum = BUTTON_HEIGHT

    def __init__(self, icon_name: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", icon_name=icon_name, parent=parent)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """The word it stands for."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def sizeHint(self) -> QSize:
        edge = theme().px(self.button_height)
        return QSize(edge, edge)

    def drawing(self) -> Drawing:
        c = theme().colours
        fill = QColor(c.line) if self.isEnabled() and (self.underMouse() or self.isDown()) else None
        if theme().high_contrast:
            return Drawing(None, QColor(c.text) if self.underMouse() else None, QColor(c.text))
        return Drawing(fill, None, QColor(c.muted if self.isEnabled() else c.faint))

    def _paint_label(self, painter: QPainter, drawing: Drawing) -> None:
        edge = self._icon_size()
        at = QPointF((self.width() - edge) / 2, (self.height() - edge) / 2)
        painter.drawPixmap(at, pixmap(self._icon_name, drawing.label, edge, self.devicePixelRatioF()))
