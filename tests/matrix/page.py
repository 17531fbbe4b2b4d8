"""The row of the authorization page: runs the engine in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.matrix.cells import Cell
from tests.matrix.front import NetworkFault

ROW = "authorization page"
_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 600
"""Seconds for the whole row: two of its faults take half a minute each to be told from slowness."""


def run_row(*faults: NetworkFault) -> list[Cell]:
    """The cells of `faults`, of all by default."""
    with tempfile.TemporaryDirectory() as home:
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("QT", "XDG", "LC_"))}
        environ |= {"HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--no-sandbox"
        command = [sys.executable, "-m", "tests.matrix.page_process", *(fault.value for fault in faults)]
        ended = subprocess.run(
            command, cwd=_ROOT, env=environ, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    assert ended.returncode == 0, ended.stderr
    return [Cell(request=ROW, **seen) for seen in json.loads(ended.stdout.splitlines()[-1])]
