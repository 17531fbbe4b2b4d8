"""The authorization endpoint, walked through as a browser would."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from assistant.practice.server import PracticeServer
from assistant.practice.switches import (
    Account,
    AlreadySignedIn,
    Callback,
    ErrorState,
    Pkce,
    PortalServiceAccounts,
    Switches,
)
from tests.practice.browser import REDIRECT_URI, Browser, Forms

BJORKDALEN, COPY, CAFE, LINDQVIST = 1_100_017, 1_100_025, 1_100_033, 1_100_041


def test_the_normal_way_brings_back_a_code_and_the_state(server: PracticeServer, browser: Browser) -> None:
    browser.authorize(account_type="service", state="a+b c&d")
    assert browser.path == "/oauth-v1/auth/sign-in"
    browser.press("person-anna").press("sign-in")
    assert browser.path == "/oauth-v1/auth/company"
    assert "559999-0016" in browser.html
    browser.press(f"company-{BJORKDALEN}")
    assert browser.path == "/oauth-v1/auth/consent"
    for permission in ("Company information", "Articles", "Orders", "Invoices", "Profile"):
        assert permission in browser.html
    browser.press("approve")
    assert browser.returned == {"code": server.issued.codes[0], "state": "a+b c&d"}
    assert [entry.outcome for entry in server.log if entry.method == "POST"] == [
        "signed_in",
        "company_chosen",
        "code_issued",
    ]


def test_declining_is_access_denied(server: PracticeServer, browser: Browser) -> None:
    browser.authorize().press("sign-in").press(f"company-{COPY}").press("decline")
    assert browser.returned["error"] == "access_denied"
    assert browser.returned["state"] == "state-1"
    assert server.issued.codes == []


@pytest.mark.parametrize("head", [{"client_id": "somebody-else"}, {"client_id": None}])
def test_an_unknown_client_gets_a_page_and_no_redirect(browser: Browser, head: dict[str, str | None]) -> None:
    browser.authorize(**head)
    assert browser.answer.status_code == 400
    assert "Auth code or ClientID supplied is invalid" in browser.html


@pytest.mark.parametrize(
    "uri", ["https://evil.example/activation", REDIRECT_URI + "/", REDIRECT_URI.upper(), REDIRECT_URI + "?a=1"]
)
def test_another_redirect_uri_gets_a_page_and_no_redirect(browser: Browser, uri: str) -> None:
    browser.authorize(redirect_uri=uri)
    assert browser.answer.status_code == 400
    assert browser.path == "/oauth-v1/auth"


def test_the_registered_redirect_uri_is_used_when_none_is_sent(browser: Browser) -> None:
    assert "code" in browser.approve_as("anna", BJORKDALEN, redirect_uri=None)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scope": "companyinformation salary"}, "invalid_scope"),
        ({"scope": "CompanyInformation"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"account_type": "user"}, "invalid_request"),
        ({"state": None}, "invalid_request"),
    ],
)
def test_a_mistake_goes_back_before_anybody_signs_in(
    server: PracticeServer, browser: Browser, changes: dict[str, str | None], error: str
) -> None:
    assert browser.authorize(**changes).returned["error"] == error
    assert [entry.path for entry in server.log] == ["/oauth-v1/auth"]


@pytest.mark.parametrize("query", ["client_id=a&client_id=b", "client_id=%ff", "client_id"])
def test_a_query_that_cannot_be_read_gets_a_page(browser: Browser, query: str) -> None:
    browser.open(f"{browser.base_url}/oauth-v1/auth?{query}")
    assert browser.answer.status_code == 400
    assert "cannot be read" in browser.html


def test_head_is_not_implemented_and_post_is_forbidden(server: PracticeServer) -> None:
    assert httpx.head(server.endpoints["authorize"], trust_env=False).status_code == 501
    assert httpx.post(server.endpoints["authorize"], trust_env=False).status_code == 403


def test_an_ordinary_user_cannot_approve_a_service_account(browser: Browser) -> None:
    back = browser.approve_as("olle", BJORKDALEN, account_type="service")
    assert back["error"] == "error_missing_system_admin_right"
    assert "code" in browser.approve_as("olle", BJORKDALEN)


def test_a_consultant_is_administrator_of_some_clients_only(browser: Browser) -> None:
    back = browser.approve_as("karin", CAFE, account_type="service", scope="companyinformation")
    assert back["error"] == "error_missing_system_admin_right"
    assert "code" in browser.approve_as("karin", LINDQVIST, account_type="service")


def test_a_company_without_the_licence_cannot_be_connected(browser: Browser) -> None:
    assert browser.approve_as("anna", CAFE)["error"] == "error_missing_license"
    assert "code" in browser.approve_as("anna", CAFE, scope="companyinformation profile")


def test_the_portal_may_lack_service_accounts(server: PracticeServer, browser: Browser) -> None:
    server.switches = Switches(portal_service_accounts=PortalServiceAccounts.OFF)
    back = browser.authorize(account_type="service").returned
    assert back["error_description"] == "Client does not allow service account"
    assert "code" in browser.approve_as("anna", BJORKDALEN)


def test_errors_may_come_without_state(server: PracticeServer, browser: Browser) -> None:
    server.switches = Switches(error_state=ErrorState.OMIT)
    assert "state" not in browser.authorize(scope="salary").returned


def test_a_company_somebody_else_has_cannot_be_chosen(server: PracticeServer, browser: Browser) -> None:
    browser.authorize().press("sign-in").press(f"company-{COPY}", tenant_id=str(LINDQVIST))
    assert browser.path == "/oauth-v1/auth/company"
    assert server.log[-2].outcome == "unknown_company"


def test_a_wrong_password_is_refused_and_kept_nowhere(server: PracticeServer, browser: Browser) -> None:
    browser.authorize().press("sign-in", password="my real password")
    assert browser.path == "/oauth-v1/auth/sign-in"
    assert 'role="alert"' in browser.html
    assert "my real password" not in browser.html + repr(server.log) + browser.url


def test_a_form_from_elsewhere_changes_nothing(server: PracticeServer, browser: Browser) -> None:
    browser.authorize().press("sign-in").press(f"company-{BJORKDALEN}").press("approve", csrf="guessed")
    assert browser.answer.status_code == 403
    assert server.issued.codes == []


def test_without_the_cookie_there_is_no_sign_in(browser: Browser) -> None:
    browser.authorize()
    browser.client.cookies.clear()
    browser.press("sign-in")
    assert browser.answer.status_code == 400
    assert "not known" in browser.html


def test_the_cookie_is_for_the_server_alone_and_changes_at_sign_in(browser: Browser) -> None:
    response = browser.client.get(f"{browser.base_url}/oauth-v1/auth?client_id=x")
    assert "set-cookie" not in response.headers
    browser.authorize()
    before = dict(browser.client.cookies)
    browser.press("sign-in")
    assert dict(browser.client.cookies) != before
    assert list(dict(browser.client.cookies)) == list(before)


def test_cookie_attributes(browser: Browser) -> None:
    browser.client.event_hooks["response"].append(lambda response: seen.append(response.headers.get("set-cookie", "")))
    seen: list[str] = []
    browser.authorize()
    cookie = next(filter(None, seen)).lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_pressing_approve_twice_leads_to_the_same_place(server: PracticeServer, browser: Browser) -> None:
    browser.authorize().press("sign-in").press(f"company-{BJORKDALEN}")
    consent = (browser.answer, browser.url)
    first = browser.press("approve").returned
    browser.answer, browser.url = consent
    assert browser.press("approve").returned == first
    assert len(server.issued.codes) == 1


def test_a_browser_that_is_signed_in_is_asked_by_name(browser: Browser) -> None:
    browser.approve_as("karin", LINDQVIST)
    assert "You are signed in as Karin Åkerlund." in browser.authorize().html
    assert browser.press("continue").path == "/oauth-v1/auth/company"


def test_a_browser_that_is_signed_in_may_skip_pages(server: PracticeServer, browser: Browser) -> None:
    browser.approve_as("anna", COPY)
    server.switches = Switches(already_signed_in=AlreadySignedIn.SKIP_SIGN_IN)
    assert browser.authorize().path == "/oauth-v1/auth/company"
    server.switches = Switches(already_signed_in=AlreadySignedIn.SKIP_COMPANY)
    assert browser.authorize().path == "/oauth-v1/auth/consent"
    assert "testkopia" in browser.html
    with Browser(server.base_url) as fresh:
        assert fresh.authorize().path == "/oauth-v1/auth/sign-in"


def test_a_locked_account_ends_on_a_page(server: PracticeServer, browser: Browser) -> None:
    server.switches = Switches(account=Account.LOCKED)
    browser.authorize().press("sign-in").press(f"company-{BJORKDALEN}")
    assert "The account is locked" in browser.html
    assert browser.url.startswith(server.base_url)


@pytest.mark.parametrize("way", [Callback.NONE, Callback.EMPTY])
def test_what_comes_back_may_be_nothing(server: PracticeServer, browser: Browser, way: Callback) -> None:
    server.switches = Switches(callback=way)
    browser.authorize().press("sign-in").press(f"company-{BJORKDALEN}").press("approve")
    assert browser.url == REDIRECT_URI if way is Callback.EMPTY else browser.url.startswith(server.base_url)


def test_pkce_can_be_required_or_refused(server: PracticeServer, browser: Browser) -> None:
    challenge = {"code_challenge": "x" * 43, "code_challenge_method": "S256"}
    assert browser.authorize(**challenge).path == "/oauth-v1/auth/sign-in"
    server.switches = Switches(pkce=Pkce.REQUIRE)
    assert browser.authorize().returned["error"] == "invalid_request"
    assert browser.authorize(**{**challenge, "code_challenge_method": "plain"}).returned["error"] == "invalid_request"
    assert browser.authorize(**challenge).path == "/oauth-v1/auth/sign-in"
    server.switches = replace(server.switches, pkce=Pkce.REJECT)
    assert browser.authorize(**challenge).returned["error"] == "invalid_request"


def test_pages_are_closed_to_everything_from_outside(browser: Browser) -> None:
    browser.authorize()
    policy = browser.answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "form-action 'self' https://lagerkoll.example" in policy
    assert browser.answer.headers["referrer-policy"] == "no-referrer"
    assert browser.answer.headers["cache-control"] == "no-store"
    assert "http://" not in browser.html.replace(browser.base_url, "")
    assert "<script" not in browser.html


def test_pages_speak_the_reader_s_language(server: PracticeServer) -> None:
    with Browser(server.base_url, **{"Accept-Language": "nb-NO,en;q=0.5"}) as browser:
        browser.authorize()
        assert '<html lang="sv">' in browser.html
        assert "Practice" in browser.html or "Övningsläge" in browser.html
        browser.open(f"{browser.url}&lang=en")
        assert '<html lang="en">' in browser.html
        browser.press("sign-in")
        assert '<html lang="en">' in browser.html


def test_every_field_has_a_label(browser: Browser) -> None:
    browser.authorize()
    assert 'for="username"' in browser.html
    assert 'for="password"' in browser.html
    assert Forms(browser.html).with_button("sign-in").fields["username"] == "anna@bjorkdalens.example"


def test_names_are_escaped(server: PracticeServer, browser: Browser) -> None:
    browser.authorize().press("sign-in", username="<b>x</b>", person="<b>x</b>")
    assert "<b>" not in browser.html
