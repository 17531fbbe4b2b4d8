"""The look ahead: everything at once, never for long, and nothing in it stops the person."""

from __future__ import annotations

import asyncio
import time

import pytest

from assistant.problems import occurrence, stop
from assistant.support.preflight import Finding, Look, Probe, Verdict, preflight

pytestmark = pytest.mark.anyio


def fine(probe: Probe) -> Look:
    async def look() -> Finding:
        return Finding(probe=probe, verdict=Verdict.FINE)

    return look


def after(seconds: float, probe: Probe, ended: list[Probe] | None = None) -> Look:
    async def look() -> Finding:
        try:
            await asyncio.sleep(seconds)
            return Finding(probe=probe, verdict=Verdict.FINE)
        finally:
            if ended is not None:
                ended.append(probe)

    return look


def failing(error: Exception) -> Look:
    async def look() -> Finding:
        raise error

    return look


async def test_every_probe_is_told_of_once() -> None:
    told: list[Finding] = []
    found = await preflight({probe: fine(probe) for probe in Probe}, told.append)
    assert [finding.probe for finding in found] == list(Probe)
    assert sorted(told, key=list(found).index) == list(found)
    assert {finding.verdict for finding in found} == {Verdict.FINE}


async def test_they_look_at_the_same_time_and_tell_as_they_end() -> None:
    told: list[Probe] = []
    looks = {Probe.INTERNET: after(0.2, Probe.INTERNET), Probe.CLOCK: after(0.01, Probe.CLOCK)}
    begun = time.monotonic()
    found = await preflight(looks, lambda finding: told.append(finding.probe))
    assert time.monotonic() - begun < 5
    assert told == [Probe.CLOCK, Probe.INTERNET]
    assert [finding.probe for finding in found] == [Probe.INTERNET, Probe.CLOCK]


async def test_one_that_never_ends_is_not_checked_and_is_stopped() -> None:
    ended: list[Probe] = []
    looks = {Probe.INTERNET: after(3600, Probe.INTERNET, ended), Probe.CLOCK: fine(Probe.CLOCK)}
    async with asyncio.timeout(10):
        found = await preflight(looks, lambda finding: None, limit=0.05)
    assert [(finding.verdict, finding.occurrence) for finding in found] == [
        (Verdict.NOT_CHECKED, None),
        (Verdict.FINE, None),
    ]
    assert ended == [Probe.INTERNET]


async def test_the_limit_is_short_when_nobody_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []
    real = asyncio.timeout

    def timeout(limit: float) -> asyncio.Timeout:
        seen.append(limit)
        return real(limit)

    monkeypatch.setattr(asyncio, "timeout", timeout)
    await preflight({Probe.CLOCK: fine(Probe.CLOCK)}, lambda finding: None)
    assert seen == [3.0]


async def test_one_that_fails_tells_its_problem_and_leaves_the_others_alone() -> None:
    problem = stop("NET-02", host="apps.fortnox.se")
    looks = {Probe.INTERNET: failing(problem), Probe.BROWSER: fine(Probe.BROWSER)}
    internet, browser = await preflight(looks, lambda finding: None)
    assert (internet.verdict, internet.occurrence) == (Verdict.WRONG, problem.occurrence)
    assert browser.verdict is Verdict.FINE


async def test_one_that_breaks_is_not_checked_and_says_nothing_of_what_it_held() -> None:
    (finding,) = await preflight({Probe.CLOCK: failing(RuntimeError("a canary token"))}, lambda finding: None)
    assert finding.verdict is Verdict.NOT_CHECKED
    assert finding.occurrence == occurrence("START-03", {"fault": "RuntimeError"})
    assert "canary" not in repr(finding)


async def test_something_to_know_is_handed_on() -> None:
    async def locked() -> Finding:
        return Finding(probe=Probe.PASSWORD_STORE, verdict=Verdict.ATTENTION, occurrence=occurrence("STORE-02"))

    (finding,) = await preflight({Probe.PASSWORD_STORE: locked}, lambda finding: None)
    assert finding.verdict is Verdict.ATTENTION


async def test_leaving_the_page_stops_all_of_it() -> None:
    ended: list[Probe] = []
    told: list[Finding] = []
    looks = {probe: after(3600, probe, ended) for probe in Probe}
    looking = asyncio.create_task(preflight(looks, told.append))
    await asyncio.sleep(0.02)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert sorted(ended, key=list(Probe).index) == list(Probe)
    assert told == []


async def test_nothing_to_look_at() -> None:
    assert await preflight({}, lambda finding: None) == ()
