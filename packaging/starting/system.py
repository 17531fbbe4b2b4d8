"""What Linux must have that pip cannot install: found by looking, installed by apt or named in one command.

Windows and macOS have all of it. A Linux without apt gets the command of its own tool where that takes the names of
libraries as they are (dnf, zypper), else the names.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starting.place import is_root, say, stop

# Library: Debian's package. Every library that a Qt file named in tests/packaging/test_system.py is linked with.
WINDOW_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXext.so.6": "libxext6",
    "libXfixes.so.3": "libxfixes3",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libasound.so.2": "libasound2",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libexpat.so.1": "libexpat1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgbm.so.1": "libgbm1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libnspr4.so": "libnspr4",
    "libnss3.so": "libnss3",
    "libnssutil3.so": "libnss3",
    "libsmime3.so": "libnss3",
    "libstdc++.so.6": "libstdc++6",
    "libudev.so.1": "libudev1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-dri3.so.0": "libxcb-dri3-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbfile.so.1": "libxkbfile1",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
# Program: Debian's package. What the tests use to make a desktop of their own, and to judge unit files.
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "certutil": "libnss3-tools",
    "dbus-daemon": "dbus",
    "dbus-run-session": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "systemd-analyze": "systemd",
    "xdotool": "xdotool",
}
ACCESSIBILITY = ("at-spi-bus-launcher", "at-spi2-core")  # a program outside PATH, and its package
FONTS = ("a font", "fonts-dejavu-core")
# Renamed when Debian 13 and Ubuntu 24.04 made times 64 bits wide; glibc 2.39 came with both and not before.
RENAMED = {"libasound2": "libasound2t64", "libglib2.0-0": "libglib2.0-0t64"}
RENAMED_SINCE = (2, 39)
OLDEST_GLIBC = (2, 34)  # Qt's packages for Linux (manylinux_2_34)


@dataclass(frozen=True)
class Missing:
    """Something the system lacks.

    Attributes:
        name: of the library or program, as a person would look for it.
        debian: the package of Debian and Ubuntu that has it.
        capability: what dnf and zypper know it by.
    """

    name: str
    debian: str
    capability: str


def missing(*, for_tests: bool) -> list[Missing]:
    """What this Linux lacks for a window, or with `for_tests` for a desktop of the tests' own as well."""
    if sys.platform != "linux":
        return []
    found: list[Missing] = []
    if not has_venv():
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        found.append(Missing("Python's ensurepip", f"python{version}-venv", f"python{version}"))
    present = libraries()
    if present is not None:
        bits = "()(64bit)" if sys.maxsize > 2**32 else ""
        found += [Missing(name, deb, name + bits) for name, deb in WINDOW_LIBRARIES.items() if name not in present]
    if not has_font():
        found.append(Missing(*FONTS, "dejavu-sans-fonts"))
    if for_tests:
        found += [
            Missing(name, deb, f"/usr/bin/{name}") for name, deb in TEST_PROGRAMS.items() if not shutil.which(name)
        ]
        name, package = ACCESSIBILITY
        if not any(Path(folder, name).exists() for folder in ("/usr/libexec", "/usr/lib/at-spi2-core")):
            found.append(Missing(name, package, package))
    return found


def has_venv() -> bool:
    """Whether this Python can put pip into a new environment, by ensurepip or by a pip of its own."""
    return any(importlib.util.find_spec(name) for name in ("ensurepip", "pip"))


@cache
def libraries() -> frozenset[str] | None:
    """The names of the libraries that the loader knows for this processor; None when that cannot be asked."""
    program = shutil.which("ldconfig", path=f"{os.environ.get('PATH', '')}:/sbin:/usr/sbin")
    if program is None:
        return None
    listed = subprocess.run([program, "-p"], capture_output=True, text=True, check=False).stdout
    kind = {"x86_64": "x86-64", "aarch64": "AArch64"}.get(platform.machine(), "")
    return frozenset(line.split()[0] for line in listed.splitlines() if "=>" in line and kind in line)


def has_font() -> bool:
    """Whether there is a font; without one every page is empty of letters."""
    folders = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"]
    return any(next(Path(folder).expanduser().rglob("*.[to]tf"), None) for folder in folders)


def glibc() -> tuple[int, ...]:
    """The version of the C library, such as (2, 36); empty where it is another one."""
    return tuple(int(part) for part in platform.libc_ver()[1].split(".")[:2] if part.isdigit())


def debian_packages(what: Iterable[Missing]) -> list[str]:
    """Debian's packages for `what`, each once, with the names this release has."""
    renamed = RENAMED if glibc() >= RENAMED_SINCE else {}
    return sorted({renamed.get(item.debian, item.debian) for item in what})


def ensure(*, for_tests: bool) -> None:
    """Installs what the system lacks, or says how.

    Raises:
        Stop: something is missing, and this user or this system cannot have it installed from here.
    """
    if sys.platform == "linux" and glibc() < OLDEST_GLIBC:
        stop("This Linux is too old, or has no glibc: the window needs glibc 2.34, as in Debian 12 or Ubuntu 22.04.")
    what = missing(for_tests=for_tests)
    if not what:
        return
    if shutil.which("apt-get"):
        packages = debian_packages(what)
        command = f"apt-get update && apt-get install -y --no-install-recommends {shlex.join(packages)}"
        if not is_root():
            stop(advice(what, command))
        say(f"Installing system packages: {' '.join(packages)}")
        apt("update")  # when it fails the lists that are there may still do
        failure = apt("install", "-y", "--no-install-recommends", *packages)
        what = missing(for_tests=for_tests)
        if what:
            stop(f"{failure}\n{advice(what, command)}".lstrip())
        return
    for tool in ("dnf", "zypper"):
        if shutil.which(tool):
            stop(advice(what, shlex.join([tool, "install", *(item.capability for item in what)])))
    stop(f"{lack(what)} Install them with its own package tool, then try again.")


def lack(what: list[Missing], *, shown: int = 8) -> str:
    """What the system lacks, as a sentence that names the first few."""
    names = [item.name for item in what]
    rest = f" and {len(names) - shown} more" if len(names) > shown else ""
    return f"This system lacks {', '.join(names[:shown])}{rest}."


def advice(what: list[Missing], command: str) -> str:
    """What the system lacks and the one command for it, which only root may run."""
    sudo = shutil.which("sudo") is not None
    line = f"sudo sh -c {shlex.quote(command)}" if sudo else command
    return f"{lack(what)}\nRun this once{'' if sudo else ' as root'}, then try again:\n\n    {line}\n"


def apt(*arguments: str) -> str:
    """Runs apt-get without questions; returns its words when it failed, else nothing."""
    libraries.cache_clear()
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return (done.stdout + done.stderr).strip() if done.returncode else ""
