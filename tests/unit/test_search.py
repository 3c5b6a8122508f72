import asyncio
import io
import itertools
import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from fakes.replies import bomb_png
from lookalike.budget import Budget
from lookalike.errors import (
    KeyRejected,
    RateLimited,
    SourceError,
    TimedOut,
    Unavailable,
    Unreachable,
)
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.policies.greedy import Greedy
from lookalike.policies.state import Answered, Looked
from lookalike.ranking.cache import Cache
from lookalike.scorer.scorer import CheckedScorer
from lookalike.search.context import Limits, SearchContext
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
from lookalike.search.loop import search
from lookalike.search.photo_looks import HOPELESS
from lookalike.search.reporter import PROGRESS_EVERY
from lookalike.search.tag_queries import UPLOADED_WITHIN
from small_world import (
    COLOURS,
    Clock,
    CosineScorer,
    World,
    picture,
    ranker,
    run_search,
    world,
)

NOW = 1e9
# Nothing is overtaken, however busy the machine is.
IN_ORDER = Limits(calls=10, looks=12, patience=60.0)


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def ids(events):
    return [event.photo.id for event in of(Scored, events)]


def problem_log(events):
    return [event.problem and event.problem.code for event in of(Troubled, events)]


def jitter(seed):
    """A runner whose calls take anything from no time to a few milliseconds."""
    rng = random.Random(seed)

    async def run(function, /, *args):
        await asyncio.sleep(rng.choice([0, 0, 0.001, 0.004]))
        return function(*args)

    return run


def failing(error, on="call", at=lambda n: True):
    """A `fail` of a World: raises `error` at the n-th request where `at(n)`."""

    def fail(kind, n):
        if kind == on and at(n):
            raise error

    return fail


class Recorder(Greedy):
    """Greedy, and a record of everything it was asked and told."""

    def __init__(self):
        super().__init__()
        self.record = []

    def suggest_tags(self, state, n):
        asked = super().suggest_tags(state, n)
        self.record.append(("ask", n, *asked))
        return asked

    def suggest_photos(self, state, n):
        looked = super().suggest_photos(state, n)
        self.record.append(("look", n, *(photo.id for photo in looked)))
        return looked

    def learn(self, state, entry):
        super().learn(state, entry)
        if isinstance(entry, Answered):
            self.record.append(("answered", entry.tag, *(photo.id for photo in entry.photos)))
        elif isinstance(entry, Looked):
            score = state.score(entry.photo)
            kind = "lost" if score is None else "scored"
            self.record.append((kind, entry.photo.id, score))


# -- Determinism -----------------------------------------------------------------------------------


def test_a_search_is_the_same_by_its_seed_whatever_the_latencies():
    runs = []
    for latencies in range(4):
        policy, source = Recorder(), world()
        # Some thumbnails are gone, for lost photos count, too.
        for gone in ("red-0", "red-3", "orange-2"):
            source.files[gone] = None
        events = run_search(
            source,
            policy,
            seed=7,
            run=jitter(latencies),
            limits=IN_ORDER,
            budget=Budget(photos=50),
        )
        told = [(event.tag, event.found, event.new) for event in of(Queried, events)]
        runs.append((policy.record, told, sorted(ids(events)), sorted(source.befores)))
    assert runs[0] == runs[1] == runs[2] == runs[3]


def test_tags_are_told_in_the_order_in_which_the_policy_hears_of_them():
    policy = Recorder()
    events = run_search(world(), policy, run=jitter(1), budget=Budget(photos=30))
    heard = [step[1] for step in policy.record if step[0] == "answered"]
    assert [event.tag for event in of(Queried, events)] == heard


def test_another_seed_makes_another_search():
    found = [ids(run_search(world(), Greedy(), seed=seed)) for seed in (1, 2)]
    assert found[0] != found[1]


