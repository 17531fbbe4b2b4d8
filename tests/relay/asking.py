"""Computers that ask the relay: one that walks the whole journey, and others that have only what they are given."""

from __future__ import annotations

import secrets
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest, new_authorization
from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import Attempt, RelayAccess
from assistant.fortnox.tokens import TokenAnswer
from assistant.integration import ClientSecret, SecretSource
from assistant.practice.server import PracticeServer
from assistant.problems import Occurrence, ProblemError
from assistant.secret import Secret
from tests.practice.browser import CLIENT_ID, REDIRECT_URI, Browser
from tests.relay.serving import Running
from tests.walking import SCOPES, Person, World, practice_integration

COMPANY, OTHER_COMPANY = 1_100_017, 1_100_025


def computer(server: PracticeServer, relay: Running, folder: Path, *visits: tuple[str, ...]) -> World:
    """A computer with the whole program on it, and no client secret."""
    source = ClientSecret(source=SecretSource.RELAY)
    integration = practice_integration(server, client_secret=source, relay=relay.addresses)
    return World(integration, folder, Person(*visits), client_secret=None)


def asking(
    server: PracticeServer, relay: Running, credential: Secret | None = None, *, limits: Limits | None = None
) -> AbstractAsyncContextManager[Client]:
    """The program's client on any computer, with this credential or none."""
    access = RelayAccess(CLIENT_ID, relay.addresses.token, relay.addresses.revoke, credential)
    return Client(Endpoints(**server.endpoints), access, proxy=lambda _: None, limits=limits)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that somebody has approved: the request, known to one computer, and the code that came back."""

    request: AuthorizationRequest
    code: Secret

    @property
    def attempt(self) -> Attempt:
        return Attempt(self.request.state_verifier, self.request.account)


def sign_in(
    server: PracticeServer,
    *,
    account: AccountKind = AccountKind.SERVICE,
    tenant_id: int = COMPANY,
    person: str = "anna",
    pkce: bool = True,
) -> SignIn:
    """A person signs in and approves what one computer asks for."""
    request = new_authorization(
        endpoints=Endpoints(**server.endpoints, pkce=pkce),
        client_id=CLIENT_ID,
        redirect_uri=REDIRECT_URI,
        scopes=SCOPES,
        account=account,
        token=secrets.token_urlsafe,
    )
    with Browser(server.base_url) as browser:
        browser.open(request.url).press(f"person-{person}").press("sign-in")
        if browser.path.endswith("/company"):
            browser.press(f"company-{tenant_id}")
        browser.press("approve")
        (code,) = parse_qs(urlsplit(browser.url).query)["code"]
        assert browser.returned["state"] == request.state.reveal()
    return SignIn(request, Secret(code))


def begun(server: PracticeServer, account: AccountKind = AccountKind.SERVICE) -> AuthorizationRequest:
    """A sign-in that another computer has begun, with a `state` and verifiers of its own."""
    return new_authorization(
        endpoints=Endpoints(**server.endpoints),
        client_id=CLIENT_ID,
        redirect_uri=REDIRECT_URI,
        scopes=SCOPES,
        account=account,
        token=secrets.token_urlsafe,
    )


async def exchanged(server: PracticeServer, relay: Running, code: Secret, of: AuthorizationRequest) -> TokenAnswer:
    """The code, exchanged by the computer that began the sign-in `of`."""
    async with asking(server, relay) as client:
        return await client.exchange_code(code, of.redirect_uri, of.verifier, Attempt(of.state_verifier, of.account))


async def connected(server: PracticeServer, relay: Running, **wanted: object) -> TokenAnswer:
    """What a computer holds that has just been connected."""
    done = sign_in(server, **wanted)  # type: ignore[arg-type]
    return await exchanged(server, relay, done.code, done.request)


async def problem(answer: object) -> Occurrence:
    """The problem that awaiting `answer` ends in."""
    try:
        got = await answer  # type: ignore[misc]
    except ProblemError as stopped:
        return stopped.occurrence
    raise AssertionError(f"no problem, but {got!r}")
