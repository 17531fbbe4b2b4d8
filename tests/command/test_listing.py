"""`setup-assistant list` on real vault files."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.command import listing
from assistant.secret import Secret
from assistant.vault.connection import REFRESH_TOKEN_LIFE
from assistant.vault.keychain import Keychain
from assistant.vault.places import Places, vault_places
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from tests.vault import samples


@pytest.fixture(autouse=True)
def _nobody_asks_the_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("the keychain was asked")

    monkeypatch.setattr(listing, "_now", lambda: samples.MOMENT)
    for name in ("state", "unlock", "key", "create_key"):
        monkeypatch.setattr(Keychain, name, asked)


@pytest.fixture
def places(home: Path) -> Places:
    return vault_places(None, practice=False)


def store(places: Places) -> None:
    vault = Vault(places.vault_file, MemoryKeychain())
    vault.save(samples.service(), samples.SECRETS, client_secret=Secret("client-secret-canary"))
    later = samples.MOMENT + timedelta(hours=1)
    vault.save(samples.user(company_name="Öhlunds AB", tenant_id="7", connected_at=later), samples.SECRETS)


def files(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_with_nothing_stored_it_makes_no_file(capsys: pytest.CaptureFixture[str], places: Places, home: Path) -> None:
    before = sorted(home.rglob("*"))
    assert main(["list", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "No company is connected on this computer.\n"
    assert main(["list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"schema": 1, "connections": [], "damaged": [], "keep_alive": None}
    assert sorted(home.rglob("*")) == before


def test_it_names_the_companies_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], places: Places, home: Path
) -> None:
    store(places)
    before = files(home)
    assert main(["list", "--lang", "en"]) == 0
    shown = capsys.readouterr()
    first, second = Vault(places.vault_file, MemoryKeychain()).connections()
    day = samples.MOMENT.astimezone().date().isoformat()
    end = (samples.MOMENT + REFRESH_TOKEN_LIFE).astimezone().date().isoformat()
    assert shown.out.splitlines() == [
        "2 companies are connected:",
        "  Åkerlunds Möbler & Söner AB  556677-8899  service account",
        f"    Lagerkoll, connected {day}",
        "    works, valid until the company withdraws it",
        f"    tenant 1234567, connection {first.id}",
        "  Öhlunds AB  556677-8899  user account: Eva Åkerlund",
        f"    Lagerkoll, connected {day}",
        f"    works, valid until {end}, longer each time it is used",
        f"    tenant 7, connection {second.id}",
    ]
    assert shown.err == ""
    assert files(home) == before


def test_as_json(capsys: pytest.CaptureFixture[str], places: Places) -> None:
    store(places)
    assert main(["list", "--json"]) == 0
    shown = capsys.readouterr().out
    assert shown.isascii(), "whatever the terminal can show"
    assert "canary" not in shown
    found = json.loads(shown)
    assert found["schema"] == 1
    first, second = found["connections"]
    assert len(first.pop("id")) == 32
    assert first == {
        "account": "service",
        "tenant_id": "1234567",
        "company_name": "Åkerlunds Möbler & Söner AB",
        "organisation_number": "556677-8899",
        "integration": "Lagerkoll",
        "vendor": "Exempelbolaget AB",
        "client_id": "8VurtMGDTeAI",
        "authorize_host": "apps.fortnox.se",
        "scopes": ["companyinformation", "article"],
        "connected_at": "2026-11-23T12:30:15+00:00",
        "valid_until": None,
        "last_checked": None,
        "health": "works",
        "problem": None,
        "problem_at": None,
        "renewed_by_itself": False,
    }
    assert (second["account"], second["valid_until"]) == ("user", "2027-01-07T12:30:15+00:00")


@pytest.mark.parametrize("problem", ["TOKEN-11", "STORE-06"])
def test_what_nothing_is_taken_of_is_not_said_to_be_longer_valid(
    capsys: pytest.CaptureFixture[str], places: Places, problem: str
) -> None:
    made = samples.user(problem=problem, problem_at=samples.MOMENT, person_name="")
    Vault(places.vault_file, MemoryKeychain()).save(made, samples.SECRETS)
    assert main(["list", "--lang", "en"]) == 0
    _, head, _, state, *_ = capsys.readouterr().out.splitlines()
    assert head.endswith("user account")
    assert state.strip() == {"TOKEN-11": "has to be connected again", "STORE-06": "damaged"}[problem]


def test_practice_has_a_list_of_its_own(capsys: pytest.CaptureFixture[str], places: Places) -> None:
    store(replace(places, vault_file=vault_places(None, practice=True).vault_file))
    assert main(["list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["connections"] == []


def damaged(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no database at all" * 300)


def newer(path: Path) -> None:
    Vault(path, MemoryKeychain()).save(samples.service(), samples.SECRETS)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()


@pytest.mark.parametrize(("spoil", "code"), [(damaged, "STORE-08"), (newer, "STORE-07")])
@pytest.mark.parametrize("words", [["list"], ["list", "--json"]])
def test_a_vault_it_cannot_read(
    capsys: pytest.CaptureFixture[str], places: Places, spoil: object, code: str, words: list[str]
) -> None:
    assert callable(spoil)
    spoil(places.vault_file)
    before = places.vault_file.read_bytes()
    assert main(words) == 1
    shown = capsys.readouterr()
    assert shown.out == "", "no half answer for a program to trust"
    assert shown.err.splitlines()[0].startswith(f"{code}: ")
    assert places.vault_file.read_bytes() == before


def test_a_damaged_row_is_named_beside_the_others(capsys: pytest.CaptureFixture[str], places: Places) -> None:
    store(places)
    with sqlite3.connect(places.vault_file) as database:
        database.execute("UPDATE connection SET scopes_granted = 'x' WHERE company_name = 'Öhlunds AB'")
        (damaged_id,) = database.execute("SELECT id FROM connection WHERE scopes_granted = 'x'").fetchone()
    database.close()
    assert main(["list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    assert [each["company_name"] for each in found["connections"]] == ["Åkerlunds Möbler & Söner AB"]
    assert found["damaged"] == [{"id": damaged_id, "company_name": "Öhlunds AB"}]
    assert set(found["damaged"][0]) == set(listing.DAMAGED_FIELDS)
    assert main(["list", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "1 company is connected:" in told
    assert "Öhlunds AB" in told
    assert f"remove --connection {damaged_id}" in told
    assert "STORE-06" in told
    assert main(["remove", "--connection", damaged_id, "--yes", "--json"]) == 0
    removed = json.loads(capsys.readouterr().out)
    assert (removed["connection"], removed["company_name"], removed["account"]) == (damaged_id, "Öhlunds AB", None)
    assert (removed["revocation"], removed["problem"]) == ("failed", "STORE-06")
    assert main(["list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["damaged"] == []
