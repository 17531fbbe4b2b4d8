"""Every trouble at every place, over real HTTP: what the program makes of it, and what a browser gets."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from assistant.fortnox.client import Client, Limits
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import ClientSecret
from assistant.practice.faults import Fault
from assistant.practice.scenarios import PLACES, SCENARIOS, TROUBLES, combine
from assistant.practice.server import PracticeServer
from assistant.practice.switches import Switches, Trouble
from assistant.practice.troubles import FAULTS
from assistant.problems import ProblemError
from assistant.secret import Secret
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, Browser, parameters

BJORKDALEN = 1_100_017
SCOPES = ("companyinformation", "profile", "article")
REQUESTS = ("exchange", "renewal", "service-token", "revocation", "migration", "company", "person")
IN_TIME = Limits(connect=5.0, read=1.5, total=2.0)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def shared() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


@pytest.fixture
def server(shared: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> PracticeServer:
    """One server for all: nothing is left of a test but its log."""
    monkeypatch.setitem(FAULTS, Trouble.SLOW, Fault(delay=0.2))
    shared.switches = Switches()
    return shared


def test_each_place_has_each_trouble() -> None:
    assert {f"{place}-{trouble}" for place in PLACES for trouble in TROUBLES} <= set(SCENARIOS)
    assert set(FAULTS) == set(Trouble) - {Trouble.NONE}


async def ask(client: Client, place: str, *, code: str, access: Secret, refresh: Secret, legacy: str) -> object:
    match place:
        case "exchange":
            return await client.exchange_code(Secret(code), REDIRECT_URI, None)
        case "renewal":
            return await client.refresh(refresh)
        case "service-token":
            return await client.client_credentials(str(BJORKDALEN))
        case "revocation":
            return await client.revoke(refresh)
        case "migration":
            return await client.migrate(Secret(legacy))
        case "company":
            return await client.company(access, SCOPES)
        case _:
            return await client.person(access)


@pytest.mark.anyio
@pytest.mark.parametrize("trouble", list(TROUBLES))
@pytest.mark.parametrize("place", REQUESTS)
async def test_the_program_names_the_problem(server: PracticeServer, place: str, trouble: str) -> None:
    scenario = SCENARIOS[f"{place}-{trouble}"]
    proof = ClientSecret(CLIENT_ID, Secret(CLIENT_SECRET))
    with Browser(server.base_url) as browser:
        codes = [browser.approve_as("anna", BJORKDALEN, account_type="service")["code"] for _ in range(2)]
    server.run.ledger.holdings.legacy_tokens["legacy-token-of-this-test"] = BJORKDALEN
    endpoints = Endpoints(**server.endpoints)
    async with Client(endpoints, proof, proxy=lambda _: None, limits=IN_TIME) as client:
        tokens = await client.exchange_code(Secret(codes[0]), REDIRECT_URI, None)
        assert tokens.refresh_token is not None
        server.switches = combine(scenario.name)
        ended: tuple[str, ...] = ()
        try:
            await ask(
                client,
                place,
                code=codes[1],
                access=tokens.access_token,
                refresh=tokens.refresh_token,
                legacy="legacy-token-of-this-test",
            )
        except ProblemError as problem:
            ended = (problem.occurrence.code,)
    assert ended == scenario.outcomes


@pytest.mark.parametrize("trouble", list(TROUBLES))
@pytest.mark.parametrize("place", ["sign-in", "consent"])
def test_what_a_browser_gets(server: PracticeServer, place: str, trouble: str) -> None:
    expected = {
        "slow": 200,
        "half": 200,
        "empty": 200,
        "wrong-type": 200,
        "html": 200,
        "oversized": 200,
        "maintenance": 503,
        "gateway": 502,
        "fault": 500,
        "forbidden": 403,
        "redirect": 302,
        "too-many": 429,
        "too-many-wait": 429,
    }
    with Browser(server.base_url) as browser:
        address = f"{server.base_url}/oauth-v1/auth"
        if place == "consent":
            browser.authorize().press("person-anna").press("sign-in").press(f"company-{BJORKDALEN}")
            address = browser.url
        server.switches = combine(f"{place}-{trouble}")
        query = parameters() if place == "sign-in" else None
        try:
            answer = browser.client.get(address, params=query, timeout=0.8)
        except httpx.TransportError:
            assert trouble not in expected
            return
        if trouble == "drip" and place == "sign-in":
            return  # a redirect has no body that could drip
        if place == "sign-in" and trouble in ("slow", "half", "wrong-type", "cut-midway"):
            assert answer.status_code == 303, "the real answer is a redirect"
            return
        assert answer.status_code == expected[trouble]
        if trouble == "redirect":
            assert answer.headers["Location"] == "/practice/elsewhere"
        if trouble == "too-many-wait":
            assert answer.headers["Retry-After"] == "30"
        elif trouble == "too-many":
            assert "Retry-After" not in answer.headers
        if trouble == "wrong-type":
            assert answer.headers["Content-Type"].startswith("text/plain")


def test_one_grant_suffers_and_the_others_do_not(server: PracticeServer) -> None:
    with Browser(server.base_url) as browser, httpx.Client(auth=(CLIENT_ID, CLIENT_SECRET), trust_env=False) as web:
        code = browser.approve_as("anna", BJORKDALEN, account_type="service")["code"]
        server.switches = combine("renewal-maintenance", "service-token-too-many-wait")
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
        tokens = web.post(server.endpoints["token"], data=fields)
        assert tokens.status_code == 200, "its body was read and given on"
        renewal = {"grant_type": "refresh_token", "refresh_token": tokens.json()["refresh_token"]}
        assert web.post(server.endpoints["token"], data=renewal).status_code == 503
        service = web.post(
            server.endpoints["token"], data={"grant_type": "client_credentials"}, headers={"TenantId": str(BJORKDALEN)}
        )
        assert (service.status_code, service.headers["Retry-After"]) == (429, "30")
