"""Setting a vault aside: all of it is kept, nothing is written over, nobody is written under, and saving goes on."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.problems import ProblemError
from assistant.vault import set_aside as setting_aside
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.set_aside import set_aside
from assistant.vault.store import Vault
from tests.vault.samples import SECRETS, service

MOMENT = datetime(2026, 11, 23, 12, 30, 15, tzinfo=UTC)
NAME = f"vault {MOMENT.astimezone():%Y-%m-%d %H.%M.%S}"
CRASHING = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size = 1")
database.execute("BEGIN IMMEDIATE")
database.execute("UPDATE connection SET company_name = 'half'")
database.execute("CREATE TABLE filling (bytes BLOB)")
for _ in range(50):
    database.execute("INSERT INTO filling VALUES (zeroblob(5000))")
os._exit(9)
"""
"""Cut off in the middle of a save, with a part of it in the file already."""
OTHER_KEY = bytes(reversed(range(32)))


@contextmanager
def problem(code: str) -> Iterator[None]:
    with pytest.raises(ProblemError) as caught:
        yield
    assert caught.value.code == code


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "vault.db"


@pytest.fixture
def saved(path: Path) -> MemoryKeychain:
    """A vault with one connection, and its key."""
    keychain = MemoryKeychain()
    Vault(path, keychain).save(service(), SECRETS)
    return keychain


def names(folder: Path) -> list[str]:
    """The vaults in `folder`; each may have a journal beside it, which is at rest between writes."""
    return sorted(each.name for each in folder.iterdir() if not each.name.endswith("-journal"))


def at(path: Path, keychain: MemoryKeychain) -> Vault:
    return Vault(path, keychain, clock=lambda: MOMENT)


# The file.


def test_the_file_is_kept_as_it_was_under_its_date(path: Path, saved: MemoryKeychain) -> None:
    before = path.read_bytes()
    kept = set_aside(path, MOMENT)
    assert kept == path.with_name(f"{NAME}.db")
    assert kept.read_bytes() == before
    assert names(path.parent) == [f"{NAME}.db"]
    if os.name == "posix":
        assert kept.stat().st_mode & 0o777 == 0o600
    Vault(kept, saved).secrets(Vault(kept, saved).connections()[0].id)


def test_nothing_that_exists_is_written_over(path: Path, saved: MemoryKeychain) -> None:
    first, second = path.with_name(f"{NAME}.db"), path.with_name(f"{NAME} (2).db-journal")
    first.write_bytes(b"somebody's")
    second.write_bytes(b"somebody's journal")
    kept = set_aside(path, MOMENT)
    assert kept == path.with_name(f"{NAME} (3).db")
    assert (first.read_bytes(), second.read_bytes()) == (b"somebody's", b"somebody's journal")


