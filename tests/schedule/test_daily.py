"""Installing, taking away and asking: the whole way, with the real files and, where this machine has one, the real
system; what a system would answer elsewhere comes from a stand-in for its command.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath, PureWindowsPath

import pytest

from assistant.problems import ProblemError
from assistant.schedule import State, install, status, uninstall
from assistant.schedule.computer import Computer, Place, this_place
from assistant.schedule.job import Answer
from assistant.schedule.program import Running

APP = "se.exempelbolaget.lagerkoll"
SID = "S-1-5-21-1-2-3-1001"


class Systemctl(Computer):
    """Real files, and a systemctl that does with them what systemd's does: only what is reloaded and enabled runs.

    Attributes:
        refuses: a command it does not take.
        absent: whether it cannot be reached at all.
    """

    def __init__(self, units: Path) -> None:
        self.units, self.refuses, self.absent = units, "", False
        self.known: dict[str, bytes] = {}
        self.running: set[str] = set()

    def run(self, words: Sequence[str]) -> Answer:
        if self.absent or words[0] != "systemctl":
            return Answer(code=None)
        assert words[:3] == ("systemctl", "--user", "--no-ask-password")
        verb, rest = words[3], words[4:]
        if verb == self.refuses:
            return Answer(code=1)
        if verb == "daemon-reload":
            self.known = {path.name: path.read_bytes() for path in self.units.glob("*.*") if path.is_file()}
            return Answer(code=0)
        unit = rest[-1] if verb != "show" else rest[0]
        link = self.units / "timers.target.wants" / unit
        if verb == "show":
            here = f"ActiveState={'active' if unit in self.running else 'inactive'}\n"
            here += f"UnitFileState={'enabled' if link.is_symlink() else 'disabled'}\n"
            return Answer(code=0, output=here.encode())
        if unit not in self.known:
            return Answer(code=1)
        if verb == "reenable":
            link.parent.mkdir(exist_ok=True)
            link.unlink(missing_ok=True)
            link.symlink_to(self.units / unit)
        elif verb == "restart":
            self.running.add(unit)
        elif verb == "disable":
            assert rest[0] == "--now"
            link.unlink(missing_ok=True)
            self.running.discard(unit)
        else:
            assert (verb, rest[0]) == ("clean", "--what=state")
        return Answer(code=0)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return replace(this_place(), system="linux", configuration=tmp_path, passing=tmp_path, running=program("/opt/a"))


@pytest.fixture
def units(tmp_path: Path) -> Path:
    return tmp_path / "systemd" / "user"


@pytest.fixture
def systemctl(units: Path) -> Systemctl:
    return Systemctl(units)


def program(path: str) -> Running:
    return Running(executable=path, frozen=True)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): b"link" if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def test_it_comes_and_goes(place: Place, systemctl: Systemctl, units: Path) -> None:
    assert status(APP, place=place, computer=systemctl).state is State.NOT_INSTALLED
    assert install(APP, place=place, computer=systemctl).state is State.INSTALLED
    assert status(APP, place=place, computer=systemctl).state is State.INSTALLED
    assert systemctl.running == {f"{APP}.keep-alive.timer"}
    assert b'ExecStart=":/opt/a" "keep-alive"\n' in files(units)[f"{APP}.keep-alive.service"]
    first = files(units)
    install(APP, place=place, computer=systemctl)
    assert files(units) == first
    assert uninstall(APP, place=place, computer=systemctl).state is State.NOT_INSTALLED
    assert files(units) == {}
    assert systemctl.running == set()
    assert systemctl.known == {}
    assert uninstall(APP, place=place, computer=systemctl).state is State.NOT_INSTALLED


def test_brands_and_practice_stand_side_by_side(place: Place, systemctl: Systemctl, units: Path) -> None:
    install(APP, place=place, computer=systemctl)
    install(APP, practice=True, place=place, computer=systemctl)
    install("other", place=place, computer=systemctl)
    assert len(systemctl.running) == 3
    uninstall(APP, place=place, computer=systemctl)
    assert status(APP, practice=True, place=place, computer=systemctl).state is State.INSTALLED
    assert status("other", place=place, computer=systemctl).state is State.INSTALLED
    assert not [name for name in files(units) if name.startswith(f"{APP}.keep-alive.")]


def test_a_program_that_moved_is_noticed_and_put_right(place: Place, systemctl: Systemctl) -> None:
    install(APP, place=place, computer=systemctl)
    moved = replace(place, running=program("/opt/b"))
    assert status(APP, place=moved, computer=systemctl).state is State.OTHER_PROGRAM
    assert install(APP, place=moved, computer=systemctl).state is State.INSTALLED
    assert status(APP, place=place, computer=systemctl).state is State.OTHER_PROGRAM
    assert uninstall(APP, place=place, computer=systemctl).state is State.NOT_INSTALLED


def test_one_that_was_switched_off_is_noticed_and_put_right(place: Place, systemctl: Systemctl) -> None:
    install(APP, place=place, computer=systemctl)
    systemctl.run(("systemctl", "--user", "--no-ask-password", "disable", "--now", f"{APP}.keep-alive.timer"))
    assert status(APP, place=place, computer=systemctl).state is State.DISABLED
    assert install(APP, place=place, computer=systemctl).state is State.INSTALLED


def failed(*, place: Place, computer: Computer, act: object = install) -> dict[str, str]:
    """The details of the KEEP-01 it ends in."""
    assert callable(act)
    with pytest.raises(ProblemError) as stopped:
        act(APP, place=place, computer=computer)
    assert stopped.value.code == "KEEP-01"
    assert str(place.configuration) not in repr(stopped.value.occurrence)
    return dict(stopped.value.occurrence.details)


@pytest.mark.provokes("KEEP-01")
@pytest.mark.parametrize("refuses", ["daemon-reload", "reenable", "restart", "show"])
@pytest.mark.parametrize("had_one", [False, True])
def test_what_systemd_refuses_leaves_all_as_it_was(
    place: Place, systemctl: Systemctl, units: Path, refuses: str, had_one: bool
) -> None:
    if had_one:
        install(APP, place=replace(place, running=program("/opt/before")), computer=systemctl)
    before = files(units)
    systemctl.refuses = refuses
    details = failed(place=place, computer=systemctl)
    assert details == ({"why": "unknown"} if refuses == "show" else {"command": "systemctl", "exit_code": "1"})
    assert {name: text for name, text in files(units).items() if text != b"link"} == {
        name: text for name, text in before.items() if text != b"link"
    }
    if not had_one:
        assert files(units) == {}
        assert systemctl.running == set()


@pytest.mark.provokes("KEEP-01")
@pytest.mark.skipif(shutil.which("systemctl") is None, reason="systemctl is not installed")
def test_the_real_systemctl_without_a_service_manager(place: Place, units: Path) -> None:
    """The tests' own runtime folder has no service manager in it, on whatever machine they run."""
    assert list(Path(os.environ["XDG_RUNTIME_DIR"]).glob("systemd/*")) == []
    assert failed(place=place, computer=Computer()) == {"command": "systemctl", "exit_code": "1"}
    assert files(units) == {}
    assert uninstall(APP, place=place).state is State.NOT_INSTALLED


