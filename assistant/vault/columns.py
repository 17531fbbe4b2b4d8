"""Connections as columns of the SQLite file, and back."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.problems import stop
from assistant.vault.connection import Connection, RelayAddresses
from assistant.vault.rows import ClientSecretRow, ConnectionRow, KeepAliveRun


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
        "connected_at": text(connection.connected_at),
        "valid_until": text(connection.valid_until),
        "last_checked": text(connection.last_checked),
        "access_expires_at": text(connection.access_expires_at),
        "problem": connection.problem,
        "problem_at": text(connection.problem_at),
        "written_at": text(row.written_at),
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
            connected_at=moment(columns["connected_at"]),
            valid_until=_optional_moment(columns["valid_until"]),
            last_checked=_optional_moment(columns["last_checked"]),
            access_expires_at=_optional_moment(columns["access_expires_at"]),
            problem=_optional(columns["problem"]),
            problem_at=_optional_moment(columns["problem_at"]),
        )
        return ConnectionRow(
            connection=connection,
            version=_number(columns["version"]),
            sealed=_bytes(columns["sealed"]),
            written_at=moment(columns["written_at"]),
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
            written_at=moment(columns["written_at"]),
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
        "written_at": text(row.written_at),
        "version": row.version,
        "sealed": row.sealed,
    }


def text(at: datetime | None) -> str | None:
    """A moment as it is stored."""
    return None if at is None else at.astimezone(UTC).isoformat()


def moment(value: object) -> datetime:
    """A moment that was stored.

    Raises:
        ValueError, TypeError: it is none.
    """
    found = datetime.fromisoformat(_string(value))
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found


def keep_alive_columns(run: KeepAliveRun) -> dict[str, Any]:
    """The columns of the one row about keep-alive."""
    return {
        "one": 1,
        "begun_at": text(run.begun_at),
        "ended_at": text(run.ended_at),
        "due": run.due,
        "renewed": run.renewed,
        "problem": run.problem,
    }


def keep_alive_run(columns: sqlite3.Row) -> KeepAliveRun | None:
    """The last run read from its columns; None where they hold what this program never wrote, for it only informs."""
    try:
        return KeepAliveRun(
            begun_at=moment(columns["begun_at"]),
            ended_at=_optional_moment(columns["ended_at"]),
            due=_number(columns["due"]),
            renewed=_number(columns["renewed"]),
            problem=_optional(columns["problem"]),
        )
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _optional_moment(value: object) -> datetime | None:
    return None if value is None else moment(value)


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
