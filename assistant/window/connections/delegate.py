"""Draws one row of the list. Its two buttons are drawn too; real ones lie over those of the row the person is on."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from assistant.window.connections.cells import Cells, cells, row_height
from assistant.window.connections.entry import Entry, label, main_labels
from assistant.window.icons import pixmap
from assistant.window.palette import ColourRole
from assistant.window.theme import look, theme
from assistant.window.tokens import (
    BUTTON_MINIMUM,
    BUTTON_PADDING,
    ICON_CONTROL,
    LINE_SELECTED,
    RADIUS_CONTROL,
    TypeRole,
)

Index = QModelIndex | QPersistentModelIndex
_VERTICAL = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_SINGLE = int(_VERTICAL | Qt.TextFlag.TextSingleLine)


class RowDelegate(QStyledItemDelegate):
    """Measures and draws rows.

    Attributes:
        open_id: the connection whose row has a panel open under it.
        panel_height: how high that panel is.
        live_id: the connection whose buttons are real, so that they are not drawn.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.open_id: str | None = None
        self.panel_height = 0
        self.live_id: str | None = None
        self._width = 0
        self._fonts: dict[TypeRole, tuple[QFont, QFontMetrics]] = {}
        self._act_width = 0
        self._cells: tuple[int, Cells] | None = None
        look().changed.connect(self.restyle)

    def restyle(self) -> None:
        """The look or the language has changed: everything is measured anew."""
        self._fonts, self._act_width, self._cells = {}, 0, None

    @property
    def act_width(self) -> int:
        """The width of the widest main button there can be, so that all are alike."""
        if not self._act_width:
            metrics, current = QFontMetricsF(theme().font(TypeRole.BODY)), theme()
            widest = max(metrics.horizontalAdvance(words) for words in main_labels())
            least = current.px(BUTTON_MINIMUM)
            self._act_width = max(round(widest) + 2 * current.px(BUTTON_PADDING), least)
        return self._act_width

    def places(self, width: int) -> Cells:
        """Where a row's parts stand within it."""
        if self._cells is None or self._cells[0] != width:
            self._cells = width, cells(width, self.act_width, theme())
        return self._cells[1]

    def height(self, width: int) -> int:
        """A row's height without a panel."""
        return row_height(width, theme())

    def set_width(self, width: int) -> None:
        """How wide the list is."""
        self._width = width

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = self.height(self._width)
        if self.open_id is not None:
            entry: Entry = index.data(Qt.ItemDataRole.UserRole)
            if entry.id == self.open_id:
                height += self.panel_height
        return QSize(0, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        current, places = theme(), self.places(box.width())
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected and not current.high_contrast:
            painter.fillRect(box, current.soft("accent"))
        elif state & QStyle.StateFlag.State_MouseOver and not current.high_contrast:
            painter.fillRect(box, current.colour("rail"))
        painter.fillRect(
            box.left(), box.bottom() + 1 - current.border, box.width(), current.border, current.colour("line")
        )
        if selected:
            # A soft fill alone is hardly seen, so the row one is on has an edge at its side as well.
            edge = 2 * LINE_SELECTED
            painter.fillRect(box.left(), box.top(), edge, box.height(), current.colour("accent_text"))
        painter.translate(box.topLeft())
        gone = entry.removed is not None
        self._write(painter, places.name, entry.company, TypeRole.STRONG, "muted" if gone else "text")
        self._write(painter, places.kind, entry.kind, TypeRole.BODY, "muted")
        icon, role = entry.sign
        drawn = pixmap(icon, current.colour(role), current.px(ICON_CONTROL), painter.device().devicePixelRatioF())
        painter.drawPixmap(places.sign.topLeft(), drawn)
        self._write(painter, places.state, entry.state, TypeRole.BODY, "muted" if gone else "text")
        self._write(painter, places.detail, entry.detail, TypeRole.BODY, "muted")
        checked, day = entry.checked
        if places.checked_on.isEmpty():
            checked, day = f"{checked} {day}", ""
        self._write(painter, places.checked, checked, TypeRole.BODY, "muted")
        self._write(painter, places.checked_on, day, TypeRole.BODY, "muted")
        if entry.id != self.live_id:
            self._draw_buttons(painter, places, entry)
        painter.restore()

    def part_at(self, at: QPoint, box: QRect) -> str:
        """Which of a row's buttons is at `at` in the list: "act", "more", or "" for neither."""
        places = self.places(box.width())
        inside = at - box.topLeft()
        if places.act.contains(inside):
            return "act"
        return "more" if places.more.contains(inside) else ""

    def is_cut(self, entry: Entry, width: int) -> bool:
        """Whether any of the row's texts is longer than its place."""
        places = self.places(width)
        texts = ((places.name, entry.company, TypeRole.STRONG), (places.kind, entry.kind, TypeRole.BODY),
                 (places.state, entry.state, TypeRole.BODY), (places.detail, entry.detail, TypeRole.BODY))  # fmt: skip
        return any(self._font(role)[1].horizontalAdvance(text) > place.width() for place, text, role in texts)

    def _draw_buttons(self, painter: QPainter, places: Cells, entry: Entry) -> None:
        current = theme()
        act = entry.main
        if act is not None:
            painter.setPen(QPen(current.colour("edge"), current.border))
            painter.setBrush(current.colour("window" if current.high_contrast else "surface"))
            inset, radius = current.border / 2, current.radius(RADIUS_CONTROL)
            box = QRectF(places.act).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, radius, radius)
            self._write(painter, places.act, label(act), TypeRole.BODY, "text", centred=True)
        if entry.acts:
            edge = current.px(ICON_CONTROL)
            at = QRect(0, 0, edge, edge)
            at.moveCenter(places.more.center())
            drawn = pixmap("ellipsis", current.colour("muted"), edge, painter.device().devicePixelRatioF())
            painter.drawPixmap(at.topLeft(), drawn)

    def _write(
        self, painter: QPainter, place: QRect, text: str, role: TypeRole, colour: ColourRole, *, centred: bool = False
    ) -> None:
        if not text:
            return
        font, metrics = self._font(role)
        painter.setFont(font)
        painter.setPen(theme().colour(colour))
        if centred:
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
        else:
            painter.drawText(place, _SINGLE, metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width()))

    def _font(self, role: TypeRole) -> tuple[QFont, QFontMetrics]:
        if role not in self._fonts:
            font = theme().font(role)
            self._fonts[role] = font, QFontMetrics(font)
        return self._fonts[role]
