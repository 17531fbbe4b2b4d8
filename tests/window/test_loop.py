"""The one event loop ends when the main coroutine has ended, whatever windows and look-ups think of it."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

BEGINNING = """
import asyncio, sys, time
import assistant.window
from PySide6.QtWidgets import QApplication
from assistant.window import loop
application = QApplication(sys.argv)
"""


def run(program: str) -> tuple[subprocess.CompletedProcess[str], float]:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", BEGINNING + program], capture_output=True, text=True, timeout=60, check=False
    )
    return done, time.monotonic() - begun


def test_a_window_that_refuses_to_close_does_not_keep_the_program() -> None:
    done, _ = run("""
from assistant.window.cover import Shell
shell = Shell("Lagerkoll", practice=False)
shell.show()
async def main():
    raise RuntimeError("while the window is up")
loop.run(application, main)
""")
    assert done.returncode == 1
    assert "while the window is up" in done.stderr


@pytest.mark.alone
def test_a_look_up_that_hangs_does_not_keep_the_program() -> None:
    done, seconds = run("""
import socket
socket.getaddrinfo = lambda *_, **__: time.sleep(30)
async def main():
    asyncio.get_running_loop().run_in_executor(None, socket.getaddrinfo)
    await asyncio.sleep(0.1)
    return 7
sys.exit(loop.run(application, main))
""")
    assert done.returncode == 7, done.stderr
    assert seconds < 15


def test_what_a_slot_lets_escape_is_told() -> None:
    done, _ = run("""
from PySide6.QtCore import QTimer
told = []
def broken():
    raise ValueError("canary-text")
async def task():
    raise KeyError("canary-text")
async def main():
    QTimer.singleShot(0, broken)
    kept = asyncio.get_running_loop().create_task(task())
    await asyncio.sleep(0.2)
    del kept
    import gc; gc.collect()
    await asyncio.sleep(0.1)
    return 0
code = loop.run(application, main, on_fault=lambda fault: told.append(type(fault).__name__))
print(sorted(told), code)
""")
    assert done.stdout.strip() == "['KeyError', 'ValueError'] 0", done.stderr
    assert "canary-text" not in done.stderr
