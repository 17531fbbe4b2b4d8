"""The sign-in page while the person signs in with the browser they usually use."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.integration import WayBack
from assistant.journey import Journey
from assistant.language import _
from assistant.problems.words import words
from assistant.secret import Secret
from assistant.window.accessibility import announce
from assistant.window.banner import Banner, Tone
from assistant.window.buttons import FilledButton, LinkButton, OutlinedButton
from assistant.window.column import put
from assistant.window.field import TextField
from assistant.window.page import Page
from assistant.window.rows import CheckRow, CheckState
from assistant.window.text import Body, Caption, Heading, Lead
from assistant.window.tokens import SPACE_2, SPACE_3, SPACE_4


class OwnBrowserPanel(QWidget):
    """What to do in the other browser, the way to open it again, and the way back to the window's own.

    Signals:
        open_again_requested, window_browser_requested: what was pressed.
        pasted: the address that was entered, as a Secret; the field is empty by then.
    """

    open_again_requested = Signal()
    window_browser_requested = Signal()
    pasted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: Journey | None = None
        self._attempt = 0
        self._told = ""
        self._copied = False
        self._paste_part = QWidget()
        self.heading, self._lead = Heading(), Lead()
        self.waiting = CheckRow()
        self.waiting.set_state(CheckState.WORKING)
        self._steps = [Body() for _number in range(3)]
        self.field = TextField(secret=True, paste=True)
        self.carry_on = FilledButton()
        self.aside = Banner(tone=Tone.WARNING)
        self._company = Banner(tone=Tone.INFO)
        self.open_again, self.copy_link = OutlinedButton(icon_name="external-link"), OutlinedButton()
        self._link_note = Caption()
        self.window_browser = LinkButton()
        self._lay_out()
        self.open_again.clicked.connect(lambda: self.open_again_requested.emit())
        self.copy_link.clicked.connect(self._copy_link)
        self.window_browser.clicked.connect(lambda: self.window_browser_requested.emit())
        self.carry_on.clicked.connect(self._enter)
        self.field.entered.connect(self._enter)

    def _lay_out(self) -> None:
        top, paste, links, body = QWidget(), self._paste_part, QWidget(), QWidget()
        _stack(top, self.heading, self._lead, spacing=SPACE_2)
        _stack(paste, *self._steps, self.field, self.carry_on, spacing=SPACE_2)
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        row.addWidget(self.open_again)
        row.addWidget(self.copy_link)
        row.addStretch(1)
        below = QVBoxLayout(links)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(SPACE_2)
        below.addLayout(row)
        below.addWidget(self._link_note)
        parts = (top, self.aside, paste, self.waiting, self._company, links, self.window_browser)
        _stack(body, *parts, spacing=SPACE_4)
        area = Page()
        area.add(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def show_state(self, state: Journey) -> None:
        """Shows the attempt of `state`, which runs in the person's own browser."""
        if state.attempt != self._attempt:
            self._attempt, self._copied = state.attempt, False
            self.field.clear()
        self._state = state
        self.retranslate()
        said = self.aside.accessibleName() if state.aside is not None else ""
        if said and said != self._told:
            announce(self, said, assertive=True)
        self._told = said

    def retranslate(self) -> None:
        """Says everything in the current language. Needs a state."""
        state = self._state
        if state is None:
            return
        pasting, ready = state.own_browser is WayBack.PASTE, state.authorization is not None
        self.heading.setText(_("Sign in with your own browser"))
        self._lead.setText(
            _("Fortnox opens in the browser you usually use. Sign in there, and approve at the end.")
            if pasting
            else _("Fortnox opens in the browser you usually use. Sign in there and approve; this window then goes on.")
        )
        for line, text in zip(
            self._steps,
            (
                _("1. Sign in and approve in the browser."),
                _("2. Copy the whole address of the page you end on."),
                _("3. Paste it here within ten minutes."),
            ),
            strict=True,
        ):
            line.setText(text)
        self._paste_part.setVisible(pasting)
        self.field.set_label(
            _("The address you ended on"), hint=_("It is shown as dots, because it opens the connection.")
        )
        self.field.retranslate()
        self.carry_on.setText(_("Carry on"))
        self.carry_on.setEnabled(ready)
        self.waiting.setVisible(not pasting)
        self.waiting.set_name(_("The answer from your own browser"))
        self.waiting.set_state(CheckState.WORKING, word=_("Waiting, at most ten minutes"))
        self._company.show_message(
            _(
                "If you are signed in to Fortnox there already, Fortnox may skip the choice of company. Check the"
                " company here before you say yes."
            )
        )
        self.open_again.setText(_("Open the browser again"))
        self.copy_link.setText(_("Copied") if self._copied else _("Copy the link"))
        for button in (self.open_again, self.copy_link):
            button.setEnabled(ready)
        self._link_note.setText(
            _("The link holds for this sign-in only, and in a browser on this computer. Give it to nobody.")
        )
        self.window_browser.setText(_("Sign in inside this window"))
        self._show_aside()
        self.setAccessibleName(self.heading.text())

    def _show_aside(self) -> None:
        aside = self._state.aside if self._state else None
        self.aside.setVisible(aside is not None)
        if aside is not None and self._state is not None:
            told = words(aside, integration=self._state.integration)
            self.aside.show_message(" ".join((told.cause, *told.remedy)), title=f"{told.title} ({aside.code})")

    def first_focus(self) -> QWidget:
        """The field to paste in; else the heading, where a second Enter by habit presses nothing."""
        if self._state is not None and self._state.own_browser is WayBack.PASTE:
            return self.field.line
        return self.heading

    def take_focus(self) -> None:
        """The keyboard goes there."""
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy_link(self) -> None:
        if self._state is None or self._state.authorization is None:
            return
        QGuiApplication.clipboard().setText(self._state.authorization.url)
        self._copied = True
        self.retranslate()
        announce(self, self.copy_link.text())

    def _enter(self) -> None:
        """Takes what was pasted out of the field and, where it still is there, out of the clipboard."""
        text = self.field.text()
        if not text:
            self.field.set_error(_("Paste the whole address of the page you ended on."))
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.field.clear()
        if self._state is not None and self._state.integration.redirect_uri.matches(text):
            forget(QGuiApplication.clipboard(), text)
        self.pasted.emit(Secret(text))


def _stack(within: QWidget, *parts: QWidget, spacing: int) -> None:
    """Lays `parts` under each other; what is hidden leaves no gap."""
    column = QVBoxLayout(within)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    for part in parts:
        put(column, part)


def forget(clipboard: QClipboard, text: str) -> None:
    """Empties `clipboard` where it still holds `text`, the marked text of X11 too; anything else there stays."""
    modes = [QClipboard.Mode.Clipboard]
    if clipboard.supportsSelection():
        modes.append(QClipboard.Mode.Selection)
    for mode in modes:
        if clipboard.text(mode).strip() == text:
            clipboard.clear(mode)
