"""One search of several services: what is shared, and what becomes of one that fails."""

import asyncio
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.errors import KeyRejected, Problem, RateLimited, Unavailable
from lookalike.filters import Filters
from lookalike.policies import POLICIES
from lookalike.search.context import SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.events import (
    Finished,
    Progress,
    Queried,
    Reason,
    Scored,
    Skipped,
    Started,
    Troubled,
)
from lookalike.search.federated import Federation, Member, service
from lookalike.search.rate_limiter import RateLimiter
from lookalike.sources.source import Capabilities
from small_world import Clock, at_once, failing, picture, ranker, run_search, world
from told_events import of


def named(name, per_colour=20, **options):
    """A small world that is called so; its photos' ids are the same as any other's."""
    made = world(per_colour, **options)
    made.can = Capabilities(name, name.title(), dates=True)
    return made


def box(source, run=at_once, **options):
    return SearchContext(source, run, now=lambda: 1e9, **options)


def search_worlds(
    *sources,
    policy="active_search",
    budget=None,
    seed=0,
    filters=None,
    stop_after=None,
    members=(),
    the_judge=None,
    **options,
):
    """Search worlds and other members together; give all events."""

    async def collect():
        stop = asyncio.Event()
        make = POLICIES[policy].make
        services = [
            service(box(source, **options), SearchCore(make), filters) for source in sources
        ]
        events = []
        async for event in Federation([*services, *members], the_judge or ranker(), seed=seed).leg(
            budget or Budget(photos=60), stop=stop
        ):
            events.append(event)
            if stop_after and stop_after(event):
                stop.set()
        assert isinstance(events[-1], Finished)
        assert sum(isinstance(event, Finished) for event in events) == 1
        return events

    return asyncio.run(collect())


def looked(events):
    """How many photos of each service were shown."""
    return Counter(event.photo.source for event in of(Scored, events))


def last(events):
    return {part.name: part for part in of(Progress, events)[-1].services}


# -- Together --------------------------------------------------------------------------------------


def test_services_are_searched_as_one():
    worlds = [named("ant"), named("bee"), named("cow")]
    events = search_worlds(*worlds)
    assert isinstance(events[0], Started)
    assert len(of(Started, events)) == 1
    finished = events[-1]
    assert (finished.reason, finished.problem) == (Reason.BUDGET, None)
    assert finished.photos == len(of(Scored, events)) == 60
    assert finished.calls == sum(len(each.queries) for each in worlds)
    assert looked(events) == {"ant": 20, "bee": 20, "cow": 20}
    assert {event.source for event in of(Queried, events)} == {"ant", "bee", "cow"}
    final = of(Progress, events)[-1]
    assert [part.name for part in final.services] == ["ant", "bee", "cow"]
    assert all(part.ended and part.problem is None for part in final.services)
    assert [part.title for part in final.services] == ["Ant", "Bee", "Cow"]
    assert final.photos == 60
    assert final.calls == finished.calls == sum(part.calls for part in final.services)


def test_ids_are_unique_by_the_services_name_and_sources_see_their_own():
    ant, bee = named("ant"), named("bee")
    events = search_worlds(ant, bee)
    ids = [event.photo.id for event in of(Scored, events)]
    assert len(set(ids)) == len(ids) == 60
    for event in of(Scored, events):
        name, _, own = event.photo.id.partition(":")
        assert (name, own) == (event.photo.source, own)
        assert event.thumbnail == ant.files[own]
    assert set(ant.fetched) <= set(ant.photos)


def test_one_service_alone_is_searched_as_by_search_itself():
    from lookalike.policies.greedy import Greedy

    alone = run_search(named("ant"), Greedy(), budget=Budget(photos=30), seed=5)
    together = search_worlds(named("ant"), policy="greedy", budget=Budget(photos=30), seed=5)

    # Answers are told in the order of the decisions, photos as they come.
    def told(events):
        scored = sorted((event.score, event.tag) for event in of(Scored, events))
        return [(event.tag, event.new) for event in of(Queried, events)], scored, events[-1].reason

    assert told(together) == told(alone)


