"""All switches together: one way Fortnox may behave."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from assistant.language import N_
from assistant.practice.switches.answering import (
    ApiRefusal,
    DatabaseNumber,
    ErrorKeys,
    ExpiredStatus,
    RetryAfter,
    ScopeStatus,
    ServiceMe,
)
from assistant.practice.switches.approving import (
    Callback,
    CodeOnArrival,
    ConsentRecorded,
    Consultants,
    ErrorState,
    ErrorText,
    LicenceNoticed,
    Licences,
    Refusal,
    Rights,
    ScopesGranted,
)
from assistant.practice.switches.issuing import (
    AccessTokenLife,
    CodeReuse,
    DeadGrantStatus,
    LicenceStatus,
    OlderAccessTokens,
    RefreshReuse,
    RefreshTokens,
    RevocationOfConsent,
    ServiceCompany,
    ServiceConsentFound,
    TenantClaim,
    TokenLength,
    TokenRefusal,
    TokenType,
    WithoutOffline,
)
from assistant.practice.switches.marks import Asks, Mark, Stage
from assistant.practice.switches.portal import (
    BodyCredentials,
    ClientId,
    ClientSecret,
    Pkce,
    PortalScopes,
    PortalServiceAccounts,
    Purchase,
    RedirectRegistration,
)
from assistant.practice.switches.signing_in import Account, AlreadySignedIn, BankIdEnd, BankIdSigning, SignInPage
from assistant.practice.switches.trouble import Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """One way Fortnox may behave. The defaults are what is likeliest; `mark` says how likely that is.

    Attributes:
        latency: seconds that every answer is held back.
        clock_ahead: seconds by which `Date` of every answer is ahead of the practice clock.
    """

    client_id: Annotated[ClientId, Asks(N_("The client id is"), Mark.DOCUMENTED, Stage.PORTAL)] = ClientId.REGISTERED
    client_secret: Annotated[
        ClientSecret, Asks(N_("The client secret the program has is"), Mark.DOCUMENTED, Stage.PORTAL)
    ] = ClientSecret.VALID
    redirect_registration: Annotated[
        RedirectRegistration, Asks(N_("Redirect URIs the portal accepts"), Mark.DOCUMENTED, Stage.PORTAL)
    ] = RedirectRegistration.ONE
    portal_scopes: Annotated[
        PortalScopes, Asks(N_("Permissions switched on in the portal"), Mark.REPORTED, Stage.PORTAL)
    ] = PortalScopes.ALL
    portal_service_accounts: Annotated[
        PortalServiceAccounts, Asks(N_("Service accounts in the developer portal"), Mark.DOCUMENTED, Stage.PORTAL)
    ] = PortalServiceAccounts.AS_REGISTERED
    purchase: Annotated[
        Purchase, Asks(N_("Buying the integration through Fortnox is"), Mark.DOCUMENTED, Stage.PORTAL)
    ] = Purchase.NOT_NEEDED
    pkce: Annotated[Pkce, Asks(N_("A PKCE code challenge is"), Mark.INFERRED, Stage.PORTAL)] = Pkce.IGNORE
    body_credentials: Annotated[
        BodyCredentials, Asks(N_("Client id and secret in the body are"), Mark.INFERRED, Stage.PORTAL)
    ] = BodyCredentials.REFUSE
    sign_in_page: Annotated[SignInPage, Asks(N_("People sign in with"), Mark.DOCUMENTED, Stage.SIGN_IN)] = (
        SignInPage.PASSWORD
    )
    bankid_signing: Annotated[BankIdSigning, Asks(N_("BankID counts as signed"), Mark.GUESSED, Stage.SIGN_IN)] = (
        BankIdSigning.BY_ITSELF
    )
    bankid_end: Annotated[BankIdEnd, Asks(N_("A BankID sign-in ends"), Mark.GUESSED, Stage.SIGN_IN)] = BankIdEnd.SIGNED
    already_signed_in: Annotated[
        AlreadySignedIn, Asks(N_("Somebody already signed in is shown"), Mark.REPORTED, Stage.SIGN_IN)
    ] = AlreadySignedIn.ASK
    account: Annotated[Account, Asks(N_("The customer's account"), Mark.REPORTED, Stage.SIGN_IN)] = Account.OPEN
    rights: Annotated[Rights, Asks(N_("What people are at their company"), Mark.DOCUMENTED, Stage.APPROVAL)] = (
        Rights.AS_INVENTED
    )
    consultants: Annotated[
        Consultants, Asks(N_("Accounting consultants are received"), Mark.DOCUMENTED, Stage.APPROVAL)
    ] = Consultants.LET_IN
    licences: Annotated[Licences, Asks(N_("Licences of the companies"), Mark.DOCUMENTED, Stage.APPROVAL)] = (
        Licences.AS_INVENTED
    )
    licence_noticed: Annotated[
        LicenceNoticed, Asks(N_("A missing licence is noticed"), Mark.GUESSED, Stage.APPROVAL)
    ] = LicenceNoticed.AT_COMPANY
    refusal: Annotated[
        Refusal, Asks(N_("An error that comes back whoever signs in"), Mark.DOCUMENTED, Stage.APPROVAL)
    ] = Refusal.NONE
    consent_recorded: Annotated[
        ConsentRecorded, Asks(N_("A service account's consent begins"), Mark.INFERRED, Stage.APPROVAL)
    ] = ConsentRecorded.AT_APPROVAL
    scopes_granted: Annotated[
        ScopesGranted, Asks(N_("Permissions granted, of those asked for"), Mark.DOCUMENTED, Stage.APPROVAL)
    ] = ScopesGranted.ALL
    callback: Annotated[Callback, Asks(N_("What comes back after approval?"), Mark.DOCUMENTED, Stage.CALLBACK)] = (
        Callback.NORMAL
    )
    error_state: Annotated[ErrorState, Asks(N_("State, when an error comes back"), Mark.INFERRED, Stage.CALLBACK)] = (
        ErrorState.ECHO
    )
    error_text: Annotated[ErrorText, Asks(N_("A description, when an error comes back"), Mark.CODE, Stage.CALLBACK)] = (
        ErrorText.SENT
    )
    code_on_arrival: Annotated[
        CodeOnArrival, Asks(N_("The code that comes back is"), Mark.DOCUMENTED, Stage.CALLBACK)
    ] = CodeOnArrival.FRESH
    code_reuse: Annotated[CodeReuse, Asks(N_("An authorization code used twice"), Mark.GUESSED, Stage.TOKENS)] = (
        CodeReuse.FAIL_ONLY
    )
    refused_exchange: Annotated[TokenRefusal, Asks(N_("A refusal of every code"), Mark.DOCUMENTED, Stage.TOKENS)] = (
        TokenRefusal.NONE
    )
    refused_renewal: Annotated[TokenRefusal, Asks(N_("A refusal of every renewal"), Mark.DOCUMENTED, Stage.TOKENS)] = (
        TokenRefusal.NONE
    )
    refused_service: Annotated[
        TokenRefusal, Asks(N_("A refusal of every service account's token"), Mark.DOCUMENTED, Stage.TOKENS)
    ] = TokenRefusal.NONE
    dead_grant_status: Annotated[DeadGrantStatus, Asks(N_("Status of invalid_grant"), Mark.REPORTED, Stage.TOKENS)] = (
        DeadGrantStatus.BAD_REQUEST
    )
    licence_status: Annotated[
        LicenceStatus, Asks(N_("Status of a licence error at the token endpoint"), Mark.CODE, Stage.TOKENS)
    ] = LicenceStatus.UNAUTHORIZED
    without_offline: Annotated[
        WithoutOffline, Asks(N_("A request without access_type=offline gets"), Mark.GUESSED, Stage.TOKENS)
    ] = WithoutOffline.REFRESH_TOKEN
    refresh_tokens: Annotated[
        RefreshTokens, Asks(N_("A refresh token, with the code's tokens"), Mark.DOCUMENTED, Stage.TOKENS)
    ] = RefreshTokens.GIVEN
    refresh_reuse: Annotated[RefreshReuse, Asks(N_("A refresh token used twice"), Mark.GUESSED, Stage.TOKENS)] = (
        RefreshReuse.FAIL_ONLY
    )
    token_type: Annotated[TokenType, Asks(N_("token_type of an answer"), Mark.DOCUMENTED, Stage.TOKENS)] = (
        TokenType.BEARER
    )
    tenant_claim: Annotated[
        TenantClaim, Asks(N_("The claim tenantId of an access token is"), Mark.CODE, Stage.TOKENS)
    ] = TenantClaim.NUMBER
    token_length: Annotated[TokenLength, Asks(N_("The length of an access token"), Mark.GUESSED, Stage.TOKENS)] = (
        TokenLength.ORDINARY
    )
    access_token_life: Annotated[AccessTokenLife, Asks(N_("An access token works"), Mark.DOCUMENTED, Stage.TOKENS)] = (
        AccessTokenLife.HOUR
    )
    older_access_tokens: Annotated[
        OlderAccessTokens, Asks(N_("After a new access token, older ones"), Mark.REPORTED, Stage.TOKENS)
    ] = OlderAccessTokens.STAY
    service_consent: Annotated[
        ServiceConsentFound, Asks(N_("A service account's consent is"), Mark.DOCUMENTED, Stage.TOKENS)
    ] = ServiceConsentFound.AS_APPROVED
    service_company: Annotated[ServiceCompany, Asks(N_("A service account opens"), Mark.DOCUMENTED, Stage.TOKENS)] = (
        ServiceCompany.SAME
    )
    revocation_of_consent: Annotated[
        RevocationOfConsent, Asks(N_("After a refresh token is revoked"), Mark.GUESSED, Stage.TOKENS)
    ] = RevocationOfConsent.KEEP
    expired_status: Annotated[
        ExpiredStatus, Asks(N_("Status of an expired access token"), Mark.INFERRED, Stage.CALLS)
    ] = ExpiredStatus.UNAUTHORIZED
    scope_status: Annotated[
        ScopeStatus, Asks(N_("Status of a call without its permission"), Mark.REPORTED, Stage.CALLS)
    ] = ScopeStatus.BAD_REQUEST
    error_keys: Annotated[ErrorKeys, Asks(N_("Keys of an API error"), Mark.DOCUMENTED, Stage.CALLS)] = ErrorKeys.LOWER
    api_refusal: Annotated[ApiRefusal, Asks(N_("A refusal of every call"), Mark.DOCUMENTED, Stage.CALLS)] = (
        ApiRefusal.NONE
    )
    database_number: Annotated[
        DatabaseNumber, Asks(N_("The company's DatabaseNumber is"), Mark.DOCUMENTED, Stage.CALLS)
    ] = DatabaseNumber.PRESENT
    retry_after: Annotated[RetryAfter, Asks(N_("Retry-After, over the rate limit"), Mark.REPORTED, Stage.CALLS)] = (
        RetryAfter.ABSENT
    )
    service_me: Annotated[ServiceMe, Asks(N_("The person read with a service account"), Mark.GUESSED, Stage.CALLS)] = (
        ServiceMe.INTEGRATION_USER
    )
    at_authorize: Annotated[Trouble, Asks(N_("The sign-in page"), Mark.NETWORK, Stage.NETWORK)] = Trouble.NONE
    at_consent: Annotated[Trouble, Asks(N_("The approval page"), Mark.NETWORK, Stage.NETWORK)] = Trouble.NONE
    at_exchange: Annotated[Trouble, Asks(N_("The exchange of the code"), Mark.NETWORK, Stage.NETWORK)] = Trouble.NONE
    at_renewal: Annotated[Trouble, Asks(N_("The renewal"), Mark.NETWORK, Stage.NETWORK)] = Trouble.NONE
    at_service_token: Annotated[Trouble, Asks(N_("The service account's token"), Mark.NETWORK, Stage.NETWORK)] = (
        Trouble.NONE
    )
    at_revocation: Annotated[Trouble, Asks(N_("The revocation"), Mark.NETWORK, Stage.NETWORK)] = Trouble.NONE
    at_migration: Annotated[Trouble, Asks(N_("The migration"), Mark.NETWORK, Stage.NETWORK)] = Trouble.NONE
    at_company: Annotated[Trouble, Asks(N_("The company's details"), Mark.NETWORK, Stage.NETWORK)] = Trouble.NONE
    at_person: Annotated[Trouble, Asks(N_("The person's details"), Mark.NETWORK, Stage.NETWORK)] = Trouble.NONE
    latency: float = 0.0
    clock_ahead: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """One switch as the control page shows it: `text` and the options' values are message ids."""

    name: str
    text: str
    mark: Mark
    stage: Stage
    options: tuple[Enum, ...]


def _questions() -> Iterator[Question]:
    for name, hint in get_type_hints(Switches, include_extras=True).items():
        if get_origin(hint) is Annotated:
            kind, asks = get_args(hint)
            yield Question(name, asks.text, asks.mark, asks.stage, tuple(kind))


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
