"""Reads the journals back: the attempts on this computer, and the one that was cut off."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.support.journal.events import Begun, Ended, Page, ProblemShown
from assistant.support.journal.line import Entry, read_line
from assistant.support.journal.writing import MOST_BYTES, Journal, journal_files, lock_of

_NAME: Final = re.compile(r"\d{8}T\d{6}Z-([2-9A-Z]{3}-[2-9A-Z]{3})(?:-\d+)?\.jsonl", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt as its journal tells it.

    Attributes:
        support_code: as it was read out.
        entries: in their order.
        unreadable: lines that could not be read: the last one of a killed process, or what somebody else wrote.
        running: whether the process that writes it is alive.
    """

    support_code: str
    entries: tuple[Entry, ...]
    unreadable: int = 0
    running: bool = False

    @property
    def outcome(self) -> str | None:
        """A value of `Outcome`, or None where the attempt runs or was cut off."""
        return next((str(each.values.get("outcome", "")) for each in self._last(Ended.name)), None)

    @property
    def cut_off(self) -> bool:
        """Whether the program went away without saying so."""
        return not self.running and not any(each.event == Ended.name for each in self.entries)

    @property
    def step(self) -> str | None:
        """The last page, a value of `journey.Step`."""
        return next((str(each.values.get("step", "")) or None for each in self._last(Page.name)), None)

    @property
    def problem(self) -> str | None:
        """The code of the last problem that was shown."""
        return next((str(each.values.get("code", "")) or None for each in self._last(ProblemShown.name)), None)

    @property
    def begun(self) -> Entry | None:
        """The first line, where it is there."""
        return next((each for each in self.entries if each.event == Begun.name), None)

    def _last(self, event: str) -> tuple[Entry, ...]:
        return tuple(each for each in reversed(self.entries) if each.event == event)


def attempts(folder: Path, *, most: int | None = None) -> tuple[Attempt, ...]:
    """The attempts whose journals lie in `folder`, the newest first, at most `most` of them. Never raises."""
    found = (_read(path) for path in journal_files(folder)[:most])
    return tuple(attempt for attempt in found if attempt is not None)


def unfinished(folder: Path, *, besides: Journal | None = None) -> Attempt | None:
    """The attempt before this one, where it was cut off; None where it ended as it should, still runs, or is not there.

    `besides`: the journal of the attempt that begins now.
    """
    own = None if besides is None else besides.path
    for path in journal_files(folder):
        if path == own:
            continue
        attempt = _read(path)
        if attempt is None or attempt.running:
            continue
        return attempt if attempt.cut_off else None
    return None


def _read(path: Path) -> Attempt | None:
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES * 2)
    except OSError:
        return None
    lines = [line for line in content.split(b"\n") if line.strip()]
    entries = [read_line(line) for line in lines]
    good = tuple(entry for entry in entries if entry is not None)
    return Attempt(support_code=named[1], entries=good, unreadable=len(entries) - len(good), running=_is_written(path))


def _is_written(path: Path) -> bool:
    """Whether a living process holds the journal's lock. The system gives it up when the process dies."""
    lock = lock_of(path)
    if not lock.exists():
        return False
    from filelock import FileLock, Timeout

    held = FileLock(lock, thread_local=False)
    try:
        held.acquire(timeout=0)
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False
    with suppress(OSError):
        held.release()
    return False
