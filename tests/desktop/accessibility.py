"""Reads a window from outside, as a screen reader does: over the accessibility bus (AT-SPI), spoken with jeepney."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jeepney import DBusAddress, MessageType, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

LAUNCHERS = (Path("/usr/libexec/at-spi-bus-launcher"), Path("/usr/lib/at-spi2-core/at-spi-bus-launcher"))
PATIENCE_SECONDS = 30.0
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_ROOT = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
# Bits of AtspiStateType.
_FOCUSED, _SHOWING = 12, 25
_WHOLE = ("label", "push button", "radio button", "heading", "link")  # their names say what is inside
_AROUND = ("web document", "filler")

Node = tuple[str, str]
"""An accessible object: the name of its program on the bus, and its path."""


class NotSeenError(AssertionError):
    """What was waited for did not come; says what was there instead."""


class GoneError(RuntimeError):
    """The object is not there any more: its page was left, or its program ended."""


@dataclass(frozen=True, slots=True)
class Part:
    """One accessible object, as it was when it was looked at."""

    role: str
    name: str
    focused: bool


class Screen:
    """What one program shows."""

    def __init__(self, connection: DBusConnection, program: str) -> None:
        self._connection, self._program = connection, program

    def parts(self) -> list[Part]:
        """All that is on show now, from the top."""
        found: list[Part] = []
        for application in self._children(_ROOT):
            try:
                if self._name(application) == self._program:
                    found.extend(self._showing(application))
            except GoneError:  # another page came meanwhile: what is left of this look is not wrong
                continue
        return found

    def _showing(self, node: Node) -> Iterator[Part]:
        try:
            low, high = self._ask(node, "GetState")
            state = low | high << 32
            if not state >> _SHOWING & 1:
                return
            (role,) = self._ask(node, "GetRoleName", whole=True)
            yield Part(role=role, name=self._name(node), focused=bool(state >> _FOCUSED & 1))
            children = [] if role in _WHOLE else self._children(node)
        except GoneError:
            return
        for child in children:
            yield from self._showing(child)

    def names(self) -> list[str]:
        """The words on show."""
        return [part.name for part in self.parts() if part.name]

    def shows(self, name: str) -> bool:
        """Whether something of exactly that name is on show."""
        return name in self.names()

    @property
    def focused(self) -> Part | None:
        """What has the keyboard: the innermost part that says so.

        A web page and the widget around it go on saying so when the focus is in them or has left them.
        """
        found = [part for part in self.parts() if part.focused]
        inner = [part for part in found if part.role not in _AROUND]
        return (inner or found or [None])[-1]

    def wait_for(self, name: str, *, patience: float = PATIENCE_SECONDS) -> None:
        """Waits until something of that name is on show.

        Raises:
            NotSeenError: it was not within `patience` seconds.
        """
        wait_until(lambda: self.shows(name), lambda: f"{name!r}; there was {self.names()}", patience=patience)

    def _name(self, node: Node) -> str:
        name: str = self._send(Properties(DBusAddress(node[1], node[0], _ACCESSIBLE)).get("Name"))[0][1]
        return name

    def _children(self, node: Node) -> list[Node]:
        return [(bus, path) for bus, path in self._ask(node, "GetChildren")]

    def _ask(self, node: Node, method: str, *, whole: bool = False) -> tuple:
        answer = self._send(new_method_call(DBusAddress(node[1], node[0], _ACCESSIBLE), method))
        return answer if whole else answer[0]

    def _send(self, message: object) -> tuple:
        answer = self._connection.send_and_get_reply(message, timeout=10)
        if answer.header.message_type is not MessageType.method_return:
            raise GoneError(str(answer.body))
        return answer.body


@contextmanager
def accessibility(
    environment: dict[str, str], wait_for_name: Callable[[str], None]
) -> Iterator[Callable[[str], Screen]]:
    """An accessibility bus in the session of `environment`; gives what opens the screen of a program by its name."""
    launcher = next((path for path in LAUNCHERS if path.exists()), None)
    if launcher is None:
        raise FileNotFoundError("at-spi2-core is not installed")
    # Its own process group: it starts a bus and a registry that outlive it.
    service = subprocess.Popen(
        [launcher], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_for_name("org.a11y.Bus")
        with open_dbus_connection(environment["DBUS_SESSION_BUS_ADDRESS"]) as session:
            asked = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
            (address,) = session.send_and_get_reply(asked, timeout=20).body
        with open_dbus_connection(address) as connection:
            yield lambda program: Screen(connection, program)
    finally:
        service.terminate()
        service.wait(timeout=10)


def wait_until(reached: Callable[[], object], what: Callable[[], str], *, patience: float = PATIENCE_SECONDS) -> None:
    """Waits until `reached()` is true.

    Raises:
        NotSeenError: it was not within `patience` seconds; says `what()`.
    """
    end = time.monotonic() + patience
    while not reached():
        if time.monotonic() > end:
            raise NotSeenError(f"waited {patience:.0f} s for {what()}")
        time.sleep(0.05)
