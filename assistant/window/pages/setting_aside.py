"""The question before old connections are set aside: what it means, and a button of its own to say yes."""

from __future__ import annotations

from PySide6.QtCore import Qt

from assistant.language import _, plural
from assistant.window.accessibility import announce
from assistant.window.banner import Banner, Tone

_NAMED = 5
"""How many companies are named; of hundreds the number says more."""


class SettingAside(Banner):
    """Hidden until it is asked; `pressed` means yes. Whoever does not want it does anything else."""

    def __init__(self) -> None:
        super().__init__(tone=Tone.WARNING)
        self.hide()

    def show_companies(self, companies: tuple[str, ...]) -> None:
        """Says it in the current language, for the companies that are connected as far as that could be read."""
        parts = [
            _companies(companies),
            _("Approving again in Fortnox does no harm."),
            _("The file is kept under another name beside the old one, so that it can be brought back."),
        ]
        self.show_message(" ".join(parts), title=_("Set the old connections aside?"), button=_("Yes, set them aside"))

    def ask(self) -> None:
        """Shows the question where the person pressed, and reads it to who cannot see it."""
        self.show()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.accessibleName())


def _companies(companies: tuple[str, ...]) -> str:
    if not companies:
        return _("Every company that is connected on this computer has to be connected again.")
    named, more = ", ".join(companies[:_NAMED]), len(companies) - _NAMED
    if more <= 0:
        return _("These have to be connected again: {companies}.", companies=named)
    return plural(
        "These have to be connected again: {companies}, and {count} more company.",
        "These have to be connected again: {companies}, and {count} more companies.",
        more,
        companies=named,
    )
