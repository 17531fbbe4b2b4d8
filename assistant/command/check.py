"""`setup-assistant check`: uses connections to see whether they work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from assistant.command.output import company_line, moment, print_json
from assistant.command.stopping import run
from assistant.connections.checking import Check, check_all
from assistant.connections.health import Health, health
from assistant.connections.ports import Ports
from assistant.language import _
from assistant.problems import Occurrence, stop
from assistant.problems.words import words
from assistant.vault.connection import Connection
from assistant.vault.rows import KeepAliveRun

JSON_SCHEMA: Final = 1
"""Version of the JSON shape; it changes only when a field changes its meaning or goes."""

FIELDS: Final = {
    "schema": "1",
    "works": "how many of the checked connections work",
    "connections": "one object for each, in the order they were first connected",
}
CONNECTION_FIELDS: Final = {
    "id": "the connection",
    "account": "`service` or `user`",
    "tenant_id": "the company, digits as text",
    "company_name": "as it was when it was connected",
    "works": "true where nothing was found wrong",
    "health": "`damaged`, `connect-again`, `problem`, `ends-soon`, `approve-again`, `unchecked` or `works`",
    "problem": "the code of what was found wrong; null where nothing was",
    "title": "that problem in the chosen language; null where there is none",
    "checked_at": "when the check ended",
    "valid_until": "when a user account ends unless it is used before; null for a service account",
    "renewed_by_itself": "whether keep-alive has lately renewed user accounts here",
    "scopes": "one object for each permission that was granted, in that order",
}
SCOPE_FIELDS: Final = {
    "name": "as Fortnox spells it",
    "state": "`answers`, `not-checked`, `permission`, `licence`, `refused` or `unclear`",
    "problem": "the code of what its read ended in; null where it answered or was not asked",
}


def check_connections(ports: Ports, chosen: Iterable[Connection], *, as_json: bool) -> int:
    """Checks `chosen` and prints what was found. 0 when all of them work, else 1.

    Raises:
        ProblemError: what stops every connection alike, such as a locked keychain; STORE-16, all of them were removed
            meanwhile.
    """
    order = [each.id for each in chosen]
    if not order and not as_json:
        print(_("No company is connected on this computer."))
        return 0
    keep_alive = ports.vault.keep_alive()
    found: dict[str, dict[str, object]] = {}

    def told(connection_id: str, result: Check | None) -> None:
        if result is None:
            return  # removed meanwhile
        if not as_json:
            _print(result, _health(ports, result, keep_alive))
        found[connection_id] = (
            _fields(result, _health(ports, result, keep_alive)) if as_json else {"works": result.works}
        )

    run(check_all(ports, order, told))
    if order and not found:
        raise stop("STORE-16")
    works = sum(each["works"] is True for each in found.values())
    if as_json:
        print_json(JSON_SCHEMA, {"works": works, "connections": [found[each] for each in order if each in found]})
    return 0 if works == len(found) else 1


def _health(ports: Ports, result: Check, keep_alive: KeepAliveRun | None) -> Health:
    return health(result.connection, now=ports.clock(), keep_alive=keep_alive)


def _print(result: Check, found: Health) -> None:
    print(company_line(result.connection))
    if result.problem is None:
        print("  " + _("Works, {forecast}.", forecast=found.forecast.words))
    else:
        for line in _problem_lines(result.problem):
            print("  " + line)
    for scope in result.scopes:
        print(f"  {scope.name:<20} {scope.state.words}")


def _problem_lines(problem: Occurrence) -> list[str]:
    told = words(problem)
    return [f"{problem.code}: {told.title}. {told.cause}", *(f"  {line}" for line in told.remedy)]


def _fields(result: Check, found: Health) -> dict[str, object]:
    connection = result.connection
    return {
        "id": connection.id,
        "account": connection.account.value,
        "tenant_id": connection.tenant_id,
        "company_name": connection.company_name,
        "works": result.works,
        "health": found.state.value,
        "problem": result.problem.code if result.problem else None,
        "title": words(result.problem).title if result.problem else None,
        "checked_at": moment(result.checked_at),
        "valid_until": moment(found.forecast.until),
        "renewed_by_itself": found.forecast.renewed_by_itself,
        "scopes": [
            {
                "name": scope.name,
                "state": scope.state.value,
                "problem": scope.problem.code if scope.problem else None,
            }
            for scope in result.scopes
        ],
    }
