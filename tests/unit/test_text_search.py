"""Searches by words, and by words beside a photo: what is asked, scored, told and restored."""

import asyncio
from dataclasses import replace

import pytest

from in_loop import in_loop
from lookalike.browser.protocol import (
    KeptResult,
    Mark,
    Printed,
    Restore,
    ScorerTried,
    Search,
    Settings,
    TryScorer,
)
from lookalike.browser.services import Services
from lookalike.browser.session import Session
from lookalike.filters import Filters
from lookalike.policies import POLICIES
from lookalike.policies.state import SEED_TAGS
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.search.events import Finished, Noted, Queried, Reason, Rescored, Scored, Started
from small_words import Shelf
from small_words import reader as small_reader
from small_world import COLOURS, ColourModel, at_once, picture, world

COSINE = """
import math
from lookalike.images import prepare

LAYER = "avg_pool"

async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()

def embs2score(source, candidate):
    return float(source @ candidate / math.sqrt((source @ source) * (candidate @ candidate)))
"""
EXP = COSINE.replace("return float(", "return math.exp(50 * float(").rstrip() + ")\n"
SETTINGS = Settings(40, 60, 30.0, 10, 0, "greedy", ["world"], Filters(), 50)
RED = QueryPhoto(picture(COLOURS["red"]))


class CountingModel(ColourModel):
    def __init__(self):
        self.runs = 0

    async def run(self, batch, layers):
        self.runs += 1
        return await super().run(batch, layers)


class Page:
    """The other side of a session that can read words."""

    def __init__(self, scorer=COSINE, source=None, table=None):
        self.source = source or world()
        self.model = CountingModel()
        self.heard = []
        services = Services([self.source], lambda _: None, run=at_once, now=lambda: 1e9)
        reader = small_reader(self.model, table)
        post = lambda message, number: self.heard.append((message, number))  # noqa: E731
        self.session = Session(post, services, self.model, reader=reader)
        self.session.load(scorer.encode())

    def of(self, kind, number=None):
        return [m for m, i in self.heard if isinstance(m, kind) and number in (None, i)]

    async def until(self, done):
        for _ in range(60_000):
            if done():
                return
            await asyncio.sleep(0.0005)
        raise AssertionError([type(m).__name__ for m, _ in self.heard][-9:])

    async def searched(self, text, *queries, number=1):
        self.session.take(Search(number, list(queries), SETTINGS, {}, text))
        await self.until(lambda: self.of(Finished, number))
        assert self.of(Finished, number)[-1].problem is None
        return self.shown(number)

    async def after(self, kind, message):
        before = len(self.of(kind))
        self.session.take(message)
        await self.until(lambda: len(self.of(kind)) > before)
        return self.of(kind)[-1]

    def shown(self, number=1):
        """The scores that the page shows, by photo."""
        scores = {}
        for message, its in self.heard:
            if its == number and isinstance(message, Scored):
                scores[message.photo.id] = message.score
            if its == number and isinstance(message, Rescored):
                scores = {each.id: each.score for each in message.scores}
        return scores


def best(scores, count=10):
    return sorted(scores, key=lambda photo: (-scores[photo], photo))[:count]


def share(photos, colour):
    return sum(photo.startswith(f"world:{colour}") for photo in photos) / len(photos)


# -- Words alone -----------------------------------------------------------------------------------


@in_loop
async def test_words_find_photos_that_match():
    page = Page()
    scores = await page.searched("a blue photo")
    assert page.of(Started)[0].guesses[0].tag == "blue photo"
    assert {"blue", "photo"} <= set(page.source.queries)
    assert share(best(scores, 5), "blue") == 1
    assert all(-1 <= score <= 1 for score in scores.values())
    assert page.of(Rescored) == []
    assert page.of(Noted) == []


@in_loop
async def test_each_photo_costs_one_run_of_the_network():
    page = Page()
    scores = await page.searched("blue")
    assert page.model.runs == len(scores)
    # Nothing is run again for other words.
    await page.searched("green", number=2)
    new = set(page.shown(2)) - set(scores)
    assert page.model.runs == len(scores) + len(new)


@in_loop
async def test_the_classes_nearest_to_a_word_are_asked_too():
    page = Page()
    scores = await page.searched("rose")
    assert [guess.tag for guess in page.of(Started)[0].guesses[:2]] == ["rose", "red"]
    assert "red" in page.source.queries
    assert share(best(scores), "red") == 1


