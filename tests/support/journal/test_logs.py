"""Logging, warnings and faults go through the gate: told by who, how serious and where, never by their text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from assistant.support.journal import attempts
from tests.leaks import Search, files

ROOT = Path(__file__).parents[3]
SECRET = "Canary_7f3d9c-authorization~code"


def test_what_is_logged_leaves_no_text(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.journal.logging_process", str(tmp_path), SECRET],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, "it ended in an exception"
    search = Search({"secret": [SECRET]})
    assert search.look_all([*files(tmp_path), ("output", done.stdout), ("errors", done.stderr)]) == []
    assert done.stderr == b""
    (attempt,) = attempts(tmp_path)
    assert attempt.unreadable == 0
    told = [each.values for each in attempt.entries if each.event == "log"]
    assert [(each["logger"], each["level"]) for each in told] == [
        ("other", "warning"),  # httpx is not imported there, so its name is no module's
        ("other", "error"),
        ("other", "warning"),
        ("other", "error"),
        ("other", "critical"),
        ("asyncio", "error") if told[5]["logger"] == "asyncio" else ("other", "error"),
        ("other", "warning"),
    ]
    assert told[5]["fault"] == "ValueError"
    assert str(told[5]["place"]).startswith("__main__:main:")
    assert [each.values for each in attempt.entries if each.event == "qt"] == [
        {"part": "platform", "level": "warning"},
        {"part": "other", "level": "error"},
    ]
    faults = [each.values for each in attempt.entries if each.event == "fault"]
    assert [each["fault"] for each in faults] == ["KeyError", "RuntimeError"]
    assert str(faults[0]["place"]).startswith("__main__:main.<locals>.fail:")
    assert attempt.cut_off, "nobody said that it ended"
