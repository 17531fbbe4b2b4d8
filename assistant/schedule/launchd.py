"""macOS: an agent of launchd in the person's own library folder.

Not run on macOS: texts and commands are tested elsewhere. Sources: launchd.plist(5), launchctl(1).

launchd makes up for a time the computer slept through, but not for one it was switched off at. So the agent also runs
when the person signs in (`RunAtLoad`), and at once when it is installed; a renewal does only what is due.
"""

from __future__ import annotations

import plistlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final
from xml.parsers.expat import ExpatError

from assistant.schedule.job import Command, File, Job, Look, State, Status, written

_LAUNCHCTL: Final = "/bin/launchctl"
_WHAT_IT_STARTS: Final = ("ProgramArguments", "WorkingDirectory", "EnvironmentVariables")


@dataclass(frozen=True, slots=True, kw_only=True)
class Launchd:
    """The schedule of the user `uid`, whose agents lie in `agents`."""

    job: Job
    agents: PurePath
    uid: int

    @property
    def _plist(self) -> PurePath:
        return self.agents / f"{self.job.name}.plist"

    @property
    def _domain(self) -> str:
        return f"gui/{self.uid}"

    @property
    def _target(self) -> str:
        return f"{self._domain}/{self.job.name}"

    def files(self) -> tuple[File, ...]:
        return (File(path=self._plist, content=plistlib.dumps(agent(self.job))),)

    def paths(self) -> tuple[PurePath, ...]:
        return (self._plist,)

    def installing(self) -> tuple[Command, ...]:
        return (
            Command(words=(_LAUNCHCTL, "bootout", self._target)),  # the one from before, if there is one
            Command(words=(_LAUNCHCTL, "enable", self._target), must_succeed=True),
            Command(words=(_LAUNCHCTL, "bootstrap", self._domain, str(self._plist)), must_succeed=True),
        )

    def uninstalling(self) -> tuple[Command, ...]:
        return (Command(words=(_LAUNCHCTL, "bootout", self._target)),)

    def afterwards(self) -> tuple[Command, ...]:
        return ()

    def status(self, look: Look) -> Status:
        content = look.read(self._plist)
        loaded = look.run((_LAUNCHCTL, "print", self._target)).code
        if loaded == 0 and content is not None:
            return Status(state=_state(content, self.job), while_signed_in=True)
        disabled = look.run((_LAUNCHCTL, "print-disabled", self._domain))
        if loaded is None or loaded == 0 or disabled.code != 0:
            return Status(state=State.UNKNOWN)
        if content is None:
            return Status(state=State.NOT_INSTALLED)
        return Status(state=State.DISABLED, while_signed_in=True)


def agent(job: Job) -> dict[str, Any]:  # what plistlib takes: a property list has values of several kinds
    """The property list of the agent.

    Raises:
        ValueError: the program's path cannot be written in it.
    """
    found: dict[str, Any] = {
        "Label": job.name,
        "ProgramArguments": [written(word) for word in job.words],
        "StartCalendarInterval": {"Hour": job.at.hour, "Minute": job.at.minute},
        "RunAtLoad": True,
        "ProcessType": "Background",
        "Umask": 0o077,
    }
    if job.folder is not None:
        found["WorkingDirectory"] = written(job.folder)
    if job.environment:
        found["EnvironmentVariables"] = {name: written(value) for name, value in job.environment}
    return found


def _state(content: bytes, job: Job) -> State:
    try:
        found = plistlib.loads(content)
    except (plistlib.InvalidFileException, ExpatError, ValueError):
        return State.OTHER_PROGRAM
    if not isinstance(found, dict):
        return State.OTHER_PROGRAM
    wanted = agent(job)
    same = all(found.get(key) == wanted.get(key) for key in _WHAT_IT_STARTS)
    return State.INSTALLED if same else State.OTHER_PROGRAM
