"""Every problem in words: in each language, with and without what the moment knows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from assistant.integration import Integration, Relay, Support
from assistant.language import N_, language, languages, placeholders
from assistant.problems import CATALOGUE, Problem, Way, occurrence
from assistant.problems.words import words
from tests.journey import honest

BARE = honest.integration()
KNOWN = replace(BARE, support=Support(phone="+46 8 000 00 00", email="help@lagerkoll.example"))


@pytest.fixture(params=sorted(CATALOGUE), ids=str)
def entry(request: pytest.FixtureRequest) -> Problem:
    return CATALOGUE[request.param]


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("integration", [None, BARE, KNOWN], ids=["none", "bare", "known"])
def test_it_can_be_said(entry: Problem, code: str, integration: Integration | None) -> None:
    told = words(occurrence(entry.code), integration=integration, language=language(code))
    for text in (told.title, told.cause, told.agent, *told.remedy):
        assert text.strip()
        assert not re.search(r"[{}]", text), text
    assert len(told.remedy) == len(entry.remedy)
    asked = set().union(*map(placeholders, entry.texts))
    shown = " ".join((told.title, told.cause, told.agent, *told.remedy))
    for name, value in (("integration", BARE.name), ("vendor", BARE.vendor), ("phone", KNOWN.support.phone or "")):
        if name in asked and integration is KNOWN:
            assert value in shown
    if asked <= {"integration", "vendor", "phone", "company"}:
        assert "–" not in shown or "–" in "".join(language(code).text(text) for text in entry.texts)


@pytest.mark.parametrize("code", languages())
def test_what_the_moment_knows_stands_in_it(entry: Problem, code: str) -> None:
    facts = {name: f"‹{name}›" for name in set().union(*map(placeholders, entry.texts))}
    told = words(occurrence(entry.code, **facts), integration=KNOWN, language=language(code))
    shown = " ".join((told.title, told.cause, told.agent, *told.remedy))
    assert {value for value in facts.values() if value not in shown} == set()


def test_a_value_that_looks_like_a_placeholder_stays_what_it_is() -> None:
    told = words(occurrence("NET-03", host="{integration}{0}{host!r}"), language=language("en"))
    assert "{integration}{0}{host!r}" in told.title


def test_a_fact_that_is_a_text_of_ours_is_translated() -> None:
    unknown = N_("an unknown issuer")
    told = words(occurrence("NET-04", host="x.example", issuer=unknown), language=language("sv"))
    shown = " ".join((told.cause, told.agent, *told.remedy))
    assert unknown not in shown
    assert language("sv").text(unknown) in shown


def test_facts_of_the_page_fill_in_and_those_of_the_moment_win() -> None:
    one = occurrence("NET-03", host="from.the.moment")
    assert "from.the.moment" in words(one, facts={"host": "of.the.page"}, language=language("en")).title
    bare = occurrence("NET-03")
    assert "of.the.page" in words(bare, facts={"host": "of.the.page"}, language=language("en")).title


def test_the_remedy_fits_the_buttons(entry: Problem) -> None:
    """Nobody is told to try again where nothing offers it."""
    text = " ".join(entry.remedy).lower()
    if any(line.startswith("Try again") for line in entry.remedy):
        assert Way.TRY_AGAIN in entry.ways or Way.SIGN_IN_AGAIN in entry.ways or Way.BACK in entry.ways
    if text.startswith("sign in again"):
        assert Way.SIGN_IN_AGAIN in entry.ways
    if re.search(r"enter the activation key", text):
        assert Way.ENTER_SECRET in entry.ways
    if re.search(r"read out the (error )?codes?", text):
        assert {Way.COPY_CODE, Way.COPY_DETAILS} & set(entry.ways) or entry.who.value != "vendor", entry.ways


@pytest.mark.parametrize(
    ("seconds", "code", "said"),
    [
        ("0", "en", "Wait 1 second."),
        ("1", "sv", "Vänta 1 sekund."),
        ("10", "en", "Wait 10 seconds."),
        ("90", "sv", "Vänta 90 sekunder."),
        ("91", "en", "Wait 2 minutes."),
        ("3600", "sv", "Vänta 60 minuter."),
    ],
)
def test_a_wait_is_said_as_people_say_it(seconds: str, code: str, said: str) -> None:
    told = words(occurrence("TOKEN-13", seconds=seconds), language=language(code))
    assert told.remedy[0] == said


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("number", ["NET-02", "NET-05", "NET-09", "NET-11"])
def test_it_is_told_to_allow_the_servers_of_this_integration(number: str, code: str) -> None:
    through_relay = replace(
        KNOWN,
        relay=Relay(
            token="https://relay.lagerkoll.example/token", revoke="https://relay.lagerkoll.example:8443/revoke"
        ),
    )
    told = words(occurrence(number, host="relay.lagerkoll.example"), integration=through_relay, language=language(code))
    hosts = "apps.fortnox.se, api.fortnox.se, relay.lagerkoll.example"
    assert f"{hosts} {'och' if code == 'sv' else 'and'} relay.lagerkoll.example:8443" in " ".join(told.remedy)


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("number", ["NET-01", "NET-02", "NET-04", "NET-08", "NET-09", "NET-10"])
def test_a_server_that_is_not_fortnox_is_not_called_fortnox(number: str, code: str) -> None:
    told = words(occurrence(number, host="relay.lagerkoll.example"), integration=KNOWN, language=language(code))
    assert "Fortnox" not in f"{told.title} {told.cause}"
    assert "relay.lagerkoll.example" in told.title
