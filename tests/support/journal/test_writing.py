"""The journal's file through kills, full disks, read-only folders and many attempts."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.journey import Step
from assistant.support.journal import Journal, Outcome, attempts, journal_folder, unfinished
from assistant.support.journal.events import Page, SelfTested
from assistant.support.journal.writing import KEPT, MOST_BYTES

ROOT = Path(__file__).parents[3]
WRITING = [sys.executable, "-m", "tests.support.journal.writing_process"]
posix = pytest.mark.skipif(os.name != "posix", reason="needs signals and limits of POSIX")


def note(journal: Journal, number: int = 1) -> None:
    journal.note(SelfTested(failures=number, not_checked=0, seconds=0.5))


def numbers(folder: Path) -> list[int]:
    (attempt,) = attempts(folder)
    return [int(str(each.values["failures"])) for each in attempt.entries if each.event == "self-test"]


@posix
def test_a_kill_loses_the_last_line_at_most(tmp_path: Path) -> None:
    chance = random.Random(7)
    for trial in range(8):
        folder = tmp_path / str(trial)
        process = subprocess.Popen([*WRITING, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "0\n"
        time.sleep(chance.random() * 0.03)
        process.kill()
        with process.stdout:
            told = [0, *(int(line) for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n"))]
        assert process.wait(timeout=10) == -signal.SIGKILL
        found = numbers(folder)
        assert found == list(range(len(found))), "nothing is missing between"
        assert len(found) > told[-1], "what was noted is there"
        cut = unfinished(folder)
        assert cut is not None
        assert (cut.support_code, cut.cut_off, cut.running) == ("K7P-4M2", True, False)
        assert cut.unreadable <= 1


@posix
@pytest.mark.parametrize("limit", [200, 431, 1000])
def test_a_full_disk_stops_nobody(tmp_path: Path, limit: int) -> None:
    """The file may grow no further: the line that no longer fits is cut in two, and the program goes on."""
    done = subprocess.run(
        [*WRITING, str(tmp_path), str(limit)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.splitlines()[-2] == "39"
    found = numbers(tmp_path)
    assert found == list(range(len(found)))
    assert int(done.stdout.rpartition("lost ")[2]) == 40 - len(found)


@posix
def test_after_a_full_disk_the_next_line_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path, "K7P-4M2")
    note(journal, 1)
    real = os.write
    monkeypatch.setattr("os.write", lambda handle, line: real(handle, line[:25]))
    note(journal, 2)
    monkeypatch.setattr("os.write", real)
    note(journal, 3)
    journal.close()
    assert numbers(tmp_path) == [1, 3]
    assert journal.lost == 1
    assert attempts(tmp_path)[0].unreadable == 1


@pytest.mark.parametrize("place", ["under-a-file", "read-only"])
def test_where_nothing_can_be_written_nothing_is(tmp_path: Path, place: str) -> None:
    if place == "under-a-file":
        (tmp_path / "file").write_text("")
        folder = tmp_path / "file" / "journal"
    else:
        folder = Path("/proc/journal") if Path("/proc/version").exists() else tmp_path / "no"
        if not Path("/proc/version").exists():
            tmp_path.chmod(0o500)
    journal = Journal(folder, "K7P-4M2")
    for number in range(3):
        note(journal, number)
    journal.wish_failed("Store", "STORE-09")
    journal.end(Outcome.LEFT)
    assert journal.path is None
    assert journal.lost == 5
    assert attempts(folder) == ()
    assert unfinished(folder) is None


def test_a_folder_that_is_taken_away_stops_nobody(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", "K7P-4M2")
    for path in (tmp_path / "journal").iterdir():
        path.unlink()
    (tmp_path / "journal").rmdir()
    note(journal)
    journal.end(Outcome.LEFT)


def test_a_wrong_support_code_stops_nobody(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "../../somewhere")
    note(journal)
    assert journal.path is None
    assert list(tmp_path.iterdir()) == []


def test_of_twenty_five_attempts_twenty_are_kept(tmp_path: Path) -> None:
    begun = datetime(2026, 11, 23, 12, tzinfo=UTC)
    for number in range(25):
        code = f"K7P-4{'23456789ABCDEFGHKLMNPRSTUV'[number]}2"
        journal = Journal(tmp_path, code, clock=lambda number=number: begun + timedelta(minutes=number))
        note(journal, number)
        journal.end(Outcome.CONNECTED)
    kept = attempts(tmp_path)
    assert len(kept) == KEPT == 20
    assert [attempt.entries[0].values["failures"] for attempt in kept] == list(range(24, 4, -1))
    assert len(list(tmp_path.iterdir())) <= 2 * KEPT, "the locks of what is gone are gone"


def test_an_attempt_has_a_size(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "K7P-4M2")
    for number in range(4000):
        note(journal, number)
    journal.end(Outcome.CONNECTED)
    assert journal.path is not None
    assert journal.path.stat().st_size <= MOST_BYTES
    (attempt,) = attempts(tmp_path)
    assert attempt.unreadable == 0
    assert [each.event for each in attempt.entries[-2:]] == ["full", "ended"]
    assert not attempt.cut_off


@posix
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        journal = Journal(tmp_path / "journal", "K7P-4M2")
    finally:
        os.umask(before)
    assert journal.path is not None
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700


def test_practice_has_a_folder_of_its_own(tmp_path: Path) -> None:
    assert journal_folder(tmp_path / "connections.json") == tmp_path / "connections-journal"
    assert journal_folder(tmp_path / "practice.json") == tmp_path / "practice-journal"


def test_an_attempt_that_ended_or_still_runs_is_not_cut_off(tmp_path: Path) -> None:
    first = Journal(tmp_path, "K7P-4M2")
    first.note(Page(step=Step.SIGN_IN))
    assert unfinished(tmp_path, besides=first) is None
    second = Journal(tmp_path, "K7P-4M3")
    assert unfinished(tmp_path, besides=second) is None, "the first still runs: a window beside this one"
    first.close()
    cut = unfinished(tmp_path, besides=second)
    assert cut is not None
    assert (cut.support_code, cut.step, cut.outcome) == ("K7P-4M2", "sign-in", None)
    second.end(Outcome.PROBLEM)
    assert unfinished(tmp_path) is None, "the one after it ended as it should"
    assert attempts(tmp_path)[0].outcome == "problem"


def test_two_in_a_second_have_files_of_their_own(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
    both = [Journal(tmp_path, "K7P-4M2", clock=lambda: moment) for _ in range(2)]
    for number, journal in enumerate(both):
        note(journal, number)
        journal.end(Outcome.LEFT)
    assert [attempt.entries[0].values["failures"] for attempt in attempts(tmp_path)] == [1, 0] or [
        attempt.entries[0].values["failures"] for attempt in attempts(tmp_path)
    ] == [0, 1]
    assert len(attempts(tmp_path)) == 2


def test_what_effects_tell_of_becomes_an_event(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "K7P-4M2")
    journal.wish_failed("ExchangeCode", "TOKEN-04")
    journal.wish_failed("https://x.example/?code=1", "TOKEN-04")
    journal.wish_failed("Store", "a text")
    journal.close()
    assert [each.values for each in attempts(tmp_path)[0].entries] == [{"wish": "ExchangeCode", "code": "TOKEN-04"}]


@pytest.mark.alone
def test_an_event_costs_no_more_than_a_few_bare_writes(tmp_path: Path) -> None:
    """It is written on whatever thread it happens, the window's too: no queue, which a kill would lose."""
    journal = Journal(tmp_path / "journal", "K7P-4M2", most_bytes=10**9)
    bare = os.open(tmp_path / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    line = b"x" * 100 + b"\n"

    def took(what: object, times: int = 500) -> float:
        began = time.perf_counter()
        for _ in range(times):
            what()  # type: ignore[operator]
        return (time.perf_counter() - began) / times

    ratios = []
    for _ in range(7):
        plain = took(lambda: os.write(bare, line))
        ratios.append(took(lambda: note(journal)) / plain)
    os.close(bare)
    journal.close()
    assert sorted(ratios)[3] < 60, ratios
