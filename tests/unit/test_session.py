"""What the page says and what it is told, about searches, scorers and marks."""

import asyncio
import functools
import sys
from collections import Counter
from dataclasses import replace

import pytest

import lookalike.ranking.query_photo
from lookalike import images
from lookalike.browser import query_photos, session
from lookalike.browser.protocol import (
    CallsMade,
    Cancel,
    GoOn,
    KeptResult,
    Mark,
    Open,
    Opened,
    Ping,
    Pong,
    Printed,
    Restore,
    ScorerTried,
    Search,
    ServiceChoice,
    Settings,
    Steer,
    TryScorer,
)
from lookalike.browser.services import Services
from lookalike.browser.session import Session
from lookalike.errors import KeyRejected
from lookalike.filters import Filters
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.scorer.compile import shipped
from lookalike.search.events import (
    Finished,
    Progress,
    Queried,
    Ranked,
    Reason,
    Recomputing,
    Rescored,
    Scored,
    Started,
)
from lookalike.search.federated import Member
from lookalike.sources.source import Capabilities
from small_world import COLOURS, ColourModel, at_once, picture, world

SCORER = """
from lookalike.images import prepare

LAYER = "avg_pool"

async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()

def embs2score(source, candidate):
    return 1 - float(((source - candidate) ** 2).sum())
"""
OPPOSITE = SCORER.replace("1 - float", "float")
OTHER_LAYER = SCORER.replace("avg_pool", "conv_16_project")
COSINE = SCORER.replace(
    "1 - float(((source - candidate) ** 2).sum())",
    "float(source @ candidate) / float((source @ source) * (candidate @ candidate)) ** 0.5",
)
SETTINGS = Settings(40, 60, 30.0, 10, 0, "active_search", ["world"], Filters(), 50)


class CountingModel(ColourModel):
    """Counts runs, and may wait before each."""

    def __init__(self):
        self.runs = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def run(self, batch, layers):
        self.runs += "logits" not in layers
        await self.gate.wait()
        return await super().run(batch, layers)


class Page:
    """The other side: sends messages, and keeps what comes."""

    def __init__(self, source=None, text=SCORER, run=at_once, others=()):
        self.source = source or world()
        self.model = CountingModel()
        self.heard = []
        services = Services(
            [self.source, *others], lambda m: self.heard.append((m, None)), run=run, now=lambda: 1e9
        )
        self.session = Session(lambda m, i: self.heard.append((m, i)), services, self.model)
        self.session.load(text.encode() if isinstance(text, str) else text)

    def send(self, message):
        self.session.take(message)

    def search(self, *queries, number=1, **changes):
        queries = queries or (QueryPhoto(picture(COLOURS["red"])),)
        settings = Settings(
            **{**dict(zip(Settings.__slots__, values(SETTINGS), strict=True)), **changes}
        )
        self.send(Search(number, list(queries), settings, {}))

    def try_scorer(self, code, number=1):
        self.send(TryScorer(number, code, "mine"))

    def of(self, kind, number=None):
        return [m for m, i in self.heard if isinstance(m, kind) and number in (None, i)]

    async def until(self, done, what=""):
        for _ in range(60_000):
            if done():
                return
            await asyncio.sleep(0.0005)
        raise AssertionError(
            f"waited in vain {what}: {[type(m).__name__ for m, _ in self.heard][-9:]}"
        )

    async def ended(self, number=1):
        await self.until(lambda: self.of(Finished, number))
        return self.of(Finished, number)[-1]

    async def after(self, kind, act, count=1):
        """Do something, and wait for so many messages of a kind that follow."""
        before = len(self.of(kind))
        act()
        await self.until(lambda: len(self.of(kind)) >= before + count, kind.__name__)
        return self.of(kind)[-1]

    async def searched(self, *queries, **changes):
        self.search(*queries, **changes)
        assert (await self.ended(changes.get("number", 1))).problem is None
        return {event.photo.id: event.score for event in self.of(Scored)}


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


