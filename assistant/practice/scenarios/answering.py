"""Situations of the calls that confirm a connection."""

from __future__ import annotations

from typing import Final

from assistant.language import N_
from assistant.practice.scenarios.model import Scenario
from assistant.practice.switches import (
    AccessTokenLife,
    ApiRefusal,
    DatabaseNumber,
    ErrorKeys,
    ExpiredStatus,
    LicenceNoticed,
    Licences,
    Mark,
    RefreshReuse,
    RetryAfter,
    ScopeStatus,
    ServiceMe,
    Stage,
)

_ERRORS: Final = "fortnox.se/developer/guides-and-good-to-know/errors"
_WORDS: Final = "accodeing/fortnox-api"


def _number(refusal: ApiRefusal, name: str, title: str, outcome: str, mark: Mark, source: str = _ERRORS) -> Scenario:
    return Scenario(
        name=name,
        title=title,
        shows=N_("Every call is answered with {number}."),
        words={"number": refusal.value},
        stage=Stage.CALLS,
        mark=mark,
        source=source,
        changes={"api_refusal": refusal},
        outcomes=(outcome,),
    )


CALLS: Final = (
    _number(ApiRefusal.WRONG_LOGIN, "call-2000310", N_("The access token is wrong"), "CHECK-05", Mark.DOCUMENTED),
    _number(ApiRefusal.NO_TOKEN, "call-2000311", N_("The access token is missing"), "CHECK-05", Mark.DOCUMENTED),
    _number(ApiRefusal.NO_SCOPE, "call-2000663", N_("The permission is missing"), "CHECK-04", Mark.DOCUMENTED),
    _number(ApiRefusal.NO_LICENCE, "call-2001101", N_("The module has no licence"), "CHECK-03", Mark.DOCUMENTED),
    Scenario(
        name="call-2001103",
        title=N_("The company has no API licence"),
        shows=N_("Every call is answered with {number}."),
        words={"number": ApiRefusal.NO_API_LICENCE.value},
        stage=Stage.CALLS,
        mark=Mark.DOCUMENTED,
        source=_ERRORS,
        changes={"licences": Licences.NO_INTEGRATION, "licence_noticed": LicenceNoticed.AT_CALL},
        outcomes=("CHECK-03",),
    ),
    _number(ApiRefusal.UNCLEAR, "call-2003275", N_("An error with two readings"), "CHECK-08", Mark.CODE, ""),
    _number(
        ApiRefusal.NO_INVOICES,
        "call-2001339",
        N_("The user may not list invoices"),
        "CHECK-08",
        Mark.REPORTED,
        "helpdesk.sharespine.com",
    ),
    _number(
        ApiRefusal.NO_PAYMENTS,
        "call-2003330",
        N_("The user may not list payments"),
        "CHECK-08",
        Mark.REPORTED,
        "forums.invantive.com",
    ),
    _number(
        ApiRefusal.NO_ACCRUALS,
        "call-2001427",
        N_("The user may not create accruals"),
        "CHECK-08",
        Mark.REPORTED,
        "forums.invantive.com",
    ),
    _number(ApiRefusal.FAULT, "call-1000003", N_("Fortnox has a fault"), "NET-06", Mark.DOCUMENTED),
    _number(ApiRefusal.WRONG_ACCEPT, "call-1000030", N_("The Accept header is wrong"), "CHECK-08", Mark.DOCUMENTED),
    _number(
        ApiRefusal.WRONG_CONTENT_TYPE, "call-1000031", N_("The content type is wrong"), "CHECK-08", Mark.DOCUMENTED
    ),
    Scenario(
        name="capital-keys",
        title=N_("API errors have capitalised keys"),
        shows=N_("Error, Message and Code instead of error, message and code."),
        stage=Stage.CALLS,
        mark=Mark.REPORTED,
        source="softwerkab/fortnox-csharp-api-sdk#46",
        changes={"error_keys": ErrorKeys.CAPITAL},
    ),
    Scenario(
        name="mixed-keys",
        title=N_("API errors have different keys for each call"),
        shows=N_("Some calls capitalise their keys and some do not."),
        stage=Stage.CALLS,
        mark=Mark.REPORTED,
        source=_WORDS,
        changes={"error_keys": ErrorKeys.MIXED},
    ),
    Scenario(
        name="access-token-expired",
        title=N_("The access token has expired when it arrives"),
        shows=N_("The first call is refused."),
        stage=Stage.CALLS,
        mark=Mark.INFERRED,
        changes={"access_token_life": AccessTokenLife.OVER_AT_ONCE},
        outcomes=("CHECK-05",),
    ),
    Scenario(
        name="expired-403",
        title=N_("An expired access token gets 403"),
        shows=N_("403 instead of 401."),
        stage=Stage.CALLS,
        mark=Mark.DOCUMENTED,
        source="fortnox.se/developer/guides-and-good-to-know/responses",
        changes={"expired_status": ExpiredStatus.FORBIDDEN},
    ),
    Scenario(
        name="scope-403",
        title=N_("A missing permission gets 403"),
        shows=N_("403 instead of 400."),
        stage=Stage.CALLS,
        mark=Mark.CODE,
        source="Magnus-Gille/noxctl",
        changes={"scope_status": ScopeStatus.FORBIDDEN},
    ),
    Scenario(
        name="scope-401",
        title=N_("A missing permission gets 401"),
        shows=N_("401 instead of 400."),
        stage=Stage.CALLS,
        mark=Mark.CODE,
        changes={"scope_status": ScopeStatus.UNAUTHORIZED},
    ),
    Scenario(
        name="no-database-number",
        title=N_("The company does not say its DatabaseNumber"),
        shows=N_("The company's details come without the number."),
        stage=Stage.CALLS,
        mark=Mark.GUESSED,
        changes={"database_number": DatabaseNumber.MISSING},
        outcomes=("CHECK-02",),
    ),
    Scenario(
        name="retry-after",
        title=N_("Retry-After comes over the rate limit"),
        shows=N_("The 26th call in five seconds is told how long to wait."),
        stage=Stage.CALLS,
        mark=Mark.CODE,
        changes={"retry_after": RetryAfter.PRESENT},
    ),
    Scenario(
        name="service-me-refused",
        title=N_("/3/me refuses a service account"),
        shows=N_("2000310 instead of a name."),
        stage=Stage.CALLS,
        mark=Mark.GUESSED,
        changes={"service_me": ServiceMe.REFUSE},
    ),
    Scenario(
        name="other-spellings",
        title=N_("Errors in their other spellings"),
        shows=N_("Capitalised keys, 403 instead of 401 and 400, and theft detection."),
        stage=Stage.CALLS,
        mark=Mark.REPORTED,
        changes={
            "error_keys": ErrorKeys.CAPITAL,
            "expired_status": ExpiredStatus.FORBIDDEN,
            "scope_status": ScopeStatus.FORBIDDEN,
            "refresh_reuse": RefreshReuse.REVOKE_FAMILY,
        },
    ),
)
"""In the order of the table on the control page."""
