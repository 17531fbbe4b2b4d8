"""The disk fails under save, remove, backup and a new key: nothing is lost, and each failure is said with its code."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.vault.backup import back_up
from assistant.vault.connection import Connection, Secrets
from assistant.vault.export import export
from assistant.vault.new_key import make_new_key
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.sqlite_rows import SqliteRows, SqliteWriting
from assistant.vault.store import Vault
from assistant.vault.vault_file import VaultFile
from tests.vault.samples import HOST, MOMENT, SECRETS, service, user
from tests.vault.test_store_faults import can_mount, root_only, small_disk

KEY = bytes(range(32))
posix_only = pytest.mark.skipif(os.name != "posix", reason="permission bits")


class World:
    """A vault with two companies, and what is done with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.keychain = MemoryKeychain(KEY)
        self.vault = Vault(path, self.keychain)
        self.account = self.vault.save(service(), SECRETS, client_secret=Secret("client"))
        self.eva = self.vault.save(user(connected_at=MOMENT + timedelta(1)), SECRETS)

    def save(self) -> Connection:
        return self.vault.save(user(tenant_id="new", company_name="x" * 20_000), SECRETS)

    def replace(self) -> Connection:
        return self.vault.save(self.eva, Secrets(refresh_token=Secret("x" * 20_000)), replacing=self.eva.id)

    def set_client_secret(self) -> None:
        self.vault.set_client_secret(HOST, self.account.client_id, Secret("x" * 20_000))

    def remove(self) -> bool:
        return self.vault.remove(self.account.id)

    def new_key(self) -> int:
        return make_new_key(SqliteRows(self.path), self.keychain)

    @property
    def changes(self) -> tuple[Callable[[], object], ...]:
        return (self.save, self.replace, self.set_client_secret, self.remove, self.new_key)

    def assert_whole(self) -> None:
        """As it was, for this program and for one that starts now."""
        for vault in (self.vault, Vault(self.path, self.keychain)):
            assert vault.connections() == (self.account, self.eva)
            assert vault.secrets(self.account.id) == vault.secrets(self.eva.id) == SECRETS
            assert vault.client_secret(HOST, self.account.client_id) == Secret("client")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "data" / "vault.db")


@contextmanager
def problem(*codes: str) -> Iterator[None]:
    with pytest.raises(ProblemError) as caught:
        yield
    assert caught.value.code in codes


def usable(path: Path) -> str | None:
    found = Vault(path, MemoryKeychain(KEY)).usable()
    return None if found is None else found.code


@contextmanager
def disk(place: Path, size: str) -> Iterator[Path]:
    if not can_mount(place.with_name("probe")):
        pytest.skip("this machine lets nobody mount")
    with small_disk(place, size=size):
        yield place


def fill(place: Path) -> Path:
    filler = place / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


@root_only
class TestFullDisk:
    @pytest.mark.provokes("STORE-10")
    def test_every_change_is_whole_or_did_not_happen(self, tmp_path: Path) -> None:
        with disk(tmp_path / "small", "6m") as place:
            world = World(place / "data" / "vault.db")
            filler = fill(place)
            for act in (world.save, world.replace, world.set_client_secret):
                with problem("STORE-10"):
                    act()
                world.assert_whole()
            # These write no more than there is: in the room of the old journal they may succeed, or say they did not.
            for act in (world.new_key, world.remove):
                done = False
                with suppress(ProblemError):
                    act()
                    done = True
                if act == world.remove and done:
                    assert world.vault.connections() == (world.eva,)
                    assert world.vault.secrets(world.eva.id) == SECRETS
                else:
                    world.assert_whole()
            filler.unlink()
            assert world.vault.secrets(world.eva.id) == SECRETS
            world.save()

    @pytest.mark.provokes("STORE-10")
    def test_a_new_key_that_finds_no_room(self, tmp_path: Path) -> None:
        with disk(tmp_path / "small", "6m") as place:
            world = World(place / "data" / "vault.db")
            before = world.keychain.key()
            # More sealed bytes than the journal that is there has room for.
            for number in range(40):
                world.vault.set_client_secret("host", str(number), Secret("x" * 3000))
            world.path.with_name("vault.db-journal").unlink()
            filler = fill(place)
            with problem("STORE-10"):
                world.new_key()
            assert world.keychain.key() == before
            world.assert_whole()
            filler.unlink()
            assert world.new_key() == 43
            assert world.keychain.next_key() is None
            world.assert_whole()

    @pytest.mark.provokes("COPY-02")
    def test_a_backup_and_an_export_onto_a_full_disk(self, world: World, tmp_path: Path) -> None:
        with disk(tmp_path / "stick", "1m") as place:
            good = place / "backup.db"
            assert back_up(VaultFile(world.path), good) == 2
            content = good.read_bytes()
            filler = fill(place)
            for replace in (False, True):
                with problem("COPY-02"):
                    back_up(VaultFile(world.path), good if replace else place / "other.db", replace=replace)
                with problem("COPY-02"):
                    export(VaultFile(world.path), good if replace else place / "other.json", replace=replace)
            assert good.read_bytes() == content
            assert {found.name for found in place.iterdir()} == {"backup.db", "filler"}
            filler.unlink()
            assert back_up(VaultFile(world.path), good, replace=True) == 2
        world.assert_whole()


