"""`setup-assistant migrate`: takes over a connection of Fortnox's retired scheme."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from assistant.command.asking import at_a_terminal, needs_yes, nothing_came, read_secret, says_yes
from assistant.command.output import company_line, moment, print_json
from assistant.connections.health import forecast
from assistant.connections.migrating import Exchanged, exchange, give_up, store
from assistant.connections.ports import Ports
from assistant.integration import Integration, SecretSource, read_integration, take_client_secret
from assistant.language import _
from assistant.problems import ProblemError, stop
from assistant.resources import own_integration_file
from assistant.secret import Secret
from assistant.vault.connection import Connection
from assistant.vault.to_its_end import to_its_end

JSON_SCHEMA: Final = 1
"""Version of the JSON shape; it changes only when a field changes its meaning or goes."""

FIELDS: Final = {
    "schema": "1",
    "connection": "the id of the connection",
    "account": "`user`",
    "tenant_id": "the company, digits as text",
    "company_name": "the company",
    "organisation_number": "of the company, as Fortnox writes it",
    "scopes": "what was granted",
    "valid_until": "when it ends unless it is used before",
    "replaced": "true where it took the place of a connection of the same person and company",
}


def migrate_connection(
    ports: Ports, *, integration_file: Path | None, test_server: bool, yes: bool, as_json: bool
) -> int:
    """Exchanges the legacy token from standard input, asks about the company by name, and stores the connection.

    1 after a no: the old token is used up all the same, and what came for it is handed back.

    Raises:
        ProblemError: as `assistant.connections.migrating.exchange` and `store`; FILE-01 without an integration file.
    """
    path = integration_file or own_integration_file()
    if path is None:
        raise stop("FILE-01")
    integration = read_integration(path, test_server=test_server)
    if integration.client_secret.source is SecretSource.RELAY:
        raise stop("TOKEN-15", integration=integration.name, vendor=integration.vendor)
    if not yes and not at_a_terminal():
        return needs_yes()
    client_secret = _client_secret(ports, integration)
    if client_secret is None:
        return nothing_came(_("the activation key"))
    if not yes:
        print(_("The old token can be exchanged once. It is used up then, whatever you answer next."), file=sys.stderr)
    legacy_token = read_secret(_("the old access token"))
    if legacy_token is None:
        return nothing_came(_("the old access token"))
    return _migrate(ports, integration, client_secret, legacy_token, yes=yes, as_json=as_json)


def _migrate(
    ports: Ports, integration: Integration, client_secret: Secret, legacy_token: Secret, *, yes: bool, as_json: bool
) -> int:
    coming = to_its_end(lambda: asyncio.run(exchange(ports, integration, client_secret, legacy_token)))
    try:
        exchanged = coming.result()
        names = {"company": exchanged.company.name, "number": exchanged.company.organisation_number or "–"}
        wanted = yes or says_yes(_("Connect {company} ({number})?", **names))
    except KeyboardInterrupt:
        with suppress(ProblemError):  # refused: there is nothing to hand back
            _hand_back(ports, coming.result())
        raise
    if not wanted:
        _hand_back(ports, exchanged)
        return 1
    stored = to_its_end(lambda: asyncio.run(store(ports, exchanged))).result()
    if as_json:
        print_json(JSON_SCHEMA, _fields(stored, replaced=exchanged.replacing is not None))
        return 0
    print(company_line(stored))
    print("  " + _("Connected, {forecast}.", forecast=forecast(stored, now=ports.clock()).words))
    return 0


def _hand_back(ports: Ports, exchanged: Exchanged) -> None:
    """Gives up what came, and says so."""
    back = asyncio.run(give_up(ports, exchanged))
    with suppress(OSError):  # a terminal that was closed
        print(_("Nothing was connected, and the old token is used up."), file=sys.stderr)
        if not back:
            print(_("The new access could not be handed back. Nobody has it, and it ends by itself."), file=sys.stderr)


def _client_secret(ports: Ports, integration: Integration) -> Secret | None:
    """From where the file says it is, else as it is stored, else from whoever sits at the terminal."""
    given = take_client_secret(integration, os.environ)
    if given is None:
        ports.vault.unlock()
        given = ports.vault.client_secret(integration.endpoints.authorize_host, integration.client_id)
    if given is None and at_a_terminal():
        given = read_secret(_("the activation key"))
    return given


def _fields(stored: Connection, *, replaced: bool) -> dict[str, object]:
    return {
        "connection": stored.id,
        "account": stored.account.value,
        "tenant_id": stored.tenant_id,
        "company_name": stored.company_name,
        "organisation_number": stored.organisation_number,
        "scopes": list(stored.scopes_granted),
        "valid_until": moment(stored.valid_until),
        "replaced": replaced,
    }
