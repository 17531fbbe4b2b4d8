"""Wrong answers and lost ones in the window's journey: the problem, nothing stored, and a way on that completes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.window.walked import COMPANY, PERSON, REVOKE, TOKEN, walked

ANNAS = 1_100_017
TOKEN_PROBLEMS = {
    "html": "TOKEN-03",
    "redirect": "TOKEN-06",
    "5 MB": "TOKEN-05",
    "no fields": "TOKEN-03",
    "answer lost": "TOKEN-04",
    "answer cut": "TOKEN-04",
    "server fault": "NET-06",
}


@pytest.mark.provokes("TOKEN-03", "TOKEN-04", "TOKEN-05", "TOKEN-06", "NET-06")
def test_token_endpoint_faults(tmp_path: Path) -> None:
    marks = walked(tmp_path, "token_faults").marks
    for name, code in TOKEN_PROBLEMS.items():
        mark = marks[name]
        assert (mark.step, mark.problem) == ("problem", code), name
        assert len(mark.requests(since=mark.more["since"])) == 1, "a code is exchanged once, and nothing else is tried"
        assert mark.vault == []
    issued = [len(marks[name].tokens) for name in ("no fields", "answer lost", "answer cut")]
    assert issued == [0, 1, 2], "Fortnox gave tokens that never arrived: nothing of them is stored, and nobody asks"
    done = marks["done"]
    assert done.attempts == done.codes == len(TOKEN_PROBLEMS) + 1
    assert done.stored == [("service", str(ANNAS))]


@pytest.mark.provokes("CHECK-02", "CHECK-06", "TOKEN-08", "NET-06")
def test_a_connection_that_is_not_proved_is_not_made(tmp_path: Path) -> None:
    marks = walked(tmp_path, "company_faults").marks

    nameless = marks["nameless"]
    assert nameless.problem == "CHECK-02"
    assert [path for path, _, _ in nameless.requests(since=nameless.more["since"])] == [TOKEN, COMPANY, REVOKE]

    another = marks["another"]
    assert another.problem == "CHECK-06"
    calls = [path for path, _, _ in another.requests(since=another.more["since"])]
    assert calls == [TOKEN, COMPANY, TOKEN, COMPANY, REVOKE]

    refused = marks["refused"]
    assert refused.problem == "TOKEN-08"
    assert [path for path, _, _ in refused.requests(since=refused.more["since"])] == [TOKEN, COMPANY, TOKEN, REVOKE]

    for mark in (nameless, another, refused):
        assert mark.vault == []  # no silent fallback to a user account
        assert all(mark.revoked)
        assert PERSON not in [entry.path for entry in mark.log]

    unavailable = marks["unavailable"]
    assert unavailable.problem == "NET-06"
    assert unavailable.held
    assert unavailable.vault == []
    done = marks["done"]
    assert done.requests(since=done.more["since"])[0] == (TOKEN, "authorization_code", ANNAS)
    assert [path for path, _, _ in done.requests(since=done.more["since"])] == [TOKEN, COMPANY, COMPANY, PERSON]
    assert done.stored == [("user", str(ANNAS))]
    assert done.vault[0]["refresh_token"] == 3
