"""Situations end where they say, in the real engine, with what the server saw and what the vault holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.practice.scenarios import SCENARIOS
from tests.ends.pairs import LONG, MOUNTED, PAIRS, QUICK, SLOW, SLOW_BATCH, Ended, batches, expected, walk_through
from tests.ends.storing import STORING, may_mount, parted
from tests.window.walked import ROOT, Mark


def _hold(folder: Path, names: tuple[str, ...]) -> None:
    found = {ended.name: ended.faults() for ended in walk_through(folder, names)}
    assert found == {name: [] for name in names}


def test_one_of_each_family_ends_where_it_says(tmp_path: Path) -> None:
    _hold(tmp_path, QUICK)


@pytest.mark.long
@pytest.mark.parametrize("names", batches(LONG), ids=lambda names: names[0])
def test_the_others_end_where_they_say(names: tuple[str, ...], tmp_path: Path) -> None:
    _hold(tmp_path, names)


@pytest.mark.long
@pytest.mark.timeout(150)
@pytest.mark.parametrize("names", batches(SLOW, SLOW_BATCH), ids=lambda names: names[0])
def test_those_that_end_by_a_limit_end_where_they_say(names: tuple[str, ...], tmp_path: Path) -> None:
    _hold(tmp_path, names)


@pytest.mark.long
def test_those_that_take_a_mount_end_where_they_say(tmp_path: Path) -> None:
    if not may_mount(tmp_path):
        pytest.skip("this machine lets nobody mount")
    _hold(tmp_path, MOUNTED)


def test_a_lost_answer_is_the_only_excuse_for_a_refresh_token_that_lives_on() -> None:
    """What a walk says of its tokens is not left to its name: only where Fortnox gave them to nobody may one live."""
    told = {"step": "problem", "problem": "TOKEN-03", "account": "service", "attempt": 1, "held": False}
    told |= {"replaced": None, "log": [], "codes": 1, "vault": [], "opened": [], "steps": []}
    alive = Mark.of(told | {"tokens": [{"revoked": False}]})
    gone = Mark.of(told | {"tokens": [{"revoked": True}]})
    for name in ("exchange-html", "exchange-slow", "wrong-token-type"):
        assert "1 refresh tokens are neither" in str(Ended(name, ("TOKEN-03",), "TOKEN-03", None, alive).faults())
        assert "refresh" not in str(Ended(name, ("TOKEN-03",), "TOKEN-03", None, gone).faults())
    assert "refresh" not in str(Ended("exchange-half", ("TOKEN-03",), "TOKEN-03", None, alive).faults())


def test_there_are_sixty_pairs_of_every_family() -> None:
    pairs = {(name, expected(name)) for name in PAIRS}
    assert len(pairs) == len(PAIRS) >= 60
    stages = {each.stage for each in SCENARIOS.values()}
    assert {SCENARIOS[part].stage for name in QUICK for part in parted(name)[0]} == stages
    assert {SCENARIOS[part].stage for name in LONG for part in parted(name)[0]} == stages
    assert {trouble for _, _, trouble in (name.partition("@") for name in PAIRS) if trouble} == set(STORING)


def test_the_page_lists_the_pairs() -> None:
    page = (ROOT / "docs" / "ends.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \|[^|]*\|[^|]*\| ([^ |]+) \|", page, re.MULTILINE)
    assert [name for name, _ in rows] == list(PAIRS), "run: python -m tests.ends > docs/ends.md"
    assert all(outcome in expected(name) for name, outcome in rows)
    assert re.search(r"the last run was on \d{4}-\d\d-\d\d", page)
