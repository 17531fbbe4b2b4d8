"""The job as a value: its name, its words, its time, and what cannot be written down at all."""

from __future__ import annotations

import plistlib
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.schedule.job import time_of_day, written
from assistant.schedule.launchd import agent
from assistant.schedule.systemd import service_text
from assistant.schedule.task_scheduler import task_text
from tests.schedule.jobs import job

SID = "S-1-5-21-1-2-3-1001"


def test_practice_is_another_job() -> None:
    usual, practice = job("/opt/a"), job("/opt/a", practice=True)
    assert usual.words == ("/opt/a", "keep-alive")
    assert practice.words == ("/opt/a", "keep-alive", "--practice")
    assert usual.name == "setup-assistant.keep-alive"
    assert practice.name == "setup-assistant.keep-alive-practice"


ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,20}(\.[A-Za-z0-9][A-Za-z0-9_-]{0,20}){0,3}", fullmatch=True)


@given(ids, ids, st.booleans(), st.booleans())
def test_two_jobs_never_share_a_name(one: str, other: str, practice: bool, other_practice: bool) -> None:
    names = {job(app_id=one, practice=practice).name, job(app_id=other, practice=other_practice).name}
    assert len(names) == (1 if (one, practice) == (other, other_practice) else 2)


@pytest.mark.parametrize("app_id", ["", "..", "../x", "a/b", "a\\b", "a b", "-a", ".a", "a%h", "å", "a\n", "x" * 200])
def test_an_app_id_that_is_no_file_name_is_refused(app_id: str) -> None:
    with pytest.raises(ValueError, match="name of a file"):
        job(app_id=app_id)


@given(st.text())
def test_the_time_is_within_office_hours_and_stays(whose: str) -> None:
    assert time(8) <= time_of_day(whose) < time(16)
    assert time_of_day(whose) == time_of_day(whose)


def test_people_are_spread_over_the_day() -> None:
    times = [time_of_day(f"person {number}") for number in range(1_000)]
    assert max(map(times.count, set(times))) <= 12
    assert {each.hour for each in times} == set(range(8, 16))


@pytest.mark.parametrize("bad", ["\n", "\r", "\0", "\x1b", "\x7f", "\x85", "\udce5", "\uffff", "\ufdd0"])
def test_what_is_no_text_is_refused_by_every_system(bad: str) -> None:
    for where in (job(f"/opt/{bad}/a"), job("/opt/a", folder=f"/opt/{bad}")):
        for text in (service_text, agent, lambda each: task_text(each, SID)):
            with pytest.raises(ValueError, match="cannot be written"):
                text(where)


@given(st.text())
def test_what_is_written_can_be_held_by_every_format(text: str) -> None:
    try:
        written(text)
    except ValueError:
        return
    text.encode("utf-16-le")
    assert plistlib.loads(plistlib.dumps({"text": text})) == {"text": text}
    assert "\n" not in text
    assert "\r" not in text
