"""What marks change, and what the query photo scores with itself."""

import asyncio

import pytest

from in_loop import in_loop
from lookalike.browser.protocol import Mark, Printed, ScorerTried
from lookalike.search.events import Rescored, Scored
from session_page import COSINE, SCORER, Page, best, scores_of
from small_world import world


@in_loop
async def test_marks_change_the_scores_of_all_and_marks_taken_back_undo_it():
    page = Page()
    scores = await page.searched()
    blue = best(scores, 40)[-1]
    liked = scores_of(await page.after(Rescored, lambda: page.send(Mark(1, blue, "liked"))))
    assert liked[blue] > scores[blue]
    await page.after(Rescored, lambda: page.send(Mark(1, blue, "none")))
    assert scores_of(page.of(Rescored)[-1]) == pytest.approx(scores)
    before = len(page.heard)
    page.send(Mark(1, blue, "none"))  # nothing changes
    page.send(Mark(1, "unheard of", "liked"))
    page.send(Mark(2, blue, "liked"))
    await asyncio.sleep(0.01)
    assert len(page.heard) == before


@in_loop
async def test_a_scorer_makes_its_own_source_of_marks():
    page = Page()
    scores = await page.searched()
    code = SCORER + "def get_source(examples):\n    print([e.kind for e in examples])\n"
    code += "    return examples[-1].feature * examples[-1].weight\n"
    await page.after(Rescored, lambda: page.try_scorer(code))
    first = best(scores)[0]
    await page.after(Rescored, lambda: page.send(Mark(1, first, "liked")))
    assert page.of(Printed)[-1].text == "['query', 'liked']\n"
    assert scores_of(page.of(Rescored)[-1])[first] == pytest.approx(1.0)
    bad = code.replace("    print", "    assert len(examples) < 3\n    print")
    await page.after(Rescored, lambda: page.try_scorer(bad, 4))
    told = await page.after(ScorerTried, lambda: page.send(Mark(1, best(scores)[1], "liked")))
    assert (told.id, told.problem.line) == (4, 12)


@pytest.mark.parametrize("policy", ["active_search", "linucb"])
def test_marks_steer_the_search(policy):
    async def run():
        gaps = {}
        for mark in ("liked", "disliked"):
            page = Page(world(40), COSINE)
            page.search(policy=policy, photos=150, calls=200, seed=3)
            await page.until(lambda page=page: len(page.of(Scored)) > 40)
            for event in page.of(Scored):
                if "orange" in event.photo.tags:
                    page.send(Mark(1, event.photo.id, mark))

            def means(page=page):
                (core,) = page.session._show.cores._cores
                return {one.tag: one.mean for one in core.estimates(999)}

            await page.until(lambda page=page: page.of(Rescored))
            await page.session._scorers._rescoring
            await page.until(lambda means=means: {"orange", "red"} <= means().keys())
            gaps[mark] = means()["orange"] - means()["red"]
            await page.ended()
        # Beside its neighbour, the tag rises where its photos are liked.
        assert gaps["liked"] > gaps["disliked"]

    asyncio.run(run())


@in_loop
async def test_the_page_knows_what_the_query_photo_scores_with_itself():
    page = Page()
    await page.searched()
    assert {event.itself for event in page.of(Scored)} == {1.0}  # 1 - its distance from itself
    page.try_scorer(COSINE.replace("return float", "return 0.5 * float"), 5)
    await page.until(lambda: page.of(Rescored))
    assert page.of(Rescored)[0].itself == pytest.approx(0.5)
    liked = page.of(Scored)[-1].photo.id
    marked = await page.after(Rescored, lambda: page.send(Mark(1, liked, "liked")))
    assert 0 < marked.itself < 0.5  # what it is compared with is nearer to what is liked
    alone = "    assert (source != candidate).any()\n    return 1 - float"
    odd = SCORER.replace("    return 1 - float", alone)
    await page.after(Rescored, lambda: page.try_scorer(odd, 6))
    unmarked = await page.after(Rescored, lambda: page.send(Mark(1, liked, "none")))
    assert unmarked.itself is None
    assert len(unmarked.scores) > 30
