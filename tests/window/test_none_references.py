"""The cure for PySide6's uncounted None, and the day it can go."""

import subprocess
import sys

import pytest

import PySide6

LOSES = "from PySide6.QtCore import QObject\nthing = QObject()\nfor _ in range(20_000): thing.setObjectName('x')\n"


def _run(first: str) -> int:
    return subprocess.run(
        [sys.executable, "-c", first + LOSES], check=False, capture_output=True, timeout=60
    ).returncode


def test_many_calls_that_return_nothing_do_no_harm() -> None:
    assert _run("import assistant.window\n") == 0


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
@pytest.mark.skipif(PySide6.__version_info__[:3] != (6, 12, 0), reason="known for 6.12.0 only")
def test_without_the_cure_the_interpreter_stops() -> None:
    """When this fails, PySide6 counts again: remove `assistant/window/none_references.py`."""
    assert _run("") != 0


def test_giving_twice_changes_nothing() -> None:
    from assistant.window.none_references import give_none_plenty

    give_none_plenty()
    before = sys.getrefcount(None)
    give_none_plenty()
    assert abs(sys.getrefcount(None) - before) < 1000
