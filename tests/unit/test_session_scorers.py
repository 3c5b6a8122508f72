"""A scorer that the page sends: tried, refused, or in charge of what was found."""

import asyncio

import pytest

from in_loop import in_loop
from lookalike.browser.protocol import Mark, Printed, ScorerTried, Search
from lookalike.search.events import Recomputing, Rescored
from session_page import OPPOSITE, OTHER_LAYER, SCORER, SETTINGS, Page, best, scores_of


@in_loop
async def test_a_change_of_scoring_ranks_all_again_with_no_download_and_no_inference():
    page = Page()
    scores = await page.searched()
    fetched, runs = len(page.source.fetched), page.model.runs
    page.try_scorer(OPPOSITE, 5)
    await page.until(lambda: page.of(Rescored))
    scorer, rescored = page.of(ScorerTried)[0], page.of(Rescored, 1)[0]
    assert scorer == ScorerTried(5, None, "kept", [])
    assert scores_of(rescored) == pytest.approx({name: 1 - old for name, old in scores.items()})
    assert rescored.order is None
    assert (len(page.source.fetched), page.model.runs) == (fetched, runs)
    assert page.of(Recomputing) == []


@in_loop
async def test_a_change_of_features_describes_all_again_with_no_download():
    page = Page()
    scores = await page.searched()
    fetched, runs = len(page.source.fetched), page.model.runs
    page.try_scorer(OTHER_LAYER, 5)
    await page.until(lambda: page.of(Rescored))
    assert page.of(ScorerTried) == [ScorerTried(5, None, "recomputed", [])]
    assert len(page.source.fetched) == fetched
    assert page.model.runs == runs + 41
    steps = page.of(Recomputing)
    assert [(step.done, step.total) for step in steps] == [(i, 39) for i in range(40)]
    kinds = [type(message) for message, _ in page.heard]
    assert kinds.index(ScorerTried) < kinds.index(Recomputing) < kinds.index(Rescored)
    assert scores_of(page.of(Rescored)[0]).keys() == scores.keys()
    # And back, which is remembered.
    runs = page.model.runs
    page.try_scorer(SCORER, 6)
    await page.until(lambda: len(page.of(Rescored)) == 2)
    assert page.of(ScorerTried)[-1].features == "kept"
    assert scores_of(page.of(Rescored)[-1]) == scores
    assert page.model.runs == runs


@in_loop
async def test_a_bad_scorer_leaves_the_last_good_one_in_charge():
    page = Page()
    scores = await page.searched()
    bad = [
        "def get_feature(:",
        SCORER.replace("return 1 -", "return 1 / 0 -"),
        OTHER_LAYER.replace("[0].ravel()", "[9].ravel()"),
        SCORER + "def rank(results): return results[1:]\n",
        SCORER + "def embs2scores(source, candidates): return [1, 2, 3]\n",
        SCORER.replace("return 1 -", "raise SystemExit -"),
    ]
    for i, code in enumerate(bad):
        refused = await page.after(ScorerTried, lambda i=i, code=code: page.try_scorer(code, i))
        assert refused.id == i
        assert refused.problem.code == "score"
        assert refused.problem.line
        assert refused.features == "kept"
    assert page.of(Rescored) == []
    page.send(Mark(1, best(scores)[0], "disliked"))
    page.send(Mark(1, best(scores)[0], "none"))
    await page.until(lambda: page.of(Rescored))
    assert scores_of(page.of(Rescored)[-1]) == pytest.approx(scores)


@in_loop
async def test_a_scorer_that_needs_a_photo_does_not_take_over_a_search_without_one():
    page = Page()
    starts = SCORER + "\nSTART = ['red']\n\ndef embs2score(source, candidate): return 1\n"
    await page.after(ScorerTried, lambda: page.try_scorer(starts))
    page.send(Search(1, [], SETTINGS, {}))
    await page.ended()
    told = await page.after(ScorerTried, lambda: page.try_scorer(SCORER, 2))
    assert "no photo" in told.problem.message
    assert "START" in told.optional


