"""What the program opens on: the connections where there are some, else the first page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.integration import read_integration
from assistant.resources import PRACTICE_FILE, resource
from assistant.vault.connection import Connection, Secrets
from assistant.vault.places import vault_places
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from tests.vault.at_practice import KEY
from tests.vault.samples import service, user
from tests.window.walked import ROOT, environment, unexpected

PRACTICE = read_integration(resource(*PRACTICE_FILE))


@pytest.fixture
def home_folder(tmp_path: Path) -> Path:
    return tmp_path / "home"


def store(home: Path, *connections: Connection, practice: bool = False) -> Path:
    """Saves them in the vault of whoever's home that is; returns its file."""
    environment(home)
    before = {name: os.environ.get(name) for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    os.environ["HOME"] = str(home)
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ.pop(name, None)
    try:
        places = vault_places(None, practice=practice)
    finally:
        for name, value in before.items():
            if value is not None:
                os.environ[name] = value
    vault = Vault(places.vault_file, MemoryKeychain(KEY))
    for each in connections:
        vault.save(each, Secrets())
    return places.vault_file


def opened(home: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and what the window showed."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.window.opened_on_process", *arguments],
        cwd=ROOT, env=environment(home), capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert ended.stdout, ended.stderr
    assert unexpected(ended.stderr.splitlines()) == []
    return ended.returncode, json.loads(ended.stdout.splitlines()[-1])


def practised(**changes: Any) -> Connection:
    """A connection of the integration that practice connects."""
    granted = {"scopes_granted": PRACTICE.scopes, "relay": None, "client_id": PRACTICE.client_id,
               "connected_at": datetime.now(UTC) - timedelta(days=90)}  # fmt: skip
    return service(**{**granted, **changes})


def test_it_opens_on_the_connections_of_its_integration(home_folder: Path) -> None:
    store(
        home_folder,
        practised(company_name="Björkdalens Trävaror AB", problem="CONN-02"),
        practised(company_name="Älvens Måleri AB", tenant_id="7"),
        service(company_name="Another integration's"),
        practice=True,
    )
    code, told = opened(home_folder, "--practice")
    assert code == 0
    assert told["at_home"]
    assert told["heading"] == "2 companies are connected"
    assert sorted(zip(told["rows"], told["states"], strict=True)) == [
        ("Björkdalens Trävaror AB", "connect-again"),
        ("Älvens Måleri AB", "unchecked"),
    ]
    assert not told["engine"], "the engine is not started for a list"


def test_practice_never_shows_what_is_real(home_folder: Path) -> None:
    store(home_folder, practised(company_name="A real one"))
    code, told = opened(home_folder, "--practice")
    assert (code, told["at_home"], told["problem"]) == (0, False, None)


def test_without_a_file_all_are_listed_and_what_connecting_takes_is_said(home_folder: Path) -> None:
    store(
        home_folder,
        service(company_name="Björkdalens Trävaror AB", problem="CONN-02"),
        user(company_name="Kafé Måsen", client_id="another", integration_name="Kassakollen", vendor="Kassabolaget"),
    )
    code, told = opened(home_folder)
    assert code == 0
    assert told["rows"] == ["Björkdalens Trävaror AB", "Kafé Måsen"]
    assert told["explained"].startswith("Connecting a company takes an integration file.")
    assert told["again"].startswith("Connecting again takes the file from Exempelbolaget AB.")


@pytest.mark.provokes("FILE-01")
def test_without_a_file_and_without_connections_the_problem_stands_alone(home_folder: Path) -> None:
    assert opened(home_folder) == (1, {"at_home": False, "problem": "FILE-01", "engine": False})


@pytest.mark.provokes("STORE-08")
def test_a_damaged_vault_is_said_and_never_an_empty_list(home_folder: Path) -> None:
    file = store(home_folder, service())
    file.write_bytes(b"this is no database" * 500)
    code, told = opened(home_folder)
    assert (code, told["at_home"], told["problem"]) == (1, False, "STORE-08")
