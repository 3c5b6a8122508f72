"""A scorer at work, or on trial, while a search runs or is to begin."""

import asyncio
import sys
from collections import Counter

import pytest

from in_loop import in_loop
from lookalike.browser.protocol import Cancel, Mark, Printed, ScorerTried
from lookalike.search.events import (
    Finished,
    Progress,
    Ranked,
    Reason,
    Recomputing,
    Rescored,
    Scored,
)
from session_page import OPPOSITE, OTHER_LAYER, SCORER, Page, opened_slowly, scores_of

# -- A trial before the search ---------------------------------------------------------------------


@in_loop
async def test_a_search_waits_for_a_trial_and_uses_its_scorer():
    page = Page()
    page.try_scorer(OTHER_LAYER.replace("1 - float", "100 - float"))
    page.search()
    await page.ended()
    assert all(event.score > 90 for event in page.of(Scored))


@in_loop
async def test_a_search_that_waits_for_a_trial_is_cancelled_at_once():
    page = Page()
    await page.searched(photos=8)
    page.model.gate.clear()
    page.try_scorer(OTHER_LAYER)
    page.search(number=2)
    page.send(Cancel(2))
    assert (await page.ended(2)).reason is Reason.CANCELLED
    assert not page.of(ScorerTried)
    page.model.gate.set()


@in_loop
async def test_a_scorer_that_is_tried_while_query_photos_are_opened_ranks_the_search(monkeypatch):
    page, (opening, go) = Page(), opened_slowly(monkeypatch)
    page.search()
    await opening.wait()
    await page.after(
        ScorerTried, lambda: page.try_scorer(SCORER.replace("1 - float", "100 - float"))
    )
    page.model.gate.clear()
    page.try_scorer(OTHER_LAYER.replace("1 - float", "200 - float"), 2)
    go.set()
    page.model.gate.set()
    assert (await page.ended()).problem is None
    assert [tried.problem for tried in page.of(ScorerTried)] == [None, None]
    assert len(page.of(Scored)) == 40
    assert all(event.score > 150 for event in page.of(Scored))


@in_loop
async def test_describing_again_ends_with_the_next_search():
    page = Page()
    await page.searched()
    page.try_scorer(OTHER_LAYER)
    await page.until(lambda: len(page.of(Recomputing)) > 3)
    page.search(number=2)
    await page.ended(2)
    assert page.of(Recomputing)[-1].done < 39
    assert page.of(Rescored) == []


# -- A new scorer while a search runs --------------------------------------------------------------


@pytest.mark.parametrize("policy", ["active_search", "greedy"])
@pytest.mark.parametrize("code", [OPPOSITE, OTHER_LAYER.replace("1 - float", "float")])
def test_a_running_search_goes_on_by_the_new_scorer(policy, code):
    async def run():
        page = Page()
        page.search(policy=policy, photos=105, calls=200)
        await page.until(lambda: len(page.of(Scored)) > 25)
        page.try_scorer(code)
        await page.until(lambda: page.of(Rescored))
        kinds = [type(message) for message, _ in page.heard]
        at = kinds.index(Rescored)
        await page.ended()
        assert page.of(Finished)[-1].photos == len(page.of(Scored)) == 105
        # Nothing was shown twice, or by a scorer that was not in charge when it was shown.
        assert max(Counter(event.photo.id for event in page.of(Scored)).values()) == 1
        later = [m for m, _ in page.heard[at:] if isinstance(m, Scored)]
        assert len(later) > 20
        probe = await page.after(Rescored, lambda: page.try_scorer(code, 2))
        scores = scores_of(probe)
        assert all(event.score == pytest.approx(scores[event.photo.id]) for event in later)
        assert max(Counter(page.source.fetched).values()) == 1
        # What is unlike red is wanted now, and estimated high.
        last = page.of(Progress)[-1]
        means = {estimate.tag: estimate.mean for estimate in last.estimates}
        assert max(means, key=means.get) not in ("red", "orange")

    asyncio.run(run())


@in_loop
async def test_looks_wait_while_photos_are_described_again():
    page = Page()
    page.search(photos=100)
    await page.until(lambda: len(page.of(Scored)) > 25)
    page.try_scorer(OTHER_LAYER)
    await page.until(lambda: page.of(Recomputing))
    begun = len(page.of(Scored))
    await page.until(lambda: page.of(Rescored))
    kinds = [type(message) for message, _ in page.heard]
    seen = kinds[: kinds.index(Rescored)].count(Scored)  # the search may have gone on since
    assert seen == begun == len(page.of(Rescored)[0].scores)
    await page.ended()
    assert len(page.of(Scored)) == 100


# -- What is told meanwhile ------------------------------------------------------------------------


@in_loop
async def test_a_scorers_own_order_is_told_now_and_then_and_at_the_end():
    page = Page(text=SCORER + "def rank(results): return sorted(results, key=lambda r: r.score)\n")
    scores = await page.searched()
    ranked = page.of(Ranked, 1)
    assert list(ranked[-1].order) == sorted(scores, key=scores.get)
    assert 1 <= len(ranked) < 20
    kinds = [type(message) for message, _ in page.heard]
    assert kinds[-1] is Finished
    known = set()
    for message, _ in page.heard:
        if isinstance(message, Scored):
            known.add(message.photo.id)
        if isinstance(message, Ranked):
            assert set(message.order) <= known
    page.send(Mark(1, ranked[-1].order[0], "disliked"))
    await page.until(lambda: page.of(Rescored))
    rescored = page.of(Rescored)[-1]
    fresh = scores_of(rescored)
    assert list(rescored.order) == sorted(fresh, key=fresh.get)


@in_loop
async def test_a_rank_that_fails_during_a_search_is_told_in_the_console():
    page = Page(text=SCORER + "def rank(results): 1 / 0\n")
    await page.searched()
    assert page.of(Ranked) == []
    assert "rank in score.py failed (line 11)" in page.of(Printed)[-1].text


WATCHED = """
import sys

compare = embs2score

def embs2score(source, candidate):
    sys.modules["witness"].compares()
    return compare(source, candidate)
"""


class Witness:
    """What a scorer calls at each comparison; counts the photos that the page knows by then."""

    def __init__(self, page):
        self.page = page
        self.told = []

    def compares(self):
        self.told.append(len(self.page.of(Scored)))


@in_loop
async def test_each_photo_is_told_before_the_scorer_is_at_work_again():
    page = Page(text=SCORER + WATCHED)
    witness = sys.modules["witness"] = Witness(page)
    try:
        await page.searched(photos=12)
        # What it has described is scored at once, before any is told, and new photos as before.
        await page.searched(photos=12, number=2)
    finally:
        del sys.modules["witness"]
    # The query photo comes first, each time.
    assert witness.told == [0, *range(12), 12, *[12] * 12, *range(24, 36)]
