"""Situations end where they say, in the real engine, with what the server saw and what the vault holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.practice.scenarios import SCENARIOS
from tests.ends.pairs import LONG, PAIRS, QUICK, batches, expected, walk_through
from tests.window.walked import ROOT


def _hold(folder: Path, names: tuple[str, ...]) -> None:
    found = {ended.name: ended.faults() for ended in walk_through(folder, names)}
    assert found == {name: [] for name in names}


def test_one_of_each_family_ends_where_it_says(tmp_path: Path) -> None:
    _hold(tmp_path, QUICK)


@pytest.mark.long
@pytest.mark.parametrize("names", batches(LONG), ids=lambda names: names[0])
def test_the_others_end_where_they_say(names: tuple[str, ...], tmp_path: Path) -> None:
    _hold(tmp_path, names)


def test_there_are_sixty_pairs_of_every_family() -> None:
    pairs = {(name, expected(name)) for name in PAIRS}
    assert len(pairs) == len(PAIRS) >= 60
    stages = {each.stage for each in SCENARIOS.values()}
    assert {SCENARIOS[part].stage for name in QUICK for part in name.split("+")} == stages
    assert {SCENARIOS[part].stage for name in LONG for part in name.split("+")} == stages


def test_the_page_lists_the_pairs() -> None:
    page = (ROOT / "docs" / "ends.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \|[^|]*\|[^|]*\| ([^ |]+) \|", page, re.MULTILINE)
    assert [name for name, _ in rows] == list(PAIRS), "run: python -m tests.ends > docs/ends.md"
    assert all(outcome in expected(name) for name, outcome in rows)
    assert re.search(r"the last run was on \d{4}-\d\d-\d\d", page)
