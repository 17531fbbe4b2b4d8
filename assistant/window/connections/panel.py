"""A panel within a row: a question, an answer or an explanation about that one company. Never a box of its own."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialogButtonBox, QLayout, QVBoxLayout, QWidget

from assistant.language import _
from assistant.problems import Occurrence
from assistant.problems.words import solved_by, words
from assistant.secret import Secret
from assistant.window.buttons import Button, DangerButton, FilledButton, OutlinedButton
from assistant.window.column import put
from assistant.window.connections.entry import Entry
from assistant.window.field import TextField
from assistant.window.surface import paint_area
from assistant.window.text import Body, Code, Strong
from assistant.window.theme import look, theme
from assistant.window.tokens import RADIUS_CARD, SPACE_2, SPACE_3, SPACE_4

_Role = QDialogButtonBox.ButtonRole


class Kind(Enum):
    """What a panel is for."""

    REMOVE = "remove"  # the question, and afterwards what became of it
    KEY = "key"  # a new activation key
    EXPLAIN = "explain"  # what stands in the way and what to do
    NEEDS_FILE = "needs-file"  # connecting again takes the vendor's file


class RowPanel(QWidget):
    """Stands under its row until it is closed.

    Signals:
        agreed: the person said yes: to removing, or with a key.
        closed: the person is done with it.
        resized: it needs another height.
    """

    agreed = Signal(object)
    closed = Signal()
    resized = Signal()

    def __init__(self, kind: Kind, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._entry = entry
        self._failed: Occurrence | None = None
        self._title, self._code = Strong(), Code(selectable=False)
        self._lines = [Body() for _ in range(4)]
        self.field = TextField(secret=True, paste=True)
        self.field.entered.connect(self._agree)
        self._yes: Button = DangerButton() if kind is Kind.REMOVE else FilledButton()
        self.keep: Button = OutlinedButton()
        self._yes.clicked.connect(self._agree)
        self.keep.clicked.connect(self.closed)
        # Which of the two stands first is the system's own custom.
        self._buttons = QDialogButtonBox()
        self._buttons.addButton(self._yes, _Role.AcceptRole)
        self._buttons.addButton(self.keep, _Role.RejectRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_2)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for part in (self._title, *self._lines, self._code, self.field):
            put(column, part)
        put(column, self._buttons, Qt.AlignmentFlag.AlignLeft)
        self.field.setVisible(kind is Kind.KEY)
        look().changed.connect(self.retranslate)
        self.retranslate()

    @property
    def yes(self) -> Button:
        """The button that does it."""
        return self._yes

    @property
    def said(self) -> str:
        """All it says, as a screen reader is told when it opens or changes."""
        texts = (self._title, *self._lines, self._code)
        said = [text.text() for text in texts if not text.isHidden() and text.text()]
        return " ".join(each if each[-1] in ".?!" else f"{each}." for each in said)

    def show_entry(self, entry: Entry) -> None:
        """How its connection stands now."""
        changed = (entry.doing, entry.removed) != (self._entry.doing, self._entry.removed)
        self._entry = entry
        if changed:
            self.retranslate()

    def show_failure(self, problem: Occurrence) -> None:
        """What the person agreed to did not happen."""
        self._failed = problem
        self.retranslate()

    def take_focus(self) -> None:
        """Puts the keyboard where nothing is lost by habit."""
        (self.field.line if self.kind is Kind.KEY else self.keep).setFocus(Qt.FocusReason.OtherFocusReason)

    def needed_height(self, width: int) -> int:
        """How high it has to be in a row of `width`."""
        layout = self.layout()
        assert layout is not None
        return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()

    def retranslate(self) -> None:
        """Says everything in the language of now."""
        title, lines = self._words()
        problem = self._failed or (self._entry.problem if self.kind is Kind.EXPLAIN else None)
        self._title.setText(title)
        for text, line in zip(self._lines, [*lines, "", "", "", ""], strict=False):
            text.setText(line)
            text.setVisible(bool(line))
        self._code.setText(_("Error code {code}", code=problem.code) if problem else "")
        self._code.setVisible(problem is not None)
        busy, done = self._entry.doing is not None, self._entry.removed is not None
        self._yes.setVisible(self.kind in (Kind.REMOVE, Kind.KEY) and not done)
        self._yes.set_busy(busy)
        self.keep.setVisible(not (busy and self.kind is Kind.REMOVE))
        self.field.set_label(_("Activation key from {vendor}", vendor=self._entry.connection.vendor), hint="")
        self.field.retranslate()
        match self.kind:
            case Kind.REMOVE:
                self._yes.setText(_("Remove the connection"))
                self.keep.setText(_("Close") if done else _("Keep it"))
            case Kind.KEY:
                self._yes.setText(_("Save the key"))
                self.keep.setText(_("Cancel"))
            case _:
                self.keep.setText(_("Close"))
        self.setAccessibleName(title)
        self.resized.emit()

    def _words(self) -> tuple[str, list[str]]:
        """The heading and the lines under it."""
        connection, removed = self._entry.connection, self._entry.removed
        company, integration = connection.company_name, connection.integration_name
        if self._failed is not None:
            told = words(self._failed, facts=_facts(self._entry))
            return told.title, [told.cause, *told.remedy]
        if removed is not None:
            lines = [removed.revocation.words, removed.left_at_fortnox]
            if removed.problem is not None:
                lines.insert(1, f"{words(removed.problem).title} ({removed.problem.code}).")
            return _("{company} is no longer connected here", company=company), lines
        match self.kind:
            case Kind.REMOVE:
                return _("Remove the connection to {company}?", company=company), [
                    _(
                        "{integration} can then no longer work in {company} from this computer. What it has done in"
                        " Fortnox stays as it is.",
                        integration=integration,
                        company=company,
                    ),
                    _(
                        "Remove {integration} in Fortnox as well: in {company}, under Manage integrations (Hantera"
                        " integrationer).",
                        integration=integration,
                        company=company,
                    ),
                ]
            case Kind.KEY:
                return _("A new activation key for {integration}", integration=integration), [
                    _("It is used for every company that {integration} is connected to here.", integration=integration),
                ]
            case Kind.NEEDS_FILE:
                return _("Connecting again takes the file from {vendor}", vendor=connection.vendor), [
                    _(
                        "Open this program with the integration file for {integration}. Then connect {company} again in"
                        " this list.",
                        integration=integration,
                        company=company,
                    ),
                ]
            case Kind.EXPLAIN:
                problem = self._entry.problem
                if problem is None:
                    return self._entry.state, []
                told = words(problem, facts=_facts(self._entry))
                who = solved_by(problem.problem.who, vendor=connection.vendor)
                return told.title, [told.cause, " ".join(told.remedy), _("Who can solve it: {who}.", who=who)]

    def _agree(self) -> None:
        if self._yes.busy or self._entry.removed is not None:
            return
        if self.kind is Kind.KEY:
            typed = self.field.text()
            if not typed or not typed.isascii() or not typed.isprintable():
                vendor = self._entry.connection.vendor
                self.field.set_error(_("Paste the activation key you got from {vendor}.", vendor=vendor))
                self.resized.emit()
                return
            self.agreed.emit(Secret(typed))
        else:
            self.agreed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not (self.kind is Kind.REMOVE and self._yes.busy):
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        current = theme()
        edge = current.colour("edge")
        paint_area(
            QPainter(self), self, fill=current.colour("surface"), edge=edge, border=current.border, radius=RADIUS_CARD
        )


def _facts(entry: Entry) -> dict[str, str]:
    """What the texts of a problem may name, where the problem itself was not told."""
    connection = entry.connection
    return {
        "company": connection.company_name,
        "integration": connection.integration_name,
        "vendor": connection.vendor,
    }
