"""`setup-assistant remove`: removes one connection from this computer."""

from __future__ import annotations

import sys
from typing import Final

from assistant.command.asking import at_a_terminal, needs_yes, says_yes
from assistant.command.output import company_line, print_json
from assistant.command.stopping import run
from assistant.connections.ports import Ports
from assistant.connections.removal import Removed, remove
from assistant.language import _
from assistant.problems import stop
from assistant.problems.words import words
from assistant.vault.connection import Connection
from assistant.vault.rows import DamagedRow

JSON_SCHEMA: Final = 1
"""Version of the JSON shape; it changes only when a field changes its meaning or goes."""

FIELDS: Final = {
    "schema": "1",
    "connection": "the id the connection had",
    "account": "`service` or `user`; null where what is stored was damaged",
    "tenant_id": "the company, digits as text; null where it was damaged",
    "company_name": "the company, as far as it could be read",
    "revocation": "what became of the stored access: `revoked`, `nothing` (there was none) or `failed`",
    "problem": "the code of why it could not be withdrawn; null unless that failed",
    "last_of_integration": "true where no connection of its integration is left; its activation key is gone then too",
    "left_at_fortnox": "a sentence: what to remove in Fortnox itself",
}


def remove_connection(ports: Ports, chosen: Connection | DamagedRow, *, yes: bool, as_json: bool) -> int:
    """Asks, removes `chosen`, and says what became of it. 1 after a no.

    Raises:
        ProblemError: as `assistant.connections.removal.remove`.
    """
    if chosen.id is None:
        raise stop("STORE-16")
    if not yes:
        if not at_a_terminal():
            return needs_yes()
        if not says_yes(_question(chosen)):
            print(_("Nothing was removed."), file=sys.stderr)
            return 1
    removed = run(remove(ports, chosen.id))
    name = chosen.company_name
    if as_json:
        print_json(JSON_SCHEMA, _fields(removed, chosen.id, name))
    else:
        _print(removed, name)
    return 0


def _question(chosen: Connection | DamagedRow) -> str:
    if isinstance(chosen, DamagedRow):
        name = chosen.company_name or chosen.id
        return _("Remove the damaged connection to {company}?", company=name)
    print(company_line(chosen), file=sys.stderr)
    return _("Remove the connection of {integration} to {company}?", **_names(chosen))


def _names(connection: Connection) -> dict[str, object]:
    return {"integration": connection.integration_name, "company": connection.company_name}


def _print(removed: Removed, name: str) -> None:
    connection = removed.connection
    if connection is None:
        print(_("The damaged connection to {company} is removed.", company=name or "–"))
    else:
        print(_("The connection of {integration} to {company} is removed.", **_names(connection)))
    print(removed.revocation.words)
    if removed.problem is not None:
        print(f"  {removed.problem.code}: {words(removed.problem).title}")
    if removed.last_of_integration and connection is not None and connection.relay is None:
        print(_("It was the last one of {integration}: the activation key is gone too.", **_names(connection)))
    print(removed.left_at_fortnox)


def _fields(removed: Removed, connection_id: str, name: str) -> dict[str, object]:
    connection = removed.connection
    return {
        "connection": connection_id,
        "account": connection.account.value if connection else None,
        "tenant_id": connection.tenant_id if connection else None,
        "company_name": name,
        "revocation": removed.revocation.value,
        "problem": removed.problem.code if removed.problem else None,
        "last_of_integration": removed.last_of_integration,
        "left_at_fortnox": removed.left_at_fortnox,
    }