def values(settings):
    return [getattr(settings, name) for name in Settings.__slots__]


def scenario(function):
    """Run a test that is a coroutine function."""

    def test():
        asyncio.run(function())

    test.__name__ = function.__name__
    test.__doc__ = function.__doc__
    return test


def scenario_of_cases(function):
    """The same, of one that takes parameters."""

    @functools.wraps(function)
    def test(**given):
        asyncio.run(function(**given))

    return test


def scores_of(rescored):
    return {one.id: one.score for one in rescored.scores}


def best(scores, count=5):
    return sorted(scores, key=lambda name: -scores[name])[:count]


# -- Searches --------------------------------------------------------------------------------------


@scenario
async def test_a_search_is_told_from_start_to_finish():
    page = Page(text=shipped())
    scores = await page.searched()
    assert isinstance(page.heard[0][0], Started)
    assert {i for _, i in page.heard} == {1}
    assert len(scores) == 40
    assert page.heard[-1][0].reason is Reason.BUDGET
    page.send(Ping(7))
    assert page.heard[-1] == (Pong(7), None)


def test_files_are_opened_beside_a_search_and_a_picture_is_decoded_once(monkeypatch):
    decoded = []

    async def counting(data, *rest):
        decoded.append(data)
        return await images.open_anyhow(data, *rest)

    for module in (query_photos, lookalike.ranking.query_photo):
        monkeypatch.setattr(module, "open_anyhow", counting)
    red, green = picture(COLOURS["red"]), picture(COLOURS["green"])

    async def opening():
        page = Page()
        page.search()
        page.send(Open(5, b"no picture"))
        page.send(Open(6, green))
        await page.until(lambda: len(page.of(Opened)) == 2)
        bad, good = page.of(Opened)
        assert bad.id == 5
        assert bad.problem.code == "bad-photo"
        assert good == Opened(6, None)
        assert (await page.ended()).reason is Reason.BUDGET
        page.search(QueryPhoto(green), number=2)
        assert (await page.ended(2)).reason is Reason.BUDGET

    asyncio.run(opening())
    assert sorted(decoded) == sorted([red, b"no picture", green])


@scenario
async def test_a_search_is_cancelled_and_a_new_one_ends_the_one_before():
    page = Page()
    page.search()
    await page.until(lambda: page.of(Scored))
    page.send(Cancel(2))  # of another
    page.send(Cancel(1))
    assert (await page.ended()).reason is Reason.CANCELLED
    page.search(number=2)
    await page.until(lambda: page.of(Scored, 2))
    page.search(number=3)
    assert (await page.ended(2)).reason is Reason.CANCELLED
    assert (await page.ended(3)).reason is Reason.BUDGET


@scenario
async def test_a_tag_is_steered_from_the_first_moment():
    page = Page()
    page.search()
    page.send(Steer(1, "violet", "ban"))
    await page.ended()
    assert all("violet" not in event.photo.tags for event in page.of(Scored))


@scenario
async def test_a_shipped_file_that_is_broken_fails_searches_until_it_is_mended():
    page = Page(text="1 / 0")
    told = page.heard[0][0]
    assert (told.id, told.problem.line) == (0, 1)
    page.search()
    assert (await page.ended()).problem == told.problem
    assert (await page.after(ScorerTried, lambda: page.try_scorer(SCORER))).problem is None
    page.search(number=2)
    assert (await page.ended(2)).problem is None


@scenario
async def test_words_to_start_from_need_no_photo_but_get_source():
    page = Page()
    page.search(number=1)
    await page.ended()
    page.send(Search(2, [], SETTINGS, {}))
    finished = await page.ended(2)
    assert "no photo" in finished.problem.message
    start = SCORER + "import numpy as np\nSTART = ['green', 'blue']\n"
    refused = await page.after(ScorerTried, lambda: page.try_scorer(start))
    assert "embs2score" in refused.problem.message  # with no source
    start += "def get_source(examples):\n    return np.float32([-1, 1, -1])\n"
    taken = await page.after(ScorerTried, lambda: page.try_scorer(start, 2))
    assert (taken.problem, taken.optional) == (None, ["get_source", "START"])
    page.send(Search(3, [], SETTINGS, {}))
    assert (await page.ended(3)).problem is None
    started = page.of(Started, 3)[0]
    assert [(guess.tag, guess.probability) for guess in started.guesses] == [
        ("green", 1.0),
        ("blue", 1.0),
    ]
    scores = {event.photo.id: event.score for event in page.of(Scored, 3)}
    assert all(name.startswith("world:green") for name in best(scores))


