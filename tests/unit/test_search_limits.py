"""How much a search does: its budgets, its limits, and when it ends."""

import asyncio
import random
from collections import Counter

import pytest

from lookalike.budget import Budget
from lookalike.errors import Unavailable
from lookalike.photo import Photo
from lookalike.policies import POLICIES
from lookalike.policies.greedy import Greedy
from lookalike.search.context import Limits, SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.events import Finished, Reason, Scored
from lookalike.search.loop import Run, search
from lookalike.search.tag_queries import UPLOADED_WITHIN
from lookalike.sources.source import Capabilities
from small_world import (
    COLOURS,
    NOW,
    Clock,
    World,
    at_once,
    failing,
    jitter,
    picture,
    ranker,
    run_search,
    world,
)
from told_events import of


@pytest.mark.parametrize(("photos", "calls"), [(1, 1), (7, 100), (100, 7), (60, 60)])
def test_the_budgets_of_photos_and_calls_are_never_exceeded(photos, calls):
    source = world()
    budget = Budget(photos=photos, calls=calls)
    events = run_search(source, Greedy(), budget=budget, run=jitter(photos))
    finished = events[-1]
    assert finished.reason is Reason.BUDGET
    assert photos == finished.photos or calls == finished.calls
    assert finished.photos == len(of(Scored, events)) <= photos
    assert finished.calls == len(source.queries) <= calls


def test_calls_that_are_tried_again_count():
    source = world(fail=failing(Unavailable("down"), at=lambda n: n % 2))
    events = run_search(source, Greedy(), budget=Budget(calls=15), clock=Clock())
    assert events[-1].calls == len(source.queries) <= 15
    assert events[-1].reason is Reason.BUDGET


def test_the_budget_of_seconds_ends_a_search_that_waits():
    async def never(function, /, *args):
        await asyncio.Event().wait()

    finished = run_search(world(), Greedy(), run=never, budget=Budget(seconds=0.05))[-1]
    assert finished.reason is Reason.BUDGET
    assert finished.seconds > 0.045  # a browser's clocks are coarse


@pytest.mark.parametrize("limit", ["photos", "calls", "seconds"])
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_a_budget_of_nothing_is_refused(limit, value):
    with pytest.raises(ValueError, match=limit):
        Budget(**{limit: value})


def test_no_photo_is_looked_at_twice_and_no_tag_asked_twice():
    source = world(10)
    run_search(source, Greedy(), budget=Budget(photos=1000, calls=1000))
    assert max(Counter(source.fetched).values()) == 1
    assert max(Counter(source.queries).values()) == 1


@pytest.mark.parametrize(
    ("limits", "photos", "looks"),
    [
        (Limits(calls=1, looks=1), 150, 1),
        (Limits(calls=3, looks=5), 150, 5),
        (Limits(), 20, 6),
        (Limits(), 110, 6),
        (Limits(), 330, 7),
        (Limits(), 440, 10),
        (Limits(), 1000, 10),
    ],
)
def test_no_more_goes_on_at_once_than_the_limits_allow(limits, photos, looks):
    now, peak = Counter(), Counter()

    async def run(function, /, *args):
        name = function.__name__
        now[name] += 1
        peak[name] = max(peak[name], now[name])
        await asyncio.sleep(0.001)
        now[name] -= 1
        return function(*args)

    eager = Greedy(tags_per_round=50, looks_per_call=30)
    run_search(world(), eager, run=run, limits=limits, budget=Budget(photos=photos))
    assert peak == {"search": limits.calls, "thumbnail": looks}


def test_each_call_asks_for_what_was_uploaded_before_some_date_within_three_years():
    source = world()
    run_search(source, Greedy(), budget=Budget(photos=80))
    assert all(NOW - UPLOADED_WITHIN <= before <= NOW for before in source.befores)
    assert len(set(source.befores)) > 0.9 * len(source.befores)
    assert max(source.befores) - min(source.befores) > UPLOADED_WITHIN / 2


# -- When nothing is left --------------------------------------------------------------------------


def test_an_empty_world_is_exhausted():
    source = World([])
    finished = run_search(source, Greedy())[-1]
    assert (finished.reason, finished.photos, finished.problem) == (Reason.EXHAUSTED, 0, None)
    assert len(source.queries) == len(set(source.queries)) == len(COLOURS) + 6


