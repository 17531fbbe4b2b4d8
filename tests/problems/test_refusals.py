"""What Fortnox may say no with, said by a server to the whole journey: the redirect, the token endpoint and the API.

Practice says what is documented; this server says anything.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from assistant.fortnox.account import AccountKind
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.redirect import RedirectUri
from assistant.integration import ClientSecret, Integration, SecretSource
from assistant.journey import Step
from assistant.problems import Occurrence, Way
from tests.fortnox.servers import answer, server
from tests.walking import Person, World

pytestmark = pytest.mark.anyio

HOME = "https://lagerkoll.example/activation"
TOKENS = {"access_token": "canary-a", "refresh_token": "canary-r", "token_type": "bearer", "expires_in": 3600}
COMPANY = {"CompanyInformation": {"CompanyName": "Räksmörgås AB", "DatabaseNumber": 7}}
Answer = tuple[int, object]


class Fortnox:
    """An authorization server and API that answer as they are told.

    Attributes:
        redirect: parameters of the redirect; "state" is filled in where it is None.
        token, company: status and body of those two.
        token_requests: how many token requests arrived.
    """

    def __init__(self) -> None:
        self.redirect: list[tuple[str, str | None]] = [("code", "canary-code"), ("state", None)]
        self.token: Answer = (200, TOKENS)
        self.company: Answer = (200, COMPANY)
        self.token_requests = 0

    async def script(self, request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = urlsplit(request.split(b" ")[1].decode())
        if asked.path == "/auth":
            state = parse_qs(asked.query)["state"][0]
            said = urlencode([(name, state if value is None else value) for name, value in self.redirect])
            await answer("302 Found", b"", f"Location: {HOME}?{said}")(request, reader, writer)
            return
        self.token_requests += asked.path == "/token"
        status, body = {"/token": self.token, "/revoke": (200, {})}.get(asked.path, self.company)
        await answer(f"{status} -", json.dumps(body).encode())(request, reader, writer)


async def ended(fortnox: Fortnox, folder: Path, account: AccountKind = AccountKind.SERVICE) -> Occurrence:
    """The problem the whole journey ends in; nothing is stored and no way is offered that leads nowhere."""
    async with _world(fortnox, folder) as here, here.walking():
        state = await here.to_confirm(account)
        assert state.step is Step.PROBLEM
        assert state.problem is not None
        assert "canary" not in repr(state.problem)
        assert here.stored == ()
        return state.problem


@asynccontextmanager
async def _world(fortnox: Fortnox, folder: Path) -> AsyncIterator[World]:
    async with server(fortnox.script) as heard:
        origin = heard.origin
        endpoints = Endpoints(
            authorize=f"{origin}/auth",
            token=f"{origin}/token",
            revoke=f"{origin}/revoke",
            migrate=f"{origin}/migrate",
            api=origin,
        )
        integration = Integration(
            name="Lagerkoll",
            vendor="Exempelbolaget AB",
            client_id="client",
            redirect_uri=RedirectUri(HOME),
            scopes=("companyinformation", "article"),
            start_page="https://lagerkoll.example/login",
            client_secret=ClientSecret(source=SecretSource.ASK),
            listing="https://www.fortnox.se/integrationer/lagerkoll",
            endpoints=endpoints,
        )
        yield World(integration, folder, Person(()))


@pytest.mark.parametrize("with_state", [True, False])
@pytest.mark.parametrize(
    ("error", "description", "code"),
    [
        ("access_denied", "", "AUTH-01"),
        ("error_missing_system_admin_right", "", "AUTH-02"),
        ("error_missing_license", "", "AUTH-03"),
        ("error_missing_app_license", "", "AUTH-04"),
        ("invalid_scope", "", "AUTH-05"),
        ("invalid_request", "Client does not allow service account", "AUTH-06"),
        ("something_new", "", "AUTH-09"),
        ("access_denied", "Logga in via Digital byrå", "AUTH-11"),
        ("access_denied", "Auth code or ClientID supplied is invalid", "AUTH-12"),
        ("temporarily_unavailable", "", "AUTH-13"),
        ("access_denied", "The user has too few permissions", "AUTH-14"),
        ("redirect_uri_mismatch", "", "TOKEN-07"),
    ],
)
@pytest.mark.provokes(argument="code")
async def test_a_refusal_in_the_redirect(
    tmp_path: Path, error: str, description: str, code: str, with_state: bool
) -> None:
    fortnox = Fortnox()
    fortnox.redirect = [("error", error), ("error_description", description), *([("state", None)] * with_state)]
    found = await ended(fortnox, tmp_path)
    assert found.code == code
    assert fortnox.token_requests == 0
    if code in ("AUTH-03", "AUTH-04"):
        assert Way.TRY_AGAIN not in found.problem.ways


@pytest.mark.parametrize(
    ("redirect", "code"),
    [
        ([("code", "a"), ("code", "b"), ("state", None)], "AUTH-10"),
        ([("state", None)], "AUTH-10"),
        ([("code", "a"), ("error", "access_denied"), ("state", None)], "AUTH-10"),
        ([("code", "a"), ("state", None), ("iss", "https://evil.example")], "AUTH-15"),
        ([("code", "a"), ("state", "another")], "AUTH-07"),
        ([("code", "a")], "AUTH-07"),
        ([], "AUTH-08"),
    ],
)
@pytest.mark.provokes(argument="code")
async def test_a_redirect_that_is_no_answer_to_ours(
    tmp_path: Path, redirect: list[tuple[str, str | None]], code: str
) -> None:
    fortnox = Fortnox()
    fortnox.redirect = redirect
    assert (await ended(fortnox, tmp_path)).code == code
    assert fortnox.token_requests == 0


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, {"error": "invalid_client"}, "TOKEN-01"),
        (400, {"error": "invalid_grant", "error_description": "Authorization code doesn't exist"}, "TOKEN-02"),
        (200, {"access_token": "canary"}, "TOKEN-03"),
        (400, {"error": "redirect_uri_mismatch"}, "TOKEN-07"),
        (400, {"error": "invalid_scope"}, "TOKEN-09"),
        (401, {"error": "error_missing_license"}, "TOKEN-10"),
        (429, {}, "TOKEN-13"),
        (400, {"error": "unsupported_grant_type"}, "TOKEN-14"),
        (200, {**TOKENS, "token_type": "mac"}, "TOKEN-16"),
        (400, {"error": "error_missing_app_license"}, "AUTH-04"),
        (400, {"error": "x", "error_description": "Client does not allow service account"}, "AUTH-06"),
    ],
)
@pytest.mark.provokes(argument="code")
async def test_a_refusal_by_the_token_endpoint(tmp_path: Path, status: int, body: object, code: str) -> None:
    fortnox = Fortnox()
    fortnox.token = (status, body)
    assert (await ended(fortnox, tmp_path)).code == code
    assert fortnox.token_requests == 1


@pytest.mark.provokes("TOKEN-12")
async def test_a_user_account_without_anything_to_renew_it_with(tmp_path: Path) -> None:
    fortnox = Fortnox()
    fortnox.token = (200, {name: value for name, value in TOKENS.items() if name != "refresh_token"})
    assert (await ended(fortnox, tmp_path, AccountKind.USER)).code == "TOKEN-12"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (403, {"ErrorInformation": {"Error": 1, "Message": "canary", "Code": 2001101}}, "CHECK-03"),
        (400, {"ErrorInformation": {"error": 1, "message": "canary", "code": 2001103}}, "CHECK-03"),
        (400, {"ErrorInformation": {"error": 1, "message": "canary", "code": 2000663}}, "CHECK-04"),
        (401, {"ErrorInformation": {"error": 1, "message": "canary", "code": 2000311}}, "CHECK-05"),
        (403, {"ErrorInformation": {"error": 1, "message": "canary", "code": 2001339}}, "CHECK-08"),
        (200, {"CompanyInformation": {"CompanyName": "canary"}}, "CHECK-02"),
        (200, {"canary": []}, "CHECK-01"),
        (503, {}, "NET-06"),
    ],
)
@pytest.mark.provokes(argument="code")
async def test_a_refusal_by_the_api(tmp_path: Path, status: int, body: object, code: str) -> None:
    fortnox = Fortnox()
    fortnox.company = (status, body)
    found = await ended(fortnox, tmp_path)
    assert found.code == code
    if code == "CHECK-03":
        assert Way.TRY_AGAIN not in found.problem.ways


async def test_this_server_can_say_yes(tmp_path: Path) -> None:
    async with _world(Fortnox(), tmp_path) as here, here.walking():
        assert (await here.to_confirm()).step is Step.CONFIRM
