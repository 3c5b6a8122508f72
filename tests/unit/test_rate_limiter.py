import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.errors import RateLimited
from lookalike.search.rate_limiter import DAY, MINUTE, RateLimiter


class Time:
    """A clock that sleeping moves on."""

    def __init__(self, now=1_000_000.0):
        self.now = now

    async def sleep(self, seconds):
        self.now += seconds
        await asyncio.sleep(0)


def rate_limiter(per_minute=20, per_day=200, time=None):
    time = time or Time()
    return RateLimiter(
        "Openverse", per_minute, per_day, now=lambda: time.now, sleep=time.sleep
    ), time


def take(calls, times=1):
    async def run():
        for _ in range(times):
            await calls.take()

    asyncio.run(run())


def test_calls_are_counted_by_the_minute_and_by_the_day():
    calls, time = rate_limiter()
    assert calls.left() == (20, 200)
    take(calls, 3)
    assert calls.left() == (17, 197)
    assert calls.made == (time.now,) * 3
    time.now += MINUTE
    assert calls.left() == (20, 197)
    time.now += DAY - MINUTE
    assert calls.left() == (20, 200)
    assert calls.made == ()


def test_when_the_minute_is_used_up_it_waits_until_the_oldest_is_a_minute_old():
    calls, time = rate_limiter()
    began = time.now
    take(calls)
    time.now += 25
    take(calls, 19)
    assert time.now == began + 25
    take(calls)
    assert time.now == pytest.approx(began + 60)
    take(calls)
    assert time.now == pytest.approx(began + 85)


def test_when_the_day_is_used_up_it_says_when_there_will_be_a_call_again():
    calls, time = rate_limiter(per_minute=None, per_day=3)
    take(calls)
    time.now += 2 * 3600
    take(calls, 2)
    with pytest.raises(RateLimited) as error:
        take(calls)
    assert str(error.value) == "The 3 calls that Openverse takes in a day are used up."
    assert error.value.advice.startswith("It takes the next one in 22 hours;")
    assert calls.left() == (None, 0)
    time.now += 22 * 3600 - 90
    with pytest.raises(RateLimited) as error:
        take(calls)
    assert "in 2 minutes;" in error.value.advice
    time.now += 90
    take(calls)
    assert calls.left() == (None, 0)


def test_without_limits_nothing_waits():
    calls, time = rate_limiter(None, None)
    take(calls, 500)
    assert time.now == 1_000_000.0
    assert calls.left() == (None, None)
    assert len(calls.made) == 500


def test_it_learns_what_earlier_visits_and_other_tabs_have_called():
    calls, time = rate_limiter(per_day=5)
    take(calls)
    own = calls.made
    calls.learn([time.now - DAY, time.now - 3600.5, *own])
    assert calls.made == (time.now - 3600.5, *own)
    calls.learn(calls.made)
    assert calls.left() == (19, 3)


def test_times_of_a_clock_that_was_wrong_bar_the_way_for_a_day_at_most():
    calls, time = rate_limiter(per_day=1)
    calls.learn([time.now + 1e9, math.inf, math.nan])
    assert calls.left() == (19, 0)
    time.now += DAY
    take(calls)


def test_a_clock_that_is_put_back_does_not_bar_the_way_until_its_time_has_come():
    calls, time = rate_limiter(per_minute=2)
    time.now += 40 * DAY
    take(calls)
    take(calls)
    time.now -= 40 * DAY
    before = time.now
    take(calls)
    assert time.now - before <= MINUTE + 1


def test_those_who_wait_together_do_not_go_together():
    calls, time = rate_limiter(per_minute=2)

    async def run():
        await asyncio.gather(*(calls.take() for _ in range(7)))

    asyncio.run(run())
    assert len(calls.made) == 7
    in_the_last = [made for made in calls.made if made > time.now - MINUTE]
    assert len(in_the_last) <= 2


@given(
    st.integers(1, 5),
    st.integers(1, 12),
    st.lists(st.floats(0, 40_000), max_size=40),
    st.lists(st.floats(0, 2 * DAY), max_size=10),
)
def test_no_minute_and_no_day_ever_has_more_calls_than_allowed(per_minute, per_day, pauses, before):
    calls, time = rate_limiter(per_minute, per_day)
    # Earlier visits kept the limits themselves.
    calls.learn([time.now - ago for ago in before][:1])
    made = list(calls.made)

    async def run():
        for pause in pauses:
            time.now += pause
            try:
                await calls.take()
            except RateLimited:
                continue
            made.append(time.now)

    asyncio.run(run())
    for span, limit in ((MINUTE, per_minute), (DAY, per_day)):
        for last in made:
            assert sum(last - span < time <= last for time in made) <= limit
