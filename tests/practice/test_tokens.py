"""The endpoints that programs post to."""

from __future__ import annotations

import base64
import hashlib
import json

import httpx
import pytest

from assistant.practice.clock import PracticeClock
from assistant.practice.server import PracticeServer
from assistant.practice.switches import (
    Account,
    BodyCredentials,
    CodeReuse,
    ConsentRecorded,
    OlderAccessTokens,
    Pkce,
    RefreshReuse,
    RevocationOfConsent,
    Switches,
    WithoutOffline,
)
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, SCOPES, Browser
from tests.practice.conftest import Client

BJORKDALEN, COPY, CAFE = 1_100_017, 1_100_025, 1_100_033
DAY = 86400.0


def error(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]


@pytest.fixture
def code(browser: Browser) -> str:
    return browser.approve_as("anna", BJORKDALEN)["code"]


@pytest.fixture
def tokens(client: Client, code: str) -> dict[str, str]:
    return client.redeem(code).json()


@pytest.fixture
def service(browser: Browser, client: Client) -> dict[str, str]:
    return client.redeem(browser.approve_as("anna", BJORKDALEN, account_type="service")["code"]).json()


def test_a_code_becomes_tokens(server: PracticeServer, client: Client, code: str) -> None:
    response = client.redeem(code)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert set(body) == {"access_token", "refresh_token", "scope", "expires_in", "token_type"}
    assert (body["scope"], body["expires_in"], body["token_type"]) == (SCOPES, 3600, "bearer")
    entry = server.log[-1]
    assert (entry.grant, entry.client_authenticated, entry.tenant_id) == ("authorization_code", True, BJORKDALEN)
    assert entry.form_names == ("grant_type", "code", "redirect_uri")
    assert code in server.issued.presented


def test_an_access_token_is_shaped_like_a_jwt_with_the_tenant(tokens: dict[str, str]) -> None:
    parts = tokens["access_token"].split(".")
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2])
    assert header["typ"] == "JWT"
    assert claims["tenantId"] == BJORKDALEN
    assert len(tokens["access_token"]) < 4096


def test_a_code_works_once(client: Client, code: str, tokens: dict[str, str]) -> None:
    again = client.redeem(code)
    assert error(again) == (400, "invalid_grant")
    assert again.json()["error_description"] == "Authorization code doesn't exist or is invalid for the client"
    assert client.get("/3/me", tokens["access_token"]).status_code == 200


def test_a_code_used_twice_may_kill_its_tokens(
    server: PracticeServer, client: Client, code: str, tokens: dict[str, str]
) -> None:
    server.switches = Switches(code_reuse=CodeReuse.REVOKE_TOKENS)
    client.redeem(code)
    assert client.get("/3/me", tokens["access_token"]).status_code == 401
    assert error(client.renew(tokens["refresh_token"])) == (400, "invalid_grant")


@pytest.mark.parametrize(("age", "status"), [(599.9, 200), (600.0, 400)])
def test_a_code_lives_ten_minutes(client: Client, clock: PracticeClock, code: str, age: float, status: int) -> None:
    clock.advance(age)
    assert client.redeem(code).status_code == status


@pytest.mark.parametrize("uri", [REDIRECT_URI + "/", "", "https://other.example"])
def test_the_redirect_uri_is_compared(client: Client, code: str, uri: str) -> None:
    assert error(client.redeem(code, redirect_uri=uri)) == (400, "redirect_uri_mismatch")
    assert client.redeem(code).status_code == 200


def test_pkce_is_ignored_unless_required(server: PracticeServer, client: Client, browser: Browser) -> None:
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    sent = {"code_challenge": challenge, "code_challenge_method": "S256"}
    ignored = browser.approve_as("anna", BJORKDALEN, **sent)["code"]
    assert client.redeem(ignored, code_verifier="wrong").status_code == 200
    server.switches = Switches(pkce=Pkce.REQUIRE)
    checked = browser.approve_as("anna", BJORKDALEN, **sent)["code"]
    assert error(client.redeem(checked)) == (400, "invalid_grant")
    assert error(client.redeem(checked, code_verifier="é" * 43)) == (400, "invalid_grant")
    assert client.redeem(checked, code_verifier=verifier).status_code == 200


def test_a_refresh_token_rotates(client: Client, tokens: dict[str, str]) -> None:
    renewed = client.renew(tokens["refresh_token"])
    assert renewed.status_code == 200
    assert renewed.json()["refresh_token"] != tokens["refresh_token"]
    reused = client.renew(tokens["refresh_token"])
    assert error(reused) == (400, "invalid_grant")
    assert reused.json()["error_description"] == "Invalid refresh token"
    assert client.renew(renewed.json()["refresh_token"]).status_code == 200


