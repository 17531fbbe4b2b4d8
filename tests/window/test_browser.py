"""The sign-in browser in the real engine, against a real server. Each scenario runs in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.window.sign_in_pages import CODE

ROOT = Path(__file__).resolve().parents[2]
REDIRECTED = f"https://lagerkoll.example/activation?code={CODE}&state=s"


@dataclass(frozen=True)
class Told:
    """What a scenario said."""

    events: list[list[Any]]
    opened: list[str]
    requests: list[tuple[str, str, dict[str, str]]]
    qt: list[str]
    home: Path

    def of(self, name: str) -> list[list[Any]]:
        return [event[1:] for event in self.events if event[0] == name]

    def codes(self, name: str) -> list[str]:
        return [news[0] for news in self.of(name)]

    @property
    def paths(self) -> list[str]:
        return [path.partition("?")[0] for _, path, _ in self.requests]


Scenario = Callable[..., Told]


def run_scenario(
    folder: Path, module: str, name: str, argument: str = "", *, environment: dict[str, str] | None = None
) -> Told:
    """Runs a scenario of `module` with an empty home in `folder` and asserts that it ended cleanly."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("QT", "XDG", "LANG", "LC_"))},
        "HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        **(environment or {}),
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--no-sandbox"
    ended = subprocess.run(
        [sys.executable, "-m", module, name, argument],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "Release of profile requested" not in ended.stderr
    assert "Traceback" not in ended.stderr
    told = Told(**json.loads(ended.stdout.splitlines()[-1]), home=home)
    assert [text for text in told.qt if "profile" in text.lower() and "Compatibility Profile" not in text] == []
    assert not told.of("TIMED OUT"), told.events
    assert told.of("gone at last") == [[True]]
    return told


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    """Runs a scenario of browser_process.py."""
    return partial(run_scenario, tmp_path, "tests.window.browser_process")


# ---- the redirect


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("by_get", "301"), ("by_get", "302"), ("by_get", "303"), ("by_get", "307"),
        ("by_post", "302"), ("by_post", "303"), ("by_post", "307"),
        ("by_script", ""), ("by_click", ""), ("in_new_window", ""), ("pop_up_sign_in", ""), ("shut_on_redirect", ""),
    ],
)  # fmt: skip
def test_redirect_is_caught_once(scenario: Scenario, name: str, argument: str) -> None:
    told = scenario(name, argument)
    assert told.of("redirected") == [[REDIRECTED]]
    assert not told.of("stopped")
    assert not told.of("refused")


def test_request_with_the_code_never_leaves(scenario: Scenario) -> None:
    told = scenario("to_own_server")
    assert len(told.of("redirected")) == 1
    assert "/redirect" in told.paths
    assert "/callback" not in told.paths


@pytest.mark.parametrize("name", ["in_frame", "frame_redirected"])
def test_redirect_in_a_frame_is_nobodys(scenario: Scenario, name: str) -> None:
    told = scenario(name)
    assert not told.of("redirected")
    assert "/frame" in told.paths
    assert "/callback" not in told.paths


def test_right_path_on_another_host_is_an_ordinary_page(scenario: Scenario) -> None:
    told = scenario("other_host")
    assert not told.of("redirected")
    assert "/callback" in told.paths


@pytest.mark.parametrize(
    ("registered", "sent"),
    [
        ("http://localhost:4242", "http://localhost:4242?code=c"),
        ("http://localhost:4242/", "http://localhost:4242?code=c"),
        ("https://lagerkoll.example:443/a", "https://lagerkoll.example/a?code=c"),
        ("https://lagerkoll.example/a", "https://lagerkoll.example:443/a?code=c"),
        ("https://LagerKoll.Example/A", "HTTPS://LAGERKOLL.example/A?code=c"),
        ("https://lagerköll.example/a", "https://xn--lagerkll-s4a.example/a?code=c"),
        ("https://lagerkoll.example/%7Euser", "https://lagerkoll.example/~user?code=c"),
        ("https://lagerkoll.example/~user", "https://lagerkoll.example/%7Euser?code=c"),
        ("https://lagerkoll.example/b", "https://lagerkoll.example/a/../b?code=c"),
        ("https://lagerkoll.example/a?x=1", "https://lagerkoll.example/a?x=1&code=c"),
    ],
)
def test_rewritten_redirects_are_recognised(scenario: Scenario, registered: str, sent: str) -> None:
    told = scenario("rewritten", f"{registered} {sent}")
    assert len(told.of("redirected")) == 1
    assert told.of("redirected")[0][0].endswith("code=c")


