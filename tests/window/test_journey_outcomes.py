"""The window's journey in the real engine against practice: what the server saw and what is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.window.walked import AUTHORIZE, COMPANY, PERSON, REVOKE, TOKEN, walked

ANNAS, COPY = 1_100_017, 1_100_025
START_PAGE = "https://lagerkoll.example/login"
SCOPES = ["companyinformation", "profile", "article", "order", "invoice"]
SERVICE_CALLS = [
    (TOKEN, "authorization_code", ANNAS),
    (COMPANY, "ok", ANNAS),
    (TOKEN, "client_credentials", ANNAS),
    (COMPANY, "ok", ANNAS),
]
USER_CALLS = [(TOKEN, "authorization_code", ANNAS), (COMPANY, "ok", ANNAS), (PERSON, "ok", ANNAS)]


@pytest.mark.provokes("OPEN-01")
def test_service_and_user_account_are_connected(tmp_path: Path) -> None:
    marks = walked(tmp_path, "connected").marks

    before = marks["before the yes"]
    assert before.step == "confirm"
    assert before.vault == []

    service = marks["service"]
    assert service.codes == service.attempts == 1
    assert service.requests() == SERVICE_CALLS
    asked = next(entry for entry in service.log if entry.path == AUTHORIZE and entry.outcome == "accepted")
    assert {"state", "account_type", "code_challenge"} <= set(asked.query_names)
    exchange = next(entry for entry in service.log if entry.grant == "authorization_code")
    assert exchange.client_authenticated
    assert set(exchange.form_names) == {"grant_type", "code", "redirect_uri", "code_verifier"}
    (stored,) = service.vault
    assert (stored["account"], stored["tenant_id"], stored["scopes"]) == ("service", str(ANNAS), SCOPES)
    assert stored["refresh_token"] is None
    assert stored["client_secret"]
    assert service.revoked == [False]  # what revoking does to the consent is unknown
    assert service.opened == [START_PAGE]

    refused = marks["start page not opened"]
    assert (refused.step, refused.problem) == ("done", "OPEN-01")
    assert refused.opened == [START_PAGE, START_PAGE]
    assert refused.stored == service.stored

    user = marks["user"]  # another window, another server, the same vault
    assert user.requests() == USER_CALLS
    asked = next(entry for entry in user.log if entry.path == AUTHORIZE and entry.outcome == "accepted")
    assert "account_type" not in asked.query_names
    assert user.revoked == [False]
    mine = user.vault[1]
    assert (mine["account"], mine["tenant_id"], mine["person_id"]) == ("user", str(ANNAS), "4001")
    assert mine["refresh_token"] == 0  # the one the server issued, unsealed again
    assert user.vault[0] == {**stored, "id": user.vault[0]["id"]}
    assert user.vault[0]["id"] == stored["id"]


def test_the_same_again_replaces_and_another_account_stands_beside(tmp_path: Path) -> None:
    marks = walked(tmp_path, "again").marks
    first, asked, second = marks["first"], marks["second asked"], marks["second"]
    assert marks["first asked"].replaced is None
    assert not marks["first asked"].more["banner"]
    assert asked.replaced == first.vault[0]["id"]
    assert asked.more["banner"]
    assert [each["id"] for each in second.vault] == [first.vault[0]["id"]]
    assert second.codes == 2

    user, again = marks["user"], marks["user again"]
    assert user.stored == [("service", str(ANNAS)), ("user", str(ANNAS))]
    assert user.vault[0]["id"] == first.vault[0]["id"]
    assert user.vault[1]["refresh_token"] == 2
    assert [each["id"] for each in again.vault] == [each["id"] for each in user.vault]
    assert again.vault[1]["refresh_token"] == 3


@pytest.mark.provokes("AUTH-01", "AUTH-02")
def test_a_refusal_is_a_problem_with_a_way_on(tmp_path: Path) -> None:
    marks = walked(tmp_path, "refused").marks
    declined = marks["declined"]
    assert declined.problem == "AUTH-01"
    assert declined.requests() == []
    assert declined.vault == declined.tokens == []

    ordinary = marks["ordinary user"]
    assert ordinary.problem == "AUTH-02"
    assert ordinary.log[-1].outcome == "error_missing_system_admin_right"
    assert ordinary.requests() == []
    assert ordinary.codes == 0
    assert "Lagerkoll" in ordinary.more["copied"]
    assert "https://lagerkoll.example/connect" in ordinary.more["copied"]
    assert "code=" not in ordinary.more["copied"]
    assert not ordinary.more["leaked"]

    own = marks["own name"]
    assert (own.step, own.account, own.more["chosen"]) == ("account", "user", "user")
    connected = marks["connected"]
    assert connected.requests() == USER_CALLS
    assert connected.stored == [("user", str(ANNAS))]
    assert connected.vault[0]["person_id"] == "4002"
    assert connected.vault[0]["refresh_token"] == 0


def test_the_wrong_company_is_handed_back_and_the_next_browser_is_fresh(tmp_path: Path) -> None:
    marks = walked(tmp_path, "wrong_company").marks
    refused = marks["refused"]
    assert refused.step == "sign-in"
    assert refused.revoked == [True]
    assert refused.requests(REVOKE) == [(REVOKE, "revoked", ANNAS)]
    assert refused.vault == []
    # The first browser was signed in; this one sent no cookie, so the server began a new session and asks who it is.
    assert refused.more["sessions"] == 2
    assert refused.more["known"] is False

    second = marks["second company"]
    assert second.stored == [("user", str(COPY))]
    assert second.vault[0]["refresh_token"] == 1
    assert second.revoked == [True, False]
    assert second.codes == second.attempts == 2


def test_the_request_with_the_code_never_leaves_the_engine(tmp_path: Path) -> None:
    told = walked(tmp_path, "loopback_redirect")
    confirm = told.marks["confirm"]
    assert confirm.requests()[0] == (TOKEN, "authorization_code", ANNAS)
    assert confirm.more["arrived"] == []
    assert told.notes["listener"] == ["/alive"]  # it did listen: only the test itself ever came
