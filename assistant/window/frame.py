"""The frame that is the same on every page: header, banners that stay, rail, content, footer."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.language import _
from assistant.window.banner import Strip
from assistant.window.focus import FocusRing
from assistant.window.footer import ButtonRow, Footer
from assistant.window.header import Header
from assistant.window.rail import Rail
from assistant.window.theme import look, theme
from assistant.window.tokens import COMPACT_BELOW, MINIMUM_HEIGHT, MINIMUM_WIDTH, WINDOW_HEIGHT, WINDOW_WIDTH


class Frame(QWidget):
    """The window's content. It draws and asks; what a press means is decided elsewhere.

    Signals:
        cancel_requested, back_requested, second_requested, next_requested: the footer's buttons, Esc and Enter.
        help_requested: the help button or F1.
    """

    cancel_requested = Signal()
    back_requested = Signal()
    second_requested = Signal()
    next_requested = Signal()
    help_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content: QWidget | None = None
        self._practice, self._other_host = False, ""
        self._enter_presses = True
        self.header, self.rail, self.footer = Header(), Rail(), Footer()
        self._practice_strip, self._host_strip = Strip(icon_name="info"), Strip()
        self._middle = QHBoxLayout()
        self._middle.setSpacing(0)
        self._middle.addWidget(self.rail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for strip in (self.header, self._practice_strip, self._host_strip):
            column.addWidget(strip)
        column.addLayout(self._middle, 1)
        column.addWidget(self.footer)
        self.header.help_requested.connect(self.help_requested)
        self.footer.cancel_requested.connect(self.cancel_requested)
        self.footer.back_requested.connect(self.back_requested)
        self.footer.second_requested.connect(self.second_requested)
        self.footer.next_requested.connect(self.next_requested)
        self.setMinimumSize(MINIMUM_WIDTH, min(MINIMUM_HEIGHT, COMPACT_BELOW) - 64)
        self.resize(WINDOW_WIDTH, WINDOW_HEIGHT)
        self.retranslate()
        self._ring = FocusRing(self)
        look().changed.connect(self._restyle)

    @property
    def focus_ring(self) -> FocusRing:
        return self._ring

    @property
    def content(self) -> QWidget | None:
        return self._content

    def set_content(self, widget: QWidget) -> None:
        """Shows `widget` between rail and edge; the one before is taken out and hidden, not deleted."""
        if self._content is not None and self._content is not widget:
            self._middle.removeWidget(self._content)
            self._content.hide()
        self._content = widget
        self._middle.addWidget(widget, 1)
        widget.show()
        self._order_tabs()

    def set_integration(self, name: str, logo: QPixmap | None = None) -> None:
        """The name in the header and the logo, which is drawn in its own colours."""
        self.header.set_integration(name, logo)

    def set_step(self, step: int | None, *, stopped: bool = False) -> None:
        """The step shown, 1 to 6; None hides the rail. `stopped` marks the step for a problem page."""
        self.header.set_step(step)
        self.rail.setVisible(step is not None)
        if step is not None:
            self.rail.set_step(step, stopped=stopped)

    def set_folded(self, folded: bool) -> None:
        """Folds the rail to circles."""
        self.rail.set_folded(folded)

    def set_buttons(self, row: ButtonRow, *, enter_presses: bool = True) -> None:
        """The footer's buttons. Without `enter_presses`, Enter does nothing until a button has the focus."""
        self._enter_presses = enter_presses
        self.footer.set_buttons(row)

    def set_support_code(self, code: str) -> None:
        """The attempt's support code, at the bottom left."""
        self.footer.set_support_code(code)

    def set_practice(self, practising: bool) -> None:
        """The banner of practice, which stays."""
        self._practice = practising
        self.retranslate()

    def set_other_host(self, host: str) -> None:
        """The banner that says the server is not Fortnox, which stays; "" for none."""
        self._other_host = host
        self.retranslate()

    def retranslate(self) -> None:
        """Says every word of the frame in the language of now; the page gives its buttons anew."""
        self._practice_strip.setText(_("Practice – nothing here reaches the real Fortnox"))
        self._practice_strip.setVisible(self._practice)
        self._host_strip.setText(_("Not Fortnox: {host}", host=self._other_host))
        self._host_strip.setVisible(bool(self._other_host))
        for part in (self.header, self.rail, self.footer):
            part.retranslate()

    def press_enter(self) -> None:
        """What Enter does where no part uses it: presses the filled button, if this page allows it."""
        if self._enter_presses and self.footer.filled.isVisible():
            self.footer.filled.click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.press_enter()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancel_requested.emit()
        elif event.key() == Qt.Key.Key_F1:
            self.help_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._restyle()
        super().resizeEvent(event)

    def _restyle(self) -> None:
        """Large text takes height too: at 200 % an ordinary window is a low one."""
        compact = self.height() < theme().px(COMPACT_BELOW)
        self.header.set_compact(compact)
        self.footer.set_compact(compact)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_tabs()
        if self.focusWidget() is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # else Qt picks Help, and Enter would open it

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme().colour("window"))

    def _order_tabs(self) -> None:
        """Tab goes through the content, then Back and the filled button, Cancel, and Help last."""
        footer = self.footer
        order: list[QWidget] = [footer.back, footer.second, footer.filled, footer.cancel, self.header.help_button]
        if self._content is not None:
            order.insert(0, _last_in_chain(self._content))
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)


def _last_in_chain(widget: QWidget) -> QWidget:
    """The last of `widget` and what is inside it that Tab reaches."""
    last, walker = widget, widget.nextInFocusChain()
    while walker is not None and walker is not widget:
        if widget.isAncestorOf(walker):
            last = walker
        walker = walker.nextInFocusChain()
    return last
