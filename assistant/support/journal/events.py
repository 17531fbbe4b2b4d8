"""What a journal tells: each event is a type, and each of its fields one of the kinds of `fields`.

Counts and seconds may be given as plain numbers. A field that is None is left out of the line.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import ClassVar

from assistant.fortnox.account import AccountKind
from assistant.journey import Step
from assistant.support.journal.fields import (
    Code,
    Count,
    FaultKind,
    Host,
    LanguageCode,
    LoggerName,
    Parameters,
    Place,
    Seconds,
    SupportCode,
    Version,
    WishName,
)
from assistant.support.preflight import Probe, Verdict


class System(Enum):
    """The operating system."""

    LINUX = "linux"
    MACOS = "macos"
    WINDOWS = "windows"
    OTHER = "other"


class Outcome(Enum):
    """How an attempt ended."""

    CONNECTED = "connected"
    LEFT = "left"  # the person closed the window before that
    PROBLEM = "problem"  # the window was closed over a problem
    RESTARTED = "restarted"  # the program started itself again, to go on where it was
    FAULT = "fault"


class Level(Enum):
    """How serious a library or Qt finds what it says."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


class QtPart(Enum):
    """Which part of Qt said something."""

    PLATFORM = "platform"
    ENGINE = "engine"
    NETWORK = "network"
    PAGE = "page"  # a page's console; what it said is not kept
    OTHER = "other"


class EngineEnd(Enum):
    """How a process of the browser engine ended."""

    NORMAL = "normal"
    ABNORMAL = "abnormal"
    CRASHED = "crashed"
    KILLED = "killed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened."""

    name: ClassVar[str] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun(Event):
    """An attempt began: a window was opened."""

    name: ClassVar[str] = "begun"
    support_code: SupportCode
    program: Version | None
    python: Version | None
    system: System
    language: LanguageCode | None = None
    practice: bool = False
    test_server: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """The window opened where an earlier one was closed."""

    name: ClassVar[str] = "resumed"
    step: Step
    earlier: SupportCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine(Event):
    """The browser engine runs. `patches` is the version of Chromium whose security fixes it has."""

    name: ClassVar[str] = "engine"
    qt: Version | None
    chromium: Version | None = None
    patches: Version | None = None
    patched_on: date | None = None
    software_rendering: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Event):
    """A page came up."""

    name: ClassVar[str] = "page"
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChosen(Event):
    """The kind of account was chosen."""

    name: ClassVar[str] = "account"
    account: AccountKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInBegun(Event):
    """A sign-in began, in the window or in the person's own browser."""

    name: ClassVar[str] = "sign-in"
    attempt: Count | int
    own_browser: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited(Event):
    """The browser went to a host."""

    name: ClassVar[str] = "visited"
    host: Host
    parameters: Parameters | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BankIdHandedOver(Event):
    """BankID was given to the operating system."""

    name: ClassVar[str] = "bankid"
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemShown(Event):
    """A problem came up, over the page of `step`."""

    name: ClassVar[str] = "problem"
    code: Code
    step: Step | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WishFailed(Event):
    """Something the journey wished for failed, shown or not."""

    name: ClassVar[str] = "wish-failed"
    wish: WishName
    code: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Event):
    """One row of the preflight."""

    name: ClassVar[str] = "preflight"
    probe: Probe
    verdict: Verdict
    code: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTested(Event):
    """The self-test was run."""

    name: ClassVar[str] = "self-test"
    failures: Count | int
    not_checked: Count | int
    seconds: Seconds | float


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAlive(Event):
    """Keep-alive went through the stored connections."""

    name: ClassVar[str] = "keep-alive"
    connections: Count | int
    renewed: Count | int
    failed: Count | int
    problem: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulted(Event):
    """A fault of this program that nobody planned."""

    name: ClassVar[str] = "fault"
    fault: FaultKind
    place: Place | None = None

    @classmethod
    def of(cls, fault: BaseException) -> Faulted:
        """`fault` by type and place."""
        return cls(fault=FaultKind(type(fault)), place=Place.of(fault.__traceback__))


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged(Event):
    """A library logged something. What it said is not kept."""

    name: ClassVar[str] = "log"
    logger: LoggerName
    level: Level
    fault: FaultKind | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QtSaid(Event):
    """Qt wrote a message. What it said is not kept."""

    name: ClassVar[str] = "qt"
    part: QtPart
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineEnded(Event):
    """A process of the browser engine ended by itself."""

    name: ClassVar[str] = "engine-ended"
    end: EngineEnd
    exit_code: Count | int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Full(Event):
    """This attempt's journal has reached its size; only the end is still written."""

    name: ClassVar[str] = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Event):
    """The attempt ended as it should. A journal without this line was cut off."""

    name: ClassVar[str] = "ended"
    outcome: Outcome


@cache
def event_types() -> Mapping[str, type[Event]]:
    """Every event by the name it has in a line."""
    found = [kind for kind in globals().values() if isinstance(kind, type) and issubclass(kind, Event)]
    return {kind.name: kind for kind in found if kind is not Event}


def fields_of(event: type[Event]) -> Mapping[str, type]:
    """The fields of `event` and the one kind each is declared as."""
    return _fields_named(event.name)


@cache
def _fields_named(event: str) -> Mapping[str, type]:
    hints = typing.get_type_hints(event_types()[event])
    return {name: _declared(hint) for name, hint in hints.items() if typing.get_origin(hint) is not ClassVar}


def _declared(hint: object) -> type:
    """The kind of `Kind`, `Kind | None`, `Count | int` or `Seconds | float`."""
    if not isinstance(hint, types.UnionType):
        return typing.cast(type, hint)
    parts = [part for part in hint.__args__ if part is not type(None)]
    own = [part for part in parts if part not in (int, float)] if len(parts) > 1 else parts
    if len(own) != 1:
        raise TypeError(f"{hint} is not one kind of field")
    return typing.cast(type, own[0])
