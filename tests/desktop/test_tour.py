"""The tour as a command: off screen, without a session, it walks the window and leaves pictures and nothing else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from PySide6.QtGui import QImage

from tests.conftest import private_environment
from tests.desktop.program import CHECKOUT, COMMAND

PICTURES = [
    "01-welcome.png",
    "02-account.png",
    "03-permissions.png",
    "04-sign-in.png",
    "05-sign-in-company.png",
    "06-sign-in-consent.png",
    "07-problem-declined.png",
    "08-checking.png",
    "09-confirm.png",
    "10-done.png",
    "11-connections.png",
    "12-connections-remove.png",
    "13-connections-checking.png",
]
FEWEST_COLOURS = 12
"""A page that was painted has text, whose edges alone have more."""


def colours(picture: Path) -> int:
    """How many colours a grid of points of `picture` has."""
    image = QImage(str(picture))
    assert not image.isNull()
    assert image.width() >= 800
    assert image.height() >= 500
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})


@pytest.mark.parametrize("language", ["sv", pytest.param("en", marks=pytest.mark.long)])
def test_it_leaves_a_picture_of_every_page_and_nothing_else(tmp_path: Path, language: str) -> None:
    home, out, temporary = tmp_path / "home", tmp_path / "out", tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, **private_environment(home), "TMPDIR": str(temporary)}
    before = set(home.rglob("*"))
    done = subprocess.run(
        [*COMMAND, "tour", "--out", str(out), "--lang", language],
        env=environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in out.iterdir()) == PICTURES
    assert all(name in done.stdout for name in PICTURES)
    assert min(colours(out / name) for name in PICTURES) >= FEWEST_COLOURS
    assert len({(out / name).read_bytes() for name in PICTURES}) == len(PICTURES)
    assert {path for path in home.rglob("*") if path.is_file()} - before == set()
    assert list(temporary.iterdir()) == []
