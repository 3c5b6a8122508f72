"""The person's own collections searched by words, alone and beside a photo."""

import asyncio

import numpy as np
import pytest

from in_loop import in_loop
from lookalike.browser.collection_cache import CollectionCache
from lookalike.browser.collection_member import CollectionMember
from lookalike.browser.protocol import Mark, Search, Settings
from lookalike.browser.services import Services
from lookalike.browser.session import Session
from lookalike.budget import Budget
from lookalike.collections.embedder import Embedder
from lookalike.collections.indexing import index
from lookalike.collections.memory import MemoryStore
from lookalike.collections.progress import Control
from lookalike.filters import Filters
from lookalike.model.text_encoder import TextSpec
from lookalike.policies import POLICIES
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.ranking.text_query import TextQuery
from lookalike.search.context import SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.events import Finished, Joined, Noted, Rescored, Scored
from lookalike.search.federated import Federation, service
from small_collection import HOLIDAY, MODEL, SCORER, CountingModel, jpeg, make_scorer, upload
from small_words import WORDS, packed
from small_words import reader as small_reader
from small_world import at_once, world

NAME = HOLIDAY.source_name
TABLE = packed({**WORDS, "reddish": (1, 0, 0, 0), "greenish": (0, 1, 0, 0), "bluish": (0, 0, 1, 0)})
FILES = {
    "b/red.jpg": "#f01010",
    "b/wine.jpg": "#c02020",
    "c/Anna-1.jpg": "#10e010",
    "c/Anna-2.jpg": "#2020f0",
    "d/sky.jpg": "#5050c0",
    "d/sea.jpg": "#40a0c0",
}


class Encoder:
    """Puts each text where a photo of one colour is."""

    spec = TextSpec("grid", 8, 0, 0)

    def __init__(self, colour=(-1, -1, 1)):
        self._vector = np.repeat(np.array(colour, np.float32), 16)

    async def encode(self, text):
        return self._vector


class Desk:
    """A collection of photos in folders, and what searches it by words."""

    def __init__(self, encoder=None, table=TABLE):
        self.store, self.model = MemoryStore(), CountingModel()
        self.descriptions = CollectionCache(self.store, self.embedder, self.model.spec.labels)
        self.own = CollectionMember(self.descriptions)
        self.reader = small_reader(self.model, table, encoder)

    def embedder(self, scorer):
        return Embedder(self.model, MODEL, scorer)

    async def fill(self):
        await self.store.create(HOLIDAY)
        uploads = [upload(name, jpeg(colour)) for name, colour in FILES.items()]
        async for _ in index(self.store, HOLIDAY.id, uploads, self.embedder(make_scorer())):
            pass
        return self

    async def search(self, text, photo=None, neighbours=3, **filters):
        settings = Settings(10, 10, 10.0, 1, 1, "greedy", [NAME], Filters(**filters), neighbours)
        queries = [QueryPhoto(jpeg(photo))] if photo else []
        words = TextQuery.made(text, self.reader, photo=bool(photo), own=True)
        self.ranker = Ranker(self.model, make_scorer(), queries, text=words)
        # What is on show is held by whoever shows it.
        self.shown = Federation([self.own.member(NAME, settings)], self.ranker, seed=1)
        self.events = [event async for event in self.shown.leg(Budget(10, 10, 10.0))]
        assert self.events[-1].problem is None
        return self.names()

    def names(self):
        return [e.photo.id.split(":")[-1] for e in self.events if isinstance(e, Scored)]

    def scores(self):
        return {e.photo.id: e.score for e in self.events if isinstance(e, Scored)}

    def notes(self):
        return [e.problem for e in self.events if isinstance(e, Noted)]

    def known(self):
        """The scores that the judge has."""
        self.ranker.refresh()
        return scores_of(self.ranker)


def scores_of(ranker):
    return {photo: scored.score for photo, scored in ranker.ranking.photos.items()}


# -- Words alone -----------------------------------------------------------------------------------


@in_loop
async def test_words_find_the_photos_that_match_and_the_network_is_not_run():
    desk = await Desk().fill()
    runs = desk.model.runs
    assert await desk.search("blue", neighbours=2) == ["c/Anna-2.jpg", "d/sky.jpg"]
    assert desk.model.runs == runs
    assert desk.known() == desk.scores()
    assert desk.notes() == []


@in_loop
async def test_words_that_have_no_vector_still_find_files_and_folders():
    desk = await Desk().fill()
    assert await desk.search("Anna", neighbours=5) == ["c/Anna-1.jpg", "c/Anna-2.jpg"]
    assert set(desk.scores().values()) == {1.0}
    assert desk.known() == desk.scores()
    (note,) = desk.notes()
    assert note.message == "“anna” is unknown here."
    assert note.advice == "Only photos are found whose files or folders are called so."
    assert await desk.search("zzyzx") == []
    assert len(desk.notes()) == 1


