"""Growth at 10 and 100 connections; `python -m tests.scale` goes on to 1,000."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.alone
@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="resource")
def test_growth_is_linear_and_memory_flat() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.scale", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
