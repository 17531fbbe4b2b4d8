"""Whatever a program leaks, wherever and however shortly, is found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop.program import CHECKOUT
from tests.desktop.watching import Watch
from tests.leaks import Search

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

SECRET = "planted-leak-2f6c1b"


@pytest.mark.parametrize(
    ("place", "found_in", "encoding"),
    [
        ("standard output", "output", "base64"),
        ("standard error", "output", "plain"),
        ("file", "state.json", "UTF-16LE"),
        ("deleted file", "tmp-1", "hex"),
        ("file name", f"name of {SECRET}", "plain"),
        ("journal", "vault.db", "plain"),
        ("child's arguments", "arguments of a child", "plain"),
        ("child's environment", "environment of a child", "plain"),
    ],
)
def test_a_planted_leak_is_found(tmp_path: Path, place: str, found_in: str, encoding: str) -> None:
    folder, output = tmp_path / "home", tmp_path / "output"
    folder.mkdir()
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.desktop.leaking", place, str(folder)],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    watch = Watch(process.pid, folder)
    process.communicate(SECRET.encode(), timeout=30)
    watch.stop()
    assert process.returncode == 0
    evidence = [("output", output.read_bytes()), *watch.evidence(own_environment=True)]
    assert evidence
    found = Search({"secret": [SECRET]}).look_all(evidence)
    assert (found_in, encoding) in {(leak.place, leak.encoding) for leak in found}
