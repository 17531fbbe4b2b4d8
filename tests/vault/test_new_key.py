"""A new sealing key: nothing is lost, wherever it is cut off and whoever else is at work."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.problems import ProblemError, stop
from assistant.secret import Secret
from assistant.vault.connection import Connection, Secrets
from assistant.vault.new_key import make_new_key
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.sqlite_rows import SqliteReading, SqliteRows, SqliteWriting
from assistant.vault.store import Vault
from tests.vault.new_key_process import POINTS, FileKeychain
from tests.vault.samples import HOST, MOMENT, SECRETS, SERVICE, service, user

CHECKOUT = Path(__file__).parents[2]
OLD = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "vault.db"


@contextmanager
def problem(code: str) -> Iterator[None]:
    with pytest.raises(ProblemError) as caught:
        yield
    assert caught.value.code == code


def filled(vault: Vault, count: int = 5) -> dict[str, Secrets]:
    """Puts `count` connections of two integrations into the vault; their secrets by id."""
    held = {}
    for number in range(count):
        secrets = Secrets(refresh_token=Secret(f"refresh-{number}"), connection_credential=Secret(f"{number}" * 40))
        saved = vault.save(user(tenant_id=str(number)), secrets, client_secret=Secret("client-one"))
        held[saved.id] = secrets
    other = vault.save(service(client_id="another"), SECRETS, client_secret=Secret("client-two"))
    return {**held, other.id: SECRETS}


def assert_whole(vault: Vault, held: dict[str, Secrets]) -> None:
    assert {found.id for found in vault.connections()} == set(held)
    for connection_id, secrets in held.items():
        assert vault.secrets(connection_id) == secrets
    assert vault.client_secret(HOST, SERVICE.client_id) == Secret("client-one")
    assert vault.client_secret(HOST, "another") == Secret("client-two")


def test_every_seal_is_new_and_the_old_key_opens_nothing(path: Path) -> None:
    keychain = MemoryKeychain(OLD)
    held = filled(Vault(path, keychain))
    before = Vault(path, keychain).connections()
    assert make_new_key(SqliteRows(path), keychain) == len(held) + 2
    assert keychain.key() not in (None, OLD)
    assert keychain.next_key() is None
    assert Vault(path, keychain).connections() == before
    assert_whole(Vault(path, keychain), held)
    for connection_id in held:
        with problem("STORE-13"):
            Vault(path, MemoryKeychain(OLD)).secrets(connection_id)
    with problem("STORE-13"):
        Vault(path, MemoryKeychain(OLD)).save(user(), SECRETS)


def test_no_seal_of_the_old_key_is_left_on_the_disk(path: Path) -> None:
    vault = Vault(path, keychain := MemoryKeychain(OLD))
    filled(vault)
    with closing(sqlite3.connect(path)) as file:
        seals = [row[0] for row in file.execute("SELECT sealed FROM connection UNION SELECT sealed FROM client_secret")]
    on_disk = b"".join(file.read_bytes() for file in path.parent.rglob("*") if file.is_file())
    assert all(seal in on_disk for seal in seals)
    make_new_key(SqliteRows(path), keychain)
    on_disk = b"".join(file.read_bytes() for file in path.parent.rglob("*") if file.is_file())
    assert not any(seal in on_disk for seal in seals)


def test_where_nothing_is_sealed_nothing_is_changed(path: Path) -> None:
    keychain = MemoryKeychain()
    assert make_new_key(SqliteRows(path), keychain) == 0
    assert not path.parent.exists()
    vault = Vault(path, keychain)
    vault.remove(vault.save(service(), SECRETS).id)
    key = keychain.key()
    assert make_new_key(SqliteRows(path), keychain) == 0
    assert keychain.key() == key


@pytest.mark.provokes("STORE-06")
def test_a_damaged_row_stops_it_before_anything_is_changed(path: Path) -> None:
    keychain = MemoryKeychain(OLD)
    held = filled(Vault(path, keychain))
    damaged = next(iter(held))
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE connection SET sealed = zeroblob(60) WHERE id = ?", (damaged,))
        file.commit()
    before = path.read_bytes()
    with problem("STORE-06"):
        make_new_key(SqliteRows(path), keychain)
    assert (keychain.key(), keychain.next_key()) == (OLD, None)
    assert path.read_bytes() == before
    vault = Vault(path, keychain)
    assert vault.secrets(list(held)[1]) == held[list(held)[1]]
    vault.remove(damaged)
    assert make_new_key(SqliteRows(path), keychain) == len(held) + 1
    assert keychain.next_key() is None


def test_a_vault_with_the_old_key_in_memory_goes_on(path: Path) -> None:
    keychain = MemoryKeychain(OLD)
    vault = Vault(path, keychain)
    held = filled(vault)
    make_new_key(SqliteRows(path), keychain)
    assert_whole(vault, held)
    make_new_key(SqliteRows(path), keychain)
    added = vault.save(service(), SECRETS)
    assert_whole(Vault(path, keychain), {**held, added.id: SECRETS})


def test_a_first_save_after_all_was_removed_uses_the_key_of_the_keychain(path: Path) -> None:
    keychain = MemoryKeychain(OLD)
    long_running, other = Vault(path, keychain), Vault(path, keychain)
    connection = long_running.save(service(), SECRETS)
    make_new_key(SqliteRows(path), keychain)
    other.remove(connection.id)
    saved = long_running.save(service(), SECRETS)
    assert Vault(path, keychain).secrets(saved.id) == SECRETS


def test_a_renewal_under_way_meanwhile_saves_its_token(path: Path) -> None:
    """What must not happen: the row looks like another's, and the only copy of a refresh token is thrown away."""
    keychain = MemoryKeychain(OLD)
    vault = Vault(path, keychain, clock=lambda: MOMENT)
    connection = vault.save(user(), SECRETS)
    before = vault.renewals.held(connection.id)
    vault.renewals.begin(connection.id)
    make_new_key(SqliteRows(path), keychain)
    renewed = Secrets(refresh_token=Secret("the only copy"))
    assert vault.renewals.save(before, connection, renewed)
    again = Vault(path, keychain)
    assert again.secrets(connection.id) == renewed
    assert again.renewals.held(connection.id).begun_at is None


