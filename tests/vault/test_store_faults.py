"""What happens to the computer happens to the vault: kills, full and read-only disks, damage, other processes."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.problems import ProblemError
from assistant.problems.words import words
from assistant.secret import Secret
from assistant.vault.connection import Secrets
from assistant.vault.sealing_key import MemoryKeychain
from assistant.vault.sqlite_rows import SqliteRows
from assistant.vault.store import Vault
from tests.vault.samples import HOST, SECRETS, service, user
from tests.vault.saving_process import KEY

CHECKOUT = Path(__file__).parents[2]
root_only = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or sys.platform != "linux", reason="mounting needs root on Linux"
)


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


def start(path: Path, mode: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.vault.saving_process", str(path), mode],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_kill_leaves_the_old_or_the_new(path: Path, vault: Vault) -> None:
    connection = vault.save(user(), Secrets(refresh_token=Secret("refresh-0")), client_secret=Secret("client-0"))
    moments = random.Random(20261123)
    stored_total = 0
    for _ in range(20):
        process = start(path, "rotate")
        time.sleep(moments.uniform(0.0, 0.08))
        process.kill()
        assert process.stdout is not None
        said = process.stdout.read().split()
        process.stdout.close()
        process.wait()
        last = int(said[-1]) if said else 0
        fresh = Vault(path, MemoryKeychain(KEY))
        assert fresh.connections() == (connection,)
        secrets, client_secret = fresh.secrets(connection.id), fresh.client_secret(HOST, connection.client_id)
        assert secrets.refresh_token is not None
        assert client_secret is not None
        number = int(secrets.refresh_token.reveal().removeprefix("refresh-"))
        # What was said to be stored is there; the one under way is there whole or not at all.
        if said:
            assert number in (last, last + 1)
        assert client_secret == Secret(f"client-{number}")
        assert secrets.connection_credential in (None, Secret(f"{number}" * 2000))
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        stored_total += last
    assert stored_total > 20  # the kills came while saving, not before it


def test_a_kill_during_the_first_save_leaves_no_half_vault(path: Path) -> None:
    for delay in (0.0, 0.002, 0.004, 0.008, 0.015, 0.03):
        process = start(path, "add:a:1")
        time.sleep(delay)
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        vault = Vault(path, MemoryKeychain(KEY))
        for connection in vault.connections():
            assert vault.secrets(connection.id).connection_credential == Secret("a0")
            vault.remove(connection.id)
        assert vault.usable() is None


def test_processes_that_save_at_once_lose_nothing(path: Path, vault: Vault) -> None:
    processes = [start(path, f"add:{name}:8") for name in "abcd"]
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert {found.tenant_id for found in vault.connections()} == {
        f"{name}{number}" for name in "abcd" for number in range(8)
    }
    for found in vault.connections():
        assert vault.secrets(found.id).connection_credential == Secret(found.tenant_id)


@pytest.mark.provokes("STORE-14")
def test_a_file_in_use_is_waited_for_and_then_said(path: Path, vault: Vault) -> None:
    connection = vault.save(service(), SECRETS)
    impatient = Vault(path, MemoryKeychain(KEY), rows=SqliteRows(path, busy_seconds=0.2))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with problem("STORE-14"):
            impatient.save(user(), SECRETS)
        assert impatient.connections() == (connection,)  # reading goes on beside a writer
        usable = impatient.usable()
        assert usable is not None
        assert usable.code == "STORE-14"
        other.execute("ROLLBACK")
        other.execute("BEGIN EXCLUSIVE")
        with problem("STORE-14"):
            impatient.connections()
    impatient.save(user(), SECRETS)


@contextmanager
def small_disk(place: Path, *, size: str) -> Iterator[None]:
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def can_mount(place: Path) -> bool:
    try:
        with small_disk(place, size="64k"):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@root_only
@pytest.mark.provokes("STORE-10")
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    if not can_mount(tmp_path / "probe"):
        pytest.skip("this machine lets nobody mount")
    place = tmp_path / "small"
    with small_disk(place, size="6m"):
        vault = Vault(place / "vault.db", MemoryKeychain(KEY))
        connection = vault.save(service(), SECRETS)
        filler = place / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        usable = vault.usable()
        assert usable is not None
        assert usable.code == "STORE-10"
        with problem("STORE-10"):
            vault.save(user(company_name="x" * 20_000), SECRETS)
        with problem("STORE-10"):
            Vault(place / "other" / "new.db", MemoryKeychain(KEY)).save(user(), SECRETS)
        assert vault.connections() == (connection,)
        assert vault.secrets(connection.id) == SECRETS
        filler.unlink()
        vault.save(user(), SECRETS)
        assert len(vault.connections()) == 2


@root_only
@pytest.mark.provokes("STORE-09")
def test_a_read_only_disk_can_be_read(tmp_path: Path) -> None:
    if not can_mount(tmp_path / "probe"):
        pytest.skip("this machine lets nobody mount")
    place = tmp_path / "small"
    with small_disk(place, size="6m"):
        vault = Vault(place / "vault.db", MemoryKeychain(KEY))
        connection = vault.save(service(), SECRETS)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        assert vault.connections() == (connection,)
        assert vault.secrets(connection.id) == SECRETS
        for act in (
            lambda: vault.save(user(), SECRETS),
            lambda: vault.remove(connection.id),
            lambda: Vault(place / "new.db", MemoryKeychain(KEY)).save(user(), SECRETS),
        ):
            with problem("STORE-09"):
                act()
        for candidate in (vault, Vault(place / "a" / "b" / "new.db", MemoryKeychain(KEY))):
            usable = candidate.usable()
            assert usable is not None
            assert usable.code == "STORE-09"


def test_a_drive_that_is_not_there_cannot_hold_a_vault(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """A missing drive or share of Windows is its own parent, and does not exist."""
    monkeypatch.setattr(Path, "exists", lambda _path: False)
    usable = Vault(path, MemoryKeychain(KEY)).usable()
    assert usable is not None
    assert usable.code == "STORE-09"
    assert dict(usable.details) == {"place": "drive"}


@pytest.mark.skipif(os.name != "posix", reason="limits of a process")
def test_a_file_that_may_not_grow_is_a_full_disk(path: Path, vault: Vault) -> None:
    import resource

    connection = vault.save(service(), SECRETS)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
    try:
        with pytest.raises(ProblemError) as caught:
            vault.save(user(company_name="x" * 200_000), SECRETS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code in ("STORE-09", "STORE-10")
    assert vault.connections() == (connection,)
    assert vault.secrets(connection.id) == SECRETS


@pytest.mark.provokes("STORE-09")
def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    vault = Vault(tmp_path / "data" / "vault.db", MemoryKeychain(KEY))
    with problem("STORE-09"):
        vault.save(user(), SECRETS)
    usable = vault.usable()
    assert usable is not None
    assert usable.code == "STORE-09"


@pytest.mark.provokes("STORE-08")
def test_a_column_that_has_lost_its_name_is_damage(path: Path, vault: Vault) -> None:
    """What one damaged byte in the file's description of its tables amounts to."""
    saved = vault.save(user(), SECRETS, client_secret=Secret("client-canary"))
    with closing(sqlite3.connect(path)) as file:
        file.execute("ALTER TABLE connection RENAME COLUMN api_address TO ap_address")
        file.execute("ALTER TABLE client_secret RENAME COLUMN sealed TO s_aled")
        file.commit()
    with pytest.raises(ProblemError) as caught:
        vault.connections()
    assert caught.value.code == "STORE-08"
    assert str(path) in words(caught.value.occurrence).cause
    assert str(path) not in str(caught.value.occurrence.details), "details go to others"
    with problem("STORE-08"):
        vault.client_secret(saved.endpoints.authorize_host, saved.client_id)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Secrets]]:
    """A vault of several pages with its secrets, to damage copies of."""
    path = tmp_path_factory.mktemp("whole") / "vault.db"
    vault = Vault(path, MemoryKeychain(KEY))
    held = {}
    for number in range(12):
        secrets = Secrets(refresh_token=Secret(f"refresh-{number}"), connection_credential=Secret(f"{number}" * 300))
        connection = vault.save(user(tenant_id=str(number)), secrets, client_secret=Secret("client-canary"))
        held[connection.id] = secrets
    return path, held


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_never_gives_a_wrong_secret(
    data: st.DataObject, whole: tuple[Path, dict[str, Secrets]], tmp_path: Path
) -> None:
    original, held = whole
    path = tmp_path / "damaged.db"
    for leftover in tmp_path.glob("damaged.db*"):
        leftover.unlink()
    shutil.copyfile(original, path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        for place, value in data.draw(
            st.lists(st.tuples(st.integers(0, size - 1), st.binary(min_size=1, max_size=40)), min_size=1, max_size=6)
        ):
            file.seek(place)
            file.write(value)
        if data.draw(st.booleans()):
            file.truncate(data.draw(st.integers(0, size)))
    vault = Vault(path, MemoryKeychain(KEY))
    for connection_id, secrets in held.items():
        assert answer(lambda key=connection_id: vault.secrets(key)) in (None, secrets)
    assert answer(lambda: vault.client_secret(HOST, user().client_id)) in (None, Secret("client-canary"))
    answer(vault.connections)
    saved = answer(lambda: vault.save(user(tenant_id="new"), SECRETS))
    if saved is not None:
        assert answer(lambda: vault.secrets(saved.id)) == SECRETS
    vault.usable()


def answer(act: Callable[[], Any]) -> Any:
    """What `act` returns; None when it ends in a problem of this family. Any other exception is a failed test."""
    try:
        return act()
    except ProblemError as failure:
        if not failure.code.startswith("STORE-"):
            raise
        return None
