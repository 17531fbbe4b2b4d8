"""What shall run every day, what a system is told for it, and what it answers: values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum
from pathlib import PurePath
from typing import Final, Protocol

_APP_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_FIRST_HOUR, _MINUTES = 8, 8 * 60  # office hours: the computer is on, and somebody has signed in
RANDOM_DELAY_MINUTES: Final = 15
LONGEST_RUN_HOURS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The daily renewal of one program.

    Attributes:
        app_id: names the program, so that two brands stand side by side.
        practice: renew the connections of practice, in a schedule of its own.
        program: the words that start this program; the first is an absolute path.
        folder: where it must be started, if that matters.
        environment: variables that decide where the connections lie.
        at: local time of day.
        description: what a person reads in the list of their system.
    """

    app_id: str
    practice: bool
    program: tuple[str, ...]
    folder: str | None = None
    environment: tuple[tuple[str, str], ...] = ()
    at: time
    description: str

    def __post_init__(self) -> None:
        if not _APP_ID.fullmatch(self.app_id):
            raise ValueError("the app id becomes the name of a file")

    @property
    def name(self) -> str:
        """What the system knows it by: `se.exempelbolaget.lagerkoll.keep-alive`.

        What tells practice apart stands at the end, where no app id can imitate it.
        """
        return f"{self.app_id}.keep-alive-practice" if self.practice else f"{self.app_id}.keep-alive"

    @property
    def words(self) -> tuple[str, ...]:
        """The whole command line."""
        return (*self.program, "keep-alive", "--practice") if self.practice else (*self.program, "keep-alive")


def time_of_day(whose: str) -> time:
    """A minute of the working day that is always the same for `whose`, and differs from others'.

    Everybody's renewal at nine sharp would be a rush on Fortnox.
    """
    minute = int.from_bytes(hashlib.sha256(whose.encode("utf-8", "surrogatepass")).digest()[:8], "big") % _MINUTES
    return time(_FIRST_HOUR + minute // 60, minute % 60)


class State(Enum):
    """How the schedule stands."""

    INSTALLED = "installed"
    NOT_INSTALLED = "not-installed"
    OTHER_PROGRAM = "other-program"  # it starts another program than this one: this one was moved, or is a second copy
    DISABLED = "disabled"  # it is there and will not run
    UNKNOWN = "unknown"  # the system did not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the system says of the schedule.

    Attributes:
        last_run, next_run: with their time zone; None where the system does not say. Only systemd does: launchd has no
            such times, and `schtasks` writes them in the person's own date format alone.
        while_signed_in: whether it runs only while the person is signed in; None when nobody could be asked. systemd
            goes on without them after `loginctl enable-linger`, but the keychain is locked then.
    """

    state: State
    last_run: datetime | None = None
    next_run: datetime | None = None
    while_signed_in: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file a system wants. One that does not stay is only handed over to a command."""

    path: PurePath
    content: bytes
    stays: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to run without a shell. Of those that need not succeed, one may well have nothing to do."""

    words: tuple[str, ...]
    must_succeed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a command ended: its exit code and standard output. The code is None when it could not be run to its end."""

    code: int | None
    output: bytes = b""


class Look(Protocol):
    """What reading a status needs of the computer."""

    def read(self, path: PurePath) -> bytes | None:
        """The file's content, None where there is none."""

    def run(self, words: Sequence[str]) -> Answer:
        """Runs a command."""


class Scheduler(Protocol):
    """One system's schedule for one job.

    A program whose path cannot be written down for the system is a ValueError of `files` and `status`.
    """

    def files(self) -> tuple[File, ...]:
        """What is written before `installing`."""

    def paths(self) -> tuple[PurePath, ...]:
        """What lies on disk while it is installed: the files that stay, and what the system makes of them."""

    def installing(self) -> tuple[Command, ...]:
        """Makes the system take the files up."""

    def uninstalling(self) -> tuple[Command, ...]:
        """Makes the system let them go."""

    def afterwards(self) -> tuple[Command, ...]:
        """Tells the system that the paths are gone."""

    def status(self, look: Look) -> Status:
        """Asks the system."""


def written(text: str) -> str:
    """`text`, if it can stand in a file of the system.

    Raises:
        ValueError: it has control characters, or bytes and code points that are no text.
    """
    if any(_unwritable(ord(character)) for character in text):
        raise ValueError("this cannot be written into the schedule")
    return text


def _unwritable(code: int) -> bool:
    control = code < 0x20 or 0x7F <= code <= 0x9F
    surrogate = 0xD800 <= code <= 0xDFFF  # how Python holds a file name that is not UTF-8
    noncharacter = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE  # systemd drops the whole line
    return control or surrogate or noncharacter
