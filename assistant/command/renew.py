"""`setup-assistant renew`: renews one connection now."""

from __future__ import annotations

from typing import Final

from assistant.command.output import company_line, moment, print_json
from assistant.command.stopping import run
from assistant.connections.health import forecast
from assistant.connections.ports import Ports
from assistant.connections.renewing import renew
from assistant.language import _
from assistant.vault.connection import Connection

JSON_SCHEMA: Final = 1
"""Version of the JSON shape; it changes only when a field changes its meaning or goes."""

FIELDS: Final = {
    "schema": "1",
    "connection": "the id of the connection",
    "account": "`service` or `user`",
    "tenant_id": "the company, digits as text",
    "company_name": "the company",
    "expires_at": "when the new access token ends; null where Fortnox did not say",
    "valid_until": "when a user account ends unless it is used before; null for a service account",
}


def renew_connection(ports: Ports, chosen: Connection, *, as_json: bool) -> int:
    """Renews `chosen` and says until when it is valid now.

    Raises:
        ProblemError: as `assistant.connections.renewing.renew`.
    """
    renewed = run(renew(ports, chosen.id))
    after = renewed.connection
    if as_json:
        fields: dict[str, object] = {
            "connection": after.id,
            "account": after.account.value,
            "tenant_id": after.tenant_id,
            "company_name": after.company_name,
            "expires_at": moment(renewed.access_expires_at),
            "valid_until": moment(after.valid_until),
        }
        print_json(JSON_SCHEMA, fields)
        return 0
    print(company_line(after))
    print("  " + _("Renewed, {forecast}.", forecast=forecast(after, now=ports.clock()).words))
    return 0
