"""A signal ends the window as if it had been closed: in a process of its own, off screen, where Qt waits."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

_PROGRAM = """
import asyncio, signal, sys
from PySide6.QtWidgets import QApplication
from assistant.window import ending, loop
application = QApplication(sys.argv)
left = asyncio.Event()
async def main():
    if sys.argv[1] == "engine":
        for number in ending.ENDING_SIGNALS:
            signal.signal(number, signal.SIG_DFL)  # as Chromium does
        ending.engine_started()
    print("ready", flush=True)
    await left.wait()
    if sys.argv[1] == "stuck":
        print("cleaning", flush=True)
        await asyncio.sleep(60)
    return 7
def leave():
    left.set()
sys.exit(loop.run(application, main, leave=leave if sys.argv[1] != "none" else None))
"""


def start(how: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", _PROGRAM, how], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")


@pytest.mark.parametrize("how", ["plain", "engine"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_leaves(how: str, number: signal.Signals) -> None:
    with start(how) as process:
        process.send_signal(number)
        assert process.wait(20) == 7


def test_the_second_ends_at_once() -> None:
    with start("stuck") as process:
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        assert process.stdout.readline() == "cleaning\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == -signal.SIGTERM


def test_without_a_way_to_leave_the_process_ends() -> None:
    with start("none") as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == -signal.SIGTERM