@scenario
async def test_several_photos_weights_and_crops():
    half = picture(COLOURS["red"], size=(40, 40))
    green, red = picture(COLOURS["green"]), picture(COLOURS["red"])
    page = Page()
    await page.searched(QueryPhoto(green, 1.0), QueryPhoto(red, -1.0), number=1)
    assert "green" in [guess.tag for guess in page.of(Started, 1)[0].guesses][:2]
    scores = {event.photo.id: event.score for event in page.of(Scored, 1)}
    assert best(scores, 1)[0].startswith("world:green")
    page.search(QueryPhoto(half, crop=(0, 0, 0, 1)), number=2)
    finished = await page.ended(2)
    assert (finished.problem.code, finished.reason) == ("bad-crop", Reason.FAILED)
    page.search(QueryPhoto(half, crop=(0.5, 0, 0.5, 1)), number=3)
    assert (await page.ended(3)).problem is None


# -- A new scorer ---------------------------------------------------------------------------------


@scenario
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


@scenario
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


@scenario
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


@scenario
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


@scenario
async def test_a_search_waits_for_a_trial_and_uses_its_scorer():
    page = Page()
    page.try_scorer(OTHER_LAYER.replace("1 - float", "100 - float"))
    page.search()
    await page.ended()
    assert all(event.score > 90 for event in page.of(Scored))


@scenario_of_cases
async def test_a_scorer_that_is_tried_while_query_photos_are_opened_ranks_the_search(monkeypatch):
    page, opening, go = Page(), asyncio.Event(), asyncio.Event()

    async def slow(photos, *_):
        opening.set()
        await go.wait()
        return list(photos)

    monkeypatch.setattr(session, "readied", slow)
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


@scenario_of_cases
async def test_a_search_is_cancelled_while_query_photos_are_opened(monkeypatch):
    page, opening, go = Page(), asyncio.Event(), asyncio.Event()

    async def slow(photos, *_):
        opening.set()
        await go.wait()
        return list(photos)

    monkeypatch.setattr(session, "readied", slow)
    page.search()
    await opening.wait()
    page.send(Cancel(1))
    go.set()
    assert (await page.ended()).reason is Reason.CANCELLED
    assert page.source.queries == []


@scenario
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


@scenario
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


@scenario
async def test_describing_again_ends_with_the_next_search():
    page = Page()
    await page.searched()
    page.try_scorer(OTHER_LAYER)
    await page.until(lambda: len(page.of(Recomputing)) > 3)
    page.search(number=2)
    await page.ended(2)
    assert page.of(Recomputing)[-1].done < 39
    assert page.of(Rescored) == []


@scenario
async def test_a_refused_scorer_does_not_end_what_the_last_one_has_to_do():
    page = Page()
    await page.searched()
    page.try_scorer(OTHER_LAYER)
    await page.until(lambda: len(page.of(Recomputing)) > 3)
    page.try_scorer("oops", 2)
    await page.until(lambda: page.of(Rescored))
    assert [bool(scorer.problem) for scorer in page.of(ScorerTried)] == [False, True]
    assert len(scores_of(page.of(Rescored)[-1])) == 40


@scenario
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


@scenario
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


@scenario
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


# -- While a search runs ---------------------------------------------------------------------------


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


@scenario
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


@scenario
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


@scenario
async def test_a_rank_that_fails_during_a_search_is_told_in_the_console():
    page = Page(text=SCORER + "def rank(results): 1 / 0\n")
    await page.searched()
    assert page.of(Ranked) == []
    assert "rank in score.py failed (line 11)" in page.of(Printed)[-1].text


