"""Asks for a proxy's user name and password, in the place of the page that waits for them. Never a box."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from assistant.language import _
from assistant.secret import Secret
from assistant.window.buttons import FilledButton, OutlinedButton
from assistant.window.field import TextField
from assistant.window.page import Page
from assistant.window.text import Body, SectionTitle
from assistant.window.tokens import SPACE_2, SPACE_4


class ProxyPanel(Page):
    """User name, password, and two ways on.

    Signals:
        answered: user name and password (a Secret), both typed.
        given_up: the person does not have them.
    """

    answered = Signal(str, object)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._proxy, self._wrong = "", False
        self.title, self._why = SectionTitle(), Body()
        self.user, self.password = TextField(), TextField(secret=True)
        self.go_on, self.give_up = FilledButton(), OutlinedButton()
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(self.go_on)
        row.addWidget(self.give_up)
        row.addStretch(1)
        for part in (self.title, self._why, self.user, self.password, buttons):
            self.add(part, before=SPACE_4)
        self.go_on.clicked.connect(self._answer)
        self.give_up.clicked.connect(self.given_up)
        self.user.entered.connect(lambda: self.password.setFocus(Qt.FocusReason.OtherFocusReason))
        self.password.entered.connect(self._answer)

    def ask(self, proxy: str, *, wrong: bool) -> None:
        """Asks for the password of `proxy` (host and port); `wrong` after one that it did not accept."""
        self._proxy, self._wrong = proxy, wrong
        self.password.clear()
        self.retranslate()
        (self.password if wrong and self.user.text() else self.user).setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Forgets what was typed."""
        self.user.clear()
        self.password.clear()

    def retranslate(self) -> None:
        """Says everything anew in the current language."""
        self.title.setText(_("The company's proxy wants a password"))
        self._why.setText(
            _(
                "The way to Fortnox goes through the proxy {proxy}. Enter what IT gave you for it. It is not your"
                " password for Fortnox. It is forgotten when the window is closed.",
                proxy=self._proxy,
            )
        )
        self.user.set_label(_("User name for the proxy"))
        self.password.set_label(_("Password for the proxy"))
        self.go_on.setText(_("Go on"))
        self.give_up.setText(_("I don't have it"))
        self.setAccessibleName(self.title.text())
        self.password.set_error(_("The proxy did not accept it. Check both and try once more.") if self._wrong else "")

    def _answer(self) -> None:
        user, password = self.user.text(), Secret(self.password.line.text())
        if not user:
            self.user.set_error(_("Enter the user name."))
            self.user.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.password.clear()
        self.answered.emit(user, password)
