"""`setup-assistant problems`: what can go wrong, for whoever answers the telephone."""

from __future__ import annotations

import json
import re
import sys
from difflib import get_close_matches

from assistant.language import N_, _, current
from assistant.problems import CATALOGUE, Problem, occurrence
from assistant.problems.words import Words, solved_by, words

JSON_SCHEMA = 1
"""Version of the JSON shape; it changes only when a field changes its meaning or goes.

    {"schema": 1, "language": "sv", "problems": [{...}, ...]}

One object a problem: `code`; `title`, `cause`, `remedy` (a list) and `agent` in that language, what only the moment
knows in angle quotes; `who`, one of "you", "administrator", "it", "vendor", "fortnox"; `retry_helps`; `ways`, what the
page offers; `tone`, one of "info", "warning", "danger"; `system`, "windows", "macos" or "linux" where only that has it,
else null.
"""

_NEAR = 5
_MOMENT = {
    "integration": N_("integration"),
    "vendor": N_("vendor"),
    "phone": N_("telephone number"),
    "company": N_("company"),
    "host": N_("server"),
    "issuer": N_("issuer"),
    "licences": N_("licences"),
    "permission": N_("permission"),
    "right": N_("the right one"),
    "wrong": N_("the wrong one"),
    "shown": N_("the time it shows"),
    "wait": N_("time"),
    "hosts": N_("servers"),
    "scheme": N_("kind of link"),
    "system": N_("the operating system"),
    "file": N_("file"),
    "source": N_("place"),
    "where": N_("place"),
    "what": N_("reason"),
    "count": N_("number"),
    "port": N_("port"),
    "proxy": N_("proxy"),
    "address": N_("address"),
}
_SYSTEMS = {"windows": "Windows", "macos": "macOS", "linux": "Linux"}


def print_problems(asked: str | None, *, as_json: bool) -> int:
    """Prints every problem, or `asked` in full. 0, or 1 where there is no such code."""
    entries = list(CATALOGUE.values())
    if asked is not None:
        code = _tidy(asked)
        if code not in CATALOGUE:
            print(_("There is no problem {code}.", code=asked), file=sys.stderr)
            if near := _near(code):
                print(_("The nearest are: {codes}", codes=", ".join(near)), file=sys.stderr)
            return 1
        entries = [CATALOGUE[code]]
    if as_json:
        fields = [_fields(entry) for entry in entries]
        print(json.dumps({"schema": JSON_SCHEMA, "language": current().code, "problems": fields}, indent=2))
    elif asked is not None:
        _print_whole(entries[0])
    else:
        for entry in entries:
            print(f"{entry.code:<9} {in_general(entry).title}")
    return 0


def in_general(entry: Problem) -> Words:
    """`entry` in the current language, with the name of each fact where it happened to nobody yet."""
    return words(occurrence(entry.code), facts={name: f"‹{_(label)}›" for name, label in _MOMENT.items()})


def _print_whole(entry: Problem) -> None:
    told = in_general(entry)
    print(f"{entry.code}  {told.title}")
    if entry.system:
        print(_("Only on {system}", system=_SYSTEMS[entry.system]))
    print(f"\n{told.cause}\n")
    print(_("What to do") + ":")
    for number, line in enumerate(told.remedy, 1):
        print(f"  {number}. {line}" if len(told.remedy) > 1 else f"  {line}")
    print("\n" + _("Can be solved by: {who}", who=solved_by(entry.who)))
    print(_("Trying again can help.") if entry.retry_helps else _("Trying again does not help."))
    print("\n" + _("For the agent") + f":\n  {told.agent}")


def _fields(entry: Problem) -> dict[str, object]:
    told = in_general(entry)
    return {
        "code": entry.code,
        "title": told.title,
        "cause": told.cause,
        "remedy": list(told.remedy),
        "agent": told.agent,
        "who": entry.who.value,
        "retry_helps": entry.retry_helps,
        "ways": [way.value for way in entry.ways],
        "tone": entry.tone.value,
        "system": entry.system,
    }


def _tidy(asked: str) -> str:
    """A code as somebody types what was read aloud: "auth 7" is AUTH-07."""
    found = re.fullmatch(r"\s*([A-Za-z]+)[\s_–-]*([0-9]{1,2})\s*", asked)
    return f"{found[1].upper()}-{int(found[2]):02}" if found else asked.strip().upper()


def _near(code: str) -> list[str]:
    family, number = code.partition("-")[::2]
    same = [known for known in CATALOGUE if known.startswith(f"{family}-")]
    if same and number.isdecimal():
        same.sort(key=lambda known: (abs(int(known[-2:]) - int(number)), known))
        return sorted(same[:_NEAR])
    return sorted(get_close_matches(code, CATALOGUE, n=_NEAR, cutoff=0.5))