@root_only
@pytest.mark.provokes("STORE-09")
def test_a_disk_that_becomes_read_only(tmp_path: Path) -> None:
    with disk(tmp_path / "small", "6m") as place:
        world = World(place / "data" / "vault.db")
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        for act in world.changes:
            with problem("STORE-09"):
                act()
            world.assert_whole()
        assert usable(world.path) == "STORE-09"
        # What only reads goes on, a backup to another disk before all.
        assert back_up(VaultFile(world.path), tmp_path / "backup.db") == 2
        assert export(VaultFile(world.path), tmp_path / "export.json") == (2, 0)
        with problem("COPY-02"):
            back_up(VaultFile(world.path), place / "backup.db")
        subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
        assert usable(world.path) is None
        assert world.new_key() == 3
        world.assert_whole()


AS_NOBODY = """
import os, sys
from pathlib import Path
import cryptography.exceptions, cryptography.hazmat.primitives.ciphers.aead  # while the packages can be read
from assistant.problems import ProblemError
from assistant.vault.backup import back_up
from assistant.vault.new_key import make_new_key
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.sqlite_rows import SqliteRows
from assistant.vault.store import Vault
from assistant.vault.vault_file import VaultFile
from tests.vault.samples import SECRETS, user
os.setgroups([]); os.setgid(65534); os.setuid(65534)
path = Path(sys.argv[1])
keychain = MemoryKeychain(bytes(range(32)))
vault = Vault(path, keychain)
def said(act):
    try:
        act()
        return "done"
    except ProblemError as failure:
        return failure.code
usable = vault.usable()
first = (Path(sys.argv[2]) / "id").read_text()
print(
    said(vault.connections),
    said(lambda: vault.save(user(tenant_id="new"), SECRETS)),
    said(lambda: vault.remove(first)),
    said(lambda: make_new_key(SqliteRows(path), keychain)),
    said(lambda: back_up(VaultFile(path), Path(sys.argv[2]) / "backup.db")),
    usable and usable.code,
)
"""


@root_only
@pytest.mark.parametrize(
    ("folder", "file", "said"),
    [
        (0o555, 0o444, "done STORE-09 STORE-09 STORE-09 done STORE-09"),
        (0o755, 0o444, "done STORE-09 STORE-09 STORE-09 done STORE-09"),
        (0o555, 0o644, "done STORE-09 STORE-09 STORE-09 done STORE-09"),
        (0o755, 0o000, "STORE-09 STORE-09 STORE-09 STORE-09 STORE-09 STORE-09"),
        (0o000, 0o644, "STORE-09 STORE-09 STORE-09 STORE-09 STORE-09 STORE-09"),
    ],
    ids=["all read-only", "file read-only", "folder read-only", "file shut", "folder shut"],
)
def test_a_user_who_may_not(tmp_path_factory: pytest.TempPathFactory, folder: int, file: int, said: str) -> None:
    """Root may everything, so this is another process, of a user who may only what the bits say."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        top.chmod(0o755)
        world = World(top / "data" / "vault.db")
        elsewhere = top / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "id").write_text(world.account.id)
        for place in (world.path.parent, *world.path.parent.iterdir(), elsewhere):
            os.chown(place, 65534, 65534)
        for place in world.path.parent.iterdir():
            place.chmod(file)
        world.path.parent.chmod(folder)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(world.path), str(elsewhere)],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.stdout.strip(), done.stderr) == (said, "")
        world.path.parent.chmod(0o700)
        for place in world.path.parent.iterdir():
            place.chmod(0o600)
        os.chown(world.path.parent, 0, 0)
        world.assert_whole()


class SwitchedRows(SqliteRows):
    """Something happens to the file right before the next transaction ends."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.meanwhile: Callable[[], object] | None = None

    @contextmanager
    def writing(self, *, leaving_nothing: bool = False) -> Iterator[SqliteWriting]:
        with super().writing(leaving_nothing=leaving_nothing) as writing:
            yield writing
            if self.meanwhile is not None:
                meanwhile, self.meanwhile = self.meanwhile, None
                meanwhile()


