"""Page 6, Done: connected, what happens next, and a confirmation to keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from assistant.fortnox.account import AccountKind
from assistant.journey import Journey, Step, events
from assistant.language import _, current
from assistant.problems.words import words
from assistant.window.banner import Banner, Tone
from assistant.window.buttons import LinkButton
from assistant.window.folded import FoldedRow
from assistant.window.footer import ButtonRow
from assistant.window.icons import Icon
from assistant.window.pages.confirm import left_behind_words
from assistant.window.pages.page import Page, buttons
from assistant.window.speech import locale_of
from assistant.window.summary import SummaryList
from assistant.window.text import Body
from assistant.window.tokens import ICON_HERO, SPACE_4


class DonePage(Page):
    """The relief."""

    steps = (Step.DONE,)
    enter_presses_main = False

    def __init__(self) -> None:
        super().__init__()
        self.support_code = ""
        self.practice = False
        self.now: Callable[[], datetime] = lambda: datetime.now().astimezone()
        self._done_at: datetime | None = None
        self._next = Body()
        self._not_opened = Banner(tone=Tone.WARNING)
        self._not_opened.pressed.connect(self._copy_address)
        self._facts = SummaryList()
        self._find_again = Body()
        self._left_behind = Banner(tone=Tone.WARNING)
        self._kept = Body(colour="muted")
        self._saved = Banner(tone=Tone.OK)
        self._saved.hide()
        self._another, self._print, self._connections = LinkButton(), LinkButton(), LinkButton()
        self._remove_text = Body()
        self._remove = FoldedRow()
        self._remove.add(self._remove_text)
        self._another.clicked.connect(lambda: self.happened.emit(events.AnotherAsked()))
        self._print.clicked.connect(self._print_confirmation)
        self._connections.clicked.connect(self.home_wanted)
        top = QHBoxLayout()
        top.setSpacing(SPACE_4)
        texts = QVBoxLayout()
        self.column.removeWidget(self.heading)
        self.column.removeWidget(self.lead)
        for text in (self.heading, self.lead):
            texts.addWidget(text)
        top.addWidget(Icon("circle-check", role="ok", size=ICON_HERO))
        top.addLayout(texts, 1)
        self.column.addLayout(top)
        for widget in (
            self._not_opened,
            self._left_behind,
            self._next,
            self._facts,
            self._saved,
            self._find_again,
            self._kept,
        ):
            self.column.addWidget(widget)
        links = QHBoxLayout()
        links.setSpacing(SPACE_4)
        for link in (self._another, self._print, self._connections):
            links.addWidget(link)
        links.addStretch(1)
        self.column.addLayout(links)
        self.column.addWidget(self._remove)
        self.column.addStretch(1)
        self._dialog: QFileDialog | None = None

    def show_state(self, state: Journey) -> None:
        if self.state is None or self.state.connection_id != state.connection_id:
            self._done_at = self.now()
            self._saved.hide()
        super().show_state(state)

    def retranslate(self) -> None:
        assert self.state is not None
        state, integration = self.state, self.state.integration
        company = state.company.name if state.company else ""
        self.set_heading(
            _("{company} is connected to {integration}", company=company, integration=integration.name),
            _("You can now open {integration} and carry on there.", integration=integration.name),
        )
        said = current().pick(integration.next_steps)
        self._next.setText(said)
        self._next.setVisible(bool(said))
        self._facts.set_rows(self._rows(state))
        self._find_again.setText(self._where(state))
        self._another.setText(_("Connect another company"))
        self._print.setText(_("Print the confirmation"))
        self._connections.setText(_("Show the connections"))
        self._connections.setVisible(not self.from_home)  # there the quiet button leads to them
        self._remove.setText(_("How to remove the connection"))
        self._remove_text.setText(
            _(
                "Remove it among the connections in this program, and in Fortnox as well, under Manage integrations"
                " (Hantera integrationer). There {integration} loses its access.",
                integration=integration.name,
            )
        )
        self._tell_not_opened(state)
        self._left_behind.setVisible(state.left_behind is not None)
        self._left_behind.show_message(left_behind_words(state))
        self._kept.setVisible(state.kept is not None)
        self._kept.setText(_("The old connections are kept in the file {file}.", file=state.kept or ""))

    def _rows(self, state: Journey) -> list[tuple[str, str]]:
        rows = [(_("Account type"), state.account.words)]
        if state.person is not None and state.person.name:
            rows.append((_("Approved by"), state.person.name))
        if self._done_at is not None:
            rows.append((_("Connected"), self._moment(self._done_at)))
        if state.account is AccountKind.USER:
            rows.append((_("Lasts"), _("as long as it is used at least every 45 days")))
        rows.append((_("Support code"), self.support_code))
        return rows

    @staticmethod
    def _moment(moment: datetime) -> str:
        """Date and time as the chosen language writes them."""
        shown = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
        return str(locale_of(current().code).toString(shown, QLocale.FormatType.ShortFormat))

    @staticmethod
    def _where(state: Journey) -> str:
        """My integrations lists what the signed-in user has connected; for a service account that is not certain."""
        if state.account is AccountKind.SERVICE:
            return _(
                "Later you may find {integration} in Fortnox under My integrations (Mina integrationer).",
                integration=state.integration.name,
            )
        return _(
            "Later you find {integration} in Fortnox under My integrations (Mina integrationer).",
            integration=state.integration.name,
        )

    def _tell_not_opened(self, state: Journey) -> None:
        self._not_opened.setVisible(state.problem is not None)
        if state.problem is not None:
            told = words(state.problem, integration=state.integration)
            self._not_opened.show_message(
                f"{told.remedy[0]} {state.integration.start_page}", title=told.title, button=_("Copy the address")
            )

    def _copy_address(self) -> None:
        if self.state is not None:
            QGuiApplication.clipboard().setText(self.state.integration.start_page)

    def press_main(self) -> None:
        self.happened.emit(events.StartPageAsked())

    def press_other(self) -> None:
        self._ask_where_to_save()

    def _ask_where_to_save(self) -> None:
        """A file dialog that is opened and not waited for: a nested event loop could stop other work for ever."""
        assert self.state is not None
        name = self.state.company.name if self.state.company else self.state.integration.name
        safe = "".join(letter for letter in name if letter.isalnum() or letter in " -_").strip() or "Fortnox"
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._dialog = QFileDialog(self, _("Save the confirmation"), f"{documents}/{safe}.html", "HTML (*.html)")
        self._dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._dialog.setDefaultSuffix("html")
        self._dialog.fileSelected.connect(lambda chosen: self.save_confirmation(Path(chosen)))
        self._dialog.open()

    def save_confirmation(self, path: Path) -> None:
        """Writes the confirmation; says on the page how it went."""
        try:
            path.write_text(self.confirmation(), encoding="utf-8")
        except OSError:
            self._saved.show_message(
                _("The confirmation could not be saved there. Choose another folder."), tone=Tone.WARNING
            )
        else:
            self._saved.show_message(_("The confirmation is saved as {file}.", file=path.name), tone=Tone.OK)
        self._saved.show()

    def confirmation(self) -> str:
        """The confirmation as an HTML page without anything secret."""
        from html import escape

        assert self.state is not None
        state, integration = self.state, self.state.integration
        practice = _("Practice – nothing here reaches the real Fortnox") if self.practice else ""
        rows = []
        if state.company is not None:
            rows = [
                (_("Company"), state.company.name),
                (_("Organisation number"), state.company.organisation_number),
                (_("Fortnox company id"), state.company.tenant_id),
            ]
        rows += [(_("Integration"), f"{integration.name} ({integration.vendor})"), *self._rows(state)]
        from assistant.fortnox.scopes import scope

        if state.connection_id:
            rows.append((_("Permissions"), ", ".join(_(scope(name).label) for name in state.granted)))
        lines = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows if value)
        return (
            f'<!doctype html><html lang="{current().code}"><meta charset="utf-8"><title>{escape(self.heading.text())}'
            "</title><style>body{font:15px sans-serif;margin:3em}th{text-align:left;padding:.3em 2em .3em 0}</style>"
            f"<p><b>{escape(practice)}</b></p><h1>{escape(self.heading.text())}</h1><table>{lines}</table>"
            f"<p>{escape(self._find_again.text())}</p><p>{escape(self._remove_text.text())}</p></html>"
        )

    def _print_confirmation(self) -> None:
        from PySide6.QtGui import QTextDocument
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        document = QTextDocument(self)
        document.setHtml(self.confirmation())
        dialog.accepted.connect(lambda: document.print_(printer))
        QDialog.open(dialog)

    @property
    def connections_link(self) -> LinkButton:
        """Leads to the list that the new connection stands in."""
        return self._connections

    def footer(self) -> ButtonRow:
        assert self.state is not None
        return buttons(
            main=_("Open {integration}", integration=self.state.integration.name),
            other=_("Save the confirmation"),
            leave=_("Show the connections") if self.from_home else _("Close"),
        )

    def first_focus(self) -> QWidget | None:
        return self.heading
