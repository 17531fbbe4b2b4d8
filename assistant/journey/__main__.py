"""Writes the table of the journey as Markdown: `python -m assistant.journey > docs/journey.md`."""

from __future__ import annotations

import sys

from assistant.journey.rules import table
from assistant.journey.state import Step

_PAGES = tuple(step.value for step in Step if step not in (Step.CLOSING, Step.CLOSED))

_HEAD = """\
# The journey

What each event does in each state. An event that is not listed for a state changes nothing there. This page is
written by `python -m assistant.journey`, from the rules themselves; a test sees that it is up to date.

| State | Event | What happens |
|---|---|---|
"""


def markdown() -> str:
    """The page: one row for each rule, in the order of the journey, with the states it holds in."""
    rules: dict[tuple[str, str], list[str]] = {}
    for state, event, what in table():
        rules.setdefault((event, what), []).append(state)
    rows = (f"| {_states(states)} | `{event}` | {what} |\n" for (event, what), states in rules.items())
    return _HEAD + "".join(rows)


def _states(states: list[str]) -> str:
    if tuple(states) == _PAGES:
        return "every page"
    left_out = [page for page in _PAGES if page not in states]
    if len(states) > len(left_out) > 0 and set(states) < set(_PAGES):
        return "every page but " + ", ".join(left_out)
    return ", ".join(states)


if __name__ == "__main__":
    sys.stdout.write(markdown())
