"""The text for the right person, when the one at the computer is not a system administrator."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.fortnox.scopes import licence_words, scope
from assistant.integration import Integration
from assistant.language import _
from assistant.problems import Occurrence, Way
from assistant.problems.words import words
from assistant.window.buttons import OutlinedButton
from assistant.window.text import Body
from assistant.window.tokens import SPACE_2

NOT_ORDERED = "AUTH-17"


def hand_over_text(integration: Integration, problem: Occurrence | None = None) -> str:
    """What to send to the company's system administrator. Leaves out what the vendor has not given.

    A `problem` with a missing licence, or with an order that nobody has made, has a text of its own: what is needed,
    where it is had, and the problem's code.
    """
    if problem is not None and (Way.SHOW_HOW in problem.problem.ways or problem.code == NOT_ORDERED):
        return _what_is_missing(integration, problem)
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


def licence_lines(integration: Integration) -> list[str]:
    """Each permission with the licence it needs, and the one that every integration needs."""
    lines = [
        _("{permission}: {licence}", permission=_(entry.label), licence=licence_words(entry))
        for entry in map(scope, integration.scopes)
        if entry.licences
    ]
    return [*lines, _("{integration} itself: the licence for integration", integration=integration.name)]


def _what_is_missing(integration: Integration, problem: Occurrence) -> str:
    name, phone = integration.name, integration.support.phone
    if problem.code == NOT_ORDERED:
        hello = _("Hello, {integration} has to be ordered before it can be connected to our Fortnox.", integration=name)
        lines = [hello]
    else:
        hello = _("Hello, {integration} can't be connected yet: a licence is missing in our Fortnox.", integration=name)
        lines = [hello, _("Our company needs:"), *(f"- {line}" for line in licence_lines(integration))]
    told = words(problem, integration=integration)
    lines += [f"{number}. {line}" for number, line in enumerate(told.remedy, 1)]
    if phone:
        lines.append(_("Questions: call {vendor}, {phone}.", vendor=integration.vendor, phone=phone))
    lines.append(_("Error code {code}", code=problem.code))
    return "\n".join(lines)


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
