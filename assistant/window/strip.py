"""The address strip above the sign-in page: drawn by us, outside the page, so that no page can draw over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from assistant.language import _
from assistant.window.icons import icon, pixmap
from assistant.window.palette import ColourRole
from assistant.window.place import Place
from assistant.window.theme import look, theme

HEIGHT: Final = 40
_LOCK: Final = 16
_GAP: Final = 8


class Address(QWidget):
    """Lock, name and host of the page on show; visible, never editable.

    Only the left end of a long host gives way, so that the end, which says whose page it is, always stays.
    """

    def __init__(self, parent: QWidget | None = None, *, practice: bool = False) -> None:
        super().__init__(parent)
        self._practice = practice
        self._place: Place | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # A host is read from left to right in every language of the window.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.retranslate()

    def show_place(self, place: Place | None) -> None:
        """Shows where the page comes from; None before the first page has come."""
        self._place = place
        self.retranslate()

    def retranslate(self) -> None:
        place = self._place
        if place is None:
            spoken = _("No page yet")
        elif place.is_fortnox:
            spoken = _("Fortnox, secure connection, address {host}", host=place.shown)
        elif not place.host:
            spoken = _("Empty page. This is not Fortnox")
        elif self._is_practice:
            spoken = _("Practice, address {host}", host=place.shown)
        else:
            spoken = _("This is not Fortnox, address {host}", host=place.shown)
        self.setAccessibleName(spoken)
        self.setToolTip("" if place is None else place.shown)
        self.updateGeometry()
        self.update()

    @property
    def _is_practice(self) -> bool:
        return self._practice and self._place is not None and self._place.loopback

    @property
    def locked(self) -> bool:
        """Whether the lock is drawn: an encrypted page."""
        return self._place is not None and self._place.secure

    @property
    def strong(self) -> str:
        """The words in bold: "Fortnox" for Fortnox's own pages, else the host."""
        if self._place is None:
            return ""
        return "Fortnox" if self._place.is_fortnox else self._place.shown

    @property
    def quiet(self) -> str:
        """The words beside them: Fortnox's host, or what the page is."""
        if self._place is None:
            return _("Getting the sign-in page")
        if self._place.is_fortnox:
            return self._place.shown
        return _("Practice") if self._is_practice else _("This is not Fortnox")

    @property
    def quiet_role(self) -> ColourRole:
        """Muted beside Fortnox and practice, in the colour of a warning where the page is another's."""
        place = self._place
        return "muted" if place is None or place.is_fortnox or self._is_practice else "warning"

    def sizeHint(self) -> QSize:
        fonts = QFontMetrics(self._bold()), self.fontMetrics()
        width = _LOCK + 2 * _GAP + fonts[0].horizontalAdvance(self.strong) + fonts[1].horizontalAdvance(self.quiet)
        return QSize(width + 2 * _GAP, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, HEIGHT)

    def drawn(self, width: int) -> tuple[str, str]:
        """The bold and the quiet words as they fit into `width` pixels. The host's end always survives."""
        bold = QFontMetrics(self._bold())
        plain = self.fontMetrics()
        room = max(0, width - 2 * _GAP - (_LOCK + _GAP if self.locked else 0))
        if self._place is not None and self._place.is_fortnox:
            rest = room - bold.horizontalAdvance(self.strong) - _GAP
            return self.strong, plain.elidedText(self.quiet, Qt.TextElideMode.ElideLeft, max(0, rest))
        quiet = self.quiet
        rest = room - plain.horizontalAdvance(quiet) - (_GAP if self.strong else 0)
        return bold.elidedText(self.strong, Qt.TextElideMode.ElideLeft, max(0, rest)), quiet

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong, quiet = self.drawn(self.width())
        text = theme().colour("text")
        left = _GAP
        if self.locked:
            lock = pixmap("lock", text, _LOCK, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - _LOCK) // 2, lock)
            left += _LOCK + _GAP
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if strong:
            painter.setFont(self._bold())
            painter.setPen(text)
            painter.drawText(self.rect().adjusted(left, 0, 0, 0), middle, strong)
            left += QFontMetrics(self._bold()).horizontalAdvance(strong) + _GAP
        painter.setFont(self.font())
        painter.setPen(theme().colour(self.quiet_role))
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), middle, quiet)
        if self.hasFocus():
            painter.setPen(QPen(text, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 4, -2, -4), 6, 6)
        painter.end()

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font


