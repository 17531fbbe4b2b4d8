"""`setup-assistant remove`: removes one connection from this computer."""

from __future__ import annotations

import asyncio
import sys
from typing import Final

from assistant.command.asking import at_a_terminal, needs_yes, says_yes
from assistant.command.output import company_line, print_json
from assistant.connections.ports import Ports
from assistant.connections.removal import Removed, remove
from assistant.language import _
from assistant.problems.words import words
from assistant.vault.connection import Connection

JSON_SCHEMA: Final = 1
"""Version of the JSON shape; it changes only when a field changes its meaning or goes."""

FIELDS: Final = {
    "schema": "1",
    "connection": "the id the connection had",
    "account": "`service` or `user`",
    "tenant_id": "the company, digits as text",
    "company_name": "the company",
    "revocation": "what became of the stored access: `revoked`, `nothing` (there was none) or `failed`",
    "problem": "the code of why it could not be withdrawn; null unless that failed",
    "last_of_integration": "true where no connection of its integration is left; its activation key is gone then too",
    "left_at_fortnox": "a sentence: what to remove in Fortnox itself",
}


def remove_connection(ports: Ports, chosen: Connection, *, yes: bool, as_json: bool) -> int:
    """Asks, removes `chosen`, and says what became of it. 1 after a no.

    Raises:
        ProblemError: as `assistant.connections.removal.remove`.
    """
    if not yes:
        if not at_a_terminal():
            return needs_yes()
        print(company_line(chosen), file=sys.stderr)
        if not says_yes(_("Remove the connection of {integration} to {company}?", **_names(chosen))):
            print(_("Nothing was removed."), file=sys.stderr)
            return 1
    removed = asyncio.run(remove(ports, chosen.id))
    if as_json:
        print_json(JSON_SCHEMA, _fields(removed))
    else:
        _print(removed)
    return 0


def _names(connection: Connection) -> dict[str, object]:
    return {"integration": connection.integration_name, "company": connection.company_name}


def _print(removed: Removed) -> None:
    print(_("The connection of {integration} to {company} is removed.", **_names(removed.connection)))
    print(removed.revocation.words)
    if removed.problem is not None:
        print(f"  {removed.problem.code}: {words(removed.problem).title}")
    if removed.last_of_integration and removed.connection.relay is None:
        print(_("It was the last one of {integration}: the activation key is gone too.", **_names(removed.connection)))
    print(removed.left_at_fortnox)


def _fields(removed: Removed) -> dict[str, object]:
    connection = removed.connection
    return {
        "connection": connection.id,
        "account": connection.account.value,
        "tenant_id": connection.tenant_id,
        "company_name": connection.company_name,
        "revocation": removed.revocation.value,
        "problem": removed.problem.code if removed.problem else None,
        "last_of_integration": removed.last_of_integration,
        "left_at_fortnox": removed.left_at_fortnox,
    }
