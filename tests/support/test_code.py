"""The support code: read aloud over a poor line, and still understood."""

from __future__ import annotations

import secrets

from hypothesis import given
from hypothesis import strategies as st

from assistant.support.code import ALPHABET, support_code


def test_no_character_is_taken_for_another() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert not set(ALPHABET) & set("OI01JQW")
    assert ALPHABET.upper() == ALPHABET
    assert ALPHABET.isascii()


@given(st.lists(st.integers(0, len(ALPHABET) - 1), min_size=6, max_size=6))
def test_its_shape(drawn: list[int]) -> None:
    left = list(drawn)
    asked: list[int] = []

    def below(limit: int) -> int:
        asked.append(limit)
        return left.pop(0)

    code = support_code(below)
    assert asked == [len(ALPHABET)] * 6
    assert code[3] == "-"
    assert [ALPHABET.index(letter) for letter in code.replace("-", "")] == drawn


def test_two_walks_have_two_codes() -> None:
    assert len({support_code(secrets.randbelow) for _ in range(200)}) == 200