@in_loop
async def test_without_a_search_a_scorer_is_tried_on_a_picture_made_for_it():
    page = Page()
    assert (await page.after(ScorerTried, lambda: page.try_scorer(OPPOSITE))).features == "kept"
    told = await page.after(ScorerTried, lambda: page.try_scorer(OTHER_LAYER))
    assert told == ScorerTried(1, None, "recomputed", [])
    refused = await page.after(
        ScorerTried, lambda: page.try_scorer(SCORER.replace("1 -", "1 + x -"))
    )
    assert "NameError" in refused.problem.message
    await page.searched()
    assert page.of(Rescored) == []


@in_loop
async def test_the_page_is_told_what_a_published_scorer_defines_besides():
    page = Page(text=SCORER + "\nSTART = ['red']\n")
    (told,) = page.of(ScorerTried)
    assert told.problem is None
    assert "START" in told.optional


@in_loop
async def test_the_latest_of_several_scorers_takes_over():
    page = Page()
    await page.searched()
    for i in range(5):
        page.try_scorer(OTHER_LAYER.replace("1 -", f"{i} -"), i)
        for _ in range(2 * i):
            await asyncio.sleep(0)
    await page.until(lambda: page.of(Rescored))
    await asyncio.sleep(0.05)
    assert page.of(ScorerTried)[-1] == ScorerTried(4, None, "recomputed", [])
    assert 3 < max(scores_of(page.of(Rescored)[-1]).values()) <= 4


@in_loop
async def test_a_refused_scorer_does_not_end_what_the_last_one_has_to_do():
    page = Page()
    await page.searched()
    page.try_scorer(OTHER_LAYER)
    await page.until(lambda: len(page.of(Recomputing)) > 3)
    page.try_scorer("oops", 2)
    await page.until(lambda: page.of(Rescored))
    assert [bool(scorer.problem) for scorer in page.of(ScorerTried)] == [False, True]
    assert len(scores_of(page.of(Rescored)[-1])) == 40


@in_loop
async def test_what_cannot_be_described_or_compared_has_no_score():
    page = Page()
    scores = await page.searched()
    some = SCORER.replace("    return 1", "    assert candidate[1] < -0.5\n    return 1")
    page.try_scorer(some)
    await page.until(lambda: page.of(Rescored))
    assert 0 < len(page.of(Rescored)[-1].scores) < len(scores)
    page.try_scorer(
        OTHER_LAYER.replace(
            "    return (await", "    image.n = n = next(N); assert n < 9\n    return (await"
        )
        + "N = iter(range(99))\n",
        2,
    )
    await page.until(lambda: len(page.of(Rescored)) == 2)
    assert len(page.of(Rescored)[-1].scores) == 8
    page.try_scorer(SCORER, 3)
    await page.until(lambda: len(page.of(Rescored)) == 3)
    assert scores_of(page.of(Rescored)[-1]) == scores


@in_loop
async def test_a_scorer_that_fails_on_all_after_it_was_tried_gives_way_to_the_last_one():
    page = Page()
    scores = await page.searched()
    many = "def embs2scores(s, c):\n    assert len(c) < 5\n    return c[:, 0]\n"
    page.try_scorer(SCORER + many, 1)  # refused at once: all features are there
    await page.until(lambda: page.of(ScorerTried))
    assert page.of(ScorerTried)[0].problem.line
    page.try_scorer(OTHER_LAYER + many, 2)
    await page.until(lambda: len(page.of(ScorerTried)) == 3)
    assert [(m.id, bool(m.problem)) for m in page.of(ScorerTried)] == [
        (1, True),
        (2, False),
        (2, True),
    ]
    await page.after(Rescored, lambda: page.try_scorer(SCORER, 3))
    assert scores_of(page.of(Rescored)[-1]) == scores


@in_loop
async def test_what_a_scorer_prints_is_told():
    page = Page()
    await page.searched()
    page.try_scorer(SCORER.replace("    return 1", "    print('compared')\n    return 1"))
    await page.until(lambda: page.of(Rescored))
    text = "".join(printed.text for printed in page.of(Printed))
    assert text.count("compared\n") > 40
    page.try_scorer("print('x' * 20_000)", 2)
    await page.until(lambda: len(page.of(ScorerTried)) == 2)
    assert len(page.of(Printed)[-1].text) == 10_001
