"""A right integration file as a tree, and a way to write trees as TOML."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.integration import Mistake

VALID: dict[str, Any] = {
    "schema": 1,
    "integration": {
        "name": "Lagerkoll",
        "vendor": "Exempelbolaget AB",
        "app_id": "se.exempelbolaget.lagerkoll",
        "client_id": "8VurtMGDTeAI",
        "redirect_uri": "https://lagerkoll.example/activation",
        "redirect_page": "static",
        "scopes": ["companyinformation", "article", "order"],
        "start_page": "https://lagerkoll.example/login",
        "accounts": ["service", "user"],
        "listing": "https://www.fortnox.se/integrationer/lagerkoll",
        "download": "https://lagerkoll.example/connect",
        "update": "https://lagerkoll.example/setup.json",
        "other_files": "announce",
        "next_steps": {
            "sv": "Lagerkoll hämtar dina artiklar i natt.",
            "en": "Lagerkoll fetches your articles tonight.",
        },
    },
    "client_secret": {"from": "relay"},
    "relay": {
        "token": "https://lagerkoll.example/fortnox/token",
        "revoke": "https://lagerkoll.example/fortnox/revoke",
    },
    "why": {"article": {"sv": "Lagerkoll läser artiklarna.", "en": "Lagerkoll reads the articles."}},
    "support": {
        "phone": "+46 8 000 00 00",
        "email": "help@lagerkoll.example",
        "url": "https://lagerkoll.example/help",
        "hours": "08-17",
        "language": "sv",
    },
    "look": {"accent": "#1a6b4f"},
    "browser": {"hosts": ["fortnox.se", "login.bankid.com"]},
}

LOOPBACK = {
    "authorize": "http://127.0.0.1:8123/auth",
    "token": "http://127.0.0.1:8123/token",
    "revoke": "http://127.0.0.1:8123/revoke",
    "migrate": "http://127.0.0.1:8123/migrate",
    "api": "http://127.0.0.1:8124",
}
GONE = object()


def toml(tree: dict[str, Any]) -> str:
    """`tree` as TOML, with every value in one line."""
    lines = [f"{quoted(key)} = {inline(value)}" for key, value in tree.items() if not isinstance(value, dict)]
    for key, value in tree.items():
        if isinstance(value, dict):
            lines += ["", f"[{quoted(key)}]"]
            lines += [f"{quoted(name)} = {inline(entry)}" for name, entry in value.items()]
    return "\n".join(lines) + "\n"


def inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)} = {inline(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(entry) for entry in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(value) if isinstance(value, str) else str(value)


def quoted(text: str) -> str:
    # JSON writes signs outside the basic plane as two surrogates, which TOML refuses; DEL is refused unescaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    """The right tree with `changes`: "table.key" to a value, or to `GONE`."""
    tree = copy.deepcopy(VALID)
    for path, value in changes.items():
        table, _, key = path.partition(".")
        where: dict[str, Any] = tree.setdefault(table, {}) if key else tree
        if value is GONE:
            where.pop(key or table, None)
        else:
            where[key or table] = value
    return tree


Write = Callable[..., Path]  # (changes, name) -> the path of the written file
Check = Callable[..., tuple[Mistake, ...]]  # (changes, options) -> what is wrong with it