def test_it_is_taken_away_even_when_systemd_cannot_be_reached(place: Place, systemctl: Systemctl, units: Path) -> None:
    install(APP, place=place, computer=systemctl)
    systemctl.absent = True
    assert status(APP, place=place, computer=systemctl).state is State.UNKNOWN
    assert uninstall(APP, place=place, computer=systemctl).state is State.NOT_INSTALLED
    assert files(units) == {}


@pytest.mark.provokes("KEEP-01")
def test_a_folder_that_is_a_file(place: Place, systemctl: Systemctl, tmp_path: Path) -> None:
    (tmp_path / "systemd").write_bytes(b"in the way")
    details = failed(place=place, computer=systemctl)
    assert details.keys() == {"errno"}
    assert files(tmp_path) == {"systemd": b"in the way"}


@pytest.mark.provokes("KEEP-01")
def test_a_file_that_cannot_be_removed(place: Place, systemctl: Systemctl, units: Path) -> None:
    (units / f"{APP}.keep-alive.timer").mkdir(parents=True)
    assert failed(place=place, computer=systemctl, act=uninstall).keys() == {"errno"}


@pytest.mark.provokes("KEEP-01")
def test_a_path_that_cannot_be_written_down(place: Place, systemctl: Systemctl, units: Path) -> None:
    bad = replace(place, running=program("/opt/a\nExecStart=/bin/evil"))
    assert failed(place=bad, computer=systemctl) == {"why": "path"}
    assert files(units) == {}
    install(APP, place=place, computer=systemctl)
    assert status(APP, place=bad, computer=systemctl).state is State.UNKNOWN
    assert uninstall(APP, place=bad, computer=systemctl).state is State.NOT_INSTALLED


