"""BankID, a window of its own, browsers that are refused, and pages that are none, over real HTTP."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from urllib.parse import urljoin

import httpx
import pytest

from assistant.practice import bankid_order
from assistant.practice.moving_code import SIZE, moving_code
from assistant.practice.server import PracticeServer
from tests.practice.browser import Browser, parameters

BJORKDALEN = 1_100_017
EMBEDDED = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 QtWebEngine/6.12.0 Chrome/140.0 Safari/537.36"
ORDINARY = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
STATUS = "/oauth-v1/auth/bankid/status"


@contextlib.contextmanager
def at_sign_in(*names: str, agent: str = EMBEDDED) -> Iterator[tuple[PracticeServer, Browser]]:
    with (
        PracticeServer(scenarios=names).in_thread() as server,
        Browser(server.base_url, **{"User-Agent": agent}) as browser,
    ):
        yield server, browser.authorize(account_type="service")
        assert server.crashes == []


def state(browser: Browser) -> str:
    said = browser.client.get(browser.base_url + STATUS).json()["state"]
    assert isinstance(said, str)
    return said


def script_of(browser: Browser) -> str:
    """The text of the page's one script, which its policy lets run by its nonce."""
    (found,) = re.findall(r'<script nonce="([^"]+)" src="([^"]+)"', browser.html)
    nonce, address = found
    policy = browser.answer.headers["Content-Security-Policy"]
    assert f"script-src 'nonce-{nonce}'" in policy
    assert "unsafe" not in policy
    answer = browser.client.get(urljoin(browser.base_url, address))
    assert answer.headers["Content-Type"].startswith("text/javascript")
    return answer.text


