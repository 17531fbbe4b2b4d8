"""A practice server of its own for every test, and a client that speaks to it over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import httpx
import pytest

from assistant.practice.clock import PracticeClock
from assistant.practice.server import PracticeServer
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, Browser


class Client:
    """What an integration's program would send, written from the dossier and not from `assistant.fortnox`."""

    def __init__(self, server: PracticeServer) -> None:
        self.server = server
        self.http = httpx.Client(timeout=10, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def post(self, name: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        return self.http.post(
            self.server.endpoints[name], data=fields, headers=headers, auth=(CLIENT_ID, CLIENT_SECRET)
        )

    def redeem(self, code: str, **changes: str) -> httpx.Response:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, **changes}
        return self.post("token", fields)

    def renew(self, refresh_token: str) -> httpx.Response:
        return self.post("token", {"grant_type": "refresh_token", "refresh_token": refresh_token})

    def for_service(self, tenant_id: object, **fields: str) -> httpx.Response:
        return self.post("token", {"grant_type": "client_credentials", **fields}, TenantId=str(tenant_id))

    def revoke(self, token: str) -> httpx.Response:
        return self.post("revoke", {"token_type_hint": "refresh_token", "token": token})

    def get(self, path: str, token: str, **headers: str) -> httpx.Response:
        return self.http.get(
            self.server.endpoints["api"] + path, headers={"Authorization": f"Bearer {token}", **headers}
        )


@pytest.fixture
def clock() -> PracticeClock:
    """Stands still between `advance`."""
    return PracticeClock(1_800_000_000.0, running=False)


@pytest.fixture
def server(clock: PracticeClock) -> Iterator[PracticeServer]:
    with PracticeServer(clock=clock).in_thread() as running:
        yield running
        assert running.crashes == []


@pytest.fixture
def browser(server: PracticeServer) -> Iterator[Browser]:
    with Browser(server.base_url) as opened:
        yield opened


@pytest.fixture
def client(server: PracticeServer) -> Iterator[Client]:
    with Client(server) as made:
        yield made
