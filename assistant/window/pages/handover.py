"""The text for the right person, when the one at the computer is not a system administrator."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.integration import Integration
from assistant.language import _
from assistant.window.buttons import OutlinedButton
from assistant.window.text import Body
from assistant.window.tokens import SPACE_2


def hand_over_text(integration: Integration) -> str:
    """What to send to the company's system administrator. Leaves out what the vendor has not given."""
    parts = [
        _("Hello, {integration} is to be connected to our Fortnox.", integration=integration.name),
        _("A system administrator has to do it; it takes about three minutes."),
    ]
    if integration.download:
        parts.append(_("Install the program from {link}.", link=integration.download))
    if integration.support.phone:
        parts.append(
            _("Questions: call {vendor}, {phone}.", vendor=integration.vendor, phone=integration.support.phone)
        )
    return " ".join(parts)


class HandOver(QWidget):
    """How to tell who is system administrator, and the text to copy."""

    def __init__(self) -> None:
        super().__init__()
        self._how, self._text, self._copy = Body(), Body(colour="muted"), OutlinedButton()
        self._integration: Integration | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        for widget in (self._how, self._text, self._copy):
            column.addWidget(widget)
        self._copy.clicked.connect(self.copy)

    def show_integration(self, integration: Integration) -> None:
        """Says it for `integration` in the current language."""
        self._integration = integration
        self._how.setText(
            _(
                "How to tell: click the company name at the top right in Fortnox. If the menu has ”Administrera"
                " användare” (manage users), you are a program or system administrator. The list that opens shows"
                " who is system administrator."
            )
        )
        self._text.setText(hand_over_text(integration))
        self._copy.setText(_("Copy the text to the administrator"))

    def copy(self) -> None:
        """Puts the text on the clipboard; it holds nothing secret."""
        if self._integration is not None:
            QGuiApplication.clipboard().setText(hand_over_text(self._integration))
            self._copy.setText(_("Copied"))
