"""One renewal in a process of its own, which kills itself at a named point."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from assistant.problems import ProblemError
from assistant.vault import renewals, sqlite_rows
from tests.vault.at_practice import tokens_of

ANSWER_BEFORE = "Answer before"


def renew(path: Path, connection_id: str, point: str, pipe: Pipe) -> None:
    """Asks for a token and tells over `pipe` what came of it: "token", or the problem's code.

    Args:
        point: where to die: a point of `Tokens`, "written" (before the commit), "committed" (right after it), or "".
    """

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if point == "written":
        _after(sqlite_rows.SqliteWriting, "put_connection", die)
    if point == "committed":
        renewals.Renewals._is_there = die  # type: ignore[assignment]
    pipe.send("ready")
    tokens = tokens_of(path, reached=lambda reached: die() if reached == point else None)
    try:
        tokens.access_token(connection_id)
    except ProblemError as problem:
        lost = dict(problem.occurrence.details).get(ANSWER_BEFORE) == "lost"
        pipe.send(f"{problem.occurrence.code}{' unknown' if lost else ''}")
    else:
        pipe.send("token")


def _after(kind: Any, name: str, call: Callable[[], None]) -> None:
    real = getattr(kind, name)

    def both(self: object, *arguments: Any) -> None:
        real(self, *arguments)
        call()

    setattr(kind, name, both)
