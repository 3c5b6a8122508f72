"""How a service is asked: as it wants to be, sparingly, and never in silence."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.errors import RateLimited, SourceError
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.policies.greedy import Greedy
from lookalike.search.context import Limits, SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.events import Finished, Progress, Reason, Scored, Troubled
from lookalike.search.filter_tally import FilterTally
from lookalike.search.loop import search
from lookalike.search.rate_limiter import RateLimiter
from lookalike.search.tag_queries import DAY_SHARE, FEW, UPLOADED_WITHIN, TagQueries, frugal
from lookalike.sources.source import Capabilities
from small_world import Clock, at_once, ranker, world

NOW = 1e9
PLAIN = Capabilities("plain", "Plain")


class Library:
    """A source that takes down what it is asked."""

    def __init__(self, can, found=lambda query, page: []):
        self.can, self.found = can, found
        self.asked = []

    def search(self, query, limit, before, *page):
        self.asked.append((query, limit, before, *page))
        return self.found(query, *(page or (1,)))

    def thumbnail(self, photo):
        raise AssertionError("nothing is looked at here")


def ask(can, *tags, filters=None, budget=100, seed=0):
    """Ask for tags one after another; give what the source was asked, and the answers."""
    library = Library(can, lambda query, page: [Photo(f"{query}-{page}")])
    tools = SearchContext(library, at_once, now=lambda: NOW)
    filter_tally = FilterTally(filters or Filters())
    rng = np.random.default_rng(seed)
    calls = TagQueries(tools, Limits(), filter_tally, rng, lambda what, problem: None)
    calls.allow(budget)

    async def run():
        return [await calls.ask(tag) for tag in tags]

    return library.asked, asyncio.run(run()), calls


# -- Dates and pages -------------------------------------------------------------------------------


def test_only_a_source_that_obeys_dates_is_given_them():
    dated, _, _ = ask(replace(PLAIN, dates=True, per_call=25), "cat", "cat")
    (_, limit, first), (_, _, second) = dated
    assert limit == 25
    assert first != second
    assert all(NOW - UPLOADED_WITHIN <= before <= NOW for before in (first, second))
    assert ask(PLAIN, "cat")[0] == [("cat", 30, None)]


def test_the_nth_question_for_a_tag_gets_page_n_until_there_are_no_more():
    asked, answers, calls = ask(replace(PLAIN, pages=3), *["cat", "dog", "cat", "cat", "cat"])
    assert asked == [
        ("cat", 30, None, 1),
        ("dog", 30, None, 1),
        ("cat", 30, None, 2),
        ("cat", 30, None, 3),
    ]
    assert [len(answer.photos) for answer in answers] == [1, 1, 1, 1, 0]
    assert calls.made == 4


def test_a_page_that_brought_no_answer_is_asked_for_again_before_any_other():
    fails = [True]

    def found(_, page):
        if page == 1 and fails.pop():
            raise SourceError("not JSON")
        fails.append(False)
        return [Photo(str(page))]

    library = Library(replace(PLAIN, pages=3), found)
    tools = SearchContext(library, at_once, now=lambda: NOW)
    rng = np.random.default_rng(0)
    calls = TagQueries(tools, Limits(), FilterTally(Filters()), rng, lambda what, problem: None)
    calls.allow(10)

    async def run():
        # Both begin before either is answered.
        await asyncio.gather(calls.ask("cat"), calls.ask("Cat"))
        await calls.ask("cat")
        await calls.ask("cat")

    asyncio.run(run())
    assert [(query, page) for query, _, _, page in library.asked] == [
        ("cat", 1),
        ("Cat", 2),
        ("cat", 1),
        ("cat", 3),
    ]


def test_what_could_only_bring_the_same_again_is_not_asked():
    asked, answers, calls = ask(PLAIN, "cat", "cat", "cat", budget=2)
    assert asked == [("cat", 30, None)]
    assert [len(answer.photos) for answer in answers] == [1, 0, 0]
    assert not calls.spent


@given(
    since=st.none() | st.integers(0, int(NOW)),
    until=st.none() | st.integers(0, int(2 * NOW)),
    seed=st.integers(0, 9),
)
def test_dates_are_drawn_from_where_filters_let_photos_pass(since, until, seed):
    filters = Filters(since=since, until=until)
    ((_, _, before),), _, _ = ask(replace(PLAIN, dates=True), "cat", filters=filters, seed=seed)
    latest = NOW if until is None else min(NOW, until)
    assert latest - UPLOADED_WITHIN - 1 <= before <= latest
    if since is not None and since <= latest:
        assert before >= since - 1


# -- Frugality -------------------------------------------------------------------------------------


@given(
    calls=st.integers(1, 5000),
    minute=st.none() | st.integers(1, 300),
    day=st.none() | st.integers(0, 10_000),
)
def test_a_search_spends_no_more_than_a_minute_and_a_share_of_the_day(calls, minute, day):
    most = frugal(calls, replace(PLAIN, per_minute=minute, per_day=day), day)
    assert 1 <= most <= calls
    if minute is not None:
        assert most <= minute
    if day is not None:
        assert most <= max(1, day)
        assert most <= max(FEW, day // DAY_SHARE)
    if minute is None and day is None:
        assert most == calls


def test_a_fresh_day_of_openverse_is_ten_searches_and_more():
    can = replace(PLAIN, per_minute=20, per_day=200)
    left, searches = 200, []
    while left:
        searches.append(frugal(110, can, left))
        left -= searches[-1]
    assert searches[0] == 20
    assert len(searches) >= 12
    assert searches == sorted(searches, reverse=True)


class Frugal:
    """A search of a small world that counts its calls."""

    def __init__(self, per_minute=20, per_day=None, made=(), at_once_=10):
        self.clock = Clock()
        self.source = world(40)
        self.source.can = replace(
            self.source.can, per_minute=per_minute, per_day=per_day, at_once=at_once_
        )
        now = lambda: NOW + self.clock.seconds  # noqa: E731
        self.rate_limiter = RateLimiter(
            "World", per_minute, per_day, now=now, sleep=self.clock.sleep
        )
        self.rate_limiter.learn(made)
        self.told = []
        self.tools = SearchContext(
            self.source,
            at_once,
            clock=self.clock,
            sleep=self.clock.sleep,
            now=now,
            rate_limiter=self.rate_limiter,
            called=lambda: self.told.append(self.rate_limiter.made),
        )

    def search(self, policy=None, **options):
        async def collect():
            given = {"budget": Budget(photos=400, calls=110), **options}
            events = search(ranker(), self.tools, SearchCore(lambda: policy or Greedy()), **given)
            return [event async for event in events]

        return asyncio.run(collect())


def test_a_search_makes_no_more_calls_than_its_service_takes_in_a_minute():
    frugal_search = Frugal(per_minute=7)
    finished = frugal_search.search()[-1]
    assert (finished.reason, finished.calls) == (Reason.BUDGET, 7)
    assert len(frugal_search.source.queries) == 7
    assert frugal_search.clock.slept == []
    assert [len(made) for made in frugal_search.told] == [1, 2, 3, 4, 5, 6, 7]


def test_the_policy_knows_how_few_calls_there_are():
    class Curious(Greedy):
        def begin(self, state):
            self.budget = state.budget
            super().begin(state)

    policy = Curious()
    Frugal(per_minute=20, per_day=40, made=[NOW - 7000 - i for i in range(8)]).search(policy)
    assert (policy.budget.calls, policy.budget.photos) == (8, 400)


def test_no_more_calls_go_on_at_once_than_the_service_takes():
    now = peak = 0
    frugal_search = Frugal(at_once_=2)

    async def run(function, /, *args):
        nonlocal now, peak
        if function.__name__ != "search":
            return function(*args)
        now += 1
        peak = max(peak, now)
        await asyncio.sleep(0.001)
        now -= 1
        return function(*args)

    frugal_search.tools = replace(frugal_search.tools, run=run)
    frugal_search.search()
    assert peak == 2


# -- Waiting for the next minute -------------------------------------------------------------------


def test_a_person_who_waits_is_told_how_long_and_when_it_is_over():
    # Another search has used up the minute 48 seconds ago.
    frugal_search = Frugal(per_minute=5, made=[NOW - 48 - i / 10 for i in range(5)])
    events = frugal_search.search()
    told = [event.problem for event in events if isinstance(event, Troubled)]
    assert told[0].message == "World takes 5 calls a minute: the next in 12 s."
    assert told[0].code == "waiting"
    assert "goes on by itself" in told[0].advice
    assert told[-1] is None
    assert events[-1].problem is None
    assert events[-1].calls == 5
    assert frugal_search.clock.slept


def test_what_is_left_of_the_minute_and_the_day_is_told():
    events = Frugal(per_minute=9, per_day=100).search()
    parts = [event.services[0] for event in events if isinstance(event, Progress)]
    assert (parts[-1].minute_left, parts[-1].day_left) == (0, 91)
    assert parts[-1].calls == 9


def test_a_day_that_is_used_up_is_told_at_once_and_nothing_is_asked():
    used_up = Frugal(per_minute=20, per_day=30, made=[NOW - 7200 - i for i in range(30)])
    events = used_up.search()
    finished = events[-1]
    assert (finished.reason, finished.problem.code) == (Reason.FAILED, "rate-limited")
    assert "used up" in finished.problem.message
    assert used_up.source.queries == []
    told = [event.problem for event in events if isinstance(event, Troubled) and event.problem]
    assert [problem.code for problem in told] == ["rate-limited"]


def test_a_day_that_is_used_up_mid_search_keeps_what_was_found():
    earlier = [NOW - 7200 - i for i in range(80)]
    late = Frugal(per_minute=20, per_day=100, made=earlier, at_once_=1)
    made = 0

    def fail(kind, n):
        nonlocal made
        if kind == "call":
            made += 1
            if made == 3:  # in another tab
                late.rate_limiter.learn([NOW - 1 - i / 100 for i in range(40)])

    late.source.fail = fail
    events = late.search()
    assert events[-1].reason is Reason.FAILED
    assert events[-1].problem.code == "rate-limited"
    assert any(isinstance(event, Scored) for event in events)


def test_a_search_that_waits_ends_when_its_time_is_up():
    async def collect():
        async def forever(seconds):
            await asyncio.Event().wait()

        waiting = Frugal(per_minute=1, made=[NOW - 1])
        rate_limiter = RateLimiter("World", 1, None, now=lambda: NOW, sleep=forever)
        rate_limiter.learn([NOW - 1])
        tools = SearchContext(waiting.source, at_once, now=lambda: NOW, rate_limiter=rate_limiter)
        budget = Budget(seconds=0.05)
        return [event async for event in search(ranker(), tools, SearchCore(Greedy), budget)]

    events = asyncio.run(collect())
    assert isinstance(events[-1], Finished)
    assert events[-1].reason is Reason.BUDGET
    assert any(isinstance(event, Troubled) for event in events)


@pytest.mark.parametrize("at", [1, 4])
def test_a_service_that_refuses_more_calls_is_asked_no_more(at):
    def fail(kind, n):
        if kind == "call" and n >= at:
            raise RateLimited("Enough.")

    refusing = Frugal(per_minute=None, at_once_=1)
    refusing.tools = replace(refusing.tools, rate_limiter=None)
    refusing.source.fail = fail
    finished = refusing.search()[-1]
    assert finished.calls == at
    assert finished.problem == RateLimited("Enough.").problem
