"""What came of a renewal is not lost by a file that goes away, a bad disk, a waiting keychain, or another's removal."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Access
from assistant.practice.server import PracticeServer
from assistant.problems import ProblemError, stop
from assistant.secret import Secret
from assistant.vault.backup import back_up
from assistant.vault.connection import Connection, Secrets
from assistant.vault.integrity import inspect
from assistant.vault.lock import WAIT_SECONDS
from assistant.vault.new_key import _Resealed, make_new_key
from assistant.vault.renewal import REQUEST_SECONDS
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.sqlite_rows import BUSY_SECONDS, SqliteRows, SqliteWriting
from assistant.vault.store import Vault
from assistant.vault.vault_file import VaultFile
from tests.vault.at_practice import KEY, client, connected, live_refresh_tokens, renewals, tokens_of, vault_at
from tests.vault.samples import SECRETS, service, user
from tests.vault.test_tokens_disk import fill, small

__all__ = ["small"]


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault" / "connections.db"


def holds_the_live_one(server: PracticeServer, path: Path, connection: Connection) -> bool:
    (alive,) = live_refresh_tokens(server)
    return vault_at(path).secrets(connection.id).refresh_token == Secret(alive)


# ---- the file goes away


@pytest.mark.provokes("STORE-18")
def test_a_file_that_went_away_was_not_removed_by_anybody(
    server: PracticeServer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connected(server, path)
    away = path.with_name("away.db")
    monkeypatch.setattr("assistant.vault.renewing.SAVE_PAUSES", (0.01, 0.01))
    with pytest.raises(ProblemError) as lost:
        tokens_of(path, reached=lambda at: path.rename(away) if at == "saving" else None).access_token(connection.id)
    assert lost.value.code == "STORE-18"
    assert not path.exists(), "an empty vault would hide that the real one is away"
    assert len(live_refresh_tokens(server)) == 1, "nothing was revoked"


def test_a_file_that_comes_back_in_time_loses_nothing(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    away = path.with_name("away.db")

    def leave_for_a_while(at: str) -> None:
        if at == "saving":
            path.rename(away)
            threading.Timer(0.6, away.rename, (path,)).start()

    tokens_of(path, reached=leave_for_a_while).access_token(connection.id)
    assert holds_the_live_one(server, path, connection)


def test_an_older_file_does_not_say_that_it_was_removed(
    server: PracticeServer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault_at(path).save(service(), SECRETS)
    back_up(VaultFile(path), path.with_name("older.db"))
    connection = connected(server, path)
    monkeypatch.setattr("assistant.vault.renewing.SAVE_PAUSES", (0.01,))

    def put_back(at: str) -> None:
        if at == "saving":
            path.with_name("older.db").replace(path)

    with pytest.raises(ProblemError) as lost:
        tokens_of(path, reached=put_back).access_token(connection.id)
    assert lost.value.code == "STORE-18"
    assert len(live_refresh_tokens(server)) == 1


@pytest.mark.provokes("STORE-09")
def test_nothing_is_sent_once_the_file_is_away(server: PracticeServer, path: Path) -> None:
    connection = connected(server, path)
    held = vault_at(path).renewals.held(connection.id)

    def client_after_it_left(endpoints: Endpoints, access: Access) -> Client:
        path.rename(path.with_name("away.db"))
        return client(endpoints, access)

    with pytest.raises(ProblemError) as stopped:
        tokens_of(path, client=client_after_it_left).access_token(connection.id)
    assert stopped.value.code == "STORE-09"
    assert not path.exists()
    assert server.log == []
    assert not vault_at(path).renewals.is_removed(held)


# ---- a bad disk


class Corrupting(SqliteRows):
    """Spoils the sealed bytes of what is written, as often as it is told."""

    times = 0

    @contextmanager
    def writing(self, *, leaving_nothing: bool = False, make: bool = True) -> Iterator[SqliteWriting]:
        with super().writing(leaving_nothing=leaving_nothing, make=make) as writing:
            yield writing
        if self.times:
            self.times -= 1
            with closing(sqlite3.connect(self._path)) as database:
                database.execute("UPDATE connection SET sealed = zeroblob(40)")
                database.commit()


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_reads_back_wrong_is_written_again(server: PracticeServer, path: Path, times: int) -> None:
    connection = connected(server, path)
    rows = Corrupting(path)
    vault = Vault(path, MemoryKeychain(KEY), rows=rows)
    tokens = tokens_of(path, reached=lambda at: setattr(rows, "times", times) if at == "saving" else None)
    tokens._vault = vault
    tokens.access_token(connection.id)
    assert rows.times == 0
    assert holds_the_live_one(server, path, connection)
    assert renewals(server) == 1


# ---- the keychain is waited for while another commits


class Slow(MemoryKeychain):
    """Takes its time, and lets something happen meanwhile."""

    def __init__(self, path: Path) -> None:
        super().__init__(KEY)
        self.path = path
        self.committed = 0

    def key(self) -> bytes | None:
        rows = SqliteRows(self.path, busy_seconds=0.2)
        with rows.writing() as writing:
            writing.next_version()
        self.committed += 1
        return super().key()

    def next_key(self) -> bytes | None:
        with SqliteRows(self.path, busy_seconds=0.2).writing() as writing:
            writing.next_version()
        return super().next_key()


@pytest.mark.parametrize("act", ["held", "secrets", "client_secret", "key_problem", "inspect"])
def test_while_the_keychain_is_waited_for_others_can_commit(path: Path, act: str) -> None:
    connection = vault_at(path).save(user(), SECRETS, client_secret=Secret("client"))
    keychain = Slow(path)
    vault = Vault(path, keychain)
    match act:
        case "held":
            assert vault.renewals.held(connection.id).secrets == SECRETS
        case "secrets":
            assert vault.secrets(connection.id) == SECRETS
        case "client_secret":
            assert vault.client_secret(connection.endpoints.authorize_host, connection.client_id) == Secret("client")
        case "key_problem":
            assert vault.key_problem() is None
        case _:
            assert inspect(VaultFile(path), keychain).problems == ()
    assert keychain.committed


def test_while_a_backup_is_written_others_can_commit(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault_at(path).save(user(), SECRETS)
    impatient = Vault(path, MemoryKeychain(KEY), rows=SqliteRows(path, busy_seconds=0.2))
    from assistant.vault import backup

    original = backup._write

    def slow(memory: sqlite3.Connection, target: Path) -> None:
        impatient.save(service(), SECRETS)
        original(memory, target)

    monkeypatch.setattr(backup, "_write", slow)
    assert back_up(VaultFile(path), tmp_path / "backup.db") == 1
    assert len(impatient.connections()) == 2


def test_whoever_waits_for_the_lock_waits_longer_than_any_renewal_takes() -> None:
    assert Limits().total == REQUEST_SECONDS
    assert 2 * BUSY_SECONDS + 2 * Limits().total + (0.2 + 1.0 + 4.0 + 4 * BUSY_SECONDS) < WAIT_SECONDS


# ---- the room that a renewal took


@pytest.mark.parametrize("act", ["remove", "new key"])
def test_what_others_remove_leaves_a_renewal_its_room(server: PracticeServer, small: Path, act: str) -> None:
    path = small / "connections.db"
    connection = connected(server, path)
    other = vault_at(path).save(service(tenant_id="gone"), SECRETS)
    keychain = MemoryKeychain(KEY)

    def others(point: str) -> None:
        if point == "begun":
            if act == "remove":
                assert vault_at(path).remove(other.id)
            else:
                make_new_key(SqliteRows(path), keychain)
            fill(small)

    tokens = tokens_of(path, reached=others)
    tokens._vault = Vault(path, keychain)
    tokens.access_token(connection.id)
    (alive,) = live_refresh_tokens(server)
    assert Vault(path, keychain).secrets(connection.id).refresh_token == Secret(alive)


def test_nothing_of_what_was_removed_is_left_in_the_journal(path: Path) -> None:
    vault = vault_at(path)
    keep, gone = vault.save(service(), SECRETS), vault.save(user(company_name="Bortglömda AB"), SECRETS)
    vault.renewals.begin(gone.id)
    journal = path.with_name(f"{path.name}-journal")
    size = journal.stat().st_size
    vault.remove(gone.id)
    assert journal.stat().st_size >= size
    assert not any(journal.read_bytes())
    assert b"Bortgl" not in path.read_bytes()
    assert vault.connections() == (keep,)


def test_the_journal_is_not_wiped_while_another_writes(path: Path) -> None:
    """Another transaction that came first needs its journal to be undone."""
    vault_at(path).save(service(), SECRETS)
    gone = vault_at(path).save(user(), SECRETS)
    rows = SqliteRows(path)
    original = rows._wipe_journal
    done = threading.Event()

    def another_first(database: sqlite3.Connection) -> None:
        def write() -> None:
            with SqliteRows(path).writing() as writing:
                writing.next_version()
                started.set()
                time.sleep(0.5)
                done.set()

        started = threading.Event()
        threading.Thread(target=write).start()
        assert started.wait(10)
        original(database)
        assert done.is_set()

    rows._wipe_journal = another_first  # type: ignore[method-assign]
    assert Vault(path, MemoryKeychain(KEY), rows=rows).remove(gone.id)
    assert inspect(VaultFile(path), MemoryKeychain(KEY)).problems == ()


# ---- the mark of a renewal


def test_a_connection_made_again_has_no_renewal_begun(path: Path) -> None:
    connection = vault_at(path).save(user(), SECRETS)
    vault_at(path).renewals.begin(connection.id)
    vault_at(path).save(connection, Secrets(refresh_token=Secret("new")), replacing=connection.id)
    assert vault_at(path).renewals.held(connection.id).begun_at is None


class FailsSecond(SqliteRows):
    """The second transaction fails."""

    turn = 0

    @contextmanager
    def writing(self, *, leaving_nothing: bool = False, make: bool = True) -> Iterator[SqliteWriting]:
        with super().writing(leaving_nothing=leaving_nothing, make=make) as writing:
            yield writing
            self.turn += 1
            if self.turn == 2:
                raise stop("STORE-10")


@pytest.mark.parametrize("before", [False, True])
def test_a_beginning_that_fails_half_way_is_undone(path: Path, before: bool) -> None:
    connection = vault_at(path).save(user(), SECRETS)
    if before:
        vault_at(path).renewals.begin(connection.id)
    with pytest.raises(ProblemError):
        FailsSecond(path).begin_renewal(connection.id, datetime.now(UTC))
    begun = vault_at(path).renewals.held(connection.id).begun_at
    assert (begun is not None) is before, "what an earlier renewal left open stays open"


def test_a_resealed_row_shows_nothing_of_what_is_in_it() -> None:
    row = VaultFile  # any row: only the secret must not show
    assert "canary" not in repr(_Resealed(row, row, b"canary"))  # type: ignore[arg-type]
