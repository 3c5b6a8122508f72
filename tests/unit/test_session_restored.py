"""Results that a new engine is given, after the one that found them was replaced."""

import asyncio

import pytest

from in_loop import in_loop
from lookalike.browser.protocol import KeptResult, Mark, Restore, ScorerTried
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.search.events import Recomputing, Rescored, Scored
from session_page import OPPOSITE, SCORER, SETTINGS, Page, best, scores_of
from small_world import COLOURS, picture


@in_loop
async def test_results_are_restored_and_ranked_again_when_that_is_needed():
    old = Page()
    scores = await old.searched()
    results = [
        KeptResult(event.photo, event.thumbnail, event.tag, "none") for event in old.of(Scored)
    ]
    page = Page()
    query = QueryPhoto(picture(COLOURS["red"]))
    page.send(Restore(7, [query], SETTINGS, results))
    await asyncio.sleep(0.01)
    assert page.heard == []
    assert page.model.runs == 0
    blue = best(scores, 40)[-1]
    await page.after(Rescored, lambda: page.send(Mark(7, blue, "liked")))
    assert page.of(Recomputing, 7)[-1] == Recomputing(40, 40)
    assert page.source.fetched == []
    rescored = scores_of(page.of(Rescored, 7)[-1])
    await page.after(Rescored, lambda: page.send(Mark(7, blue, "none")))
    assert scores_of(page.of(Rescored)[-1]) == pytest.approx(scores)
    assert rescored[blue] > scores[blue]
    assert page.model.runs == 41


@in_loop
async def test_results_are_restored_before_there_is_a_scorer_and_with_their_marks():
    old = Page()
    await old.searched()
    results = [KeptResult(e.photo, e.thumbnail, e.tag, "liked") for e in old.of(Scored)[:5]]
    page = Page(text="oops")
    page.send(Restore(7, [], SETTINGS, results))
    page.try_scorer(SCORER)
    await page.until(lambda: page.of(ScorerTried)[-1].problem is None)
    page.try_scorer(OPPOSITE, 2)
    await page.until(lambda: page.of(Rescored, 7))
    assert len(page.of(Rescored)[-1].scores) == 5


@in_loop
async def test_a_scorer_ranks_what_was_restored_while_it_was_tried():
    old = Page()
    scores = await old.searched()
    results = [
        KeptResult(event.photo, event.thumbnail, event.tag, "none") for event in old.of(Scored)
    ]
    page = Page()
    page.model.gate.clear()
    page.try_scorer(OPPOSITE.replace("avg_pool", "conv_16_project"))
    await page.until(lambda: page.model.runs)
    page.send(Restore(7, [QueryPhoto(picture(COLOURS["red"]))], SETTINGS, results))
    page.model.gate.set()
    await page.until(lambda: page.of(Rescored, 7))
    assert page.of(ScorerTried)[-1].problem is None
    now = scores_of(page.of(Rescored, 7)[-1])
    assert set(best(now)) & set(best(scores, 40)[-10:])
    assert max(now, key=now.get) != max(scores, key=scores.get)


@in_loop
async def test_a_restored_thumbnail_that_is_broken_has_no_score():
    old = Page()
    await old.searched()
    results = [KeptResult(e.photo, e.thumbnail, e.tag, "none") for e in old.of(Scored)[:5]]
    results[3] = KeptResult(results[3].photo, b"broken", "", "none")
    page = Page()
    page.send(Restore(7, [QueryPhoto(picture(COLOURS["red"]))], SETTINGS, results))
    await page.after(Rescored, lambda: page.try_scorer(OPPOSITE))
    assert len(page.of(Rescored)[-1].scores) == 4
