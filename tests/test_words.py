"""Every problem in words: in each language, with and without what the moment knows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from assistant.integration import Integration, Support
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
