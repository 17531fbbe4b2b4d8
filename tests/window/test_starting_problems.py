"""What stops the program before there is a journey, in the program itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import provoking
from tests.window.walked import ROOT, environment


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no session without a display")
@pytest.mark.provokes("START-01")
def test_without_a_display_it_is_said_on_the_terminal(tmp_path: Path) -> None:
    variables = {name: value for name, value in environment(tmp_path).items() if name != "QT_QPA_PLATFORM"}
    ended = subprocess.run(
        [sys.executable, "-m", "assistant", "--practice", "--lang", "en"],
        cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    provoking.printed("START-01", ended.stderr)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be refused as root")
@pytest.mark.provokes("START-02")
def test_root_with_a_sandbox_is_told_on_the_terminal(tmp_path: Path) -> None:
    """The engine cannot start for root with its sandbox on, and nothing but development may switch it off."""
    variables = {name: value for name, value in environment(tmp_path).items() if "CHROMIUM" not in name}
    ended = subprocess.run(
        [sys.executable, "-m", "assistant", "--practice", "--lang", "en"],
        cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    provoking.printed("START-02", ended.stderr)


@pytest.mark.provokes("FILE-01")
def test_without_an_integration_file_the_window_says_so(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tests.window.walk_alone"],
        cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told == {"problem": "FILE-01", "alone": True, "imported": False}
