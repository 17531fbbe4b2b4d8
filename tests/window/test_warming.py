"""Starting the engine while earlier pages are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from assistant.window import warming
from assistant.window.warming import begin_warming, engine_files, read_ahead
from tests.window.test_browser import Scenario, scenario

__all__ = ["scenario"]


def test_engine_runs_before_the_first_sign_in_and_the_window_stays_alive(scenario: Scenario) -> None:
    told = scenario("warmed")
    assert told.of("warmed") == [[None]]
    assert len(told.of("redirected")) == 1
    # A loaded machine makes any limit on time flaky; the measured gap belongs to the bench. Frozen it must not be.
    assert told.of("longest gap")[0][0] < 2_000


@pytest.mark.provokes("WEB-04")
def test_missing_engine_process_is_a_problem(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(warming, "engine_process", lambda: tmp_path / "QtWebEngineProcess")
    monkeypatch.setattr(warming, "engine_files", tuple)
    monkeypatch.setattr(warming, "engine_libraries", tuple)
    told: list[str | None] = []
    started = begin_warming(lambda problem: told.append(problem.code if problem else None))
    qtbot.waitUntil(lambda: bool(told), timeout=5_000)
    assert told == ["WEB-04"]
    started.stop()


def test_missing_modules_are_a_problem(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "engine_files", tuple)
    monkeypatch.setattr(warming, "engine_libraries", tuple)

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(warming.importlib, "import_module", missing)
    told: list[str | None] = []
    started = begin_warming(lambda problem: told.append(problem.code if problem else None))
    qtbot.waitUntil(lambda: bool(told), timeout=5_000)
    assert told == ["WEB-04"]
    started.stop()


def test_engine_files_are_found_and_what_is_missing_is_left(tmp_path: Path) -> None:
    found = engine_files()
    assert any(path.suffix == ".pak" and path.is_file() for path in found)
    read_ahead([tmp_path / "missing"])
