"""Starts this program once more to try the browser engine, so that a crash or a hang there stays there."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from assistant.schedule.computer import this_place
from assistant.schedule.program import command_line
from assistant.support.journal.fields import Version
from assistant.support.self_test.world import EngineAnswer

LIMIT_SECONDS: Final = 8.0
WORDS: Final = ("doctor", "--engine")
_MOST: Final = 4096

_PASSED_ON: Final = (
    "PATH HOME USER LOGNAME LANG LANGUAGE TMPDIR DISPLAY WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS",
    "LD_LIBRARY_PATH SYSTEMROOT SYSTEMDRIVE WINDIR USERPROFILE USERNAME APPDATA LOCALAPPDATA TEMP TMP",
)
_BEGINNINGS: Final = ("QT_", "QTWEBENGINE", "XDG_", "LC_", "LIBGL_", "MESA_")


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineProcess:
    """Tries the engine.

    Attributes:
        words: the command line; None for this program's own.
        limit: seconds until the process and all it started are killed.
    """

    words: tuple[str, ...] | None = None
    limit: float = LIMIT_SECONDS

    async def __call__(self) -> EngineAnswer:
        """How it went. Never longer than the limit, whatever hangs."""
        folder: str | None = None
        words = self.words
        if words is None:
            program, folder = command_line(this_place().running)
            words = (*program, *WORDS)
        try:
            process = await asyncio.create_subprocess_exec(
                *words,
                cwd=folder,
                env=child_environment(os.environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=os.name == "posix",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            return EngineAnswer(problem="WEB-04")
        assert process.stdout is not None  # noqa: S101 - a type checker's need
        said = b""
        try:
            async with asyncio.timeout(self.limit):
                said = await process.stdout.readline()
        except (TimeoutError, ValueError):
            return EngineAnswer(late=True)
        finally:
            _end(process)
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await process.wait()
        return read_answer(said)


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What of `environ` a process of the engine's needs. A client secret may stand in any other variable."""
    wanted = frozenset(" ".join(_PASSED_ON).split())
    return {
        name: value for name, value in environ.items() if name.upper() in wanted or name.upper().startswith(_BEGINNINGS)
    }


def written_answer(answer: EngineAnswer) -> str:
    """`answer` as the one line that the process prints."""
    fields = ("painted", "problem", "qt", "chromium", "patches", "no_display", "no_qt")
    return json.dumps({name: getattr(answer, name) for name in fields})


def read_answer(line: bytes) -> EngineAnswer:
    """What the process printed; nothing at all means that it crashed."""
    try:
        found = json.loads(line[:_MOST])
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return EngineAnswer(problem="WEB-04")
    problem = found.get("problem")
    return EngineAnswer(
        painted=found.get("painted") is True,
        problem=problem if isinstance(problem, str) else None,
        qt=_version(found.get("qt")),
        chromium=_version(found.get("chromium")),
        patches=_version(found.get("patches")),
        no_display=found.get("no_display") is True,
        no_qt=found.get("no_qt") is True,
    )


def _version(value: object) -> str:
    found = Version.of(value) if isinstance(value, str) else None
    return str(found) if found is not None else ""


def _end(process: asyncio.subprocess.Process) -> None:
    """Kills the process and, where it has a group of its own, all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
