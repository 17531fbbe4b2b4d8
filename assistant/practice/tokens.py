"""The endpoints that programs post to: token, revoke, migrate."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.practice.credentials import Authorization, TokenAnswer, new_uuid
from assistant.practice.forms import FormError, basic_credentials, form
from assistant.practice.ledger import GrantError
from assistant.practice.request_log import GRANTS, plain_names
from assistant.practice.run import Run, note
from assistant.practice.switches import Account, BodyCredentials, ClientSecret, LicenceNoticed, ServiceCompany
from assistant.practice.token_refusals import asked_for, with_status

TOKEN = "/oauth-v1/token"  # noqa: S105 - a path
REVOKE = "/oauth-v1/revoke"
MIGRATE = "/oauth-v1/migrate"

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


class TokenEndpoints:
    """What a client with its secret may ask for. The texts of refusals are Fortnox's own where one was ever seen."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def routes(self) -> list[Route]:
        """The routes, for the application."""
        return [
            Route(TOKEN, self.token, methods=_ALL_METHODS),
            Route(REVOKE, self.revoke, methods=_ALL_METHODS),
            Route(MIGRATE, self.migrate, methods=_ALL_METHODS),
        ]

    async def token(self, request: Request) -> Response:
        """The three grants [DOC get-access-token, get-refresh-token, get-access-token-using-client-credentials]."""
        try:
            values = await self._posted(request)
            grant = values.get("grant_type", "")
            if grant:
                note(request).grant = grant if grant in GRANTS else "other"
            self._authenticate(request, values)
            if not grant:
                raise GrantError("invalid_request", "The grant type was not specified in the request")
            if refusal := asked_for(grant, self._run.switches):
                raise refusal
            if grant == "authorization_code":
                answer = self._redeem(request, values)
            elif grant == "refresh_token":
                answer = self._renew(request, values)
            elif grant == "client_credentials":
                answer = self._for_service(request, values)
            else:
                raise GrantError("unsupported_grant_type", f'Grant type "{grant[:40]}" not supported')
        except FormError as error:
            return _refusal(request, GrantError("invalid_request", error.reason, error.status))
        except GrantError as refused:
            self._run.save()
            return _refusal(request, with_status(refused, self._run.switches))
        note(request).tenant_id = answer.tenant_id
        note(request).outcome = "token_issued"
        return JSONResponse(self._run.hand_out(answer), headers=_NO_STORE)

    def _redeem(self, request: Request, values: Mapping[str, str]) -> TokenAnswer:
        code = _required(values, "code")
        answer = self._run.ledger.redeem(
            code,
            client_id=self._run.integration.client_id,
            redirect_uri=values.get("redirect_uri"),
            verifier=values.get("code_verifier"),
            permitted=self._permitted_at_exchange,
        )
        self._run.issued.presented.add(code)
        if "code_verifier" in values:
            self._run.issued.presented.add(values["code_verifier"])
        return answer

    def _renew(self, request: Request, values: Mapping[str, str]) -> TokenAnswer:
        refresh_token = _required(values, "refresh_token")
        answer = self._run.ledger.renew(
            refresh_token, client_id=self._run.integration.client_id, permitted=self._has_licences
        )
        self._run.issued.presented.add(refresh_token)
        return answer

    def _for_service(self, request: Request, values: Mapping[str, str]) -> TokenAnswer:
        header = request.headers.get("tenantid", "").strip()
        if not header:
            raise GrantError("invalid_request", "The TenantId header is required")
        if not (header.isascii() and header.isdecimal() and len(header) <= 18):
            raise GrantError("invalid_request", "The TenantId header is not a number")
        scopes = tuple(dict.fromkeys(values["scope"].split())) if values.get("scope") else None
        client_id, tenant_id = self._run.integration.client_id, int(header)
        note(request).tenant_id = tenant_id
        consent = self._run.ledger.consent(client_id=client_id, tenant_id=tenant_id)
        if consent is not None:
            self._check_licences(tenant_id, consent.scopes if scopes is None else scopes)
        opens = None
        if self._run.switches.service_company is ServiceCompany.ANOTHER:
            others = [each.tenant_id for each in self._run.population.companies if each.tenant_id != tenant_id]
            opens = next(iter(others), None)
        return self._run.ledger.for_service(client_id=client_id, tenant_id=tenant_id, scopes=scopes, opens=opens)

    def _permitted_at_exchange(self, authorization: Authorization) -> None:
        if self._run.switches.licence_noticed is LicenceNoticed.AT_TOKEN:
            self._has_licences(authorization)

    def _has_licences(self, authorization: Authorization) -> None:
        self._check_licences(authorization.tenant_id, authorization.scopes)

    def _check_licences(self, tenant_id: int, scopes: tuple[str, ...]) -> None:
        if self._run.switches.licence_noticed is LicenceNoticed.AT_CALL:
            return
        company = self._run.population.company(tenant_id)
        if company is None or not company.integration_licence or company.missing_licences(scopes):
            raise GrantError("error_missing_license", "The company lacks a required license", 401)

    async def revoke(self, request: Request) -> Response:
        """Ends a refresh token [DOC revoke-access-token]. An unknown token is answered the same way (inferred)."""
        try:
            values = await self._posted(request)
            self._authenticate(request, values)
            if not values.get("token"):
                raise GrantError("invalid_request", "Missing token parameter to revoke")
        except FormError as error:
            return _refusal(request, GrantError("invalid_request", error.reason, error.status))
        except GrantError as refused:
            return _refusal(request, refused)
        revoked = self._run.ledger.revoke(values["token"], client_id=self._run.integration.client_id)
        note(request).outcome = "nothing_to_revoke"
        if revoked is not None:
            self._run.issued.presented.add(revoked.value)
            self._run.save()
            note(request).outcome = "revoked"
            note(request).tenant_id = revoked.authorization.tenant_id
        return JSONResponse({"revoked": True}, headers=_NO_STORE)

    async def migrate(self, request: Request) -> Response:
        """Trades a token of the retired scheme [DOC migrate-legacy-token-to-jwt]; the key of the message is a guess."""
        run = self._run
        try:
            values = await self._posted(request)
            self._authenticate(request, values)
        except FormError:
            return _not_migrated(request, 400, "Could not create JWT")
        except GrantError as refused:
            if refused.status != 401:
                return _refusal(request, refused)
            return _not_migrated(request, 401, "Invalid authorization")
        legacy_token = values.get("access_token", "")
        if not legacy_token:
            return _not_migrated(request, 400, "Could not create JWT")
        legacy = run.ledger.holdings.legacy_tokens
        tenant_id = legacy.get(legacy_token)
        if tenant_id is None:
            return _not_migrated(request, 404, "Access-token not found")
        note(request).tenant_id = tenant_id
        if run.switches.account is not Account.OPEN:
            return _not_migrated(request, 400, "Could not create JWT")
        try:
            self._check_licences(tenant_id, run.integration.scopes)
        except GrantError:
            return _not_migrated(request, 403, "Not allowed to create JWT for given access-token")
        del legacy[legacy_token]
        run.issued.presented.add(legacy_token)
        authorization = Authorization(
            client_id=run.integration.client_id,
            tenant_id=tenant_id,
            person_id="",
            service=False,
            scopes=run.integration.scopes,
            family=new_uuid(),
        )
        answer = run.ledger.issue(authorization, with_refresh_token=True)
        note(request).outcome = "migrated"
        return JSONResponse(run.hand_out(answer), headers=_NO_STORE)

    async def _posted(self, request: Request) -> Mapping[str, str]:
        if request.method != "POST":
            raise GrantError("invalid_request", "The request method must be POST", 405)
        values = await form(request)
        note(request).form_names = plain_names(values)
        return values

    def _authenticate(self, request: Request, values: Mapping[str, str]) -> None:
        """Checks client id and secret.

        Raises:
            GrantError: they are missing or wrong.
        """
        given = basic_credentials(request)
        if given is None and self._run.switches.body_credentials is BodyCredentials.ACCEPT:
            given = (values.get("client_id", ""), values.get("client_secret", ""))
        registered = self._run.integration
        expected = f"{registered.client_id}:{registered.client_secret}"
        replaced = self._run.switches.client_secret is ClientSecret.REPLACED
        if replaced or given is None or not hmac.compare_digest(expected.encode(), ":".join(given).encode()):
            raise GrantError("invalid_client", "The client credentials are invalid", 401)
        note(request).client_authenticated = True
        self._run.issued.presented.add(registered.client_secret)


def _required(values: Mapping[str, str], name: str) -> str:
    if not values.get(name):
        raise GrantError("invalid_request", f'Missing parameter: "{name}" is required')
    return values[name]


def _refusal(request: Request, refused: GrantError) -> Response:
    note(request).outcome = refused.error
    headers = dict(_NO_STORE)
    if refused.status == 401 and refused.error == "invalid_client":
        headers["WWW-Authenticate"] = 'Basic realm="practice"'
    if refused.status == 405:
        headers["Allow"] = "POST"
    body = {"error": refused.error, "error_description": refused.description}
    return JSONResponse(body, status_code=refused.status, headers=headers)


def _not_migrated(request: Request, status: int, message: str) -> Response:
    note(request).outcome = f"not_migrated_{status}"
    return JSONResponse({"message": message}, status_code=status, headers=_NO_STORE)
