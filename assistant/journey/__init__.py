"""The set-up journey as a state machine: no Qt, no I/O, no clock and no randomness of its own.

    state, wishes = begin(integration)
    state, wishes = step(state, event)

`step` is total: an event that does not fit the state changes nothing. What should now be done comes back as values
(`wishes`), which `assistant.effects` carries out and answers with further events. The table of `rules` is the
specification; `table()` lists it.
"""

from __future__ import annotations

from assistant.journey import events, wishes
from assistant.journey.events import Event
from assistant.journey.rules import begin, step, table
from assistant.journey.state import Check, Existing, Held, Journey, Notice, Step
from assistant.journey.wishes import Wish

__all__ = [
    "Check",
    "Event",
    "Existing",
    "Held",
    "Journey",
    "Notice",
    "Step",
    "Wish",
    "begin",
    "events",
    "step",
    "table",
    "wishes",
]