# ---- each attempt is fresh


def test_second_attempt_starts_empty_and_nothing_is_on_disk(scenario: Scenario) -> None:
    told = scenario("fresh_each_time")
    assert [path for _, path, _ in told.requests if path.startswith("/seen")] == ["/seen?cookie=&store=0"]
    assert not any("session=old" in headers.get("Cookie", "") for _, _, headers in told.requests)
    kept = [path for path in told.home.rglob("*") if path.is_file() and "mesa_shader_cache" not in str(path)]
    assert kept == []


def test_user_agent_is_honest_and_short_and_language_is_ours(scenario: Scenario) -> None:
    _, _, headers = scenario("reload_and_zoom").requests[0]
    assert "QtWebEngine/" in headers["User-Agent"]
    assert len(headers["User-Agent"]) < 256
    assert headers["Accept-Language"] == "en,sv"


@pytest.mark.parametrize("name", ["reopened", "page_killed", "quits_while_open"])
def test_ends_cleanly(scenario: Scenario, name: str) -> None:
    told = scenario(name)
    assert told.codes("stopped") == []
    assert told.of("page_shown")


# ---- windows, BankID and other programs


def test_new_window_comes_over_the_page_and_can_be_closed(scenario: Scenario) -> None:
    told = scenario("new_window")
    assert "/plain" in told.paths
    assert told.codes("inner") == [True, False]


@pytest.mark.provokes("WEB-20")
def test_windows_without_end_are_refused(scenario: Scenario) -> None:
    told = scenario("many_windows")
    assert told.codes("refused") == ["WEB-20"]
    assert len([path for path in told.paths if path == "/plain"]) <= 3


@pytest.mark.parametrize("name", ["script_to", "click_to", "frame_to"])
def test_bankid_is_handed_over_as_it_is(scenario: Scenario, name: str) -> None:
    told = scenario(name, "bankid:///?autostarttoken=x&redirect=null")
    assert told.opened == ["bankid:///?autostarttoken=x&redirect=null"]
    assert told.of("handed_over") == [["bankid"]]
    assert not told.of("stopped")


def test_bankid_in_a_window_of_its_own_leaves_no_window(scenario: Scenario) -> None:
    told = scenario("does", "window.open('bankid:///?autostarttoken=x')")
    assert told.opened == ["bankid:///?autostarttoken=x"]
    assert told.of("host_changed")[-1] == ["127.0.0.1", False, False]


@pytest.mark.provokes("WEB-07")
def test_bankid_that_nobody_takes_is_said(scenario: Scenario) -> None:
    told = scenario("no_bankid")
    assert told.codes("refused") == ["WEB-07"]
    assert not told.of("handed_over")


@pytest.mark.provokes("WEB-13")
def test_other_programs_are_not_started(scenario: Scenario) -> None:
    told = scenario("click_to", "mailto:a@example.com")
    assert told.opened == []
    assert told.of("refused")[0][:2] == ["WEB-13", {"scheme": "mailto"}]


# ---- where a page may go


@pytest.mark.parametrize("address", ["http://no-such.example/", "http://192.0.2.1/", "ftp://no-such.example/"])
@pytest.mark.provokes("WEB-05")
def test_unencrypted_pages_are_refused(scenario: Scenario, address: str) -> None:
    told = scenario("script_to", address)
    assert told.codes("refused") == ["WEB-05"]
    assert not told.of("stopped")


