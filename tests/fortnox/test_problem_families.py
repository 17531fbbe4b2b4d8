"""The families of problems that signing in, tokens and checking end in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import assistant.fortnox
from assistant.language import placeholders
from assistant.problems import CATALOGUE, Problem, Tone, Way, authorization, network, token, verification

FAMILIES = {"NET": network, "AUTH": authorization, "TOKEN": token, "CHECK": verification}
OURS = [entry for family in FAMILIES.values() for entry in family.PROBLEMS]
EVERYWHERE = {"integration", "vendor", "phone", "host", "hosts"}
FACTS = {
    "NET-04": {"issuer"},
    "AUTH-03": {"licences"},
    "TOKEN-13": {"wait"},
    "TOKEN-19": {"wait"},
    "CHECK-04": {"permission"},
    "CHECK-06": {"right", "wrong"},
    "CHECK-12": {"right", "wrong"},
    "TOKEN-10": {"licences"},
    "CHECK-03": {"licences"},
}
HOPELESS = {
    *("NET-04", "AUTH-02", "AUTH-03", "AUTH-04", "AUTH-05", "AUTH-06", "AUTH-12", "AUTH-14", "AUTH-15"),
    *("AUTH-17", "AUTH-18", "TOKEN-17", "TOKEN-18", "TOKEN-24"),
    *("TOKEN-01", "TOKEN-07", "TOKEN-09", "TOKEN-10", "TOKEN-12", "TOKEN-14", "TOKEN-15", "TOKEN-16"),
    "TOKEN-21",
    *("CHECK-02", "CHECK-03", "CHECK-04", "CHECK-06", "CHECK-08"),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_codes_are_numbered_upwards(family: str) -> None:
    """A number whose problem is gone stays free: support's notes must not come to mean something else."""
    codes = [entry.code for entry in FAMILIES[family].PROBLEMS]
    assert codes == sorted(set(codes))
    assert {code.partition("-")[0] for code in codes} == {family}


@pytest.mark.parametrize("entry", OURS, ids=lambda entry: entry.code)
def test_texts_name_only_what_is_known_when_they_are_shown(entry: Problem) -> None:
    for text in entry.texts:
        assert placeholders(text) <= EVERYWHERE | FACTS.get(entry.code, set())


@pytest.mark.parametrize("entry", OURS, ids=lambda entry: entry.code)
def test_texts_keep_the_rules_of_writing(entry: Problem) -> None:
    assert not entry.title.endswith(".")
    for text in entry.texts:
        assert not re.search(r"!|\bplease\b|\bsorry\b|\binvalid\b|\bunexpected\b|error occurred", text, re.IGNORECASE)
    for text in (entry.cause, *entry.remedy, entry.agent):
        assert re.search(r'[.?]["”]?$', text)
        assert all(len(sentence.split()) <= 20 for sentence in re.split(r"[.?] ", text))


@pytest.mark.parametrize("entry", OURS, ids=lambda entry: entry.code)
def test_trying_again_is_offered_only_where_it_can_help(entry: Problem) -> None:
    assert entry.retry_helps is (entry.code not in HOPELESS)


def test_stopping_of_ones_own_will_is_no_danger() -> None:
    cancelled = CATALOGUE["AUTH-01"]
    assert (cancelled.tone, cancelled.ways) == (Tone.INFO, (Way.SIGN_IN_AGAIN, Way.CLOSE))


def test_every_code_the_protocol_ends_in_exists() -> None:
    (folder,) = assistant.fortnox.__path__
    named = {
        code
        for file in Path(folder).glob("*.py")
        for code in re.findall(r'"((?:NET|AUTH|TOKEN|CHECK)-\d\d)"', file.read_text("utf-8"))
    }
    assert len(named) > 30
    assert named <= set(CATALOGUE)
