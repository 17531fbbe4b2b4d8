"""Page 3, Permissions: what the integration may do, in plain words, with the licence each needs."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.fortnox.account import AccountKind
from assistant.fortnox.scopes import Scope, licence_words, scope
from assistant.journey import Journey, Step, events
from assistant.language import _, current
from assistant.secret import Secret
from assistant.window.banner import Banner, Tone
from assistant.window.field import TextField
from assistant.window.folded import FoldedRow
from assistant.window.footer import ButtonRow
from assistant.window.pages.page import Page, buttons
from assistant.window.rows import PermissionRow
from assistant.window.text import Body, SectionTitle
from assistant.window.tokens import SPACE_1

GROUPS_FROM = 9
"""Permissions are grouped when there are more than eight of them."""


class PermissionsPage(Page):
    """The list, advice for two situations, and the activation key where the integration asks for one."""

    steps = (Step.PERMISSIONS,)

    def __init__(self) -> None:
        super().__init__()
        self._again = Banner(tone=Tone.INFO)
        self._only_kind = Body()
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE_1)
        self._no_licence = Body(colour="muted")
        self._key = TextField(secret=True, paste=True)
        self._agency_text, self._screen_text = Body(), Body()
        self._agency = FoldedRow()
        self._agency.add(self._agency_text)
        self._screen = FoldedRow()
        self._screen.add(self._screen_text)
        self.column.addWidget(self._again)
        self.column.addWidget(self._only_kind)
        self.column.addLayout(self._list)
        for widget in (self._no_licence, self._key, self._agency, self._screen):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._key.changed.connect(self._key_edited)
        self._shown: tuple[str, ...] = ()
        self._rows: dict[str, PermissionRow] = {}
        self._titles: list[tuple[SectionTitle, Scope]] = []

    def show_state(self, state: Journey) -> None:
        if self._shown != state.scopes:
            self._lay_out(state.scopes)
        if state.client_secret is None and self._key.text():
            self._forget_key()
        super().show_state(state)

    def _forget_key(self) -> None:
        """Empties the field: the key it shows as dots is no longer what would be used."""
        self._key.line.blockSignals(True)
        self._key.clear()
        self._key.line.blockSignals(False)

    def _lay_out(self, names: tuple[str, ...]) -> None:
        self._shown = names
        for old in (*self._rows.values(), *(title for title, _entry in self._titles)):
            self._list.removeWidget(old)
            old.deleteLater()
        self._rows, self._titles = {}, []
        entries = [scope(name) for name in names]
        grouped = len(entries) >= GROUPS_FROM
        if grouped:
            order = {group: number for number, group in enumerate(dict.fromkeys(entry.group for entry in entries))}
            entries.sort(key=lambda entry: order[entry.group])
        group = None
        for entry in entries:
            if grouped and entry.group is not group:
                group, title = entry.group, SectionTitle()
                self._titles.append((title, entry))
                self._list.addWidget(title)
            self._rows[entry.name] = PermissionRow()
            self._list.addWidget(self._rows[entry.name])

    def _key_edited(self) -> None:
        self.happened.emit(events.SecretEntered(client_secret=Secret(self._key.text())))

    def retranslate(self) -> None:
        assert self.state is not None
        integration = self.state.integration
        self.set_heading(
            _("What {integration} may do in Fortnox", integration=integration.name),
            _(
                "In Fortnox, reading and changing go together: a permission gives both. You approve all of it at once"
                " at Fortnox."
            ),
        )
        for title, entry in self._titles:
            title.setText(_(entry.group.value))
        for name, row in self._rows.items():
            entry = scope(name)
            row.set_texts(
                _(entry.label),
                description=_(entry.description, integration=integration.name, vendor=integration.vendor),
                extra=_(entry.caution) if entry.caution else "",
                why=current().pick(integration.why.get(name, {})),
                licence=_("Licence: {licence}", licence=licence_words(entry)) if entry.licences else "",
                new=_("New") if name in self.state.new_scopes else "",
            )
        self._tell_again()
        self._only_kind.setVisible(not self.state.asks_account)
        self._only_kind.setText(
            _("{integration} works on behalf of the company (service account).", integration=integration.name)
            if self.state.account is AccountKind.SERVICE
            else _("{integration} works in your name (user account).", integration=integration.name)
        )
        self._no_licence.setVisible(not integration.licences_needed)
        self._no_licence.setText(_("No particular licences are needed."))
        self._key.setVisible(integration.asks_for_secret)
        self._key.set_label(_("Activation key from {vendor}", vendor=integration.vendor))
        self._key.retranslate()
        self._agency.setText(_("I work at an accounting firm"))
        self._agency_text.setText(_("Sign in through ”Digital byrå”, then choose the client to connect."))
        self._screen.setText(_("Someone can see my screen"))
        self._screen_text.setText(
            _("Pause sharing while you type your password. Enter your BankID code in the app only.")
        )

    def _tell_again(self) -> None:
        """Which connection is replaced, said before anything is done."""
        assert self.state is not None
        again = self.state.reconnecting
        self._again.setVisible(again is not None)
        if again is None:
            return
        name = again.company_name
        text = _(
            "Exactly that connection is replaced, and no other. Choose {company} at Fortnox; until you have said yes,"
            " the old connection stays as it is.",
            company=name,
        )
        if self.state.new_scopes:
            new = ", ".join(_(scope(each).label) for each in self.state.new_scopes)
            gained = _("New since last time: {names}.", names=new)
            text = f"{text} {gained}"
        self._again.show_message(text, title=_("You are connecting {company} again", company=name))

    def press_back(self) -> None:
        """A connection that is made again has no page before this one but the list it was chosen in."""
        if self.from_home and self.state is not None and self.state.reconnecting is not None:
            self.home_wanted.emit()
        else:
            super().press_back()

    def press_main(self) -> None:
        assert self.state is not None
        if self.state.lacks_secret:
            self._key.set_error(
                _("Paste the activation key you got from {vendor}.", vendor=self.state.integration.vendor)
            )
            self._key.setFocus()
            return
        self._key.set_error("")
        super().press_main()

    def footer(self) -> ButtonRow:
        return buttons(main=_("Sign in to Fortnox"), back=True, leave=_("Cancel"))

    def first_focus(self) -> QWidget | None:
        if self.state is not None and self.state.lacks_secret:
            return self._key.line
        return None
