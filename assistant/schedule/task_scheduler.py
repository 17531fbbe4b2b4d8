"""Windows: a task of the Task Scheduler that runs as the person, with no more rights than theirs.

Not run on Windows: texts and commands are tested elsewhere. Sources: [MS-TSCH] 2.5 (the XML and the order of its
elements), the documentation of schtasks.exe and whoami.exe.

A task's name is one for all users of the computer, so the user's security identifier (SID) stands in it. `schtasks`
prints a task in the console's code page, which loses letters; so a fingerprint of the command line stands in the task,
in plain ASCII, and that is what is compared.

Task Scheduler fills in environment variables in a command (`%NAME%`) and variables of its own (`$(Name)`), and has no
way to say that they are meant literally. A path with one of them is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess  # for the quoting of Windows' command lines only; nothing is run here
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final
from xml.etree import ElementTree

from assistant.schedule.job import (
    LONGEST_RUN_HOURS,
    RANDOM_DELAY_MINUTES,
    Answer,
    Command,
    File,
    Job,
    Look,
    State,
    Status,
    written,
)

_NAMESPACE: Final = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_FIRST_DAY: Final = "2020-01-01"  # a trigger must begin some day; local time, as no zone is named
_SID: Final = re.compile(r"S-1-[0-9]+(?:-[0-9]+)+")
_FILLED_IN: Final = re.compile(r"%[^%\\/:=]+(?=%)|\$\(")


def question_for_sid(system32: PurePath) -> tuple[str, ...]:
    """The command that says who the user is."""
    return (str(system32 / "whoami.exe"), "/user", "/fo", "csv", "/nh")


def sid_in(answer: Answer) -> str | None:
    """The user's security identifier in the answer to that; None where there is none."""
    if answer.code != 0:
        return None
    last = answer.output.decode("ascii", "replace").strip().rpartition(",")[2].strip('"')
    return last if _SID.fullmatch(last) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskScheduler:
    """The schedule of the user with this `sid`. `passing` is a folder for the file that `schtasks` reads once."""

    job: Job
    sid: str
    system32: PurePath
    passing: PurePath

    @property
    def _task(self) -> str:
        return f"\\{self.job.name}-{self.sid}"

    @property
    def _file(self) -> PurePath:
        return self.passing / f"{self.job.name}.xml"

    def files(self) -> tuple[File, ...]:
        content = b"\xff\xfe" + task_text(self.job, self.sid).encode("utf-16-le")
        return (File(path=self._file, content=content, stays=False),)

    def paths(self) -> tuple[PurePath, ...]:
        return ()

    def installing(self) -> tuple[Command, ...]:
        words = self._schtasks("/create", "/tn", self._task, "/xml", str(self._file), "/f")
        return (Command(words=words, must_succeed=True),)

    def uninstalling(self) -> tuple[Command, ...]:
        return (Command(words=self._schtasks("/delete", "/tn", self._task, "/f")),)

    def afterwards(self) -> tuple[Command, ...]:
        return ()

    def status(self, look: Look) -> Status:
        task = look.run(self._schtasks("/query", "/tn", self._task, "/xml", "ONE"))
        if task.code == 0:
            return Status(state=_state(task.output, self.job), while_signed_in=True)
        everything = look.run(self._schtasks("/query", "/fo", "csv", "/nh"))  # exit code 1 means more than "not there"
        if everything.code != 0 or self._task.encode() in everything.output:
            return Status(state=State.UNKNOWN)
        return Status(state=State.NOT_INSTALLED)

    def _schtasks(self, *words: str) -> tuple[str, ...]:
        return (str(self.system32 / "schtasks.exe"), *words)  # never whatever lies in the current folder


def task_text(job: Job, sid: str) -> str:
    """The task as XML.

    Raises:
        ValueError: the program's path cannot be written in a task.
    """
    task = ElementTree.Element("Task", version="1.2", xmlns=_NAMESPACE)
    registration = ElementTree.SubElement(task, "RegistrationInfo")
    _add(registration, "Source", fingerprint(job))
    _add(registration, "Description", written(job.description))

    trigger = ElementTree.SubElement(ElementTree.SubElement(task, "Triggers"), "CalendarTrigger")
    _add(trigger, "Enabled", "true")
    _add(trigger, "StartBoundary", f"{_FIRST_DAY}T{job.at:%H:%M}:00")
    _add(trigger, "RandomDelay", f"PT{RANDOM_DELAY_MINUTES}M")
    _add(ElementTree.SubElement(trigger, "ScheduleByDay"), "DaysInterval", "1")

    principal = ElementTree.SubElement(ElementTree.SubElement(task, "Principals"), "Principal", id="Author")
    _add(principal, "UserId", sid)
    _add(principal, "LogonType", "InteractiveToken")
    _add(principal, "RunLevel", "LeastPrivilege")

    settings = ElementTree.SubElement(task, "Settings")
    _add(settings, "MultipleInstancesPolicy", "IgnoreNew")
    _add(settings, "DisallowStartIfOnBatteries", "false")
    _add(settings, "StopIfGoingOnBatteries", "false")
    _add(settings, "StartWhenAvailable", "true")
    _add(settings, "Enabled", "true")
    _add(settings, "ExecutionTimeLimit", f"PT{LONGEST_RUN_HOURS}H")

    execution = ElementTree.SubElement(ElementTree.SubElement(task, "Actions", Context="Author"), "Exec")
    _add(execution, "Command", _literal(job.words[0]))
    _add(execution, "Arguments", _literal(subprocess.list2cmdline(job.words[1:])))
    if job.folder is not None:
        _add(execution, "WorkingDirectory", _literal(job.folder))
    text = ElementTree.tostring(task, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-16"?>\n{text}\n'


def fingerprint(job: Job) -> str:
    """What tells one copy of the program from another, in ASCII. It reveals no path."""
    said = json.dumps([job.words, job.folder])
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _literal(text: str) -> str:
    if _FILLED_IN.search(text):
        raise ValueError("Task Scheduler would take a part of this for a variable")
    return written(text)


def _state(output: bytes, job: Job) -> State:
    text = output.decode("utf-16-le" if output[1:2] == b"\0" or output[:2] == b"\xff\xfe" else "ascii", "replace")
    body = text[max(text.find("<Task"), 0) :]  # what stands before it names an encoding that it does not have
    try:
        task = ElementTree.fromstring(body)  # noqa: S314 - the system's own answer
    except ElementTree.ParseError:
        return State.UNKNOWN
    names = {"t": _NAMESPACE}
    switches = ("t:Settings/t:Enabled", "t:Triggers/t:CalendarTrigger/t:Enabled")
    if any(task.findtext(switch, "true", names) != "true" for switch in switches):
        return State.DISABLED
    same = task.findtext("t:RegistrationInfo/t:Source", None, names) == fingerprint(job)
    return State.INSTALLED if same else State.OTHER_PROGRAM
