"""What an inspection of the vault says, and that it says it of the right company."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.problems import ProblemError, stop
from assistant.secret import Secret
from assistant.vault.integrity import Seal, VaultReport, inspect
from assistant.vault.schema import ADDED_COLUMNS
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.store import Vault
from assistant.vault.vault_file import VaultFile
from tests.vault.samples import SECRETS, service, user

KEY = bytes(range(32))


class AwayKeychain(MemoryKeychain):
    """Answers every question for a key with one problem, and counts how often it was asked."""

    def __init__(self, code: str) -> None:
        super().__init__(KEY)
        self.code, self.asked = code, 0

    def key(self) -> bytes | None:
        self.asked += 1
        raise stop(self.code, system="Linux")

    next_key = key

    def unlock(self) -> None:
        raise AssertionError("an inspection unlocks nothing")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "vault.db"


@pytest.fixture
def vault(path: Path) -> Vault:
    vault = Vault(path, MemoryKeychain(KEY))
    vault.save(service(company_name="Ett AB"), SECRETS, client_secret=Secret("client-canary"))
    vault.save(user(company_name="Två AB", tenant_id="2"), SECRETS)
    vault.save(user(company_name="Tre AB", tenant_id="3", client_id="another"), SECRETS, client_secret=Secret("c"))
    return vault


def spoil(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as file:
        for statement in statements:
            assert file.execute(statement).rowcount != 0
        file.commit()


def looked(path: Path, keychain: MemoryKeychain | None = None) -> VaultReport:
    before = {found: found.read_bytes() for found in path.parent.rglob("*") if found.is_file()}
    report = inspect(VaultFile(path), keychain or MemoryKeychain(KEY))
    assert {found: found.read_bytes() for found in path.parent.rglob("*") if found.is_file()} == before
    assert "canary" not in repr(report)
    return report


def seals(report: VaultReport) -> dict[str, Seal]:
    return {found.company_name: found.seal for found in report.connections}


def codes(report: VaultReport) -> list[str]:
    return [found.code for found in report.problems]


def test_a_whole_vault(path: Path, vault: Vault) -> None:
    report = looked(path)
    assert codes(report) == []
    assert report.complaints == ()
    assert report.schema_version == 2
    assert seals(report) == {"Ett AB": Seal.OPENS, "Två AB": Seal.OPENS, "Tre AB": Seal.OPENS}
    assert [found.seal for found in report.client_secrets] == [Seal.OPENS, Seal.OPENS]
    assert (report.new_key_unfinished, report.file_is_gone, report.open_to_others) == (False, False, False)


def test_where_nothing_was_ever_saved(path: Path, tmp_path: Path) -> None:
    assert looked(path, MemoryKeychain()) == VaultReport(schema_version=None)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_gone_is_not_a_vault_that_never_was(path: Path, vault: Vault) -> None:
    path.unlink()
    assert looked(path).file_is_gone


@pytest.mark.parametrize(
    ("statement", "name", "seal"),
    [
        ("UPDATE connection SET sealed = zeroblob(60) WHERE tenant_id = '2'", "Två AB", Seal.DAMAGED),
        ("UPDATE connection SET token_address = 'https://t.example' WHERE tenant_id = '2'", "Två AB", Seal.DAMAGED),
        ("UPDATE connection SET version = version + 1 WHERE tenant_id = '2'", "Två AB", Seal.DAMAGED),
        ("UPDATE connection SET scopes_asked = 'no list' WHERE tenant_id = '2'", "Två AB", Seal.UNREADABLE),
        ("UPDATE connection SET town = CAST(x'ff' AS TEXT) WHERE tenant_id = '2'", "Två AB", Seal.UNREADABLE),
        ("UPDATE connection SET connected_at = 'x' WHERE tenant_id = '2'", "Två AB", Seal.UNREADABLE),
        (
            "UPDATE connection SET company_name = CAST(x'54ff' AS TEXT) WHERE tenant_id = '2'",
            "T\ufffd",
            Seal.UNREADABLE,
        ),
    ],
)
def test_a_damaged_row_is_named_and_hides_no_other(
    path: Path, vault: Vault, statement: str, name: str, seal: Seal
) -> None:
    spoil(path, statement)
    report = looked(path)
    assert codes(report) == ["STORE-06"]
    assert seals(report) == {"Ett AB": Seal.OPENS, "Tre AB": Seal.OPENS, name: seal}


@pytest.mark.parametrize(
    ("statement", "seal"),
    [
        ("UPDATE client_secret SET sealed = zeroblob(60) WHERE client_id = 'another'", Seal.DAMAGED),
        ("UPDATE client_secret SET written_at = 'x' WHERE client_id = 'another'", Seal.UNREADABLE),
    ],
)
def test_a_damaged_client_secret_is_named(path: Path, vault: Vault, statement: str, seal: Seal) -> None:
    spoil(path, statement)
    report = looked(path)
    assert codes(report) == ["STORE-06"]
    assert {found.client_id: found.seal for found in report.client_secrets} == {
        "another": seal,
        service().client_id: Seal.OPENS,
    }


@pytest.mark.parametrize("code", ["STORE-01", "STORE-02", "STORE-04", "STORE-12"])
def test_a_keychain_that_is_not_at_hand_is_asked_once(path: Path, vault: Vault, code: str) -> None:
    keychain = AwayKeychain(code)
    report = looked(path, keychain)
    assert codes(report) == [code]
    assert set(seals(report).values()) == {Seal.NOT_TRIED}
    assert keychain.asked == 1


@pytest.mark.parametrize(("key", "code"), [(None, "STORE-05"), (bytes(32), "STORE-13")])
def test_a_key_that_is_gone_or_another(path: Path, vault: Vault, key: bytes | None, code: str) -> None:
    report = looked(path, MemoryKeychain(key))
    assert codes(report) == [code]
    assert set(seals(report).values()) == {Seal.NOT_TRIED}
    # Also where a row that cannot be read stands in the way of trying all of them.
    spoil(path, "UPDATE connection SET scopes_asked = 'no list' WHERE tenant_id = '2'")
    assert sorted(codes(looked(path, MemoryKeychain(key)))) == sorted(["STORE-06", code])


@pytest.mark.parametrize(
    "statement",
    [
        # an index that no longer has what it should
        "UPDATE sqlite_schema SET sql = replace(sql, 'IS NOT NULL', 'IS NULL') WHERE name = 'one_user_account'",
        # an index in the place of a table
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'vault') "
        "WHERE name = 'one_user_account'",
    ],
    ids=["index", "page"],
)
def test_damage_to_the_structure_is_said_in_sqlites_words(path: Path, vault: Vault, statement: str) -> None:
    spoil(path, "PRAGMA writable_schema = ON", statement)
    report = looked(path)
    assert codes(report) == ["STORE-08"]
    assert report.complaints
    assert "AB" not in " ".join(report.complaints)
    # What can be read is looked at all the same.
    assert seals(report) == {"Ett AB": Seal.OPENS, "Två AB": Seal.OPENS, "Tre AB": Seal.OPENS}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_ends_in_a_report_or_a_problem(
    data: st.DataObject, path: Path, vault: Vault, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.db"
    content = bytearray(path.read_bytes())
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.binary(min_size=1, max_size=40)), min_size=1)
    ):
        content[place : place + len(value)] = value
    damaged.write_bytes(content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content)
    try:
        report = inspect(VaultFile(damaged), MemoryKeychain(KEY))
    except ProblemError as failure:
        assert failure.code in ("STORE-07", "STORE-08", "STORE-09")  # noqa: PT017 - most damage ends in a report
    else:
        assert "canary" not in repr(report)
        for found in report.connections:
            assert found.seal is not Seal.OPENS or found.company_name


@pytest.mark.provokes("STORE-08")
def test_what_is_no_vault_cannot_be_looked_at(path: Path, vault: Vault) -> None:
    path.write_bytes(os.urandom(5000))
    with pytest.raises(ProblemError, match="STORE-08"):
        looked(path)


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_what_others_may_open_is_said_until_a_save_mends_it(path: Path, vault: Vault) -> None:
    for place, mode in ((path, 0o644), (path.parent, 0o755)):
        place.chmod(mode)
        assert looked(path).open_to_others
        vault.save(service(tenant_id=os.urandom(4).hex()), SECRETS)
        assert not looked(path).open_to_others


def test_a_new_key_that_was_cut_off_is_said(path: Path, vault: Vault) -> None:
    keychain = MemoryKeychain(KEY)
    keychain.make_next_key()
    report = looked(path, keychain)
    assert report.new_key_unfinished
    assert codes(report) == []


def test_an_older_file_is_looked_at_as_it_is(path: Path, vault: Vault) -> None:
    spoil(path, *(f"ALTER TABLE connection DROP COLUMN {name}" for name in ADDED_COLUMNS[2]),
          "DROP TABLE renewal", "DROP TABLE keep_alive", "PRAGMA user_version = 1")  # fmt: skip
    report = looked(path)
    assert report.schema_version == 1
    assert codes(report) == []
    assert set(seals(report).values()) == {Seal.OPENS}
