"""Writes the list of situations as Markdown: `python -m assistant.practice > docs/practice.md`."""

from __future__ import annotations

import sys

from assistant.language import Language, language
from assistant.practice.scenarios import EVERYWHERE, PLACES, SCENARIOS, TROUBLES, Scenario
from assistant.practice.switches import QUESTIONS, Stage

_HEAD = """\
# Practice

The Fortnox to practise on can do what the real one does, what it may do, and what goes wrong on the way there. Each
situation has a name. Several are combined by naming several; two that contradict each other are refused.

    setup-assistant --practice --scenario licence-missing --scenario state-omitted
    setup-assistant practice-server --scenario bankid-code
    setup-assistant practice-server --list-scenarios

The control page sets them while practice runs. In a test: `PracticeServer(scenarios=["licence-missing"])`.

How sure anybody outside Fortnox can be stands in the third column, and where it was read in the fourth. *Ends in* is
the code of the problem that the program shows; where it is empty, a connection is made all the same.

This page is written by `python -m assistant.practice`, from the situations themselves; a test sees that it is up to
date.
"""


def markdown() -> str:
    """The page: situations by stage, then the troubles of the network with their places, then the switches."""
    tongue = language("en")
    parts = [_HEAD]
    for stage in Stage:
        found = [each for each in SCENARIOS.values() if each.stage is stage]
        if stage is Stage.NETWORK:
            parts.append(f"\n## {stage.value}\n{_network(tongue)}")
        elif found:
            rows = "".join(_row(each, tongue) for each in found)
            parts.append(f"\n## {stage.value}\n\n{_TABLE}{rows}")
    parts.append(f"\n## Switches\n{_switches()}")
    return "".join(parts)


_TABLE = "| Name | What practice does | How sure | Read at | Ends in |\n|---|---|---|---|---|\n"


def _said(scenario: Scenario, tongue: Language) -> str:
    return f"{scenario.heading(tongue)}. {scenario.about(tongue)}".strip()


def _row(scenario: Scenario, tongue: Language) -> str:
    said = _said(scenario, tongue)
    notes = [*scenario.outcomes, *["the browser waits"] * scenario.waits]
    notes += ["user account alone"] * scenario.user_account + ["beside making a connection"] * scenario.beside_journey
    ends = ", ".join(notes)
    return f"| `{scenario.name}` | {said} | {scenario.mark.value} | {scenario.source} | {ends} |\n"


def _network(tongue: Language) -> str:
    everywhere = "".join(f"- `{each.name}`: {_said(each, tongue)}\n" for each in EVERYWHERE)
    head = (
        "\nA situation is a place and a trouble joined by a hyphen, such as `exchange-cut-midway`.\n"
        f"These are met everywhere:\n\n{everywhere}\n"
        "| Trouble | What becomes of the answer | " + " | ".join(f"`{place}`" for place in PLACES) + " |\n"
        "|---|---|" + "---|" * len(PLACES) + "\n"
    )
    rows = ""
    for name, trouble in TROUBLES.items():
        cells = " | ".join(_cell(SCENARIOS[f"{place}-{name}"]) for place in PLACES)
        rows += f"| `{name}` | {trouble.value} | {cells} |\n"
    return head + rows


def _cell(scenario: Scenario) -> str:
    return ", ".join(scenario.outcomes) or ("waits" if scenario.waits else "goes on")


def _switches() -> str:
    rows = "".join(
        f"| `{question.name}` | {question.text} | {'; '.join(f'{option.value}' for option in question.options)} "
        f"| {question.mark.value} |\n"
        for question in QUESTIONS
        if question.stage is not Stage.NETWORK
    )
    return f"\n| Switch | Question | Answers, the likeliest first | How sure the first is |\n|---|---|---|---|\n{rows}"


if __name__ == "__main__":
    sys.stdout.write(markdown())
