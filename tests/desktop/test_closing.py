"""However the program is ended, it ends: exit code 0 where it was asked, and no process of the engine left."""

from __future__ import annotations

import signal

import pytest

from tests.desktop.desktop import Desktop
from tests.desktop.program import Program, listed, program
from tests.desktop.walking import sign_in, to_sign_in


def engine_processes(window: Program) -> list[int]:
    """Those of the engine that were started."""
    return [seen.pid for seen in window.watch.children if b"QtWebEngineProcess" in seen.arguments]


@pytest.mark.parametrize(
    "ending",
    ["SIGTERM", pytest.param("SIGINT", marks=pytest.mark.long), pytest.param("close button", marks=pytest.mark.long)],
)
def test_ended_with_the_sign_in_page_open(here: Desktop, ending: str) -> None:
    with program(here, "--practice") as window:
        to_sign_in(window)
        assert engine_processes(window)
        if ending == "close button":
            window.ask_to_close()
        else:
            window.process.send_signal(signal.Signals[ending])
        assert window.ended() == 0  # leaving the block also waits until all it started is gone
    assert b"Traceback" not in window.output
    assert listed(here, "--practice") == []


def test_escape_on_the_first_page_closes(here: Desktop) -> None:
    with program(here, "--practice") as window:
        window.screen.wait_for("Start")
        window.keyboard.press("Escape")
        assert window.ended() == 0


@pytest.mark.long
def test_closed_while_the_company_is_to_be_confirmed(here: Desktop) -> None:
    with program(here, "--practice") as window:
        to_sign_in(window)
        sign_in(window)
        window.screen.wait_for("Is this the right company?")
        assert window.close() == 0
    assert listed(here, "--practice") == []


@pytest.mark.long
def test_killed_without_a_word_leaves_no_engine(here: Desktop) -> None:
    with program(here, "--practice") as window:
        to_sign_in(window)
        window.process.kill()
        assert window.ended() == -signal.SIGKILL
