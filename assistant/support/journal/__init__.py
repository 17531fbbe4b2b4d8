"""The journal: what happened in each of the last attempts, as typed events of allowed fields only.

    journal = Journal(journal_folder(places.state_file), support_code)
    journal.note(Page(step=Step.SIGN_IN))       one line, at once; never raises
    journal.wish_failed                         for `effects.Ports.journal`
    journal.end(Outcome.CONNECTED)
    unfinished(folder, besides=journal)         the attempt before, if it was cut off
    guard_logging(journal.note)                 ordinary logging goes through the same gate

`fields` holds every kind of value there is; none is free text. What may not be written cannot be said.
"""

from __future__ import annotations

from assistant.support.journal.events import Outcome
from assistant.support.journal.logs import guard_exceptions, guard_logging, qt_said
from assistant.support.journal.reading import Attempt, attempts, unfinished
from assistant.support.journal.writing import Journal, journal_folder

__all__ = [
    "Attempt",
    "Journal",
    "Outcome",
    "attempts",
    "guard_exceptions",
    "guard_logging",
    "journal_folder",
    "qt_said",
    "unfinished",
]
