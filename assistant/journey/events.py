"""What can happen on the journey: what the person does, and what the world answers.

Answers carry the number of the attempt they belong to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.company import Company, Person
from assistant.fortnox.tokens import Returnable, TokenAnswer
from assistant.problems import Occurrence, Way
from assistant.secret import Secret

if TYPE_CHECKING:
    from assistant.journey.state import Existing


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened."""


# What the person does.


@dataclass(frozen=True, slots=True, kw_only=True)
class Continue(Event):
    """The filled button of Welcome, Account and Permissions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Back(Event):
    """The Back button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Event):
    """Cancel, Close or the window's own close button: the person wants out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChosen(Event):
    """A card on the account page."""

    account: AccountKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretEntered(Event):
    """The activation key on the permissions page."""

    client_secret: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOver(Event):
    """Start the sign-in over, in a fresh browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBrowserAsked(Event):
    """Sign in with the browser the person usually uses instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowBrowserAsked(Event):
    """Sign in inside the window after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAgainAsked(Event):
    """Open the sign-in in the person's own browser once more: the page there was closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPasted(Event):
    """The address the person's own browser ended on. It may hold the code, hence it is a Secret."""

    address: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed(Event):
    """Yes, this is the right company.

    `replacing` and `add` answer "replace or add?" and count only where it was asked.
    """

    replacing: str | None = None
    add: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Event):
    """No, wrong company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPageAsked(Event):
    """Open the start page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnotherAsked(Event):
    """Connect another company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayChosen(Event):
    """A button of the problem page."""

    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAsked(Event):
    """What the look ahead has found keeps every connection from being saved; the person wants to know what to do."""

    occurrence: Occurrence


# What the world answers.


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Event):
    """An answer to a wish of attempt number `attempt`."""

    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionsListed(Event):
    """`existing` are this integration's connections, `companies` those with any connection at all."""

    existing: tuple[Existing, ...]
    companies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingFailed(Event):
    """The vault cannot be read, so nothing could be stored either."""

    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationReady(Answer):
    request: AuthorizationRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirected(Answer):
    """The browser was about to follow the redirect, or the person's own browser has followed it.

    The address holds the code, hence it is a Secret.
    """

    address: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening(Answer):
    """The place the redirect leads to on this computer is ours, and somebody listens there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBrowserFailed(Answer):
    """No browser took the address; the person can still copy it."""

    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingCameBack(Answer):
    """The person's own browser has had its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInStopped(Answer):
    """The browser cannot go on."""

    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class KeychainRefused(Answer):
    """The keychain could not be opened while the person signs in."""

    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensReceived(Answer):
    tokens: TokenAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensUnusable(Answer):
    """Something came that cannot be used, and that has to be handed back."""

    tokens: Returnable
    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFailed(Answer):
    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyRead(Answer):
    company: Company


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRead(Answer):
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceProved(Answer):
    company: Company


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingFound(Answer):
    """`replaced` is the connection with the same identity; `choices` are those that might be it."""

    replaced: Existing | None = None
    choices: tuple[Existing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFailed(Answer):
    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked(Answer):
    """Handing back ended; `occurrence` says why Fortnox did not take it, None that it did."""

    occurrence: Occurrence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored(Answer):
    connection_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFailed(Answer):
    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class OldSetAside(Answer):
    """The old connections are kept in the file named `kept`; None where they can be used after all."""

    kept: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideFailed(Answer):
    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPageFailed(Event):
    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulted(Event):
    """A fault of this program, such as a page that could not be drawn."""

    occurrence: Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeIsUp(Event):
    """The deadline of closing passed."""
