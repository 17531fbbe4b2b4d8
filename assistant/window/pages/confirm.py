"""Page 5, Confirm: is this the right company? Nothing is saved before the yes."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from assistant.fortnox.company import Company
from assistant.fortnox.scopes import scope
from assistant.journey import Existing, Journey, Step, events
from assistant.language import _, plural
from assistant.problems.words import words
from assistant.window.banner import Banner, Tone
from assistant.window.folded import FoldedRow
from assistant.window.footer import ButtonRow
from assistant.window.pages.page import Page, buttons
from assistant.window.summary import SummaryList
from assistant.window.surface import Card
from assistant.window.text import Body, Fact
from assistant.window.tokens import SPACE_1
from assistant.window.waiting import Waiting, WaitingWords

LONGEST_NAME = 30
"""Characters of a company's name on a button; longer ones are cut in the middle there, nowhere else."""


def cut_in_the_middle(text: str, length: int = LONGEST_NAME) -> str:
    """`text` in at most `length` characters, with an ellipsis where its middle was."""
    if len(text) <= length:
        return text
    kept = length - 1
    return f"{text[: (kept + 1) // 2].rstrip()}…{text[-(kept // 2) :].lstrip()}"


def left_behind_words(state: Journey) -> str:
    """What to do about an access that could not be handed back; empty where there is none."""
    if state.left_behind is None:
        return ""
    told = words(state.left_behind, integration=state.integration)
    return _(
        "{what} (error code {code}). {remedy}",
        what=told.title,
        code=state.left_behind.code,
        remedy=" ".join(told.remedy),
    )


class ConfirmPage(Page):
    """The company as one would recognise it, and two buttons of equal size."""

    steps = (Step.CONFIRM, Step.SAVING)
    enter_presses_main = False

    def __init__(self) -> None:
        super().__init__()
        self._card = Card()
        self._name, self._under, self._summary = Fact(), Body(colour="muted"), SummaryList()
        for fact in (self._name, self._under, self._summary):
            self._card.add(fact)
        self._same_number, self._missing, self._replaces = (
            Banner(tone=Tone.INFO),
            Banner(tone=Tone.WARNING),
            Banner(tone=Tone.INFO),
        )
        self._left_behind = Banner(tone=Tone.WARNING)
        self._choice = _ReplaceOrAdd()
        self._permissions_text = Body()
        self._permissions = FoldedRow()
        self._permissions.add(self._permissions_text)
        self._nothing_saved, self.waiting = Body(), Waiting()
        for widget in (
            self._card,
            self._same_number,
            self._missing,
            self._replaces,
            self._left_behind,
            self._choice,
            self._permissions,
            self._nothing_saved,
            self.waiting,
        ):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def show_state(self, state: Journey) -> None:
        if self.state is None or self.state.choices != state.choices:
            self._choice.offer(state.choices)
        super().show_state(state)

    def retranslate(self) -> None:
        assert self.state is not None
        state, company = self.state, self.state.company
        if company is None:
            return
        self.set_heading(_("Is this the right company?"))
        self._name.setText(company.name)
        self._under.setText(", ".join(part for part in (company.organisation_number, company.town) if part))
        self._summary.set_rows(self._facts(state))
        saving = state.step is Step.SAVING
        self.waiting.setVisible(saving)
        self.waiting.set_words(
            WaitingWords(
                slow=_("The password store is slow to answer. Its box may be behind this window."),
                way_out=_("You can go on waiting, or press Cancel. What is not saved by then is forgotten."),
            )
        )
        self._nothing_saved.setVisible(not saving)
        self._nothing_saved.setText(
            _(
                "Nothing is saved yet. If you stop here, {integration} may still stand in that company's Fortnox, under"
                " Manage integrations (Hantera integrationer).",
                integration=state.integration.name,
            )
        )
        self._tell_same_number(company)
        self._tell_missing(state)
        self._tell_replaced(state)
        self._left_behind.setVisible(state.left_behind is not None)
        self._left_behind.show_message(left_behind_words(state))
        self._choice.setVisible(bool(state.choices))
        self._choice.retranslate()
        granted = state.held.scopes if state.held else ()
        self._permissions.setText(plural("Show {count} permission", "Show the {count} permissions", len(granted)))
        self._permissions_text.setText("\n".join(_(scope(name).label) for name in granted))

    def _facts(self, state: Journey) -> list[tuple[str, str]]:
        facts = [(_("Account type"), state.account.words)]
        if state.person is not None and state.person.name:
            facts.append((_("Approved by"), state.person.name))
        if state.held is not None:
            count = len(state.held.scopes)
            facts.append((_("Permissions"), plural("{count} permission", "{count} permissions", count)))
        if state.company is not None:
            facts.append((_("Fortnox company id"), state.company.tenant_id))
        return facts

    def _tell_same_number(self, company: Company) -> None:
        """A test copy has its original's organisation number: say both names."""
        assert self.state is not None
        twins = [
            each
            for each in self.state.existing
            if each.organisation_number == company.organisation_number and each.tenant_id != company.tenant_id
        ]
        self._same_number.setVisible(bool(company.organisation_number and twins))
        if twins:
            self._same_number.show_message(
                _(
                    "{other} has the same organisation number and is connected already. {company} is another company"
                    " in Fortnox, perhaps a test copy.",
                    other=twins[0].company_name,
                    company=company.name,
                )
            )

    def _tell_missing(self, state: Journey) -> None:
        self._missing.setVisible(bool(state.missing_scopes))
        if state.missing_scopes:
            names = ", ".join(_(scope(name).label) for name in state.missing_scopes)
            self._missing.show_message(
                _(
                    "Fortnox did not give these permissions: {names}. What {integration} does with them will not work.",
                    names=names,
                    integration=state.integration.name,
                )
            )

    def _tell_replaced(self, state: Journey) -> None:
        self._replaces.setVisible(state.replaced is not None)
        if state.replaced is None:
            return
        company = state.replaced.company_name
        if state.reconnecting is None:
            text = _("{company} is connected already. Saying yes replaces that connection.", company=company)
        else:
            text = _(
                "You are connecting {company} again. Saying yes replaces exactly that connection.", company=company
            )
        granted = state.held.scopes if state.held else ()
        new = [_(scope(name).label) for name in state.new_scopes if name in granted]
        if new:
            gained = _("New permissions: {names}.", names=", ".join(new))
            text = f"{text} {gained}"
        self._replaces.show_message(text)

    def press_main(self) -> None:
        if self.state is None or self.state.step is not Step.CONFIRM:
            return
        if self.state.choices and not self._choice.answered:
            self._choice.ask()
            return
        self.happened.emit(events.Confirmed(replacing=self._choice.replacing, add=self._choice.adds))

    def press_other(self) -> None:
        self.happened.emit(events.Refused())

    def footer(self) -> ButtonRow:
        assert self.state is not None
        name = self.state.company.name if self.state.company else ""
        saving = self.state.step is Step.SAVING
        return buttons(
            main=_("Saving") if saving else _("Yes, connect {company}", company=cut_in_the_middle(name)),
            main_full=_("Yes, connect {company}", company=name),
            busy=saving,
            other="" if saving else _("No, wrong company"),
            leave=_("Cancel"),
        )

    def first_focus(self) -> QWidget | None:
        return self.heading


