"""The list of situations in the documentation is the one in the code."""

from __future__ import annotations

from pathlib import Path

from assistant.practice.__main__ import markdown
from assistant.practice.scenarios import SCENARIOS
from assistant.practice.switches import Stage


def test_the_page_is_up_to_date() -> None:
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs" / "practice.md").read_text(encoding="utf-8")
    assert page == markdown(), "run: python -m assistant.practice > docs/practice.md"
    for scenario in SCENARIOS.values():
        assert f"`{scenario.name}`" in page or scenario.stage is Stage.NETWORK
