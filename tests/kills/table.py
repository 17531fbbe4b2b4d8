"""The outcomes of many kills as a table."""

from __future__ import annotations

from collections.abc import Iterable

from tests.kills.trial import POINTS, RANDOM, Outcome

_WHERE = {
    "asked": "before anything",
    "locked": "the lock is held",
    "begun": "written down that it begins",
    "arrived": "Fortnox has the request, and has not looked at it",
    "used up": "Fortnox has replaced the refresh token",
    "answered": "the answer is here",
    "saving": "before it is saved",
    "written": "written, not committed",
    "committed": "committed, not read back",
    "saved": "read back",
    RANDOM: "any moment",
}


def table(outcomes: Iterable[Outcome]) -> str:
    """Kills, tokens and unknown outcomes for each point, in Markdown."""
    told = list(outcomes)
    lines = [
        "| Killed at | | Kills | Ended before the kill | Answer lost | A token next | Unknown, and said | Wrong |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for point in (*POINTS, RANDOM, ""):
        here = [each for each in told if point in ("", each.point)]
        if not here:
            continue
        counts = (
            sum(each.killed for each in here),
            sum(not each.killed for each in here),
            sum(each.used_up for each in here),
            sum(each.then == "token" for each in here),
            sum(each.then.endswith("unknown") for each in here),
            sum(not each.right for each in here),
        )
        name, where = (point, _WHERE[point]) if point else ("all", "")
        lines.append(f"| {name} | {where} | " + " | ".join(map(str, counts)) + " |")
    return "\n".join(lines)
