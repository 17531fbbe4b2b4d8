"""Every question that Fortnox's documentation leaves open, with its possible answers; the likeliest comes first.

A new unknown is one enum and one field here, honoured where the server decides. The control page and
`scenarios` follow by themselves.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from assistant.language import N_


class Mark(Enum):
    """How sure anybody outside Fortnox can be. Values are message ids."""

    DOCUMENTED = N_("documented")
    REPORTED = N_("reported by users")
    INFERRED = N_("inferred")
    GUESSED = N_("guessed")


class ErrorKeys(Enum):
    """Spelling of the keys in an API error body."""

    LOWER = N_("lower case, as documented")
    CAPITAL = N_("capitalised, as reported")
    MIXED = N_("different for each call")


class ErrorState(Enum):
    """Whether `state` comes back with an error."""

    ECHO = N_("comes back")
    OMIT = N_("is left out")


class Pkce(Enum):
    """What is made of a PKCE code challenge."""

    IGNORE = N_("ignored")
    REQUIRE = N_("required and checked")
    REJECT = N_("refused")


class AlreadySignedIn(Enum):
    """What a browser that is signed in already gets to see."""

    ASK = N_("the sign-in page, naming the person")
    SKIP_SIGN_IN = N_("the company choice at once")
    SKIP_COMPANY = N_("the company of last time at once")


class PortalServiceAccounts(Enum):
    """The portal setting that allows service accounts."""

    AS_REGISTERED = N_("as the integration is registered")
    OFF = N_("switched off")


class Callback(Enum):
    """What comes back after the person has approved."""

    NORMAL = N_("code and state")
    NONE = N_("nothing: the browser stays")
    EMPTY = N_("the address without code and state")


class ExpiredStatus(Enum):
    """HTTP status of a call with an expired access token."""

    UNAUTHORIZED = "401"
    FORBIDDEN = "403"


class ScopeStatus(Enum):
    """HTTP status of a call for which the token lacks the scope (2000663)."""

    BAD_REQUEST = "400"
    FORBIDDEN = "403"


class RefreshReuse(Enum):
    """What using a refresh token a second time does."""

    FAIL_ONLY = N_("only the reused token fails")
    REVOKE_FAMILY = N_("every later token dies too")
    GRACE = N_("works for half an hour after the first use")


class CodeReuse(Enum):
    """What using an authorization code a second time does."""

    FAIL_ONLY = N_("only the second use fails")
    REVOKE_TOKENS = N_("the tokens of the first use die too")


class OlderAccessTokens(Enum):
    """What a new access token does to those issued before it."""

    STAY = N_("go on working")
    DIE = N_("stop working")


class Account(Enum):
    """State of the customer's Fortnox account."""

    OPEN = N_("open, as usual")
    LOCKED = N_("locked: the sign-in ends on a page")


class ConsentRecorded(Enum):
    """When a service account's consent begins."""

    AT_APPROVAL = N_("when the person approves")
    AT_EXCHANGE = N_("when the code is exchanged")


class WithoutOffline(Enum):
    """What a request without `access_type=offline` gets."""

    REFRESH_TOKEN = N_("a refresh token all the same")
    NO_REFRESH_TOKEN = N_("no refresh token")


class BodyCredentials(Enum):
    """Whether client id and secret may stand in the body instead of the header."""

    REFUSE = N_("refused")
    ACCEPT = N_("accepted")


class RevocationOfConsent(Enum):
    """What revoking a refresh token does to the consent behind it."""

    KEEP = N_("the consent stays")
    WITHDRAW = N_("the consent is withdrawn")


class RetryAfter(Enum):
    """Whether an answer over the rate limit says when to try again."""

    ABSENT = N_("is left out")
    PRESENT = N_("is sent along")


class ServiceMe(Enum):
    """What `/3/me` answers for a service account."""

    INTEGRATION_USER = N_("a user named after the integration")
    REFUSE = N_("a refusal")