def test_its_journal_goes_with_it(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no vault at all, but with a journal beside it")
    journal = path.with_name("vault.db-journal")
    journal.write_bytes(b"\0" * 600)
    kept = set_aside(path, MOMENT)
    assert kept is not None
    assert sorted(each.name for each in path.parent.iterdir()) == sorted([kept.name, f"{kept.name}-journal"])


def test_a_save_that_was_cut_off_is_brought_to_rest_first(path: Path, saved: MemoryKeychain) -> None:
    """A journal that is still needed would otherwise be taken for that of the file that comes next."""
    assert subprocess.run([sys.executable, "-c", CRASHING, str(path)], check=False).returncode == 9
    assert path.with_name("vault.db-journal").exists(), "there is something to bring to rest"
    kept = set_aside(path, MOMENT)
    assert kept is not None
    assert [each.company_name for each in Vault(kept, saved).connections()] != ["half"]
    Vault(path, saved).save(service(), SECRETS)
    assert len(Vault(path, saved).connections()) == 1


def test_there_may_be_nothing(path: Path) -> None:
    assert set_aside(path, MOMENT) is None
    assert not path.parent.exists()


@pytest.mark.provokes("STORE-14")
def test_not_while_somebody_writes(path: Path, saved: MemoryKeychain) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with problem("STORE-14"):
            set_aside(path, MOMENT, busy_seconds=0.1)
        assert names(path.parent) == ["vault.db"]
        other.execute("ROLLBACK")
    assert set_aside(path, MOMENT) is not None


def test_of_two_that_do_it_at_once_one_does(path: Path, saved: MemoryKeychain, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds the file of the next save in its place, which is not the one that could not be used."""
    waited = setting_aside._nobody_writing

    @contextmanager
    def another_comes_first(place: Path, busy_seconds: float) -> Iterator[None]:
        with waited(place, busy_seconds):
            monkeypatch.setattr(setting_aside, "_nobody_writing", waited)
            place.rename(place.with_name("first.db"))
            Vault(place, MemoryKeychain()).save(service(company_name="New AB"), SECRETS)
            yield

    monkeypatch.setattr(setting_aside, "_nobody_writing", another_comes_first)
    assert set_aside(path, MOMENT) is None
    assert [each.company_name for each in Vault(path, saved).connections()] == ["New AB"]


@pytest.mark.provokes("STORE-09")
def test_a_rename_that_fails_leaves_everything_where_it_was(
    path: Path, saved: MemoryKeychain, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = path.with_name("vault.db-journal")
    journal.write_bytes(b"")
    renamed = os.replace

    def refused(old: Path, new: Path) -> None:
        if old == path:
            raise PermissionError(13, "refused")
        renamed(old, new)

    monkeypatch.setattr(os, "replace", refused)
    with problem("STORE-09"):
        set_aside(path, MOMENT)
    assert names(path.parent) in (["vault.db"], ["vault.db", "vault.db-journal"])


def test_windows_says_by_the_renaming_that_somebody_has_it_open(
    path: Path, saved: MemoryKeychain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shared(old: Path, new: Path) -> None:
        failure = PermissionError(13, "the process cannot access the file")
        failure.winerror = 32  # type: ignore[attr-defined, unused-ignore]
        raise failure

    monkeypatch.setattr(os, "replace", shared)
    with problem("STORE-14"):
        set_aside(path, MOMENT)


# The vault.


@pytest.mark.provokes("STORE-05")
def test_a_vault_without_its_key_is_set_aside_and_saved_in_again(path: Path, saved: MemoryKeychain) -> None:
    vault = at(path, MemoryKeychain())
    met = vault.key_problem()
    assert met is not None
    assert met.code == "STORE-05"
    with problem("STORE-05"):
        vault.unlock()
    with problem("STORE-05"):
        vault.save(service(), SECRETS)
    assert vault.set_aside("STORE-05") == f"{NAME}.db"
    vault.unlock()
    assert vault.key_problem() is None
    connection = vault.save(service(company_name="Ny AB"), SECRETS)
    assert vault.secrets(connection.id) == SECRETS
    assert vault.connections() == (connection,)
    kept = Vault(path.with_name(f"{NAME}.db"), saved)
    assert kept.secrets(kept.connections()[0].id) == SECRETS, "with its own key it can be brought back"


@pytest.mark.provokes("STORE-13")
def test_a_vault_whose_key_does_not_fit_is_set_aside_and_the_key_stays(path: Path, saved: MemoryKeychain) -> None:
    keychain = MemoryKeychain(OTHER_KEY)
    vault = at(path, keychain)
    met = vault.key_problem()
    assert met is not None
    assert met.code == "STORE-13"
    with problem("STORE-13"):
        vault.unlock()
    assert vault.set_aside("STORE-13") == f"{NAME}.db"
    vault.save(service(), SECRETS)
    assert keychain.key() == OTHER_KEY, "another vault may need it"


@pytest.mark.provokes("STORE-08")
def test_a_vault_that_is_damaged_is_set_aside(path: Path, saved: MemoryKeychain) -> None:
    path.write_bytes(b"damaged " * 1000)
    vault = at(path, saved)
    with problem("STORE-08"):
        vault.save(service(), SECRETS)
    assert vault.set_aside("STORE-08") == f"{NAME}.db"
    vault.save(service(), SECRETS)
    assert path.with_name(f"{NAME}.db").read_bytes() == b"damaged " * 1000


@pytest.mark.parametrize("code", ["STORE-05", "STORE-13"])
def test_what_opens_after_all_is_left_alone(path: Path, saved: MemoryKeychain, code: str) -> None:
    """The key was brought back while the question stood on the page."""
    assert at(path, saved).set_aside(code) is None
    assert names(path.parent) == ["vault.db"]


def test_a_key_that_cannot_be_asked_is_no_reason(path: Path, saved: MemoryKeychain) -> None:
    from assistant.problems import stop

    class Locked(MemoryKeychain):
        def key(self) -> bytes | None:
            raise stop("STORE-02", system="Linux")

    with problem("STORE-02"):
        at(path, Locked()).set_aside("STORE-05")
    assert names(path.parent) == ["vault.db"]


def test_nothing_sealed_needs_no_key(path: Path) -> None:
    vault = at(path, MemoryKeychain())
    assert vault.key_problem() is None
    vault.unlock()
    assert not path.parent.exists()


def test_it_can_be_done_again_and_again(path: Path) -> None:
    moments = iter(MOMENT + timedelta(seconds=second) for second in range(20))
    for number in range(3):
        vault = Vault(path, MemoryKeychain(), clock=lambda: next(moments))
        if number:
            assert vault.set_aside("STORE-05") is not None
        vault.save(service(), SECRETS)
    assert len(names(path.parent)) == 3
