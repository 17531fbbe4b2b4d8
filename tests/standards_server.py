"""An authorization server of nobody in particular, written from RFC 6749, 6750, 7009 and 7636 and three API calls.

It shares no line and no habit with practice: one page, another form, no `scope` in its answers unless it grants less,
fields nobody asked for, an empty body after a revocation, and it insists on PKCE, on `state` and on Basic.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import html
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote_plus, urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from assistant.fortnox.endpoints import Endpoints

CLIENT_ID = "nobody.in-particular_7"
CLIENT_SECRET = "s3cret.of-nobody_9"
TENANT_ID = "31"


@dataclass(frozen=True)
class Grant:
    """What stands behind a code or a token: whose it is, for which scopes, and the code challenge to be answered."""

    kind: str  # "person" or "service"
    scopes: frozenset[str]
    redirect_uri: str = ""
    challenge: str = ""


@dataclass
class StandardsServer:
    """One server, in memory.

    Attributes:
        client_id, client_secret, redirect_uri: as registered.
        withheld: scopes that are not granted, whoever asks; the answer then says what was (RFC 6749 5.1).
        requests: method and path of everything that came, with the status it got.
        revoked: how many refresh tokens were handed back.
    """

    redirect_uri: str
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    withheld: frozenset[str] = frozenset()
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    revoked: int = 0
    codes: dict[str, Grant] = field(default_factory=dict)
    bearers: dict[str, Grant] = field(default_factory=dict)
    renewals: dict[str, Grant] = field(default_factory=dict)
    service_tenants: set[str] = field(default_factory=set)

    @property
    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/oauth/authorize", self._authorize, methods=["GET"]),
                Route("/oauth/authorize", self._decide, methods=["POST"]),
                Route("/oauth/token", self._token, methods=["POST"]),
                Route("/oauth/revocation", self._revoke, methods=["POST"]),
                Route("/v/3/companyinformation", self._company_information),
                Route("/v/3/settings/company", self._company_settings),
                Route("/v/3/me", self._me),
            ]
        )

    # 4.1.1 and 4.1.2: the authorization request and its answer.

    async def _authorize(self, request: Request) -> Response:
        asked = _once(request.url.query)
        if asked.get("client_id") != self.client_id or asked.get("redirect_uri") != self.redirect_uri:
            return self._note(request, HTMLResponse("<h1>Unknown client</h1>", 400))
        wrong = None
        if asked.get("response_type") != "code":
            wrong = "unsupported_response_type"
        elif (
            not asked.get("state")
            or not asked.get("scope")
            or asked.get("code_challenge_method") != "S256"
            or len(asked.get("code_challenge", "")) != 43
        ):
            wrong = "invalid_request"
        if wrong:
            return self._note(request, self._back({"error": wrong, "state": asked.get("state", "")}))
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in asked.items()
        )
        page = (
            f"<!doctype html><title>Consent</title><h1>May it?</h1>"
            f'<form action="/oauth/authorize" method="post">{hidden}'
            f'<button id="grant" name="verdict" value="yes">Yes</button>'
            f'<button id="refuse" name="verdict" value="no">No</button></form>'
        )
        return self._note(request, HTMLResponse(page))

    async def _decide(self, request: Request) -> Response:
        asked = _once((await request.body()).decode())
        if asked.get("verdict") != "yes":
            answer = {"error": "access_denied", "error_description": "no", "state": asked["state"]}
            return self._note(request, self._back(answer))
        code = secrets.token_urlsafe(40)
        kind = "service" if asked.get("account_type") == "service" else "person"
        scopes = frozenset(asked["scope"].split()) - self.withheld
        self.codes[code] = Grant(kind, scopes, asked["redirect_uri"], asked["code_challenge"])
        return self._note(request, self._back({"state": asked["state"], "code": code, "session_state": "x.y"}))

    def _back(self, answer: dict[str, str]) -> Response:
        glue = "&" if "?" in self.redirect_uri else "?"
        return RedirectResponse(self.redirect_uri + glue + urlencode(answer), 303)

    # 3.2: the token endpoint.

    async def _token(self, request: Request) -> Response:
        if not self._client_is_right(request):
            return self._note(request, _error("invalid_client", 401, {"WWW-Authenticate": 'Basic realm="oauth"'}))
        form = _once((await request.body()).decode())
        if request.headers["content-type"].split(";")[0] != "application/x-www-form-urlencoded" or "scope" in form:
            return self._note(request, _error("invalid_request"))
        match form.get("grant_type"):
            case "authorization_code":
                grant = self.codes.pop(form.get("code", ""), None)
                digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                answered = base64.urlsafe_b64encode(digest).decode().rstrip("=")
                if grant is None or grant.challenge != answered or grant.redirect_uri != form.get("redirect_uri"):
                    return self._note(request, _error("invalid_grant"))
                if grant.kind == "service":
                    self.service_tenants.add(TENANT_ID)
                return self._note(request, self._issue(grant, renewable=True))
            case "refresh_token":
                grant = self.renewals.pop(form.get("refresh_token", ""), None)
                if grant is None:
                    return self._note(request, _error("invalid_grant"))
                return self._note(request, self._issue(grant, renewable=True))
            case "client_credentials":
                if request.headers.get("tenantid") not in self.service_tenants:
                    return self._note(request, _error("unauthorized_client"))
                scopes = frozenset({"companyinformation", "settings", "article"})
                return self._note(request, self._issue(Grant("service", scopes), renewable=False))
            case _:
                return self._note(request, _error("unsupported_grant_type"))

    def _issue(self, grant: Grant, *, renewable: bool) -> Response:
        access = secrets.token_urlsafe(30)
        self.bearers[access] = grant
        body: dict[str, object] = {
            "token_type": "Bearer",
            "expires_in": 600,
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "access_token": access,
            "nested": {"of": ["no", "interest"]},
        }
        if renewable:
            renewal = secrets.token_urlsafe(30)
            self.renewals[renewal] = grant
            body["refresh_token"] = renewal
        if self.withheld:
            body["scope"] = " ".join(sorted(grant.scopes))
        return JSONResponse(body, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})

    # RFC 7009: revocation. An unknown token is no mistake (2.2).

    async def _revoke(self, request: Request) -> Response:
        if not self._client_is_right(request):
            return self._note(request, _error("invalid_client", 401, {"WWW-Authenticate": "Basic"}))
        gone = self.renewals.pop(_once((await request.body()).decode()).get("token", ""), None)
        self.revoked += gone is not None
        return self._note(request, Response(status_code=200))

    # The three calls of the API.

    async def _company_information(self, request: Request) -> Response:
        body = {
            "CompanyInformation": {
                "CompanyName": "Standards & Sons",
                "DatabaseNumber": int(TENANT_ID),
                "OrganizationNumber": "559999-0057",
                "City": "Loopback",
            }
        }
        return self._note(request, self._call(request, "companyinformation", body))

    async def _company_settings(self, request: Request) -> Response:
        body = {"CompanySettings": {"Name": "Standards & Sons", "DatabaseNumber": TENANT_ID, "New": None}}
        return self._note(request, self._call(request, "settings", body))

    async def _me(self, request: Request) -> Response:
        body = {"MeInformation": {"Id": "77", "Name": "Ada Lovelace", "Email": "ada@standards.example"}}
        return self._note(request, self._call(request, "profile", body))

    def _call(self, request: Request, scope: str, body: dict[str, object]) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self.bearers.get(token)
        if scheme != "Bearer" or grant is None:
            return Response(status_code=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        if scope not in grant.scopes:
            return Response(status_code=403, headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'})
        return JSONResponse(body)

    def _client_is_right(self, request: Request) -> bool:
        """Basic with both halves form-encoded first (2.3.1), and nothing else."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return False
        client_id, _, secret = base64.b64decode(given).decode().partition(":")
        return (unquote_plus(client_id), unquote_plus(secret)) == (self.client_id, self.client_secret)

    def _note(self, request: Request, answer: Response) -> Response:
        self.requests.append((request.method, request.url.path, answer.status_code))
        return answer


def _once(query: str) -> dict[str, str]:
    """The parameters; one that comes twice is refused (3.1)."""
    found = parse_qs(query, keep_blank_values=True, strict_parsing=bool(query))
    assert all(len(values) == 1 for values in found.values()), "a parameter came twice"
    return {name: values[0] for name, values in found.items()}


def _error(error: str, status: int = 400, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": error}, status, headers)


@asynccontextmanager
async def running(server: StandardsServer) -> AsyncIterator[Endpoints]:
    """Runs `server` on a free port of loopback."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        serving = uvicorn.Server(uvicorn.Config(server.app, log_level="critical", lifespan="off", ws="none"))
        serving.install_signal_handlers = lambda: None  # type: ignore[method-assign]
        task = asyncio.create_task(serving.serve([listener]))
        while not serving.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield Endpoints(
                authorize=f"{origin}/oauth/authorize",
                token=f"{origin}/oauth/token",
                revoke=f"{origin}/oauth/revocation",
                migrate=f"{origin}/oauth/migrate",
                api=f"{origin}/v",
            )
        finally:
            serving.should_exit = True
            await task
