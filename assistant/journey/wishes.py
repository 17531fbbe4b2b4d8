"""What the journey asks the world to do: values without behaviour, carried out by `assistant.effects`.

Every wish that can be answered late carries the number of its attempt, and its answer repeats it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.company import Company, Person
from assistant.fortnox.messages import Access
from assistant.fortnox.tokens import Returnable, TokenAnswer
from assistant.secret import Secret

if TYPE_CHECKING:
    from assistant.integration import Integration


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something that should now be done."""

    attempt: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListConnections(Wish):
    """Look up this integration's connections, without unlocking anything. Answer: ConnectionsListed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareSignIn(Wish):
    """Draw a fresh `state` and code verifier. Answer: AuthorizationReady."""

    integration: Integration
    account: AccountKind
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSignIn(Wish):
    """Show the authorization request in a fresh browser. Answers: Redirected, SignInStopped."""

    request: AuthorizationRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen(Wish):
    """Listen for the redirect on this computer, before any browser is opened. Answers: Listening, Redirected,
    SignInStopped."""

    request: AuthorizationRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOwnBrowser(Wish):
    """Open the authorization request in the default browser. Answer only on failure: OwnBrowserFailed."""

    request: AuthorizationRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitOwnBrowser(Wish):
    """Send NothingCameBack after `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSignIn(Wish):
    """Destroy the browser of the attempt with all it remembers, and listen no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockKeychain(Wish):
    """Let the operating system ask for its password now if it must. Answer only on failure: KeychainRefused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeCode(Wish):
    """Exchange the authorization code, once. Answers: TokensReceived, TokensUnusable, ExchangeFailed."""

    code: Secret
    request: AuthorizationRequest
    access: Access | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCompany(Wish):
    """Read the company the tokens open. Answers: CompanyRead, CheckFailed."""

    tokens: TokenAnswer
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPerson(Wish):
    """Read who approved. Answers: PersonRead, CheckFailed."""

    tokens: TokenAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class ProveService(Wish):
    """Get a token by client_credentials for the tenant id and read the company with it.

    Answers: ServiceProved, CheckFailed.
    """

    tenant_id: str
    scopes: tuple[str, ...]
    access: Access | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindMatching(Wish):
    """Look up which stored connections this one would replace or stand beside. Answers: MatchingFound, CheckFailed."""

    account: AccountKind
    company: Company
    person: Person | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoke(Wish):
    """Hand tokens back. Answer: Revoked.

    `consent_is_shared`: a connection may stand on the same consent, so the refresh token is let be; only what the
    vendor's relay gave out is handed back.
    """

    tokens: TokenAnswer | Returnable
    access: Access | None
    consent_is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Store(Wish):
    """Write the confirmed connection and read it back. Answers: Stored, StoreFailed."""

    account: AccountKind
    company: Company
    person: Person | None
    tokens: TokenAnswer
    scopes: tuple[str, ...]
    client_secret: Secret | None
    replacing: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside(Wish):
    """Keep the vault under another name, because of that problem (a code). Answers: OldSetAside, SetAsideFailed."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStartPage(Wish):
    """Open the integration's start page in the default browser. Answer only on failure: StartPageFailed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HideWindow(Wish):
    """Take the window away while what is left is being done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDeadline(Wish):
    """Send TimeIsUp after `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quit(Wish):
    """End the program."""
