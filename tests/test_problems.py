"""What holds for every problem of the catalogue."""

from __future__ import annotations

import re
import string
import traceback

import pytest

from assistant.language import placeholders
from assistant.problems import CATALOGUE, Problem, ProblemError, Tone, Way, Who, occurrence, problem, stop
from assistant.problems.catalogue import _FAMILIES

ENTRIES = sorted(CATALOGUE.values(), key=lambda entry: entry.code)
LONGEST = 20  # words a sentence; the guide aims at 15
BANNED = re.compile(r"!|\bplease\b|\bsorry\b|error occurred|something went wrong|\boops\b", re.IGNORECASE)


@pytest.fixture(params=ENTRIES, ids=lambda entry: entry.code)
def entry(request: pytest.FixtureRequest) -> Problem:
    return request.param


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?:])\s+", text) if part]


def test_no_code_is_given_twice() -> None:
    codes = [each.code for family in _FAMILIES for each in family.PROBLEMS]
    assert sorted(codes) == sorted(set(codes))
    assert len(codes) == len(CATALOGUE) > 20


def test_codes_cannot_be_misheard_for_one_another() -> None:
    """Read aloud, only the word tells families apart: each family keeps to its own."""
    words = [{each.code.split("-")[0] for each in family.PROBLEMS} for family in _FAMILIES]
    assert sum(map(len, words)) == len(set().union(*words))


def test_its_texts_keep_to_the_guide(entry: Problem) -> None:
    for text in entry.texts:
        assert text.strip() == text
        assert text
        assert not BANNED.search(text), text
        assert placeholders(text) or "{" not in text
        assert not any(name[0].isdigit() for name in placeholders(text))
    assert not entry.title.endswith(".")
    for text in (entry.cause, *entry.remedy):
        assert text.endswith((".", "?")), text


def test_its_sentences_are_short(entry: Problem) -> None:
    long = [
        part for text in (entry.title, entry.cause, *entry.remedy) for part in sentences(text) if words(part) > LONGEST
    ]
    assert long == []


def words(sentence: str) -> int:
    return len([word for word in sentence.split() if word.strip(string.punctuation + "–")])


def test_the_first_way_does_something_when_something_can_be_done(entry: Problem) -> None:
    assert len(set(entry.ways)) == len(entry.ways)
    if entry.retry_helps:
        assert entry.ways[0] is not Way.CLOSE


def test_an_exception_tells_its_code_and_no_more() -> None:
    code = ENTRIES[0].code
    failure = stop(code, details={"status": 400, "left out": None}, host="canary.example")
    assert isinstance(failure, ProblemError)
    assert failure.code == code == str(failure)
    assert failure.occurrence.details == (("status", "400"),)
    assert failure.occurrence.facts == {"host": "canary.example"}
    assert "canary" not in "".join(traceback.format_exception(failure))


def test_an_unknown_code_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        problem("NONE-00")
    with pytest.raises(KeyError):
        occurrence("NONE-00")


def test_a_problem_that_says_nothing_cannot_be_made() -> None:
    good = {"title": "t", "cause": "c", "who": Who.YOU, "ways": (Way.CLOSE,), "agent": "a"}
    assert Problem(code="TEST-01", remedy=("r",), **good).tone is Tone.DANGER
    for bad in ({"code": "TEST-1"}, {"code": "test-01"}, {"remedy": ()}, {"remedy": ("r",) * 4}, {"ways": ()}):
        with pytest.raises(ValueError, match=r"TEST|test"):
            Problem(**({"code": "TEST-01", "remedy": ("r",)} | good | bad))
