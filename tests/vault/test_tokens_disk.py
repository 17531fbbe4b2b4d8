"""Renewal on a disk that fails it: nothing is sent that could not be saved, and what came is saved on a full disk."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from assistant.fortnox.account import AccountKind
from assistant.practice.server import PracticeServer
from assistant.problems import ProblemError
from assistant.secret import Secret
from assistant.vault.connection import Secrets
from tests.vault.at_practice import connected, live_refresh_tokens, renewals, tokens_of, vault_at

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    mounted = tmp_path / "small"
    mounted.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mounted], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("only root may mount a small disk")
    yield mounted
    subprocess.run(["umount", "--lazy", mounted], check=True)


def fill(disk: Path) -> None:
    """Writes until not one byte more goes on it."""
    for size in (4096, 1):
        with suppress(OSError), (disk / f"filler-{size}").open("ab", buffering=0) as filler:
            while True:
                filler.write(b"x" * size)
    assert os.statvfs(disk).f_bavail == 0


def test_on_a_disk_that_fills_up_while_fortnox_answers_it_is_saved(server: PracticeServer, small: Path) -> None:
    path = small / "connections.db"
    connection = connected(server, path)
    tokens = tokens_of(path, reached=lambda point: fill(small) if point == "begun" else None)
    token = tokens.access_token(connection.id)
    (alive,) = live_refresh_tokens(server)
    assert vault_at(path).secrets(connection.id) == Secrets(refresh_token=Secret(alive), access_token=token.token)
    assert renewals(server) == 1


def test_on_a_full_disk_nothing_is_sent(server: PracticeServer, small: Path) -> None:
    path = small / "connections.db"
    connection = connected(server, path)
    before = vault_at(path).secrets(connection.id)
    fill(small)
    asked = len(server.log)
    with pytest.raises(ProblemError) as full:
        tokens_of(path).access_token(connection.id)
    assert full.value.occurrence.code == "STORE-10"
    assert len(server.log) == asked
    assert vault_at(path).secrets(connection.id) == before


def test_a_service_account_works_on_a_full_disk(server: PracticeServer, small: Path) -> None:
    path = small / "connections.db"
    connection = connected(server, path, AccountKind.SERVICE)
    fill(small)
    first, second = (tokens_of(path).access_token(connection.id) for _ in range(2))
    assert first.token != second.token, "nothing could be kept, so each is had anew"


@contextmanager
def no_writing() -> Iterator[None]:
    """No file of this process grows or changes meanwhile, as on a disk that fails."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.provokes("STORE-18")
def test_what_cannot_be_saved_is_tried_and_then_said(
    server: PracticeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails after all that was done to be sure of it."""
    path = tmp_path / "connections.db"
    connection = connected(server, path)
    monkeypatch.setattr("assistant.vault.renewing.SAVE_PAUSES", (0.01, 0.01))
    with ExitStack() as failing:
        tokens = tokens_of(path, reached=lambda at: failing.enter_context(no_writing()) if at == "saving" else None)
        with pytest.raises(ProblemError) as lost:
            tokens.access_token(connection.id)
    assert lost.value.occurrence.code == "STORE-18"
    assert lost.value.occurrence.facts["company"] == connection.company_name
    with pytest.raises(ProblemError) as dead:
        tokens_of(path).access_token(connection.id)
    assert dead.value.occurrence.code == "TOKEN-11"
    assert dict(dead.value.occurrence.details)["Answer before"] == "lost"


def test_a_disk_that_recovers_in_time_loses_nothing(server: PracticeServer, tmp_path: Path) -> None:
    path = tmp_path / "connections.db"
    connection = connected(server, path)
    failing = ExitStack()

    def fail_for_a_while(at: str) -> None:
        if at == "saving":
            failing.enter_context(no_writing())
            threading.Timer(0.5, failing.close).start()

    token = tokens_of(path, reached=fail_for_a_while).access_token(connection.id)
    (alive,) = live_refresh_tokens(server)
    assert vault_at(path).secrets(connection.id) == Secrets(refresh_token=Secret(alive), access_token=token.token)