@pytest.mark.parametrize(("idle", "status"), [(45 * DAY - 1, 200), (45 * DAY, 400)])
def test_a_refresh_token_lives_45_idle_days(
    client: Client, clock: PracticeClock, tokens: dict[str, str], idle: float, status: int
) -> None:
    clock.advance(40 * DAY)
    latest = client.renew(tokens["refresh_token"]).json()["refresh_token"]
    clock.advance(idle)
    assert client.renew(latest).status_code == status


def test_reuse_may_revoke_the_family(server: PracticeServer, client: Client, tokens: dict[str, str]) -> None:
    server.switches = Switches(refresh_reuse=RefreshReuse.REVOKE_FAMILY)
    renewed = client.renew(tokens["refresh_token"]).json()
    client.renew(tokens["refresh_token"])
    assert error(client.renew(renewed["refresh_token"])) == (400, "invalid_grant")
    assert client.get("/3/me", renewed["access_token"]).status_code == 401


def test_reuse_may_be_granted_for_a_while(
    server: PracticeServer, client: Client, clock: PracticeClock, tokens: dict[str, str]
) -> None:
    server.switches = Switches(refresh_reuse=RefreshReuse.GRACE)
    client.renew(tokens["refresh_token"])
    clock.advance(1799)
    assert client.renew(tokens["refresh_token"]).status_code == 200
    clock.advance(1)
    assert error(client.renew(tokens["refresh_token"])) == (400, "invalid_grant")


def test_older_access_tokens_may_die(server: PracticeServer, client: Client, tokens: dict[str, str]) -> None:
    client.renew(tokens["refresh_token"])
    assert client.get("/3/me", tokens["access_token"]).status_code == 200
    server.switches = Switches(older_access_tokens=OlderAccessTokens.DIE)
    client.redeem("nothing")
    assert client.get("/3/me", tokens["access_token"]).status_code == 200
    latest = client.renew(server.issued.refresh_tokens[-1]).json()["access_token"]
    assert client.get("/3/me", tokens["access_token"]).status_code == 401
    assert client.get("/3/me", latest).status_code == 200


def test_without_offline_there_may_be_no_refresh_token(
    server: PracticeServer, client: Client, browser: Browser
) -> None:
    server.switches = Switches(without_offline=WithoutOffline.NO_REFRESH_TOKEN)
    assert "refresh_token" in client.redeem(browser.approve_as("anna", COPY)["code"]).json()
    assert "refresh_token" not in client.redeem(browser.approve_as("anna", COPY, access_type=None)["code"]).json()


def test_client_credentials_need_a_service_consent(client: Client, tokens: dict[str, str]) -> None:
    assert error(client.for_service(BJORKDALEN)) == (400, "invalid_grant")


def test_client_credentials_give_an_access_token_only(client: Client, service: dict[str, str]) -> None:
    response = client.for_service(BJORKDALEN)
    assert response.status_code == 200
    assert "refresh_token" not in response.json()
    assert response.json()["scope"] == SCOPES
    company = client.get("/3/companyinformation", response.json()["access_token"]).json()["CompanyInformation"]
    assert company["DatabaseNumber"] == BJORKDALEN
    assert client.for_service(BJORKDALEN, scope="order").json()["scope"] == "order"
    assert error(client.for_service(BJORKDALEN, scope="order salary")) == (400, "invalid_scope")
    assert error(client.for_service(COPY)) == (400, "invalid_grant")


@pytest.mark.parametrize("tenant", ["", "x", "-1", "1" * 30])
def test_client_credentials_need_a_tenant_id(client: Client, service: dict[str, str], tenant: str) -> None:
    assert error(client.for_service(tenant)) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("recorded", "status"), [(ConsentRecorded.AT_APPROVAL, 200), (ConsentRecorded.AT_EXCHANGE, 400)]
)
def test_when_a_consent_begins(
    server: PracticeServer, client: Client, browser: Browser, recorded: ConsentRecorded, status: int
) -> None:
    server.switches = Switches(consent_recorded=recorded)
    code = browser.approve_as("anna", BJORKDALEN, account_type="service")["code"]
    assert client.for_service(BJORKDALEN).status_code == status
    client.redeem(code)
    assert client.for_service(BJORKDALEN).status_code == 200


def test_revoking_ends_the_refresh_token_and_not_the_access_token(
    server: PracticeServer, client: Client, tokens: dict[str, str]
) -> None:
    response = client.revoke(tokens["refresh_token"])
    assert (response.status_code, response.json()) == (200, {"revoked": True})
    assert (server.log[-1].outcome, server.log[-1].tenant_id) == ("revoked", BJORKDALEN)
    assert error(client.renew(tokens["refresh_token"])) == (400, "invalid_grant")
    assert client.get("/3/me", tokens["access_token"]).status_code == 200


