"""Standing still at the real sign-in page: help is offered beside it, and goes when something moves."""

from __future__ import annotations

from pathlib import Path

from tests.window.walked import walked


def test_help_comes_and_goes_beside_the_real_page(tmp_path: Path) -> None:
    marks = walked(tmp_path, "standing_still").marks
    offered = marks["offered"].more
    assert offered["pages"] == 1
    assert not offered["modal"]
    assert offered["height"] > offered["before"] / 2, "the web page keeps most of the window"
    moved = marks["moved"].more
    assert (moved["level"], moved["visible"], moved["pages"]) == (0, False, 2)
    assert marks["started over"].attempt == 2
    assert not marks["started over"].more["visible"]
    done = marks["done"]
    assert done.stored == [("service", "1100017")]
    assert done.attempts == 2
    assert done.codes == 1
