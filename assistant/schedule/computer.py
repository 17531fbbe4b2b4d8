"""The edge of the schedule: what this computer is, its files, and running a system's own command."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from assistant.schedule.job import Answer
from assistant.schedule.program import Running

_LIMIT_SECONDS: Final = 30
# What a system's own command needs. Everything else stays here: an integration's secret may stand in a variable.
_PASSED_ON: Final = (
    "PATH HOME USER LOGNAME XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_DATA_HOME DBUS_SESSION_BUS_ADDRESS",
    "SYSTEMROOT SYSTEMDRIVE WINDIR USERPROFILE USERNAME USERDOMAIN TEMP TMP",
)
_WHERE_CONNECTIONS_LIE: Final = ("XDG_DATA_HOME", "XDG_STATE_HOME")  # platformdirs asks these, on macOS too


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a schedule needs to know of this computer and of the person who is signed in.

    Attributes:
        system: "linux", "darwin" or "win32".
        running: how this program was started.
        whose: tells this person on this computer from all others; it is hashed and written nowhere.
        home: the person's own folder.
        configuration: where their programs' settings are (`XDG_CONFIG_HOME`).
        uid: the number of their account; 0 on Windows, which has none.
        environment: variables that decide where the connections lie.
        system32: Windows' own programs.
        passing: a folder of their own for passing files.
    """

    system: str
    running: Running
    whose: str
    home: PurePath
    configuration: PurePath
    uid: int
    environment: tuple[tuple[str, str], ...]
    system32: PurePath
    passing: PurePath


def this_place() -> Place:
    """The computer this runs on."""
    home = Path.home()
    uid = os.getuid() if hasattr(os, "getuid") else 0
    configuration = os.environ.get("XDG_CONFIG_HOME", "")
    return Place(
        system=sys.platform,
        running=_running(),
        whose=f"{uid} {os.environ.get('USERNAME', '')} {platform.node()}",
        home=home,
        configuration=Path(configuration) if os.path.isabs(configuration) else home / ".config",
        uid=uid,
        environment=tuple(
            (name, os.environ[name]) for name in _WHERE_CONNECTIONS_LIE if os.path.isabs(os.environ.get(name, ""))
        ),
        system32=Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32",
        passing=Path(tempfile.gettempdir()),
    )


def _running() -> Running:
    folder = Path(__file__).resolve().parents[2]
    checkout = folder if (folder / "pyproject.toml").is_file() else None
    script = Path(sysconfig.get_path("scripts")) / "setup-assistant"  # Windows' has another name, and opens a console
    windowless = Path(sys.executable).with_name("pythonw.exe")
    return Running(
        executable=sys.executable,
        frozen=bool(getattr(sys, "frozen", False)),
        checkout=None if checkout is None else str(checkout),
        script=str(script) if script.is_file() else None,
        windowless=str(windowless) if windowless.is_file() else None,
    )


class Computer:
    """Files and commands. Every call blocks; a command for at most half a minute."""

    def read(self, path: PurePath) -> bytes | None:
        """The file's content, None where there is none.

        Raises:
            OSError: it is there and cannot be read.
        """
        try:
            return Path(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, path: PurePath, content: bytes) -> None:
        """Writes the whole file or nothing.

        Raises:
            OSError: it could not be written.
        """
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise

    def remove(self, path: PurePath) -> None:
        """Removes the file, or the link, if it is there.

        Raises:
            OSError: it could not be removed.
        """
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            Path(path).unlink()

    def run(self, words: Sequence[str]) -> Answer:
        """Runs a command without a shell; in English and in UTC, where it heeds that."""
        names = " ".join(_PASSED_ON).split()
        environment = {name: os.environ[name] for name in names if name in os.environ}
        try:
            done = subprocess.run(
                list(words),
                env={**environment, "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_LIMIT_SECONDS,
                check=False,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except (OSError, subprocess.TimeoutExpired):
            return Answer(code=None)
        return Answer(code=done.returncode, output=done.stdout)