# -- Marks -----------------------------------------------------------------------------------------


@scenario
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


@scenario
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


# -- After the engine was replaced -----------------------------------------------------------------


@scenario
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


@scenario
async def test_of_several_query_photos_the_best_counts_and_none_that_leads_away():
    page = Page()
    red, blue = (QueryPhoto(picture(COLOURS[name])) for name in ("red", "blue"))
    await page.searched(red, blue, replace(red, weight=-1.0))
    scores = {event.itself for event in page.of(Scored)}
    assert len(scores) == 1
    assert max(scores) < 1
    text = SCORER + '\n\nSTART = ["red"]\n\n\ndef get_source(examples):\n    return [1.0] * 3\n'
    page = Page(text=text)
    page.send(Search(1, [], SETTINGS, {}))
    await page.ended()
    assert {event.itself for event in page.of(Scored)} == {None}


@scenario
async def test_what_repeats_a_query_photo_that_was_found_is_its_near_duplicate():
    page = Page()
    found = QueryPhoto(picture(COLOURS["red"]), of="elsewhere:1")
    await page.searched(found)
    near_duplicates = {event.photo.id: event.twin for event in page.of(Scored)}
    repeated = [name for name, twin in near_duplicates.items() if twin == "elsewhere:1"]
    assert repeated
    assert all(name.startswith("world:red") for name in repeated)
    await page.searched(replace(found, of=""), number=2)
    assert "elsewhere:1" not in {event.twin for event in page.of(Scored, 2)}


@scenario
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


@scenario
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


@scenario
async def test_a_restored_thumbnail_that_is_broken_has_no_score():
    old = Page()
    await old.searched()
    results = [KeptResult(e.photo, e.thumbnail, e.tag, "none") for e in old.of(Scored)[:5]]
    results[3] = KeptResult(results[3].photo, b"broken", "", "none")
    page = Page()
    page.send(Restore(7, [QueryPhoto(picture(COLOURS["red"]))], SETTINGS, results))
    await page.after(Rescored, lambda: page.try_scorer(OPPOSITE))
    assert len(page.of(Rescored)[-1].scores) == 4


@scenario
async def test_queried_and_scored_are_of_their_search():
    page = Page()
    await page.searched(number=9)
    assert {i for message, i in page.heard if isinstance(message, Queried | Scored)} == {9}


@scenario
async def test_the_page_is_told_what_a_published_scorer_defines_besides():
    page = Page(text=SCORER + "\nSTART = ['red']\n")
    (told,) = page.of(ScorerTried)
    assert told.problem is None
    assert "START" in told.optional


@scenario
async def test_a_scorer_that_needs_a_photo_does_not_take_over_a_search_without_one():
    page = Page()
    starts = SCORER + "\nSTART = ['red']\n\ndef embs2score(source, candidate): return 1\n"
    await page.after(ScorerTried, lambda: page.try_scorer(starts))
    page.send(Search(1, [], SETTINGS, {}))
    await page.ended()
    told = await page.after(ScorerTried, lambda: page.try_scorer(SCORER, 2))
    assert "no photo" in told.problem.message
    assert "START" in told.optional


# -- Several services ------------------------------------------------------------------------------


def services():
    """Two more worlds beside the one called "world"."""
    made = []
    for name in ("ant", "bee"):
        each = world()
        each.can = Capabilities(name, name.title(), dates=True)
        made.append(each)
    return made


