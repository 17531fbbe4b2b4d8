"""Without an integration file, or with a bad one, the window lets the person choose another and begins anew."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from PySide6.QtWidgets import QApplication

from assistant.integration import read_integration
from assistant.problems import CATALOGUE, Way, occurrence
from assistant.resources import PRACTICE_FILE, resource
from assistant.window import opening
from assistant.window.cover import Shell
from assistant.window.restart import command
from tests.window.preview_look import destroy
from tests.window.walked import ROOT, environment

GOOD = """
schema = 1

[integration]
name         = "Lagerkoll"
vendor       = "Exempelbolaget AB"
client_id    = "8VurtMGDTeAI"
redirect_uri = "https://lagerkoll.example/activation"
scopes       = ["companyinformation"]
start_page   = "https://lagerkoll.example/login"
accounts     = ["service"]

[client_secret]
from = "ask"

[support]
phone = "+46 8 000 00 00"

[look]
accent = "#1A6B4F"
"""

Choose = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def choose(tmp_path: Path) -> Choose:
    """Chooses files in a window of its own; the exit code, and what stood there before the first and after each."""

    def run(*files: Path | str) -> tuple[int, list[dict[str, Any]]]:
        ended = subprocess.run(
            [sys.executable, "-X", "faulthandler", "-m", "tests.window.choosing_process", *map(str, files)],
            cwd=ROOT, env=environment(tmp_path / "home"), capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended.returncode, json.loads(ended.stdout.splitlines()[-1])

    return run


def written(folder: Path, content: str, name: str = "lagerkoll.setupassistant") -> Path:
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return file


@pytest.mark.provokes("FILE-01", "FILE-07")
def test_another_file_is_chosen_until_one_can_be_used(tmp_path: Path, choose: Choose) -> None:
    assert read_integration(written(tmp_path, GOOD)).name == "Lagerkoll"
    bad = written(tmp_path, GOOD.replace('"companyinformation"', '"no-such-scope"'), "bad.setupassistant")
    code, told = choose("", bad, written(tmp_path, GOOD))
    assert [each["problem"] for each in told] == ["FILE-01", "FILE-01", "FILE-07", None]
    assert [each["ways"] for each in told[1:3]] == [["open-file"], ["copy-details", "open-file"]]
    assert told[-1]["heading"] == "Connect Lagerkoll to Fortnox"
    assert told[-1]["accent"] != told[0]["accent"], "in the vendor's colour"
    assert {each["windows"] for each in told} == {1}
    assert code == 0, "the window of a journey was closed"


@pytest.mark.provokes("FILE-09")
def test_a_chosen_file_may_not_read_secrets_here(tmp_path: Path, choose: Choose) -> None:
    """It may have come by mail, whatever its ending."""
    written(tmp_path, "canary", "secret.txt")
    reading = written(tmp_path, GOOD.replace('from = "ask"', 'from = "file"\npath = "secret.txt"'), "chosen.toml")
    assert read_integration(reading).name == "Lagerkoll", "on the command line it may"
    code, told = choose(reading)
    assert [each["problem"] for each in told] == ["FILE-01", "FILE-09"]
    assert code == 1


def test_a_packaged_program_opens_no_other(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    for own, ways in ((resource(*PRACTICE_FILE), ()), (None, (Way.OPEN_FILE,))):
        monkeypatch.setattr(opening, "own_integration_file", lambda own=own: own)
        shell = Shell("", practice=False)
        window = opening._Opening(shell, practice=False, test_server=False, choices=opening.Choices())._show_problem(
            occurrence("FILE-01")
        )
        assert window.wizard.problem.ways == ways
        destroy(shell)


def test_every_bad_file_lets_another_be_chosen() -> None:
    files = [entry for code, entry in CATALOGUE.items() if code.startswith("FILE-") and code != "FILE-11"]
    assert len(files) == 10
    assert all(Way.OPEN_FILE in entry.ways for entry in files)


def test_a_program_that_starts_again_keeps_the_file_that_was_chosen(tmp_path: Path) -> None:
    old = ["/usr/bin/python3", "-m", "assistant", "--integration", "bad.toml"]
    new = command(old, "/usr/bin/python3", frozen=False, integration_file=tmp_path / "good.setupassistant")
    assert new[-5:] == [
        "--integration", str(tmp_path / "good.setupassistant"), "--resume", "sign-in", "--software-rendering",
    ]  # fmt: skip
