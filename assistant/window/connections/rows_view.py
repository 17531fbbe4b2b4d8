"""The list itself: a Qt list view whose rows are drawn, with real buttons and panels over the one the person is on.

A thousand companies are a thousand values and one view. What can be pressed on the current row are widgets, so that
keyboard, focus ring and screen readers find them as everywhere else; they stand beside the view and not in it, because
Qt tells screen readers of a view's rows only.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QListView, QMenu, QToolTip, QWidget

from assistant.language import _
from assistant.window.accessibility import announce
from assistant.window.buttons import IconButton, OutlinedButton
from assistant.window.connections.delegate import RowDelegate
from assistant.window.connections.entry import Act, Entry, label
from assistant.window.connections.model import ConnectionModel
from assistant.window.connections.panel import RowPanel
from assistant.window.theme import look, theme
from assistant.window.tokens import SPACE_3, SPACE_4

_KEYS_OF_ACT = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RowsView(QListView):
    """The view alone: it passes keys and presses on to the list it stands in."""

    act_pressed = Signal()
    more_pressed = Signal()
    remove_pressed = Signal()
    width_changed = Signal()

    def __init__(self, model: ConnectionModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._width = -1
        self.rows = RowDelegate(self)
        self._pressed: tuple[int, str] | None = None
        self.setModel(model)
        self.setItemDelegate(self.rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_MacShowFocusRect, False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.viewport().width() != self._width:
            self._width = self.viewport().width()
            self.rows.set_width(self._width)
            self.width_changed.emit()

    @property
    def here(self) -> QModelIndex:
        """The row the person is on: the selected one, also while the keyboard is elsewhere."""
        chosen = self.selectionModel().selectedIndexes()
        return chosen[0] if chosen else QModelIndex()

    def go_to(self, index: QModelIndex) -> None:
        """Makes `index` the row the person is on."""
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect
        if self.hasFocus():
            self.selectionModel().setCurrentIndex(index, how)
        else:
            self.selectionModel().select(index, how)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt tells screen readers that its current row has the focus, so there is one only while that is so."""
        if self.here.isValid():
            self.setAutoScroll(False)  # who has scrolled away must not be taken back by it
            self.selectionModel().setCurrentIndex(self.here, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.setAutoScroll(True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.selectionModel().clearCurrentIndex()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if key in _KEYS_OF_ACT and self.here.isValid():
            self.act_pressed.emit()
        elif key == Qt.Key.Key_Delete and self.here.isValid():
            self.remove_pressed.emit()
        elif key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and shift):
            self.more_pressed.emit()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_F5):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By mouse on the row under it, by keyboard on the current one."""
        if event.reason() is not QContextMenuEvent.Reason.Keyboard:
            index = self.indexAt(event.pos())
            if not index.isValid():
                return
            self.go_to(index)
        self.more_pressed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid():
            part = self.rows.part_at(event.position().toPoint(), self.visualRect(index))
            self._pressed = (index.row(), part) if part else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drawn button is pressed where press and release meet on it."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        index = self.indexAt(event.position().toPoint())
        if pressed is None or not index.isValid():
            return
        part = self.rows.part_at(event.position().toPoint(), self.visualRect(index))
        if (index.row(), part) == pressed:
            (self.act_pressed if part == "act" else self.more_pressed).emit()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            index = self.indexAt(event.pos())
            entry: Entry | None = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
            cut = entry is not None and self.rows.is_cut(entry, self.viewport().width())
            if entry is not None and cut:
                QToolTip.showText(event.globalPos(), entry.spoken, self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)


class ConnectionList(QWidget):
    """The rows, what is real on the current one, and a panel that may be open in one of them.

    Signals:
        act_wanted: connection id and `Act`: the person wants it done.
        panel_closed: connection id: its panel was closed.
        reached: a part of the panel that has the keyboard now.
    """

    act_wanted = Signal(str, object)
    panel_closed = Signal(str)
    reached = Signal(object)

    def __init__(self, model: ConnectionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.view = RowsView(model, self)
        self.act = OutlinedButton(parent=self)
        self.more = IconButton("ellipsis", parent=self)
        self.menu = QMenu(self)
        self.panel: RowPanel | None = None
        self._panel_of: str | None = None
        for button in (self.act, self.more):
            button.hide()
        self.act.clicked.connect(self._press_act)
        self.more.clicked.connect(self.open_menu)
        self.view.act_pressed.connect(self._press_act)
        self.view.more_pressed.connect(self.open_menu)
        self.view.remove_pressed.connect(lambda: self._want(Act.REMOVE))
        self.view.width_changed.connect(self._restyle)
        self.view.verticalScrollBar().valueChanged.connect(self._place)
        self.view.selectionModel().selectionChanged.connect(self._place)
        for signal in (model.modelReset, model.dataChanged, model.rowsRemoved, model.layoutChanged):
            signal.connect(self._place_soon)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._place)
        look().changed.connect(self._restyle)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)
        self._restyle()

    # Where the person is.

    @property
    def current(self) -> Entry | None:
        """The connection the person is on."""
        index = self.view.here
        return self.model.entry(index.row()) if index.isValid() else None

    def go_to(self, row: int) -> None:
        """Makes `row` the current one and scrolls to it."""
        index = self.model.index(row)
        self.view.go_to(index)
        self.view.scrollTo(index)
        self._place()

    def go_to_first(self) -> None:
        """To the first row in which somebody has to do something, else to the first of all."""
        if self.model.rowCount():
            self.go_to(self.model.first_needing_action() or 0)

    def take_focus(self) -> None:
        """Puts the keyboard into the list."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # Acts.

    def _press_act(self) -> None:
        entry = self.current
        if entry is not None and entry.main is not None:
            self.act_wanted.emit(entry.id, entry.main)

    def _want(self, act: Act) -> None:
        entry = self.current
        if entry is not None and act in entry.acts:
            self.act_wanted.emit(entry.id, act)

    def open_menu(self) -> None:
        """Everything that can be done with the current connection; opened, not waited for."""
        entry = self.current
        if entry is None or not entry.acts or self.menu.isVisible():
            return
        self.menu.clear()
        self.menu.setAccessibleName(_("More for {company}", company=entry.company))
        for act in entry.acts:
            if act is Act.REMOVE:
                self.menu.addSeparator()
            line = self.menu.addAction(label(act, entry.connection.integration_name).replace("&", "&&"))
            line.setData(act)
            line.triggered.connect(lambda _on=False, of=entry.id, what=act: self.act_wanted.emit(of, what))
        self._place()
        self.menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))
        first = self.menu.actions()[0]
        self.menu.setActiveAction(first)

    # The panel.

    @property
    def panel_of(self) -> str | None:
        """The connection whose panel is open."""
        return self._panel_of

    def open_panel(self, connection_id: str, panel: RowPanel) -> None:
        """Opens `panel` in the row of that connection; one that was open is closed."""
        row = self.model.row_of(connection_id)
        if row is None:
            panel.deleteLater()
            return
        self.close_panel()
        self.panel, self._panel_of = panel, connection_id
        panel.setParent(self)
        panel.closed.connect(self._panel_done)
        panel.resized.connect(self._panel_resized)
        self.setTabOrder(self.view, self.act)
        self.setTabOrder(self.act, self.more)
        self.setTabOrder(self.more, panel)
        panel.show()
        self._panel_resized()
        self.go_to(row)
        self.view.scrollTo(self.model.index(row), QAbstractItemView.ScrollHint.EnsureVisible)
        panel.take_focus()
        announce(panel, panel.said)

    def close_panel(self) -> None:
        """Takes the panel away, if one is open; the keyboard goes back to the row."""
        if self.panel is None:
            return
        panel, self.panel = self.panel, None
        self._panel_of = None
        within = panel.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        panel.hide()
        panel.deleteLater()
        self._panel_resized()
        if within:
            self.take_focus()

    def _panel_done(self) -> None:
        closed = self._panel_of
        self.close_panel()
        if closed is not None:
            self.panel_closed.emit(closed)

    def _panel_resized(self) -> None:
        rows, panel = self.view.rows, self.panel
        rows.open_id = self._panel_of
        width = self.view.viewport().width() - 2 * SPACE_4
        rows.panel_height = panel.needed_height(width) + SPACE_3 if panel is not None else 0
        row = rows.height(self.view.viewport().width())
        self.setMinimumHeight(max(2 * row, row + rows.panel_height) + 2 * theme().border)
        self.view.setUniformItemSizes(panel is None)
        self.view.doItemsLayout()
        self._place()

    # Places.

    def _place_soon(self) -> None:
        self._soon.start(0)

    def _place(self) -> None:
        """Puts the real buttons and the panel over their rows, cut off where the list ends."""
        view, entry = self.view, self.current
        box = view.visualRect(view.here) if entry is not None else QRect()
        seen = entry is not None and box.intersects(view.viewport().rect())
        live = entry.id if entry is not None and seen else None
        if live != view.rows.live_id:
            view.rows.live_id = live
            view.viewport().update()
        self._place_buttons(entry if seen else None, box)
        self._place_panel()

    def _place_buttons(self, entry: Entry | None, box: QRect) -> None:
        act = entry.main if entry is not None else None
        places = self.view.rows.places(max(1, box.width()))
        if entry is not None:
            company = entry.company
            self.act.setText(label(act) if act is not None else "")
            self.act.setAccessibleName(f"{self.act.text()}: {company}")
            self.more.set_name(_("More for {company}", company=company))
        offset = self.view.viewport().mapTo(self, box.topLeft())
        for button, place, wanted in (
            (self.act, places.act, act is not None),
            (self.more, places.more, entry is not None and bool(entry.acts)),
        ):
            self._keep_focus(button, wanted)
            if wanted:
                button.setGeometry(place.translated(offset))
                self._cut_off(button)

    def _place_panel(self) -> None:
        panel = self.panel
        row = self.model.row_of(self._panel_of) if self._panel_of is not None else None
        if panel is None:
            return
        if row is None:  # searched away: what it asks about cannot be seen any more
            self._panel_done()
            return
        box = self.view.visualRect(self.model.index(row))
        top = self.view.viewport().mapTo(self, box.topLeft()) + QPoint(SPACE_4, self.view.rows.height(box.width()))
        panel.setGeometry(top.x(), top.y(), box.width() - 2 * SPACE_4, self.view.rows.panel_height - SPACE_3)
        self._cut_off(panel)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        """What has the keyboard must never be under the edge of the list."""
        if new is None or self.panel is None or not self.panel.isAncestorOf(new):
            return
        bar, viewport = self.view.verticalScrollBar(), self.view.viewport()
        top = new.mapTo(self, QPoint(0, 0)).y() - viewport.mapTo(self, QPoint(0, 0)).y()
        under = top + new.height() + SPACE_4 - viewport.height()
        if under > 0:
            bar.setValue(bar.value() + under)
        elif top < SPACE_4:
            bar.setValue(bar.value() + top - SPACE_4)
        self.reached.emit(new)

    def _cut_off(self, part: QWidget) -> None:
        """Shows of `part` only what lies within the list."""
        viewport = self.view.viewport()
        room = QRect(viewport.mapTo(self, QPoint(0, 0)), viewport.size())
        if room.contains(part.geometry()):
            part.clearMask()
        else:
            inside = room.translated(-part.pos()) & part.rect()
            part.setMask(QRegion(inside) if not inside.isEmpty() else QRegion(-2, -2, 1, 1))
        part.raise_()

    def _keep_focus(self, button: QWidget, wanted: bool) -> None:
        """Shows or hides `button`; the keyboard must not fall out of the list with it."""
        if wanted == (not button.isHidden()):
            return
        had = button.hasFocus()
        button.setVisible(wanted)
        if had:
            self.take_focus()

    def _restyle(self) -> None:
        self.view.rows.restyle()
        self.view.verticalScrollBar().setSingleStep(max(1, self.view.rows.height(self.view.viewport().width()) // 2))
        self._panel_resized()
        self.update()

    def retranslate(self) -> None:
        """Says everything in the language of now."""
        self.view.setAccessibleName(_("Connections"))
        self._restyle()
        if self.panel is not None:
            self.panel.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        border = theme().border
        self.view.setGeometry(self.rect().adjusted(border, border, -border, -border))
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        current, painter = theme(), QPainter(self)
        painter.fillRect(self.rect(), current.colour("edge" if current.high_contrast else "line"))
