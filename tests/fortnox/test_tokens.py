from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fortnox.messages import Grant
from assistant.fortnox.tokens import (
    TokenAnswer,
    UnusableAnswerError,
    read_revocation_answer,
    read_token_answer,
    tenant_id_claim,
)
from assistant.problems import ProblemError
from assistant.secret import Secret

GOOD = {"access_token": "canary.a.b", "token_type": "bearer"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def read(fields: Any, status: int = 200, grant: Grant = Grant.AUTHORIZATION_CODE) -> TokenAnswer:
    return read_token_answer(status, "application/json", json.dumps(fields).encode(), grant=grant)


def test_fortnox_own_answer() -> None:
    found = read(
        GOOD | {"refresh_token": "canary-r", "scope": "order companyinformation", "expires_in": 3600, "new": [1]}
    )
    assert found.access_token == Secret("canary.a.b")
    assert found.refresh_token == Secret("canary-r")
    assert found.scopes == ("order", "companyinformation")
    assert found.expires_in == 3600
    assert "canary" not in repr(found)


def test_the_least_a_standard_server_may_say() -> None:
    found = read({"access_token": "a", "token_type": "Bearer"})
    assert (found.refresh_token, found.scopes, found.expires_in) == (None, None, None)


def test_a_relay_adds_its_connection_credential() -> None:
    assert read(GOOD | {"connection_credential": "c"}).connection_credential == Secret("c")


@pytest.mark.parametrize("said", [["order", "article"], "order article", " order  article order "])
def test_scopes_come_as_text_or_list(said: object) -> None:
    assert read(GOOD | {"scope": said}).scopes == ("order", "article")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (3600, 3600),
        ("3600", 3600),
        (3600.9, 3600),
        (0, None),
        (-5, None),
        (1e300, None),
        (10**30, None),
        ("soon", None),
    ],
)
def test_a_life_that_makes_no_sense_is_left_out(said: object, seconds: int | None) -> None:
    assert read(GOOD | {"expires_in": said}).expires_in == seconds


@pytest.mark.parametrize(
    "fields",
    [
        {},
        [],
        None,
        "text",
        {"access_token": "a"},
        {"token_type": "bearer"},
        GOOD | {"access_token": ""},
        GOOD | {"access_token": 5},
        GOOD | {"access_token": "a\r\nX-Injected: 1"},
        GOOD | {"access_token": "å"},
        GOOD | {"access_token": "a" * 20_000},
        GOOD | {"refresh_token": "a b"},
        GOOD | {"refresh_token": 5},
        GOOD | {"scope": 5},
        GOOD | {"expires_in": True},
    ],
)
def test_an_answer_that_is_none_is_not_understood(fields: object) -> None:
    with pytest.raises(ProblemError, match="TOKEN-03"):
        read(fields)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, b"{" * 9, b'{"access_token":'])
def test_what_is_no_json_is_not_understood(body: bytes) -> None:
    with pytest.raises(ProblemError, match="TOKEN-03") as caught:
        read_token_answer(200, "text/html; charset=utf-8", body)
    assert ("Content type", "text/html") in caught.value.occurrence.details


def test_another_kind_of_token_is_refused() -> None:
    with pytest.raises(ProblemError, match="TOKEN-16"):
        read(GOOD | {"token_type": "DPoP"})


HELD = {"refresh_token": "canary-r", "connection_credential": "canary-c"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (GOOD | HELD | {"token_type": "mac"}, "TOKEN-16"),
        ({"token_type": "bearer"} | HELD, "TOKEN-03"),
        ({"access_token": "a"} | HELD, "TOKEN-03"),
        (GOOD | HELD | {"access_token": "a b"}, "TOKEN-03"),
        (GOOD | HELD | {"access_token": 5}, "TOKEN-03"),
        (GOOD | HELD | {"scope": {}}, "TOKEN-03"),
        (GOOD | HELD | {"expires_in": []}, "TOKEN-03"),
        (HELD | {"error": "invalid_scope"}, "TOKEN-09"),
    ],
)
def test_a_refresh_token_of_an_answer_that_cannot_be_used_can_still_be_handed_back(
    fields: dict[str, object], code: str
) -> None:
    with pytest.raises(UnusableAnswerError, match=code) as caught:
        read(fields)
    assert caught.value.returnable.refresh_token == Secret("canary-r")
    assert caught.value.returnable.connection_credential == Secret("canary-c")
    assert "canary" not in repr(caught.value) + repr(caught.value.returnable) + repr(caught.value.occurrence)


