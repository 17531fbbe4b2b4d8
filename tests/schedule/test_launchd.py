"""The agent of launchd: its property list, the commands, and what is read from their answers. Not run on macOS."""

from __future__ import annotations

import plistlib
from datetime import time
from pathlib import PurePosixPath

import pytest
from hypothesis import given

from assistant.schedule.job import Answer, State
from assistant.schedule.launchd import Launchd, agent
from tests.schedule.jobs import HARD_PATHS, job, paths
from tests.schedule.recording import Recorded

AGENTS = PurePosixPath("/Users/åsa/Library/LaunchAgents")
PLIST = AGENTS / "se.exempelbolaget.lagerkoll.keep-alive.plist"
TARGET = "gui/501/se.exempelbolaget.lagerkoll.keep-alive"


def launchd(*program: str, folder: str | None = None) -> Launchd:
    one = job(*program, folder=folder, app_id="se.exempelbolaget.lagerkoll")
    return Launchd(job=one, agents=AGENTS, uid=501)


def test_the_property_list() -> None:
    one = job(
        "/Applications/Å&B.app/Contents/MacOS/a", practice=True, at=time(9, 5), environment=(("XDG_DATA_HOME", "/d"),)
    )
    assert agent(one) == {
        "Label": "setup-assistant.keep-alive-practice",
        "ProgramArguments": ["/Applications/Å&B.app/Contents/MacOS/a", "keep-alive", "--practice"],
        "StartCalendarInterval": {"Hour": 9, "Minute": 5},
        "RunAtLoad": True,
        "ProcessType": "Background",
        "Umask": 63,
        "EnvironmentVariables": {"XDG_DATA_HOME": "/d"},
    }


@given(paths, paths)
def test_any_path_comes_through(program: str, folder: str) -> None:
    (file,) = Launchd(job=job(program, "-m", folder=folder), agents=AGENTS, uid=501).files()
    found = plistlib.loads(file.content)
    assert found["ProgramArguments"] == [program, "-m", "keep-alive"]
    assert found["WorkingDirectory"] == folder


@pytest.mark.parametrize("path", HARD_PATHS)
def test_hard_paths_come_through(path: str) -> None:
    (file,) = launchd(path).files()
    assert file.path == PLIST
    assert file.stays
    assert plistlib.loads(file.content)["ProgramArguments"] == [path, "keep-alive"]


def test_the_commands() -> None:
    here = launchd("/opt/a")
    assert [(command.words[1:], command.must_succeed) for command in here.installing()] == [
        (("bootout", TARGET), False),
        (("enable", TARGET), True),
        (("bootstrap", "gui/501", str(PLIST)), True),
    ]
    assert [command.words for command in here.uninstalling()] == [("/bin/launchctl", "bootout", TARGET)]
    assert here.paths() == (PLIST,)


YES, NOT_FOUND, FAILED = Answer(code=0), Answer(code=113), Answer(code=1)


@pytest.mark.parametrize(
    ("has_file", "loaded", "domain", "state"),
    [
        (True, YES, YES, State.INSTALLED),
        (True, NOT_FOUND, YES, State.DISABLED),
        (False, NOT_FOUND, YES, State.NOT_INSTALLED),
        (False, YES, YES, State.UNKNOWN),  # it runs on until the person signs out
        (True, NOT_FOUND, FAILED, State.UNKNOWN),
        (False, NOT_FOUND, FAILED, State.UNKNOWN),
        (True, Answer(code=None), YES, State.UNKNOWN),
    ],
)
def test_states(has_file: bool, loaded: Answer, domain: Answer, state: State) -> None:
    here = launchd("/opt/a")
    files = {file.path: file.content for file in here.files()} if has_file else {}
    found = here.status(Recorded(files=files, answers={"print": loaded, "print-disabled": domain}))
    assert found.state is state
    assert found.last_run is found.next_run is None


@pytest.mark.parametrize(
    "content",
    [
        launchd("/opt/b").files()[0].content,
        launchd("/opt/a", folder="/b").files()[0].content,
        b"",
        b"<plist",
        b"<plist><array/></plist>",
        b"\xff",
    ],
)
def test_another_program_or_nothing_that_can_be_read(content: bytes) -> None:
    here = launchd("/opt/a")
    assert here.status(Recorded(files={PLIST: content}, answers={"print": YES})).state is State.OTHER_PROGRAM