def test_revoking_what_is_unknown_succeeds(server: PracticeServer, client: Client) -> None:
    assert client.revoke("unknown").json() == {"revoked": True}
    assert server.log[-1].outcome == "nothing_to_revoke"
    assert error(client.revoke("")) == (400, "invalid_request")


@pytest.mark.parametrize(("way", "status"), [(RevocationOfConsent.KEEP, 200), (RevocationOfConsent.WITHDRAW, 400)])
def test_revoking_may_withdraw_the_consent(
    server: PracticeServer, client: Client, service: dict[str, str], way: RevocationOfConsent, status: int
) -> None:
    server.switches = Switches(revocation_of_consent=way)
    client.revoke(service["refresh_token"])
    assert client.for_service(BJORKDALEN).status_code == status


@pytest.mark.parametrize("name", ["token", "revoke"])
@pytest.mark.parametrize("credentials", [None, (CLIENT_ID, "wrong"), ("wrong", CLIENT_SECRET)])
def test_a_wrong_client_is_refused(server: PracticeServer, name: str, credentials: tuple[str, str] | None) -> None:
    fields = {"grant_type": "refresh_token", "refresh_token": "x", "token": "x"}
    response = httpx.post(server.endpoints[name], data=fields, auth=credentials, trust_env=False)
    assert error(response) == (401, "invalid_client")
    assert server.log[-1].client_authenticated is False


def test_credentials_in_the_body_may_be_accepted(server: PracticeServer) -> None:
    fields = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    assert error(httpx.post(server.endpoints["token"], data=fields, trust_env=False)) == (401, "invalid_client")
    server.switches = Switches(body_credentials=BodyCredentials.ACCEPT)
    assert error(httpx.post(server.endpoints["token"], data=fields, trust_env=False)) == (400, "invalid_request")


def test_malformed_token_requests(server: PracticeServer, client: Client) -> None:
    url, auth = server.endpoints["token"], (CLIENT_ID, CLIENT_SECRET)
    assert error(client.post("token", {"scope": "x"})) == (400, "invalid_request")
    assert client.post("token", {"grant_type": "password"}).json() == {
        "error": "unsupported_grant_type",
        "error_description": 'Grant type "password" not supported',
    }
    assert error(client.post("token", {"grant_type": "authorization_code"})) == (400, "invalid_request")
    assert error(client.http.post(url, json={}, auth=auth)) == (415, "invalid_request")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for content in (b"code=1&code=2", b"code=%ff", b"\xff", b"code", b"&".join([b"a=1"] * 99)):
        assert error(client.http.post(url, content=content, headers=form, auth=auth)) == (400, "invalid_request")
    huge = client.http.post(url, content=b"a=" + b"x" * 70_000, headers=form, auth=auth)
    assert error(huge) == (413, "invalid_request")
    answer = client.http.get(url)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_company_may_lose_its_licence(server: PracticeServer, client: Client, tokens: dict[str, str]) -> None:
    population = server.run.population
    poor = tuple(
        type(company)(**{**{n: getattr(company, n) for n in company.__slots__}, "integration_licence": False})
        for company in population.companies
    )
    server.run.population = type(population)(
        people=population.people, companies=poor, memberships=population.memberships
    )
    assert error(client.renew(tokens["refresh_token"])) == (401, "error_missing_license")
    refused = client.get("/3/me", tokens["access_token"])
    assert (refused.status_code, refused.json()["ErrorInformation"]["code"]) == (403, 2001103)
    server.run.population = population
    assert client.renew(tokens["refresh_token"]).status_code == 200, "a refusal must not use the token up"


def test_migrating_a_legacy_token(server: PracticeServer, client: Client) -> None:
    legacy = server.issued.legacy_tokens[BJORKDALEN]
    migrated = client.post("migrate", {"access_token": legacy})
    assert migrated.status_code == 200
    assert client.renew(migrated.json()["refresh_token"]).status_code == 200
    again = client.post("migrate", {"access_token": legacy})
    assert (again.status_code, again.json()["message"]) == (404, "Access-token not found")


def test_the_documented_refusals_to_migrate(server: PracticeServer, client: Client) -> None:
    poor = client.post("migrate", {"access_token": server.issued.legacy_tokens[CAFE]})
    assert (poor.status_code, poor.json()["message"]) == (403, "Not allowed to create JWT for given access-token")
    nobody = httpx.post(server.endpoints["migrate"], data={"access_token": "x"}, trust_env=False)
    assert (nobody.status_code, nobody.json()["message"]) == (401, "Invalid authorization")
    server.switches = Switches(account=Account.LOCKED)
    locked = client.post("migrate", {"access_token": server.issued.legacy_tokens[BJORKDALEN]})
    assert (locked.status_code, locked.json()["message"]) == (400, "Could not create JWT")