@pytest.mark.parametrize("address", ["data:text/html,x", "view-source:https://a.example/"])
def test_pages_without_an_origin_are_refused(scenario: Scenario, address: str) -> None:
    assert scenario("refused", address).codes("refused") == ["WEB-05"]


@pytest.mark.parametrize("way", ["refused", "click_to", "script_to"])
@pytest.mark.provokes("WEB-26")
def test_files_of_this_computer_are_refused_with_a_word(scenario: Scenario, way: str) -> None:
    told = scenario(way, "file:///etc/passwd")
    assert told.codes("refused") == ["WEB-26"]
    assert not told.of("stopped")
    assert "passwd" not in str(told.of("refused"))


@pytest.mark.provokes("WEB-18")
def test_strict_hosts(scenario: Scenario) -> None:
    told = scenario("strict", "fortnox.se")
    assert told.of("refused")[0][0] == "WEB-18"
    assert "/elsewhere" not in told.paths
    assert "/elsewhere" in scenario("strict", "fortnox.se localhost").paths


# ---- what a page may not do


@pytest.mark.parametrize(
    ("js", "code", "asked"),
    [
        ("alert('x');location.href='/after'", "WEB-09", "alert"),
        ("if(!confirm('x'))location.href='/after'", "WEB-09", "confirm"),
        ("if(prompt('x','y')===null)location.href='/after'", "WEB-09", "prompt"),
        ("navigator.geolocation.getCurrentPosition(()=>0,()=>location.href='/after')", "WEB-09", "Geolocation"),
        (
            "Notification.requestPermission().then(()=>location.href='/after')",
            "WEB-09", "Notifications",
        ),
        ("location.href='/download';setTimeout(()=>location.href='/after',300)", "WEB-08", "download"),
    ],
)  # fmt: skip
@pytest.mark.provokes(argument="code")
def test_wishes_are_refused_visibly_and_the_page_goes_on(scenario: Scenario, js: str, code: str, asked: str) -> None:
    told = scenario("does", js)
    assert [(news[0], news[2].get("asked")) for news in told.of("refused")] == [(code, asked)]
    assert "/after" in told.paths
    assert not told.of("stopped")


def test_passkeys_are_not_offered_so_that_pages_do_not_wait_for_them(scenario: Scenario) -> None:
    assert "/undefined" in scenario("does", "location.href='/'+typeof PublicKeyCredential").paths


def test_page_that_asks_before_leaving_does_not_keep_the_person(scenario: Scenario) -> None:
    js = "onbeforeunload=e=>{e.preventDefault();return 'x'};setTimeout(()=>location.href='/after',200)"
    assert "/after" in scenario("does", js).paths


def test_window_close_closes_nothing(scenario: Scenario) -> None:
    told = scenario("does", "window.close();setTimeout(()=>location.href='/after',100)")
    assert "/after" in told.paths


# ---- pages that do not come


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://no-such-host.invalid/", "WEB-11"),
        ("http://127.0.0.1:9/", "WEB-01"),  # a port the engine refuses by itself
        ("http://127.0.0.1:2/", "WEB-12"),
        ("/cut", "WEB-12"),
        ("/fault", "WEB-15"),
        ("/login-box", "WEB-19"),
    ],
)
@pytest.mark.provokes(argument="code")
def test_pages_that_do_not_come_are_problems(scenario: Scenario, address: str, code: str) -> None:
    assert scenario("stopped", address).codes("stopped") == [code]


def test_login_box_sends_no_empty_password(scenario: Scenario) -> None:
    told = scenario("stopped", "/login-box")
    assert len(told.requests) <= 2
    assert not any("Authorization" in headers for _, _, headers in told.requests)


def test_a_page_that_says_no_by_itself_stays(scenario: Scenario) -> None:
    told = scenario("does", "setTimeout(()=>location.href='/unauthorised',300)")
    assert "/unauthorised" in told.paths
    assert not told.of("stopped")
    assert not told.of("refused"), "what the person did has led to it, so the page says what to do"


