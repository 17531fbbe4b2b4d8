"""Page 4b, Checking: four lines turning to ticks. It moves on by itself."""

from __future__ import annotations

from assistant.journey import Check, Step, events
from assistant.language import N_, _
from assistant.window.footer import ButtonRow
from assistant.window.pages.page import Page, buttons
from assistant.window.rows import CheckRow, CheckState
from assistant.window.waiting import Waiting, WaitingWords

_NAMES = {
    Check.ANSWER: N_("Fortnox has answered"),
    Check.COMPANY: N_("Getting the company"),
    Check.ACCOUNT: N_("Checking the account"),
    Check.PERMISSIONS: N_("Comparing the permissions"),
}


class CheckingPage(Page):
    steps = (Step.CHECKING,)

    def __init__(self) -> None:
        super().__init__()
        self._rows = {check: CheckRow() for check in _NAMES}
        for row in self._rows.values():
            self.column.addWidget(row)
        self.waiting = Waiting()
        self.waiting.given_up.connect(lambda: self.happened.emit(events.StartOver()))
        self.column.addWidget(self.waiting)
        self.column.addStretch(1)

    def retranslate(self) -> None:
        assert self.state is not None
        self.set_heading(
            _("Getting your company from Fortnox"), _("It takes a few seconds, and the page moves on by itself.")
        )
        self.waiting.set_words(
            WaitingWords(
                slow=_("Fortnox is slow to answer. The program goes on waiting, and nothing is lost."),
                way_out=_("You need not wait longer. What still arrives is not kept."),
                button=_("Sign in again"),
            )
        )
        working = True
        for check, row in self._rows.items():
            row.set_name(_(_NAMES[check]))
            if check in self.state.checks:
                row.set_state(CheckState.OK, word=_("Done"))
            else:
                row.set_state(
                    CheckState.WORKING if working else CheckState.WAITING, word=_("Under way") if working else ""
                )
                working = False

    def footer(self) -> ButtonRow:
        return buttons(leave=_("Cancel"))
