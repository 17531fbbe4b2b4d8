"""An export holds all that is not secret, and nothing that is."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.vault.connection import Connection, RelayAddresses, Secrets
from assistant.vault.export import export
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from assistant.vault.vault_file import VaultFile
from tests.vault.samples import HOST, MOMENT, SECRETS, service, user

CANARIES = Secrets(
    refresh_token=Secret("refresh-canary"),
    connection_credential=Secret("credential-canary"),
    access_token=Secret("access-canary"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "vault.db"


def written(path: Path, target: Path) -> dict[str, Any]:
    assert export(VaultFile(path), target, clock=lambda: MOMENT) is not None
    found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return found


def test_it_holds_what_was_stored(path: Path, tmp_path: Path) -> None:
    vault = Vault(path, MemoryKeychain(), clock=lambda: MOMENT)
    one = vault.save(service(), CANARIES, client_secret=Secret("client-canary"))
    two = vault.save(user(connected_at=MOMENT + timedelta(1), problem="TOKEN-07", problem_at=MOMENT), CANARIES)
    target = tmp_path / "export.json"
    found = written(path, target)
    assert (found["format"], found["schema"]) == ("setup-assistant export", 1)
    assert found["exported_at"] == "2026-11-23T12:30:15.123456+00:00"
    assert [each["id"] for each in found["connections"]] == [one.id, two.id]
    first, second = found["connections"]
    assert first["company_name"] == one.company_name
    assert first["endpoints"] == {
        name: getattr(one.endpoints, name) for name in ("authorize", "token", "revoke", "migrate", "api", "pkce")
    }
    assert one.relay is not None
    assert first["relay"] == {"token": one.relay.token, "revoke": one.relay.revoke}
    assert (first["account"], first["valid_until"], first["scopes_granted"]) == (
        "service", None, ["companyinformation", "article"],
    )  # fmt: skip
    assert (second["account"], second["relay"], second["person_name"]) == ("user", None, "Eva Åkerlund")
    assert (second["problem"], second["problem_at"]) == ("TOKEN-07", "2026-11-23T12:30:15.123456+00:00")
    assert found["client_secrets"] == [
        {"client_id": one.client_id, "authorize_host": HOST, "written_at": "2026-11-23T12:30:15.123456+00:00"}
    ]
    assert found["unreadable"] == []
    assert "canary" not in target.read_text()


def test_it_names_every_field_of_a_connection(path: Path, tmp_path: Path) -> None:
    Vault(path, MemoryKeychain()).save(service(), SECRETS)
    (found,) = written(path, tmp_path / "export.json")["connections"]
    renamed = {"integration_name": "integration"}
    # The moment an access token ends means nothing without the token.
    left_out = {"access_expires_at"}
    assert found.keys() == {renamed.get(each.name, each.name) for each in fields(Connection)} - left_out


@given(name=st.text(st.characters(exclude_categories=["Cs"])), scopes=st.lists(st.text('ab,"\\\n å😀')))
def test_any_text_comes_through(tmp_path_factory: pytest.TempPathFactory, name: str, scopes: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any")
    vault = Vault(folder / "vault.db", MemoryKeychain())
    vault.save(service(company_name=name, scopes_granted=tuple(scopes)), SECRETS)
    (found,) = written(folder / "vault.db", folder / "export.json")["connections"]
    assert (found["company_name"], found["scopes_granted"]) == (name, scopes)


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_it_is_the_owners_alone(path: Path, tmp_path: Path) -> None:
    Vault(path, MemoryKeychain()).save(service(), SECRETS)
    before = os.umask(0)
    try:
        written(path, tmp_path / "export.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "export.json").stat().st_mode) == 0o600


@pytest.mark.provokes("COPY-01")
def test_nothing_is_written_over_unasked(path: Path, tmp_path: Path) -> None:
    Vault(path, MemoryKeychain()).save(service(), SECRETS)
    target = tmp_path / "export.json"
    target.write_text("precious")
    with pytest.raises(ProblemError, match="COPY-01"):
        export(VaultFile(path), target)
    assert target.read_text() == "precious"
    assert export(VaultFile(path), target, replace=True) == (1, 0)
    assert sorted(found.name for found in tmp_path.iterdir()) == ["data", "export.json"]


def test_without_a_vault_there_is_no_file(path: Path, tmp_path: Path) -> None:
    assert export(VaultFile(path), tmp_path / "export.json") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        ("UPDATE connection SET scopes_asked = 'no list' WHERE tenant_id = '2'", "Damaged AB"),
        ("UPDATE connection SET town = CAST(x'ff' AS TEXT) WHERE tenant_id = '2'", "Damaged AB"),
        ("UPDATE connection SET company_name = CAST(x'41ff' AS TEXT) WHERE tenant_id = '2'", "A\ufffd"),
        ("UPDATE connection SET connected_at = 5 WHERE tenant_id = '2'", "Damaged AB"),
    ],
)
def test_what_cannot_be_read_hides_none_of_the_rest(path: Path, tmp_path: Path, spoil: str, name: str) -> None:
    vault = Vault(path, MemoryKeychain())
    whole = vault.save(service(), SECRETS)
    damaged = vault.save(service(tenant_id="2", company_name="Damaged AB", relay=RelayAddresses(token="a", revoke="b")),
                         SECRETS)  # fmt: skip
    with closing(sqlite3.connect(path)) as file:
        file.execute(spoil)
        file.commit()
    target = tmp_path / "export.json"
    assert export(VaultFile(path), target) == (1, 1)
    found = json.loads(target.read_text(encoding="utf-8"))
    assert [each["id"] for each in found["connections"]] == [whole.id]
    assert found["unreadable"] == [{"key": damaged.id, "name": name, "number": damaged.organisation_number}]
