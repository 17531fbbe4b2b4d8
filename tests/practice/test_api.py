"""The API calls, against the published schema."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from assistant.practice.clock import PracticeClock
from assistant.practice.integration import LAGERKOLL
from assistant.practice.server import PracticeServer
from assistant.practice.switches import ErrorKeys, ExpiredStatus, RetryAfter, ScopeStatus, ServiceMe, Switches
from tests.practice.browser import Browser
from tests.practice.conftest import Client

SPECIFICATION = json.loads(
    (Path(__file__).parent.parent / "data" / "fortnox-openapi-extract.json").read_text(encoding="utf-8")
)
ALL_SCOPES = "companyinformation profile settings"
PATHS = tuple(SPECIFICATION["paths"])
BJORKDALEN, LINDQVIST = 1_100_017, 1_100_041


def check(body: object, path: str, answer: str) -> None:
    """Checks `body` against the schema, closed: a field that is not published is refused too."""
    schema = SPECIFICATION["paths"][path]["get"]["responses"][answer]["content"]["application/json"]["schema"]
    components = json.loads(json.dumps(SPECIFICATION["components"]))
    for part in components["schemas"].values():
        part["additionalProperties"] = False
    Draft4Validator({**schema, "components": components}).validate(body)


@pytest.fixture
def server(clock: PracticeClock) -> PracticeServer:
    integration = replace(LAGERKOLL, scopes=(*LAGERKOLL.scopes, "settings"))
    with PracticeServer(integration, clock=clock).in_thread() as running:
        yield running
        assert running.crashes == []


@pytest.fixture
def token(browser: Browser, client: Client) -> str:
    code = browser.approve_as("anna", BJORKDALEN, scope=ALL_SCOPES)["code"]
    return client.redeem(code).json()["access_token"]


@pytest.mark.parametrize("path", PATHS)
def test_answers_follow_the_published_schema(client: Client, token: str, path: str) -> None:
    response = client.get(path, token)
    assert response.status_code == 200
    check(response.json(), path, "200")


def test_the_schema_check_can_fail() -> None:
    with pytest.raises(Exception, match="is not of type"):
        check({"CompanyInformation": {"DatabaseNumber": "1"}}, "/3/companyinformation", "200")


def test_the_same_company_is_a_number_here_and_a_text_there(client: Client, token: str) -> None:
    information = client.get("/3/companyinformation", token).json()["CompanyInformation"]
    settings = client.get("/3/settings/company", token).json()["CompanySettings"]
    assert (information["DatabaseNumber"], settings["DatabaseNumber"]) == (BJORKDALEN, str(BJORKDALEN))
    assert information["CompanyName"] == settings["Name"] == "Björkdalens Trävaror AB"


def test_me_is_the_person_who_approved(browser: Browser, client: Client, token: str) -> None:
    assert client.get("/3/me", token).json()["MeInformation"]["Name"] == "Anna Björkdal"
    assert client.get("/3/me", token).json()["MeInformation"]["SysAdmin"] is True
    olle = client.redeem(browser.approve_as("olle", BJORKDALEN, scope=ALL_SCOPES)["code"]).json()["access_token"]
    assert client.get("/3/me", olle).json()["MeInformation"]["SysAdmin"] is False


def test_me_for_a_service_account(server: PracticeServer, browser: Browser, client: Client) -> None:
    browser.approve_as("anna", BJORKDALEN, scope=ALL_SCOPES, account_type="service")
    service = client.for_service(BJORKDALEN).json()["access_token"]
    assert client.get("/3/me", service).json()["MeInformation"]["Name"] == "Lagerkoll"
    server.switches = Switches(service_me=ServiceMe.REFUSE)
    assert client.get("/3/me", service).status_code == 403


@pytest.mark.parametrize(("switch", "status"), [(ScopeStatus.BAD_REQUEST, 400), (ScopeStatus.FORBIDDEN, 403)])
def test_a_call_without_its_scope(
    server: PracticeServer, browser: Browser, client: Client, switch: ScopeStatus, status: int
) -> None:
    server.switches = Switches(scope_status=switch)
    code = browser.approve_as("anna", BJORKDALEN, scope="companyinformation")["code"]
    response = client.get("/3/me", client.redeem(code).json()["access_token"])
    assert response.status_code == status
    assert response.json() == {
        "ErrorInformation": {"error": 1, "message": "Har inte behörighet för scope", "code": 2000663}
    }


@pytest.mark.parametrize(
    ("keys", "capital"),
    [
        (ErrorKeys.LOWER, []),
        (ErrorKeys.CAPITAL, list(PATHS)),
        (ErrorKeys.MIXED, ["/3/me", "/3/settings/company"]),
    ],
)
def test_error_bodies_in_either_spelling(
    server: PracticeServer, client: Client, keys: ErrorKeys, capital: list[str]
) -> None:
    server.switches = Switches(error_keys=keys)
    seen = []
    for path in PATHS:
        body = client.get(path, "nonsense").json()
        if "Code" in body["ErrorInformation"]:
            check(body, path, "default")
            seen.append(path)
    assert seen == capital


@pytest.mark.parametrize(("switch", "status"), [(ExpiredStatus.UNAUTHORIZED, 401), (ExpiredStatus.FORBIDDEN, 403)])
def test_an_access_token_lives_one_hour(
    server: PracticeServer, client: Client, clock: PracticeClock, token: str, switch: ExpiredStatus, status: int
) -> None:
    server.switches = Switches(expired_status=switch)
    clock.advance(3599)
    assert client.get("/3/me", token).status_code == 200
    clock.advance(1)
    expired = client.get("/3/me", token)
    assert (expired.status_code, expired.json()["ErrorInformation"]["code"]) == (status, 2000311)


def test_who_does_not_say_who_they_are(server: PracticeServer, client: Client, token: str) -> None:
    url = server.endpoints["api"] + "/3/me"
    assert client.http.get(url).json()["ErrorInformation"]["code"] == 2000311
    assert client.http.get(url, headers={"Authorization": f"Basic {token}"}).status_code == 401
    assert client.get("/3/me", token, Accept="application/xml").json()["ErrorInformation"]["code"] == 1000030


@pytest.mark.parametrize("told", [False, True])
def test_25_calls_in_five_seconds(
    server: PracticeServer, browser: Browser, client: Client, clock: PracticeClock, token: str, told: bool
) -> None:
    server.switches = Switches(retry_after=RetryAfter.PRESENT if told else RetryAfter.ABSENT)
    assert [client.get("/3/me", token).status_code for _ in range(26)] == [200] * 25 + [429]
    refused = client.get("/3/me", token)
    assert refused.headers.get("retry-after") == ("5" if told else None)
    code = browser.approve_as("karin", LINDQVIST, scope=ALL_SCOPES)["code"]
    other = client.redeem(code).json()["access_token"]
    assert client.get("/3/me", other).status_code == 200, "the limit is for each company"
    clock.advance(5)
    assert client.get("/3/me", token).status_code == 200
