"""The program as its own process, and a keyboard for it. Nothing else touches it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.desktop.accessibility import Part, Screen, wait_until
from tests.desktop.desktop import Desktop
from tests.desktop.watching import Watch, descendants, still_there

CHECKOUT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "assistant")
WINDOW_CLASS = "setup-assistant"
LONGEST_WALK = 40
"""Presses of Tab after which a page has been gone round."""


class Keyboard:
    """Presses keys in the program's window. There is no window manager, so the focus of X is given here."""

    def __init__(self, environment: Mapping[str, str], screen: Screen) -> None:
        self._environment, self._screen = dict(environment), screen

    def press(self, *keys: str) -> None:
        """Presses `keys`, named as X names them."""
        self._focus_window()
        self._run("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Types `text`."""
        self._focus_window()
        self._run("type", "--delay", "8", "--", text)

    def tab_to(self, name: str, *, role: str = "") -> None:
        """Presses Tab until a part whose name begins so (and of that role) has the focus.

        Raises:
            AssertionError: Tab never comes there; says where it went.
        """

        def there(part: Part | None) -> bool:
            return part is not None and part.name.startswith(name) and role in ("", part.role)

        walked: list[str] = []
        for _ in range(LONGEST_WALK):
            before = self._screen.focused
            if there(before):
                return
            walked.append(f"{before.role} {before.name!r}" if before else "nothing")
            self.press("Tab")
            with suppress(AssertionError):  # a link that stands twice looks the same when the focus has moved
                wait_until(lambda old=before: self._screen.focused != old, lambda: "the focus to move", patience=0.7)
        raise AssertionError(f"Tab never came to {name!r}; it went {walked}")

    def choose(self, name: str, *, role: str = "") -> None:
        """Goes to the part of that name by Tab and presses Enter."""
        self.tab_to(name, role=role)
        self.press("Return")

    def window(self) -> str:
        """The X window of the program, once it can be seen."""
        found: list[str] = []

        def visible() -> bool:
            found[:] = self._run("search", "--onlyvisible", "--class", WINDOW_CLASS, check=False).split()
            return bool(found)

        wait_until(visible, lambda: "a window")
        return found[-1]

    def _focus_window(self) -> None:
        window = self.window()
        if self._run("getwindowfocus", "-f", check=False).strip() != window:
            self._run("windowfocus", "--sync", window)

    def _run(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=self._environment, capture_output=True, text=True, check=check, timeout=20
        )
        return done.stdout


class Program:
    """One run of it.

    Attributes:
        process: the program itself; its output goes to files.
        screen: what it shows.
        keyboard: presses keys in it.
        watch: what its processes and files were seen to hold.
    """

    def __init__(self, desktop: Desktop, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process, self._output, self._desktop = process, output, desktop
        self.watch = Watch(process.pid, desktop.home)
        self.screen = desktop.screen_of("setup-assistant")
        self.keyboard = Keyboard(desktop.environment, self.screen)

    @property
    def output(self) -> bytes:
        """Standard output and standard error, as they came."""
        return self._output.read_bytes()

    def close(self) -> int:
        """Closes the window as its own close button does; returns the exit code."""
        self.ask_to_close()
        return self.ended()

    def ask_to_close(self) -> None:
        """Presses the window's own close button."""
        command = [sys.executable, "-m", "tests.desktop.close_window", self.keyboard.window()]
        subprocess.run(command, env=self._desktop.environment, check=True, cwd=CHECKOUT, timeout=20)

    def ended(self) -> int:
        """Waits until it has ended; returns the exit code, -N for signal N."""
        return self.process.wait(30)

    def processes(self) -> list[int]:
        """Its process id and those of all it started."""
        return descendants(self.process.pid)


@contextmanager
def program(
    desktop: Desktop, *arguments: str, environment: Mapping[str, str] | None = None, command: Sequence[str] = COMMAND
) -> Iterator[Program]:
    """Starts it on `desktop` in English; at the end it must be gone with all it started."""
    output = desktop.recorded / f"output-{time.monotonic_ns()}"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--lang", "en", *arguments],
            env=desktop.environment | dict(environment or {}),
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    running = Program(desktop, process, output)
    try:
        yield running
    finally:
        running.watch.stop()
        started = sorted({pid for pid, _ in running.watch.processes})
        if process.poll() is None:
            for pid in descendants(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait(10)
    wait_until(lambda: not still_there(started), lambda: f"{still_there(started)} to end", patience=5)


def listed(desktop: Desktop, *arguments: str) -> list[dict[str, Any]]:
    """The connections, as another process lists them."""
    done = subprocess.run(
        [*COMMAND, "list", "--json", *arguments],
        env=desktop.environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    connections: list[dict[str, Any]] = json.loads(done.stdout)["connections"]
    return connections
