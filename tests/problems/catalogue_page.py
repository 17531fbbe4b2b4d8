"""The page of the catalogue in the docs: every problem with its texts and the tests that make it happen.

python -m tests.problems.catalogue_page > docs/problems.md
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from assistant.command.problems import in_general
from assistant.language import current, use
from assistant.problems import CATALOGUE, Problem
from assistant.problems.words import solved_by
from tests import provoking

_FAMILIES = {
    "START": "Starting",
    "FILE": "The integration file",
    "NET": "The network",
    "WEB": "The browser inside the window",
    "OWN": "The person's own browser",
    "AUTH": "Signing in and approving",
    "TOKEN": "Tokens",
    "CHECK": "Checking the connection",
    "CONN": "Connections that are there",
    "STORE": "Storing the credentials",
    "COPY": "Backups and exports",
    "KEEP": "Keeping connections alive",
    "OPEN": "The start page",
}
_SYSTEMS = {"windows": "Windows", "macos": "macOS", "linux": "Linux"}
_HEAD = """\
# Problems

Everything that can stop a connection, with what the window says and what an agent should say. What only the moment
knows stands in ‹angle quotes›. `setup-assistant problems` prints the same in any language of the program.

Below each problem stand the tests that make it happen at its source. This page is written by
`python -m tests.problems.catalogue_page`; a test fails when it is not up to date, or when a problem has no such test.
"""


def text(provoked: Mapping[str, list[str]]) -> str:
    """The whole page. `provoked` has the tests of each code."""
    before = current().code
    use("en")
    try:
        parts = [_HEAD]
        for family, entries in groupby(CATALOGUE.values(), key=lambda entry: entry.code.partition("-")[0]):
            parts.append(f"\n## {_FAMILIES[family]}\n")
            parts += [_entry(entry, provoked.get(entry.code, [])) for entry in entries]
        return "".join(parts)
    finally:
        use(before)


def _entry(entry: Problem, tests: list[str]) -> str:
    told = in_general(entry)
    remedy = [f"{number}. {line}" for number, line in enumerate(told.remedy, 1)]
    who = f"Can be solved by {solved_by(entry.who)}. "
    again = "Trying again can help." if entry.retry_helps else "Trying again does not help."
    only = f" Only on {_SYSTEMS[entry.system]}." if entry.system else ""
    lines = [
        f"\n### {entry.code}: {told.title}\n",
        told.cause,
        "",
        *remedy,
        "",
        who + again + only,
        "",
        f"Agent: {told.agent}",
        "",
        "Made to happen by:",
        "",
        *(f"- `{test}`" for test in tests),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Prints the page."""
    print(text(provoking.provocations()), end="")


if __name__ == "__main__":
    main()