class MeanwhileRows(SqliteRows):
    """Lets something happen right after its first transaction has ended, before it is read back."""

    def __init__(self, path: Path, meanwhile: Callable[[], object]) -> None:
        super().__init__(path)
        self._meanwhile: Callable[[], object] | None = meanwhile

    @contextmanager
    def writing(self, *, leaving_nothing: bool = False) -> Iterator[SqliteWriting]:
        with super().writing(leaving_nothing=leaving_nothing) as writing:
            yield writing
        if self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()


def test_a_save_is_not_undone_by_a_new_key_before_it_is_read_back(path: Path) -> None:
    keychain = MemoryKeychain(OLD)
    held = filled(Vault(path, keychain))
    rows = MeanwhileRows(path, lambda: make_new_key(SqliteRows(path), keychain))
    saved = Vault(path, keychain, rows=rows).save(service(tenant_id="new"), SECRETS, client_secret=Secret("client-one"))
    assert_whole(Vault(path, keychain), {**held, saved.id: SECRETS})


class UnreadableOnceRows(MeanwhileRows):
    """What happened meanwhile is followed by a disk that cannot be read once."""

    def __init__(self, path: Path, meanwhile: Callable[[], object]) -> None:
        self.fails = False

        def then_fail() -> None:
            meanwhile()
            self.fails = True

        super().__init__(path, then_fail)

    @contextmanager
    def reading(self) -> Iterator[SqliteReading]:
        if self.fails:
            self.fails = False
            raise stop("STORE-14")
        with super().reading() as reading:
            yield reading


