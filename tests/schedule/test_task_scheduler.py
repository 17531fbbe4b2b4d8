"""The task of Task Scheduler: its XML, the commands, and what is read from their answers. Not run on Windows."""

from __future__ import annotations

from datetime import time
from pathlib import PureWindowsPath
from typing import Final
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.schedule.job import Answer, Job, State
from assistant.schedule.task_scheduler import TaskScheduler, fingerprint, question_for_sid, sid_in, task_text
from tests.schedule.jobs import job
from tests.schedule.recording import Recorded

SYSTEM32 = PureWindowsPath(r"C:\Windows\System32")
SID = "S-1-5-21-1004336348-1177238915-682003330-1001"
TASK = f"\\setup-assistant.keep-alive-{SID}"
NAMES = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}

# [MS-TSCH] 2.5: "sequence" where the order counts, "all" where it does not; only what our task may have.
SEQUENCES: Final = {"CalendarTrigger": ("Enabled", "StartBoundary", "RandomDelay", "ScheduleByDay")}
ALL: Final = {
    "Task": {"RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"},
    "RegistrationInfo": {"Source", "Description"},
    "Triggers": {"CalendarTrigger"},
    "ScheduleByDay": {"DaysInterval"},
    "Principals": {"Principal"},
    "Principal": {"UserId", "LogonType", "RunLevel"},
    "Settings": {
        "MultipleInstancesPolicy", "DisallowStartIfOnBatteries", "StopIfGoingOnBatteries", "StartWhenAvailable",
        "Enabled", "ExecutionTimeLimit",
    },
    "Actions": {"Exec"},
    "Exec": {"Command", "Arguments", "WorkingDirectory"},
}  # fmt: skip

windows_names = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters='<>:"/\\|?*'), min_size=1, max_size=30
)
windows_paths = st.lists(windows_names, min_size=1, max_size=4).map(lambda parts: "C:\\" + "\\".join(parts))


def scheduler(one: Job) -> TaskScheduler:
    return TaskScheduler(job=one, sid=SID, system32=SYSTEM32, passing=PureWindowsPath(r"C:\Temp"))


def parsed(one: Job) -> ElementTree.Element:
    """The task from the file's bytes, which a parser of XML reads by their own byte order mark."""
    (file,) = scheduler(one).files()
    assert file.content[:2] == b"\xff\xfe"
    assert not file.stays
    return ElementTree.fromstring(file.content)  # noqa: S314 - our own file


