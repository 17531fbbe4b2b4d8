"""A backup is whole and of one moment, whoever writes meanwhile; and what an older one means once it is put back."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.vault.backup import back_up
from assistant.vault.connection import Secrets
from assistant.vault.new_key import make_new_key
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.sqlite_rows import SqliteRows
from assistant.vault.store import Vault
from assistant.vault.vault_file import VaultFile
from tests.vault.samples import HOST, SECRETS, service, user
from tests.vault.saving_process import KEY

CHECKOUT = Path(__file__).parents[2]
posix_only = pytest.mark.skipif(os.name != "posix", reason="permission bits")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "vault.db"


@pytest.fixture
def vault(path: Path) -> Vault:
    return Vault(path, MemoryKeychain(KEY))


@contextmanager
def problem(code: str) -> Iterator[None]:
    with pytest.raises(ProblemError) as caught:
        yield
    assert caught.value.code == code


def test_a_backup_is_a_vault_with_everything_in_it(path: Path, vault: Vault, tmp_path: Path) -> None:
    one = vault.save(user(), SECRETS, client_secret=Secret("client"))
    two = vault.save(service(), Secrets(connection_credential=Secret("other")))
    target = tmp_path / "backup.db"
    assert back_up(VaultFile(path), target) == 2
    copy = Vault(target, MemoryKeychain(KEY))
    assert copy.connections() == vault.connections()
    assert copy.secrets(one.id) == SECRETS
    assert copy.secrets(two.id) == Secrets(connection_credential=Secret("other"))
    assert copy.client_secret(HOST, one.client_id) == Secret("client")
    assert sorted(found.name for found in tmp_path.iterdir()) == ["backup.db", "data"]


@posix_only
def test_it_is_the_owners_alone(path: Path, vault: Vault, tmp_path: Path) -> None:
    vault.save(service(), SECRETS)
    before = os.umask(0)
    try:
        back_up(VaultFile(path), tmp_path / "backup.db")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "backup.db").stat().st_mode) == 0o600


def test_without_a_vault_there_is_no_backup(path: Path, tmp_path: Path) -> None:
    assert back_up(VaultFile(path), tmp_path / "backup.db") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.provokes("COPY-01")
def test_nothing_is_written_over_unasked(path: Path, vault: Vault, tmp_path: Path) -> None:
    vault.save(service(), SECRETS)
    target = tmp_path / "backup.db"
    target.write_text("precious")
    with problem("COPY-01"):
        back_up(VaultFile(path), target)
    assert target.read_text() == "precious"
    assert back_up(VaultFile(path), target, replace=True) == 1
    assert Vault(target, MemoryKeychain(KEY)).connections() == vault.connections()
    assert sorted(found.name for found in tmp_path.iterdir()) == ["backup.db", "data"]


@posix_only
def test_a_link_is_not_followed(path: Path, vault: Vault, tmp_path: Path) -> None:
    vault.save(service(), SECRETS)
    precious, link = tmp_path / "precious", tmp_path / "backup.db"
    precious.write_text("precious")
    for aim in (precious, tmp_path / "nowhere"):
        link.unlink(missing_ok=True)
        link.symlink_to(aim)
        with problem("COPY-01"):
            back_up(VaultFile(path), link)
        assert link.is_symlink()
        back_up(VaultFile(path), link, replace=True)
        assert not link.is_symlink()
        assert precious.read_text() == "precious"


@pytest.mark.provokes("COPY-02")
def test_the_vault_is_not_replaced_by_its_own_backup(path: Path, vault: Vault, tmp_path: Path) -> None:
    vault.save(service(), SECRETS)
    (tmp_path / "link").symlink_to(path.parent)
    before = path.stat().st_ino
    for target in (path, path.with_name("vault.db-journal"), tmp_path / "link" / "vault.db"):
        with problem("COPY-02"):
            back_up(VaultFile(path), target, replace=True)
    assert path.stat().st_ino == before


@pytest.mark.provokes("COPY-02")
def test_a_place_that_takes_no_file(path: Path, vault: Vault, tmp_path: Path) -> None:
    vault.save(service(), SECRETS)
    (tmp_path / "folder").mkdir()
    with problem("COPY-02"):
        back_up(VaultFile(path), tmp_path / "missing" / "backup.db")
    with problem("COPY-02"):
        back_up(VaultFile(path), tmp_path / "folder", replace=True)
    with problem("COPY-02"):
        back_up(VaultFile(path), path / "backup.db")
    assert list((tmp_path / "folder").iterdir()) == []
    assert sorted(found.name for found in tmp_path.iterdir()) == ["data", "folder"]


@pytest.mark.provokes("STORE-08")
def test_a_damaged_vault_replaces_no_good_backup(path: Path, vault: Vault, tmp_path: Path) -> None:
    vault.save(service(), SECRETS)
    target = tmp_path / "backup.db"
    back_up(VaultFile(path), target)
    good = target.read_bytes()
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA writable_schema = ON")
        file.execute("UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'vault') "
                     "WHERE name = 'one_user_account'")  # fmt: skip
        file.commit()
    with problem("STORE-08"):
        back_up(VaultFile(path), target, replace=True)
    assert target.read_bytes() == good
    assert sorted(found.name for found in tmp_path.iterdir()) == ["backup.db", "data"]


def test_it_is_of_one_moment_while_another_process_writes(path: Path, vault: Vault, tmp_path: Path) -> None:
    vault.save(user(), Secrets(refresh_token=Secret("0")), client_secret=Secret("0"))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.vault.writing_process", str(path)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    numbers = set()
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for number in range(40):
            target = tmp_path / f"backup-{number}.db"
            assert back_up(VaultFile(path), target) == 1
            copy = Vault(target, MemoryKeychain(KEY))
            (connection,) = copy.connections()
            token = copy.secrets(connection.id).refresh_token
            assert token == copy.client_secret(HOST, connection.client_id)
            assert token is not None
            numbers.add(token.reveal())
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
    assert len(numbers) > 3  # it did write meanwhile


class TestPutBack:
    """What docs/vault.md says about a backup that is put back."""

    def test_rows_are_those_of_then_and_open(self, path: Path, vault: Vault, tmp_path: Path) -> None:
        eva = vault.save(user(), Secrets(refresh_token=Secret("then")))
        account = vault.save(service(), SECRETS)
        target = tmp_path / "backup.db"
        back_up(VaultFile(path), target)
        vault.save(eva, Secrets(refresh_token=Secret("now")), replacing=eva.id)
        later = vault.save(service(tenant_id="2"), SECRETS)
        target.replace(path)
        # The program needs no start for it: the vault is opened anew for each call.
        assert vault.secrets(eva.id) == Secrets(refresh_token=Secret("then"))
        assert vault.secrets(account.id) == SECRETS
        assert vault.connection(later.id) is None

    @pytest.mark.provokes("STORE-13")
    def test_one_from_before_a_new_key_is_told_from_damage(self, path: Path, vault: Vault, tmp_path: Path) -> None:
        connection = vault.save(user(), SECRETS)
        target = tmp_path / "backup.db"
        back_up(VaultFile(path), target)
        keychain = MemoryKeychain(KEY)
        make_new_key(SqliteRows(path), keychain)
        target.replace(path)
        again = Vault(path, keychain)
        assert [found.id for found in again.connections()] == [connection.id]
        with problem("STORE-13"):
            again.secrets(connection.id)
        # Once the old key is out of the keychain, no save seals half of it with another.
        with problem("STORE-13"):
            again.save(service(), SECRETS)
