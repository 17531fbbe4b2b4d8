"""What a command prints: JSON for programs, moments, and the line of a company for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from assistant.vault.connection import Connection


def print_json(schema: int, fields: Mapping[str, object]) -> None:
    """One object in ASCII, whatever the terminal can show; `schema` comes first."""
    print(json.dumps({"schema": schema, **fields}, indent=2))


def moment(at: datetime | None) -> str | None:
    """ISO 8601 with an offset, to the second."""
    return at.isoformat(timespec="seconds") if at else None


def day(at: datetime) -> str:
    """The date in this computer's time zone."""
    return at.astimezone().date().isoformat()


def company_line(connection: Connection) -> str:
    """Which connection it is, for a person."""
    parts = (connection.company_name, connection.organisation_number, connection.account.words)
    return "  ".join(part for part in parts if part)
