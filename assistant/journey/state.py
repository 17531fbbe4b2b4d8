"""Where a person is on the journey: one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.company import Company, Person
from assistant.fortnox.messages import Access, ClientSecret, RelayAccess
from assistant.fortnox.tokens import Returnable, TokenAnswer
from assistant.integration import Integration, WayBack
from assistant.journey.wishes import Wish
from assistant.problems import Occurrence
from assistant.secret import Secret


class Step(Enum):
    """The states of the journey. The value of a page's step is its name in the support line."""

    WELCOME = "welcome"
    ACCOUNT = "account"
    PERMISSIONS = "permissions"
    SIGN_IN = "sign-in"
    CHECKING = "checking"
    CONFIRM = "confirm"
    SAVING = "saving"
    DONE = "done"
    PROBLEM = "problem"
    CLOSING = "closing"  # the window is hidden; answers are awaited and unwanted tokens revoked
    CLOSED = "closed"

    @property
    def number(self) -> int:
        """The number of the step as the person counts them, 1 to 6."""
        return _NUMBERS.get(self, 6)


_NUMBERS: Mapping[Step, int] = {
    Step.WELCOME: 1,
    Step.ACCOUNT: 2,
    Step.PERMISSIONS: 3,
    Step.SIGN_IN: 4,
    Step.CHECKING: 4,
    Step.CONFIRM: 5,
    Step.SAVING: 5,
}


class Check(Enum):
    """The lines of the checking page, in their order."""

    ANSWER = "answer"  # Fortnox has answered: the code became tokens
    COMPANY = "company"  # the company is read
    ACCOUNT = "account"  # the person is read; a service connection is proved by a token of its own
    PERMISSIONS = "permissions"  # granted and asked are compared, connections there already are looked up


class Notice(Enum):
    """A line the sign-in page opens with."""

    HANDED_BACK = "handed-back"  # after "not my company": the access was revoked
    NOT_HANDED_BACK = "not-handed-back"  # revoking failed, or was let be: `left_behind` says what to do


