"""The sign-in browser's hardening, point by point, each with the tests that prove it.

The points are those of RFC 9700 (security of OAuth), RFC 8252 (native programs) and of Qt's own advice for sign-ins in
an embedded browser. A test fails when a point has no test, or names one that is not there.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from assistant.window.browser.profile import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "assistant"
POINTS = range(4, 19)

PROVED: dict[int, tuple[str, tuple[str, ...]]] = {
    4: (
        "state: drawn anew for each attempt, checked before the code is handed out, also on errors, in constant time",
        (
            "tests/fortnox/test_redirect.py::test_a_code_without_the_right_state_is_never_handed_out",
            "tests/journey/test_rules.py::test_switching_makes_the_older_state_void",
            "tests/window/test_restart.py::test_an_empty_page_restarts_the_program_once_without_the_card",
        ),
    ),
    5: (
        "the redirect: scheme, host, port and path equal the registered ones; the main frame alone",
        (
            "tests/fortnox/test_redirect.py::test_another_address_is_not_the_redirect",
            "tests/window/test_browser.py::test_right_path_on_another_host_is_an_ordinary_page",
            "tests/window/test_browser.py::test_redirect_in_a_frame_is_nobodys",
            "tests/window/test_browser.py::test_rewritten_redirects_are_recognised",
        ),
    ),
    6: (
        "intercepted, not visited: the request that carries the code never leaves, and the page ends at once",
        (
            "tests/window/test_browser.py::test_request_with_the_code_never_leaves",
            "tests/window/test_browser.py::test_redirect_is_caught_once",
        ),
    ),
    7: (
        "the redirect's host is the vendor's or this computer, over https beyond it",
        ("tests/integration/test_rules.py::test_addresses_are_https_and_whole",),
    ),
    8: (
        "mix-up: one provider with fixed endpoints, the issuer compared where it is given",
        (
            "tests/fortnox/test_redirect.py::test_the_issuer_is_checked_where_it_is_given",
            "tests/integration/test_rules.py::test_fortnox_and_another_server_are_not_mixed",
        ),
    ),
    9: (
        "where a page may go: https alone, and the listed hosts where the integration lists them",
        (
            "tests/window/test_browser.py::test_strict_hosts",
            "tests/window/test_browser.py::test_unencrypted_pages_are_refused",
            "tests/window/test_browser.py::test_pages_without_an_origin_are_refused",
            "tests/window/test_navigation.py::test_strict_hosts_hold_on_label_boundaries",
        ),
    ),
    10: (
        "visible origin: host and lock drawn outside the page, the end of a host never cut, no page's title used",
        (
            "tests/window/test_strip.py::test_says_whose_page_it_is",
            "tests/window/test_strip.py::test_a_long_host_keeps_its_end",
            "tests/window/test_navigation.py::test_shown_hosts_have_only_letters_that_a_swede_reads",
            "tests/window/test_hardening.py::test_nothing_of_a_page_is_taken_over",
        ),
    ),
    11: (
        "certificate errors: refused always, the issuer named",
        (
            "tests/window/test_browser.py::test_untrusted_certificate_is_refused_and_its_issuer_named",
            "tests/window/test_browser_outside.py::test_an_intercepting_certificate_is_refused_and_its_issuer_named",
            "tests/window/test_hardening.py::test_no_certificate_is_accepted_against_the_engine",
        ),
    ),
    12: (
        "a profile of its own for each attempt, off the record, gone after its page",
        (
            "tests/window/test_browser.py::test_second_attempt_starts_empty_and_nothing_is_on_disk",
            "tests/window/test_browser.py::test_ends_cleanly",
        ),
    ),
    13: (
        "no bridge, no script of ours in a page, no developer tools",
        (
            "tests/window/test_hardening.py::test_nothing_of_a_page_is_taken_over",
            "tests/packaging/test_engine_environment.py::test_an_installed_program_keeps_its_sandbox_and_opens_no_port",
        ),
    ),
    14: (
        "the sandbox stays on, root is refused, an administrator's rights are told",
        (
            "tests/packaging/test_engine_environment.py::test_an_installed_program_keeps_its_sandbox_and_opens_no_port",
            "tests/packaging/test_engine_environment.py::test_an_installed_program_stops_when_root_starts_it",
            "tests/window/test_chromium.py::test_no_engine_variable_survives",
            "tests/window/test_time_looking.py::test_an_administrators_rights_are_told_and_stop_nobody",
        ),
    ),
    15: (
        "settings off, permissions denied",
        (
            "tests/window/test_hardening.py::test_settings_are_off",
            "tests/window/test_browser.py::test_wishes_are_refused_visibly_and_the_page_goes_on",
            "tests/window/test_browser_outside.py::test_wishes_after_a_click_are_refused_visibly",
        ),
    ),
    16: (
        "other programs: BankID alone, its address unchanged, said in a line",
        (
            "tests/window/test_browser.py::test_bankid_is_handed_over_as_it_is",
            "tests/window/test_browser.py::test_other_programs_are_not_started",
            "tests/window/test_browser_outside.py::test_bankid_is_not_claimed_where_no_program_takes_it",
        ),
    ),
    17: (
        "new windows under the same rules, downloads and uploads refused",
        (
            "tests/window/test_browser.py::test_new_window_comes_over_the_page_and_can_be_closed",
            "tests/window/test_browser.py::test_windows_without_end_are_refused",
            "tests/window/test_browser.py::test_wishes_are_refused_visibly_and_the_page_goes_on",
            "tests/window/test_browser_outside.py::test_wishes_after_a_click_are_refused_visibly",
        ),
    ),
    18: (
        "an honest user agent",
        ("tests/window/test_browser.py::test_user_agent_is_honest_and_short_and_language_is_ours",),
    ),
}


@pytest.mark.parametrize("point", POINTS)
def test_every_point_has_tests_that_are_there(point: int) -> None:
    said, tests = PROVED[point]
    assert said
    assert tests
    for test in tests:
        file, _, name = test.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        functions = [each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
        assert name in functions, f"point {point} names {test}"


def program_text() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((PROGRAM / "window").rglob("*.py")))


def test_nothing_of_a_page_is_taken_over() -> None:
    forbidden = r"runJavaScript|QWebChannel|setWebChannel|QWebEngineScript\b|scripts\(\)|setDevToolsPage|titleChanged"
    assert re.findall(forbidden, program_text()) == []


def test_no_certificate_is_accepted_against_the_engine() -> None:
    text = program_text()
    assert re.findall(r"acceptCertificate|ignore-certificate|setAdditionalTrustedCertificates|\.defer\(", text) == []
    assert "rejectCertificate" in text


@pytest.mark.parametrize(
    "name",
    [
        "PluginsEnabled", "PdfViewerEnabled", "ScreenCaptureEnabled", "DnsPrefetchEnabled", "HyperlinkAuditingEnabled",
        "LocalContentCanAccessRemoteUrls", "LocalContentCanAccessFileUrls", "AllowRunningInsecureContent",
        "AllowGeolocationOnInsecureOrigins", "JavascriptCanAccessClipboard", "JavascriptCanPaste",
        "NavigateOnDropEnabled", "BackForwardCacheEnabled",
    ],
)  # fmt: skip
def test_settings_are_off(name: str) -> None:
    assert {attribute.name: on for attribute, on in SETTINGS.items()}[name] is False
