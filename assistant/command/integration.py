"""`setup-assistant integration check | sheet`: the vendor's side, gone through before the first customer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from assistant.integration import Integration, read_integration
from assistant.integration import check_integration as find_mistakes
from assistant.integration.portal import Certainty, Verdict, check, sheet
from assistant.language import _, current, plural
from assistant.problems import stop
from assistant.resources import integration_file_of

JSON_SCHEMA: Final = 1
"""Version of the JSON shapes; it changes only when a field changes its meaning or goes.

    {"schema": 1, "language": "sv", "integration": "...", "points": [{...}, ...], "mistakes": []}

`integration check`: one object a point: `key`; `title` and `text` in that language; `verdict`, one of "right",
"compare", "consider". With mistakes in the file `integration` is null, there are no points, and each mistake has
`where` and `text`.

    {"schema": 1, "language": "sv", "integration": "...", "fields": [{...}, ...]}

`integration sheet`: one object a field: `key`; `label` and `note` in that language; `values`, a list; `certainty`,
"documented" or "reported".
"""


def check_integration(file: Path | None, *, test_server: bool, practice: bool, as_json: bool) -> int:
    """Prints every mistake in the file, or, where there is none, what to see to. 1 with mistakes, else 0.

    Raises:
        ProblemError: FILE-01, no file was named.
    """
    found = _file(file, practice=practice)
    mistakes = [
        {"where": each.where(), "text": each.text()}
        for each in find_mistakes(found, test_server=test_server or practice)
    ]
    if mistakes:
        if as_json:
            _print_json(JSON_SCHEMA, None, points=[], mistakes=mistakes)
        else:
            print(plural("{count} mistake in the file:", "{count} mistakes in the file:", len(mistakes)))
            for each in mistakes:
                print(f"  {each['where']}: {each['text']}")
        return 1
    integration = read_integration(found, test_server=test_server or practice)
    points = check(integration)
    if as_json:
        told = [
            {"key": each.key, "title": each.title, "verdict": each.verdict.value, "text": each.text} for each in points
        ]
        _print_json(JSON_SCHEMA, integration, points=told, mistakes=[])
        return 0
    print(_("The file of {integration} can be used. The rest is on Fortnox's side:", integration=integration.name))
    for verdict in (Verdict.COMPARE, Verdict.CONSIDER, Verdict.RIGHT):
        here = [each for each in points if each.verdict is verdict]
        if here:
            print(f"\n{verdict.words}")
        for point in here:
            print(f"  {point.title}: {point.text}")
    return 0


def print_sheet(file: Path | None, *, test_server: bool, practice: bool, as_json: bool) -> int:
    """Prints what to enter in the developer portal.

    Raises:
        ProblemError: FILE-01 to FILE-11, the file cannot be used as it is.
    """
    integration = read_integration(_file(file, practice=practice), test_server=test_server or practice)
    fields = sheet(integration)
    if as_json:
        told = [
            {
                "key": each.key,
                "label": each.label,
                "values": list(each.values),
                "note": each.note,
                "certainty": each.certainty.value,
            }
            for each in fields
        ]
        _print_json(JSON_SCHEMA, integration, fields=told)
        return 0
    print(_("For the developer portal at Fortnox (Utvecklarportalen): {integration}", integration=integration.name))
    for field in fields:
        print(f"\n{field.label}")
        for value in field.values:
            print(f"    {value}")
        print(f"  {field.note}")
        if field.certainty is not Certainty.DOCUMENTED:
            print(f"  ({field.certainty.words})")
    return 0


def _file(given: Path | None, *, practice: bool) -> Path:
    found = integration_file_of(given, practice=practice)
    if found is None:
        raise stop("FILE-01")
    return found


def _print_json(schema: int, integration: Integration | None, **told: list[dict[str, Any]]) -> None:
    name = integration.name if integration else None
    print(json.dumps({"schema": schema, "language": current().code, "integration": name, **told}, indent=2))
