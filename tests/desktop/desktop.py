"""A desktop for one test: display, D-Bus session, unlocked gnome-keyring, accessibility bus, recorder of addresses."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.desktop.accessibility import LAUNCHERS, Screen, accessibility
from tests.display import display
from tests.keychain_session import KeychainSession, keychain_session, missing_tools

# What the system's opener was asked for, and the environment it got; no secret may stand there.
_RECORDER = """#!/bin/sh
printf '%s\\n' "$@" >> "{folder}/addresses"
cat /proc/self/environ >> "{folder}/environment"
"""

_SANDBOX = ("--no-sandbox",) if sys.platform == "linux" and os.geteuid() == 0 else ()


def not_here() -> str | None:
    """Why there can be no desktop here, for a skip's reason; None when all is there."""
    if sys.platform != "linux":
        return "a desktop of the tests' own needs Linux"
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    if not any(path.exists() for path in LAUNCHERS):
        return "at-spi2-core is not installed"
    return missing_tools()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """A running desktop.

    Attributes:
        environment: for the programs on it.
        home: HOME, with every XDG folder and the temporary one in it.
        recorded: outside HOME, where the recorder of opened addresses writes.
    """

    session: KeychainSession
    environment: dict[str, str]
    home: Path
    recorded: Path
    screen_of: Callable[[str], Screen]

    @property
    def opened(self) -> list[str]:
        """The addresses the system's opener was asked for, in order."""
        return self._recorded("addresses").decode().splitlines()

    @property
    def openers_environment(self) -> bytes:
        """The environment of the opener, all runs together."""
        return self._recorded("environment")

    def _recorded(self, name: str) -> bytes:
        file = self.recorded / name
        return file.read_bytes() if file.exists() else b""


@contextmanager
def desktop(recorded: Path) -> Iterator[Desktop]:
    """A desktop whose recorder lives in the folder `recorded`."""
    recorded.mkdir(parents=True)
    opener = recorded / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(_RECORDER.format(folder=recorded))
    opener.chmod(0o755)
    (opener.parent / "x-www-browser").symlink_to(opener)  # without a browser nothing is given to the opener
    with keychain_session() as session, display() as number:
        temporary = session.home / "tmp"
        temporary.mkdir()
        environment = session.environment | {
            "DISPLAY": number,
            "LANG": "C.UTF-8",
            "TMPDIR": str(temporary),
            "PATH": f"{opener.parent}{os.pathsep}{os.environ['PATH']}",
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            # On Linux the engine keeps web pages from screen readers unless both are there.
            "QTWEBENGINE_ENABLE_LINUX_ACCESSIBILITY": "1",
            "QTWEBENGINE_CHROMIUM_FLAGS": " ".join([*_SANDBOX, "--force-renderer-accessibility"]),
        }
        with accessibility(environment, session.wait_for) as screen_of:
            yield Desktop(
                session=session,
                environment=environment,
                home=session.home,
                recorded=recorded,
                screen_of=screen_of,
            )