def test_a_relays_credential_that_cannot_be_read_does_not_keep_the_refresh_token() -> None:
    with pytest.raises(UnusableAnswerError, match="TOKEN-03") as caught:
        read(GOOD | HELD | {"connection_credential": "a b"})
    assert caught.value.returnable.refresh_token == Secret("canary-r")
    assert caught.value.returnable.connection_credential is None


@pytest.mark.parametrize("refresh_token", [None, "", 5, "a b", "a\r\nX-Injected: 1", "å", "r" * 20_000, ["r"]])
def test_without_a_refresh_token_that_could_be_sent_there_is_nothing_to_hand_back(refresh_token: object) -> None:
    with pytest.raises(ProblemError, match="TOKEN-03") as caught:
        read({"token_type": "bearer", "refresh_token": refresh_token})
    assert not isinstance(caught.value, UnusableAnswerError)


def test_a_refusal_by_status_gives_no_token() -> None:
    with pytest.raises(ProblemError, match="TOKEN-01") as caught:
        read(HELD | {"error": "invalid_client"}, status=401)
    assert not isinstance(caught.value, UnusableAnswerError)


def test_an_error_with_status_200_is_an_error() -> None:
    with pytest.raises(ProblemError, match="TOKEN-01"):
        read({"error": "invalid_client"})


@given(JSON, JSON | st.just("canary-r"))
def test_whatever_is_handed_back_can_be_sent(fields: object, refresh_token: object) -> None:
    try:
        read({"token_type": fields, "refresh_token": refresh_token})
    except UnusableAnswerError as refused:
        held = refused.returnable.refresh_token.reveal()
        assert held == refresh_token
        assert held.isascii()
        assert held.isprintable()
        assert " " not in held
    except ProblemError:
        assert refresh_token != "canary-r"


@given(JSON, st.sampled_from(Grant), st.integers(100, 599))
def test_any_json_is_an_answer_or_a_problem(fields: object, grant: Grant, status: int) -> None:
    try:
        found = read(fields, status, grant)
    except ProblemError:
        return
    assert isinstance(found, TokenAnswer)


@given(
    st.fixed_dictionaries(
        {"access_token": st.text() | JSON, "token_type": st.sampled_from(["bearer", "BEARER"]) | JSON},
        optional=dict.fromkeys(("refresh_token", "scope", "expires_in", "error", "connection_credential"), JSON),
    )
)
def test_any_near_miss_is_an_answer_or_a_problem(fields: dict[str, object]) -> None:
    try:
        found = read(fields)
    except ProblemError:
        return
    assert found.access_token.reveal().isprintable()
    assert found.access_token.reveal().isascii()


@given(st.binary(), st.text(), st.integers(100, 599))
def test_any_bytes_are_an_answer_or_a_problem(body: bytes, content_type: str, status: int) -> None:
    with pytest.raises(ProblemError):
        read_token_answer(status, content_type, body)


@pytest.mark.parametrize(
    ("status", "body", "revoked"),
    [
        (200, b"", True), (200, b'{"revoked":true}', True), (200, b'{"revoked":false}', False), (204, b"", True),
        (200, b"\n<!doctype html><title>Guest network</title>", False),
    ],
)  # fmt: skip
def test_revocation(status: int, body: bytes, revoked: bool) -> None:
    assert read_revocation_answer(status, body) is revoked


def test_a_refused_revocation_is_a_problem() -> None:
    with pytest.raises(ProblemError, match="TOKEN-01"):
        read_revocation_answer(401, b'{"error":"invalid_client"}')
    with pytest.raises(ProblemError, match="NET-06"):
        read_revocation_answer(503, b"<html>")


def jwt(claims: object) -> Secret:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return Secret(f"e30.{middle}.x")


@pytest.mark.parametrize(
    ("claims", "tenant"),
    [
        ({"tenantId": 123}, "123"),
        ({"tenantId": "0123"}, "123"),
        ({"tenantId": True}, None),
        ({"tenantId": "abc"}, None),
        ({"tenantId": -1}, None),
        ({}, None),
        ([1], None),
    ],
)
def test_the_tenant_claim_is_number_or_text(claims: object, tenant: str | None) -> None:
    assert tenant_id_claim(jwt(claims)) == tenant


@given(st.text(max_size=100))
def test_any_token_has_a_tenant_claim_or_none(token: str) -> None:
    for text in (token, f"a.{token}.b"):
        found = tenant_id_claim(Secret(text))
        assert found is None or found.isdigit()
