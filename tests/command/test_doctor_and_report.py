"""`doctor` and `report` as processes, with a real gnome-keyring and against practice; and no secret in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.secret import Secret
from assistant.support.journal import Journal
from assistant.support.journal.events import Faulted, Visited
from assistant.support.journal.fields import Host, Parameters
from assistant.vault.connection import Secrets
from tests import provoking
from tests.desktop.canaries import CLIENT_SECRET, VARIABLE
from tests.keychain_session import KeychainSession, keychain_session, missing_tools
from tests.leaks import Search, files
from tests.vault import samples

ROOT = Path(__file__).resolve().parents[2]
needs_keyring = pytest.mark.skipif(missing_tools() is not None, reason=missing_tools() or "")

CANARIES = {
    "client secret": [CLIENT_SECRET],
    "authorization code": ["Canary-code_9f8e7d6c5b4a"],
    "state": ["Canary-state_1a2b3c4d5e6f"],
    "access token": ["Canary-access.ey.token~0123456789"],
    "refresh token": ["Canary-refresh~0123456789abcdef"],
    "credential": ["Canary-credential=9876543210"],
    "password": ["Canary-password åäö 🔑"],
    "company": [samples.SERVICE.company_name],
    "person": ["Eva Åkerlund"],
}

FILE = f"""schema = 1
[integration]
name = "Lagerkoll"
vendor = "Exempelbolaget AB"
client_id = "canary-client"
redirect_uri = "https://lagerkoll.example/activation"
scopes = ["companyinformation"]
start_page = "https://lagerkoll.example/login"
[client_secret]
from = "environment"
variable = "{VARIABLE}"
[support]
language = "en"
"""


@pytest.fixture
def session() -> Iterator[KeychainSession]:
    with keychain_session() as running:
        yield running


def run(*words: str, environment: Mapping[str, str], cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *words],
        cwd=cwd,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def results(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    found = json.loads(done.stdout)
    assert found["schema"] == 1
    assert done.returncode == found["failures"]
    return {each["check"]: each for each in found["results"]}


def entries(session: KeychainSession) -> str:
    """What gnome-keyring holds, by the labels of its entries."""
    code = (
        "from contextlib import closing\nimport secretstorage\n"
        "with closing(secretstorage.dbus_init()) as bus:\n"
        "    print([i.get_attributes() for i in secretstorage.Collection(bus).get_all_items()])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=session.environment, capture_output=True, text=True, check=True, timeout=20
    )
    return done.stdout


@needs_keyring
def test_doctor_against_practice(session: KeychainSession) -> None:
    before = entries(session)
    done = run("doctor", "--practice", "--json", environment=session.environment)
    assert done.stderr == ""
    found = results(done)
    assert found["keychain"]["verdict"] == "fine", found["keychain"]
    assert found["server"]["verdict"] == "fine"
    assert found["server"]["details"]["host"] == "127.0.0.1", "nothing reaches the real Fortnox"
    assert found["clock"]["verdict"] == "fine"
    assert found["integration-file"]["verdict"] == "fine"
    assert found["engine"]["verdict"] in ("fine", "not-checked")
    assert found["vault"]["reason"] == "nothing-stored"
    assert entries(session) == before, "the entry it tried is gone"
    assert not list(session.home.rglob("*.db")), "it makes no vault"


@needs_keyring
@pytest.mark.provokes("STORE-02")
def test_a_locked_keychain_is_said_and_not_opened(session: KeychainSession) -> None:
    session.lock()
    done = run("doctor", "--practice", "--json", environment=session.environment)
    found = results(done)
    provoking.printed("STORE-02", done.stdout)
    assert (found["keychain"]["verdict"], found["keychain"]["details"]["state"]) == ("attention", "locked")


@needs_keyring
@pytest.mark.provokes("STORE-04")
def test_a_hanging_keychain_keeps_nobody(session: KeychainSession) -> None:
    """A bound, with room for a busy machine: the keychain's own look ends in 7 s, the whole in 9."""
    session.pause()
    began = time.monotonic()
    done = run("doctor", "--practice", "--json", environment=session.environment)
    took = time.monotonic() - began
    session.resume()
    found = json.loads(done.stdout)
    provoking.printed("STORE-04", done.stdout)
    (keychain,) = (each for each in found["results"] if each["check"] == "keychain")
    assert (keychain["verdict"], keychain["code"]) == ("wrong", "STORE-04")
    assert found["seconds"] < 10
    assert took < 25


