"""A Secret is shown to nobody who does not ask for it by name."""

from __future__ import annotations

import copy
import json
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.secret import Secret

# Long and odd enough that it cannot be part of a mask, a type's name or an address in memory by chance.
CANARIES = st.text(alphabet="äöåQWXYZ<>&%é", min_size=6)


@given(CANARIES)
def test_no_way_of_showing_it_shows_it(text: str) -> None:
    secret = Secret(text)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret:>40}",
        f"{secret!r}",
        repr([secret]),
        repr({"a": secret}),
    ]
    assert not [look for look in shown if text in look]
    assert secret.reveal() == text


@given(CANARIES)
def test_a_traceback_with_its_locals_does_not_show_it(text: str) -> None:
    def fail(secret: Secret) -> None:
        raise RuntimeError(secret)

    with pytest.raises(RuntimeError) as caught:
        fail(Secret(text))
    lines = traceback.TracebackException.from_exception(caught.value, limit=-1, capture_locals=True).format()
    assert "secret = " in "".join(lines)
    assert text not in "".join(lines)


def test_it_cannot_be_pickled_copied_or_written_as_json() -> None:
    secret = Secret("hunter2")
    for leave in (pickle.dumps, copy.deepcopy, copy.copy, json.dumps):
        with pytest.raises(TypeError):
            leave(secret)


def test_it_has_no_dictionary_that_vars_could_show() -> None:
    with pytest.raises(TypeError):
        vars(Secret("hunter2"))


@given(st.text(), st.text())
def test_equal_texts_are_equal_secrets(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) == (one == other)
    assert len({Secret(one), Secret(other)}) == len({one, other})


def test_a_secret_is_not_equal_to_its_text() -> None:
    assert Secret("hunter2") != "hunter2"


def test_an_empty_secret_is_false() -> None:
    assert not Secret("")
    assert Secret("x")
