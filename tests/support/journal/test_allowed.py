"""Only allowed fields: every field of every event is of a closed kind, and no secret gets through any of them."""

from __future__ import annotations

import dataclasses
import inspect
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fortnox.account import AccountKind
from assistant.journey import Step
from assistant.problems import CATALOGUE
from assistant.support.code import support_code
from assistant.support.journal import events, fields
from assistant.support.journal.events import Event, event_types, fields_of
from assistant.support.journal.fields import KINDS, Host, Parameters, kind_of
from assistant.support.journal.line import read_line, write_line
from assistant.support.preflight import Probe, Verdict
from tests.leaks import Search

CLOSED = {
    bool, date, fields.Count, fields.Seconds, fields.Code, fields.SupportCode, fields.Version, fields.Host,
    fields.Parameters, fields.WishName, fields.FaultKind, fields.Place, fields.LoggerName, fields.LanguageCode,
    AccountKind, Step, Probe, Verdict, events.System, events.Outcome, events.Level, events.QtPart, events.EngineEnd,
}  # fmt: skip
"""Every kind of field there may be. Whoever adds one says here that no text of a stranger fits into it."""

MOMENT = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
EVENTS = list(event_types().values())

TOKENS = st.one_of(
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=20, max_size=60),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=20, max_size=60),
    st.text("ABCDEFGHJKLMNP23456789", min_size=20, max_size=40),
    st.text("0123456789", min_size=20, max_size=40),
    st.text("0123456789abcdef", min_size=32, max_size=32),
    st.text("abcXYZ012åäö🔑./+=~ ", min_size=16, max_size=40),
    st.builds("ey{}.ey{}.{}".format, *[st.text("abcXYZ019-_", min_size=20, max_size=40)] * 3),
)
WRAPPINGS = st.sampled_from(
    [
        "{}",
        "https://lagerkoll.example/activation?code={}&state=x",
        "https://lagerkoll.example/activation?{}",
        "https://lagerkoll.example/activation?{}=1",
        "https://lagerkoll.example/{}",
        "https://lagerkoll.example/#{}",
        "https://{}@lagerkoll.example/",
        "https://eva:{}@lagerkoll.example/",
        "https://{}/",
        "http://{}",
        "HTTPS:{}",
        "bankid:///?autostarttoken={}",
        "data:text/plain,{}",
        "Bearer {}",
        "Authorization: Basic {}",
        "AUTH-02 {}",
        "K7P-4M2{}",
        "6.12.0-{}",
        "6.12.{}",
        "assistant.effects.{}",
        "assistant.effects:{}:1",
        "sv-{}",
        '{{"event":"page","step":"{}"}}',
    ]
)


def fed(kind: type, hostile: str) -> list[Any]:
    """What becomes of `hostile` in every public way to make a value of `kind`; the text itself as well."""
    made: list[Any] = [hostile]
    makers = [kind, getattr(kind, "of", kind)]
    for maker in makers:
        count = 1
        try:
            needed = [each for each in inspect.signature(maker).parameters.values() if each.default is each.empty]
            count = len(needed)
        except (TypeError, ValueError):
            pass
        try:
            made.append(maker(*[hostile] * max(1, count)))
        except (ValueError, TypeError, AttributeError, OverflowError):
            continue
    try:
        raise RuntimeError(hostile)
    except RuntimeError as fault:
        made.append(fault)
    return made


@pytest.mark.parametrize("event", EVENTS, ids=lambda each: each.name)
def test_every_field_is_of_a_closed_kind(event: type[Event]) -> None:
    assert event.name
    assert {field.name for field in dataclasses.fields(event)} == set(fields_of(event))
    for name, kind in fields_of(event).items():
        assert kind in CLOSED, f"{event.name}.{name}"
        assert kind_of(kind)


def test_nothing_else_is_a_kind() -> None:
    for kind in (str, bytes, int, float, object, dict, list, tuple, type(None)):
        with pytest.raises(TypeError):
            kind_of(kind)
    assert {kind for kind in CLOSED if not issubclass(kind, Enum)} == set(KINDS)