@pytest.mark.provokes("KEEP-01")
@pytest.mark.parametrize("act", [install, uninstall, status])
def test_a_system_without_a_schedule_we_know(place: Place, act: object) -> None:
    assert failed(place=replace(place, system="freebsd14"), computer=Computer(), act=act) == {"why": "system"}


class Windows(Computer):
    """Real files, and a `schtasks` and a `whoami` that keep one task."""

    def __init__(self) -> None:
        self.task: tuple[str, bytes] | None = None
        self.refuses = ""
        self.who = Answer(code=0, output=f'"pc\\a","{SID}"\r\n'.encode())

    def run(self, words: Sequence[str]) -> Answer:
        if words[0].endswith("whoami.exe"):
            return self.who
        verb = words[1]
        if verb == self.refuses:
            return Answer(code=1)
        if verb == "/create":
            self.task = words[3], Path(words[5]).read_bytes()
            return Answer(code=0)
        if verb == "/query" and "/tn" not in words:
            return Answer(code=0, output=self.task[0].encode() if self.task else b"")
        if self.task is None or self.task[0] != words[3]:
            return Answer(code=1)
        if verb == "/delete":
            self.task = None
            return Answer(code=0)
        return Answer(code=0, output=self.task[1])


@pytest.fixture
def windows(place: Place) -> Place:
    return replace(place, system="win32", system32=PureWindowsPath(r"C:\Windows\System32"))


def test_it_comes_and_goes_on_windows(windows: Place, tmp_path: Path) -> None:
    computer = Windows()
    assert install(APP, place=windows, computer=computer).state is State.INSTALLED
    assert computer.task is not None
    assert computer.task[0] == f"\\{APP}.keep-alive-{SID}"
    assert files(tmp_path) == {}, "the passing file is gone"
    moved = replace(windows, running=program("/opt/b"))
    assert status(APP, place=moved, computer=computer).state is State.OTHER_PROGRAM
    assert uninstall(APP, place=moved, computer=computer).state is State.NOT_INSTALLED
    assert computer.task is None


@pytest.mark.provokes("KEEP-01")
def test_what_windows_refuses(windows: Place, tmp_path: Path) -> None:
    computer = Windows()
    install(APP, place=windows, computer=computer)
    before = computer.task
    computer.refuses = "/create"
    details = failed(place=replace(windows, running=program("/opt/b")), computer=computer)
    assert details == {"command": "schtasks", "exit_code": "1"}
    assert computer.task == before
    assert files(tmp_path) == {}
    computer.refuses = "/delete"
    assert failed(place=windows, computer=computer, act=uninstall) == {"why": "installed"}
    computer.who = Answer(code=1)
    assert failed(place=windows, computer=computer) == {"why": "user"}


class Launchctl(Computer):
    """Real files, and a `launchctl` that keeps one agent."""

    def __init__(self) -> None:
        self.loaded: bytes | None = None
        self.refuses = ""

    def run(self, words: Sequence[str]) -> Answer:
        verb = words[1]
        if verb == self.refuses:
            return Answer(code=5)
        if verb == "bootstrap":
            if self.loaded is not None:
                return Answer(code=5)
            self.loaded = Path(words[3]).read_bytes()
        elif verb == "bootout":
            was, self.loaded = self.loaded, None
            return Answer(code=0 if was is not None else 3)
        elif verb == "print":
            return Answer(code=113 if self.loaded is None else 0)
        return Answer(code=0)


@pytest.mark.provokes("KEEP-01")
def test_it_comes_fails_and_goes_on_macos(place: Place, tmp_path: Path) -> None:
    mac, computer = replace(place, system="darwin", home=tmp_path), Launchctl()
    assert install(APP, place=mac, computer=computer).state is State.INSTALLED
    assert install(APP, place=mac, computer=computer).state is State.INSTALLED
    before, loaded = files(tmp_path), computer.loaded
    assert list(before) == [str(PurePath("Library", "LaunchAgents", f"{APP}.keep-alive.plist"))]
    computer.refuses = "enable"
    assert failed(place=replace(mac, running=program("/opt/b")), computer=computer) == {
        "command": "launchctl",
        "exit_code": "5",
    }
    assert files(tmp_path) == before
    assert computer.loaded == loaded
    assert uninstall(APP, place=mac, computer=computer).state is State.NOT_INSTALLED
    assert files(tmp_path) == {}
    assert computer.loaded is None