class TestReplaced:
    """The file is not what it was: between two calls, or in the middle of one."""

    def test_deleted_between_two_calls(self, world: World) -> None:
        world.path.unlink()
        assert world.vault.connections() == ()
        with problem("STORE-16"):
            world.vault.secrets(world.eva.id)
        assert not world.vault.remove(world.eva.id)
        # A fresh vault can be begun with the key that is there.
        saved = world.vault.save(user(), SECRETS)
        assert Vault(world.path, world.keychain).secrets(saved.id) == SECRETS

    def test_the_folder_too(self, world: World) -> None:
        import shutil

        shutil.rmtree(world.path.parent)
        assert world.vault.connections() == ()
        saved = world.vault.save(user(), SECRETS)
        assert world.vault.secrets(saved.id) == SECRETS

    @pytest.mark.provokes("STORE-13")
    def test_by_a_vault_with_another_key(self, world: World, tmp_path: Path) -> None:
        theirs = Vault(tmp_path / "theirs.db", MemoryKeychain(bytes(32)))
        other = theirs.save(user(tenant_id="theirs"), SECRETS)
        (tmp_path / "theirs.db").replace(world.path)
        before = world.path.read_bytes()
        assert world.vault.connections() == (other,)
        for act in (world.save, lambda: world.vault.secrets(other.id), world.new_key):
            with problem("STORE-13"):
                act()
        assert world.path.read_bytes() == before
        assert Vault(world.path, MemoryKeychain(bytes(32))).secrets(other.id) == SECRETS

    @pytest.mark.provokes("STORE-09")
    def test_by_a_folder(self, world: World) -> None:
        world.path.unlink()
        world.path.mkdir(mode=0o755)
        (world.path / "precious").write_text("precious")
        for act in (world.vault.connections, world.save, world.remove, world.new_key):
            with problem("STORE-09"):
                act()
        with problem("STORE-09"):
            back_up(VaultFile(world.path), world.path.with_name("backup.db"))
        assert usable(world.path) == "STORE-09"
        assert (world.path / "precious").read_text() == "precious"
        assert world.path.stat().st_mode & 0o777 == 0o755, "what is not ours keeps its permissions"

    @posix_only
    @pytest.mark.provokes("STORE-08", "STORE-09")
    def test_by_a_link(self, world: World, tmp_path: Path) -> None:
        kept = tmp_path / "kept.db"
        world.path.replace(kept)
        world.path.symlink_to(kept)  # such as to a disk with more room: a vault like any other
        world.assert_whole()
        world.new_key()
        world.assert_whole()
        notes = tmp_path / "notes.txt"
        notes.write_text("precious")
        notes.chmod(0o644)
        for aim, code in ((notes, "STORE-08"), (tmp_path / "nowhere", "STORE-09")):
            world.path.unlink()
            world.path.symlink_to(aim)
            for act in (world.save, world.new_key) if aim == notes else (world.save,):
                with problem(code):
                    act()
        assert notes.read_text() == "precious"
        assert notes.stat().st_mode & 0o777 == 0o644
        assert not (tmp_path / "nowhere").exists()

    @posix_only
    @pytest.mark.provokes("STORE-11")
    @pytest.mark.parametrize("how", ["deleted", "older file renamed over it", "another vault renamed over it"])
    def test_in_the_middle_of_a_save_is_not_said_to_be_saved(self, world: World, tmp_path: Path, how: str) -> None:
        older, theirs = tmp_path / "older.db", tmp_path / "theirs.db"
        back_up(VaultFile(world.path), older)
        Vault(theirs, MemoryKeychain(bytes(32))).save(user(tenant_id="theirs"), SECRETS)

        def switch() -> None:
            {
                "deleted": world.path.unlink,
                "older file renamed over it": lambda: older.replace(world.path),
                "another vault renamed over it": lambda: theirs.replace(world.path),
            }[how]()

        rows = SwitchedRows(world.path)
        vault = Vault(world.path, world.keychain, rows=rows)
        rows.meanwhile = switch
        with problem("STORE-11"):
            vault.save(user(tenant_id="new"), SECRETS)
        if how == "older file renamed over it":
            world.assert_whole()
        if how == "another vault renamed over it":
            again = Vault(world.path, MemoryKeychain(bytes(32)))
            assert [again.secrets(found.id) for found in again.connections()] == [SECRETS]

    @posix_only
    @pytest.mark.provokes("STORE-11")
    def test_in_the_middle_of_a_new_key(self, world: World, tmp_path: Path) -> None:
        """The older file that lies there then needs the older key, which must not be thrown away."""
        older = tmp_path / "older.db"
        back_up(VaultFile(world.path), older)
        rows = SwitchedRows(world.path)
        rows.meanwhile = lambda: older.replace(world.path)
        with problem("STORE-11"):
            make_new_key(rows, world.keychain)
        assert world.keychain.key() == KEY
        world.assert_whole()
        assert world.new_key() == 3
        world.assert_whole()

    @posix_only
    def test_in_the_middle_of_a_backup(self, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from assistant.vault import vault_file

        original = vault_file.VaultView.copy_to

        def switched(self: vault_file.VaultView, memory: sqlite3.Connection) -> None:
            world.path.unlink()
            original(self, memory)

        monkeypatch.setattr(vault_file.VaultView, "copy_to", switched)
        target = tmp_path / "backup.db"
        assert back_up(VaultFile(world.path), target) == 2
        target.replace(world.path)
        world.assert_whole()


@posix_only
@pytest.mark.parametrize("act", ["save", "replace", "set_client_secret", "remove", "new_key"])
def test_a_file_that_may_not_grow(world: World, act: str) -> None:
    for connection in (world.vault.save(user(tenant_id=str(number)), SECRETS) for number in range(3)):
        world.vault.remove(connection.id)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with problem("STORE-09", "STORE-10"):
            getattr(world, act)()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    world.assert_whole()