@pytest.mark.parametrize(
    "tags",
    [(), ("red",), ("red", "photo"), ("red", *"abcdefgh")],
    ids=lambda tags: f"{len(tags)} tags",
)
def test_fewer_than_ten_tags_are_enough_and_all_is_looked_at_once(tags):
    photos = [Photo(str(i), tags=tags) for i in range(25)]
    source = World([(photo, picture(COLOURS["red"], seed=i)) for i, photo in enumerate(photos)])
    if not tags:
        source.search = lambda query, limit, before: photos if query == "red" else []
    events = run_search(source, Greedy())
    assert events[-1].reason is Reason.EXHAUSTED
    assert sorted(source.fetched) == sorted(source.photos)


def test_photos_that_all_carry_the_same_tags_come_to_an_end():
    photos = [Photo(str(i), tags=("red", "red photo", "red")) for i in range(40)]
    source = World([(photo, picture(COLOURS["red"], seed=i)) for i, photo in enumerate(photos)])
    finished = run_search(source, Greedy())[-1]
    assert finished.reason is Reason.EXHAUSTED
    assert finished.photos == 30  # what one call brings


# -- Cancelling ------------------------------------------------------------------------------------


def test_cancel_acts_at_once_though_calls_never_return():
    async def run(function, /, *args):
        if function == source.search and len(source.queries) >= 5:
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        return function(*args)

    source = world()
    events = run_search(source, Greedy(), run=run, stop_after=lambda e: isinstance(e, Scored))
    assert events[-1].reason is Reason.CANCELLED
    assert len(of(Scored, events)) >= 1


def test_a_search_that_is_cancelled_before_it_begins_asks_nothing():
    async def scenario():
        stop = asyncio.Event()
        stop.set()
        source = world()
        tools = SearchContext(source, jitter(0))
        events = [event async for event in search(ranker(), tools, SearchCore(Greedy), stop=stop)]
        return events, source

    events, source = asyncio.run(scenario())
    assert [type(event) for event in events] == [Finished]
    assert events[0].reason is Reason.CANCELLED
    assert source.queries == []


async def watched(stop_at, latencies, leave):
    """Stop or leave a search after some events; give the requests begun before and after."""
    begun = []
    rng = random.Random(latencies)

    async def run(function, /, *args):
        begun.append(function.__name__)
        await asyncio.sleep(rng.choice([0, 0, 0.001, 0.004]))
        return function(*args)

    stop, n = asyncio.Event(), 0
    limits = Limits(patience=0.001)
    tools = SearchContext(world(), run)
    events = search(ranker(), tools, SearchCore(Greedy), limits=limits, stop=stop)
    async for event in events:
        n += 1
        if n == stop_at:
            if leave:
                await events.aclose()
            stop.set()
        if isinstance(event, Finished):
            # Whoever reads the events may take its time over the last one, too.
            before = len(begun)
            await asyncio.sleep(0.02)
            return before, len(begun)
    before = len(begun)
    await asyncio.sleep(0.02)
    return before, len(begun)


@pytest.mark.parametrize("leave", [False, True])
def test_nothing_is_begun_after_a_search_was_cancelled_or_left(leave):
    for stop_at in range(2, 60, 7):
        before, after = asyncio.run(watched(stop_at, stop_at, leave))
        assert before == after


@pytest.mark.parametrize("legs", [1, 2])
def test_questions_that_need_no_call_are_not_counted_as_calls(legs):
    """A service without pages or dates would bring the same again, so it is not asked again."""
    plain = world(60)
    source = World(
        [(photo, plain.files[name]) for name, photo in plain.photos.items()],
        can=Capabilities("plain", "Plain", per_call=10),
    )

    async def collect():
        tools = SearchContext(source, at_once, now=lambda: NOW)
        run = Run(ranker(), tools, SearchCore(POLICIES["active_search"].make))
        return [[event async for event in run.leg(Budget(200, 15))] for _ in range(legs)]

    ends = [events[-1] for events in asyncio.run(collect())]
    assert [end.calls for end in ends] == [15, 30][:legs]
    assert len(set(source.queries)) == len(source.queries) == 15 * legs