def test_results_are_shown_at_once_though_the_policy_hears_in_order():
    release = asyncio.Event()
    held = []

    async def run(function, /, *args):
        # The first photo that is fetched takes longer than all others together.
        if function == source.thumbnail and not held:
            held.append(args[0].id)
            await release.wait()
        await asyncio.sleep(0)
        return function(*args)

    source, policy = world(), Recorder()

    def after_the_round(event):
        if isinstance(event, Scored):
            shown.append(event.photo.id)
            if len(shown) == 5:
                heard_before.extend(step for step in policy.record if step[0] == "scored")
                release.set()
        return False

    shown, heard_before = [], []
    run_search(
        source,
        policy,
        run=run,
        limits=IN_ORDER,
        stop_after=after_the_round,
        budget=Budget(photos=20),
    )
    assert held[0] not in shown[:5]
    assert heard_before == []
    assert next(step for step in policy.record if step[0] == "scored")[1] == held[0]


def test_what_takes_longer_than_patience_is_overtaken_and_still_counts():
    overtaken = asyncio.Event()
    slow = []

    async def run(function, /, *args):
        if function == source.search and not slow:
            slow.append(args[0])
            await overtaken.wait()
        await asyncio.sleep(0)
        return function(*args)

    def after_another_answer(event):
        if isinstance(event, Queried):
            overtaken.set()
        return False

    source, policy = world(), Recorder()
    events = run_search(
        source,
        policy,
        run=run,
        limits=Limits(patience=0.02),
        budget=Budget(photos=10, seconds=60),
        stop_after=after_another_answer,
    )
    heard = [step[1] for step in policy.record if step[0] == "answered"]
    assert heard[0] != slow[0]
    assert slow[0] in heard
    assert events[-1].photos == 10


# -- Events ----------------------------------------------------------------------------------------


def test_a_search_starts_with_its_seed_and_guesses_and_finishes_with_what_was_spent():
    source = world()
    events = run_search(source, Greedy(), seed=42, budget=Budget(photos=25))
    started, finished = events[0], events[-1]
    assert isinstance(started, Started)
    assert started.seed == 42
    assert started.guesses[0].tag == "red"
    assert (finished.reason, finished.problem) == (Reason.BUDGET, None)
    assert finished.photos == len(of(Scored, events)) == 25
    assert finished.calls == len(source.queries)
    assert finished.seconds >= 0


def test_each_result_tells_the_query_that_brought_it_and_its_file():
    source = world()
    events = run_search(source, Greedy(), budget=Budget(photos=20))
    for event in of(Scored, events):
        assert event.tag in source.photos[event.photo.id].tags
        assert event.thumbnail == source.files[event.photo.id]
        assert abs(event.score) < 1.001  # a cosine, in single precision


def test_progress_tells_what_is_asked_and_estimated():
    events = run_search(world(), Greedy(), budget=Budget(photos=30))
    progress = of(Progress, events)
    assert any(event.asking for event in progress)
    assert progress[-1].asking == ()
    assert progress[-1].photos == 30
    assert progress[-1].estimates[0].count > 0
    counts = [(event.calls, event.photos) for event in progress]
    assert counts == sorted(counts)


class Ticking(Clock):
    """A hundredth of a second passes whenever it is read."""

    def __call__(self):
        self.seconds += 0.01
        return self.seconds


def test_progress_is_told_now_and_then_and_at_the_end():
    events = run_search(world(), Greedy(), budget=Budget(photos=60), clock=Ticking())
    progress = of(Progress, events)
    times = [event.seconds for event in progress]
    # The last two are told when nothing is left to do, and at the end.
    apart = [after - before for before, after in itertools.pairwise(times[:-2])]
    assert len(apart) > 1
    assert min(apart) >= PROGRESS_EVERY - 0.02  # the clock was read in between
    assert progress[-1].photos == len(of(Scored, events)) == 60