def test_what_cannot_be_read_back_is_not_put_back_over_a_new_key(path: Path) -> None:
    """It would be sealed with a key that is nowhere any more."""
    keychain = MemoryKeychain(OLD)
    held = filled(Vault(path, keychain))
    (one,) = Vault(path, keychain).find(tenant_id="0")
    rows = UnreadableOnceRows(path, lambda: make_new_key(SqliteRows(path), keychain))
    with problem("STORE-14"):
        Vault(path, keychain, rows=rows).save(one, SECRETS, client_secret=Secret("client-one"), replacing=one.id)
    assert_whole(Vault(path, keychain), {**held, one.id: SECRETS})


def test_a_new_key_that_cannot_be_read_back_is_not_put_back_over_a_newer_one(path: Path) -> None:
    keychain = MemoryKeychain(OLD)
    held = filled(Vault(path, keychain))
    with problem("STORE-14"):
        make_new_key(UnreadableOnceRows(path, lambda: make_new_key(SqliteRows(path), keychain)), keychain)
    assert keychain.next_key() is None
    assert_whole(Vault(path, keychain), held)


def test_two_new_keys_at_once_end_with_one(path: Path) -> None:
    keychain = MemoryKeychain(OLD)
    held = filled(Vault(path, keychain))
    rows = MeanwhileRows(path, lambda: make_new_key(SqliteRows(path), keychain))
    make_new_key(rows, keychain)
    assert keychain.next_key() is None
    assert_whole(Vault(path, keychain), held)


@pytest.mark.parametrize(
    ("meanwhile", "expected"),
    [
        (lambda vault, one: vault.remove(one.id), None),
        (lambda vault, one: vault.save(one, SECRETS, replacing=one.id), SECRETS),
        (
            lambda vault, one: vault.note(one.id, problem="TOKEN-07"),
            Secrets(refresh_token=Secret("refresh-0"), connection_credential=Secret("0" * 40)),
        ),
    ],
    ids=["removed", "saved", "noted"],
)
def test_others_at_work_between_commit_and_reading_back(
    path: Path, meanwhile: Callable[[Vault, Connection], object], expected: Secrets | None
) -> None:
    keychain = MemoryKeychain(OLD)
    vault = Vault(path, keychain)
    held = filled(vault)
    (one,) = vault.find(tenant_id="0")
    make_new_key(MeanwhileRows(path, lambda: meanwhile(vault, one)), keychain)
    assert keychain.next_key() is None
    again = Vault(path, keychain)
    assert {found.id for found in again.connections()} == held.keys() - {one.id} | {
        found.id for found in vault.find(tenant_id=one.tenant_id)
    }
    for connection in again.connections():
        assert again.secrets(connection.id) == (expected if connection.id == one.id else held[connection.id])


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE connection SET sealed = zeroblob(50) WHERE tenant_id <> 'meanwhile'",
        "UPDATE connection SET connected_at = 'never' WHERE tenant_id = '2'",
        "UPDATE client_secret SET sealed = zeroblob(50)",
        "UPDATE client_secret SET written_at = 'never'",
        "UPDATE vault SET key_check = NULL",
        "UPDATE vault SET key_check = zeroblob(40)",
    ],
)
@pytest.mark.provokes("STORE-11")
def test_what_is_read_back_different_brings_the_old_key_back(path: Path, spoil: str) -> None:
    keychain = MemoryKeychain(OLD)
    held = filled(Vault(path, keychain))

    def save_then_spoil() -> None:
        # What somebody saves with the new key just before is not lost either.
        held[Vault(path, keychain).save(service(tenant_id="meanwhile"), SECRETS).id] = SECRETS
        with closing(sqlite3.connect(path)) as file:
            file.execute(spoil)
            file.commit()

    with problem("STORE-11"):
        make_new_key(MeanwhileRows(path, save_then_spoil), keychain)
    assert keychain.key() == OLD
    assert keychain.next_key() is None
    assert_whole(Vault(path, keychain), held)


