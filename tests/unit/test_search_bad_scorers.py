"""A score.py that fails, at some photos or at all."""

import asyncio

import pytest

from lookalike.budget import Budget
from lookalike.policies.greedy import Greedy
from lookalike.scorer.scorer import CheckedScorer
from lookalike.search.context import Limits, SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.events import Finished, Reason, Scored, Skipped
from lookalike.search.loop import search
from lookalike.search.photo_looks import HOPELESS
from small_world import NOW, CosineScorer, ranker, run_search, world
from told_events import of, problem_log


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
