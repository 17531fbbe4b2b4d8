"""How a connection is doing, told from what is stored."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import language
from assistant.connections.health import (
    CHECK_AFTER,
    ENDS_SOON,
    KEEP_ALIVE_SEEN,
    State,
    forecast,
    health,
    keep_alive_problem,
    keeps_alive,
)
from assistant.connections.keeping import DUE, is_due
from assistant.connections.later import CONNECT_AGAIN, later, needs_a_person, told
from assistant.language import languages, placeholders
from assistant.problems import CATALOGUE, occurrence
from assistant.vault.connection import REFRESH_TOKEN_LIFE, Connection
from assistant.vault.rows import KeepAliveRun
from tests.connections.ground import said
from tests.vault.samples import MOMENT, service, user

DAY = timedelta(days=1)
OF_THE_SET_UP_ALONE = ("CHECK-06", "CHECK-12", "TOKEN-19")  # two companies' names, a code's life: not met here
RAN = KeepAliveRun(begun_at=MOMENT, ended_at=MOMENT, due=3, renewed=3)


def state(connection: Connection, after: timedelta = timedelta(), **more: Any) -> State:
    return health(connection, now=MOMENT + after, **more).state


def test_a_new_connection_works() -> None:
    for made in (service(), user()):
        found = health(made, now=MOMENT)
        assert (found.state, found.problem, found.missing_scopes) == (State.WORKS, None, ())


def test_a_service_account_has_no_end_and_wants_a_check_now_and_then() -> None:
    made = service()
    assert forecast(made, now=MOMENT).until is None
    assert state(made, CHECK_AFTER) is State.UNCHECKED
    assert state(replace(made, last_checked=MOMENT + CHECK_AFTER - DAY), CHECK_AFTER) is State.WORKS
    token = replace(made, access_expires_at=MOMENT + CHECK_AFTER)
    assert state(token, CHECK_AFTER) is State.WORKS, "an access token is a proof as well"


def test_a_moment_in_the_future_proves_nothing() -> None:
    made = replace(service(), last_checked=MOMENT + 400 * DAY)
    found = health(made, now=MOMENT + CHECK_AFTER)
    assert (found.state, found.seen_working) == (State.UNCHECKED, MOMENT)


def test_a_user_account_ends_soon_unless_keep_alive_runs() -> None:
    made, late = user(), REFRESH_TOKEN_LIFE - ENDS_SOON + DAY
    assert state(made, late) is State.ENDS_SOON
    lately = replace(RAN, ended_at=MOMENT + late - DAY)
    assert state(made, late, keep_alive=lately) is not State.ENDS_SOON
    assert forecast(made, now=MOMENT + late, keep_alive=lately).renewed_by_itself


def test_after_its_end_it_has_to_be_connected_again() -> None:
    found = health(user(), now=MOMENT + REFRESH_TOKEN_LIFE, keep_alive=replace(RAN, ended_at=MOMENT + 45 * DAY))
    assert (found.state, found.forecast.over, found.forecast.renewed_by_itself) == (State.CONNECT_AGAIN, True, False)
    assert found.problem is not None
    assert found.problem.code == "TOKEN-11"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("TOKEN-11", State.CONNECT_AGAIN),
        ("TOKEN-08", State.CONNECT_AGAIN),
        ("TOKEN-20", State.CONNECT_AGAIN),
        ("STORE-18", State.CONNECT_AGAIN),
        ("CONN-01", State.CONNECT_AGAIN),
        ("CONN-02", State.CONNECT_AGAIN),
        ("STORE-06", State.DAMAGED),
        ("TOKEN-01", State.PROBLEM),
        ("TOKEN-10", State.PROBLEM),
        ("CONN-07", State.PROBLEM),
        ("NOVEL-99", State.WORKS),
    ],
)
def test_what_was_noted_decides(code: str, expected: State) -> None:
    assert state(user(problem=code, problem_at=MOMENT)) is expected
    assert expected.usable is (expected is State.WORKS)


def test_a_gained_permission_is_to_be_approved() -> None:
    made = service(last_checked=MOMENT)
    found = health(made, now=MOMENT, wanted_scopes=("order", "article", "salary", "order"))
    assert (found.state, found.missing_scopes) == (State.APPROVE_AGAIN, ("order", "salary"))
    assert state(made, wanted_scopes=("article",)) is State.WORKS
    dead = replace(made, problem="TOKEN-08", problem_at=MOMENT)
    assert state(dead, wanted_scopes=("order",)) is State.CONNECT_AGAIN


@pytest.mark.parametrize(
    ("run", "alive"),
    [
        (None, False),
        (RAN, True),
        (replace(RAN, ended_at=None), False),
        (replace(RAN, problem="TOKEN-11"), True),
        (replace(RAN, problem="NET-01"), True),
        (replace(RAN, problem="STORE-02"), False),
        (replace(RAN, ended_at=MOMENT - KEEP_ALIVE_SEEN - DAY), False),
    ],
)
def test_whether_keep_alive_runs(run: KeepAliveRun | None, alive: bool) -> None:
    assert keeps_alive(run, now=MOMENT) is alive


def test_what_stopped_keep_alive_can_be_said() -> None:
    assert keep_alive_problem(None) is None
    assert keep_alive_problem(RAN) is None
    found = keep_alive_problem(replace(RAN, problem="STORE-02"))
    assert found is not None
    assert found.code == "STORE-02"
    assert "–" not in said(found), "it names the operating system"
    assert keep_alive_problem(replace(RAN, problem="NOVEL-99")) is None


@given(
    left=st.integers(-100, 100),
    checked=st.none() | st.integers(-100, 100),
    code=st.none() | st.sampled_from([*CATALOGUE, "NOVEL-99"]),
    ran=st.none() | st.integers(-100, 100),
)
def test_every_connection_has_a_state_that_can_be_said(
    left: int, checked: int | None, code: str | None, ran: int | None
) -> None:
    made = user(
        valid_until=MOMENT + left * DAY,
        last_checked=None if checked is None else MOMENT + checked * DAY,
        problem=code,
        problem_at=MOMENT if code else None,
    )
    run = None if ran is None else replace(RAN, ended_at=MOMENT + ran * DAY)
    found = health(made, now=MOMENT, keep_alive=run)
    assert found.state.words
    assert found.seen_working <= MOMENT
    assert found.forecast.over is (left <= 0)
    assert not (found.forecast.renewed_by_itself and left <= 0)
    if found.state is State.WORKS:
        assert found.problem is None
        assert left > 0
    if code is not None and code in CONNECT_AGAIN:
        assert found.state is State.CONNECT_AGAIN
        assert not is_due(made, now=MOMENT)


@pytest.mark.parametrize("code", languages())
def test_states_and_forecasts_differ_in_words(code: str) -> None:
    language.use(code)
    assert len({each.words for each in State}) == len(State)
    made, end = user(), MOMENT + REFRESH_TOKEN_LIFE
    lately = replace(RAN, ended_at=end - DAY)
    told_of = [
        forecast(service(), now=MOMENT).words,
        forecast(made, now=MOMENT).words,
        forecast(made, now=end - DAY, keep_alive=lately).words,
        forecast(made, now=end).words,
    ]
    assert len(set(told_of)) == 4
    date = end.astimezone().date().isoformat()
    assert [date in each for each in told_of] == [False, True, True, True]


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("problem", sorted(CATALOGUE))
def test_a_stored_problem_has_no_gap_in_its_words(problem: str, code: str) -> None:
    """Nobody stored the vendor's number or the moment's facts with a connection."""
    language.use(code)
    made = user(problem=problem, problem_at=MOMENT)
    found = told(problem, made)
    assert found is not None
    shown = said(found)
    assert not re.search(r"[{}]", shown)
    if needs_a_person(found) and problem not in OF_THE_SET_UP_ALONE:
        families = ("TOKEN", "CHECK", "CONN", "AUTH", "STORE")
        missing = set().union(*map(placeholders, found.problem.texts)) - set(found.facts) - {"phone"}
        assert not missing or not problem.startswith(families), missing


def test_set_up_words_are_not_used_later() -> None:
    for code in ("TOKEN-01", "TOKEN-03", "TOKEN-08", "TOKEN-14", "CHECK-01", "CHECK-05", "CHECK-08"):
        problem = later(occurrence(code, {"HTTP status": 400}), user())
        assert problem.code.startswith("CONN-")
        assert "Nothing is saved" not in said(problem)
        assert dict(problem.details) == {"HTTP status": "400", "Answer": code}


def test_what_passes_by_itself_needs_nobody() -> None:
    assert not needs_a_person(occurrence("NET-01"))
    assert not needs_a_person(occurrence("STORE-02"))
    assert not needs_a_person(occurrence("TOKEN-13"))
    assert not needs_a_person(occurrence("CONN-04"))
    assert needs_a_person(occurrence("STORE-06"))
    assert needs_a_person(occurrence("TOKEN-10"))


@given(st.integers(0, 46 * 24))
def test_what_is_due(hours: int) -> None:
    now: datetime = MOMENT + timedelta(hours=hours)
    assert is_due(user(), now=now) is (REFRESH_TOKEN_LIFE - timedelta(hours=hours) < DUE)
    assert not is_due(service(), now=now)
    assert is_due(user(valid_until=None), now=now)


@pytest.mark.parametrize(
    ("code", "renews"), [("STORE-06", True), ("STORE-14", True), ("STORE-18", True), ("STORE-02", False),
                         ("STORE-08", False), ("STORE-10", False), ("NET-02", True)]
)  # fmt: skip
def test_one_connection_that_was_not_renewed_says_nothing_of_the_others(code: str, renews: bool) -> None:
    assert keeps_alive(replace(RAN, problem=code), now=MOMENT) is renews


def test_an_end_that_only_a_clock_ahead_can_have_written_is_due_and_not_promised() -> None:
    made = user(connected_at=MOMENT - 10 * DAY, valid_until=MOMENT + REFRESH_TOKEN_LIFE + 30 * DAY)
    assert is_due(made, now=MOMENT)
    found = forecast(made, now=MOMENT, keep_alive=RAN)
    assert (found.until, found.over, found.renewed_by_itself) == (None, False, True)
    assert found.words not in (forecast(service(), now=MOMENT).words, forecast(user(), now=MOMENT).words)
    assert "20" not in found.words, "no date"
    assert state(made) is State.UNCHECKED
    assert state(replace(made, problem="TOKEN-11", problem_at=MOMENT)) is State.CONNECT_AGAIN


def test_a_clock_that_was_set_back_a_little_changes_nothing() -> None:
    made = user(valid_until=MOMENT + REFRESH_TOKEN_LIFE + timedelta(minutes=4))
    assert not is_due(made, now=MOMENT)
    assert forecast(made, now=MOMENT).until == made.valid_until


@pytest.mark.parametrize(("ahead", "alive"), [(timedelta(minutes=4), True), (DAY, False), (400 * DAY, False)])
def test_a_run_that_ended_in_the_future_says_nothing_of_today(ahead: timedelta, alive: bool) -> None:
    assert keeps_alive(replace(RAN, ended_at=MOMENT + ahead), now=MOMENT) is alive