@in_loop
async def test_a_word_of_the_path_counts_beside_what_is_seen():
    desk = await Desk().fill()
    await desk.search("blue", neighbours=6)
    blue = desk.scores()
    assert (await desk.search("Anna blue", neighbours=6))[0] == "c/Anna-2.jpg"
    for name, cosine in blue.items():
        wanted = 0.5 + 0.5 * cosine if "Anna" in name else cosine
        assert desk.scores()[name] == pytest.approx(wanted)
    assert "looked for in the names of files and folders" in desk.notes()[0].advice
    assert (await desk.search("red"))[0] == "b/red.jpg"
    assert max(desk.scores().values()) == 1
    assert desk.known() == desk.scores()


@in_loop
async def test_two_searches_that_read_the_photos_at_once_have_each_photo_once(monkeypatch):
    """A search that was given up may still read them when the next one begins."""
    desk = await Desk().fill()
    entries_of = desk.store.entries

    async def slowly(collection):
        async for some in entries_of(collection):
            await asyncio.sleep(0)
            yield some

    monkeypatch.setattr(desk.store, "entries", slowly)
    found = desk.descriptions.get(HOLIDAY.id, make_scorer(), Control())
    (described,) = [step async for step in found]
    both = (desk.descriptions.entries(described) for _ in range(2))
    for entries in await asyncio.gather(*both):
        assert sorted(entry.id for entry in entries) == sorted(FILES)


@in_loop
async def test_filters_apply_and_the_table_of_words_may_be_missing():
    desk = await Desk().fill()
    assert await desk.search("blue", orientation="portrait") == []
    desk = await Desk(table=b"broken").fill()
    assert await desk.search("sea of wine", neighbours=5) == ["b/wine.jpg", "d/sea.jpg"]
    assert "broken" in desk.notes()[0].message


@in_loop
async def test_marks_and_another_scorer_keep_the_words():
    desk = await Desk().fill()
    await desk.search("blue", neighbours=2)
    desk.ranker.seen.mark(f"{NAME}:c/Anna-2.jpg", "liked")
    other = make_scorer("colour")
    matches = {some.photo.id: some.match for some in desk.ranker.seen}
    await desk.ranker.take_over(other)
    joined = [e async for e in desk.own.newcomers(desk.ranker) if isinstance(e, Joined)]
    assert all(some.match == matches.get(some.photo.id, some.match) for some in desk.ranker.seen)
    shown = scores_of(desk.ranker)
    assert {event.photo.id for event in joined} <= set(shown)
    assert desk.known().keys() == shown.keys()
    best = max(shown, key=lambda each: desk.known()[each])
    assert best == f"{NAME}:c/Anna-2.jpg"


@in_loop
async def test_an_engine_that_was_replaced_finds_by_name_as_before():
    desk = await Desk().fill()
    await desk.search("Anna blue")
    kept, before = desk.ranker.seen, desk.known()
    words = TextQuery.made("Anna blue", desk.reader, photo=False, own=True)
    ranker = Ranker(desk.model, make_scorer(), [], text=words)
    for some in kept:
        ranker.seen.add(type(some)(some.photo, some.thumbnail))
    await ranker.take_over(make_scorer())
    assert scores_of(ranker) == pytest.approx(before, abs=0.02)


# -- Beside a photo --------------------------------------------------------------------------------


@in_loop
async def test_the_best_by_both_are_the_best_of_the_whole_collection():
    desk = await Desk().fill()
    whole = await desk.search("blue", photo="red", neighbours=6)
    scores = desk.scores()
    few = await desk.search("blue", photo="red", neighbours=2)
    assert few == whole[:2]
    # Scores are those among all photos, however many are shown, and stay so.
    assert desk.scores() == {f"{NAME}:{each}": scores[f"{NAME}:{each}"] for each in few}
    assert desk.known() == desk.scores()


@in_loop
async def test_names_beside_a_photo_and_words_that_find_nothing():
    desk = await Desk().fill()
    assert (await desk.search("Anna", photo="lime"))[0] == "c/Anna-1.jpg"
    assert desk.notes()[0].advice.startswith("Photos whose files or folders are called so")
    assert await desk.search("zzyzx", photo="red", neighbours=2) == ["b/red.jpg", "b/wine.jpg"]
    assert max(desk.scores().values()) > 1  # the scorer's own


