"""Where the checkout is, and how a step is announced or stops."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "packaging" / "requirements.lock"


class Exit(IntEnum):
    """Exit codes of start.py."""

    WELL = 0
    FAILED = 1  # a test or check failed, or the program ended in a fault
    USAGE = 2
    MISSING = 3  # something is missing that this command could not install; it said what
    NO_DISPLAY = 4  # set up, but no screen to show a window on


class Stop(Exception):
    """Ends the command with one sentence and an exit code."""

    def __init__(self, sentence: str, code: Exit) -> None:
        super().__init__(sentence)
        self.code = code


def say(text: str) -> None:
    """One line of progress, at once even when the output is a file."""
    print(f"- {text}", flush=True)


def stop(sentence: str, code: Exit = Exit.MISSING) -> NoReturn:
    raise Stop(sentence, code)


def is_root() -> bool:
    """Whether this process runs as root on a system that has one."""
    return sys.platform != "win32" and os.geteuid() == 0


def python(*arguments: str, environment: Mapping[str, str] | None = None) -> int:
    """Runs the checkout's own Python in the checkout, and returns its exit code."""
    return call([str(PYTHON), *arguments], environment=environment)


def call(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> int:
    """Runs `command` in the checkout and returns its exit code; `environment` comes on top of this process's own."""
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False).returncode