class _ReplaceOrAdd(QWidget):
    """Asked where a user account's person is not known and there are user connections to the same company."""

    def __init__(self) -> None:
        super().__init__()
        self._question, self._error = Body(), Banner(tone=Tone.WARNING)
        self._error.hide()
        self._group = QButtonGroup(self)
        self._buttons: list[tuple[QRadioButton, Existing | None]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_1)
        self._column.addWidget(self._question)
        self._column.addWidget(self._error)

    def offer(self, choices: tuple[Existing, ...]) -> None:
        """One answer for each of `choices`, and one for adding."""
        for button, _choice in self._buttons:
            self._group.removeButton(button)
            button.deleteLater()
        self._buttons = []
        for choice in (*choices, None) if choices else ():
            button = QRadioButton()
            self._group.addButton(button)
            self._column.addWidget(button)
            self._buttons.append((button, choice))
        self._error.hide()
        self.retranslate()

    def retranslate(self) -> None:
        """Says it in the current language."""
        self._question.setText(_("This company has a user connection already. Replace it, or add yours beside it?"))
        for button, choice in self._buttons:
            if choice is None:
                button.setText(_("Add mine beside it"))
            elif choice.person_name:
                button.setText(_("Replace the connection of {person}", person=choice.person_name))
            else:
                button.setText(_("Replace the connection to {company}", company=choice.company_name))

    @property
    def _chosen(self) -> tuple[QRadioButton, Existing | None] | None:
        return next(((button, choice) for button, choice in self._buttons if button.isChecked()), None)

    @property
    def answered(self) -> bool:
        return self._chosen is not None

    @property
    def replacing(self) -> str | None:
        chosen = self._chosen
        return chosen[1].id if chosen and chosen[1] else None

    @property
    def adds(self) -> bool:
        chosen = self._chosen
        return chosen is not None and chosen[1] is None

    def ask(self) -> None:
        """Points out that an answer is missing."""
        self._error.show_message(_("Choose one of these first."))
        self._error.show()
        if self._buttons:
            self._buttons[0][0].setFocus()
