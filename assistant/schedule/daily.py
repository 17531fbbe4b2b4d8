"""Installs the daily renewal, takes it away, and says how it stands."""

from __future__ import annotations

import contextlib
import errno
import re
from pathlib import PurePath
from typing import Final

from assistant.language import _
from assistant.problems import ProblemError, stop
from assistant.schedule.computer import Computer, Place, this_place
from assistant.schedule.job import Command, Job, Scheduler, State, Status, time_of_day
from assistant.schedule.launchd import Launchd
from assistant.schedule.program import command_line
from assistant.schedule.systemd import Systemd
from assistant.schedule.task_scheduler import TaskScheduler, question_for_sid, sid_in

_SYSTEM_NAMES: Final = {"win32": "Windows", "darwin": "macOS", "linux": "Linux"}


def install(
    app_id: str, *, practice: bool = False, place: Place | None = None, computer: Computer | None = None
) -> Status:
    """Has `keep-alive` run every day from now on, and asks the system whether it will. Blocks for seconds.

    What was installed before is replaced. When it does not come about, what was there before is put back as far as the
    system lets it.

    Args:
        app_id: the branded program's, or `DEFAULT_APP_ID` of the vault.
        practice: for the connections of practice.
        place, computer: this computer unless given.

    Raises:
        ProblemError: KEEP-01.
    """
    place, computer = place or this_place(), computer or Computer()
    scheduler = _scheduler(app_id, practice, place, computer)
    try:
        files = scheduler.files()
        before = {file.path: computer.read(file.path) for file in files if file.stays}
    except ValueError:
        raise _failed(place, why="path") from None
    except OSError as failure:
        raise _failed(place, failure) from None
    try:
        for file in files:
            computer.write(file.path, file.content)
        _run(scheduler.installing(), place, computer)
        found = scheduler.status(computer)
        if found.state is not State.INSTALLED:
            raise _failed(place, why=found.state.value)
        return found
    except (OSError, ProblemError) as failure:
        _put_back(before, scheduler, computer)
        raise (_failed(place, failure) if isinstance(failure, OSError) else failure) from None
    finally:
        for file in files:
            if not file.stays:
                with contextlib.suppress(OSError):
                    computer.remove(file.path)


def uninstall(
    app_id: str, *, practice: bool = False, place: Place | None = None, computer: Computer | None = None
) -> Status:
    """Takes the schedule away, whichever copy of the program it starts. It need not be there. Blocks for seconds.

    Raises:
        ProblemError: KEEP-01.
    """
    place, computer = place or this_place(), computer or Computer()
    scheduler = _scheduler(app_id, practice, place, computer)
    try:
        for command in scheduler.uninstalling():
            computer.run(command.words)
        for path in scheduler.paths():
            computer.remove(path)
        for command in scheduler.afterwards():
            computer.run(command.words)
        found = scheduler.status(computer)
    except OSError as failure:
        raise _failed(place, failure) from None
    if found.state is not State.NOT_INSTALLED:
        raise _failed(place, why=found.state.value)
    return found


def status(
    app_id: str, *, practice: bool = False, place: Place | None = None, computer: Computer | None = None
) -> Status:
    """How the schedule stands. Changes nothing; blocks for seconds.

    Raises:
        ProblemError: KEEP-01, on a system that has no schedule this program knows.
    """
    place, computer = place or this_place(), computer or Computer()
    try:
        return _scheduler(app_id, practice, place, computer).status(computer)
    except (OSError, ValueError):
        return Status(state=State.UNKNOWN)


def _scheduler(app_id: str, practice: bool, place: Place, computer: Computer) -> Scheduler:
    program, folder = command_line(place.running)
    job = Job(
        app_id=app_id,
        practice=practice,
        program=program,
        folder=folder,
        environment=place.environment,
        at=time_of_day(f"{app_id} {place.whose}"),
        description=_("Renews the saved connections every day ({name})", name=app_id),
    )
    match place.system:
        case "linux":
            return Systemd(job=job, units=place.configuration / "systemd" / "user", uid=place.uid)
        case "darwin":
            return Launchd(job=job, agents=place.home / "Library" / "LaunchAgents", uid=place.uid)
        case "win32":
            sid = sid_in(computer.run(question_for_sid(place.system32)))
            if sid is None:
                raise _failed(place, why="user")
            return TaskScheduler(job=job, sid=sid, system32=place.system32, passing=place.passing)
        case _:
            raise _failed(place, why="system")


def _run(commands: tuple[Command, ...], place: Place, computer: Computer) -> None:
    for command in commands:
        answer = computer.run(command.words)
        if command.must_succeed and answer.code != 0:
            name = re.split(r"[\\/]", command.words[0])[-1].removesuffix(".exe")
            raise _failed(place, command=name, exit_code="none" if answer.code is None else answer.code)


def _put_back(before: dict[PurePath, bytes | None], scheduler: Scheduler, computer: Computer) -> None:
    """As it was before a failed installation, as far as the system lets it: the failure is what the person hears of.

    Where no file stays, the system takes all or nothing, and there is nothing to put back.
    """
    if not before:
        return
    had_one = all(content is not None for content in before.values())
    with contextlib.suppress(OSError):
        if not had_one:
            for command in scheduler.uninstalling():
                computer.run(command.words)
        for path in scheduler.paths():
            computer.remove(path)
        for path, content in before.items():
            if content is not None:
                computer.write(path, content)
        for command in scheduler.installing() if had_one else scheduler.afterwards():
            computer.run(command.words)


def _failed(place: Place, failure: OSError | None = None, **details: object) -> ProblemError:
    if failure is not None:
        details["errno"] = errno.errorcode.get(failure.errno or 0)
    return stop("KEEP-01", details=details, system=_SYSTEM_NAMES.get(place.system, place.system))
