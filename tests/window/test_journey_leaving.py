"""Back, Cancel, close and double presses at every step of the window's journey leave vault and server clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.window.walked import AUTHORIZE, REVOKE, TOKEN, Mark, walked

PROMPT_SECONDS = 4.0
NOTHING_SENT = ("welcome", "account", "permissions", "sign-in", "sign-in shown", "consent", "problem")
HANDED_BACK = ("exchanging", "reading", "confirm", "not saved")
KEPT = ("saving", "done")  # the yes had been said


def check(place: str, mark: Mark) -> None:
    assert mark.step == "closed"
    assert mark.more["hidden"], "the window stayed while it was cleaned up"
    assert mark.more["seconds"] < PROMPT_SECONDS
    if place in NOTHING_SENT:
        assert mark.requests() == []
        assert mark.tokens == []
    if place in ("welcome", "account", "permissions"):
        assert mark.attempts == 0
    if place in HANDED_BACK:
        assert [outcome for _, outcome, _ in mark.requests(REVOKE)] == ["revoked"]
        assert mark.revoked == [True]
    if place in KEPT:
        assert mark.requests(REVOKE) == []
        assert mark.revoked == [False]
    assert mark.stored == ([("service", "1100017")] if place in KEPT else [])


@pytest.mark.parametrize(
    ("places", "how"),
    [
        ("welcome,account,permissions", "close"),
        ("sign-in", "close"),
        ("sign-in shown", "close"),
        ("exchanging,reading,confirm", "close"),
        ("saving", "close"),
        ("done,problem,not saved", "close"),
        ("sign-in,account,permissions,consent,sign-in shown,welcome", "cancel"),
        ("exchanging,reading,confirm,saving,done,not saved,problem", "cancel"),
        ("welcome,account,problem,confirm,permissions", "escape"),
    ],
)
def test_leaving(tmp_path: Path, places: str, how: str) -> None:
    """The last place of each line is where the process ends."""
    marks = walked(tmp_path, "leave", f"{places}:{how}").marks
    assert list(marks) == places.split(",")
    for place, mark in marks.items():
        check(place, mark)


def test_back_everywhere(tmp_path: Path) -> None:
    marks = walked(tmp_path, "back").marks
    back = marks["back"]
    assert back.steps == [
        "welcome", "account", "permissions", "sign-in", "permissions", "account", "welcome", "account", "permissions",
        "sign-in", "permissions", "sign-in", "permissions", "sign-in", "problem", "permissions",
    ]  # fmt: skip
    assert back.requests() == []
    assert back.codes == 0
    assert back.vault == []
    done = marks["done"]
    assert done.codes == 1
    assert done.requests(TOKEN) == [(TOKEN, "authorization_code", 1_100_017), (TOKEN, "client_credentials", 1_100_017)]
    assert done.stored == [("service", "1100017")]


def test_nothing_is_skipped_or_begun_twice(tmp_path: Path) -> None:
    done = walked(tmp_path, "twice").marks["done"]
    assert done.more["pressed"] == [
        "account", "permissions", "account", "permissions", "sign-in", "permissions", "account", "welcome",
        "account", "permissions", "sign-in",
        2, 1, 1,
    ]  # fmt: skip
    assert done.attempts == done.attempt == 4
    assert done.codes == 2
    assert len(done.requests(REVOKE)) == 1
    assert done.stored == [("service", "1100017")]
    assert done.opened == ["https://lagerkoll.example/login"]


def test_forwards_and_back_at_once(tmp_path: Path) -> None:
    confirm = walked(tmp_path, "again_at_once").marks["confirm"]
    assert confirm.attempt == 12
    assert confirm.attempts <= 12
    assert {entry.outcome for entry in confirm.log if entry.path == AUTHORIZE} <= {"accepted", "head_refused", "cut"}
    assert confirm.codes == 1
    assert confirm.requests(REVOKE) == []
    assert confirm.tokens == [{"tenant_id": 1_100_017, "service": True, "revoked": False, "used": False}]
