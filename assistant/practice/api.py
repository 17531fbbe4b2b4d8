"""The calls that confirm a connection: company information, company settings, me, locked period."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.practice.credentials import Authorization
from assistant.practice.ledger import TokenState
from assistant.practice.people import Company
from assistant.practice.run import Run, note
from assistant.practice.switches import (
    ApiRefusal,
    DatabaseNumber,
    ErrorKeys,
    ExpiredStatus,
    RetryAfter,
    ScopeStatus,
    ServiceMe,
)


class ApiError(Exception):
    """A call that is not answered with data.

    Attributes:
        code, message: Fortnox's own number and Swedish sentence [DOC errors].
        status: of the HTTP answer; the sources contradict each other for several.
    """

    def __init__(self, code: int, message: str, status: int, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(code))
        self.code = code
        self.message = message
        self.status = status
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class _Call:
    path: str
    scope: str
    answer: Callable[[Run, Company, Authorization], dict[str, object]]


def _company_information(run: Run, company: Company, authorization: Authorization) -> dict[str, object]:
    return {
        "CompanyInformation": {
            "Address": company.address,
            "City": company.city,
            "CompanyName": company.name,
            "CountryCode": "SE",
            **_database_number(run, company.tenant_id),
            "OrganizationNumber": company.organisation_number,
            "VisitAddress": company.address,
            "VisitCity": company.city,
            "VisitCountryCode": "SE",
            "VisitZipCode": company.zip_code,
            "ZipCode": company.zip_code,
        }
    }


def _database_number(run: Run, number: int | str) -> dict[str, object]:
    return {} if run.switches.database_number is DatabaseNumber.MISSING else {"DatabaseNumber": number}


# fmt: off
_LEFT_EMPTY: Final = (
    "BG", "BIC", "BranchCode", "ContactFirstName", "ContactLastName", "Email", "Fax", "IBAN", "PG", "Phone1", "Phone2",
    "VisitAddress", "VisitCity", "VisitCountry", "VisitCountryCode", "VisitName", "VisitZipCode", "WWW",
)
# fmt: on


def _company_settings(run: Run, company: Company, authorization: Authorization) -> dict[str, object]:
    empty = dict.fromkeys(_LEFT_EMPTY, "")
    return {
        "CompanySettings": {
            **empty,
            "Address": company.address,
            "City": company.city,
            "Country": "Sverige",
            "CountryCode": "SE",
            **_database_number(run, str(company.tenant_id)),  # a string here, a number in companyinformation [CODE]
            "Domicile": company.city,
            "Name": company.name,
            "OrganizationNumber": company.organisation_number,
            "TaxEnabled": True,
            "VATNumber": f"SE{company.organisation_number.replace('-', '')}01",
            "ZipCode": company.zip_code,
        }
    }


def _me(run: Run, company: Company, authorization: Authorization) -> dict[str, object]:
    person = run.population.person(authorization.person_id)
    if authorization.service or person is None:
        if run.switches.service_me is ServiceMe.REFUSE:
            raise ApiError(2000310, "Ogiltig inloggning", 403)
        return {
            "MeInformation": {
                "Id": "9001",
                "Name": run.integration.name,
                "Email": "",
                "SysAdmin": False,
                "Locale": "sv_SE",
            }
        }
    membership = run.population.membership(person.id, company.tenant_id)
    return {
        "MeInformation": {
            "Id": person.user_id,
            "Name": person.name,
            "Email": person.email,
            "SysAdmin": membership is not None and membership.system_administrator,
            "Locale": "sv_SE",
        }
    }


def _locked_period(run: Run, company: Company, authorization: Authorization) -> dict[str, object]:
    return {"LockedPeriod": {"EndDate": "2025-12-31"}}


_CALLS: Final = (
    _Call("/3/companyinformation", "companyinformation", _company_information),
    _Call("/3/settings/company", "settings", _company_settings),
    _Call("/3/me", "profile", _me),
    _Call("/3/settings/lockedperiod", "settings", _locked_period),
)


_SCOPE_STATUS: Final = {ScopeStatus.BAD_REQUEST: 400, ScopeStatus.FORBIDDEN: 403, ScopeStatus.UNAUTHORIZED: 401}

# Texts as documented [DOC errors]; where none was ever seen, the number stands alone. Most statuses are guesses.
_REFUSALS: Final = {
    ApiRefusal.WRONG_LOGIN: (2000310, "Ogiltig inloggning", 401),
    ApiRefusal.NO_TOKEN: (2000311, "Kan inte logga in, access-token eller client-secret saknas(2).", 401),
    ApiRefusal.NO_SCOPE: (2000663, "Har inte behörighet för scope", 400),
    ApiRefusal.NO_LICENCE: (2001101, "Det finns ingen aktiv licens för önskat scope", 403),
    ApiRefusal.NO_API_LICENCE: (2001103, "Api-licens saknas.", 403),
    ApiRefusal.UNCLEAR: (2003275, "", 403),
    ApiRefusal.NO_INVOICES: (2001339, "", 403),
    ApiRefusal.NO_PAYMENTS: (2003330, "", 403),
    ApiRefusal.NO_ACCRUALS: (2001427, "", 403),
    ApiRefusal.FAULT: (1000003, "System exception", 500),
    ApiRefusal.WRONG_ACCEPT: (1000030, "Invalid response type", 400),
    ApiRefusal.WRONG_CONTENT_TYPE: (1000031, "Invalid content type", 400),
}


class Api:
    """The API: who is asking, may they, and the answer."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def routes(self) -> list[Route]:
        """The routes, for the application."""
        return [Route(call.path, self._endpoint(call), methods=["GET"]) for call in _CALLS]

    def _endpoint(self, call: _Call) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                authorization = self._authorized(request, call)
                if refusal := _REFUSALS.get(self._run.switches.api_refusal):
                    code, text, status = refusal
                    raise ApiError(
                        code, text, _SCOPE_STATUS[self._run.switches.scope_status] if code == 2000663 else status
                    )
                company = self._run.population.company(authorization.tenant_id)
                if company is None:
                    raise ApiError(2000310, "Ogiltig inloggning", 403)
                self._check_licence(company, call)
                body = call.answer(self._run, company, authorization)
            except ApiError as refused:
                note(request).outcome = str(refused.code)
                content = error_body(refused, self._run.switches.error_keys, call.path)
                return JSONResponse(content, status_code=refused.status, headers=refused.headers)
            note(request).outcome = "ok"
            return JSONResponse(body)

        return answer

    def _authorized(self, request: Request, call: _Call) -> Authorization:
        accepted = request.headers.get("accept", "*/*")
        if not any(wanted in accepted for wanted in ("application/json", "application/*", "*/*")):
            raise ApiError(1000030, "Invalid response type", 400)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise ApiError(2000311, "Kan inte logga in, access-token eller client-secret saknas.", 401)
        token = token.strip()
        state, authorization = self._run.ledger.judge(token)
        if authorization is None:
            raise ApiError(2000310, "Ogiltig inloggning", 401)
        note(request).tenant_id = authorization.tenant_id
        if state is TokenState.EXPIRED:
            status = 401 if self._run.switches.expired_status is ExpiredStatus.UNAUTHORIZED else 403
            raise ApiError(2000311, "Kan inte logga in, access-token eller client-secret saknas.", status)
        self._run.issued.presented.add(token)
        self._check_rate(authorization)
        if call.scope not in authorization.scopes:
            raise ApiError(2000663, "Har inte behörighet för scope", _SCOPE_STATUS[self._run.switches.scope_status])
        return authorization

    def _check_rate(self, authorization: Authorization) -> None:
        run = self._run
        wait = run.rate_limit.wait(authorization.client_id, authorization.tenant_id, now=run.clock.now())
        if wait > 0:
            told = run.switches.retry_after is RetryAfter.PRESENT
            # Neither body nor headers of this answer are known.
            raise ApiError(429, "Too Many Requests", 429, {"Retry-After": str(math.ceil(wait))} if told else None)

    def _check_licence(self, company: Company, call: _Call) -> None:
        if not company.integration_licence:
            raise ApiError(2001103, "Api-licens saknas.", 403)
        if company.missing_licences([call.scope]):
            raise ApiError(2001101, "Det finns ingen aktiv licens för önskat scope", 403)


def error_body(refused: ApiError, keys: ErrorKeys, path: str) -> dict[str, object]:
    """The error body in one of its spellings. MIXED gives every other path of the API the other one."""
    capital = keys is ErrorKeys.CAPITAL or (keys is ErrorKeys.MIXED and path in ("/3/me", "/3/settings/company"))
    names = ("Error", "Message", "Code") if capital else ("error", "message", "code")
    return {"ErrorInformation": dict(zip(names, (1, refused.message, refused.code), strict=True))}
