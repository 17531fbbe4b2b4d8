from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fortnox.errors import ErrorInformation, api_refusal, read_error_information, token_refusal
from assistant.fortnox.messages import Grant
from assistant.problems import Occurrence

SWEDISH = "Kan inte logga in, access-token eller client-secret saknas."


@pytest.mark.parametrize(
    "body",
    [
        {"ErrorInformation": {"error": 1, "message": SWEDISH, "code": 2000311}},
        {"ErrorInformation": {"Error": 1, "Message": SWEDISH, "Code": 2000311}},
        {"errorInformation": {"Error": "1", "Message": SWEDISH, "Code": "2000311"}},
    ],
)
def test_both_casings_of_the_error_body_are_read(body: object) -> None:
    assert read_error_information(json.dumps(body).encode()) == ErrorInformation(code=2000311, error=1)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"ErrorInformation":[]}', b'{"ErrorInformation":{"Code":true}}', b"<p>"]
)
def test_another_body_holds_no_error_information(body: bytes) -> None:
    assert read_error_information(body) is None


@pytest.mark.parametrize(
    ("status", "code", "problem"),
    [
        (400, 2000663, "CHECK-04"),
        (403, 2000663, "CHECK-04"),
        (401, 2000663, "CHECK-04"),
        (403, 2001101, "CHECK-03"),
        (400, 2001103, "CHECK-03"),
        (403, 2000310, "CHECK-05"),
        (500, 2000311, "CHECK-05"),
        (500, 1000003, "NET-06"),
        (401, 9999999, "CHECK-05"),
        (403, 2001339, "CHECK-08"),
    ],
)
def test_the_code_in_the_body_comes_before_the_status(status: int, code: int, problem: str) -> None:
    body = json.dumps({"ErrorInformation": {"Error": 1, "Message": "canary", "Code": code}}).encode()
    found = api_refusal(status, body, scope_name="settings")
    assert found.code == problem
    assert ("Fortnox", str(code)) in found.details
    assert "canary" not in repr(found)


@pytest.mark.parametrize(
    ("status", "problem"), [(401, "CHECK-05"), (403, "CHECK-08"), (404, "CHECK-08"), (429, "TOKEN-13"), (503, "NET-06")]
)
def test_without_a_body_the_status_decides(status: int, problem: str) -> None:
    assert api_refusal(status, b"<html>", scope_name="settings").code == problem


def test_bearer_errors_of_the_standard_are_known() -> None:
    assert api_refusal(401, b'{"error":"invalid_token"}', scope_name="settings").code == "CHECK-05"
    assert api_refusal(403, b'{"error":"insufficient_scope"}', scope_name="settings").code == "CHECK-04"


def test_the_missing_permission_is_named() -> None:
    body = b'{"ErrorInformation":{"code":2000663}}'
    assert api_refusal(400, body, scope_name="companyinformation").facts["permission"] == "Company information"


@pytest.mark.parametrize(
    ("grant", "status", "error", "description", "problem"),
    [
        (Grant.AUTHORIZATION_CODE, 401, "invalid_client", "", "TOKEN-01"),
        (Grant.AUTHORIZATION_CODE, 400, "invalid_grant", "Authorization code doesn't exist", "TOKEN-02"),
        (Grant.AUTHORIZATION_CODE, 400, "redirect_uri_mismatch", "", "TOKEN-07"),
        (Grant.AUTHORIZATION_CODE, 400, "invalid_grant", "The redirect URI is missing or do not match", "TOKEN-07"),
        (Grant.AUTHORIZATION_CODE, 400, "invalid_scope", "", "TOKEN-09"),
        (Grant.AUTHORIZATION_CODE, 401, "error_missing_license", "", "TOKEN-10"),
        (Grant.AUTHORIZATION_CODE, 400, "error_missing_app_license", "", "AUTH-04"),
        (Grant.AUTHORIZATION_CODE, 400, "unsupported_grant_type", "", "TOKEN-14"),
        (Grant.REFRESH_TOKEN, 400, "invalid_grant", "Invalid refresh token", "TOKEN-11"),
        (Grant.REFRESH_TOKEN, 401, "invalid_grant", "Invalid refresh token", "TOKEN-11"),
        (Grant.CLIENT_CREDENTIALS, 400, "invalid_grant", "", "TOKEN-08"),
        (Grant.CLIENT_CREDENTIALS, 403, "access_denied", "", "TOKEN-08"),
        (Grant.CLIENT_CREDENTIALS, 400, "unauthorized_client", "", "TOKEN-08"),
        (Grant.CLIENT_CREDENTIALS, 400, "invalid_scope", "", "TOKEN-09"),
        (Grant.AUTHORIZATION_CODE, 429, "slow_down", "", "TOKEN-13"),
        (Grant.REFRESH_TOKEN, 503, "something", "", "NET-06"),
        (Grant.AUTHORIZATION_CODE, 504, "something", "", "TOKEN-04"),
        (Grant.CLIENT_CREDENTIALS, 504, "something", "", "NET-06"),
    ],
)
def test_what_the_token_endpoint_says(grant: Grant, status: int, error: str, description: str, problem: str) -> None:
    body = json.dumps({"error": error, "error_description": description}).encode()
    found = token_refusal(grant, status, body)
    assert found is not None
    assert found.code == problem


@pytest.mark.parametrize(
    ("status", "problem"), [(404, "TOKEN-11"), (401, "TOKEN-01"), (400, "TOKEN-14"), (403, "TOKEN-10")]
)
def test_migration_is_refused_by_status(status: int, problem: str) -> None:
    found = token_refusal(Grant.MIGRATION, status, b'{"message":"x"}')
    assert found is not None
    assert found.code == problem


def test_an_error_code_that_could_be_a_secret_is_not_kept() -> None:
    found = token_refusal(Grant.AUTHORIZATION_CODE, 400, b'{"error":"8b1f-canary","error_description":"canary"}')
    assert "canary" not in repr(found)


@given(st.binary(), st.integers(100, 599), st.sampled_from(Grant))
def test_any_body_is_a_problem_or_nothing(body: bytes, status: int, grant: Grant) -> None:
    assert isinstance(api_refusal(status, body, scope_name="settings"), Occurrence)
    found = token_refusal(grant, status, body)
    assert (found is not None) if status >= 400 else True


@given(
    st.dictionaries(
        st.sampled_from(["code", "Code", "error", "Error", "message"]), st.none() | st.integers() | st.text()
    )
)
def test_any_error_information_is_read_or_not(inner: dict[str, object]) -> None:
    found = read_error_information(json.dumps({"ErrorInformation": inner}).encode())
    assert found is None or isinstance(found.code, int)