@scenario
async def test_the_services_of_the_settings_are_searched_at_once():
    ant, bee = services()
    page = Page(others=[ant, bee])
    page.search(sources=["bee", "world"])
    assert (await page.ended()).problem is None
    assert {event.photo.source for event in page.of(Scored)} == {"bee", "world"}
    assert ant.queries == []
    assert [part.name for part in page.of(Progress)[-1].services] == ["bee", "world"]
    assert {event.source for event in page.of(Queried)} == {"bee", "world"}


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ([], "Nothing was chosen to search."),
        (["world", "nowhere"], "There is nothing called “nowhere” to search."),
        (["collection:7"], "There is nothing called “collection:7” to search."),
    ],
)
@scenario_of_cases
async def test_sources_that_there_are_not_fail_with_clear_words(sources, told):
    page = Page(others=services())
    page.search(sources=sources)
    finished = await page.ended()
    assert (finished.reason, finished.problem.message) == (Reason.FAILED, told)
    assert finished.problem.advice == "Choose World, Ant or Bee."
    assert page.source.queries == []
    page.search(number=2)
    assert (await page.ended(2)).problem is None


@scenario
async def test_a_tag_is_steered_at_all_services():
    ant, bee = services()
    page = Page(others=[ant, bee])
    page.search(sources=["ant", "bee"])
    page.send(Steer(1, "orange", "ban"))
    await page.ended()
    assert page.of(Scored)
    assert all("orange" not in event.photo.tags for event in page.of(Scored))


@scenario
async def test_a_new_scorer_is_told_to_the_policies_of_all_services():
    ant, bee = services()
    page = Page(others=[ant, bee])
    page.search(sources=["ant", "bee"], photos=120, calls=200)
    await page.until(lambda: len(page.of(Scored)) > 40)
    page.try_scorer(OPPOSITE)
    await page.until(lambda: page.of(Rescored))
    await page.ended()
    scores = scores_of(await page.after(Rescored, lambda: page.try_scorer(OPPOSITE, 2)))
    assert len(scores) == 120
    means = {estimate.tag: estimate.mean for estimate in page.of(Progress)[-1].estimates}
    assert max(means, key=means.get) not in ("red", "orange")


@scenario
async def test_filters_of_the_settings_are_applied():
    ant, _ = services()
    for i, photo in enumerate(ant.photos.values()):
        ant.photos[photo.id] = replace(photo, license="CC0 1.0" if i % 2 else "All rights reserved")
    page = Page(others=[ant])
    page.search(sources=["ant"], filters=Filters(license="reuse"), photos=30)
    await page.ended()
    assert {event.photo.license for event in page.of(Scored)} == {"CC0 1.0"}
    assert page.of(Progress)[-1].filtered[0].why == "licence"


@scenario
async def test_calls_are_told_and_those_of_earlier_visits_count():
    ant, _ = services()
    ant.can = replace(ant.can, per_minute=20, per_day=200)
    page = Page(others=[ant])
    made = [1e9 - 4000.0 - i for i in range(150)]
    settings = replace(SETTINGS, sources=["ant"], calls=100)
    page.send(Search(1, [QueryPhoto(picture(COLOURS["red"]))], settings, {"ant": made, "x": [1]}))
    finished = await page.ended()
    assert finished.calls == len(ant.queries) == 12  # a quarter of the 50 that were left
    told = page.of(CallsMade)
    assert [len(each.made) for each in told] == list(range(151, 163))
    assert {each.source for each in told} == {"ant"}
    part = page.of(Progress)[-1].services[0]
    assert (part.minute_left, part.day_left) == (8, 38)


@scenario
async def test_a_service_that_dies_is_told_and_what_it_found_can_be_marked():
    ant, bee = services()

    def fail(kind, n):
        if kind == "call" and n > 1:
            raise KeyRejected("No key.")

    ant.fail = fail
    page = Page(others=[ant, bee])
    page.search(sources=["ant", "bee"], photos=80, calls=200)
    assert (await page.ended()).problem is None
    parts = {part.name: part for part in page.of(Progress)[-1].services}
    assert parts["ant"].problem.code == "key-rejected"
    assert parts["bee"].problem is None
    found = [event.photo.id for event in page.of(Scored) if event.photo.source == "ant"]
    assert found
    rescored = await page.after(Rescored, lambda: page.send(Mark(1, found[0], "liked")))
    assert found[0] in scores_of(rescored)


