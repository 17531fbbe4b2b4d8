"""Nothing blocks the window: a heartbeat through the whole tour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.window.walked import walked

LONGEST_MS = 200
RUNS = 3
"""Machines are noisy: the best of so many counts."""


@pytest.mark.alone
@pytest.mark.timeout(200)
def test_no_gap_in_the_heartbeat_but_one_engine_start(tmp_path: Path) -> None:
    """One gap is allowed until the engine has started, after the first paint; none later."""
    seen: list[list[dict[str, Any]]] = []
    for run in range(RUNS):
        folder = tmp_path / str(run)
        folder.mkdir()
        tour = walked(folder, "heartbeat").marks["tour"]
        assert tour.more["pages"] == 13
        assert "1100025" in tour.more["tenants"]
        assert tour.more["beats"] > 100
        for gap in tour.more["gaps"]:
            print(gap)
        long = [gap for gap in tour.more["gaps"] if gap["ms"] > LONGEST_MS]
        seen.append(long)
        while_starting = [gap for gap in long if gap["at"] < tour.more["engine"]]
        if len(while_starting) <= 1 and while_starting == long:
            return
    pytest.fail(f"gaps over {LONGEST_MS} ms in each of {RUNS} runs: {seen}")
