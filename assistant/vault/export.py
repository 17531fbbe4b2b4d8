"""What is not secret in a vault, as JSON in a file of the owner's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from assistant.vault.backup import refuse_the_vault_itself
from assistant.vault.connection import Connection
from assistant.vault.own_file import own_file
from assistant.vault.rows import ClientSecretRow
from assistant.vault.vault_file import UnreadableRow, VaultFile, VaultView

EXPORT_SCHEMA: Final = 1
"""Version of the JSON shape; it changes only when a field changes its meaning or goes. New fields may come.

    {"format": "setup-assistant export", "schema": 1, "exported_at": "...", "connections": [{...}, ...],
     "client_secrets": [{...}, ...], "unreadable": [{...}, ...]}

`connections`, the oldest first: `id`; `account`, "service" or "user"; `tenant_id`, digits as text; `company_name`,
`organisation_number`, `town`; `person_id`, `person_name`, null where they were not read; `integration`, `vendor`,
`client_id`; `endpoints`, an object of `authorize`, `token`, `revoke`, `migrate`, `api` and the boolean `pkce`; `relay`,
null or an object of `token` and `revoke`; `redirect_uri`; `scopes_asked`, `scopes_granted`; `start_page`;
`connected_at`; `valid_until`, null for a service account; `last_checked`, null before the first check; `problem` and
`problem_at`, null unless a person has to do something.

`client_secrets`: which integrations have one stored: `client_id`, `authorize_host`, `written_at`; never the secret.
`unreadable`: rows that are damaged, with what of them can be read: `key`, `name`, `number`.
Moments are ISO 8601 in UTC with their offset.
"""

FORMAT: Final = "setup-assistant export"


def export(
    file: VaultFile, target: Path, *, replace: bool = False, clock: Callable[[], datetime] | None = None
) -> tuple[int, int] | None:
    """Writes the export. Needs no key and asks no keychain.

    Returns:
        How many connections were written, and how many rows could not be read; None when there is no vault, and then
        no file is made.

    Raises:
        ProblemError: COPY-01, there is such a file already and `replace` is not given; COPY-02, it cannot be written
            there; STORE-07 to STORE-09, STORE-14, the vault cannot be read.
    """
    refuse_the_vault_itself(file, target)
    with file.viewing() as view:
        if view is None:
            return None
        content = _content(view, (clock or _now)())
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    with own_file(target, replace=replace) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
    return len(content["connections"]), len(content["unreadable"])


def _content(view: VaultView, at: datetime) -> dict[str, Any]:
    connections = list(view.every_connection())
    client_secrets = list(view.every_client_secret())
    return {
        "format": FORMAT,
        "schema": EXPORT_SCHEMA,
        "exported_at": _moment(at),
        "connections": [_connection(row.connection) for row in connections if not isinstance(row, UnreadableRow)],
        "client_secrets": [_client_secret(row) for row in client_secrets if not isinstance(row, UnreadableRow)],
        "unreadable": [
            {"key": row.key, "name": row.name, "number": row.number}
            for row in (*connections, *client_secrets)
            if isinstance(row, UnreadableRow)
        ],
    }


def _connection(connection: Connection) -> dict[str, Any]:
    # Named one by one: what a connection may hold one day is not exported before somebody has thought about it.
    endpoints, relay = connection.endpoints, connection.relay
    return {
        "id": connection.id,
        "account": connection.account.value,
        "tenant_id": connection.tenant_id,
        "company_name": connection.company_name,
        "organisation_number": connection.organisation_number,
        "town": connection.town,
        "person_id": connection.person_id,
        "person_name": connection.person_name,
        "integration": connection.integration_name,
        "vendor": connection.vendor,
        "client_id": connection.client_id,
        "endpoints": {
            "authorize": endpoints.authorize,
            "token": endpoints.token,
            "revoke": endpoints.revoke,
            "migrate": endpoints.migrate,
            "api": endpoints.api,
            "pkce": endpoints.pkce,
        },
        "relay": None if relay is None else {"token": relay.token, "revoke": relay.revoke},
        "redirect_uri": connection.redirect_uri,
        "scopes_asked": list(connection.scopes_asked),
        "scopes_granted": list(connection.scopes_granted),
        "start_page": connection.start_page,
        "connected_at": _moment(connection.connected_at),
        "valid_until": _moment(connection.valid_until),
        "last_checked": _moment(connection.last_checked),
        "problem": connection.problem,
        "problem_at": _moment(connection.problem_at),
    }


def _client_secret(row: ClientSecretRow) -> dict[str, Any]:
    return {
        "client_id": row.client_id,
        "authorize_host": row.authorize_host,
        "written_at": _moment(row.written_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _now() -> datetime:
    return datetime.now(UTC)
