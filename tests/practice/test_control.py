"""The control page, its switches and scenarios."""

from __future__ import annotations

import html
import re

import pytest

from assistant.language import language
from assistant.practice.scenarios import PLACES, SCENARIOS, TROUBLES, combine
from assistant.practice.server import PracticeServer
from assistant.practice.switches import QUESTIONS, Account, ErrorKeys, Pkce, Stage, Switches, with_choices
from tests.practice.browser import Browser, Forms
from tests.practice.conftest import Client

BJORKDALEN = 1_100_017


@pytest.mark.parametrize(
    "path", ["/practice/", "/practice/enter", "/practice/enter?token=guessed", "/practice/enter?x"]
)
def test_without_the_token_it_is_closed(server: PracticeServer, browser: Browser, path: str) -> None:
    browser.open(server.base_url + path)
    assert browser.answer.status_code == 403
    assert "The control page is closed" in browser.html


def test_the_token_leaves_the_address(server: PracticeServer, browser: Browser) -> None:
    browser.open(server.control_url)
    assert browser.url == server.base_url + "/practice/"
    assert server.run.control_token not in browser.html


def test_every_question_and_answer_is_shown(server: PracticeServer, browser: Browser) -> None:
    browser.open(server.control_url)
    text = html.unescape(browser.html)
    for question in QUESTIONS:
        assert question.text in text
        assert question.mark.value in text
        for option in question.options:
            assert option.value in text


def test_switches_are_set_from_the_page(server: PracticeServer, browser: Browser) -> None:
    browser.open(server.control_url)
    browser.press("set-switches", pkce="REQUIRE", error_keys="CAPITAL")
    assert server.switches == Switches(pkce=Pkce.REQUIRE, error_keys=ErrorKeys.CAPITAL)
    browser.press("set-switches", pkce="NEVER_HEARD_OF")
    assert server.switches.pkce is Pkce.REQUIRE
    browser.press("set-switches", pkce="IGNORE", csrf="guessed")
    assert server.switches.pkce is Pkce.REQUIRE


def test_a_form_from_elsewhere_does_nothing(server: PracticeServer, browser: Browser) -> None:
    answer = browser.client.post(f"{server.base_url}/practice/switches", data={"pkce": "REQUIRE"})
    assert answer.status_code == 403
    assert server.switches == Switches()


def _post(browser: Browser, path: str, **fields: str) -> None:
    csrf = Forms(browser.html).forms[0].fields["csrf"]
    answer = browser.client.post(f"{browser.base_url}/practice/{path}", data={"csrf": csrf, **fields})
    assert answer.status_code == 303


def test_scenario_clock_and_removal(server: PracticeServer, browser: Browser, client: Client) -> None:
    tokens = client.redeem(browser.approve_as("anna", BJORKDALEN, account_type="service")["code"]).json()
    browser.open(server.control_url)
    assert "Björkdalens Trävaror AB" in browser.html
    _post(browser, "scenario", **{"scenario-locked-account": "on"})
    assert server.switches.account is Account.LOCKED
    _post(browser, "scenario", **{"scenario-unheard-of": "on"})
    assert server.switches.account is Account.LOCKED
    assert "There is no situation named unheard-of." in browser.open(server.base_url + "/practice/").html
    _post(browser, "withdraw", tenant_id=str(BJORKDALEN))
    assert client.for_service(BJORKDALEN).json()["error"] == "invalid_grant"
    assert client.get("/3/me", tokens["access_token"]).status_code == 401
    assert client.renew(tokens["refresh_token"]).status_code == 400
    _post(browser, "clock", seconds="3600")
    assert server.clock.advanced == 3600.0
    _post(browser, "clock", seconds="-5")
    assert server.clock.advanced == 3600.0


def test_defaults_are_the_first_answers() -> None:
    for question in QUESTIONS:
        assert getattr(Switches(), question.name) is question.options[0]


def test_choices_name_what_exists() -> None:
    assert with_choices(Switches(), {"account": "LOCKED"}).account is Account.LOCKED
    for wrong in ({"account": "x"}, {"x": "LOCKED"}, {"latency": "1"}):
        with pytest.raises(ValueError, match="no such switch"):
            with_choices(Switches(), wrong)


def test_several_situations_are_set_at_once_and_stay_ticked(server: PracticeServer, browser: Browser) -> None:
    browser.open(server.control_url)
    chosen = {"scenario-licence-missing": "on", "scenario-state-omitted": "on", "more": "company-slow"}
    browser.press("set-scenarios", **chosen)
    assert server.switches == combine("licence-missing", "state-omitted", "company-slow")
    assert re.findall(r'name="scenario-([a-z-]+)" checked', browser.html) == ["licence-missing", "state-omitted"]
    assert 'value="company-slow"' in browser.html
    browser.press("set-scenarios", **{"scenario-empty-callback": "on"})
    assert "licence-missing and empty-callback each end the connection" in browser.html
    assert server.switches == combine("licence-missing", "state-omitted", "company-slow"), "nothing was changed"
    _post(browser, "scenario", more="")
    assert server.switches == Switches(), "none at all is the ordinary one"


def test_situations_of_the_start_are_ticked() -> None:
    with (
        PracticeServer(scenarios=["declined", "person-slow"]).in_thread() as server,
        Browser(server.base_url) as browser,
    ):
        browser.open(server.control_url)
        assert re.findall(r'name="scenario-([a-z-]+)" checked', browser.html) == ["declined"]
        assert 'value="person-slow"' in browser.html
        server.switches = Switches()
        assert not re.search(r'name="scenario-[a-z-]+" checked', browser.open(server.base_url + "/practice/").html)


def test_the_page_says_how_sure_each_situation_is(server: PracticeServer, browser: Browser) -> None:
    text = html.unescape(browser.open(server.control_url).html)
    tongue = language("en")
    for scenario in SCENARIOS.values():
        if scenario.stage is not Stage.NETWORK and scenario.changes:
            assert scenario.heading(tongue) in text
            assert scenario.about(tongue) in text
            assert scenario.source in text
    for name in (*PLACES, *TROUBLES):
        assert name in text


@pytest.mark.parametrize("code", ["sv", "en"])
def test_the_page_runs_no_script_in_either_language(server: PracticeServer, browser: Browser, code: str) -> None:
    browser.open(server.control_url)
    browser.open(f"{server.base_url}/practice/?lang={code}")
    assert browser.answer.headers["Content-Language"] == code
    assert "script-src" not in browser.answer.headers["Content-Security-Policy"]
    assert "<script" not in browser.html