def test_each_services_search_is_the_same_by_its_seed_whoever_else_is_searched():
    def tags(events, name):
        return [event.tag for event in of(Queried, events) if event.source == name]

    budget = Budget(photos=40)
    first = search_worlds(named("ant"), named("bee", 5), budget=budget, seed=3)
    again = search_worlds(named("ant"), named("bee", 5), budget=budget, seed=3)
    other = search_worlds(named("ant"), named("cow"), budget=budget, seed=3)
    assert tags(first, "ant") == tags(again, "ant")
    assert tags(first, "bee") == tags(again, "bee")
    # Up to where the small one leaves it photos.
    count = len(tags(other, "ant"))
    assert tags(first, "ant")[:count] == tags(other, "ant")


def test_the_query_is_understood_once():
    the_judge = ranker()
    understood = []
    inner = the_judge._understand

    async def understand():
        understood.append(True)
        return await inner()

    the_judge._understand = understand
    search_worlds(named("ant"), named("bee"), the_judge=the_judge)
    assert understood == [True]


def test_a_photo_of_two_services_is_a_twin():
    worlds = [named("ant", 2), named("bee", 2)]
    colours = np.random.default_rng(0).integers(40, 215, (12, 3))
    for made in worlds:
        # The noise tells them apart, as each picture's is its own.
        made.files = {
            name: picture(colours[i], noise=50, seed=i) for i, name in enumerate(made.files)
        }
    events = search_worlds(*worlds, budget=Budget(photos=1000, calls=500))
    near_duplicates = {event.photo.id: event.twin for event in of(Scored, events) if event.twin}
    assert len(near_duplicates) == 12
    for photo, twin in near_duplicates.items():
        assert {photo.split(":")[0], twin.split(":")[0]} == {"ant", "bee"}
        assert photo.split(":")[1] == twin.split(":")[1]


def test_estimates_are_of_all():
    events = search_worlds(named("ant"), named("bee"))
    estimates = of(Progress, events)[-1].estimates
    assert estimates
    assert max(Counter(estimate.tag for estimate in estimates).values()) == 1
    assert max(estimate.count for estimate in estimates) > 20


# -- The budget of photos --------------------------------------------------------------------------


def test_what_one_leaves_goes_to_the_others():
    events = search_worlds(named("ant", 1), named("bee"), named("cow"), budget=Budget(photos=90))
    counts = looked(events)
    assert counts["ant"] == 6  # all it has
    assert counts["bee"] + counts["cow"] == 84
    assert min(counts["bee"], counts["cow"]) >= 40
    assert events[-1].reason is Reason.BUDGET


def test_what_a_dead_service_leaves_goes_to_the_others():
    dead = named("ant", fail=failing(KeyRejected("Bad key.")))
    events = search_worlds(dead, named("bee"), budget=Budget(photos=60))
    assert looked(events) == {"bee": 60}


