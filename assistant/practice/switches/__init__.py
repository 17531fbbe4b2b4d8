"""Every question that Fortnox's documentation leaves open, with its possible answers; the likeliest comes first.

A new unknown is one enum in the file of its stage and one field in `model`, honoured where the server decides. The
control page and `scenarios` follow by themselves.
"""

from __future__ import annotations

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
from assistant.practice.switches.model import QUESTIONS, Question, Switches, with_choices
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
from assistant.practice.switches.trouble import Place, Trouble

__all__ = [
    "QUESTIONS",
    "AccessTokenLife",
    "Account",
    "AlreadySignedIn",
    "ApiRefusal",
    "Asks",
    "BankIdEnd",
    "BankIdSigning",
    "BodyCredentials",
    "Callback",
    "ClientId",
    "ClientSecret",
    "CodeOnArrival",
    "CodeReuse",
    "ConsentRecorded",
    "Consultants",
    "DatabaseNumber",
    "DeadGrantStatus",
    "ErrorKeys",
    "ErrorState",
    "ErrorText",
    "ExpiredStatus",
    "LicenceNoticed",
    "LicenceStatus",
    "Licences",
    "Mark",
    "OlderAccessTokens",
    "Pkce",
    "Place",
    "PortalScopes",
    "PortalServiceAccounts",
    "Purchase",
    "Question",
    "RedirectRegistration",
    "RefreshReuse",
    "RefreshTokens",
    "Refusal",
    "RetryAfter",
    "RevocationOfConsent",
    "Rights",
    "ScopeStatus",
    "ScopesGranted",
    "ServiceCompany",
    "ServiceConsentFound",
    "ServiceMe",
    "SignInPage",
    "Stage",
    "Switches",
    "TenantClaim",
    "TokenLength",
    "TokenRefusal",
    "TokenType",
    "Trouble",
    "WithoutOffline",
    "with_choices",
]