def words(line: str) -> list[str]:
    """A command line's words as CommandLineToArgvW finds them, by its documentation."""
    found: list[str] = []
    word, quoted, backslashes, begun = "", False, 0, False
    for character in [*line, "\0"]:
        if character == "\\":
            backslashes += 1
            continue
        if character == '"':
            word += "\\" * (backslashes // 2)
            if backslashes % 2:
                word += '"'
            else:
                quoted = not quoted
            backslashes, begun = 0, True
            continue
        word += "\\" * backslashes
        begun = begun or backslashes > 0
        backslashes = 0
        if character == "\0" or (character in " \t" and not quoted):
            if begun:
                found.append(word)
            word, begun = "", False
        else:
            word, begun = word + character, True
    return found


def test_the_task() -> None:
    task = parsed(job(r"C:\Program Files\Å&B\a.exe", at=time(9, 5), practice=True, description="Förnyar <varje> dag"))

    def text(path: str) -> str | None:
        return task.findtext("/".join(f"t:{part}" for part in path.split("/")), None, NAMES)

    assert task.get("version") == "1.2"
    assert text("RegistrationInfo/Description") == "Förnyar <varje> dag"
    assert text("Triggers/CalendarTrigger/StartBoundary") == "2020-01-01T09:05:00"
    assert text("Triggers/CalendarTrigger/ScheduleByDay/DaysInterval") == "1"
    assert text("Triggers/CalendarTrigger/RandomDelay") == "PT15M"
    assert text("Principals/Principal/UserId") == SID
    assert text("Principals/Principal/LogonType") == "InteractiveToken"
    assert text("Principals/Principal/RunLevel") == "LeastPrivilege"
    assert text("Settings/StartWhenAvailable") == "true"
    assert text("Settings/DisallowStartIfOnBatteries") == "false"
    assert text("Settings/StopIfGoingOnBatteries") == "false"
    assert text("Settings/ExecutionTimeLimit") == "PT2H"
    assert text("Actions/Exec/Command") == r"C:\Program Files\Å&B\a.exe"
    assert text("Actions/Exec/Arguments") == "keep-alive --practice"
    assert text("Actions/Exec/WorkingDirectory") is None
    principal, actions = task.find("t:Principals/t:Principal", NAMES), task.find("t:Actions", NAMES)
    assert principal is not None
    assert actions is not None
    assert actions.get("Context") == principal.get("id")


@pytest.mark.parametrize("folder", [None, r"C:\x"])
def test_its_elements_are_those_of_the_schema_in_its_order(folder: str | None) -> None:
    for element in parsed(job(r"C:\a.exe", folder=folder)).iter():
        name = element.tag.removeprefix("{" + NAMES["t"] + "}")
        children = tuple(child.tag.removeprefix("{" + NAMES["t"] + "}") for child in element)
        assert len(children) == len(set(children))
        if name in SEQUENCES:
            assert children == tuple(each for each in SEQUENCES[name] if each in children)
        elif children:
            assert set(children) <= ALL[name]


@given(
    windows_paths,
    windows_paths,
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=("Cc", "Cs", "Cn"))),
)
def test_any_path_comes_through(program: str, folder: str, argument: str) -> None:
    one = job(program, "-m", argument, folder=folder)
    try:
        task = parsed(one)
    except ValueError:
        assume(False)
    found = task.find("t:Actions/t:Exec", NAMES)
    assert found is not None
    assert found.findtext("t:Command", None, NAMES) == program
    assert found.findtext("t:WorkingDirectory", None, NAMES) == folder
    assert words(found.findtext("t:Arguments", "", NAMES)) == ["-m", argument, "keep-alive"]


def test_our_reader_of_command_lines_reads_as_the_documentation_says() -> None:
    assert words(r'"abc" d e') == ["abc", "d", "e"]
    assert words(r"a\\b d\"e\"f h") == [r"a\\b", 'd"e"f', "h"]
    assert words(r"a\\\"b c d") == [r"a\"b", "c", "d"]
    assert words(r'a\\\\"b c" d e "" ') == [r"a\\b c", "d", "e", ""]


@pytest.mark.parametrize(
    "path", [r"C:\100%\a&b\a.exe", r"C:\50%\100%\a.exe", r"C:\$x\$\a.exe", r"C:\%\%\a.exe", r"C:\åäö 'x'\a.exe"]
)
def test_signs_that_stay_themselves(path: str) -> None:
    assert parsed(job(path)).findtext("t:Actions/t:Exec/t:Command", None, NAMES) == path


@pytest.mark.parametrize("path", [r"C:\%TEMP%\a.exe", r"C:\x%a b%y\a.exe", r"C:\a%%PATH%\a.exe", r"C:\$(Arg0)\a.exe"])
def test_what_windows_would_fill_in_is_refused(path: str) -> None:
    for one in (job(path), job(r"C:\a.exe", folder=path), job(r"C:\a.exe", path)):
        with pytest.raises(ValueError, match="variable"):
            task_text(one, SID)


def test_the_commands() -> None:
    here = scheduler(job(r"C:\a.exe"))
    (create,), (delete,) = here.installing(), here.uninstalling()
    program = r"C:\Windows\System32\schtasks.exe"
    xml = r"C:\Temp\setup-assistant.keep-alive.xml"
    assert create.words == (program, "/create", "/tn", TASK, "/xml", xml, "/f")
    assert create.must_succeed
    assert str(here.files()[0].path) == xml
    assert delete.words == (program, "/delete", "/tn", TASK, "/f")
    assert here.paths() == ()


