"""Starts the program again in software rendering, at the sign-in: the engine reads its flags once in a process's life.

The new process gets the same command with two words more. A client secret that was typed or came from the environment
goes to it through a pipe on its standard input: never on the command line, in the environment or in a file. With it
goes the connection that is being made again, if it is one.
"""

from __future__ import annotations

import contextlib
import json
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
_LONGEST: Final = 32_768


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """How this process was begun.

    Attributes:
        at_sign_in: go to step 4 at once, with a new attempt.
        software_rendering: draw pages without the graphics card.
        client_secret: what the process before held.
        integration_file: the one chosen in the window, which the command line does not name.
        reconnecting: the id of the connection that it was making again.
    """

    at_sign_in: bool = False
    software_rendering: bool = False
    client_secret: Secret | None = None
    integration_file: Path | None = None
    reconnecting: str | None = None


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
    frozen = bool(getattr(sys, "frozen", False))
    words = command(sys.orig_argv, sys.executable, frozen=frozen, integration_file=wished.integration_file)
    secret = wished.client_secret.reveal() if wished.client_secret is not None else None
    handed_over = json.dumps({"client_secret": secret, "reconnecting": wished.reconnecting}).encode()
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


def handed_over() -> Resumption:
    """What the process before wrote, if it wrote anything: a sign-in to resume."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if sys.stdin is not None and not sys.stdin.isatty():
            told = json.loads(sys.stdin.buffer.read(_LONGEST))
            secret, connection_id = told.get("client_secret"), told.get("reconnecting")
            return Resumption(
                at_sign_in=True,
                client_secret=Secret(secret) if isinstance(secret, str) and secret else None,
                reconnecting=connection_id if isinstance(connection_id, str) else None,
            )
    return Resumption(at_sign_in=True)