def test_no_two_events_have_a_name() -> None:
    kinds = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event)]
    assert len(event_types()) == len(kinds) - 1 > 15


@given(event=st.sampled_from(EVENTS), token=TOKENS, wrapping=WRAPPINGS)
def test_no_secret_gets_through_any_field(event: type[Event], token: str, wrapping: str) -> None:
    hostile = wrapping.format(token)
    search = Search({"secret": [token]})
    for name, kind in fields_of(event).items():
        for value in fed(kind, hostile):
            given_fields = dict.fromkeys(fields_of(event)) | {name: value}
            line = write_line(event(**given_fields), at=MOMENT, after=1)
            assert search.look(line, "line") == []
            assert token.lower().encode() not in line.lower()
            assert read_line(line) is not None


@given(token=TOKENS, wrapping=WRAPPINGS)
def test_a_fault_and_a_log_record_keep_their_texts(token: str, wrapping: str) -> None:
    try:
        raise ValueError(wrapping.format(token))
    except ValueError as fault:
        line = write_line(events.Faulted.of(fault), at=MOMENT, after=1)
    assert Search({"secret": [token]}).look(line, "line") == []
    assert b'"fault":"ValueError"' in line
    assert b"test_a_fault_and_a_log_record_keep_their_texts" in line


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(line: bytes) -> None:
    read_line(line)


@given(
    event=st.sampled_from(EVENTS),
    values=st.dictionaries(
        st.text(max_size=10) | st.sampled_from(sorted({name for each in EVENTS for name in fields_of(each)})),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text(), max_size=2),
    ),
)
def test_what_is_read_is_of_its_kind(event: type[Event], values: dict[str, Any]) -> None:
    """A journal that somebody else wrote in gives nothing but allowed values either."""
    import json

    line = json.dumps({**values, "event": event.name, "at": "2026-11-23T12:30:00Z", "after": 1}).encode()
    entry = read_line(line)
    if entry is None:
        assert len(line) > 2000
        return
    for name, value in entry.values.items():
        assert kind_of(fields_of(event)[name]).reads(value)
        assert "<" not in str(value) or kind_of(fields_of(event)[name]) is KINDS[fields.Place]


def test_an_event_comes_back_as_it_was_written() -> None:
    visited = events.Visited(
        host=Host("https", "apps.fortnox.se"), parameters=Parameters.of("https://x.example/?code=c&state=s&utm=1")
    )
    entry = read_line(write_line(visited, at=MOMENT, after=12.34))
    assert entry is not None
    assert (entry.event, entry.at, entry.after) == ("visited", MOMENT, 12.3)
    assert entry.values == {"host": "https://apps.fortnox.se", "parameters": "code state +1"}


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://apps.fortnox.se/oauth-v1/auth?client_id=x", "https://apps.fortnox.se"),
        ("http://127.0.0.1:41477/apps", "http://127.0.0.1"),
        ("http://localhost:4242/callback?code=x", "http://localhost"),
        ("https://xn--kopplat-cxa.example/", "https://xn--kopplat-cxa.example"),
        ("https://user:word@Lagerkoll.Example:8443/", "https://lagerkoll.example"),
        ("bankid:///?autostarttoken=x", None),
        ("about:blank", None),
        ("https://", None),
        ("https://[::1", None),
    ],
)
def test_of_an_address_the_host_is_kept(address: str, host: str | None) -> None:
    found = Host.of(address)
    assert (None if found is None else str(found)) == host


def test_every_code_and_every_support_code_can_be_written() -> None:
    for code in CATALOGUE:
        assert KINDS[fields.Code].write(fields.Code(code)) == code
    for number in range(29):
        code = support_code(lambda _below, number=number: number)
        assert KINDS[fields.SupportCode].write(fields.SupportCode(code)) == code


def test_every_wish_can_be_written() -> None:
    assert {"ExchangeCode", "Store", "GiveBack"} <= fields.wish_names()
    assert all(KINDS[fields.WishName].write(fields.WishName(name)) == name for name in fields.wish_names())
