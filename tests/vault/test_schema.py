"""A vault of every older version is read as it is, lifted by the first write, and loses nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.secret import Secret
from assistant.vault.connection import Secrets
from assistant.vault.rows import KeepAliveRun
from assistant.vault.schema import MIGRATIONS, SCHEMA_VERSION
from tests.vault.at_practice import vault_at
from tests.vault.samples import service

DATA = Path(__file__).parent.parent / "data"
SERVICE, USER = "a" * 32, "b" * 32


def laid_out(path: Path) -> list[tuple[str, list[tuple[object, ...]]]]:
    """Every table and index with its columns, in a form that does not depend on how it came about."""
    with closing(sqlite3.connect(path)) as database:
        names = [
            name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE sql NOT NULL ORDER BY name")
        ]
        return [
            (name, [*database.execute(f"PRAGMA table_info({name})"), *database.execute(f"PRAGMA index_xinfo({name})")])
            for name in names
        ]


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        found: int = database.execute("PRAGMA user_version").fetchone()[0]
        return found


@pytest.fixture(params=range(1, SCHEMA_VERSION))
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "connections.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript((DATA / f"vault_{request.param}.sql").read_text(encoding="utf-8"))
    return path


def test_there_is_a_way_up_from_every_version() -> None:
    assert set(MIGRATIONS) == set(range(1, SCHEMA_VERSION))


def test_reading_changes_nothing(older: Path) -> None:
    before = older.read_bytes()
    vault = vault_at(older)
    assert [each.id for each in vault.connections()] == [SERVICE, USER]
    assert vault.secrets(USER) == Secrets(refresh_token=Secret("refresh-1"))
    assert vault.secrets(SERVICE) == Secrets(connection_credential=Secret("credential-1"))
    assert vault.client_secret("apps.fortnox.se", "8VurtMGDTeAI") == Secret("client-1")
    assert vault.renewals.held(USER).begun_at is None
    assert vault.keep_alive() is None
    assert older.read_bytes() == before


def test_the_first_write_lifts_it(older: Path, tmp_path: Path) -> None:
    vault = vault_at(older)
    before = vault.connections()
    moment = datetime.now(UTC)
    vault.note(USER, problem="TOKEN-11")
    vault.note_keep_alive(KeepAliveRun(begun_at=moment, due=2))
    vault.renewals.begin(USER)
    assert version(older) == SCHEMA_VERSION
    assert [each.id for each in vault.connections()] == [each.id for each in before]
    assert vault.connections()[0] == before[0]
    assert [each.problem for each in vault.connections()] == [None, "TOKEN-11"]
    assert vault.keep_alive() == KeepAliveRun(begun_at=moment, due=2)
    held = vault.renewals.held(USER)
    assert held.begun_at is not None
    assert (held.secrets, held.client_secret) == (Secrets(refresh_token=Secret("refresh-1")), Secret("client-1"))
    new = tmp_path / "new.db"
    vault_at(new).renewals.begin(vault_at(new).save(service(), Secrets()).id)
    assert laid_out(older) == laid_out(new)


def test_a_write_that_fails_leaves_the_old_version(older: Path) -> None:
    before = older.read_bytes()
    with pytest.raises(ZeroDivisionError), vault_at(older)._rows.writing():
        raise ZeroDivisionError
    assert version(older) < SCHEMA_VERSION
    assert older.read_bytes() == before
