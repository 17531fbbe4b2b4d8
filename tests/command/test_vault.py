"""`setup-assistant vault` on real vault files, and as whole programs with a real keychain."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.command import vault as command
from assistant.secret import Secret
from assistant.vault.places import Places, vault_places
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from tests.keychain_session import KeychainSession, keychain_session, missing_tools
from tests.vault import samples
from tests.vault.test_integrity import AwayKeychain

CHECKOUT = Path(__file__).parents[2]
missing = missing_tools()


class OwnKeychain(MemoryKeychain):
    """Says whether it was unlocked."""

    unlocked = False

    def unlock(self) -> None:
        self.unlocked = True


@pytest.fixture
def keychain(monkeypatch: pytest.MonkeyPatch) -> OwnKeychain:
    """That of the vault; practice has another."""
    made = OwnKeychain()
    monkeypatch.setattr(command, "Keychain", lambda service: made if service == "setup-assistant" else OwnKeychain())
    return made


@pytest.fixture
def places(home: Path) -> Places:
    return vault_places(None, practice=False)


@pytest.fixture
def stored(places: Places, keychain: OwnKeychain) -> Vault:
    vault = Vault(places.vault_file, keychain)
    vault.save(samples.service(company_name="Ett AB"), samples.SECRETS, client_secret=Secret("client-canary"))
    later = samples.MOMENT + timedelta(1)
    vault.save(samples.user(company_name="Öhlunds AB", tenant_id="2", connected_at=later), samples.SECRETS)
    return vault


def spoil(places: Places, statement: str) -> None:
    with closing(sqlite3.connect(places.vault_file)) as file:
        file.execute(statement)
        file.commit()


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(["vault", *arguments, "--lang", "en"]) == code
    shown = capsys.readouterr()
    assert "canary" not in shown.out + shown.err
    return shown.out if not code else shown.out + shown.err


class TestCheck:
    def test_a_whole_vault(self, capsys: pytest.CaptureFixture[str], stored: Vault, places: Places) -> None:
        assert said(capsys, "check").splitlines() == [
            str(places.vault_file),
            "  The file is whole.",
            "  Ett AB 556677-8899: can be opened",
            "  Öhlunds AB 556677-8899: can be opened",
            f"  Activation key for {samples.SERVICE.client_id} at {samples.HOST}: can be opened",
        ]

    def test_as_json(self, capsys: pytest.CaptureFixture[str], stored: Vault, places: Places) -> None:
        shown = said(capsys, "check", "--json")
        assert shown.isascii()
        found = json.loads(shown)
        one, two = stored.connections()
        assert found == {
            "schema": 1,
            "file": str(places.vault_file),
            "there": True,
            "vault_version": 2,
            "whole": True,
            "complaints": [],
            "connections": [
                {
                    "id": each.id,
                    "company_name": each.company_name,
                    "organisation_number": each.organisation_number,
                    "account": each.account.value,
                    "integration": each.integration_name,
                    "seal": "opens",
                }
                for each in (one, two)
            ],
            "client_secrets": [{"client_id": one.client_id, "authorize_host": samples.HOST, "seal": "opens"}],
            "problems": [],
            "new_key_unfinished": False,
            "file_is_gone": False,
            "open_to_others": False,
        }

    def test_it_makes_no_file_where_nothing_was_stored(
        self, capsys: pytest.CaptureFixture[str], keychain: OwnKeychain, places: Places, home: Path
    ) -> None:
        before = sorted(home.rglob("*"))
        assert said(capsys, "check").splitlines()[1:] == ["  Nothing is stored yet."]
        assert json.loads(said(capsys, "check", "--json"))["there"] is False
        assert sorted(home.rglob("*")) == before

    def test_a_file_that_is_gone(self, capsys: pytest.CaptureFixture[str], stored: Vault, places: Places) -> None:
        places.vault_file.unlink()
        assert "Was it moved or removed?" in said(capsys, "check", code=1)
        assert json.loads(said(capsys, "check", "--json", code=1))["file_is_gone"] is True

    @pytest.mark.provokes("STORE-06")
    def test_a_damaged_row(self, capsys: pytest.CaptureFixture[str], stored: Vault, places: Places) -> None:
        spoil(places, "UPDATE connection SET sealed = zeroblob(60) WHERE tenant_id = '2'")
        spoil(places, "UPDATE client_secret SET written_at = 'x'")
        shown = said(capsys, "check", code=1)
        assert "  Ett AB 556677-8899: can be opened\n  Öhlunds AB 556677-8899: is damaged\n" in shown
        assert ": cannot be read\n" in shown
        assert shown.count("STORE-06") == 1
        found = json.loads(said(capsys, "check", "--json", code=1))
        assert (found["whole"], found["problems"]) == (False, ["STORE-06"])

    @pytest.mark.provokes("STORE-08")
    def test_a_damaged_structure(self, capsys: pytest.CaptureFixture[str], stored: Vault, places: Places) -> None:
        with closing(sqlite3.connect(places.vault_file)) as file:
            file.execute("PRAGMA writable_schema = ON")
            file.execute("UPDATE sqlite_schema SET sql = replace(sql, 'IS NOT NULL', 'IS NULL')")
            file.commit()
        shown = said(capsys, "check", code=1)
        assert "  The file is damaged:\n    " in shown
        assert "STORE-08" in shown
        assert main(["vault", "check"]) == 1
        assert capsys.readouterr().err.startswith("STORE-08: "), "programs look for the code in the first line"

    def test_a_locked_keychain_is_not_unlocked(
        self, capsys: pytest.CaptureFixture[str], stored: Vault, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(command, "Keychain", lambda _service: AwayKeychain("STORE-02"))
        shown = said(capsys, "check", code=1)
        assert "Ett AB 556677-8899: was not tried" in shown
        assert "STORE-02: The computer's password store is locked" in shown

    def test_a_new_key_that_was_cut_off(
        self, capsys: pytest.CaptureFixture[str], stored: Vault, keychain: OwnKeychain
    ) -> None:
        keychain.make_next_key()
        assert "A change of key was cut off." in said(capsys, "check")

    def test_practice_has_its_own(self, capsys: pytest.CaptureFixture[str], stored: Vault) -> None:
        found = json.loads(said(capsys, "check", "--json", "--practice"))
        assert found["file"] == str(vault_places(None, practice=True).vault_file)


class TestCopies:
    def test_a_backup(self, capsys: pytest.CaptureFixture[str], stored: Vault, tmp_path: Path) -> None:
        target = tmp_path / "backup.db"
        assert said(capsys, "backup", str(target)).splitlines() == [
            "2 connections were copied:",
            f"  {target}",
            "The secrets in it open only with the key in this computer's password store.",
        ]
        with closing(sqlite3.connect(target)) as file:
            assert file.execute("SELECT count(*) FROM connection").fetchone() == (2,)

    def test_an_export(self, capsys: pytest.CaptureFixture[str], stored: Vault, tmp_path: Path) -> None:
        target = tmp_path / "export.json"
        assert said(capsys, "export", str(target)).splitlines() == [
            "2 connections were written, without their secrets:",
            f"  {target}",
        ]
        assert len(json.loads(target.read_text(encoding="utf-8"))["connections"]) == 2

    @pytest.mark.parametrize("action", ["backup", "export"])
    @pytest.mark.provokes("COPY-01")
    def test_nothing_is_written_over_unasked(
        self, capsys: pytest.CaptureFixture[str], stored: Vault, tmp_path: Path, action: str
    ) -> None:
        target = tmp_path / "there"
        target.write_text("precious")
        assert said(capsys, action, str(target), code=1).startswith("COPY-01: There is already a file of that name.")
        assert target.read_text() == "precious"
        found = json.loads(said(capsys, action, str(target), "--replace", "--json"))
        assert (found["written"], found["connections"], found["open_to_others"]) == (str(target), 2, False)

    @pytest.mark.parametrize("action", ["backup", "export"])
    @pytest.mark.provokes("COPY-02")
    def test_a_place_that_is_not_there(
        self, capsys: pytest.CaptureFixture[str], stored: Vault, tmp_path: Path, action: str
    ) -> None:
        shown = said(capsys, action, str(tmp_path / "missing" / "file"), code=1)
        assert shown.startswith("COPY-02: The file could not be written there.")
        assert str(tmp_path) not in shown

    @pytest.mark.parametrize("action", ["backup", "export"])
    def test_where_nothing_is_stored(
        self, capsys: pytest.CaptureFixture[str], keychain: OwnKeychain, home: Path, tmp_path: Path, action: str
    ) -> None:
        target = tmp_path / "file"
        assert said(capsys, action, str(target)) == "Nothing is stored on this computer, so no file was written.\n"
        found = json.loads(said(capsys, action, str(target), "--json"))
        assert (found["written"], found["connections"]) == (None, None)
        assert not target.exists()

    @pytest.mark.provokes("STORE-06")
    def test_an_export_of_a_damaged_vault(
        self, capsys: pytest.CaptureFixture[str], stored: Vault, places: Places, tmp_path: Path
    ) -> None:
        spoil(places, "UPDATE connection SET scopes_asked = 'x' WHERE tenant_id = '2'")
        target = tmp_path / "export.json"
        shown = said(capsys, "export", str(target), code=1)
        assert shown.startswith("1 connection was written, without its secrets:\n")
        assert "STORE-06" in shown
        assert len(json.loads(target.read_text(encoding="utf-8"))["unreadable"]) == 1

    def test_a_place_without_owners_is_said(
        self, capsys: pytest.CaptureFixture[str], stored: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(command, "open_to_others", lambda _path: True)  # such as on a memory stick
        assert "Others may open it there" in said(capsys, "backup", str(tmp_path / "backup.db"))


class TestNewKey:
    def test_everything_is_sealed_anew(
        self, capsys: pytest.CaptureFixture[str], stored: Vault, keychain: OwnKeychain, places: Places
    ) -> None:
        old = keychain.key()
        assert said(capsys, "new-key").splitlines() == [
            "The connections have a new key. The companies need not be connected again.",
            "Earlier backups can no longer be opened. Make a new one.",
        ]
        assert keychain.unlocked
        assert keychain.key() != old
        assert [stored.secrets(each.id) for each in stored.connections()] == [samples.SECRETS] * 2
        assert json.loads(said(capsys, "new-key", "--json")) == {"schema": 1, "resealed": 3}

    def test_where_nothing_is_stored_nobody_is_asked(
        self, capsys: pytest.CaptureFixture[str], keychain: OwnKeychain, home: Path
    ) -> None:
        before = sorted(home.rglob("*"))
        assert said(capsys, "new-key") == "Nothing is stored on this computer, so no new key was made.\n"
        assert not keychain.unlocked
        assert keychain.key() is None
        assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize("arguments", [["vault"], ["vault", "mend"], ["vault", "backup"], ["vault", "export"]])
def test_a_command_written_wrongly_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--lang", "en"])
    assert ended.value.code == 2


@pytest.fixture
def session() -> Iterator[KeychainSession]:
    with keychain_session() as running:
        yield running


@pytest.mark.skipif(missing is not None, reason=missing or "")
def test_whole_programs_import_neither_qt_nor_http(session: KeychainSession, tmp_path: Path) -> None:
    """The last line each of them prints is what it imported."""
    program = (
        "import sys; from assistant.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "print([name for name in ('PySide6', 'httpx', 'uvicorn') if name in sys.modules], code)"
    )
    fill = (
        "from assistant.vault.keychain import Keychain; from assistant.vault.places import vault_places\n"
        "from assistant.vault.store import Vault; from tests.vault.samples import SECRETS, service\n"
        "places = vault_places(None, practice=False)\n"
        "Vault(places.vault_file, Keychain(places.keychain_service)).save(service(), SECRETS)"
    )

    def run(script: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=session.environment,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stderr == ""
        return done.stdout

    run(fill)
    for arguments in (
        ("check",),
        ("backup", str(tmp_path / "backup.db")),
        ("export", str(tmp_path / "export.json")),
        ("new-key",),
        ("check", "--json"),
    ):
        assert run(program, "vault", *arguments).splitlines()[-1] == "[] 0"


def test_the_documented_shapes_are_those_printed(
    capsys: pytest.CaptureFixture[str], stored: Vault, tmp_path: Path
) -> None:
    page = (CHECKOUT / "docs" / "vault.md").read_text(encoding="utf-8")
    check, export = (json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    assert shape(check) == shape(json.loads(said(capsys, "check", "--json")))
    target = tmp_path / "export.json"
    said(capsys, "export", str(target))
    found = json.loads(target.read_text(encoding="utf-8"))
    assert shape(export) == shape(found)


def shape(value: object) -> object:
    """The keys of it and of the first of what it lists; values do not count."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items() if key != "relay"}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return None