def test_who_the_user_is() -> None:
    assert question_for_sid(SYSTEM32) == (r"C:\Windows\System32\whoami.exe", "/user", "/fo", "csv", "/nh")
    assert sid_in(Answer(code=0, output=b'"PC\\\x86sa, \x94berg","' + SID.encode() + b'"\r\n')) == SID
    assert sid_in(Answer(code=1, output=f'"a","{SID}"'.encode())) is None
    assert sid_in(Answer(code=None)) is None
    assert sid_in(Answer(code=0, output=b'"a","\\evil"')) is None
    assert sid_in(Answer(code=0)) is None


HERE = job(r"C:\Mina program\Åsa\a.exe")


def printed(one: Job) -> bytes:
    """The task as `schtasks` prints it in Sweden: in the console's code page, whatever it says of itself."""
    return task_text(one, SID).replace("\n", "\r\n").encode("cp850", "replace")


def asked(task: Answer, everything: Answer | None = None) -> Recorded:
    return Recorded(answers={TASK: task, "/query": everything or Answer(code=None)})


@pytest.mark.parametrize(
    ("output", "state"),
    [
        (printed(HERE), State.INSTALLED),
        (b"\xff\xfe" + task_text(HERE, SID).encode("utf-16-le"), State.INSTALLED),
        (task_text(HERE, SID).encode("utf-16-le"), State.INSTALLED),
        (printed(job(r"C:\b.exe")), State.OTHER_PROGRAM),
        (printed(HERE).replace(b"sha256", b"sha1"), State.OTHER_PROGRAM),
        (printed(HERE).replace(b"<Enabled>true</Enabled><Exec", b"<Enabled>false</Enabled><Exec"), State.DISABLED),
        (printed(HERE).replace(b"<Enabled>true</Enabled><Start", b"<Enabled>false</Enabled><Start"), State.DISABLED),
        (b"", State.UNKNOWN),
        (b"<Task", State.UNKNOWN),
    ],
)
def test_states_of_a_task_that_is_there(output: bytes, state: State) -> None:
    found = scheduler(HERE).status(asked(Answer(code=0, output=output)))
    assert found.state is state
    assert found.last_run is found.next_run is None


@pytest.mark.parametrize(
    ("everything", "state"),
    [
        (Answer(code=0, output=b'"\\OneDrive","2026-11-24","Ready"\r\n'), State.NOT_INSTALLED),
        (Answer(code=0, output=f'"{TASK}","N/A","Ready"\r\n'.encode()), State.UNKNOWN),
        (Answer(code=1), State.UNKNOWN),
        (Answer(code=None), State.UNKNOWN),
    ],
)
def test_states_of_a_task_that_cannot_be_shown(everything: Answer, state: State) -> None:
    assert scheduler(HERE).status(asked(Answer(code=1), everything)).state is state


@given(st.binary(max_size=200))
def test_any_answer_has_a_state(output: bytes) -> None:
    for answer in (output, b"<Task>" + output, b"\xff\xfe" + output):
        assert scheduler(HERE).status(asked(Answer(code=0, output=answer))).state in State


def test_a_fingerprint_tells_command_lines_apart_and_shows_none() -> None:
    jobs = [
        HERE,
        job(r"C:\Mina program\Asa\a.exe"),
        job(r"C:\Mina", r"program\Åsa\a.exe"),
        job(*HERE.program, folder="C:\\"),
    ]
    jobs.append(job(*HERE.program, practice=True))
    prints = {fingerprint(each) for each in jobs}
    assert len(prints) == len(jobs)
    assert all(each.isascii() and "sa" not in each.removeprefix("sha256:") for each in prints)
    assert fingerprint(job(*HERE.program, at=time(12))) == fingerprint(HERE)
