"""Connections as columns of the SQLite file, and back."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any, Final

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.problems import stop
from assistant.vault.connection import Connection, RelayAddresses
from assistant.vault.rows import ClientSecretRow, ConnectionRow

SCHEMA_VERSION: Final = 1
"""`PRAGMA user_version` of a file this program writes."""

SCHEMA: Final = (
    """
    CREATE TABLE connection (
        id TEXT PRIMARY KEY NOT NULL,
        account TEXT NOT NULL CHECK (account IN ('service', 'user')),
        authorize_host TEXT NOT NULL,
        client_id TEXT NOT NULL,
        tenant_id TEXT NOT NULL,
        person_id TEXT,
        person_name TEXT,
        company_name TEXT NOT NULL,
        organisation_number TEXT NOT NULL,
        town TEXT NOT NULL,
        integration_name TEXT NOT NULL,
        vendor TEXT NOT NULL,
        authorize_address TEXT NOT NULL,
        token_address TEXT NOT NULL,
        revoke_address TEXT NOT NULL,
        migrate_address TEXT NOT NULL,
        api_address TEXT NOT NULL,
        pkce INTEGER NOT NULL CHECK (pkce IN (0, 1)),
        relay_token_address TEXT,
        relay_revoke_address TEXT,
        redirect_uri TEXT NOT NULL,
        scopes_asked TEXT NOT NULL,
        scopes_granted TEXT NOT NULL,
        start_page TEXT NOT NULL,
        connected_at TEXT NOT NULL,
        valid_until TEXT,
        last_checked TEXT,
        written_at TEXT NOT NULL,
        version INTEGER NOT NULL,
        sealed BLOB NOT NULL
    )
    """,
    # A company has one service account per client id [DOC, service-accounts]; a person one user account.
    """
    CREATE UNIQUE INDEX one_service_account ON connection (authorize_host, client_id, tenant_id)
        WHERE account = 'service'
    """,
    """
    CREATE UNIQUE INDEX one_user_account ON connection (authorize_host, client_id, tenant_id, person_id)
        WHERE account = 'user' AND person_id IS NOT NULL
    """,
    """
    CREATE TABLE client_secret (
        authorize_host TEXT NOT NULL,
        client_id TEXT NOT NULL,
        written_at TEXT NOT NULL,
        version INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        PRIMARY KEY (authorize_host, client_id)
    )
    """,
    # One row. last_version never goes back, so that a removed row's seal fits no later row either.
    "CREATE TABLE vault (one INTEGER PRIMARY KEY CHECK (one = 1), last_version INTEGER NOT NULL, key_check BLOB)",
    "INSERT INTO vault (one, last_version, key_check) VALUES (1, 0, NULL)",
)


def connection_columns(row: ConnectionRow) -> dict[str, Any]:
    """The columns of one connection."""
    connection, endpoints, relay = row.connection, row.connection.endpoints, row.connection.relay
    return {
        "id": connection.id,
        "account": connection.account.value,
        "authorize_host": endpoints.authorize_host,
        "client_id": connection.client_id,
        "tenant_id": connection.tenant_id,
        "person_id": connection.person_id,
        "person_name": connection.person_name,
        "company_name": connection.company_name,
        "organisation_number": connection.organisation_number,
        "town": connection.town,
        "integration_name": connection.integration_name,
        "vendor": connection.vendor,
        "authorize_address": endpoints.authorize,
        "token_address": endpoints.token,
        "revoke_address": endpoints.revoke,
        "migrate_address": endpoints.migrate,
        "api_address": endpoints.api,
        "pkce": int(endpoints.pkce),
        "relay_token_address": relay.token if relay else None,
        "relay_revoke_address": relay.revoke if relay else None,
        "redirect_uri": connection.redirect_uri,
        "scopes_asked": json.dumps(connection.scopes_asked),
        "scopes_granted": json.dumps(connection.scopes_granted),
        "start_page": connection.start_page,
        "connected_at": _text(connection.connected_at),
        "valid_until": _text(connection.valid_until),
        "last_checked": _text(connection.last_checked),
        "written_at": _text(row.written_at),
        "version": row.version,
        "sealed": row.sealed,
    }


def connection_row(columns: sqlite3.Row) -> ConnectionRow:
    """One connection read from its columns.

    Raises:
        ProblemError: STORE-06, a column holds what this program never wrote; STORE-08, a column is not there.
    """
    try:
        relay_token, relay_revoke = columns["relay_token_address"], columns["relay_revoke_address"]
        connection = Connection(
            id=_string(columns["id"]),
            account=AccountKind(columns["account"]),
            tenant_id=_string(columns["tenant_id"]),
            person_id=_optional(columns["person_id"]),
            person_name=_optional(columns["person_name"]),
            company_name=_string(columns["company_name"]),
            organisation_number=_string(columns["organisation_number"]),
            town=_string(columns["town"]),
            integration_name=_string(columns["integration_name"]),
            vendor=_string(columns["vendor"]),
            client_id=_string(columns["client_id"]),
            endpoints=Endpoints(
                authorize=_string(columns["authorize_address"]),
                token=_string(columns["token_address"]),
                revoke=_string(columns["revoke_address"]),
                migrate=_string(columns["migrate_address"]),
                api=_string(columns["api_address"]),
                pkce=bool(columns["pkce"]),
            ),
            relay=None
            if relay_token is None and relay_revoke is None
            else RelayAddresses(token=_string(relay_token), revoke=_string(relay_revoke)),
            redirect_uri=_string(columns["redirect_uri"]),
            scopes_asked=_strings(columns["scopes_asked"]),
            scopes_granted=_strings(columns["scopes_granted"]),
            start_page=_string(columns["start_page"]),
            connected_at=_moment(columns["connected_at"]),
            valid_until=_optional_moment(columns["valid_until"]),
            last_checked=_optional_moment(columns["last_checked"]),
        )
        return ConnectionRow(
            connection=connection,
            version=_number(columns["version"]),
            sealed=_bytes(columns["sealed"]),
            written_at=_moment(columns["written_at"]),
        )
    except IndexError as failure:  # a column has another name: the file's own description of itself is damaged
        raise stop("STORE-08", details={"exception": type(failure).__name__}) from None
    except (ValueError, TypeError, OverflowError, RecursionError) as failure:
        raise stop("STORE-06", details={"row": "connection", "exception": type(failure).__name__}) from None


def client_secret_row(columns: sqlite3.Row) -> ClientSecretRow:
    """One client secret read from its columns.

    Raises:
        ProblemError: STORE-06, a column holds what this program never wrote; STORE-08, a column is not there.
    """
    try:
        return ClientSecretRow(
            authorize_host=_string(columns["authorize_host"]),
            client_id=_string(columns["client_id"]),
            version=_number(columns["version"]),
            sealed=_bytes(columns["sealed"]),
            written_at=_moment(columns["written_at"]),
        )
    except IndexError as failure:
        raise stop("STORE-08", details={"exception": type(failure).__name__}) from None
    except (ValueError, TypeError, OverflowError) as failure:
        raise stop("STORE-06", details={"row": "client secret", "exception": type(failure).__name__}) from None


def client_secret_columns(row: ClientSecretRow) -> dict[str, Any]:
    """The columns of one client secret."""
    return {
        "authorize_host": row.authorize_host,
        "client_id": row.client_id,
        "written_at": _text(row.written_at),
        "version": row.version,
        "sealed": row.sealed,
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_string(value))
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment


def _optional_moment(value: object) -> datetime | None:
    return None if value is None else _moment(value)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _optional(value: object) -> str | None:
    return None if value is None else _string(value)


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("no number")
    return value


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("no bytes")
    return value


def _strings(value: object) -> tuple[str, ...]:
    items = json.loads(_string(value))
    if not isinstance(items, list):
        raise TypeError("no list")
    return tuple(_string(item) for item in items)
