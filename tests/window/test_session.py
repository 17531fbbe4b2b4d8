"""What a session does before the walk has begun, and with what escapes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from PySide6.QtWidgets import QApplication

from assistant.journey import Event, Step, begin, events, step
from assistant.window.main_window import MainWindow
from assistant.window.session import Session
from assistant.window.tour import practice_setting, tour_window
from tests.window.preview_look import destroy


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path) -> Iterator[Session]:
    setting = practice_setting(tmp_path)
    window = tour_window(setting)
    yield Session(window, setting)
    destroy(window)


def begun_with(session: Session) -> list[Event]:
    """What the walk hears when it begins."""
    return [] if session._early is None else [session._early]


def test_who_presses_again_because_nothing_happens_skips_no_page(session: Session) -> None:
    for _ in range(3):
        session.window.happened.emit(events.Continue())
    assert begun_with(session) == [events.Continue()]


def test_leaving_counts_whatever_was_pressed_before(session: Session) -> None:
    session.window.happened.emit(events.Continue())
    session.window.happened.emit(events.Leave())
    session.window.happened.emit(events.Continue())
    assert begun_with(session) == [events.Leave()]


def test_a_fault_ends_at_a_problem_page_and_is_told_without_its_text(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    state = begin(session.setting.integration)[0]

    def send(event: Event) -> None:
        nonlocal state
        state = step(state, event)[0]
        session.window.show_state(state)

    walk: Any = SimpleNamespace(send=send)
    session.walk = walk
    try:
        raise ValueError("canary-text")
    except ValueError as fault:
        session.faulted(fault)
    assert state.step is Step.PROBLEM
    assert state.problem is not None
    assert state.problem.code == "START-03"
    window: MainWindow = session.window
    assert window.wizard.shown is window.wizard.problem
    told = capsys.readouterr().err
    assert "START-03" in told
    assert "ValueError" in told
    assert "canary-text" not in told