class Strip(QWidget):
    """Address, progress line and the few buttons of the sign-in browser.

    Signals: what was pressed. `page_closed` is the way back from a window that the sign-in page opened.
    """

    reload_requested = Signal()
    zoom_in_requested = Signal()
    zoom_out_requested = Signal()
    zoom_reset_requested = Signal()
    start_over_requested = Signal()
    own_browser_requested = Signal()
    page_closed = Signal()

    def __init__(self, parent: QWidget | None = None, *, practice: bool = False, own_browser: bool = False) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setAutoFillBackground(True)
        self.address = Address(self, practice=practice)
        self._progress = 100
        self._zoom = 100
        self.close_page = self._button(self.page_closed.emit)
        self.reload = self._button(self.reload_requested.emit)
        self.zoom_out = self._button(self.zoom_out_requested.emit)
        self.zoom_reset = self._button(self.zoom_reset_requested.emit)
        self.zoom_in = self._button(self.zoom_in_requested.emit)
        self.start_over = self._button(self.start_over_requested.emit)
        self.own_browser = self._button(self.own_browser_requested.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(_GAP, 0, _GAP, 0)
        row.setSpacing(4)
        row.addWidget(self.close_page)
        row.addWidget(self.address, 1)
        for button in self.buttons[1:]:
            row.addWidget(button)
        for before, after in zip(self._focus_chain, self._focus_chain[1:], strict=False):
            QWidget.setTabOrder(before, after)
        self.close_page.hide()
        self.own_browser.setVisible(own_browser)
        self.retranslate()
        self._restyle()
        look().changed.connect(self._restyle)

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """From left to right."""
        return (
            self.close_page, self.reload, self.zoom_out, self.zoom_reset, self.zoom_in, self.start_over,
            self.own_browser,
        )  # fmt: skip

    @property
    def _focus_chain(self) -> tuple[QWidget, ...]:
        return (self.close_page, self.address, *self.buttons[1:])

    def _button(self, pressed: Callable[[], None]) -> QToolButton:
        button = QToolButton(self, autoRaise=True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setMinimumSize(28, 28)
        button.clicked.connect(lambda _checked=False: pressed())
        return button

    def _restyle(self) -> None:
        for button, name in (
            (self.close_page, "arrow-left"),
            (self.reload, "refresh-cw"),
            (self.own_browser, "external-link"),
        ):
            button.setIcon(icon(name, size=_LOCK))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.update()
        self.address.update()

    def retranslate(self) -> None:
        """Says everything anew in the current language."""
        for button, words, hint in (
            (self.close_page, _("Back to the sign-in"), _("Closes this page and goes back to the sign-in")),
            (self.reload, _("Reload"), _("Loads the page again (F5)")),
            (self.zoom_out, "−", _("Smaller text (Ctrl and minus)")),
            (self.zoom_in, "+", _("Larger text (Ctrl and plus)")),
            (self.start_over, _("Start over"), _("Signs in again from the beginning")),
            (self.own_browser, _("Use my own browser"), _("Signs in with the browser you usually use")),
        ):
            button.setText(words)
            button.setToolTip(hint)
            button.setAccessibleName(hint if button in (self.zoom_in, self.zoom_out) else words)
        self.set_zoom(self._zoom)
        self.address.retranslate()
        self.setAccessibleName(_("Address of the page"))

    def set_zoom(self, percent: int) -> None:
        self._zoom = percent
        self.zoom_reset.setText(_("{percent} %", percent=percent))
        self.zoom_reset.setToolTip(_("Usual text size (Ctrl and 0)"))
        self.zoom_reset.setAccessibleName(_("Text size {percent} %", percent=percent))

    def set_progress(self, percent: int) -> None:
        """How much of the page has come, 0 to 100; at 100 the line goes away."""
        self._progress = percent
        self.update()

    def set_own_browser(self, offered: bool) -> None:
        self.own_browser.setVisible(offered)

    def set_inner_page(self, open_: bool) -> None:
        """Whether the page on show was opened by the sign-in page, so that there is one to go back to."""
        self.close_page.setVisible(open_)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("surface"))
        painter.fillRect(self.rect().adjusted(0, HEIGHT - 1, 0, 0), theme().colour("line"))
        if self._progress < 100:
            share = max(0.04, self._progress / 100)
            done = QRectF(0, HEIGHT - 3, self.width() * share, 3)
            painter.fillRect(done, theme().colour("accent"))
        painter.end()
