"""Which command line starts this program again, and that it does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import __version__
from assistant.schedule.computer import this_place
from assistant.schedule.program import Running, command_line

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("running", "words", "folder"),
    [
        (Running(executable="/v/python", checkout="/src"), ("/v/python", "-m", "assistant"), "/src"),
        (
            Running(executable="/v/python", checkout="/src", script="/v/setup-assistant"),
            ("/v/python", "-m", "assistant"),
            "/src",
        ),
        (Running(executable="/v/python", script="/v/setup-assistant"), ("/v/setup-assistant",), None),
        (Running(executable="/v/python"), ("/v/python", "-P", "-m", "assistant"), None),
        (
            Running(executable="C:\\v\\python.exe", windowless="C:\\v\\pythonw.exe"),
            ("C:\\v\\pythonw.exe", "-P", "-m", "assistant"),
            None,
        ),
        (Running(executable="/opt/Lagerkoll", frozen=True, script="/v/setup-assistant"), ("/opt/Lagerkoll",), None),
    ],
)
def test_command_lines(running: Running, words: tuple[str, ...], folder: str | None) -> None:
    assert command_line(running) == (words, folder)


def version(words: tuple[str, ...], folder: str | Path, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [*words, "--version"],
        cwd=folder,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout


def test_this_checkout_starts_again() -> None:
    words, folder = command_line(this_place().running)
    assert folder == str(ROOT)
    assert version(words, folder) == f"setup-assistant {__version__}\n"


def test_an_installed_package_starts_from_anywhere_and_takes_nothing_from_there(tmp_path: Path) -> None:
    """A folder on the path of modules stands for where a wheel is installed to."""
    installed = tmp_path / "site-packages"
    installed.mkdir()
    for name in ("assistant", "resources"):
        (installed / name).symlink_to(ROOT / name, target_is_directory=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "assistant.py").write_text("print('not this one')", encoding="utf-8")
    words, folder = command_line(Running(executable=sys.executable))
    assert folder is None
    assert version(words, elsewhere, PYTHONPATH=str(installed)) == f"setup-assistant {__version__}\n"
