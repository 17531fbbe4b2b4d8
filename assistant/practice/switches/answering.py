"""Answers of the switches about the API."""

from __future__ import annotations

from enum import Enum

from assistant.language import N_


class ErrorKeys(Enum):
    """Spelling of the keys in an API error body."""

    LOWER = N_("lower case, as documented")
    CAPITAL = N_("capitalised, as reported")
    MIXED = N_("different for each call")


class ExpiredStatus(Enum):
    """HTTP status of a call with an expired access token."""

    UNAUTHORIZED = "401"
    FORBIDDEN = "403"


class ScopeStatus(Enum):
    """HTTP status of a call for which the token lacks the scope (2000663)."""

    BAD_REQUEST = "400"
    FORBIDDEN = "403"
    UNAUTHORIZED = "401"


class ApiRefusal(Enum):
    """A refusal of every call, by Fortnox's own number."""

    NONE = N_("none")
    WRONG_LOGIN = "2000310"
    NO_TOKEN = "2000311"  # noqa: S105 - an error number
    NO_SCOPE = "2000663"
    NO_LICENCE = "2001101"
    NO_API_LICENCE = "2001103"
    UNCLEAR = "2003275"
    NO_INVOICES = "2001339"
    NO_PAYMENTS = "2003330"
    NO_ACCRUALS = "2001427"
    FAULT = "1000003"
    WRONG_ACCEPT = "1000030"
    WRONG_CONTENT_TYPE = "1000031"


class DatabaseNumber(Enum):
    """Whether a company says its `DatabaseNumber`."""

    PRESENT = N_("said")
    MISSING = N_("missing")


class RetryAfter(Enum):
    """Whether an answer over the rate limit says when to try again."""

    ABSENT = N_("is left out")
    PRESENT = N_("is sent along")


class ServiceMe(Enum):
    """What `/3/me` answers for a service account."""

    INTEGRATION_USER = N_("a user named after the integration")
    REFUSE = N_("a refusal")
