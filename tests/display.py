"""An X display without a screen, for the tests that need a real window system."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def display(*, width: int = 1280, height: int = 1024) -> Iterator[str]:
    """A new Xvfb of `width` by `height` pixels; gives the value for `DISPLAY`.

    The server chooses a free number itself, so that several tests can have a display at the same time.

    Raises:
        FileNotFoundError: Xvfb is not installed (`packaging/start.py test` installs it or says how).
        RuntimeError: it stopped before it was ready.
    """
    reading, writing = os.pipe()
    screen = f"{width}x{height}x24"
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answers:
            number = answers.readline().strip()
        if not number:
            raise RuntimeError(f"Xvfb stopped with exit code {server.wait(10)}")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)
