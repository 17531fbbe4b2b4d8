"""One connection in the list, as a value: how it stands in words, and what can be done with it. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from assistant.connections.health import Health, State, health
from assistant.connections.later import CONCERNS_ALL
from assistant.connections.removal import Removed
from assistant.fortnox.account import AccountKind
from assistant.fortnox.scopes import scope
from assistant.language import N_, _
from assistant.problems import Occurrence, Way
from assistant.problems.words import words
from assistant.vault.connection import Connection
from assistant.vault.rows import KeepAliveRun
from assistant.window.connections.days import is_same_day, long_day, short_day
from assistant.window.palette import ColourRole


class Act(Enum):
    """What can be done with one connection."""

    CHECK = "check"
    RENEW = "renew"
    CONNECT_AGAIN = "connect-again"
    APPROVE = "approve"  # connect again, for a permission that the integration has gained
    ENTER_KEY = "enter-key"
    UNLOCK = "unlock"
    EXPLAIN = "explain"
    OPEN_START_PAGE = "open-start-page"
    COPY = "copy"  # what support asks for, none of it secret
    REMOVE = "remove"


class Doing(Enum):
    """What is being done with one connection just now."""

    CHECKING = "checking"
    RENEWING = "renewing"
    REMOVING = "removing"


_LABELS: Final = {
    Act.CHECK: N_("Check"),
    Act.RENEW: N_("Renew"),
    Act.CONNECT_AGAIN: N_("Connect again"),
    Act.APPROVE: N_("Approve"),
    Act.ENTER_KEY: N_("Enter the key"),
    Act.UNLOCK: N_("Unlock"),
    Act.EXPLAIN: N_("Show what to do"),
    Act.OPEN_START_PAGE: N_("Open {integration}"),
    Act.COPY: N_("Copy the details"),
    Act.REMOVE: N_("Remove"),
}
_STATES: Final = {
    State.DAMAGED: N_("Damaged, connect again"),
    State.CONNECT_AGAIN: N_("Needs connecting again"),
    State.PROBLEM: N_("Needs attention"),
    State.APPROVE_AGAIN: N_("Approve the new permission"),
    State.UNCHECKED: N_("Not checked for a while"),
    State.WORKS: N_("Works"),
}
_DOING: Final = {
    Doing.CHECKING: N_("Checking"),
    Doing.RENEWING: N_("Renewing"),
    Doing.REMOVING: N_("Removing"),
}
_SIGNS: Final[dict[State, tuple[str, ColourRole]]] = {
    State.DAMAGED: ("octagon-alert", "danger"),
    State.CONNECT_AGAIN: ("unplug", "warning"),
    State.PROBLEM: ("triangle-alert", "warning"),
    State.ENDS_SOON: ("calendar-clock", "warning"),
    State.APPROVE_AGAIN: ("shield-check", "info"),
    State.UNCHECKED: ("clock", "muted"),
    State.WORKS: ("circle-check", "ok"),
}
_ACTS: Final = {
    State.DAMAGED: Act.CONNECT_AGAIN,
    State.CONNECT_AGAIN: Act.CONNECT_AGAIN,
    State.ENDS_SOON: Act.RENEW,
    State.APPROVE_AGAIN: Act.APPROVE,
}
_MAIN_ACTS: Final = (Act.CHECK, Act.RENEW, Act.CONNECT_AGAIN, Act.APPROVE, Act.ENTER_KEY, Act.UNLOCK, Act.EXPLAIN)
_LOCKED: Final = frozenset({"STORE-02", "STORE-03"})
_KEY_REFUSED: Final = frozenset({"CONN-03", "TOKEN-01", "TOKEN-15"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A connection as it stands in the list.

    Attributes:
        health: told from what is stored.
        doing: what is being done with it.
        trouble: what the last act ended in, where nothing of it is stored: it says nothing lasting.
        removed: what its removal did; it then stands in the list only until that has been read.
        several: whether the list holds connections of several integrations, so that each has to name its own.
        now: when this was told, aware.
    """

    connection: Connection
    health: Health
    doing: Doing | None = None
    trouble: Occurrence | None = None
    removed: Removed | None = None
    several: bool = False
    now: datetime

    @property
    def id(self) -> str:
        return self.connection.id

    @property
    def problem(self) -> Occurrence | None:
        """What can be explained: the trouble of the moment, else what stands in the way."""
        return self.trouble or self.health.problem

    @property
    def needs_action(self) -> bool:
        """Whether somebody has to do something, or it stops working."""
        return self.removed is None and self.health.state not in (State.WORKS, State.UNCHECKED)

    @property
    def sign(self) -> tuple[str, ColourRole]:
        """The icon beside the state, and its colour's role; each state has its own shape."""
        if self.removed is not None:
            return "trash-2", "muted"
        if self.doing is not None:
            return "refresh-cw", "accent_text"
        if self.trouble is not None:
            return ("lock" if self._unreadable else "wifi-off"), "warning"
        return _SIGNS[self.health.state]

    @property
    def state(self) -> str:
        """How it stands, in a few words."""
        if self.removed is not None:
            return _("Removed")
        if self.doing is not None:
            return _(_DOING[self.doing])
        if self.trouble is not None:
            return _("Can't be read right now") if self._unreadable else _("Could not be checked right now")
        forecast = self.health.forecast
        if self.health.state is State.ENDS_SOON and forecast.until is not None:
            return _("Renew before {date}", date=long_day(forecast.until))
        return _(_STATES[self.health.state])

    @property
    def detail(self) -> str:
        """What else there is to know: what stands in the way, what is new, or until when it is valid."""
        if self.removed is not None:
            return ""
        if self.trouble is not None:
            return words(self.trouble).title
        if self.health.problem is not None:
            return words(self.health.problem).title
        if self.health.state is State.APPROVE_AGAIN:
            return _("New: {names}", names=", ".join(_(scope(name).label) for name in self.health.missing_scopes))
        return self._validity

    @property
    def _validity(self) -> str:
        """Until when it is valid, short enough for a column."""
        forecast = self.health.forecast
        if forecast.doubtful:
            return _("Validity known once renewed")
        if forecast.until is None:
            return _("Valid until the company withdraws it")
        if self.health.state is State.ENDS_SOON:
            return _("Longer each time it is used")
        if forecast.renewed_by_itself:
            return _("Renewed by itself before {date}", date=short_day(forecast.until))
        return _("Valid until {date}", date=short_day(forecast.until))

    @property
    def checked(self) -> tuple[str, str]:
        """That a real call succeeded, and on which day the last one did; the day is "" where none ever has."""
        last = self.connection.last_checked
        if last is None:
            return _("Never checked"), ""
        return _("Checked"), _("today") if is_same_day(last, self.now) else short_day(last)

    @property
    def company(self) -> str:
        return self.connection.company_name

    @property
    def kind(self) -> str:
        """Organisation number and kind of account, and whose it is where that is a person's."""
        kind = self.connection.account.words
        if self.connection.account is AccountKind.USER and self.connection.person_name:
            kind = f"{kind}, {self.connection.person_name}"
        parts = [self.connection.organisation_number, kind]
        if self.several:
            parts.append(self.connection.integration_name)
        return " · ".join(part for part in parts if part)

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it: the company, how it stands, and then the rest."""
        said = [self.company, self.state, self.detail, self.kind.replace(" · ", ", "), " ".join(self.checked).strip()]
        return ". ".join(part for part in said if part)

    @property
    def main(self) -> Act | None:
        """The most useful act; None while something is being done, and where nothing is left to do."""
        if self.removed is not None or self.doing is not None:
            return None
        if self.trouble is not None:
            return Act.UNLOCK if self.trouble.code in _LOCKED else Act.CHECK
        if self.health.state is State.PROBLEM:
            return self._solving
        return _ACTS.get(self.health.state, Act.CHECK)

    @property
    def acts(self) -> tuple[Act, ...]:
        """All that can be done, in the order of the menu."""
        if self.removed is not None or self.doing is not None:
            return ()
        again = Act.APPROVE if self.health.state is State.APPROVE_AGAIN else Act.CONNECT_AGAIN
        wished = [
            Act.EXPLAIN if self.problem is not None else None,
            Act.ENTER_KEY if self._solving is Act.ENTER_KEY else None,
            Act.CHECK,
            # A service account has nothing that ends.
            Act.RENEW if self.connection.account is AccountKind.USER else None,
            again,
            Act.OPEN_START_PAGE,
            Act.COPY,
            Act.REMOVE,
        ]
        return tuple(act for act in wished if act is not None)

    @property
    def details(self) -> str:
        """What support asks for, as lines; nothing of it is secret."""
        connection = self.connection
        rows = [
            (_("Company"), connection.company_name),
            (_("Organisation number"), connection.organisation_number),
            (_("Fortnox company id"), connection.tenant_id),
            (_("Integration"), f"{connection.integration_name} ({connection.vendor})"),
            (_("Account type"), connection.account.words),
            (_("State"), ". ".join(part for part in (self.state, self.detail) if part)),
            (_("Error code"), self.problem.code if self.problem else ""),
            (_("Last checked"), short_day(connection.last_checked) if connection.last_checked else ""),
        ]
        return "\n".join(f"{name}: {value}" for name, value in rows if value)

    @property
    def _unreadable(self) -> bool:
        return self.trouble is not None and self.trouble.code in CONCERNS_ALL | _LOCKED

    @property
    def _solving(self) -> Act:
        """What helps against the problem that stands in the way."""
        problem = self.health.problem
        if problem is None:
            return Act.CHECK
        if problem.code in _KEY_REFUSED and self.connection.relay is None:
            return Act.ENTER_KEY
        if Way.SIGN_IN_AGAIN in problem.problem.ways[:1]:
            return Act.CONNECT_AGAIN
        return Act.EXPLAIN


def label(act: Act, integration_name: str = "") -> str:
    """What a button or a line of the menu says."""
    return _(_LABELS[act], integration=integration_name) if act is Act.OPEN_START_PAGE else _(_LABELS[act])


def main_labels() -> tuple[str, ...]:
    """Every label the one button of a row can have."""
    return tuple(label(act) for act in _MAIN_ACTS)


def entry_of(
    connection: Connection,
    *,
    now: datetime,
    keep_alive: KeepAliveRun | None = None,
    wanted_scopes: Iterable[str] = (),
    several: bool = False,
) -> Entry:
    """`connection` as it stands at the moment `now` (aware); see `assistant.connections.health.health`."""
    told = health(connection, now=now, keep_alive=keep_alive, wanted_scopes=wanted_scopes)
    return Entry(connection=connection, health=told, several=several, now=now)


def matches(entry: Entry, searched: str) -> bool:
    """Whether every word of `searched` stands in what names the company; an organisation number with or without
    its hyphen."""
    connection = entry.connection
    named = " ".join(
        (
            connection.company_name,
            connection.organisation_number,
            connection.organisation_number.replace("-", ""),
            connection.town,
            connection.tenant_id,
            connection.person_name or "",
            connection.integration_name,
        )
    ).casefold()
    return all(word in named for word in searched.casefold().split())