@dataclass(frozen=True, slots=True)
class Asks:
    """What a switch asks (a message id), and how sure anybody can be of its first answer."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """One way Fortnox may behave. The defaults are what is likeliest; `mark` says how likely that is.

    Attributes:
        latency: seconds that every answer is held back.
    """

    callback: Annotated[Callback, Asks(N_("What comes back after approval?"), Mark.DOCUMENTED)] = Callback.NORMAL
    error_state: Annotated[ErrorState, Asks(N_("State, when an error comes back"), Mark.INFERRED)] = ErrorState.ECHO
    already_signed_in: Annotated[AlreadySignedIn, Asks(N_("Somebody already signed in is shown"), Mark.REPORTED)] = (
        AlreadySignedIn.ASK
    )
    account: Annotated[Account, Asks(N_("The customer's account"), Mark.REPORTED)] = Account.OPEN
    portal_service_accounts: Annotated[
        PortalServiceAccounts, Asks(N_("Service accounts in the developer portal"), Mark.DOCUMENTED)
    ] = PortalServiceAccounts.AS_REGISTERED
    pkce: Annotated[Pkce, Asks(N_("A PKCE code challenge is"), Mark.INFERRED)] = Pkce.IGNORE
    consent_recorded: Annotated[ConsentRecorded, Asks(N_("A service account's consent begins"), Mark.INFERRED)] = (
        ConsentRecorded.AT_APPROVAL
    )
    without_offline: Annotated[WithoutOffline, Asks(N_("A request without access_type=offline gets"), Mark.GUESSED)] = (
        WithoutOffline.REFRESH_TOKEN
    )
    code_reuse: Annotated[CodeReuse, Asks(N_("An authorization code used twice"), Mark.GUESSED)] = CodeReuse.FAIL_ONLY
    refresh_reuse: Annotated[RefreshReuse, Asks(N_("A refresh token used twice"), Mark.GUESSED)] = (
        RefreshReuse.FAIL_ONLY
    )
    older_access_tokens: Annotated[
        OlderAccessTokens, Asks(N_("After a new access token, older ones"), Mark.REPORTED)
    ] = OlderAccessTokens.STAY
    revocation_of_consent: Annotated[
        RevocationOfConsent, Asks(N_("After a refresh token is revoked"), Mark.GUESSED)
    ] = RevocationOfConsent.KEEP
    body_credentials: Annotated[BodyCredentials, Asks(N_("Client id and secret in the body are"), Mark.INFERRED)] = (
        BodyCredentials.REFUSE
    )
    expired_status: Annotated[ExpiredStatus, Asks(N_("Status of an expired access token"), Mark.INFERRED)] = (
        ExpiredStatus.UNAUTHORIZED
    )
    scope_status: Annotated[ScopeStatus, Asks(N_("Status of a call without its permission"), Mark.REPORTED)] = (
        ScopeStatus.BAD_REQUEST
    )
    error_keys: Annotated[ErrorKeys, Asks(N_("Keys of an API error"), Mark.DOCUMENTED)] = ErrorKeys.LOWER
    retry_after: Annotated[RetryAfter, Asks(N_("Retry-After, over the rate limit"), Mark.REPORTED)] = RetryAfter.ABSENT
    service_me: Annotated[ServiceMe, Asks(N_("The person read with a service account"), Mark.GUESSED)] = (
        ServiceMe.INTEGRATION_USER
    )
    latency: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """One switch as the control page shows it: `text` and the options' values are message ids."""

    name: str
    text: str
    mark: Mark
    options: tuple[Enum, ...]


def _questions() -> Iterator[Question]:
    for name, hint in get_type_hints(Switches, include_extras=True).items():
        if get_origin(hint) is Annotated:
            kind, asks = get_args(hint)
            yield Question(name, asks.text, asks.mark, tuple(kind))


QUESTIONS: tuple[Question, ...] = tuple(_questions())
"""Every switch with named answers, in the order of a sign-in."""


def with_choices(switches: Switches, choices: Mapping[str, str]) -> Switches:
    """`switches` with those named in `choices` set: switch name to member name.

    Raises:
        ValueError: a switch or an answer that does not exist.
    """
    options = {question.name: {option.name: option for option in question.options} for question in QUESTIONS}
    changes: dict[str, Any] = {}
    for name, member in choices.items():
        try:
            changes[name] = options[name][member]
        except KeyError:
            raise ValueError("no such switch or answer") from None
    return dataclasses.replace(switches, **changes)
