"""Saving again, whatever was damaged in the file meanwhile: it ends well, or in a problem of the whole vault.

STORE-06 is about one row that somebody wants to read. Who saves over it does not want to read it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest

from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.vault.connection import Connection
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from tests.vault.samples import HOST, SECRETS, service, user

KEY, ANOTHER = bytes(range(32)), bytes(reversed(range(32)))
VALUES = (b"\xff\x00", "text", "", 0, -1, 2**62)
TABLES = {
    "connection": ("account", "scopes_granted", "connected_at", "version", "sealed", "endpoints"),
    "client_secret": ("version", "sealed", "written_at"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault.db"


@pytest.fixture
def before(path: Path) -> Connection:
    saved = service()
    vault = Vault(path, MemoryKeychain(KEY))
    vault.save(saved, SECRETS, client_secret=Secret("key"))
    vault.save(user(tenant_id="7654321"), SECRETS)
    return saved


def damages(path: Path) -> Iterator[tuple[str, object]]:
    with closing(sqlite3.connect(path)) as database:
        there = {table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")] for table in TABLES}
    for table, wanted in TABLES.items():
        for column, value in product([each for each in wanted if each in there[table]], VALUES):
            yield f"UPDATE {table} SET {column} = ?", value  # noqa: S608 - names of our own tables


def calls(vault: Vault, saved: Connection) -> tuple[Callable[[], object], ...]:
    return (
        lambda: vault.save(saved, SECRETS, client_secret=Secret("new")),
        lambda: vault.save(service(tenant_id="999"), SECRETS),
        lambda: vault.set_client_secret(HOST, saved.client_id, Secret("new")),
        vault.unlock,
        vault.key_problem,
        lambda: vault.matching(saved),
        lambda: vault.remove(saved.id),
    )


ALLOWED = {"", "STORE-05", "STORE-13", "STORE-15"}


def ended(call: Callable[[], object]) -> str:
    """The code of the problem that `call` ended in or told; "" for none."""
    try:
        return str(getattr(call(), "code", ""))
    except ProblemError as problem:
        return problem.code


@pytest.mark.parametrize("check", ["fits", "damaged"])
@pytest.mark.parametrize("key", [KEY, ANOTHER, None], ids=["its key", "another key", "no key"])
def test_no_row_that_is_saved_over_stops_the_save(
    path: Path, before: Connection, key: bytes | None, check: str
) -> None:
    whole = path.read_bytes()
    for statement, value in damages(path):
        for number in range(7):
            path.write_bytes(whole)
            with closing(sqlite3.connect(path)) as database, database:
                database.execute("PRAGMA ignore_check_constraints = ON")
                try:
                    database.execute(statement, (value,))
                    database.execute("UPDATE client_secret SET version = 'damaged'")
                except sqlite3.IntegrityError:
                    continue
                if check == "damaged":
                    database.execute("UPDATE vault SET key_check = x'00'")
            vault = Vault(path, MemoryKeychain(key))
            assert ended(calls(vault, before)[number]) in ALLOWED, (statement, value, number)
