"""Page 2, Account: on whose behalf the integration works."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from assistant.fortnox.account import AccountKind
from assistant.journey import Existing, Step, events
from assistant.language import _
from assistant.window.banner import Banner, Tone
from assistant.window.cards import Choice, ChoiceCards
from assistant.window.folded import FoldedRow
from assistant.window.footer import ButtonRow
from assistant.window.pages.handover import HandOver
from assistant.window.pages.page import Page, buttons


class AccountPage(Page):
    """Two cards, the consequence of each in one sentence."""

    steps = (Step.ACCOUNT,)

    def __init__(self) -> None:
        super().__init__()
        self._already = Banner(tone=Tone.INFO)
        self._cards: ChoiceCards | None = None
        self._hand_over = HandOver()
        self._unsure = FoldedRow()
        self._unsure.add(self._hand_over)
        for widget in (self._already, self._unsure):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def _chosen(self, key: str) -> None:
        if self.state is not None and key != self.state.account.value:
            self.happened.emit(events.AccountChosen(account=AccountKind(key)))

    def retranslate(self) -> None:
        assert self.state is not None
        integration = self.state.integration
        self.set_heading(
            _("On whose behalf should {integration} work in Fortnox?", integration=integration.name),
            _("You can choose differently later by connecting again."),
        )
        choices = [
            _card(kind, integration.name, kind is integration.recommended_account) for kind in integration.accounts
        ]
        if self._cards is None:
            self._cards = ChoiceCards(choices, name=_("Account type"))
            self._cards.chosen.connect(self._chosen)
            self.column.insertWidget(self.column.indexOf(self._unsure), self._cards)
        else:
            self._cards.set_choices(choices, name=_("Account type"))
        self._cards.choose(self.state.account.value)
        self._tell_already([each for each in self.state.existing if each.account is AccountKind.SERVICE])
        self._unsure.setText(_("I don't know whether I'm a system administrator"))
        self._hand_over.show_integration(integration)

    def _tell_already(self, services: list[Existing]) -> None:
        assert self.state is not None
        self._already.setVisible(bool(services))
        if not services:
            return
        integration = self.state.integration.name
        if len(services) == 1:
            said = _(
                "{company} already has a service account for {integration}.",
                company=services[0].company_name,
                integration=integration,
            )
        else:
            said = _("Some companies already have a service account for {integration}.", integration=integration)
        rule = _("A company can have only one. Connecting that company again replaces it.")
        self._already.show_message(f"{said} {rule}")

    def footer(self) -> ButtonRow:
        return buttons(main=_("Continue"), back=True, leave=_("Cancel"))

    def first_focus(self) -> QWidget | None:
        return next((card for card in self._cards.cards if card.isChecked()), None) if self._cards else None


def _card(kind: AccountKind, integration: str, recommended: bool) -> Choice:
    tag = _("Recommended") if recommended else ""
    if kind is AccountKind.SERVICE:
        return Choice(
            key=kind.value,
            title=_("On behalf of the company"),
            kind=_("service account"),
            consequence=_("The connection goes on working even if you leave or change duties."),
            lines=(
                (_("Needs"), _("a system administrator's approval")),
                (_("Lasts"), _("until the company removes it")),
            ),
            tag=tag,
            icon="server-cog",
        )
    return Choice(
        key=kind.value,
        title=_("In your name"),
        kind=_("user account"),
        consequence=_(
            "{integration} may do what you yourself may do in Fortnox, and stops if your user is removed.",
            integration=integration,
        ),
        lines=(
            (_("Needs"), _("that you hold the licences")),
            (_("Lasts"), _("as long as it is used at least every 45 days")),
        ),
        tag=tag,
        icon="user-round",
    )
