"""What the self-test found: values that a window, a terminal, a support file and a program can each show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from assistant.problems import Occurrence
from assistant.support.preflight import Verdict


class Check(Enum):
    """What is looked at, in the order it is shown. The values stand in JSON and never change."""

    INTEGRATION_FILE = "integration-file"
    SERVER = "server"  # once for each
    CLOCK = "clock"
    KEYCHAIN = "keychain"
    VAULT = "vault"
    CONNECTION = "connection"  # once for each
    ENGINE = "engine"
    PORT = "port"
    OPENER = "opener"
    SCHEDULE = "schedule"
    USER = "user"


class Reason(Enum):
    """Why something was not checked, or needs a look. The values stand in JSON and never change."""

    LATE = "late"  # no answer within the look's limit
    NO_FILE = "no-file"  # no integration file was named
    NO_INTEGRATION = "no-integration"  # the integration file could not be read
    NO_DISPLAY = "no-display"
    NO_QT = "no-qt"
    NOT_NEEDED = "not-needed"
    NOTHING_STORED = "nothing-stored"
    CANNOT_ASK = "cannot-ask"  # this system tells only by doing it
    MAY_PROMPT = "may-prompt"  # this system might show a box
    NO_ANSWER = "no-answer"  # who would know said nothing, such as every server
    STEP_BEFORE = "step-before"  # an earlier step failed
    FAULT = "fault"  # the look itself broke
    NOT_INSTALLED = "not-installed"
    OTHER_PROGRAM = "other-program"
    DISABLED = "disabled"
    OTHER_USER = "other-user"
    NO_BROWSER = "no-browser"


class Detail(Enum):
    """What is told of a look beside its verdict. The values stand in JSON and never change."""

    HOST = "host"
    PROXY = "proxy"  # host and port
    NAME = "name"  # the step of finding the address: a Verdict
    TCP = "tcp"
    TLS = "tls"
    ANSWER = "answer"
    STATUS = "status"  # of HTTP
    ISSUER = "issuer"  # of the certificate
    SECONDS_OFF = "seconds-off"
    PORT = "port"
    NUMBER = "number"  # of a connection, in the order of `list`
    ACCOUNT = "account"
    COUNT = "count"
    QT = "qt"
    CHROMIUM = "chromium"
    PATCHES = "patches"  # the version of Chromium whose security fixes the engine has
    STATE = "state"
    RUNS_AS = "runs-as"  # the number of the system's user
    OWNER = "owner"
    FAULT = "fault"  # the type of an exception


Details = tuple[tuple[Detail, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one look found.

    Attributes:
        problem: what is wrong; only where the verdict is WRONG or ATTENTION.
        reason: why it was not checked, or what is wrong where no problem of the catalogue says it.
        seconds: how long the look took.
    """

    check: Check
    verdict: Verdict
    problem: Occurrence | None = None
    reason: Reason | None = None
    details: Details = ()
    seconds: float = 0.0

    def detail(self, name: Detail) -> str:
        """What is told under `name`; "" where nothing is."""
        return dict(self.details).get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """Everything that was looked at, in the order of `Check`."""

    results: tuple[Result, ...]
    seconds: float

    @property
    def failures(self) -> int:
        """How many are wrong. What wants attention, such as a locked keychain, and what was not checked, is none."""
        return sum(each.verdict is Verdict.WRONG for each in self.results)

    @property
    def not_checked(self) -> int:
        """How many could not be looked at, or need not be."""
        return sum(each.verdict is Verdict.NOT_CHECKED for each in self.results)


def fine(check: Check, *details: tuple[Detail, str]) -> Result:
    return Result(check=check, verdict=Verdict.FINE, details=details)


def wrong(check: Check, problem: Occurrence, *details: tuple[Detail, str]) -> Result:
    return Result(check=check, verdict=Verdict.WRONG, problem=problem, details=details)


def not_checked(check: Check, reason: Reason, *details: tuple[Detail, str]) -> Result:
    return Result(check=check, verdict=Verdict.NOT_CHECKED, reason=reason, details=details)