@in_loop
async def test_what_memory_cannot_hold_is_ranked_by_both(monkeypatch):
    desk = await Desk().fill()
    wanted = await desk.search("blue", photo="red", neighbours=6)

    async def too_large(*_):
        return None

    monkeypatch.setattr("lookalike.collections.searchable.load", too_large)
    desk.descriptions.forget("")
    assert await desk.search("blue", photo="red", neighbours=6) == wanted


@in_loop
async def test_after_a_mark_the_page_is_told_how_photos_stand_among_all_of_the_collection():
    desk = await Desk().fill()
    heard = []
    services = Services([world()], run=at_once)
    session = Session(
        lambda message, _: heard.append(message),
        services,
        desk.model,
        others={"collection": desk.own.member},
        newcomers=desk.own.newcomers,
        reader=desk.reader,
    )
    session.load(SCORER.encode())

    async def until(kind, count=1):
        for _ in range(4_000):
            found = [message for message in heard if isinstance(message, kind)]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.0005)
        raise AssertionError(heard[-5:])

    settings = Settings(10, 10, 10.0, 1, 1, "greedy", [NAME], Filters(), 3)
    session.take(Search(1, [QueryPhoto(jpeg("red"))], settings, {}, "blue zzyzx"))
    (end,) = await until(Finished)
    assert end.problem is None
    assert "looked for in the names" in (await until(Noted))[0].problem.advice
    heard.clear()
    session.take(Mark(1, f"{NAME}:d/sky.jpg", "liked"))
    *_, last = await until(Rescored, 2)
    joined = {message.photo.id for message in heard if isinstance(message, Joined)}
    scores = {each.id: each.score for each in last.scores}
    assert joined < set(scores)
    # Among six photos, a share is a multiple of a twelfth.
    twelfths = [score**2 * 144 for score in scores.values()]
    assert twelfths == pytest.approx([round(each) for each in twelfths], abs=1e-6)
    assert len(scores) < len(FILES)


# -- An encoder of text ----------------------------------------------------------------------------


@in_loop
async def test_an_encoder_compares_a_layer_of_its_own_described_once():
    desk = await Desk(Encoder()).fill()
    assert await desk.search("whatever", neighbours=2) == ["c/Anna-2.jpg", "d/sky.jpg"]
    scores = desk.scores()
    assert all(0.5 < score <= 1 for score in scores.values())
    assert desk.known() == scores
    runs = desk.model.runs
    assert await desk.search("other words", neighbours=2) == ["c/Anna-2.jpg", "d/sky.jpg"]
    assert desk.model.runs == runs
    # Scorers that are tried in the meantime do not take it away.
    kinds = (await desk.store.usage(HOLIDAY.id)).features
    async for _ in desk.descriptions.get(HOLIDAY.id, make_scorer("colour"), Control()):
        pass
    assert set(kinds) < set((await desk.store.usage(HOLIDAY.id)).features)


# -- Beside a service ------------------------------------------------------------------------------


@pytest.mark.parametrize("photo", [None, "red"])
@in_loop
async def test_beside_a_service_all_photos_are_scored_alike(photo):
    desk = await Desk().fill()
    settings = Settings(20, 20, 10.0, 1, 1, "greedy", ["world", NAME], Filters(), 4)
    words = TextQuery.made("blue zzyzx", desk.reader, photo=bool(photo))
    ranker = Ranker(
        desk.model, make_scorer(), [QueryPhoto(jpeg(photo))] if photo else [], text=words
    )
    tools = SearchContext(world(), at_once)
    members = [service(tools, SearchCore(POLICIES["greedy"].make)), desk.own.member(NAME, settings)]
    events = [e async for e in Federation(members, ranker, seed=1).leg(Budget(20, 20, 10.0))]
    assert events[-1].problem is None
    assert len([e for e in events if isinstance(e, Noted)]) == 1  # though both know of it
    ranker.refresh()
    scores = scores_of(ranker)
    own = {each for each in scores if each.startswith(NAME)}
    assert len(own) == 4
    assert len(scores) > 3 * len(own)
    if photo is None:
        return
    # Each stands where it does among all of the collection and all of the service's.
    scored = ranker.ranking.photos
    others = [some for photo, some in scored.items() if photo not in own]
    (crowd,) = words.crowds.values()
    alike = [*crowd.alike, *(some.alike for some in others)]
    matching = [*crowd.matching, *(some.seen.match for some in others)]
    for some in scored.values():
        stands = [
            sum(int(each < mine) + int(each <= mine) for each in all_of) / 2 / len(all_of)
            for all_of, mine in ((alike, some.alike), (matching, some.seen.match))
        ]
        assert some.score == pytest.approx(np.sqrt(stands[0] * stands[1]))
