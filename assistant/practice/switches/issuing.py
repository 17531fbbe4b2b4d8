"""Answers of the switches about the token endpoint and what it hands out."""

from __future__ import annotations

from enum import Enum

from assistant.language import N_


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


class AccessTokenLife(Enum):
    """How long an access token works."""

    HOUR = N_("one hour")
    OVER_AT_ONCE = N_("not at all: it has expired when it arrives")


class WithoutOffline(Enum):
    """What a request without `access_type=offline` gets."""

    REFRESH_TOKEN = N_("a refresh token all the same")
    NO_REFRESH_TOKEN = N_("no refresh token")


class RefreshTokens(Enum):
    """Whether a refresh token comes with the code's tokens."""

    GIVEN = N_("is given")
    LEFT_OUT = N_("is left out")


class TokenType(Enum):
    """`token_type` of an answer."""

    BEARER = "bearer"
    CAPITAL = "Bearer"
    MAC = "mac"


class TenantClaim(Enum):
    """The claim `tenantId` of an access token."""

    NUMBER = N_("a number")
    TEXT = N_("a text")
    ABSENT = N_("missing")
    NOT_A_JWT = N_("missing: the token is no JWT")


class TokenLength(Enum):
    """How long an access token is."""

    ORDINARY = N_("ordinary")
    FOUR_KILOBYTES = N_("4,000 characters and more")


class TokenRefusal(Enum):
    """A refusal of the token endpoint, whatever it is asked."""

    NONE = N_("none")
    BAD_GRANT = "invalid_grant"
    REDIRECT_MISMATCH = "redirect_uri_mismatch"
    INVALID_SCOPE = "invalid_scope"
    MISSING_LICENCE = "error_missing_license"
    MISSING_APP_LICENCE = "error_missing_app_license"
    TOO_FEW_LICENCES = N_("the company has too few licences")
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    ACCESS_DENIED = "access_denied"
    INVALID_REQUEST = "invalid_request"
    UNSUPPORTED_GRANT = "unsupported_grant_type"
    UNHEARD_OF = N_("an error nobody has heard of")


class DeadGrantStatus(Enum):
    """HTTP status of `invalid_grant`."""

    BAD_REQUEST = "400"
    UNAUTHORIZED = "401"


class LicenceStatus(Enum):
    """HTTP status of `error_missing_license` and `error_missing_app_license`."""

    UNAUTHORIZED = "401"
    BAD_REQUEST = "400"


class ServiceConsentFound(Enum):
    """Whether a service account's consent is found."""

    AS_APPROVED = N_("as approved")
    MISSING = N_("missing, although somebody approved")


class ServiceCompany(Enum):
    """Which company a service account opens."""

    SAME = N_("the one asked for")
    ANOTHER = N_("another one")


class RevocationOfConsent(Enum):
    """What revoking a refresh token does to the consent behind it."""

    KEEP = N_("the consent stays")
    WITHDRAW = N_("the consent is withdrawn")
