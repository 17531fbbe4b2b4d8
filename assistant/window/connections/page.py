"""The page of the connections: what the window opens on when there is something to show. It draws and asks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from assistant.language import _, current, languages, plural
from assistant.problems import Occurrence, Way
from assistant.problems.words import words
from assistant.window.accessibility import announce
from assistant.window.banner import Banner, Tone
from assistant.window.buttons import LinkButton
from assistant.window.check_box import CheckBox
from assistant.window.connections.model import ConnectionModel
from assistant.window.connections.progress import Progress
from assistant.window.connections.rows_view import ConnectionList
from assistant.window.footer import Action, ButtonRow
from assistant.window.page import margin_for
from assistant.window.pages.welcome import own_name
from assistant.window.text import Body, Heading, Lead
from assistant.window.theme import look, theme
from assistant.window.tokens import COMPACT_BELOW, SPACE_2, SPACE_3, SPACE_4, SPACE_5

SEARCH_FROM = 8
"""With fewer companies there is nothing to search."""
WIDEST = 1160
"""The list's greatest width at 100 %: further apart, the eye loses the row."""


class ConnectionsPage(QWidget):
    """Heading, messages, search, progress and the list.

    Signals:
        connect_wanted: another company is to be connected.
        check_wanted: those that are shown are to be checked.
        stop_wanted: what goes through many is to stop.
        unlock_wanted: the password store is to be opened.
        keep_alive_wanted: what the last renewal of all left is to be done now.
        language_chosen: the code of a language.
        buttons_changed: the footer offers something else.
    """

    connect_wanted = Signal()
    check_wanted = Signal()
    stop_wanted = Signal()
    unlock_wanted = Signal()
    keep_alive_wanted = Signal()
    language_chosen = Signal(str)
    buttons_changed = Signal()

    enter_presses_main = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ConnectionModel(self)
        self.heading, self.lead = Heading(), Lead()
        self.keychain, self.renewal, self.message = (
            Banner(tone=Tone.WARNING),
            Banner(tone=Tone.WARNING),
            Banner(tone=Tone.INFO),
        )
        self.search, self.only_action = QLineEdit(), CheckBox()
        self.progress = Progress()
        self.list = ConnectionList(self.model)
        self._nothing = Body()
        self._empty = Body()
        self._under_way = False
        self._keychain_problem: Occurrence | None = None
        self._keychain_busy = False
        self._renewal_problem: Occurrence | None = None
        self._lay_out()
        self._wire()
        self.retranslate()

    def _lay_out(self) -> None:
        # The list gives way first; where even two of its rows have no room, the whole page scrolls.
        whole, area, inside = QVBoxLayout(self), QScrollArea(), QWidget()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._area = area
        self._outer = QHBoxLayout(inside)
        self._outer.setSpacing(0)
        self._inner = QWidget()
        self._outer.addWidget(self._inner, 1)
        self._outer.addStretch(0)
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_3)
        top = QHBoxLayout()
        top.setSpacing(SPACE_4)
        titles = QVBoxLayout()
        titles.setSpacing(SPACE_2)
        titles.addWidget(self.heading)
        titles.addWidget(self.lead)
        top.addLayout(titles, 1)
        self._languages = {code: LinkButton(own_name(code)) for code in languages()}
        for code, link in self._languages.items():
            link.clicked.connect(lambda _on=False, chosen=code: self.language_chosen.emit(chosen))
            top.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        for banner in (self.keychain, self.renewal, self.message):
            banner.hide()
            column.addWidget(banner)
        self._tools = QWidget()
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(SPACE_5)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.only_action)
        self.search.setClearButtonEnabled(True)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column.addWidget(self._tools)
        self.progress.hide()
        column.addWidget(self.progress)
        column.addWidget(self._nothing)
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        self._column = column

    def _wire(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.only_action.toggled.connect(self._filter)
        self.progress.stopped.connect(self.stop_wanted)
        self.list.reached.connect(self._area.ensureWidgetVisible)
        self.list.view.selectionModel().selectionChanged.connect(lambda: QTimer.singleShot(0, self, self._show_row))
        self.keychain.pressed.connect(self._keychain_pressed)
        self.renewal.pressed.connect(self.keep_alive_wanted)
        for signal in (self.model.modelReset, self.model.rowsRemoved):
            signal.connect(self.tell)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._find)
        check = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        check.activated.connect(self.check_wanted)
        look().changed.connect(self._fit)

    # What it shows.

    def tell(self) -> None:
        """Heading, lead and filter, by how things stand now."""
        count, action = self.model.count, self.model.needing_action
        empty = self.model.empty
        if count:
            heading = plural("{count} company is connected", "{count} companies are connected", count)
            lead = (
                plural("{count} of them needs action.", "{count} of them need action.", action)
                if action and count > 1
                else _("It needs action.")
                if action
                else _("Nothing needs to be done.")
            )
        else:
            heading, lead = _("No company is connected yet"), ""
        self.heading.setText(heading)
        self.lead.setText(lead)
        self.lead.setVisible(bool(lead))
        self.setAccessibleName(heading)
        many = count >= SEARCH_FROM or self.model.filtered
        self._tools.setVisible(many)
        self.only_action.setText(_("Needs action ({count})", count=action))
        self.list.setVisible(self.model.rowCount() > 0)
        self._nothing.setVisible(not empty and self.model.rowCount() == 0)
        self._empty.setVisible(empty)
        self._column.setStretch(self._column.count() - 1, 0 if self.model.rowCount() else 1)
        self.buttons_changed.emit()

    def show_keychain(self, problem: Occurrence | None, *, busy: bool = False) -> None:
        """What is the matter with the password store; None when nothing is. `busy`: its box is being answered."""
        self._keychain_problem, self._keychain_busy = problem, busy
        self._tell_keychain()

    def _tell_keychain(self) -> None:
        problem, renewal = self._keychain_problem, self._renewal_problem
        # One message over the list is enough where the last renewal met the same lock.
        locked = problem is not None and problem.code == "STORE-02" and not self._keychain_busy
        told_there = locked and renewal is not None and Way.UNLOCK in renewal.problem.ways
        self.keychain.setVisible(problem is not None and not told_there)
        if problem is None:
            return
        told = words(problem)
        locked = problem.code in ("STORE-02", "STORE-03")
        cause = (
            _("You can read the list all the same. Checking, renewing and connecting need it open.")
            if problem.code == "STORE-02"
            else f"{told.cause} {told.remedy[0]}"
        )
        self.keychain.show_message(
            f"{cause} ({problem.code})", title=told.title, button=_("Unlock") if locked else _("Look again")
        )
        self.keychain.button.set_busy(self._keychain_busy)

    def _keychain_pressed(self) -> None:
        self.unlock_wanted.emit()

    def show_renewal(self, problem: Occurrence | None) -> None:
        """What kept the last renewal of all from a connection; None when nothing did."""
        self._renewal_problem = problem
        self._tell_renewal()

    def _tell_renewal(self) -> None:
        problem = self._renewal_problem
        self.renewal.setVisible(problem is not None)
        self._tell_keychain()
        if problem is None:
            return
        locked = Way.UNLOCK in problem.problem.ways
        self.renewal.show_message(
            f"{words(problem).title} ({problem.code}).",
            title=_("Not every connection could be renewed by itself"),
            button=_("Unlock and renew now") if locked else _("Renew now"),
        )

    def show_message(self, text: str, *, tone: Tone = Tone.INFO, title: str = "") -> None:
        """A line over the list, said aloud as well; "" takes it away."""
        self.message.setVisible(bool(text))
        if text:
            self.message.show_message(text, tone=tone, title=title)
            announce(self, ". ".join(part for part in (title, text) if part))

    def show_progress(self, text: str, done: int, total: int) -> None:
        """How far what goes through many has come."""
        if not self._under_way:
            self._under_way = True
            self.progress.show()
            self.buttons_changed.emit()
            announce(self, text)
        self.progress.show_progress(text, done, total)

    def end_progress(self) -> None:
        """It is over."""
        if self._under_way:
            self._under_way = False
            had = self.progress.stop.hasFocus()
            self.progress.hide()
            if had:
                self.list.take_focus()
            self.buttons_changed.emit()

    def retranslate(self) -> None:
        """Says everything in the language of now."""
        self.search.setPlaceholderText(_("Search for a company or an organisation number"))
        self.search.setAccessibleName(_("Search"))
        self._nothing.setText(_("No company fits what you search for."))
        self._empty.setText(_("What you connect stands here, with how it is doing."))
        for code, link in self._languages.items():
            link.setVisible(code != current().code)
        self.progress.retranslate()
        self.model.retranslate()
        self.list.retranslate()
        self._tell_renewal()
        self.tell()

    # What the frame asks, as of every page.

    def footer(self) -> ButtonRow:
        """The buttons at the bottom."""
        check = _("Check these") if self.model.filtered else _("Check all")
        another = _("Connect another company") if self.model.count else _("Connect a company")
        return ButtonRow(
            cancel=Action(_("Close")),
            second=Action(check, busy=self._under_way) if self.model.count else None,
            filled=Action(another),
        )

    def press_main(self) -> None:
        """The filled button."""
        self.connect_wanted.emit()

    def press_other(self) -> None:
        """The outlined button."""
        self.check_wanted.emit()

    def press_back(self) -> None:
        """There is no page before this one."""

    def arrive(self, filled: QWidget) -> None:
        """Focus and announcement on arrival: the list, on its current row; with a screen reader the heading."""
        if QAccessible.isActive():
            self.heading.take_focus()
        elif self.model.rowCount():
            self.list.take_focus()
            QTimer.singleShot(0, self, self._show_row)
        else:
            filled.setFocus(Qt.FocusReason.OtherFocusReason)
        said = ". ".join(part for part in (self.heading.text(), self.lead.text()) if part)
        QTimer.singleShot(0, self, lambda: announce(self, said))

    # Keys and size.

    def _show_row(self) -> None:
        """Where the page itself scrolls, the row the person is on must be within it, its beginning first."""
        view, inside = self.list.view, self._area.widget()
        if inside is not None and view.here.isValid() and view.hasFocus():
            box = view.visualRect(view.here)
            at = view.viewport().mapTo(inside, box.topLeft())
            for y in (at.y() + box.height(), at.y()):
                self._area.ensureVisible(at.x(), y, 0, SPACE_2)

    def _find(self) -> None:
        if self._tools.isVisible():
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()

    def _filter(self) -> None:
        kept = self.list.current
        self.list.close_panel()
        self.model.show_only(self.search.text(), only_action=self.only_action.isChecked())
        row = self.model.row_of(kept.id) if kept is not None else None
        if row is not None:
            self.list.go_to(row)
        else:
            self.list.go_to_first()
        if self.model.filtered:
            count = self.model.rowCount()
            announce(self, plural("{count} company found", "{count} companies found", count))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search field, Esc empties it and Arrow down goes to the list."""
        if watched is self.search and event.type() is QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.model.rowCount():
                self.list.take_focus()
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the nearest layer: the panel, then the message; only then does the frame hear of it."""
        if event.key() == Qt.Key.Key_Escape and self.list.panel is not None:
            self.list.panel.closed.emit()
        elif event.key() == Qt.Key.Key_Escape and self.message.isVisible():
            self.message.hide()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        window = self.window()
        margin = margin_for(window.width(), window.height())
        low = window.height() < theme().px(COMPACT_BELOW)
        self._outer.setContentsMargins(margin, SPACE_4 if low else margin, margin, SPACE_4)
        self._inner.setMaximumWidth(theme().px(WIDEST))
        self.lead.setVisible(bool(self.lead.text()) and not low)