@pytest.mark.parametrize(("name", "opens"), [("bankid-script", True), ("bankid-click", False)])
def test_bankid_on_this_device(name: str, opens: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.practice.sign_in_pages.SIGNING_SECONDS", 2.5)
    with at_sign_in(name) as (server, browser):
        browser.press("person-anna").press("sign-in")
        assert browser.path == "/oauth-v1/auth/bankid"
        addresses = re.findall(r"bankid:///\?autostarttoken=([0-9a-f-]{36})&amp;redirect=null", browser.html)
        assert len(addresses) == (2 if opens else 1)
        assert len(set(addresses)) == 1
        assert "dataset.open" in script_of(browser)
        assert state(browser) == "waiting"
        time.sleep(2.6)
        assert state(browser) == "signed", "by itself"
        form = re.search(r'name="csrf" value="([^"]+)"', browser.html)
        name_of_request = re.search(r'name="request" value="([^"]+)"', browser.html)
        assert form
        assert name_of_request
        answer = browser.client.post(
            browser.base_url + "/oauth-v1/auth/bankid", data={"csrf": form[1], "request": name_of_request[1]}
        )
        assert answer.headers["Location"].startswith("/oauth-v1/auth/company")
        assert "signed_in" in [entry.outcome for entry in server.log]


def test_bankid_on_another_device_draws_a_new_code_each_time() -> None:
    with at_sign_in("bankid-code", "bankid-when-said") as (_server, browser):
        browser.press("sign-in")
        assert 'id="code"' in browser.html
        assert "bankid:///" not in browser.html
        pictures = [browser.client.get(f"{browser.base_url}/oauth-v1/auth/bankid/code.svg?drawn={n}") for n in (1, 2)]
        assert {each.headers["Content-Type"] for each in pictures} == {"image/svg+xml"}
        assert {each.headers["Cache-Control"] for each in pictures} == {"no-store"}
        assert pictures[0].text != pictures[1].text
        assert all("PRACTICE" in each.text for each in pictures)
        browser.press("signed")
        assert browser.path == "/oauth-v1/auth/company"


def test_bankid_goes_on_only_when_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.practice.sign_in_pages.SIGNING_SECONDS", 0.0)
    with at_sign_in("bankid-click", "bankid-when-said") as (_server, browser):
        browser.press("sign-in")
        assert state(browser) == "waiting"
        assert "by itself" not in browser.html


def test_a_form_that_comes_too_early_waits() -> None:
    with at_sign_in("bankid-click") as (server, browser):
        browser.press("sign-in")
        csrf = re.search(r'name="csrf" value="([^"]+)"', browser.html)
        name = re.search(r'name="request" value="([^"]+)"', browser.html)
        assert csrf
        assert name
        browser.client.post(f"{browser.base_url}/oauth-v1/auth/bankid", data={"csrf": csrf[1], "request": name[1]})
        assert server.log[-1].outcome == "bankid_waiting"
        assert bankid_order.SIGNING_SECONDS >= 1


def test_bankid_that_fails_leads_back() -> None:
    with at_sign_in("bankid-click", "bankid-no-user") as (_server, browser):
        browser.press("sign-in").press("signed")
        assert "No Fortnox user has this personal number" in browser.html
        back = re.search(r'href="(/oauth-v1/auth/sign-in\?request=[^"]+)"', browser.html)
        assert back
        assert "BankID" in browser.open(browser.base_url + back[1]).html


def test_the_pattern_has_three_eyes_and_is_not_the_same_twice() -> None:
    one, other = moving_code(), moving_code()
    assert one != other
    for corner in ("M0 0h", f"M{SIZE - 7} 0h", f"M0 {SIZE - 7}h"):
        assert corner in one
        assert corner in other


def test_a_sign_in_in_a_window_of_its_own() -> None:
    with at_sign_in("pop-up") as (server, browser):
        assert "window.open" in script_of(browser)
        address = re.search(r'data-address="([^"]+)"', browser.html)
        assert address
        first = browser.url
        browser.open(browser.base_url + address[1])
        assert "<script" not in browser.html
        browser.press("person-karin").press("sign-in")
        assert "window.close" in script_of(browser)
        onward = re.search(r'data-onward="([^"]+)"', browser.html)
        assert onward
        browser.open(urljoin(first, onward[1]))
        assert browser.path == "/oauth-v1/auth/company"
        assert "Lindqvists" in browser.html
        assert server.log[-1].outcome == "page"


def test_a_wrong_password_stays_in_the_window() -> None:
    with at_sign_in("pop-up") as (_server, browser):
        address = re.search(r'data-address="([^"]+)"', browser.html)
        assert address
        browser.open(browser.base_url + address[1]).press("sign-in", password="no")
        assert browser.path == "/oauth-v1/auth/pop-up"
        assert 'role="alert"' in browser.html


def test_embedded_browsers_are_refused_by_name_and_others_are_not() -> None:
    with at_sign_in("refuses-embedded") as (_server, browser):
        assert browser.path == "/oauth-v1/auth/not-here"
        assert "Open the page in your ordinary browser instead." in browser.html
    with at_sign_in("refuses-embedded", agent=ORDINARY) as (_server, browser):
        assert browser.path == "/oauth-v1/auth/sign-in"


def test_embedded_browsers_are_refused_by_features() -> None:
    with at_sign_in("refuses-embedded-features") as (_server, browser):
        assert "pdfViewerEnabled" in script_of(browser)
        assert 'data-elsewhere="/oauth-v1/auth/not-here"' in browser.html


def test_a_blank_page() -> None:
    with at_sign_in("blank-page") as (server, browser):
        assert re.sub(r"<[^>]*>", "", browser.html) == ""
        assert server.log[-1].outcome == "blank_page"


def test_a_page_that_never_finishes() -> None:
    with PracticeServer(scenarios=["never-finishes"]).in_thread() as server:
        address = f"{server.base_url}/oauth-v1/auth"
        with (
            httpx.Client(follow_redirects=True, timeout=0.5, trust_env=False) as web,
            web.stream("GET", address, params=parameters()) as answer,
        ):
            parts = answer.iter_text()
            assert "The rest of this page" in next(parts)
            with pytest.raises(httpx.ReadTimeout):
                next(parts)
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 5, "a page that is held does not hold the server"


@pytest.mark.parametrize("name", ["../run.py", "sign_in.html", "practice.css", "x.js"])
def test_only_our_scripts_are_served(name: str) -> None:
    with PracticeServer().in_thread() as server:
        answer = httpx.get(f"{server.base_url}/practice/scripts/{name}", trust_env=False)
        assert answer.status_code == 404
