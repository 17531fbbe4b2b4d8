"""The sign-in browser in a company's network, and what a page may not do: each scenario in a process of its own."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest

from assistant.problems import CATALOGUE, Way
from tests.display import display
from tests.window.test_browser import Scenario, Told, run_scenario

RIGHT = "Basic YW5uYTpyaWdodA=="  # anna:right
EMPTY = ("", "Basic Og==")  # the engine may send an empty answer to a question whose page was stopped


@pytest.fixture
def outside(tmp_path: Path) -> Scenario:
    return partial(run_scenario, tmp_path, "tests.window.browser_outside")


def credentials(told: Told) -> list[str]:
    return [given for _, given in told.of("asked")[0][0]]


# ---- certificates


@pytest.mark.provokes("WEB-06")
def test_an_intercepting_certificate_is_refused_and_its_issuer_named(outside: Scenario) -> None:
    told = outside("intercepted", "")
    code, facts, details = told.of("stopped")[0]
    assert (code, facts["host"], facts["issuer"]) == ("WEB-06", "sign-in.test", "Brandvägg AB Root")
    assert details["net_error"] == "-202"
    assert told.of("site saw") == [[[]]]


def test_an_intercepting_certificate_that_the_company_installed_is_accepted(outside: Scenario) -> None:
    told = outside("intercepted", "yes")
    assert not told.of("stopped")
    assert told.of("site saw") == [[["/plain"]]]


# ---- proxies


def test_pages_come_through_the_environments_proxy(outside: Scenario) -> None:
    told = outside("through_proxy")
    assert told.of("host_changed") == [["sign-in.test", False, True]]
    assert told.of("asked") == [[[["sign-in.test", ""]]]]


def test_a_proxys_password_is_asked_once_and_kept(outside: Scenario) -> None:
    told = outside("proxy_password", "right")
    assert told.of("panel") == [[True, "", "The company's proxy wants a password"]]
    assert told.of("panel again") == [[False, True]]
    assert told.of("site saw") == [[["/plain", "/again"]]]
    assert [given for given in credentials(told) if given not in EMPTY] == [RIGHT, RIGHT]


def test_a_wrong_password_is_asked_for_once_more(outside: Scenario) -> None:
    told = outside("proxy_password", "wrong right")
    assert [error for _, error, _ in told.of("panel")] == [
        "",
        "The proxy did not accept it. Check both and try once more.",
    ]
    assert not told.of("stopped")
    assert told.of("site saw") == [[["/plain", "/again"]]]


@pytest.mark.provokes("WEB-10")
def test_a_password_that_is_wrong_twice_is_a_problem(outside: Scenario) -> None:
    told = outside("proxy_password", "wrong bad")
    (proxy,) = told.of("proxy")[0]
    assert told.of("stopped") == [["WEB-10", {"proxy": proxy, "host": "sign-in.test"}, {}]]
    assert told.of("site saw") == [[[]]]


def test_whoever_has_no_password_for_the_proxy_can_say_so(outside: Scenario) -> None:
    told = outside("proxy_given_up")
    assert told.codes("stopped") == ["WEB-10"]
    assert set(credentials(told)) <= set(EMPTY)


@pytest.mark.provokes("WEB-21")
@pytest.mark.parametrize("offer", ["NTLM;Negotiate", 'Digest realm="x", nonce="y"', "Bearer"])
def test_a_proxy_that_wants_another_way_of_signing_in_is_a_problem(outside: Scenario, offer: str) -> None:
    told = outside("proxy_wants", offer)
    assert told.codes("stopped") == ["WEB-21"]
    assert set(credentials(told)) <= set(EMPTY)


@pytest.mark.provokes("WEB-14")
@pytest.mark.parametrize("status", ["403 Forbidden", "502 Bad Gateway"])
def test_a_proxy_that_says_no_is_a_problem(outside: Scenario, status: str) -> None:
    assert outside("proxy_refuses", status).codes("stopped") == ["WEB-14"]


@pytest.mark.provokes("WEB-22")
def test_a_proxy_that_is_not_there_is_a_problem(outside: Scenario) -> None:
    assert outside("proxy_gone").codes("stopped") == ["WEB-22"]


# ---- the engine's own failures


@pytest.mark.provokes("WEB-24")
def test_a_page_whose_process_ended_is_opened_again(outside: Scenario) -> None:
    told = outside("renderer_killed", "1")
    assert told.paths.count("/plain") == 2
    assert told.codes("refused") == ["WEB-24"]
    assert not told.of("stopped")


@pytest.mark.provokes("WEB-02")
def test_a_page_whose_process_ended_twice_is_a_problem(outside: Scenario) -> None:
    told = outside("renderer_killed", "2")
    assert told.paths.count("/plain") == 2
    assert told.codes("stopped") == ["WEB-02"]


@pytest.mark.provokes("WEB-04")
def test_a_missing_engine_process_does_not_end_the_program(outside: Scenario) -> None:
    assert outside("engine_process_missing").of("stopped") == [["WEB-04", {}, {"Missing": "QtWebEngineProcess"}]]


# ---- the wait for the first page


def test_a_slow_first_page_is_told_over_its_place_and_nothing_moves(outside: Scenario) -> None:
    told = outside("slow_page")
    waits = told.of("wait")
    assert [(moment, len(said)) for moment, _, said, _, _ in waits] == [
        ("at once", 0), ("1", 1), ("2", 2), ("3", 4), ("there", 0),
    ]  # fmt: skip
    assert waits[1][2] == ["Opening the sign-in page"]
    assert waits[3][2][-1] == "Start the sign-in over"
    assert [visible for _, visible, *_ in waits] == [True, True, True, True, False]
    assert len({str(where) for _, _, _, where, _ in waits}) == 1, "strip and page stand where they stood"
    assert not any(inside for *_, inside in waits), "the keyboard stays where it was"
    assert told.of("start_over_requested") == [[]]


def test_of_a_page_that_comes_at_once_no_wait_is_shown(outside: Scenario) -> None:
    assert outside("quick_page").of("wait") == [[False, 0], [False, 0]]


# ---- what a page may not do


PERMISSIONS = [
    ("navigator.mediaDevices.getUserMedia({video:true})", "MediaVideoCapture"),
    ("navigator.mediaDevices.getUserMedia({audio:true})", "MediaAudioCapture"),
    ("navigator.mediaDevices.getUserMedia({audio:true,video:true})", "MediaAudioVideoCapture"),
    ("new Promise((yes,no)=>navigator.geolocation.getCurrentPosition(yes,no))", "Geolocation"),
]


@pytest.mark.provokes("WEB-09")
@pytest.mark.parametrize(("asks", "asked"), PERMISSIONS, ids=[asked for _, asked in PERMISSIONS])
def test_camera_microphone_and_place_are_refused_visibly(outside: Scenario, asks: str, asked: str) -> None:
    """Over https, where an engine would ask the person; the page is told no and goes on."""
    told = outside("permission", asks)
    assert [(code, details.get("asked")) for code, _, details in told.of("refused")] == [("WEB-09", asked)]
    ((answer,),) = told.of("page heard")
    assert answer in ("NotAllowedError", "AbortError", "1"), "the engine's names of a no; 1 is that of a place"
    assert not told.of("stopped")
    assert told.of("box") == [[False]]


@pytest.mark.skipif(shutil.which("pk12util") is None or shutil.which("openssl") is None, reason="needs NSS and OpenSSL")
@pytest.mark.provokes("WEB-16")
def test_no_certificate_of_the_persons_own_is_given_and_the_own_browser_is_pointed_to(outside: Scenario) -> None:
    told = outside("asks_for_certificate")
    assert [(code, details.get("asked")) for code, _, details in told.of("refused")] == [
        ("WEB-16", "client-certificate")
    ]
    assert told.of("certificates") == [[[False]]], "the page came without one"
    assert Way.OWN_BROWSER in CATALOGUE["WEB-16"].ways


@pytest.mark.provokes("WEB-07")
def test_bankid_is_not_claimed_where_no_program_takes_it(outside: Scenario) -> None:
    told = outside("no_handler")
    assert told.codes("refused") == ["WEB-07"]
    assert not told.of("handed_over")


@pytest.mark.parametrize(
    ("js", "code", "asked"),
    [
        (
            "document.body.innerHTML+=`<input type=file id=f>`;f.click();setTimeout(()=>location.href=`/after`,300)",
            "WEB-08", "upload",
        ),
        ("showOpenFilePicker().catch(()=>location.href=`/after`)", "WEB-08", "upload"),
        ("navigator.mediaDevices.getDisplayMedia({video:true}).catch(()=>location.href=`/after`)", "WEB-09", "screen"),
        ("navigator.clipboard.readText().catch(()=>location.href=`/after`)", "WEB-09", "ClipboardReadWrite"),
        ("print();setTimeout(()=>location.href=`/after`,300)", "WEB-09", "print"),
        (
            "document.documentElement.requestFullscreen();setTimeout(()=>{if(!document.fullscreenElement)"
            "location.href=`/after`},500)",
            "WEB-09", "full-screen",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isidentifier() else "",
)  # fmt: skip
def test_wishes_after_a_click_are_refused_visibly(outside: Scenario, js: str, code: str, asked: str) -> None:
    told = outside("clicked", js)
    assert [(news[0], news[2].get("asked")) for news in told.of("refused")] == [(code, asked)]
    assert "/after" in told.paths
    assert not told.of("stopped")


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_context_menu_is_ours_and_has_nothing_dead_in_it(outside: Scenario, how: str) -> None:
    assert outside("menu", how).of("menu") == [[["Reload", "Copy", "Paste"]]]


# ---- keys


@pytest.mark.skipif(shutil.which("Xvfb") is None or shutil.which("xdotool") is None, reason="needs a display")
def test_the_keyboard_goes_in_and_out_of_the_page(tmp_path: Path) -> None:
    with display() as number:
        told = run_scenario(
            tmp_path,
            "tests.window.browser_outside",
            "real_keys",
            environment={"DISPLAY": number, "QT_QPA_PLATFORM": "xcb"},
        )
    assert [(key, where) for key, where, *_ in told.of("focus")] == [
        ("start", "page"), ("Tab", "page"), ("Tab", "footer"), ("shift+Tab", "page"), ("shift+Tab", "page"),
        ("shift+F6", "strip"), ("F6", "page"), ("F6", "page"), ("ctrl+plus", "page"), ("ctrl+0", "page"),
        ("Menu", "page"),
    ]  # fmt: skip
    assert told.of("focus_left") == [[True]], "F6 leads out of the page, to the window's own footer"
    assert [zoom for key, _, *zoom in told.of("focus") if key.startswith("ctrl")] == [[110], [100]]
    assert told.of("menu") == [[["Reload", "Paste"]]]