class FailingKeychain(MemoryKeychain):
    """Locks itself before its call number `calls`."""

    def __init__(self, key: bytes, calls: int) -> None:
        super().__init__(key)
        self.calls: int | None = calls

    def _count(self) -> None:
        if self.calls is not None:
            if self.calls == 0:
                raise stop("STORE-02", system="Linux")
            self.calls -= 1

    def key(self) -> bytes | None:
        self._count()
        return super().key()

    def next_key(self) -> bytes | None:
        self._count()
        return super().next_key()

    def make_next_key(self) -> bytes:
        self._count()
        return super().make_next_key()

    def adopt_next_key(self) -> None:
        self._count()
        super().adopt_next_key()

    def drop_next_key(self) -> None:
        self._count()
        super().drop_next_key()


def test_a_keychain_that_locks_at_any_moment_loses_nothing(path: Path) -> None:
    vault = Vault(path, MemoryKeychain(OLD))
    held = filled(vault)
    key = OLD
    for calls in range(20):
        keychain = FailingKeychain(key, calls)
        ended = answer(lambda: make_new_key(SqliteRows(path), keychain)) != "STORE-02"  # noqa: B023 - called at once
        keychain.calls = None
        assert_whole(Vault(path, keychain), held)
        make_new_key(SqliteRows(path), keychain)
        assert keychain.next_key() is None
        assert_whole(Vault(path, keychain), held)
        key = keychain.key() or b""
        if ended:
            break
    assert ended
    assert calls > 3


def answer(act: Callable[[], object]) -> object:
    """What `act` returns, or the code of the problem it ends in."""
    try:
        return act()
    except ProblemError as failure:
        return failure.code


def start(path: Path, keys: Path, point: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.vault.new_key_process", str(path), str(keys), point],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_any_named_point_leaves_a_vault_that_opens(tmp_path: Path, path: Path, point: str) -> None:
    keys = tmp_path / "keys.json"
    long_running = Vault(path, FileKeychain(keys))
    held = filled(long_running)
    old = FileKeychain(keys).key()
    code, said = start(path, keys, point)
    assert (code, said) == (-9, "ready\n")
    assert_whole(Vault(path, FileKeychain(keys)), held)
    assert_whole(long_running, held)
    added = Vault(path, FileKeychain(keys)).save(service(tenant_id="new"), SECRETS, client_secret=Secret("client-one"))
    held[added.id] = SECRETS
    assert_whole(long_running, held)
    # The next one ends what was begun, and the old key is nowhere.
    assert start(path, keys, "none") == (0, f"ready\ndone {len(held) + 2}\n")
    keychain = FileKeychain(keys)
    assert keychain.next_key() is None
    assert keychain.key() != old
    assert len(keys.read_text().split(",")) == 1
    assert_whole(Vault(path, keychain), held)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_kill_at_any_moment_leaves_a_vault_that_opens(tmp_path: Path, path: Path) -> None:
    keys = tmp_path / "keys.json"
    held = filled(Vault(path, FileKeychain(keys)))
    moments = random.Random(20261123)
    ended = 0
    for _ in range(25):
        code, said = start(path, keys, f"after:{moments.uniform(0.0, 0.12)}")
        assert code in (0, -9)
        ended += "done" in said
        assert_whole(Vault(path, FileKeychain(keys)), held)
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert ended < 25  # some were killed in time


def test_others_read_and_save_all_the_while(path: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    held = filled(Vault(path, FileKeychain(keys)))
    failures: list[BaseException] = []
    added: dict[str, Secrets] = {}
    over = threading.Event()

    def work(name: str) -> None:
        vault, number = Vault(path, FileKeychain(keys)), 0
        try:
            while not over.is_set() or number < 3:
                number += 1
                secrets = Secrets(refresh_token=Secret(f"{name}-{number}"))
                saved = vault.save(user(tenant_id=f"{name}-{number}", connected_at=MOMENT + timedelta(1)), secrets)
                added[saved.id] = secrets
                for connection_id, expected in held.items():
                    assert vault.secrets(connection_id) == expected
        except BaseException as failure:
            failures.append(failure)
            raise

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    try:
        for _ in range(4):
            assert start(path, keys, "none")[0] == 0
    finally:
        over.set()
        for thread in threads:
            thread.join(60)
    assert failures == []
    assert len(added) >= 6
    assert_whole(Vault(path, FileKeychain(keys)), held | added)
