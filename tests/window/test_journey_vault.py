"""A vault or keychain that does not want, in the window's journey: said early, nothing lost, and a way on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vault.test_store_faults import can_mount
from tests.window.walked import REVOKE, ROOT, TOKEN, environment, unexpected, walked


def test_keychain_that_locks_itself_before_saving(tmp_path: Path) -> None:
    marks = walked(tmp_path, "locked_at_store").marks
    for name in ("locked", "still locked"):
        mark = marks[name]
        assert (mark.step, mark.problem) == ("problem", "STORE-03")
        assert mark.held
        assert mark.requests(REVOKE) == []
    done = marks["unlocked"]
    assert done.step == "done"
    assert done.codes == 1
    assert [entry.grant for entry in done.log if entry.path == TOKEN] == ["authorization_code"]
    assert done.vault[0]["refresh_token"] == 0
    assert done.revoked == [False]


def test_keychain_that_is_locked_from_the_start(tmp_path: Path) -> None:
    marks = walked(tmp_path, "locked_at_sign_in").marks
    locked = marks["locked"]
    assert locked.problem == "STORE-03"
    assert locked.requests() == []
    assert locked.codes == 0
    assert marks["unlocked"].stored == [("service", "1100017")]


@pytest.mark.provokes("STORE-07", "STORE-08", "STORE-09")
def test_vault_files_that_cannot_be_used(tmp_path: Path) -> None:
    told = walked(tmp_path, "unusable_files")
    newer, damaged = told.marks["newer"], told.marks["damaged"]
    assert (newer.step, newer.problem) == ("problem", "STORE-07")
    assert newer.more["ways"] == ["copy-code"]  # Back and Close stand in the footer
    assert (damaged.step, damaged.problem) == ("problem", "STORE-08")
    assert told.notes == {"newer untouched": True, "damaged untouched": True}
    for mark in (newer, damaged):
        assert mark.steps == ["welcome", "problem"]
        assert mark.attempts == 0
    assert told.marks["mended"].stored == [("service", "1100017")]

    blocked = told.marks["not allowed at start"]
    assert (blocked.step, blocked.problem) == ("problem", "STORE-09")
    assert blocked.attempts == 0
    assert told.marks["allowed"].stored == [("service", "1100017")]


@pytest.mark.provokes("STORE-09")
def test_read_only_vault_is_said_when_saving_and_saved_once_it_may(tmp_path: Path) -> None:
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not can_mount(tmp_path / "probe"):
        pytest.skip("this machine lets nobody mount")
    marks = walked(tmp_path, "read_only").marks
    assert (marks["read only"].step, marks["read only"].problem) == ("problem", "STORE-09")
    assert marks["read only"].held
    assert marks["read only"].requests(REVOKE) == []
    assert marks["writable"].step == "done"
    assert marks["writable"].stored == [("service", "1100017"), ("service", "1100025")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "FILE-02"),
        (b"", "FILE-05"),
        (b"\x00\x01\xff\xfe" * 300, "FILE-03"),
        (b"schema = 1\n" * 200_000, "FILE-04"),
        (b"schema = ", "FILE-06"),
        (b"schema = 1\n[integration]\nname = 1\n", "FILE-07"),
    ],
)
@pytest.mark.provokes(argument="code")
def test_integration_file_that_cannot_be_used_is_shown_alone(tmp_path: Path, content: bytes | None, code: str) -> None:
    file = tmp_path / "integration.toml"
    if content is not None:
        file.write_bytes(content)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.window.walk_alone", str(file)],
        cwd=ROOT, env=environment(tmp_path / "home"), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    assert unexpected(ended.stderr.splitlines()) == []
    assert json.loads(ended.stdout.splitlines()[-1]) == {"problem": code, "alone": True, "imported": False}