@pytest.mark.parametrize("photos", [1, 2, 3, 4])
def test_few_photos_are_enough_for_many_services(photos):
    events = search_worlds(named("ant"), named("bee"), named("cow"), budget=Budget(photos=photos))
    assert (events[-1].reason, events[-1].photos) == (Reason.BUDGET, photos)
    assert max(looked(events).values()) <= -(-photos // 3)


def test_photos_that_cannot_be_opened_do_not_count():
    broken = named("ant")
    for name in list(broken.files)[::2]:
        broken.files[name] = b""
    events = search_worlds(broken, named("bee"), budget=Budget(photos=60, calls=400))
    assert of(Skipped, events)
    assert looked(events) == {"ant": 30, "bee": 30}


# -- What goes wrong -------------------------------------------------------------------------------


def test_a_service_that_dies_mid_search_loses_nothing_and_the_others_go_on():
    error = RateLimited("Ant has had enough.", "Come back later.")
    dying = named("ant", fail=failing(error, at=lambda n: n > 1))
    events = search_worlds(dying, named("bee"), budget=Budget(photos=110, calls=200))
    assert events[-1].reason in (Reason.EXHAUSTED, Reason.BUDGET)
    assert events[-1].problem is None
    parts = last(events)
    assert parts["ant"].problem.message == "Ant has had enough."
    assert parts["ant"].photos == looked(events)["ant"] > 10
    assert parts["bee"].problem is None
    # Once, where it stays: by its problem, and not besides as trouble that may pass.
    told = [
        event.services[0].problem.advice
        for event in of(Progress, events)
        if event.services[0].problem
    ]
    assert told[0] == "Come back later. The search of Bee goes on."
    assert parts["ant"].problem.advice == told[-1] == "Come back later."
    assert of(Troubled, events) == []
    # The other found photos after that.
    at = next(i for i, e in enumerate(events) if isinstance(e, Progress) and e.services[0].ended)
    assert any(event.photo.source == "bee" for event in of(Scored, events[at:]))


def test_only_where_all_fail_has_the_search_failed():
    errors = [KeyRejected("No key."), RateLimited("Too many.")]
    worlds = [
        named(name, fail=failing(error)) for name, error in zip(("ant", "bee"), errors, strict=True)
    ]
    finished = search_worlds(*worlds)[-1]
    assert finished.reason is Reason.FAILED
    assert finished.problem.message == "No key. Too many."
    assert finished.problem.code == "error"
    one = search_worlds(worlds[0])[-1]
    assert (one.reason, one.problem) == (Reason.FAILED, errors[0].problem)


def test_all_that_fail_alike_fail_with_one_problem():
    worlds = [named(name, fail=failing(KeyRejected("No key."))) for name in ("ant", "bee")]
    assert search_worlds(*worlds)[-1].problem == KeyRejected("No key.").problem


def test_a_query_that_is_no_image_fails_at_once():
    events = search_worlds(named("ant"), named("bee"), the_judge=ranker(b"no image"))
    assert [type(event) for event in events] == [Finished]
    assert (events[0].reason, events[0].problem.code) == (Reason.FAILED, "bad-photo")


def test_trouble_that_passes_at_one_service_is_told_and_is_over():
    troubled = named("ant", fail=failing(Unavailable("Down."), at=lambda n: n <= 2))
    clock = Clock()
    events = search_worlds(troubled, named("bee"), clock=clock, sleep=clock.sleep)
    told = [event.problem and event.problem.message for event in of(Troubled, events)]
    assert told[0] == "Down."
    assert told[-1] is None
    assert last(events)["ant"].problem is None


def test_a_member_with_a_bug_does_not_take_the_others_with_it():
    async def broken(part):
        yield Started(part.seed, ())
        raise KeyError("photos")

    members = [Member("cow", "Cow", broken)]
    events = search_worlds(named("ant"), members=members, budget=Budget(photos=20))
    assert looked(events) == {"ant": 20}
    assert "Cow broke down (KeyError: 'photos')" in last(events)["cow"].problem.message
    assert events[-1].reason is Reason.BUDGET


def test_cancelling_ends_all():
    events = search_worlds(
        named("ant"), named("bee"), stop_after=lambda event: isinstance(event, Scored)
    )
    assert events[-1].reason is Reason.CANCELLED
    assert 1 <= len(of(Scored, events)) < 60


def test_the_budget_of_seconds_ends_all():
    async def never(function, /, *args):
        await asyncio.Event().wait()

    events = search_worlds(named("ant"), named("bee"), run=never, budget=Budget(seconds=0.05))
    assert events[-1].reason is Reason.BUDGET


def test_without_members_there_is_no_search():
    async def nothing():
        async for _ in Federation([], ranker()).leg():
            pass

    with pytest.raises(ValueError, match="nothing to search"):
        asyncio.run(nothing())


# -- Members that are no services ------------------------------------------------------------------


def test_what_tells_the_same_events_can_join():
    """As a collection does: exact neighbours, with no calls and no share of the photos."""
    source = world(3)

    async def neighbours(part):
        await part.ranker.begin()
        yield Started(part.seed, ())
        photos = 0
        for photo in source.photos.values():
            own = replace(photo, id=f"collection:7:{photo.id}", source="collection:7")
            file = source.files[photo.id]
            from lookalike.images import open_image

            scored = await part.ranker.look(own, file, open_image(file))
            photos += 1
            yield Scored(own, scored.score, "", None, file)
            yield Progress(0, photos, 0.1, (), (), ())
        yield Finished(Reason.EXHAUSTED, 0, photos, 0.1)

    members = [Member("collection:7", "Holidays", neighbours, looks=False)]
    events = search_worlds(named("ant"), members=members, budget=Budget(photos=30))
    assert looked(events) == {"ant": 30, "collection:7": 18}
    assert last(events)["collection:7"].photos == 18
    assert events[-1].photos == 48
    alone = search_worlds(members=members)
    assert alone[-1].reason is Reason.EXHAUSTED
    assert looked(alone) == {"collection:7": 18}


def test_a_problem_of_several_sorts_is_told_in_one():
    from lookalike.search.merging import merged_end

    ends = [
        Finished(Reason.FAILED, 1, 2, 3.0, Problem("a", "A.", "Do.")),
        Finished(Reason.FAILED, 2, 3, 1.0, Problem("a", "B.", "Do.")),
    ]
    assert merged_end(ends) == Finished(Reason.FAILED, 3, 5, 3.0, Problem("a", "A. B.", "Do."))


# -- Filters ---------------------------------------------------------------------------------------


def test_what_filters_keep_out_is_told_for_all():
    worlds = [named("ant"), named("bee")]
    for made in worlds:
        for i, photo in enumerate(made.photos.values()):
            made.photos[photo.id] = replace(photo, license="CC0 1.0" if i % 2 else "")
    events = search_worlds(*worlds, filters=Filters(license="reuse"))
    assert {event.photo.license for event in of(Scored, events)} == {"CC0 1.0"}
    (kept_out,) = of(Progress, events)[-1].filtered
    assert kept_out.why == "licence"
    assert kept_out.count > 20


# -- Allowances ------------------------------------------------------------------------------------


def test_a_service_whose_day_is_used_up_says_when_it_opens_and_the_others_go_on():
    used_up = named("ant")
    used_up.can = replace(used_up.can, per_minute=20, per_day=50)
    now = lambda: 1e9  # noqa: E731
    rate_limiter = RateLimiter("Ant", 20, 50, now=now, sleep=asyncio.sleep)
    rate_limiter.learn([1e9 - 3600 - i for i in range(50)])

    async def collect():
        make = POLICIES["active_search"].make
        members = [
            service(box(used_up, rate_limiter=rate_limiter), SearchCore(make)),
            service(box(named("bee")), SearchCore(make)),
        ]
        budget = Budget(photos=20)
        return [event async for event in Federation(members, ranker()).leg(budget)]

    events = asyncio.run(collect())
    part = last(events)["ant"]
    assert (part.day_left, part.calls) == (0, 0)
    assert "are used up" in part.problem.message
    assert "23 hours" in part.problem.advice
    assert looked(events) == {"bee": 20}
    assert used_up.queries == []


# -- Whatever happens ------------------------------------------------------------------------------

FAULTS = st.sampled_from(["none", "key", "late", "empty", "small", "broken"])


@settings(max_examples=30, deadline=None)
@given(faults=st.lists(FAULTS, min_size=1, max_size=4), photos=st.integers(1, 40))
def test_a_search_ends_within_its_budget_whatever_fails(faults, photos):
    made = []
    for i, fault in enumerate(faults):
        name = "abcd"[i]
        fail = {"key": lambda n: True, "late": lambda n: n > 3}.get(fault, lambda n: False)
        each = named(name, 1 if fault == "small" else 4, fail=failing(KeyRejected("No."), at=fail))
        if fault == "empty":
            each.photos = {}
        if fault == "broken":
            each.files = dict.fromkeys(each.files, b"")
        made.append(each)
    events = search_worlds(*made, policy="greedy", budget=Budget(photos=photos, calls=60))
    finished = events[-1]
    counts = looked(events)
    assert finished.photos == counts.total() <= photos
    sound = [i for i, fault in enumerate(faults) if fault == "none"]
    # Nobody starves: who has enough gets at least an equal share.
    for i in sound:
        assert counts["abcd"[i]] >= min(24, photos // len(faults))
    if all(fault == "key" for fault in faults):
        assert finished.reason is Reason.FAILED
    if sound:
        assert finished.reason is not Reason.FAILED