def test_without_a_display_the_engine_is_not_checked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    found = results(run("doctor", "--practice", "--json", environment=without))
    assert (found["engine"]["verdict"], found["engine"]["reason"]) == ("not-checked", "no-display")


def test_in_words_and_in_both_languages(home: Path) -> None:
    english = run("doctor", "--practice", "--lang", "en", environment=os.environ)
    assert "Password store: Does not work. STORE-01:" in english.stdout
    assert english.stdout.splitlines()[-1].endswith("not work.")
    swedish = run("doctor", "--practice", "--lang", "sv", environment=os.environ)
    assert "osenordsvalv: Fungerar inte. STORE-01:" in swedish.stdout.replace("ö", "o")
    assert "Does not work" not in swedish.stdout


def spill(home: Path) -> None:
    """Everything that may go wrong has gone wrong: secrets stood in addresses, logs and faults of this attempt."""
    folder = home / ".local" / "state" / "setup-assistant" / "practice-journal"
    journal = Journal(folder, "K7P-4M2")
    assert journal.path is not None
    for values in CANARIES.values():
        for value in values:
            address = f"https://lagerkoll.example/{value}?code={value}&{value}=1#{value}"
            journal.note(
                Visited(host=Host.of(address) or Host("https", "x.example"), parameters=Parameters.of(address))
            )
            journal.wish_failed(value, value)
            try:
                raise ValueError(value)
            except ValueError as fault:
                journal.note(Faulted.of(fault))
    journal.close()


@pytest.fixture
def stored(home: Path) -> Path:
    """A home with a vault that holds canaries, and an integration file whose secret stands in a variable."""
    from assistant.vault.places import vault_places
    from assistant.vault.sealing_key import MemoryKeychain
    from assistant.vault.store import Vault

    sealed = Secrets(
        refresh_token=Secret(CANARIES["refresh token"][0]),
        connection_credential=Secret(CANARIES["credential"][0]),
        access_token=Secret(CANARIES["access token"][0]),
    )
    for practice in (True, False):
        vault = Vault(vault_places(None, practice=practice).vault_file, MemoryKeychain())
        vault.save(samples.user(), sealed, client_secret=Secret(CLIENT_SECRET))
    spill(home)
    (home / "integration.toml").write_text(FILE)
    return home


def test_no_secret_is_in_report_or_doctor(stored: Path) -> None:
    environment = {**os.environ, VARIABLE: CLIENT_SECRET, "CANARY_PASSWORD": CANARIES["password"][0]}
    out = stored / "out"
    out.mkdir()
    common = ("--practice", "--integration", str(stored / "integration.toml"))
    runs = [
        run("doctor", *common, environment=environment),
        run("doctor", "--json", *common, environment=environment),
        run("report", "--json", *common, environment=environment),
        run("report", *common, "--out", str(out / "a.html"), environment=environment),
        run("report", *common, environment=environment, cwd=out),
    ]
    assert [each.returncode for each in runs[2:]] == [0, 0, 0], runs[3].stderr
    search = Search(CANARIES, client_id="canary-client")
    printed = [(f"output {number}", (each.stdout + each.stderr).encode()) for number, each in enumerate(runs)]
    journals = list(files(stored / ".local" / "state"))
    pages = list(files(out))
    assert len([name for name, _ in pages if not name.startswith("name of")]) == 2
    assert any(b"K7P-4M2" in content for _, content in pages)
    assert search.look_all([*printed, *pages, *journals]) == []


def test_a_planted_leak_is_found(stored: Path) -> None:
    """The search would find it: the vault's clear columns do hold the company."""
    assert Search(CANARIES).look_all(files(stored / ".local" / "share")) != []


def test_the_report_is_for_its_owner_and_in_the_support_teams_language(stored: Path) -> None:
    target = stored / "support.html"
    done = run(
        "report", "--lang", "sv", "--practice", "--integration", str(stored / "integration.toml"), "--out", str(target),
        environment={**os.environ, VARIABLE: CLIENT_SECRET},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    page = target.read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "Attempt K7P-4M2" in page
    assert target.stat().st_size < 200_000
    if os.name == "posix":
        assert target.stat().st_mode & 0o077 == 0


@pytest.mark.provokes("COPY-02")
def test_a_place_that_cannot_be_written(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.support.self_test import SelfTest

    monkeypatch.setattr("assistant.command.report.self_test", lambda world: SelfTest(results=(), seconds=0))
    assert main(["report", "--practice", "--out", str(home / "no" / "folder" / "x.html"), "--lang", "en"]) == 1
    assert "COPY-02" in capsys.readouterr().err
