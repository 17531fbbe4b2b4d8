"""Kills in the suite: five at each named point or random moment. `python -m tests.kills` makes 360."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.practice.server import PracticeServer
from tests.kills.table import table
from tests.kills.trial import AFTER, BEFORE, BETWEEN, POINTS, RANDOM, Trials

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")


@pytest.fixture
def trials(tmp_path: Path) -> Iterator[Trials]:
    with PracticeServer().in_thread() as running:
        yield Trials(running, tmp_path / "connections.db", seed=2)
        assert running.crashes == []


@pytest.mark.parametrize("point", BEFORE + AFTER)
def test_killed_before_the_request_or_after_the_commit_a_token_is_had(trials: Trials, point: str) -> None:
    outcomes = [trials.at(point) for _ in range(4)]
    assert [(each.used_up, each.then, each.whole) for each in outcomes] == [(False, "token", True)] * 4


@pytest.mark.parametrize("point", BETWEEN)
def test_killed_in_between_the_loss_is_said(trials: Trials, point: str) -> None:
    outcomes = [trials.at(point) for _ in range(4)]
    assert [(each.used_up, each.then, each.whole) for each in outcomes] == [(True, "TOKEN-11 unknown", True)] * 4


def test_killed_at_random(trials: Trials) -> None:
    outcomes = [trials.at(RANDOM) for _ in range(12)]
    assert all(each.right for each in outcomes), table(outcomes)


@pytest.mark.long
def test_killed_more_than_three_hundred_times(trials: Trials) -> None:
    outcomes = [trials.at(point) for point in (*(POINTS * 20), *((RANDOM,) * 160))]
    assert all(each.right for each in outcomes), table(outcomes)
    assert sum(each.killed for each in outcomes) >= 300
    assert {each.then for each in outcomes if each.point == RANDOM} == {"token", "TOKEN-11 unknown"}
