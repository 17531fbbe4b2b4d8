"""A web address on a computer where nothing takes one: real desktop, real way of opening, an empty home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.display import display

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems say by themselves that nothing took it")
@pytest.mark.provokes("OPEN-01", "OWN-04")
def test_without_a_browser_the_start_page_and_the_sign_in_say_so(tmp_path: Path) -> None:
    """`xdg-open` is there, and would be called a success: Qt does not wait for what becomes of it."""
    opener, called = tmp_path / "bin" / "xdg-open", tmp_path / "called"
    opener.parent.mkdir()
    opener.write_text(f"#!/bin/sh\n: > {called}\nexit 3\n")
    opener.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT", "XDG", "DBUS", "BROWSER"))}
    with display() as name:
        environ = kept | {
            "DISPLAY": name,
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(tmp_path),
            "XDG_DATA_DIRS": str(tmp_path),
            "PATH": str(opener.parent),
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.window.opening_process", str(tmp_path)],
            cwd=ROOT, env=environ, capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == ["OPEN-01", "OWN-04"]
    assert not called.exists()