@in_loop
async def test_a_mark_moves_what_words_found_and_taking_it_away_moves_it_back():
    page = Page()
    scores = await page.searched("violet")
    marked = next(photo for photo in scores if photo.startswith("world:red"))
    moved = await page.after(Rescored, Mark(1, marked, "liked"))
    assert page.shown()[marked] > 0.5
    assert len(moved.scores) == len(scores)
    await page.after(Rescored, Mark(1, marked, "none"))
    assert page.shown() == pytest.approx(scores)


@in_loop
async def test_another_scorer_leaves_the_order_by_words_as_it_is():
    page = Page()
    scores = await page.searched("blue")
    scorer = await page.after(ScorerTried, TryScorer(1, EXP, "mine"))
    assert scorer.problem is None
    await page.until(lambda: page.of(Rescored))
    assert page.shown() == pytest.approx(scores)


# -- Words beside a photo --------------------------------------------------------------------------


@in_loop
async def test_words_beside_a_photo_are_asked_first_and_both_count():
    page = Page()
    scores = await page.searched("blue", RED)
    guesses = page.of(Started)[0].guesses
    assert [guess.tag for guess in guesses[:2]] == ["blue", "red"]
    assert all(0 <= score <= 1 for score in scores.values())
    alone = await Page().searched("", RED)
    assert share(best(scores), "red") < share(best(alone), "red")
    # Violet is what is both.
    violet = [scores[photo] for photo in scores if photo.startswith("world:violet")]
    green = [scores[photo] for photo in scores if photo.startswith("world:green")]
    assert not green or max(violet) > max(green)


@in_loop
async def test_any_scorer_of_the_same_order_gives_the_same_search():
    one, other = Page(), Page(EXP)
    assert await one.searched("blue", RED) == pytest.approx(await other.searched("blue", RED))
    assert one.source.queries == other.source.queries
    assert one.source.fetched == other.source.fetched


@in_loop
async def test_a_search_by_photo_and_words_is_deterministic():
    one, other = Page(), Page()
    assert await one.searched("blue", RED) == await other.searched("blue", RED)
    assert one.source.fetched == other.source.fetched


@in_loop
async def test_what_is_shown_at_the_end_is_derived_from_all_photos():
    page = Page()
    scores = await page.searched("blue", RED)
    assert len(scores) == 40
    (last,) = [i for i, (m, _) in enumerate(page.heard) if isinstance(m, Finished)]
    rescored = max(i for i, (m, _) in enumerate(page.heard) if isinstance(m, Rescored))
    scored = max(i for i, (m, _) in enumerate(page.heard) if isinstance(m, Scored))
    assert scored < rescored < last


@in_loop
async def test_a_scorer_and_a_mark_after_the_end_keep_the_words():
    page = Page()
    before = await page.searched("blue", RED)
    opposite = COSINE.replace("return float(", "return -float(")
    await page.after(Rescored, TryScorer(1, opposite, "mine"))
    after = page.shown()
    assert best(after) != best(before)
    assert share(best(after), "red") == 0
    await page.after(Rescored, TryScorer(2, EXP, "mine"))
    assert page.shown() == pytest.approx(before)
    red = best(before)[0]
    await page.after(Rescored, Mark(1, red, "disliked"))
    assert page.shown() != pytest.approx(before)


@in_loop
async def test_a_restored_search_ranks_as_the_one_before():
    for text, queries in (("blue", []), ("blue", [RED]), ("blue quux", [RED])):
        old = Page()
        scores = await old.searched(text, *queries)
        results = [KeptResult(e.photo, e.thumbnail, e.tag, "none") for e in old.of(Scored)]
        page = Page()
        page.session.take(Restore(7, list(queries), SETTINGS, results, text))
        await page.after(Rescored, TryScorer(1, EXP, "mine"))
        assert page.shown(7) == pytest.approx(scores)
        assert page.source.fetched == []


# -- Words that cannot be compared -----------------------------------------------------------------


@in_loop
async def test_unknown_words_are_asked_and_the_service_says_what_they_mean():
    page = Page()
    # The table does not know it, but the service does.
    scores = await page.searched("red3 quux red")
    assert "“quux”" in page.of(Noted)[0].problem.message
    page = Page(table=b"broken")
    scores = await page.searched("red")
    (noted,) = page.of(Noted)
    assert "broken" in noted.problem.message
    assert "plain results of " in noted.problem.advice
    assert {message.tag for message in page.of(Queried)} >= {"red"}
    assert share(best(scores), "red") == 1
    assert best(scores)[0] != best(scores)[-1]


