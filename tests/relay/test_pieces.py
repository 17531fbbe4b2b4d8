"""The parts of the reference relay on their own: what it reads, what it remembers, how often it may be asked."""

from __future__ import annotations

import asyncio
import hashlib
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from assistant.fortnox.authorization import s256
from assistant.practice.server import PracticeServer
from assistant.secret import Secret
from tests.practice.browser import CLIENT_ID
from tests.relay.application import LONGEST_REQUEST, RefusedError, _form
from tests.relay.codes import Codes, state_of
from tests.relay.credentials import Credentials
from tests.relay.fortnox import _claim, _tenant
from tests.relay.pace import Pace
from tests.relay.serving import Running

pytestmark = pytest.mark.anyio


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def read(body: bytes, content_type: str = "application/x-www-form-urlencoded") -> dict[str, str]:
    sent = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, object]:
        return sent.pop(0)

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", content_type.encode())]}
    return dict(asyncio.run(_form(Request(scope, receive))))


@given(st.binary(max_size=200))
def test_whatever_is_posted_is_read_or_refused(body: bytes) -> None:
    status, found = 200, {}
    try:
        found = read(body)
    except RefusedError as refused:
        status = refused.status
    assert status in (200, 400)
    assert all(isinstance(value, str) for value in found.values())


@given(st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=30), min_size=1, max_size=9))
def test_a_form_is_read_as_it_was_written(fields: dict[str, str]) -> None:
    assert read(urlencode(fields, quote_via=quote).encode()) == fields


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"a=1&a=2", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=" % number for number in range(21)), "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * LONGEST_REQUEST, "application/x-www-form-urlencoded", 413),
        (b'{"a":"b"}', "application/json", 415),
        (b"a=1", "", 415),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(body: bytes, content_type: str, status: int) -> None:
    with pytest.raises(RefusedError) as refused:
        read(body, content_type)
    assert refused.value.status == status


@given(st.text(alphabet="abcXYZ019._~-", min_size=43, max_size=128))
def test_both_sides_make_the_same_state_of_a_verifier(verifier: str) -> None:
    assert state_of(verifier) == s256(Secret(verifier))


@given(st.text(max_size=40))
def test_only_what_was_given_out_is_a_credential(text: str) -> None:
    kept = Credentials()
    given_out, holding = kept.issue("7", service=True, refresh_token=None)
    assert kept.holding(text) is None
    assert kept.holding(given_out) == holding
    for changed in (given_out[:-1], given_out + "a", given_out.swapcase(), given_out.partition(".")[2], holding.key):
        assert kept.holding(changed) is None


def test_every_credential_is_another_and_passes_the_programs_rule() -> None:
    kept = Credentials()
    all_of_them = {kept.issue("7", service=True, refresh_token=None)[0] for _ in range(100)}
    assert len(all_of_them) == len(kept) == 100
    assert all(text.isascii() and text.isprintable() and " " not in text and len(text) > 43 for text in all_of_them)


def test_what_is_kept_of_a_credential_is_its_hash() -> None:
    text, holding = Credentials().issue("7", service=True, refresh_token="r")
    assert holding.secret == hashlib.sha256(text.partition(".")[2].encode()).digest()
    assert holding.has("r")
    assert not holding.has("")
    assert not holding.has("R")


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12))
def test_two_refresh_tokens_are_known_and_no_more(rotations: list[str]) -> None:
    kept = Credentials()
    _, holding = kept.issue("7", service=False, refresh_token="0")
    held = ["0", *(f"{name}{number}" for number, name in enumerate(rotations))]
    for token in held[1:]:
        kept.rotate(holding.key, token)
    after = kept._holdings[holding.key]
    assert [token for token in held if after.has(token)] == held[-2:]


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=25), st.lists(st.integers())))
def test_a_tenant_is_digits_or_nothing(value: object) -> None:
    found = _tenant(value)
    assert found is None or (found.isascii() and found.isdecimal() and found == str(int(found)))


@given(st.text(max_size=80))
def test_a_claim_is_read_or_there_is_none(token: str) -> None:
    assert _claim(token) is None
    assert _claim(f"x.{token}.x") is None


@given(st.lists(st.tuples(st.sampled_from("pq"), st.sampled_from("ABC"), st.booleans()), max_size=12))
def test_a_code_is_exchanged_for_one_sign_in_alone(events: list[tuple[str, str, bool]]) -> None:
    """In whatever order codes come back to the page and are claimed: for the first that was heard of, and no other."""
    codes = Codes(Clock())
    first: dict[str, str] = {}
    on_page: set[str] = set()
    for code, state, page in events:
        if page and code not in first:
            on_page.add(code)
        first.setdefault(code, state)
        if page:
            codes.came_back(code, state)
            continue
        allowed, _ = codes.claim(code, state)
        assert not allowed or first[code] == state
        if code in on_page:
            assert allowed is (first[code] == state), "nobody can spoil what the page has seen"


def test_codes_are_forgotten_after_an_hour() -> None:
    clock = Clock()
    codes = Codes(clock)
    for number in range(100):
        codes.came_back(str(number), "s")
        clock.now += 60
    codes.claim("last", "s")
    assert len(codes._codes) <= 62


def test_the_pace_is_kept_and_given_back() -> None:
    clock = Clock()
    pace = Pace(clock, burst=3, seconds=2.0)
    assert [pace.wait("a") for _ in range(4)] == [0, 0, 0, 2]
    assert pace.wait("b") == 0
    clock.now += 2
    assert [pace.wait("a") for _ in range(2)] == [0, 2]
    clock.now += 1000
    assert [pace.wait("a") for _ in range(4)] == [0, 0, 0, 2]
    assert len(pace._free_at) == 1


async def test_only_what_is_asked_for_is_there(server: PracticeServer, relay: Running) -> None:
    token = relay.addresses.token
    form = {"client_id": CLIENT_ID, "grant_type": "password", "username": "anna", "password": "x"}
    async with httpx.AsyncClient(timeout=10, trust_env=False) as web:
        assert (await web.get(token)).status_code == 405
        assert (await web.post(token, data=form)).json() == {"error": "unsupported_grant_type"}
        assert (await web.post(token, data={**form, "client_id": "another"})).json() == {"error": "invalid_client"}
        assert (await web.post(token.replace("/token", "/oauth-v1/migrate"), data=form)).status_code == 404
        refused = await web.post(token, data={"client_id": CLIENT_ID, "grant_type": "client_credentials"})
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert refused.headers["Cache-Control"] == "no-store"
    assert not [entry for entry in server.log if entry.path.startswith("/oauth-v1")]
