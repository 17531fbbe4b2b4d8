"""Choices that are not secret and survive a closed window: language and kind of account."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.fortnox.account import AccountKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the person chose last time; None where nothing was chosen.

    `accounts` maps a client id to the kind of account chosen for it ("service" or "user").
    """

    language: str | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)


def remembered_account(choices: Choices, client_id: str) -> AccountKind | None:
    """The kind of account chosen last time for `client_id`."""
    remembered = choices.accounts.get(client_id)
    return next((kind for kind in AccountKind if kind.value == remembered), None)


def read_choices(path: Path) -> Choices:
    """The choices in `path`. A file that is missing or cannot be understood holds none: it is a convenience only."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Choices()
    if not isinstance(found, dict):
        return Choices()
    language, accounts = found.get("language"), found.get("accounts")
    return Choices(
        language=language if isinstance(language, str) else None,
        accounts={key: value for key, value in accounts.items() if isinstance(value, str)}
        if isinstance(accounts, dict)
        else {},
    )


def write_choices(path: Path, choices: Choices) -> None:
    """Writes `choices` in one piece. A disk that refuses loses a convenience, not the journey."""
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh.write_text(
            json.dumps({"language": choices.language, "accounts": dict(choices.accounts)}), encoding="utf-8"
        )
        os.replace(fresh, path)
    except OSError:
        return
