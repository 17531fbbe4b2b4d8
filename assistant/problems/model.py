"""What a problem is: the types of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

CODE = re.compile(r"[A-Z]{3,6}-[0-9]{2}")


class Who(Enum):
    """Who can solve it."""

    YOU = "you"
    ADMINISTRATOR = "administrator"  # the customer's Fortnox system administrator
    IT = "it"  # whoever looks after the customer's computers
    VENDOR = "vendor"
    FORTNOX = "fortnox"


class Way(Enum):
    """A way on that a problem page may offer. The first of a problem's ways is its filled button."""

    TRY_AGAIN = "try-again"  # the step that failed is done again; what the person did is kept
    SIGN_IN_AGAIN = "sign-in-again"  # a new attempt from step 4, in the same kind of browser
    UNLOCK = "unlock"  # the store is tried again, with the operating system's own prompt
    OWN_BROWSER = "own-browser"  # a new attempt from step 4, in the browser the person usually uses
    WINDOW_BROWSER = "window-browser"  # a new attempt from step 4, in the browser inside the window
    USE_USER_ACCOUNT = "use-user-account"  # back to step 2 with the user account chosen
    COPY_HANDOVER = "copy-handover"  # the text for the right person is copied
    COPY_CODE = "copy-code"  # problem code and support code are copied, to mail or read out
    COPY_DETAILS = "copy-details"  # the redacted technical details are copied, for IT
    SHOW_HOW = "show-how"  # the licences that the permissions need, and where to order them, unfold on the page
    OPEN_LISTING = "open-listing"  # the integration's page at Fortnox is opened
    OPEN_SETTINGS = "open-settings"  # the operating system's settings (clock) are opened
    COPY_ADDRESS = "copy-address"  # the start page's address is copied
    ENTER_SECRET = "enter-secret"  # noqa: S105 - back to step 3 to enter the activation key again
    PROXY_PASSWORD = "proxy-password"  # noqa: S105 - the window asks for the proxy's password, then the step is tried again
    OPEN_FILE = "open-file"  # another integration file is chosen, and the program begins anew with it
    SET_ASIDE = "set-aside"  # the vault is kept under another name, then the step is tried again with a new one
    BACK = "back"  # to the page the person came from
    CLOSE = "close"


class Tone(Enum):
    """How a problem looks: its icon and colour, never more than that."""

    INFO = "info"  # the person's own wish, such as cancelling
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One entry of the catalogue. All texts are English message ids with named placeholders.

    Attributes:
        code: WORD-NN, read aloud to support.
        title: what happened, as a heading without full stop.
        cause: one or two sentences: why, and what did not happen.
        remedy: what to do now, one to three steps of one sentence each.
        who: who can do it.
        ways: what the page offers; the first is the filled button. TRY_AGAIN only if trying again can help.
        agent: what a support agent should say.
        system: "windows", "macos" or "linux" where only that system has it.
    """

    code: str
    title: str
    cause: str
    remedy: tuple[str, ...]
    who: Who
    ways: tuple[Way, ...]
    agent: str
    tone: Tone = Tone.DANGER
    system: str | None = None

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code):
            raise ValueError(f"problem code {self.code!r} is not WORD-NN")
        if not 1 <= len(self.remedy) <= 3 or not self.ways:
            raise ValueError(f"{self.code}: a problem has one to three remedies and a way on")

    @property
    def retry_helps(self) -> bool:
        """Whether doing the same again can help."""
        return bool({Way.TRY_AGAIN, Way.SIGN_IN_AGAIN, Way.UNLOCK} & set(self.ways))

    @property
    def texts(self) -> tuple[str, ...]:
        """Every message id of this entry."""
        return (self.title, self.cause, *self.remedy, self.agent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A problem as it happened.

    Attributes:
        problem: the entry of the catalogue.
        facts: values for the placeholders of its texts that only the moment knows, such as the name of a host.
        details: name and value pairs of allowed fields behind "Technical information" (HTTP status, OAuth error code,
            exception type), never a body, address with query, token or path of a person.
    """

    problem: Problem
    facts: Mapping[str, str] = field(default_factory=dict)
    details: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> str:
        return self.problem.code


class ProblemError(Exception):
    """Something ended in a problem. Its text is the code alone, so that no secret can ride on a traceback."""

    def __init__(self, occurrence: Occurrence) -> None:
        super().__init__(occurrence.code)
        self.occurrence = occurrence

    @property
    def code(self) -> str:
        return self.occurrence.code
