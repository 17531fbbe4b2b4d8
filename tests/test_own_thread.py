from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assistant.own_thread import OwnThread

CHECKOUT = Path(__file__).parents[1]


def test_calls_are_made_in_turn_on_one_thread() -> None:
    thread = OwnThread("test")
    answers = [thread.submit(lambda number=number: (number, threading.current_thread().name)) for number in range(20)]
    assert [answer.result(5) for answer in answers] == [(number, "test") for number in range(20)]


def test_a_failure_reaches_who_waits_and_the_thread_goes_on() -> None:
    thread = OwnThread("test")
    with pytest.raises(ZeroDivisionError):
        thread.within(5, lambda: 1 // 0)
    with pytest.raises(TimeoutError, match="its own"):
        thread.within(5, fail_with_a_timeout)
    with pytest.raises(SystemExit):
        thread.within(5, sys.exit)
    assert thread.within(5, lambda: "on") == "on"


def fail_with_a_timeout() -> None:
    raise TimeoutError("its own")


def test_a_late_call_ends_and_one_given_up_never_begins() -> None:
    thread, let_go, done = OwnThread("test"), threading.Event(), []
    with pytest.raises(TimeoutError):
        thread.within(0.05, lambda: (let_go.wait(5), done.append("late")))
    with pytest.raises(TimeoutError):
        thread.within(0.05, lambda: done.append("given up"))
    let_go.set()
    thread.within(5, lambda: done.append("next"))
    assert done == ["late", "next"]


def test_a_hanging_call_does_not_keep_a_program_from_ending() -> None:
    script = (
        "import time; from assistant.own_thread import OwnThread\n"
        "try: OwnThread('t').within(0.1, lambda: time.sleep(60))\n"
        "except TimeoutError: print('late')"
    )
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, timeout=30, check=True
    )
    assert (done.stdout, done.stderr) == ("late\n", "")
    assert time.monotonic() - begun < 15
