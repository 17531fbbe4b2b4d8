"""What the catalogue as a whole promises."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from assistant.language import language, languages, placeholders
from assistant.problems import CATALOGUE, Problem, Way, Who
from assistant.problems.catalogue import _FAMILIES

ENTRIES = list(CATALOGUE.values())
LICENCES = ("AUTH-03", "AUTH-04", "TOKEN-10", "CHECK-03")
AGAIN = {Way.TRY_AGAIN, Way.SIGN_IN_AGAIN, Way.UNLOCK}
ONE_SYSTEM = re.compile(r"\b(certutil|NSS|root the browser|sandbox|NTLM for|ms-settings)\b")
by_code = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)


def plain(text: str) -> str:
    """`text` without what makes the same sentence look like another one."""
    return re.sub(r"[^a-zåäö{} ]", "", re.sub(r"\s+", " ", text.lower())).strip()


def test_it_knows_every_stretch_of_the_way() -> None:
    assert len(ENTRIES) >= 50
    families = Counter(code.partition("-")[0] for code in CATALOGUE)
    assert {"START", "FILE", "NET", "WEB", "AUTH", "TOKEN", "CHECK", "STORE", "OPEN"} <= set(families)
    assert len(families) == len(_FAMILIES)


@pytest.mark.parametrize("code", languages())
def test_no_two_share_both_cause_and_remedy(code: str) -> None:
    spoken = language(code)
    alike: dict[tuple[str, ...], list[str]] = {}
    for entry in ENTRIES:
        said = tuple(plain(spoken.text(text)) for text in (entry.cause, *entry.remedy))
        alike.setdefault(said, []).append(entry.code)
    assert [codes for codes in alike.values() if len(codes) > 1] == []


@by_code
def test_it_says_who_and_what(entry: Problem) -> None:
    assert isinstance(entry.who, Who)
    assert entry.agent.strip()
    assert entry.system in (None, "windows", "macos", "linux")
    if ONE_SYSTEM.search(" ".join(entry.texts)):
        assert entry.system is not None


@by_code
def test_whoever_can_solve_it_is_reached(entry: Problem) -> None:
    """Whom the page points at can be told: a text to send, a number to read the code to."""
    ways = set(entry.ways)
    if entry.who is Who.ADMINISTRATOR:
        assert ways & {Way.COPY_HANDOVER, Way.OPEN_LISTING}
    if entry.who is Who.IT:
        assert Way.COPY_DETAILS in ways
        others = {Way.COPY_DETAILS, Way.OWN_BROWSER, Way.WINDOW_BROWSER, Way.PROXY_PASSWORD}
        assert entry.ways[0] in others or "VPN" in " ".join(entry.remedy)


@pytest.mark.parametrize("code", LICENCES)
def test_a_licence_is_not_found_by_trying_again(code: str) -> None:
    entry = CATALOGUE[code]
    assert not AGAIN & set(entry.ways)
    assert not entry.retry_helps
    if code != "AUTH-04":
        assert entry.ways[0] is Way.SHOW_HOW
        assert "licences" in placeholders(entry.cause)


def test_a_refused_administrator_can_pass_it_on() -> None:
    assert CATALOGUE["AUTH-02"].ways[:2] == (Way.COPY_HANDOVER, Way.USE_USER_ACCOUNT)
    assert CATALOGUE["AUTH-04"].ways[0] is Way.OPEN_LISTING
