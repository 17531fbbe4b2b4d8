"""Where a page may go and what a place is called: values only, no engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fortnox.redirect import RedirectUri
from assistant.window.load_failure import failed_load, faulty_answer, refused_request
from assistant.window.navigation import Rules, Verdict
from assistant.window.place import Place, is_loopback, readable_host

REDIRECT = RedirectUri("https://lagerkoll.example/activation")


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://apps.fortnox.se/oauth-v1/auth?x=1", Verdict.LOAD),
        ("https://lagerkoll.example/activation?code=c&state=s", Verdict.CATCH),
        ("https://lagerkoll.example/activation/?code=c", Verdict.LOAD),
        ("http://localhost:4242/", Verdict.LOAD),
        ("http://127.0.0.1:80/", Verdict.LOAD),
        ("http://[::1]:80/", Verdict.LOAD),
        ("http://fortnox.se/", Verdict.REFUSE_UNSAFE),
        ("http://localhost.evil.example/", Verdict.REFUSE_UNSAFE),
        ("http://127.0.0.1.evil.example/", Verdict.REFUSE_UNSAFE),
        ("http://127.0.0.1@evil.example/", Verdict.REFUSE_UNSAFE),
        ("about:blank", Verdict.LOAD),
        ("about:srcdoc", Verdict.LOAD),
        ("about:config", Verdict.REFUSE_UNSAFE),
        ("bankid:///?autostarttoken=x", Verdict.HAND_OVER),
        ("bankidx:///", Verdict.REFUSE_PROGRAM),
        ("mailto:a@example.com", Verdict.REFUSE_PROGRAM),
        ("", Verdict.REFUSE_UNSAFE),
        ("https:///", Verdict.REFUSE_UNSAFE),
        ("https://[::1/", Verdict.REFUSE_UNSAFE),
        *[
            (f"{scheme}:x", Verdict.REFUSE_UNSAFE)
            for scheme in ("file", "data", "blob", "javascript", "ftp", "view-source", "chrome", "devtools", "qrc")
        ],
    ],
)
def test_verdicts_in_the_main_frame(url: str, verdict: Verdict) -> None:
    assert Rules(redirect=REDIRECT).judge(url, main_frame=True) is verdict


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://lagerkoll.example/activation?code=c", Verdict.DROP),
        ("https://anything.example/", Verdict.LOAD),
        ("http://anything.example/", Verdict.DROP),
        ("data:text/html,x", Verdict.DROP),
        ("blob:https://a.example/1", Verdict.DROP),
        ("about:srcdoc", Verdict.LOAD),
        ("bankid:///", Verdict.HAND_OVER),
        ("mailto:a@example.com", Verdict.DROP),
    ],
)
def test_verdicts_in_frames(url: str, verdict: Verdict) -> None:
    assert Rules(redirect=REDIRECT, hosts=("fortnox.se",)).judge(url, main_frame=False) is verdict


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://fortnox.se/", Verdict.LOAD),
        ("https://id.fortnox.se/", Verdict.LOAD),
        ("https://notfortnox.se/", Verdict.REFUSE_HOST),
        ("https://fortnox.se.evil.example/", Verdict.REFUSE_HOST),
        ("https://lagerkoll.example/activation?code=c", Verdict.CATCH),
        ("http://localhost:1/", Verdict.REFUSE_HOST),
    ],
)
def test_strict_hosts_hold_on_label_boundaries(url: str, verdict: Verdict) -> None:
    assert Rules(redirect=REDIRECT, hosts=("fortnox.se",)).judge(url, main_frame=True) is verdict


@given(st.text(max_size=200), st.booleans())
def test_any_text_gets_a_verdict_and_only_web_pages_load(text: str, main_frame: bool) -> None:
    verdict = Rules(redirect=REDIRECT).judge(text, main_frame=main_frame)
    if verdict is Verdict.LOAD:
        assert text in ("about:blank", "about:srcdoc") or Place.of(text).scheme in ("https", "http")


@pytest.mark.parametrize(
    ("url", "fortnox"),
    [
        ("https://fortnox.se/", True),
        ("https://apps.fortnox.se/", True),
        ("https://apps.fortnox.se:8443/", False),
        ("http://apps.fortnox.se/", False),
        ("https://apps.fortnox.se.evil.example/", False),
        ("https://xfortnox.se/", False),
        ("https://fortnox.se@evil.example/", False),
        ("https://fortnox.se./", False),
        ("about:blank", False),
    ],
)
def test_only_fortnox_is_fortnox(url: str, fortnox: bool) -> None:
    assert Place.of(url).is_fortnox is fortnox


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("xn--lagerkll-s4a.example", "lagerköll.example"),
        ("xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),  # Cyrillic letters that look like "apple"
        ("xn--frtnox-rze.se", "xn--frtnox-rze.se"),
        ("xn--ftnox-kff.se", "xn--ftnox-kff.se"),
        ("xn--4gbrim.example", "xn--4gbrim.example"),  # Arabic: would be read from right to left
        ("xn--.se", "xn--.se"),
        ("xn--a-.se", "xn--a-.se"),
        ("apps.fortnox.se", "apps.fortnox.se"),
    ],
)
def test_hosts_in_letters_only_where_they_cannot_deceive(host: str, shown: str) -> None:
    assert readable_host(host) == shown


@given(st.text(max_size=60))
def test_shown_hosts_have_only_letters_that_a_swede_reads(label: str) -> None:
    try:
        host = "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:
        return
    assert set(readable_host(host).lower()) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.åäöæøéü") | set(host.lower())


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_this_computer(host: str) -> None:
    assert is_loopback(host)
    assert not is_loopback(host + ".example")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (-3, None), (0, None), (-105, "WEB-11"), (-106, "WEB-11"), (-102, "WEB-12"), (-118, "WEB-12"),
        (-130, "WEB-22"), (-115, "WEB-21"), (-127, None), (-202, "WEB-17"), (-110, "WEB-16"), (-310, "WEB-01"),
    ],
)  # fmt: skip
def test_network_errors_are_problems(number: int, code: str | None) -> None:
    problem = failed_load(number, host="apps.fortnox.se")
    assert (problem.code if problem else None) == code


def test_only_faults_of_the_server_end_a_page() -> None:
    assert faulty_answer(401, host="h") is None
    for status in (200, 302, 399, 500, 503):
        assert refused_request(status, host="h") is None
    for status in (400, 401, 404, 429, 499):
        refused = refused_request(status, host="h")
        assert refused is not None
        assert (refused.code, refused.details) == ("WEB-25", (("http_status", str(status)),))
    problem = faulty_answer(503, host="h")
    assert problem is not None
    assert problem.details == (("http_status", "503"),)
