"""Starts the program again in software rendering, at the sign-in: the engine reads its flags once in a process's life.

The new process gets the same command with two words more. A client secret that was typed or came from the environment
goes to it through a pipe on its standard input: never on the command line, in the environment or in a file.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from assistant.secret import Secret

RESUME: Final = ("--resume", "sign-in")
SOFTWARE: Final = "--software-rendering"
_LONGEST_SECRET: Final = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """How this process was begun.

    Attributes:
        at_sign_in: go to step 4 at once, with a new attempt.
        software_rendering: draw pages without the graphics card.
        client_secret: what the process before held.
        integration_file: the one chosen in the window, which the command line does not name.
    """

    at_sign_in: bool = False
    software_rendering: bool = False
    client_secret: Secret | None = None
    integration_file: Path | None = None


def command(
    original: Sequence[str], executable: str, *, frozen: bool, integration_file: Path | None = None
) -> list[str]:
    """The command line of the new process.

    Args:
        original: `sys.orig_argv`.
        executable: `sys.executable`.
        frozen: whether this is a frozen program, whose executable is the program itself.
        integration_file: counts in place of the one that `original` may name.
    """
    own = {*RESUME, SOFTWARE}
    rest = [word for word in original[1:] if word not in own]
    chosen = ["--integration", str(integration_file.absolute())] if integration_file is not None else []
    return [executable if frozen else original[0] or executable, *rest, *chosen, *RESUME, SOFTWARE]


def begin_again(wished: Resumption) -> NoReturn:
    """Replaces this process by a new one that resumes at the sign-in. Call it when nothing of Qt is left.

    Windows cannot replace a process: there this one waits for the new one and ends with its exit code.
    """
    frozen, client_secret = bool(getattr(sys, "frozen", False)), wished.client_secret
    words = command(sys.orig_argv, sys.executable, frozen=frozen, integration_file=wished.integration_file)
    handed_over = client_secret.reveal().encode() if client_secret is not None else b""
    if sys.platform == "win32":
        child = subprocess.Popen(words, executable=sys.executable, stdin=subprocess.PIPE)
        child.communicate(handed_over)
        sys.exit(child.returncode)
    reading, writing = os.pipe()
    os.write(writing, handed_over)
    os.close(writing)
    os.dup2(reading, 0)
    os.close(reading)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, words)  # noqa: S606 - the same program again, without a shell


def handed_over() -> Secret | None:
    """The client secret that the process before wrote, if it held one."""
    with contextlib.suppress(OSError, ValueError):
        if sys.stdin is not None and not sys.stdin.isatty():
            text = sys.stdin.buffer.read(_LONGEST_SECRET).decode("utf-8", "replace")
            return Secret(text) if text else None
    return None
