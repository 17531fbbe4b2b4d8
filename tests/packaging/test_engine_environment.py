"""What the environment says of the engine counts in a checkout and nowhere else: looked at from outside, in /proc."""

from __future__ import annotations

import os
import shutil
import site
import socket
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.desktop.watching import descendants
from tests.packaging.test_wheel import ROOT, wheel
from tests.provoking import printed

__all__ = ["wheel"]

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc"),
    pytest.mark.timeout(180),
]

NOBODY = 65_534
PATIENCE = 60.0
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture(scope="module")
def shipped(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of an installed program; its libraries come from the environment that runs this."""
    folder = tmp_path_factory.mktemp("shipped")
    venv.create(folder, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    with ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()))
    return [str(folder / "bin" / "python"), "-m", "assistant"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def hostile(debugging: int, flags_port: int) -> dict[str, str]:
    return {
        "QTWEBENGINE_REMOTE_DEBUGGING": str(debugging),
        "QTWEBENGINE_CHROMIUM_FLAGS": f"--no-sandbox --remote-debugging-port={flags_port}",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
    }


@contextmanager
def running(
    command: list[str], home: Path, environ: dict[str, str], *, ordinary: bool
) -> Iterator[subprocess.Popen[str]]:
    """The program in practice mode; as an ordinary user also where root runs the tests."""
    home.mkdir()
    words = [*command, "--practice", "--lang", "en"]
    if ordinary and AS_ROOT:
        shutil.chown(home, NOBODY, NOBODY)
        # The tests' folders and Python may lie where only root can look: reading is lent, nothing else.
        reads = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        words = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *reads, *words]
    program = subprocess.Popen(
        words,
        cwd=ROOT if command[0] == sys.executable else home,
        env={
            "PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LANG": "C.UTF-8",
            "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1", **environ,
        },
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield program
    finally:
        program.terminate()
        with suppress(subprocess.TimeoutExpired):
            program.communicate(timeout=15)
        program.kill()


def helpers(program: subprocess.Popen[str]) -> dict[int, list[str]]:
    """The engine's processes under `program`, with their arguments."""
    found = {}
    for pid in descendants(program.pid):
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().split(" ")
            if "QtWebEngineProcess" in words[0]:
                found[pid] = words
    return found


def engine_of(program: subprocess.Popen[str]) -> dict[int, list[str]]:
    """The engine's processes, once those are there from which it makes its pages: one of them in the sandbox."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and program.poll() is None:
        found = helpers(program)
        if sum("--type=zygote" in words for words in found.values()) >= 2:
            time.sleep(2)  # by then a debugging port is open, and the sandbox closed
            return helpers(program)
        time.sleep(0.1)
    raise AssertionError(f"no engine; exit code {program.poll()}")


def listens(port: int) -> bool:
    with socket.socket() as asked:
        asked.settimeout(1)
        return asked.connect_ex(("127.0.0.1", port)) == 0


def test_an_installed_program_keeps_its_sandbox_and_opens_no_port(shipped: list[str], tmp_path: Path) -> None:
    ports = free_port(), free_port()
    with running(shipped, tmp_path / "home", hostile(*ports), ordinary=True) as program:
        engine = engine_of(program)
        assert not any(listens(port) for port in ports)
        words = [word for each in engine.values() for word in each]
        assert not {"--no-sandbox", "--disable-setuid-sandbox", "--disable-namespace-sandbox"} & set(words)
        assert not [word for word in words if "remote-debugging" in word]
        ours = os.readlink(f"/proc/{program.pid}/ns/user")
        apart = []
        for pid in helpers(program):
            with suppress(OSError):
                apart.append(os.readlink(f"/proc/{pid}/ns/user") != ours)
        assert any(apart), "no process of the engine is in a namespace of its own"


@pytest.mark.skipif(not AS_ROOT, reason="only root is refused")
@pytest.mark.provokes("START-02")
def test_an_installed_program_stops_when_root_starts_it(shipped: list[str], tmp_path: Path) -> None:
    ports = free_port(), free_port()
    with running(shipped, tmp_path / "home", hostile(*ports), ordinary=False) as program:
        _, said = program.communicate(timeout=60)
        assert program.returncode == 1
        printed("START-02", said)
        assert not any(listens(port) for port in ports)


def test_in_a_checkout_the_same_words_count(tmp_path: Path) -> None:
    """The counterpart: else the tests above could pass because nothing ever listens."""
    port = free_port()
    environ = {"QTWEBENGINE_REMOTE_DEBUGGING": str(port), "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox"}
    with running([sys.executable, "-m", "assistant"], tmp_path / "home", environ, ordinary=False) as program:
        engine = engine_of(program)
        assert any("--no-sandbox" in words for words in engine.values())
        end = time.monotonic() + 20
        while not listens(port) and time.monotonic() < end:
            time.sleep(0.1)
        assert listens(port)
