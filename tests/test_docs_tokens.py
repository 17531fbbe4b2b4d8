"""The example program of docs/tokens.md runs as it stands, and the page names what there is."""

from __future__ import annotations

import dataclasses
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.practice.people import PRACTICE_POPULATION
from assistant.practice.server import PracticeServer
from assistant.problems import CATALOGUE
from assistant.vault.keychain import Keychain
from assistant.vault.places import vault_places
from assistant.vault.store import Vault
from assistant.vault.tokens import AccessToken, access_token, access_token_async
from tests.keychain_session import keychain_session, missing_tools
from tests.vault.at_practice import connected

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "tokens.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "docs" / "examples" / "company_name.py"


def test_the_page_names_every_argument_and_field() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert set(inspect.signature(access_token).parameters) <= named
    assert set(inspect.signature(access_token_async).parameters) <= named
    assert {field.name for field in dataclasses.fields(AccessToken)} <= named


def test_the_page_names_codes_that_exist() -> None:
    codes = set(re.findall(r"`([A-Z]+-\d\d)`", PAGE))
    assert codes
    assert codes <= set(CATALOGUE)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The environment of a person with a home and a keychain of their own."""
    if (missing := missing_tools()) is not None:
        pytest.skip(missing)
    with keychain_session() as opened:
        own = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), **opened.environment}
        for name, value in own.items():
            monkeypatch.setenv(name, value)
        yield {**os.environ, **own, "no_proxy": "127.0.0.1"}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(EXAMPLE), "--practice", *arguments],
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_example_reads_the_name(session: dict[str, str]) -> None:
    places = vault_places(None, practice=True)
    vault = Vault(places.vault_file, Keychain(places.keychain_service))
    with PracticeServer().in_thread() as server:
        connection = connected(server, places.vault_file, vault=vault)
        name = PRACTICE_POPULATION.companies[0].name
        assert run(session, connection.tenant_id).stdout == f"{name}\n"
        server.run.ledger.withdraw(client_id=connection.client_id, tenant_id=int(connection.tenant_id))
        gone = run(session)
        assert (gone.returncode, gone.stdout, gone.stderr) == (1, "", "No token: TOKEN-11\n")
        assert server.crashes == []
    nobody = run(session, "1")
    assert nobody.stderr == "No token: STORE-20\n"
