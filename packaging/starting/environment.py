"""The checkout's own `.venv` with the locked packages, made once and remade when the lock changes."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import time

from starting.place import LOCK, PYTHON, ROOT, VENV, call, say, stop

STAMP = VENV / "locked-packages"


def ensure() -> None:
    """Makes `.venv` hold exactly what the lock names, for this Python; nothing is done when it does.

    Raises:
        Stop: the environment could not be made, or a package could not be installed.
    """
    wanted = stamp()
    if PYTHON.exists() and STAMP.is_file() and STAMP.read_text() == wanted:
        return
    if not usable():
        make()
    say("Installing the locked packages (about 300 MB the first time)")
    begun = time.monotonic()
    if install() and install():  # once more: a broken download is the likeliest reason
        stop("The packages could not be installed; pip's own words are above. Is the network there?")
    STAMP.write_text(wanted)
    say(f"Packages installed in {time.monotonic() - begun:.0f} s")


def stamp() -> str:
    """What `.venv` was made from: the lock's digest and the version of Python."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{digest} {sys.version_info.major}.{sys.version_info.minor}\n"


def usable() -> bool:
    """Whether there is a `.venv` whose Python starts and is of this Python's version."""
    if not PYTHON.exists():
        return False
    asked = subprocess.run(
        [str(PYTHON), "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() == str(sys.version_info[:2])


def make() -> None:
    """Makes an empty `.venv`, in place of a broken one."""
    say(f"Making {VENV.relative_to(ROOT)} with Python {sys.version.split()[0]}")
    if VENV.exists():
        shutil.rmtree(VENV)
    with_pip = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    if call([sys.executable, "-m", "venv", *with_pip, str(VENV)]):
        stop("The environment could not be made; Python's own words are above.")


def install() -> int:
    """Installs the lock into `.venv`; returns pip's exit code.

    Where this Python has no ensurepip, as on Debian without python3-venv, its own pip installs from outside.
    """
    inside = importlib.util.find_spec("ensurepip") is not None
    pip = [str(PYTHON), "-m", "pip"] if inside else [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-virtualenv"]
    if not inside:
        options.remove("--require-virtualenv")
    what = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(LOCK)]
    return call([*pip, "install", *options, *what])
