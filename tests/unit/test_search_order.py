"""A search is the same by its seed: what comes early, and what comes late."""

import asyncio

import pytest

from lookalike.budget import Budget
from lookalike.policies.greedy import Greedy
from lookalike.policies.state import Answered, Looked
from lookalike.search.context import Limits
from lookalike.search.events import Queried, Scored
from small_world import jitter, run_search, world
from told_events import ids, of

# Nothing is overtaken, however busy the machine is.
IN_ORDER = Limits(calls=10, looks=12, patience=60.0)


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


@pytest.mark.native
def test_plain_functions_run_in_threads_outside_a_browser():
    events = run_search(world(), Greedy(), run=asyncio.to_thread, budget=Budget(photos=20))
    assert events[-1].photos == 20
