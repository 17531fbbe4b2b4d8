"""`setup-assistant list`: the connections on this computer."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from assistant.integration import own_app_id, read_integration
from assistant.language import _, plural
from assistant.problems import stop
from assistant.vault.connection import Connection
from assistant.vault.keychain import Keychain
from assistant.vault.places import vault_places
from assistant.vault.store import Vault

JSON_SCHEMA = 1
"""Version of the JSON shape; it changes only when a field changes its meaning or goes.

    {"schema": 1, "connections": [{...}, ...]}

One object a connection, the oldest first: `id`; `account`, "service" or "user"; `tenant_id`, digits as text;
`company_name`; `organisation_number`; `integration`; `vendor`; `client_id`; `authorize_host`; `scopes`, those granted;
`connected_at`; `valid_until`, null for a service account; `last_checked`, null before the first check. Moments are
ISO 8601 with an offset, to the second.
"""


def list_connections(*, integration_file: Path | None, practice: bool, test_server: bool, as_json: bool) -> int:
    """Prints the connections; asks no keychain and makes no file.

    `test_server`: the integration file may name another server than Fortnox.

    Raises:
        ProblemError: the vault, one of its connections or the integration file cannot be read.
    """
    integration = read_integration(integration_file, test_server=test_server) if integration_file else None
    places = vault_places(own_app_id(), practice=practice)
    vault = Vault(places.vault_file, Keychain(places.keychain_service))
    listing = vault.listing()
    if listing.damaged:
        raise stop("STORE-06", {"damaged rows": len(listing.damaged)})
    if integration is None:
        connections = listing.connections
    else:
        connections = vault.find(
            client_id=integration.client_id,
            authorize_host=None if practice else integration.endpoints.authorize_host,
        )
    if as_json:
        print(json.dumps({"schema": JSON_SCHEMA, "connections": [_fields(each) for each in connections]}, indent=2))
        return 0
    if not connections:
        print(_("No company is connected on this computer."))
        return 0
    print(plural("{count} company is connected:", "{count} companies are connected:", len(connections)))
    for each in connections:
        print(f"  {each.company_name}  {each.organisation_number}  {each.account.words}")
        print("    " + _("{integration}, connected {date}", integration=each.integration_name, date=_day(each)))
    return 0


def _day(connection: Connection) -> str:
    return connection.connected_at.astimezone().date().isoformat()


def _fields(connection: Connection) -> dict[str, object]:
    return {
        "id": connection.id,
        "account": connection.account.value,
        "tenant_id": connection.tenant_id,
        "company_name": connection.company_name,
        "organisation_number": connection.organisation_number,
        "integration": connection.integration_name,
        "vendor": connection.vendor,
        "client_id": connection.client_id,
        "authorize_host": connection.endpoints.authorize_host,
        "scopes": list(connection.scopes_granted),
        "connected_at": _moment(connection.connected_at),
        "valid_until": _moment(connection.valid_until),
        "last_checked": _moment(connection.last_checked),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
