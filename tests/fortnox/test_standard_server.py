"""The client against an OAuth 2 server that follows the RFCs and knows nothing of Fortnox but three API calls."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlsplit

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest, new_authorization
from assistant.fortnox.client import Client
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import ClientSecret, RelayAccess
from assistant.fortnox.redirect import RedirectUri, read_redirect
from assistant.problems import ProblemError
from assistant.secret import Secret

pytestmark = pytest.mark.anyio

HOME = "http://localhost:4242"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Standard:
    """RFC 6749, 6750, 7009 and 7636 with the fewest words they allow; optionally as a relay before itself."""

    def __init__(self) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self.refresh_tokens: set[str] = set()
        self.access_tokens: set[str] = set()
        self.credential = ""
        self.relayed: list[dict[str, str]] = []
        routes = [
            Route("/token", self.token, methods=["POST"]),
            Route("/revoke", self.revoke, methods=["POST"]),
            Route("/relay/token", self.relay, methods=["POST"]),
            Route("/3/companyinformation", self.company),
            Route("/3/settings/company", self.settings),
            Route("/3/me", self.me),
        ]
        self.app = Starlette(routes=routes)

    def approve(self, request: AuthorizationRequest) -> str:
        """The redirect after a person has approved."""
        asked = dict(parse_qsl(urlsplit(request.url).query, strict_parsing=True))
        assert asked["response_type"] == "code"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{HOME}/?code={code}&state={asked['state']}"

    async def token(self, request: Request) -> Response:
        if request.headers.get("Authorization") != "Basic " + base64.b64encode(b"client:secret").decode():
            return JSONResponse({"error": "invalid_client"}, 401, {"WWW-Authenticate": "Basic"})
        return self.grant(await fields(request), request)

    def grant(self, form: dict[str, str], request: Request) -> Response:
        if form["grant_type"] == "authorization_code":
            asked = self.codes.pop(form["code"], None)
            if asked is None or form["redirect_uri"] != asked["redirect_uri"]:
                return JSONResponse({"error": "invalid_grant"}, 400)
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
                return JSONResponse({"error": "invalid_grant"}, 400)
            return self.issue(refresh=True)
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.refresh_tokens:
                return JSONResponse({"error": "invalid_grant"}, 400)
            self.refresh_tokens.discard(form["refresh_token"])
            return self.issue(refresh=True)
        if request.headers.get("TenantId") != "7":
            return JSONResponse({"error": "unauthorized_client"}, 400)
        return self.issue(refresh=False)

    def issue(self, *, refresh: bool, **more: str) -> Response:
        access = secrets.token_urlsafe()
        self.access_tokens.add(access)
        body = {"access_token": access, "token_type": "Bearer", "x_unheard_of": {"a": [1]}, **more}
        if refresh:
            body["refresh_token"] = secrets.token_urlsafe()
            self.refresh_tokens.add(str(body["refresh_token"]))
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    async def revoke(self, request: Request) -> Response:
        self.refresh_tokens.discard((await fields(request))["token"])
        return Response(status_code=200)

    async def relay(self, request: Request) -> Response:
        form = await fields(request)
        self.relayed.append(form)
        assert form.pop("client_id") == "client"
        assert "Basic" not in request.headers.get("Authorization", "")
        if form["grant_type"] == "authorization_code":
            self.credential = secrets.token_urlsafe()
            self.codes.pop(form["code"])
            return self.issue(refresh=True, connection_credential=self.credential)
        if request.headers.get("Authorization") != f"Bearer {self.credential}":
            return JSONResponse({"error": "invalid_client"}, 401)
        return self.grant(form, request)

    def known(self, request: Request) -> bool:
        return request.headers.get("Authorization", "").removeprefix("Bearer ") in self.access_tokens

    async def company(self, request: Request) -> Response:
        if not self.known(request):
            return Response(status_code=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return JSONResponse({"CompanyInformation": {"CompanyName": "Test", "DatabaseNumber": 7}})

    async def settings(self, request: Request) -> Response:
        return JSONResponse({"CompanySettings": {"Name": "Settings", "DatabaseNumber": "7"}})

    async def me(self, request: Request) -> Response:
        return JSONResponse({"MeInformation": {"Id": "1", "Name": "Ada", "SysAdmin": False}})


async def fields(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode(), strict_parsing=True))


@asynccontextmanager
async def running(standard: Standard) -> AsyncIterator[Endpoints]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        serving = uvicorn.Server(uvicorn.Config(standard.app, log_level="critical", lifespan="off", ws="none"))
        serving.install_signal_handlers = lambda: None  # type: ignore[method-assign]
        task = asyncio.create_task(serving.serve([listener]))
        while not serving.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield Endpoints(
                authorize=f"{origin}/auth",
                token=f"{origin}/token",
                revoke=f"{origin}/revoke",
                migrate=f"{origin}/migrate",
                api=origin,
            )
        finally:
            serving.should_exit = True
            await task


def ask(endpoints: Endpoints) -> AuthorizationRequest:
    return new_authorization(
        endpoints=endpoints,
        client_id="client",
        redirect_uri=HOME,
        scopes=("companyinformation",),
        account=AccountKind.SERVICE,
        token=secrets.token_urlsafe,
    )


def code_in(redirect: str, request: AuthorizationRequest) -> Secret:
    assert RedirectUri(HOME).matches(redirect)
    code = read_redirect(redirect, request, own_frame=True)
    assert isinstance(code, Secret)
    return code


async def test_the_whole_connection() -> None:
    standard = Standard()
    async with running(standard) as endpoints, Client(endpoints, ClientSecret("client", Secret("secret"))) as asked:
        request = ask(endpoints)
        code = code_in(standard.approve(request), request)
        first = await asked.exchange_code(code, HOME, request.verifier)
        assert (first.scopes, first.expires_in) == (None, None)
        assert (await asked.company(first.access_token, request.scopes)).name == "Test"
        assert (await asked.company(first.access_token, ("settings",))).name == "Settings"
        assert (await asked.person(first.access_token)).system_administrator is False
        proof = await asked.client_credentials("7")
        assert proof.refresh_token is None
        assert (await asked.company(proof.access_token, request.scopes)).tenant_id == "7"

        assert first.refresh_token is not None
        second = await asked.refresh(first.refresh_token)
        assert second.refresh_token is not None
        with pytest.raises(ProblemError, match="TOKEN-11"):
            await asked.refresh(first.refresh_token)
        assert await asked.revoke(second.refresh_token) is True
        assert standard.refresh_tokens == set()

        with pytest.raises(ProblemError, match="TOKEN-02"):
            await asked.exchange_code(code, HOME, request.verifier)
        with pytest.raises(ProblemError, match="TOKEN-08"):
            await asked.client_credentials("8")
        with pytest.raises(ProblemError, match="CHECK-05"):
            await asked.company(Secret("nobody's"), request.scopes)


@pytest.mark.provokes("TOKEN-01")
async def test_a_wrong_secret() -> None:
    async with running(Standard()) as endpoints, Client(endpoints, ClientSecret("client", Secret("x"))) as asked:
        with pytest.raises(ProblemError, match="TOKEN-01"):
            await asked.client_credentials("7")


async def test_the_same_through_a_relay_that_wants_its_credential() -> None:
    standard = Standard()
    async with running(standard) as endpoints:
        address = endpoints.token.replace("/token", "/relay/token")
        request = ask(endpoints)
        code = code_in(standard.approve(request), request)
        async with Client(endpoints, RelayAccess("client", address, endpoints.revoke)) as asked:
            first = await asked.exchange_code(code, HOME, request.verifier)
            with pytest.raises(ProblemError, match="TOKEN-21"):
                await asked.client_credentials("7")
        assert first.connection_credential is not None
        held = RelayAccess("client", address, endpoints.revoke, first.connection_credential)
        async with Client(endpoints, held) as asked:
            proof = await asked.client_credentials("7")
            assert (await asked.company(proof.access_token, ("companyinformation",))).tenant_id == "7"
        assert all("client_secret" not in form for form in standard.relayed)