class Awaiting(Enum):
    """What closing waits for."""

    TOKENS = "tokens"
    STORE = "store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Tokens obtained and not yet wanted or refused; they live in memory only."""

    tokens: TokenAnswer
    scopes: tuple[str, ...]  # as granted; as asked where the answer names none (RFC 6749, 5.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """What the journey needs to know of a connection that is stored already."""

    id: str
    account: AccountKind
    tenant_id: str
    company_name: str
    organisation_number: str = ""
    person_name: str = ""
    scopes: tuple[str, ...] = ()  # as granted


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One walk from Welcome to Done.

    Attributes:
        account: the kind chosen; kept when going back.
        attempt: number of the current attempt to sign in; answers to an older one are not used, only revoked.
        own_browser: how the answer of this attempt comes back from the person's own browser; None while the browser
            is the one inside the window.
        authorization: the request the browser shows; None until drawn, and None again once its redirect was taken.
        aside: what the sign-in page says without stopping.
        client_secret: the activation key where the integration asks for one.
        held: tokens that are neither stored nor revoked yet.
        existing: this integration's connections on this computer.
        companies: every company with a connection on this computer, whichever the integration.
        kept: the name of the file that old connections were set aside in.
        reconnecting: the connection that is to be made again; None for a new one.
        replaced: the connection a yes would replace.
        choices: with a user account of an unknown person: the connections a yes might replace; the person decides.
        problem, stopped_at: what stands on the problem page, and over which step.
        pending: the wish of Checking or Saving whose answer is out; only its answer fits.
        failed: what can be asked again, when trying again can help.
        awaiting: while closing: the answer that decides whether there is something to revoke.
        revoking: how many revocations are out.
        left_behind: why an access was not handed back, and what that asks of the person.
        service_attempts: those that were to approve a service account; tokens may come late.
        granted: the scopes of the connection that was made.
        refused_attempt: the attempt the person said "wrong company" to, for the notice on the sign-in page.
    """

    integration: Integration
    step: Step = Step.WELCOME
    account: AccountKind
    attempt: int = 0
    own_browser: WayBack | None = None
    authorization: AuthorizationRequest | None = None
    aside: Occurrence | None = None
    client_secret: Secret | None = None
    held: Held | None = None
    company: Company | None = None
    person: Person | None = None
    checks: frozenset[Check] = frozenset()
    existing: tuple[Existing, ...] = ()
    companies: tuple[str, ...] = ()
    kept: str | None = None
    reconnecting: Existing | None = None
    replaced: Existing | None = None
    choices: tuple[Existing, ...] = ()
    pending: Wish | None = None
    connection_id: str | None = None
    notice: Notice | None = None
    problem: Occurrence | None = None
    stopped_at: Step | None = None
    failed: Wish | None = None
    awaiting: Awaiting | None = None
    revoking: int = 0
    left_behind: Occurrence | None = None
    service_attempts: frozenset[int] = frozenset()
    granted: tuple[str, ...] = ()
    refused_attempt: int | None = None

    def access(self, tokens: TokenAnswer | Returnable | None = None) -> Access | None:
        """How token calls are authenticated: by the client secret, or by the vendor's relay and the credential it
        gave out with `tokens`. None when there is no client secret at hand."""
        relay = self.integration.relay
        if relay is not None:
            return RelayAccess(
                client_id=self.integration.client_id,
                token_url=relay.token,
                revoke_url=relay.revoke,
                connection_credential=tokens.connection_credential if tokens else None,
            )
        if self.client_secret is None:
            return None
        return ClientSecret(client_id=self.integration.client_id, secret=self.client_secret)

    @property
    def missing_scopes(self) -> tuple[str, ...]:
        """Scopes asked for and not granted, in the integration's order."""
        if self.held is None:
            return ()
        return tuple(name for name in self.scopes if name not in self.held.scopes)

    @property
    def scopes(self) -> tuple[str, ...]:
        """What is asked for: the integration's scopes, and those of the connection that is made again.

        A consent that asks for fewer scopes takes access away [CODE], so the union is asked for.
        """
        before = self.reconnecting.scopes if self.reconnecting else ()
        return tuple(dict.fromkeys((*self.integration.scopes, *before)))

    @property
    def new_scopes(self) -> tuple[str, ...]:
        """Scopes that the connection that is made again does not have yet."""
        if self.reconnecting is None:
            return ()
        return tuple(name for name in self.scopes if name not in self.reconnecting.scopes)

    @property
    def asks_account(self) -> bool:
        """Whether there is a choice to make on the account page. A connection made again stays of its kind."""
        return len(self.integration.accounts) > 1 and self.reconnecting is None

    @property
    def shares_consent(self) -> bool:
        """Whether the consent just given is, or may be, that of a service account which is connected here already.

        There is one for each client id and company [DOC, service-accounts], and what revoking does to it is unknown.
        Before the company is read it may be any of them.
        """
        if self.account is not AccountKind.SERVICE:
            return False
        return self.company.tenant_id in self._services if self.company else bool(self._services)

    def may_share_consent(self, attempt: int) -> bool:
        """The same of tokens that came late, for `attempt`, of whose company nothing is known."""
        return attempt in self.service_attempts and bool(self._services)

    @property
    def _services(self) -> frozenset[str]:
        """The tenant ids of this integration's service accounts on this computer."""
        known = (*self.existing, self.reconnecting) if self.reconnecting else self.existing
        return frozenset(each.tenant_id for each in known if each.account is AccountKind.SERVICE)

    @property
    def lacks_secret(self) -> bool:
        """Whether the activation key must be entered before signing in."""
        return self.integration.asks_for_secret and not self.client_secret

    @property
    def shown_step(self) -> Step:
        """The step whose number and mark the window shows."""
        if self.step is Step.PROBLEM and self.stopped_at is not None:
            return self.stopped_at
        return self.step
