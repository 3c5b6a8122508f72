"""A search that goes on after it has ended: from where it was."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.budget import Budget, looks_at_once
from lookalike.errors import KeyRejected, RateLimited, SourceError
from lookalike.policies import DEFAULT, POLICIES
from lookalike.policies.active_search import ActiveSearch
from lookalike.policies.settling import AFRESH, EVERY, MINIMUM
from lookalike.policies.state import Chosen
from lookalike.search.context import SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.events import Finished, Noted, Progress, Queried, Reason, Scored, Started
from lookalike.search.federated import Federation, Member, service
from lookalike.search.loop import Run
from lookalike.sources.source import Capabilities
from small_world import at_once, ranker, world


def box(source, run=at_once):
    return SearchContext(source, run, now=lambda: 1e9)


async def heard(leg, stop=None, after=None):
    """The events of a leg, stopped after so many."""
    events = []
    async for event in leg:
        events.append(event)
        if len(events) == after:
            stop.set()
    return events


def legs(source, budgets, policy=DEFAULT, seed=0, after=None):
    """The events of each leg of a search; the first is stopped after so many events."""

    async def collect():
        run = Run(ranker(), box(source), SearchCore(POLICIES[policy].make), seed=seed)
        found = []
        for number, budget in enumerate(budgets):
            stop = asyncio.Event()
            leg = run.leg(budget, stop=stop)
            found.append(await heard(leg, stop, after if number == 0 else None))
        return found

    return asyncio.run(collect())


def looked(*parts):
    return [event.photo.id for part in parts for event in part if isinstance(event, Scored)]


def ends(parts):
    assert all(isinstance(part[-1], Finished) for part in parts)
    return [part[-1] for part in parts]


every_policy = pytest.mark.parametrize("policy", POLICIES)


@every_policy
def test_it_goes_on_with_a_fresh_budget_and_looks_at_no_photo_twice(policy):
    source = world()
    # With few calls, some of them look at fewer photos.
    parts = legs(source, [Budget(20, 10), Budget(15, 10), Budget(10, 10)], policy)
    assert [end.reason for end in ends(parts)] == [Reason.BUDGET] * 3
    assert [end.photos for end in ends(parts)] == [len(looked(*parts[: n + 1])) for n in range(3)]
    assert all(
        0 < len(looked(part)) <= most for part, most in zip(parts, [20, 15, 10], strict=True)
    )
    assert Counter(source.fetched).most_common(1)[0][1] == 1
    calls = [end.calls for end in ends(parts)]
    assert calls == sorted(calls)
    assert calls[-1] == len(source.queries)


def test_what_it_was_told_at_its_beginning_is_told_once():
    first, second = legs(world(), [Budget(20, 10), Budget(20, 10)])
    assert sum(isinstance(event, Started) for event in first) == 1
    assert not [event for event in second if isinstance(event, Started | Noted)]
    counted = [event.photos for event in [*first, *second] if isinstance(event, Progress)]
    assert counted == sorted(counted)
    seconds = [event.seconds for event in [*first, *second] if isinstance(event, Progress)]
    assert seconds == sorted(seconds)


@given(seed=st.integers(0, 20), after=st.none() | st.integers(1, 60))
@settings(max_examples=15, deadline=None)
def test_the_same_seed_goes_on_in_the_same_way_and_a_cut_look_is_made_up_for(seed, after):
    source = world()
    once, again = (
        legs(box_of, [Budget(40, 12), Budget(40, 12)], seed=seed, after=after)
        for box_of in (source, world())
    )
    assert len(looked(*once)) == len(set(looked(*once)))
    if after is None:
        assert looked(*once) == looked(*again)
    assert ends(once)[1].photos == len(looked(*once))
    assert len(looked(once[1])) == 40


def test_what_was_cut_short_is_asked_again():
    source = named("world", dates=False)
    stop = asyncio.Event()

    async def slow(function, /, *args):
        await asyncio.sleep(0.01 if function.__name__ == "search" else 0)
        return function(*args)

    async def collect():
        run = Run(ranker(), box(source, slow), SearchCore(POLICIES[DEFAULT].make))
        # Stopped before the first answer.
        first = await heard(run.leg(Budget(20, 10), stop=stop), stop, 2)
        asked = list(source.queries)
        return asked, first, await heard(run.leg(Budget(20, 10)))

    asked, first, second = asyncio.run(collect())
    assert first[-1].reason is Reason.CANCELLED
    assert (first[-1].photos, second[-1].photos) == (0, 20)
    # This service would have nothing else for the same words.
    answers = {event.tag: event.found for event in second if isinstance(event, Queried)}
    assert all(answers[tag] for tag in asked)


@every_policy
def test_what_was_cut_short_and_is_banned_by_then_is_left_until_it_is_free(policy):
    stop, source = asyncio.Event(), world()

    async def slow(function, /, *args):
        await asyncio.sleep(0.002 if function.__name__ == "thumbnail" else 0)
        return function(*args)

    async def collect():
        core = SearchCore(POLICIES[policy].make)
        run = Run(ranker(), box(source, slow), core)
        first = []
        async for event in run.leg(Budget(200, 60), stop=stop):
            first.append(event)
            if core.begun and core.state.looks:
                stop.set()  # while the first photos are fetched
        chosen = [entry.photo for entry in core.state.log if isinstance(entry, Chosen)]
        cut = [photo for photo in chosen if photo.id not in looked(first)]
        banned = cut[0].tags[0]
        core.steer(banned, "ban")
        second = await heard(run.leg(Budget(200, 500)))
        assert not core.state.queries.under_way
        assert core.state.looks == second[-1].photos
        core.steer(banned, "free")
        return banned, first, second, await heard(run.leg(Budget(200, 500)))

    banned, first, second, third = asyncio.run(collect())
    tags = {name: photo.tags for name, photo in source.photos.items()}
    assert not any(banned in tags[name] for name in looked(second))
    assert looked(second)
    assert any(banned in tags[name] for name in looked(third))
    found = looked(first, second, third)
    assert len(found) == len(set(found)) == len(tags)


@every_policy
def test_a_tag_that_is_free_again_while_a_search_runs_is_found_in_it(policy):
    source, core = world(), SearchCore(POLICIES[policy].make)
    core.steer("red", "ban")

    async def collect():
        events = []
        async for event in Run(ranker(), box(source), core).leg(Budget(500, 500)):
            events.append(event)
            if len(looked(events)) == 30 and core.steering.banned:
                assert not any("red" in source.photos[name].tags for name in looked(events))
                core.steer("red", "free")
        return events

    events = asyncio.run(collect())
    assert set(looked(events)) == set(source.photos)


def test_nothing_begins_where_a_leg_ends_while_a_policy_learns_of_a_lifted_ban():
    source, stop = world(), asyncio.Event()

    class Ending(ActiveSearch):
        def update(self, state, most=None):
            if most and not core.steering.banned:
                stop.set()
            return super().update(state, most)

    core = SearchCore(Ending)
    core.steer("red", "ban")

    async def collect():
        run = Run(ranker(), box(source), core)
        await heard(run.leg(Budget(30, 60)))
        before = len(source.fetched), len(source.queries)
        core.steer("red", "free")
        second = run.leg(Budget(30, 60), stop=stop)
        ended = await anext(second)
        while not isinstance(ended, Finished):
            ended = await anext(second)
        for _ in range(500):
            await asyncio.sleep(0)  # whoever listens takes their time
        assert (len(source.fetched), len(source.queries)) == before
        await second.aclose()
        return ended

    assert asyncio.run(collect()).reason is Reason.CANCELLED


def test_a_leg_begins_when_the_one_before_has_ended():
    async def collect():
        run = Run(ranker(), box(world()), SearchCore(POLICIES[DEFAULT].make))
        first = run.leg(Budget(20, 10))
        await anext(first)
        with pytest.raises(RuntimeError):
            await anext(run.leg(Budget(20, 10)))
        await first.aclose()
        return await heard(run.leg(Budget(10, 10)))

    assert asyncio.run(collect())[-1].photos == 10


class Hopeless(ActiveSearch):
    """Expects nothing any more."""

    def outlook(self, state):
        return 0.0


def test_a_search_that_has_settled_takes_in_what_is_under_way_and_goes_on_if_told_to():
    async def collect():
        run = Run(ranker(), box(named("world", per_colour=40)), SearchCore(Hopeless))
        return [await heard(run.leg(Budget(250, 60))) for _ in range(2)]

    parts = asyncio.run(collect())
    assert [end.reason for end in ends(parts)] == [Reason.SETTLED] * 2
    first, second = (end.photos for end in ends(parts))
    assert MINIMUM <= first <= MINIMUM + EVERY + looks_at_once(250)
    assert AFRESH <= second - first <= AFRESH + EVERY + looks_at_once(250)
    assert len(set(looked(*parts))) == second


def test_a_service_that_stops_is_told_of_and_not_taken_for_one_that_has_settled():
    source = named("world", per_colour=40)

    def fail(kind, n):
        if kind == "call" and n > 4:
            raise RateLimited("too many")

    source.fail = fail

    async def collect():
        return await heard(Run(ranker(), box(source), SearchCore(Hopeless)).leg(Budget(250, 60)))

    end = asyncio.run(collect())[-1]
    assert (end.reason, end.problem.code) == (Reason.FAILED, RateLimited.code)


# -- Several services ------------------------------------------------------------------------------


def named(name, dates=True, per_colour=20):
    made = world(per_colour)
    made.can = Capabilities(name, name.title(), dates=dates, per_call=500)
    return made


def together(*members, budgets):
    async def collect():
        federation = Federation(members, ranker())
        return federation, [await heard(federation.leg(budget)) for budget in budgets]

    return asyncio.run(collect())


def test_several_services_go_on_together_and_share_each_budget():
    sources = [named("one"), named("two")]
    members = [service(box(source), SearchCore(POLICIES[DEFAULT].make)) for source in sources]
    _, parts = together(*members, budgets=[Budget(20, 10), Budget(30, 10)])
    assert [end.photos for end in ends(parts)] == [20, 50]
    assert len(set(looked(*parts))) == 50
    last = [event for event in parts[1] if isinstance(event, Progress)][-1]
    assert [each.photos for each in last.services] == [25, 25]
    assert sum(isinstance(event, Started) for part in parts for event in part) == 1


@pytest.mark.parametrize("policy", ["active_search", "greedy", "ucb"])
@pytest.mark.parametrize("error", [KeyRejected("No."), RateLimited("Enough."), SourceError("?")])
def test_a_service_that_failed_is_searched_from_the_start_when_it_works_again(policy, error):
    """Somebody has put the key right; or the photo service has mended itself."""
    broken, other = named("one"), named("two")

    def fail(kind, number):
        if kind == "call" and not mended:
            raise error

    async def collect():
        tools = [box(broken), box(other)]
        members = [service(each, SearchCore(POLICIES[policy].make)) for each in tools]
        federation = Federation(members, ranker())
        parts = [await heard(federation.leg(Budget(20, 10)))]
        mended.append(True)
        failed.update(broken.queries)
        broken.queries.clear()
        return [*parts, await heard(federation.leg(Budget(20, 10)))]

    mended, failed, broken.fail = [], set(), fail
    first, second = asyncio.run(collect())
    assert Counter(photo.partition(":")[0] for photo in looked(first)).keys() == {"two"}
    assert any(photo.startswith("one:") for photo in looked(second))
    assert failed & set(broken.queries)


def test_what_needs_no_budget_is_searched_in_the_first_leg_alone():
    begun = []

    async def all_at_once(part):
        begun.append(part)
        yield Finished(Reason.EXHAUSTED, 0, 0, 0.1)

    own = Member("own", "Your photos", all_at_once, looks=False)
    other = service(box(named("one")), SearchCore(POLICIES[DEFAULT].make))
    federation, parts = together(own, other, budgets=[Budget(20, 10), Budget(20, 10)])
    assert federation.can_go_on
    assert len(begun) == 1
    assert [end.photos for end in ends(parts)] == [20, 40]
    alone = Federation([own], ranker())
    assert not alone.can_go_on
    with pytest.raises(RuntimeError):
        asyncio.run(ended_twice(alone))


@pytest.mark.parametrize("reason", [Reason.CANCELLED, Reason.FAILED])
def test_what_needs_no_budget_and_did_not_come_to_its_end_begins_again_in_the_next_leg(reason):
    ends_of_own = iter([reason, Reason.COMPLETE])

    async def all_at_once(part):
        yield Finished(next(ends_of_own), 0, 6, 0.1)

    own = Member("own", "Your photos", all_at_once, looks=False)
    other = service(box(named("one")), SearchCore(POLICIES[DEFAULT].make))
    _, parts = together(own, other, budgets=[Budget(20, 10)] * 3)
    assert next(ends_of_own, None) is None  # begun twice, and no third time
    reasons = [end.reason for end in ends(parts)]
    # The end of a leg is told by what has happened in it.
    assert reasons[1:] == [Reason.BUDGET, Reason.BUDGET]
    assert [end.photos for end in ends(parts)] == [26, 46, 66]


async def ended_twice(federation):
    for _ in range(2):
        await heard(federation.leg(Budget(20, 10)))


def test_what_a_settled_service_leaves_goes_to_the_others():
    one = service(box(named("one", per_colour=40)), SearchCore(Hopeless))
    two = service(box(named("two", per_colour=40)), SearchCore(POLICIES[DEFAULT].make))
    _, (events,) = together(one, two, budgets=[Budget(260, 60)])
    last = [event for event in events if isinstance(event, Progress)][-1]
    by = {each.name: each.photos for each in last.services}
    assert MINIMUM <= by["one"] < 130 < by["two"]
