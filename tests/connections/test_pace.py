"""The wait for one's turn."""

from __future__ import annotations

import asyncio
import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.connections import pace
from assistant.connections.pace import API_CALLS, API_SECONDS, CompanyPaces, Pace, token_pace


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pace.asyncio, "sleep", made.sleep)
    return made


def turns(one: Pace, clock: Clock, count: int, between: list[float] | None = None) -> list[float]:
    async def take() -> list[float]:
        taken = []
        for number in range(count):
            clock.now += between[number] if between else 0.0
            await one.turn()
            taken.append(clock.now)
        return taken

    return asyncio.run(take())


@given(
    calls=st.integers(1, 30),
    seconds=st.floats(0.1, 10),
    between=st.lists(st.floats(0, 3), min_size=1, max_size=80),
)
def test_never_more_than_allowed_in_any_stretch(calls: int, seconds: float, between: list[float]) -> None:
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pace.asyncio, "sleep", clock.sleep)
        taken = turns(Pace(calls, seconds, clock=clock), clock, len(between), between)
    for first, after in zip(taken, taken[calls:], strict=False):
        assert after - first >= seconds - 1e-6


def test_nobody_waits_who_need_not(clock: Clock) -> None:
    assert turns(Pace(API_CALLS, API_SECONDS, clock=clock), clock, API_CALLS) == [0.0] * API_CALLS


def test_the_token_endpoint_is_asked_evenly(clock: Clock) -> None:
    assert turns(token_pace(clock=clock), clock, 4) == pytest.approx([0.0, 0.2, 0.4, 0.6])


def test_whoever_is_asked_to_wait_waits_and_then_goes_at_the_pace(clock: Clock) -> None:
    one = Pace(1, 0.5, clock=clock)
    turns(one, clock, 1)
    one.hold(10)
    one.hold(3)
    assert not one.idle
    assert turns(one, clock, 3) == pytest.approx([10.0, 10.5, 11.0])
    clock.now += 1
    assert one.idle


def test_an_absurd_wait_is_an_hour(clock: Clock) -> None:
    one = Pace(1, 1.0, clock=clock)
    one.hold(1e9)
    assert turns(one, clock, 1) == [pace.LONGEST_HOLD]


@pytest.mark.anyio
async def test_turns_already_given_are_given_anew_after_a_hold() -> None:
    one = Pace(1, 0.05)
    begun = asyncio.get_running_loop().time()
    taken: list[float] = []

    async def take() -> None:
        await one.turn()
        taken.append(asyncio.get_running_loop().time() - begun)

    waiting = [asyncio.create_task(take()) for _ in range(4)]
    await asyncio.sleep(0.02)
    one.hold(0.3)
    await asyncio.gather(*waiting)
    assert taken[0] < 0.3
    assert all(each >= 0.3 for each in taken[1:])
    assert all(later - earlier >= 0.04 for earlier, later in pairwise(taken[1:]))


def test_several_loops_share_it() -> None:
    one, taken, lock = Pace(1, 0.05), [], threading.Lock()

    async def take() -> None:
        for _ in range(5):
            await one.turn()
            with lock:
                taken.append(pace.elapsed())

    threads = [threading.Thread(target=lambda: asyncio.run(take())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(taken) - min(taken) >= 0.05 * 14 - 0.02


def test_only_the_companies_of_the_last_seconds_are_held(clock: Clock) -> None:
    paces = CompanyPaces(clock=clock)
    assert paces.of("a", "1") is paces.of("a", "1")
    assert paces.of("a", "1") is not paces.of("b", "1")
    for number in range(1000):
        turns(paces.of("a", str(number)), clock, 1)
        clock.now += 1.0
    assert len(paces._paces) <= 128
