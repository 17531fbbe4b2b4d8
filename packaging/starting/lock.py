"""Remakes packaging/requirements.lock from pyproject.toml, for all systems at once, with uv."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from starting.place import LOCK, ROOT, Exit, call, say, stop


def lock(arguments: list[str]) -> int:
    """Writes the lock. `--upgrade` among `arguments` takes the newest versions; without it the locked ones stay.

    uv is used from PATH, else installed for this one run into a folder that goes away.
    """
    with tempfile.TemporaryDirectory(prefix="lock-") as folder:
        uv = shutil.which("uv") or install_uv(Path(folder))
        say("Resolving for all systems")
        # No address of an index or folder may reach the lock: it holds for whatever registry a person uses.
        done = call(
            [
                uv, "pip", "compile", "pyproject.toml", "--group", "dev",
                "--universal", "--python-version", "3.11", "--generate-hashes",
                "--no-header", "--no-emit-index-url", "--no-emit-find-links", "--no-emit-build-options",
                "--quiet", "--output-file", str(LOCK.relative_to(ROOT)), *arguments,
            ],
            environment={"UV_SYSTEM_CERTS": "1"},
        )  # fmt: skip
    if done:
        stop("The lock was not made; uv's own words are above.", Exit.FAILED)
    say(f"{LOCK.relative_to(ROOT)} is made; commit it")
    return Exit.WELL


def install_uv(folder: Path) -> str:
    say("Fetching uv for this one run")
    if call([sys.executable, "-m", "venv", str(folder)]):
        stop("No environment for uv could be made; Python's own words are above.")
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    if call([str(scripts / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"]):
        stop("uv could not be installed; pip's own words are above.")
    return str(scripts / "uv")