def test_progress_that_was_held_back_is_told_though_nothing_more_happens():
    answered = []

    async def run(function, /, *args):
        await asyncio.sleep(0)
        if answered:  # nothing but the first call is
            await asyncio.Event().wait()
        answered.append(function)
        return function(*args)

    told = lambda event: isinstance(event, Progress) and event.calls == 2  # noqa: E731
    budget, limits = Budget(seconds=20), Limits(calls=1)
    events = run_search(world(), Greedy(), run=run, stop_after=told, limits=limits, budget=budget)
    assert of(Finished, events)[0].reason is Reason.CANCELLED


def test_queried_tells_how_many_photos_were_new():
    twice = Photo("a", tags=("red",))
    source = World([(twice, picture(COLOURS["red"]))])
    source.search = lambda query, limit, before: [twice, twice] if query == "red" else [twice]
    told = {e.tag: (e.found, e.new) for e in of(Queried, run_search(source, Greedy()))}
    assert told.pop("red") == (2, 1)
    assert set(told.values()) == {(1, 0)}


def test_a_repeated_picture_is_told_as_a_twin_of_the_first():
    rng = np.random.default_rng(0)
    colour = rng.integers(60, 200, 3)
    # Three files of one photo, each kept again: no two pixels need be the same.
    file = picture(colour, noise=50)
    files = [file, again(file, 95), again(file, 80)]
    source = World([(Photo(f"copy-{i}", tags=("red", "cat")), files[i]) for i in range(3)])
    near_duplicates = {
        event.photo.id: event.twin for event in of(Scored, run_search(source, Greedy()))
    }
    first = next(name for name, twin in near_duplicates.items() if twin is None)
    assert sorted(near_duplicates.values(), key=str) == sorted([None, first, first], key=str)