@scenario
async def test_what_is_no_service_joins_by_its_kind():
    asked = []

    def collection(name, settings):
        asked.append((name, settings.neighbours))

        async def begin(part):
            await part.ranker.begin()
            yield Started(part.seed, ())
            yield Finished(Reason.EXHAUSTED, 0, 0, 0.0)

        return Member(name, "Holidays", begin, looks=False)

    page = Page()
    page.session = Session(
        lambda m, i: page.heard.append((m, i)),
        Services([page.source], run=at_once, now=lambda: 1e9),
        page.model,
        others={"collection": collection},
    )
    page.session.load(SCORER.encode())
    page.search(sources=["collection:7", "world"], neighbours=9)
    assert (await page.ended()).photos == 40
    assert asked == [("collection:7", 9)]


@scenario
async def test_own_photos_that_are_described_again_end_in_scores_though_none_joins():
    async def described(ranker):
        yield Recomputing(0, 1)
        yield Recomputing(1, 1)

    page = Page()
    page.session = Session(
        lambda m, i: page.heard.append((m, i)),
        Services([page.source], run=at_once, now=lambda: 1e9),
        page.model,
        newcomers=described,
    )
    page.session.load(SCORER.encode())
    scores = await page.searched()
    page.try_scorer(OTHER_LAYER)
    await page.until(lambda: Recomputing(1, 1) in page.of(Recomputing))
    await page.until(lambda: len(page.of(Rescored)) == 2)
    assert isinstance(page.heard[-1][0], Rescored)
    assert scores_of(page.of(Rescored)[-1]).keys() == scores.keys()


def test_services_say_what_they_are():
    ant, _ = services()
    ant.can = Capabilities("ant", "Ant", key=True, per_minute=20, filters=frozenset({"safe", "a"}))
    assert Services([ant]).choices == [ServiceChoice("ant", "Ant", True, ["a", "safe"], 20, None)]


# -- A scorer that never returns ------------------------------------------------------------------


@scenario
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


@scenario
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


# -- Keep looking ----------------------------------------------------------------------------------


@scenario
async def test_a_search_goes_on_when_it_is_told_to_and_knows_what_was_marked_meanwhile():
    page = Page()
    await page.searched(photos=20)
    await page.after(Rescored, lambda: page.send(Mark(1, page.of(Scored)[3].photo.id, "liked")))
    for number, photos in enumerate((35, 50), 2):
        page.send(GoOn(1, 15, 20, 30.0, {}))
        await page.until(lambda n=number: len(page.of(Finished, 1)) == n)
        assert page.of(Finished, 1)[-1].photos == photos
    ids = [event.photo.id for event in page.of(Scored, 1)]
    assert len(ids) == len(set(ids)) == 50
    assert len(page.of(Started)) == 1


@scenario
async def test_what_cannot_go_on_says_so():
    page = Page()
    page.send(GoOn(1, 15, 20, 30.0, {}))
    assert (await page.ended()).reason is Reason.FAILED
    await page.searched(number=2)
    page.send(Restore(3, [QueryPhoto(picture(COLOURS["red"]))], SETTINGS, []))
    for number in (2, 3):
        page.send(GoOn(number, 15, 20, 30.0, {}))
        await page.until(lambda n=number: page.of(Finished, n)[-1:])
        assert page.of(Finished, number)[-1].problem.advice == "Search again."


@scenario
async def test_a_search_that_goes_on_is_cancelled_and_goes_on_again():
    page = Page()
    await page.searched(photos=20)
    page.send(GoOn(1, 300, 60, 30.0, {}))
    await page.until(lambda: len(page.of(Scored)) > 25)
    page.send(Cancel(1))
    await page.until(lambda: len(page.of(Finished)) == 2)
    assert page.of(Finished)[-1].reason is Reason.CANCELLED
    page.send(GoOn(1, 10, 60, 30.0, {}))
    await page.until(lambda: len(page.of(Finished)) == 3)
    ids = [event.photo.id for event in page.of(Scored)]
    assert len(ids) == len(set(ids)) == page.of(Finished)[-1].photos