@pytest.mark.parametrize("policy", sorted(POLICIES))
@pytest.mark.parametrize("text", ["zzyzx", "\N{DOG FACE}"])
@in_loop
async def test_words_that_nobody_knows_and_nothing_is_found_for_bring_nothing_else(policy, text):
    """A word may be mistyped: then photos of towns and cats are no results of it."""
    source = world()
    for colour, seed in zip(COLOURS, SEED_TAGS, strict=True):
        for i in range(5):
            name = f"{colour}-{i}"
            source.photos[name] = replace(source.photos[name], tags=(seed,))
    page = Page(source=source)
    page.session.take(Search(1, [], replace(SETTINGS, policy=policy), {}, text))
    await page.until(lambda: page.of(Finished))
    assert page.of(Finished)[0].reason is Reason.EXHAUSTED
    assert page.of(Scored) == []
    assert set(source.queries) <= {text}


@in_loop
async def test_words_that_nobody_knows_bring_nothing_of_the_searches_before():
    """Nothing says whether photos that were found for others have to do with them."""
    page = Page()
    await page.searched("", RED)
    await page.searched("zzyzx", number=2)
    assert page.of(Scored, 2) == []
    # But for what was found for these very words.
    page = Page(table=b"")
    first = await page.searched("violet3")
    await page.searched("violet3", number=2)
    # Nor where a score function compares with something of its own.
    source = "def get_source(examples):\n    import numpy\n    return numpy.ones(3)\n"
    other = Page(COSINE + source + 'START = ["green"]\n')
    await other.searched("", RED)
    await other.searched("zzyzx", number=2)
    assert {"red", "green"} <= {tag for e in other.of(Scored, 2) for tag in e.photo.tags}
    (before,) = [event for event in page.of(Scored, 2) if event.before]
    assert before.photo.id in first
    assert before.photo.id == "world:violet-3"
    assert page.shown(2)[before.photo.id] > 0


@in_loop
async def test_feedback_is_deterministic_and_restored():
    one, other = Page(table=b""), Page(table=b"")
    scores = await one.searched("red")
    assert scores == await other.searched("red")
    results = [KeptResult(e.photo, e.thumbnail, e.tag, "none") for e in one.of(Scored)]
    page = Page(table=b"")
    page.session.take(Restore(7, [], SETTINGS, results, "red"))
    await page.after(Rescored, TryScorer(1, EXP, "mine"))
    assert share(best(page.shown(7)), "red") == 1


@in_loop
async def test_what_stands_for_unknown_words_stands_for_them_no_more_when_it_is_disliked():
    """The service has put it first, and the person knows better."""
    kinds = """
from collections import Counter

import numpy as np

def get_source(examples):
    print(dict(Counter(example.kind for example in examples)))
    return np.mean([each.weight * each.feature for each in examples], axis=0)
"""
    page = Page(COSINE + kinds, table=b"")
    scores = await page.searched("red")
    standing = page.of(Printed)[-1].text.splitlines()[-1]
    assert standing == "{'query': 8}"
    first = page.of(Scored)[0].photo.id
    await page.after(Rescored, Mark(1, first, "disliked"))
    assert page.of(Printed)[-1].text.splitlines()[-1] == "{'query': 7, 'disliked': 1}"
    assert page.shown()[first] < scores[first]
    await page.after(Rescored, Mark(1, first, "liked"))
    assert page.of(Printed)[-1].text.splitlines()[-1] == "{'query': 8, 'liked': 1}"


@in_loop
async def test_unknown_words_beside_a_photo_leave_it_in_charge():
    page = Page()
    scores = await page.searched("quux", RED)
    assert "photo alone" in page.of(Noted)[0].problem.advice
    assert page.source.queries[0] in ("quux", "red")
    assert share(best(scores), "red") == 1


@in_loop
async def test_the_table_is_not_fetched_by_a_search_without_words():
    page = Page()
    shelf = page.session._reader._table
    assert isinstance(shelf, Shelf)
    await page.searched("", RED)
    assert shelf.asked == 0
    await page.searched("blue", number=2)
    assert shelf.asked == 1