def again(file, quality):
    """Encode a picture once more, as a JPEG."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(file)).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


# -- Budgets and limits ----------------------------------------------------------------------------


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


# -- What goes wrong with the service --------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyRejected("bad key"), RateLimited("too many")])
def test_a_service_that_closes_mid_search_keeps_the_results_and_is_told(error):
    source = world(fail=failing(error, at=lambda n: n > 12))
    events = run_search(source, Greedy(), budget=Budget(photos=60))
    finished = events[-1]
    assert (finished.reason, finished.problem) == (Reason.FAILED, error.problem)
    assert len(of(Scored, events)) >= 10
    assert problem_log(events) == [error.code]
    # Those under way may have gone out; nothing more is asked after the first refusal.
    assert len(source.queries) <= 12 + Limits().calls


def test_a_key_that_is_rejected_at_the_first_call_ends_the_search():
    source = world(fail=failing(KeyRejected("bad key")))
    events = run_search(source, Greedy())
    assert events[-1].reason is Reason.FAILED
    assert events[-1].problem.code == "key-rejected"
    assert of(Scored, events) == []
    assert len(source.queries) <= Limits().calls


def test_calls_that_wait_to_try_again_are_not_made_once_the_service_has_closed():
    def fail(kind, n):
        if kind == "call":
            raise Unavailable("down") if n <= 6 else KeyRejected("bad key")

    source = world(fail=fail)
    events = run_search(source, Greedy(), clock=Clock())
    assert events[-1].problem.code == "key-rejected"
    assert len(source.queries) == 7


@pytest.mark.parametrize("on", ["call", "thumbnail"])
@pytest.mark.parametrize("error", [Unreachable("no network"), TimedOut("slow"), Unavailable("503")])
def test_a_network_that_is_lost_and_found_again_is_waited_out(error, on):
    clock = Clock()
    source = world(fail=failing(error, on, at=lambda n: 5 < n <= 25))
    events = run_search(source, Greedy(), clock=clock, budget=Budget(photos=40))
    assert problem_log(events) == [error.code, None]
    assert clock.slept
    assert events[-1].reason is Reason.BUDGET
    assert events[-1].photos == 40


@pytest.mark.parametrize("on", ["call", "thumbnail"])
def test_a_network_that_is_lost_for_good_is_given_up_and_told(on):
    clock = Clock()
    error = Unreachable("no network")
    source = world(fail=failing(error, on, at=lambda n: n > 8))
    events = run_search(source, Greedy(), clock=clock, budget=Budget(photos=60))
    finished = events[-1]
    assert finished.reason is Reason.FAILED
    assert finished.problem.message == "no network"
    assert "What was found stays here" in finished.problem.advice
    assert len(of(Scored, events)) >= 6
    assert clock.seconds >= Limits().breaker


def test_a_lost_network_costs_few_requests():
    source = world(fail=failing(Unreachable("no network"), at=lambda n: n > 10))
    run_search(source, Greedy(), clock=Clock(), budget=Budget(photos=60))
    assert len(source.queries) < 50


def test_trouble_with_the_one_service_is_still_told_when_the_other_is_well_again():
    def fail(kind, n):
        if kind == "call" and 10 < n <= 22:
            raise Unavailable("no answers")
        if kind == "thumbnail" and 9 < n <= 60:
            raise Unreachable("no pictures")

    limits = Limits(breaker=1000.0)
    events = run_search(world(fail=fail), Greedy(), clock=Clock(), limits=limits)
    told = [event.problem and event.problem.message for event in of(Troubled, events)]
    assert set(told) == {"no answers", "no pictures", None}
    assert told[-1] is None
    assert all(a != b for a, b in itertools.pairwise(told))
    scored = [i for i, event in enumerate(events) if isinstance(event, Scored)]
    assert events[-1].photos > 9
    assert scored[-1] > events.index(of(Troubled, events)[-1])


def test_an_answer_that_cannot_be_read_is_told_until_one_can():
    source = world(fail=failing(SourceError("not JSON"), at=lambda n: n == 3))
    events = run_search(source, Greedy(), budget=Budget(photos=40))
    assert problem_log(events) == ["source", None]
    assert events[-1].photos == 40


def test_answers_that_can_never_be_read_are_why_the_search_fails():
    source = world(fail=failing(SourceError("not JSON")))
    finished = run_search(source, Greedy())[-1]
    assert (finished.reason, finished.problem.message) == (Reason.FAILED, "not JSON")


@pytest.mark.parametrize("error", [Unavailable("503"), SourceError("not JSON")])
def test_a_service_on_which_all_calls_were_spent_in_vain_is_why_the_search_fails(error):
    source = world(fail=failing(error))
    finished = run_search(source, Greedy(), clock=Clock(), budget=Budget(calls=3))[-1]
    assert (finished.reason, finished.problem.message) == (Reason.FAILED, str(error))
    assert "goes on" not in finished.problem.advice


def test_a_tag_that_the_service_refuses_does_not_stop_the_others():
    source = world()
    answer = source.search

    def refuse(query, limit, before):
        if query == "photo":
            source.queries.append(query)
            raise SourceError("refused")
        return answer(query, limit, before)

    source.search = refuse
    events = run_search(source, Greedy(), budget=Budget(photos=60, calls=200))
    assert source.queries.count("photo") == 1
    assert events[-1].photos == 60


@pytest.mark.parametrize("kind", ["call", "thumbnail"])
def test_a_source_with_a_bug_costs_the_one_answer_and_is_told(kind):
    source = world(fail=failing(KeyError("photos"), on=kind, at=lambda n: n == 3))
    events = run_search(source, Greedy(), budget=Budget(photos=40))
    problems = [event.problem for event in of(Troubled, events) + of(Skipped, events)]
    assert "KeyError: 'photos'" in problems[0].message
    assert (events[-1].reason, events[-1].photos) == (Reason.BUDGET, 40)


def test_an_answer_that_the_filters_cannot_read_costs_this_one():
    source = world()
    odd = [replace(photo, id="odd", full_width="wide") for photo in source.photos.values()][:1]
    answer, turn = source.search, itertools.count()
    source.search = lambda *given: odd if next(turn) == 2 else answer(*given)
    given = {"filters": Filters(orientation="landscape"), "budget": Budget(photos=40)}
    events = run_search(source, Greedy(), **given)
    assert problem_log(events) == ["source", None]


def test_a_source_whose_every_answer_has_a_bug_is_why_the_search_fails():
    finished = run_search(world(fail=failing(KeyError("photos"))), Greedy())[-1]
    assert finished.reason is Reason.FAILED
    assert "KeyError: 'photos'" in finished.problem.message


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


# -- What goes wrong with photos -------------------------------------------------------------------

JPEG = picture((9, 99, 199), encoding="JPEG")


@pytest.mark.parametrize(
    ("file", "code"),
    [
        pytest.param(None, "source", id="missing"),
        pytest.param(b"", "bad-photo", id="empty"),
        pytest.param(JPEG[:300], "bad-photo", id="truncated"),
        pytest.param(b"<html>404</html>", "bad-photo", id="html"),
        pytest.param(bomb_png(), "photo-size", id="bomb"),
    ],
)
def test_a_thumbnail_that_cannot_be_opened_is_skipped_and_does_not_count(file, code):
    source = world()
    bad = {name for i, name in enumerate(source.files) if i % 3 == 0}
    source.files.update(dict.fromkeys(bad, file))
    events = run_search(source, Greedy(), budget=Budget(photos=40, calls=500))
    skipped = of(Skipped, events)
    assert skipped
    assert {event.photo.id for event in skipped} <= bad
    assert {event.problem.code for event in skipped} == {code}
    assert bad.isdisjoint(ids(events))
    assert events[-1].photos == len(ids(events)) == 40
    assert problem_log(events) == []


def test_a_world_of_bad_thumbnails_alone_comes_to_an_end():
    source = world(5)
    source.files = dict.fromkeys(source.files, b"")
    events = run_search(source, Greedy(), budget=Budget(calls=1000))
    assert (events[-1].reason, events[-1].photos) == (Reason.EXHAUSTED, 0)
    assert len(of(Skipped, events)) == len(source.files)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad-photo"),
        (b"no image", "bad-photo"),
        (JPEG[:200], "bad-photo"),
        (bomb_png(), "photo-size"),
    ],
)
def test_a_query_that_is_no_image_fails_at_once(data, code):
    source = world()
    events = run_search(source, Greedy(), image=data)
    assert [type(event) for event in events] == [Finished]
    assert (events[0].reason, events[0].problem.code) == (Reason.FAILED, code)
    assert source.queries == []


# -- What goes wrong with score.py -----------------------------------------------------------------


class BadScorer(CosineScorer):
    """A scorer that fails at some of the photos, and with the query where `query` is True."""

    def __init__(self, result, at=lambda n: True, query=False):
        self.result, self.at = result, at
        self.described = 0 if query else -1
        self.compared = 0

    async def get_feature(self, model, image):
        self.described += 1
        if self.described == 1 and self.result == "describe":
            raise ValueError("cannot describe")
        return await super().get_feature(model, image)

    def embs2score(self, source, candidate):
        self.compared += 1
        if not self.at(self.compared):
            return super().embs2score(source, candidate)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


@pytest.mark.parametrize("result", [ValueError("no"), float("nan"), None, "text"], ids=repr)
def test_a_scorer_that_always_fails_is_told_once_and_ends_the_search(result):
    events = run_search(world(), Greedy(), scorer=BadScorer(result))
    assert (events[-1].reason, events[-1].problem.code) == (Reason.FAILED, "score")
    assert len(of(Skipped, events)) == HOPELESS
    assert problem_log(events) == ["score"]


def test_a_scorer_that_fails_on_all_of_a_few_photos_is_why_the_search_fails():
    finished = run_search(world(1), Greedy(), scorer=BadScorer(ValueError("no")))[-1]
    assert (finished.reason, finished.problem.code) == (Reason.FAILED, "score")


def test_a_scorer_that_sometimes_fails_is_told_once_and_the_search_goes_on():
    scorer = BadScorer(ValueError("no"), at=lambda n: n % 2 == 0)
    events = run_search(world(), Greedy(), scorer=scorer, budget=Budget(photos=30, calls=500))
    assert events[-1].photos == 30
    assert events[-1].reason is Reason.BUDGET
    assert problem_log(events) == ["score"]


def test_a_scorer_that_breaks_late_keeps_what_was_found():
    # The first comparison is the query's with itself.
    events = run_search(world(), Greedy(), scorer=BadScorer(None, at=lambda n: n > 21))
    assert events[-1].reason is Reason.FAILED
    assert len(of(Scored, events)) == 20


def test_a_new_scorer_does_not_answer_for_the_failures_of_the_one_before():
    judge = ranker(scorer=BadScorer(ValueError("no")))
    # The first comparison is the query's with itself.
    other = CheckedScorer(BadScorer(ValueError("no"), at=lambda n: n == 2))
    at_work, events = asyncio.Event(), []

    async def run(function, /, *args):
        await at_work.wait()
        return function(*args)

    async def change():
        await judge.take_over(other)
        at_work.set()

    changes = []

    def told(event):
        events.append(event)
        if isinstance(event, Skipped) and len(of(Skipped, events)) == HOPELESS - 1:
            at_work.clear()
            changes.append(asyncio.ensure_future(change()))

    async def collect():
        at_work.set()
        tools, limits = SearchContext(world(), run, now=lambda: NOW), Limits(looks=1)
        found = search(judge, tools, SearchCore(Greedy), Budget(30, 500), limits=limits, told=told)
        return [event async for event in found]

    asyncio.run(collect())
    assert len(of(Skipped, events)) == HOPELESS
    assert (events[-1].reason, events[-1].photos) == (Reason.BUDGET, 30)


def test_a_scorer_that_fails_on_the_query_fails_at_once():
    source = world()
    events = run_search(source, Greedy(), scorer=BadScorer("describe", query=True))
    assert [type(event) for event in events] == [Finished]
    assert (events[0].reason, events[0].problem.code) == (Reason.FAILED, "score")
    assert "cannot describe" in events[0].problem.message
    assert source.queries == []


# -- From search to search -------------------------------------------------------------------------


class CountingScorer(CosineScorer):
    def __init__(self):
        self.described = 0

    async def get_feature(self, model, image):
        self.described += 1
        return await super().get_feature(model, image)


def test_a_second_search_fetches_and_describes_nothing_that_the_first_did():
    source, cache, scorer = world(10), Cache(), CountingScorer()
    for _ in range(2):
        run_search(source, Greedy(), cache=cache, scorer=scorer, budget=Budget(1000, 1000))
    assert max(Counter(source.fetched).values()) == 1
    assert scorer.described == len(source.fetched) + 2  # each query


def test_another_layer_is_computed_from_the_same_thumbnails():
    source, cache, scorer = world(10), Cache(), CountingScorer()
    first = run_search(source, Greedy(), cache=cache, scorer=scorer, budget=Budget(1000, 1000))
    fetched = len(source.fetched)
    scorer.LAYER = "logits"
    again = run_search(source, Greedy(), cache=cache, scorer=scorer, budget=Budget(1000, 1000))
    assert len(source.fetched) == fetched
    assert scorer.described == 2 * (fetched + 1)
    assert {e.photo.id: e.score for e in of(Scored, first)} != {
        e.photo.id: e.score for e in of(Scored, again)
    }


def test_a_thumbnail_that_came_broken_is_fetched_again_by_the_next_search():
    source, cache = world(5), Cache()
    good, source.files["red-0"] = source.files["red-0"], b"\x89PNG cut"
    first = run_search(source, Greedy(), cache=cache, budget=Budget(1000, 1000))
    assert "red-0" not in ids(first)
    source.files["red-0"] = good
    second = run_search(source, Greedy(), cache=cache, budget=Budget(1000, 1000))
    assert "red-0" in ids(second)


@pytest.mark.native
def test_plain_functions_run_in_threads_outside_a_browser():
    events = run_search(world(), Greedy(), run=asyncio.to_thread, budget=Budget(photos=20))
    assert events[-1].photos == 20
