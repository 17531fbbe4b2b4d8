"""The relay that docs/integration-file.md describes, built in few lines, carries a whole connection over practice."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.fortnox.account import AccountKind
from assistant.fortnox.tokens import tenant_id_claim
from assistant.integration import ClientSecret, Relay, SecretSource
from assistant.journey import Step, events
from assistant.practice.forms import form
from assistant.practice.server import PracticeServer
from assistant.secret import Secret
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET
from tests.walking import Person, World, grants, outcomes, practice_integration, visit

pytestmark = pytest.mark.anyio

REVOKE = "/oauth-v1/revoke"
OTHER_COMPANY = 1_100_025


class VendorsRelay:
    """The four steps of the page, and a memory of which credential belongs to which tenant."""

    def __init__(self, endpoints: dict[str, str]) -> None:
        self.endpoints = endpoints
        self.tenants: dict[str, str] = {}  # connection credential: tenant id
        self.seen: list[dict[str, str]] = []

    def routes(self) -> list[Route]:
        return [
            Route("/token", self.token, methods=["POST"]),
            Route("/revoke", self.revoke, methods=["POST"]),
        ]

    async def token(self, request: Request) -> Response:
        fields = dict(await form(request))
        self.seen.append({**fields, **{name.lower(): value for name, value in request.headers.items()}})
        tenant = request.headers.get("TenantId")
        if fields["grant_type"] != "authorization_code" and not self.allowed(request, tenant):
            return JSONResponse({"error": "invalid_client"}, 401)
        answer = await self.passed_on(self.endpoints["token"], fields, {"TenantId": tenant} if tenant else {})
        body = answer.json()
        if fields["grant_type"] == "authorization_code" and answer.status_code == 200:
            claim = tenant_id_claim(Secret(body["access_token"]))
            assert claim is not None
            body["connection_credential"] = secrets.token_urlsafe(32)
            self.tenants[body["connection_credential"]] = claim
        return JSONResponse(body, answer.status_code)

    async def revoke(self, request: Request) -> Response:
        if not self.allowed(request, None):
            return JSONResponse({"error": "invalid_client"}, 401)
        answer = await self.passed_on(self.endpoints["revoke"], dict(await form(request)), {})
        return Response(answer.content, answer.status_code, media_type="application/json")

    def allowed(self, request: Request, tenant: str | None) -> bool:
        credential = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return credential in self.tenants and tenant in (None, self.tenants[credential])

    async def passed_on(self, address: str, fields: dict[str, str], headers: dict[str, str]) -> httpx.Response:
        assert fields.pop("client_id") == CLIENT_ID
        async with httpx.AsyncClient(auth=(CLIENT_ID, CLIENT_SECRET), timeout=10, trust_env=False) as web:
            return await web.post(address, data=fields, headers=headers)


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


@pytest.fixture
def relay(server: PracticeServer) -> Iterator[tuple[VendorsRelay, Relay]]:
    vendor = VendorsRelay(server.endpoints)
    config = uvicorn.Config(Starlette(routes=vendor.routes()), port=0, log_config=None, lifespan="off", ws="none")
    running = uvicorn.Server(config)
    running.capture_signals = nullcontext  # signals belong to the main thread
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    waited = threading.Event()
    for _ in range(500):
        if running.started:
            break
        waited.wait(0.02)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield vendor, Relay(token=f"http://127.0.0.1:{port}/token", revoke=f"http://127.0.0.1:{port}/revoke")
    running.should_exit = True
    thread.join(10)


def world(server: PracticeServer, relay: Relay, folder: Path, *visits: tuple[str, ...]) -> World:
    source = ClientSecret(source=SecretSource.RELAY)
    integration = practice_integration(server, client_secret=source, relay=relay)
    return World(integration, folder, Person(*visits), client_secret=None)


@pytest.mark.parametrize("account", AccountKind)
async def test_a_connection_through_the_relay_needs_no_client_secret_here(
    server: PracticeServer, relay: tuple[VendorsRelay, Relay], tmp_path: Path, account: AccountKind
) -> None:
    vendor, addresses = relay
    async with world(server, addresses, tmp_path, visit()).walking() as here:
        stored = await here.connect(account)
        held = here.vault.secrets(stored.id).connection_credential
        assert held is not None
        assert vendor.tenants == {held.reveal(): stored.tenant_id}
        assert here.vault.client_secret(stored.endpoints.authorize_host, stored.client_id) is None
        assert stored.relay is not None
        assert stored.relay.token == addresses.token
        await here.leave()
    assert ("authorization_code", "token_issued") in grants(server)
    assert CLIENT_SECRET not in repr(vendor.seen)
    assert not any(seen.get("authorization", "").startswith("Basic") for seen in vendor.seen)


async def test_what_is_not_wanted_is_revoked_through_the_relay(
    server: PracticeServer, relay: tuple[VendorsRelay, Relay], tmp_path: Path
) -> None:
    async with world(server, relay[1], tmp_path, visit(), visit(tenant_id=OTHER_COMPANY)).walking() as here:
        await here.to_confirm()
        here.send(events.Refused())
        await here.until(Step.CONFIRM, where=lambda state: state.attempt == 2)
        assert len(outcomes(server, REVOKE)) == 1
        await here.leave()


async def test_a_tenant_id_alone_opens_nothing(
    server: PracticeServer, relay: tuple[VendorsRelay, Relay], tmp_path: Path
) -> None:
    vendor, addresses = relay
    async with world(server, addresses, tmp_path, visit()).walking() as here:
        stored = await here.connect()
        await here.leave()
    asked = {"grant_type": "client_credentials", "client_id": CLIENT_ID}
    credential = next(iter(vendor.tenants))
    async with httpx.AsyncClient(timeout=10, trust_env=False) as web:
        for proof, tenant, status in (
            ("", stored.tenant_id, 401),
            ("Bearer guessed", stored.tenant_id, 401),
            (f"Bearer {credential}", str(OTHER_COMPANY), 401),
            (f"Bearer {credential}", stored.tenant_id, 200),
        ):
            headers = {"TenantId": tenant, **({"Authorization": proof} if proof else {})}
            answer = await web.post(addresses.token, data=asked, headers=headers)
            assert answer.status_code == status
