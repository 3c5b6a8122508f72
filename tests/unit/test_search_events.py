"""What a search tells, from its start to its end."""

import asyncio
import io
import itertools

import numpy as np
from PIL import Image

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.greedy import Greedy
from lookalike.search.context import Limits
from lookalike.search.events import Finished, Progress, Queried, Reason, Scored, Started
from lookalike.search.reporter import PROGRESS_EVERY
from small_world import COLOURS, Clock, World, picture, run_search, world
from told_events import of


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


def test_queried_tells_how_many_photos_were_new():
    twice = Photo("a", tags=("red",))
    source = World([(twice, picture(COLOURS["red"]))])
    source.search = lambda query, limit, before: [twice, twice] if query == "red" else [twice]
    told = {e.tag: (e.found, e.new) for e in of(Queried, run_search(source, Greedy()))}
    assert told.pop("red") == (2, 1)
    assert set(told.values()) == {(1, 0)}


def again(file, quality):
    """Encode a picture once more, as a JPEG."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(file)).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


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
