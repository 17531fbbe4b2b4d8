"""A D-Bus session with a real gnome-keyring of its own, for tests and for the programs they start."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PASSWORD = "a password of the test's own"

# No service folders: nothing is started on demand, neither a second keyring behind the test's back nor a password box.
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

_LOCK = """
from contextlib import closing
import secretstorage
with closing(secretstorage.dbus_init()) as bus:
    secretstorage.Collection(bus).lock()
"""


def missing_tools() -> str | None:
    """What is not installed here, for a skip's reason; None when all is there."""
    for tool in ("dbus-daemon", "gnome-keyring-daemon"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    return None


@dataclass
class KeychainSession:
    """A running session.

    Attributes:
        environment: for child processes. HOME, XDG folders and bus are the session's own.
        home: the session's HOME; it disappears with the session.
    """

    environment: dict[str, str]
    home: Path
    _keyring: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def keyring_pid(self) -> int:
        assert self._keyring is not None
        return self._keyring.pid

    def start_keyring(self) -> None:
        """Starts gnome-keyring with its collection open."""
        assert self._keyring is None
        self._keyring = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._keyring.stdin is not None
        self._keyring.stdin.write(PASSWORD.encode())
        self._keyring.stdin.close()
        self.wait_for("org.freedesktop.secrets")

    def lock(self) -> None:
        """Locks the collection. No password box can be shown here, so unlocking ends as if it were closed."""
        subprocess.run([sys.executable, "-c", _LOCK], env=self.environment, check=True, timeout=20)

    def pause(self) -> None:
        """Makes gnome-keyring hang."""
        os.kill(self.keyring_pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.keyring_pid, signal.SIGCONT)

    def kill_keyring(self) -> None:
        """Ends gnome-keyring without a word; the bus stays."""
        if self._keyring is not None:
            self._keyring.kill()
            self._keyring.wait(timeout=10)
            self._keyring = None

    def wait_for(self, name: str) -> None:
        end = time.monotonic() + 15
        call = [
            "dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.DBus",
            "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", f"string:{name}",
        ]  # fmt: skip
        while time.monotonic() < end:
            answer = subprocess.run(call, env=self.environment, capture_output=True, text=True, check=False, timeout=10)
            if "true" in answer.stdout:
                return
            time.sleep(0.05)
        raise RuntimeError(f"{name} did not appear on the bus within 15 s")


@contextmanager
def keychain_session(*, locked: bool = False, keyring: bool = True) -> Iterator[KeychainSession]:
    """A private session: `locked` has a collection nobody can open, `keyring=False` a bus without any keychain."""
    # Directly under the temporary folder: a socket's path may have 107 characters only.
    home = Path(tempfile.mkdtemp(prefix="keychain-"))
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    address = runtime / "bus"
    configuration = home / "bus.conf"
    configuration.write_text(_BUS.format(socket=address))
    dropped = ("DBUS_SESSION_BUS_ADDRESS", "GNOME_KEYRING_CONTROL", "DISPLAY", "WAYLAND_DISPLAY")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in dropped and not name.startswith(("XDG_", "KEYRING_", "PYTHON_KEYRING"))
    }
    environment |= {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={address}",
    }
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--nosyslog"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    session = KeychainSession(environment=environment, home=home)
    try:
        session.wait_for("org.freedesktop.DBus")
        if keyring:
            session.start_keyring()
            if locked:
                session.lock()
        yield session
    finally:
        with suppress(AssertionError, ProcessLookupError):
            session.resume()
        session.kill_keyring()
        bus.terminate()
        bus.wait(timeout=10)
        shutil.rmtree(home, ignore_errors=True)