@pytest.mark.provokes("WEB-25")
def test_a_refusal_of_the_sign_in_itself_stays_to_be_read_and_is_said(scenario: Scenario) -> None:
    told = scenario("turned_away", "/unauthorised")
    assert told.codes("refused") == ["WEB-25"], "once, reloaded or not"
    assert told.of("refused")[0][2] == {"http_status": "401"}
    assert told.of("page_shown")
    assert not told.of("stopped")
    assert not told.of("went_on")


def test_a_refusal_that_leads_on_is_said_no_longer(scenario: Scenario) -> None:
    told = scenario("turned_away_and_on", "/leads-on")
    assert told.codes("refused") == ["WEB-25"]
    assert len(told.of("went_on")) == 1
    assert "/after" in told.paths


@pytest.mark.provokes("WEB-03")
def test_empty_page_is_noticed(scenario: Scenario) -> None:
    told = scenario("empty_page")
    assert told.codes("stopped") == ["WEB-03"]
    assert not told.of("page_shown")


@pytest.mark.parametrize(
    "address", ["bankid:///?autostarttoken=x", "mailto:a@example.com", "http://no.example/", "/download", "/nothing"]
)
def test_a_page_that_stands_is_not_stopped_for_one_that_was_not_to_come(scenario: Scenario, address: str) -> None:
    """The person signs in with BankID or types a code meanwhile, and takes longer than a page may."""
    told = scenario("leads_nowhere", address)
    assert told.codes("stopped") == []


@pytest.mark.provokes("WEB-03")
def test_a_page_without_anything_on_it_is_noticed_though_it_leads_elsewhere(scenario: Scenario) -> None:
    told = scenario("leads_nowhere_at_once", "bankid:///?autostarttoken=x")
    assert told.of("meanwhile") == [[False]]
    assert told.codes("stopped") == ["WEB-03"]


@pytest.mark.provokes("WEB-12")
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("silent_first_page", "/slow"),
        ("silent_first_page", "/download"),
        ("silent_first_page", "/nothing"),
        ("silent_second_page", ""),
    ],
)
def test_a_page_that_was_to_come_and_does_not_is_a_problem(scenario: Scenario, name: str, path: str) -> None:
    assert scenario(name, path).codes("stopped") == ["WEB-12"]


def test_a_page_that_is_white_until_its_script_has_come_is_waited_for(scenario: Scenario) -> None:
    told = scenario("white_shell", "3 9000 1000")
    assert told.codes("stopped") == []
    assert told.of("page_shown")


@pytest.mark.provokes("WEB-12")
def test_a_page_that_never_comes_whole_and_shows_nothing_is_slow_and_not_blank(scenario: Scenario) -> None:
    """WEB-03 would draw it again without the graphics card, which is not what is wrong."""
    told = scenario("white_shell", "6 1500 1000")
    assert told.codes("stopped") == ["WEB-12"]
    assert not told.of("page_shown")


@pytest.mark.provokes("WEB-06")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_untrusted_certificate_is_refused_and_its_issuer_named(scenario: Scenario, host: str) -> None:
    told = scenario("untrusted_certificate", host)
    code, facts, _ = told.of("stopped")[0]
    assert (code, facts["issuer"]) == ("WEB-06", "Brandvägg AB")
    assert host in facts["host"]
    assert told.of("refused origin") == [[True]], "as a request spells it, so that it can be looked at again"
    assert told.of("secure server saw") == [[[]]]


# ---- keyboard


def test_zoom_and_reload_by_keyboard(scenario: Scenario) -> None:
    told = scenario("reload_and_zoom")
    assert [round(news[0], 2) for news in told.of("zoom")] == [1.1, 1.0]
    assert told.paths.count("/plain") == 2


def test_focus_goes_in_and_out_of_the_page(scenario: Scenario) -> None:
    told = scenario("keyboard")
    where = told.codes("focus")
    assert where[:4] == ["page", "strip", "page", "page"]
    assert told.of("focus_left") == [[True]]
    assert where[4] == "footer"
