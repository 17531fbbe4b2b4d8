"""How the vault's SQLite file is laid out, and how an older one becomes the newest."""

from __future__ import annotations

from typing import Final

SCHEMA_VERSION: Final = 2
"""`PRAGMA user_version` of a file this program writes.

1 was the first. 2 keeps the newest access token, what needs a person, renewals under way, and the last keep-alive.
"""

ADDED_COLUMNS: Final = {2: ("access_expires_at", "problem", "problem_at")}
"""The columns of `connection` that came with each version; an older file is read as if they were empty."""

_SINCE_2: Final = (
    # A renewal that was begun and not ended: whatever stopped it, nobody knows what became of the refresh token.
    # `room` is as large as what its end has to write, so that a disk that fills up meanwhile loses nothing.
    "CREATE TABLE renewal (connection_id TEXT PRIMARY KEY NOT NULL, begun_at TEXT NOT NULL, room BLOB NOT NULL)",
    # One row, written anew when a renewal begins: the journal is then longer than the end of any renewal makes it.
    "CREATE TABLE ballast (one INTEGER PRIMARY KEY CHECK (one = 1), bytes BLOB NOT NULL)",
    """
    CREATE TABLE keep_alive (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        begun_at TEXT NOT NULL,
        ended_at TEXT,
        due INTEGER NOT NULL,
        renewed INTEGER NOT NULL,
        problem TEXT
    )
    """,
)

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
        sealed BLOB NOT NULL,
        access_expires_at TEXT,
        problem TEXT,
        problem_at TEXT
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
    *_SINCE_2,
)
"""The statements that lay out a new file."""

MIGRATIONS: Final = {
    1: (*(f"ALTER TABLE connection ADD COLUMN {name} TEXT" for name in ADDED_COLUMNS[2]), *_SINCE_2),
}
"""The statements that lift a file from each older version to the one after it, all in the transaction that writes."""


def connection_query(version: int, condition: str = "") -> str:
    """A query for whole rows of `connection` in a file of that version; `condition` follows its FROM."""
    missing = [name for since, names in ADDED_COLUMNS.items() if since > version for name in names]
    columns = ", ".join(("*", *(f"NULL AS {name}" for name in missing)))
    return f"SELECT {columns} FROM connection {condition}"  # noqa: S608 - names of our own columns only
