import asyncio
import dataclasses
import gc
import weakref

import numpy as np
import pytest

from in_loop import in_loop
from lookalike.browser import collection_cache
from lookalike.browser.collection_cache import CollectionCache
from lookalike.browser.collection_member import CollectionMember
from lookalike.browser.protocol import ScorerTried, Search, Settings, TryScorer
from lookalike.browser.services import Services
from lookalike.browser.session import Session
from lookalike.budget import Budget
from lookalike.collections import searchable, table
from lookalike.collections.collection import AVG_POOL, feature_kind
from lookalike.collections.embedder import Embedder
from lookalike.collections.indexing import index
from lookalike.collections.memory import MemoryStore
from lookalike.filters import Filters
from lookalike.policies import POLICIES
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.search.context import SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.events import (
    Finished,
    Joined,
    Noted,
    Progress,
    Reason,
    Recomputing,
    Scored,
    Skipped,
    Started,
)
from lookalike.search.federated import Federation, service
from small_collection import HOLIDAY, MODEL, SCORER, CountingModel, jpeg, make_scorer, upload
from small_world import at_once, world

NAME = HOLIDAY.source_name
COLOURS = ["#f00000", "#e03030", "#c06060", "#a09090", "#60c0c0", "#00ffff"]
"""Ever less red."""

OPPOSITE = SCORER.replace("return float(source", "return -float(source")


class Desk:
    """A collection of photos ever less red, and what searches it."""

    def __init__(self):
        self.store, self.model = MemoryStore(), CountingModel()
        self.descriptions = CollectionCache(self.store, self.embedder, self.model.spec.labels)
        self.own = CollectionMember(self.descriptions)

    def embedder(self, scorer):
        return Embedder(self.model, MODEL, scorer)

    async def fill(self, files=None, text=None):
        await self.store.create(HOLIDAY)
        files = files or {f"{place}.jpg": jpeg(c) for place, c in enumerate(COLOURS)}
        uploads = [upload(name, content) for name, content in files.items()]
        async for _ in index(self.store, HOLIDAY.id, uploads, self.embedder(make_scorer(text))):
            pass
        return self

    async def search(self, neighbours=3, text=None, stop=None, **filters):
        settings = Settings(10, 10, 10.0, 1, 1, "greedy", [NAME], Filters(**filters), neighbours)
        self.ranker = Ranker(self.model, make_scorer(text), [QueryPhoto(jpeg("red"))])
        # What is on show is held by whoever shows it.
        self.shown = Federation([self.own.member(NAME, settings)], self.ranker, seed=1)
        return [e async for e in self.shown.leg(Budget(10, 10, 10.0), stop=stop)]


def names(events):
    return [event.photo.title for event in events if isinstance(event, Scored)]


@in_loop
async def test_the_nearest_come_best_first_and_the_end_says_how_many_were_compared():
    desk = await Desk().fill()
    events = await desk.search(3)
    assert isinstance(events[0], Started)
    assert names(events) == ["0.jpg", "1.jpg", "2.jpg"]
    scored = [event for event in events if isinstance(event, Scored)]
    assert all(event.photo.id == f"{NAME}:{event.photo.title}" for event in scored)
    assert all(event.photo.source == NAME and not event.photo.page_url for event in scored)
    assert [event.score for event in scored] == sorted((e.score for e in scored), reverse=True)
    end = events[-1]
    assert isinstance(end, Finished)
    assert (end.reason, end.problem) == (Reason.COMPLETE, None)
    assert (end.calls, end.photos) == (0, len(COLOURS))


@in_loop
async def test_more_neighbours_than_photos_are_all_photos():
    desk = await Desk().fill()
    assert len(names(await desk.search(50))) == len(COLOURS)


@in_loop
async def test_a_second_search_describes_only_the_query():
    desk = await Desk().fill()
    await desk.search()
    runs = desk.model.runs
    await desk.search()
    assert desk.model.runs - runs <= 2


@in_loop
async def test_what_has_changed_is_read_again():
    desk = await Desk().fill()
    await desk.search()
    await desk.store.remove(HOLIDAY.id, ["0.jpg"])
    desk.descriptions.forget(HOLIDAY.id)
    assert names(await desk.search()) == ["1.jpg", "2.jpg", "3.jpg"]


@pytest.mark.parametrize("named", [HOLIDAY.id, ""])
@in_loop
async def test_what_changes_while_it_is_read_is_read_again(monkeypatch, named):
    desk, reads = await Desk().fill(), []

    async def read(*given):
        async for step in searchable.opened(*given):
            if isinstance(step, searchable.Searchable):
                reads.append(step)
                if len(reads) == 1:
                    await desk.store.remove(HOLIDAY.id, ["0.jpg"])
                    desk.descriptions.forget(named)
                desk.descriptions.forget("another")
            yield step

    monkeypatch.setattr(collection_cache, "opened", read)
    assert names(await desk.search()) == ["1.jpg", "2.jpg", "3.jpg"]
    assert names(await desk.search()) == ["1.jpg", "2.jpg", "3.jpg"]
    assert len(reads) == 2


@in_loop
async def test_searches_that_nobody_shows_any_more_are_not_kept():
    desk = await Desk().fill()
    rankers = []
    for _ in range(3):
        await desk.search()
        rankers.append(weakref.ref(desk.ranker))
    gc.collect()
    assert [ranker() for ranker in rankers] == [None, None, desk.ranker]


@in_loop
async def test_another_scorer_describes_the_photos_from_their_thumbnails_once():
    desk = await Desk().fill()
    events = await desk.search(text="colour")
    assert any(isinstance(event, Recomputing) for event in events)
    assert names(events)[0] == "0.jpg"
    assert not any(isinstance(e, Recomputing) for e in await desk.search(text="colour"))
    kinds = (await desk.store.usage(HOLIDAY.id)).features
    assert kinds[feature_kind(make_scorer("colour").key)] == len(COLOURS)
    # Of the scorers that were tried, the last one's features are kept.
    await desk.search(text="part")
    kept = {HOLIDAY.kind, AVG_POOL, feature_kind(make_scorer("part").key)}
    assert set((await desk.store.usage(HOLIDAY.id)).features) == kept


@in_loop
async def test_another_order_brings_others_in():
    desk = await Desk().fill()
    await desk.search(2)
    await desk.ranker.take_over(make_scorer(OPPOSITE))
    joined = [e async for e in desk.own.newcomers(desk.ranker) if isinstance(e, Joined)]
    assert [event.photo.title for event in joined] == ["5.jpg", "4.jpg"]
    assert all(desk.ranker.outcome(event.photo.id) for event in joined)


@pytest.mark.parametrize("under_way", [False, True], ids=["all compared", "being compared"])
@in_loop
async def test_another_order_brings_others_in_while_a_service_is_still_searched(under_way):
    desk, heard, service, rows = await Desk().fill(), [], asyncio.Event(), asyncio.Event()

    async def slow(function, *given):
        await service.wait()
        return function(*given)

    async def thumbnails(*given):
        if under_way:
            await rows.wait()
        return await found(*given)

    found, desk.store.thumbnails = desk.store.thumbnails, thumbnails
    session = Session(
        lambda message, _: heard.append(message),
        Services([world()], run=slow),
        desk.model,
        others={"collection": desk.own.member},
        newcomers=desk.own.newcomers,
    )
    session.load(SCORER.encode())

    async def until(done):
        for _ in range(4_000):
            if done():
                return
            await asyncio.sleep(0.0005)
        raise AssertionError(heard[-5:])

    settings = Settings(10, 10, 10.0, 1, 1, "greedy", [NAME, "world"], Filters(), 2)
    session.take(Search(1, [QueryPhoto(jpeg("red"))], settings, {}))
    await until(lambda: any(isinstance(each, Started) for each in heard))
    if not under_way:
        await until(lambda: names(heard) == ["0.jpg", "1.jpg"])
    session.take(TryScorer(1, OPPOSITE, "mine"))
    await until(lambda: any(isinstance(each, ScorerTried) for each in heard))
    rows.set()
    titles = lambda: {e.photo.title for e in heard if isinstance(e, Scored | Joined)}  # noqa: E731
    await until(lambda: {"5.jpg", "4.jpg"} <= titles())
    assert not any(isinstance(each, Finished) for each in heard)
    service.set()
    await until(lambda: any(isinstance(each, Finished) for each in heard))


@in_loop
async def test_filters_keep_photos_out_and_further_ones_take_their_place():
    tall = {f"{n}.jpg": jpeg(c, (48, 64) if n < 3 else (64, 48)) for n, c in enumerate(COLOURS)}
    desk = await Desk().fill(tall)
    assert names(await desk.search(2, orientation="landscape")) == ["3.jpg", "4.jpg"]
    # Nobody needs a licence for their own photos.
    assert len(names(await desk.search(2, license="reuse"))) == 2


@pytest.mark.parametrize("colour", ["any", "colour"])
@in_loop
async def test_a_photo_whose_thumbnail_is_broken_is_skipped_and_the_others_are_found(colour):
    """Of a `.lookalike` file, whoever has written it."""
    desk = await Desk().fill()
    desk.store._shelves[HOLIDAY.id].thumbnails["1.jpg"] = b"no picture"
    events = await desk.search(3, colour=colour)
    assert names(events) == ["0.jpg", "2.jpg", "3.jpg"]
    (skipped,) = [event for event in events if isinstance(event, Skipped)]
    assert skipped.photo.title == "1.jpg"
    assert "add" in skipped.problem.advice
    assert (events[-1].reason, events[-1].problem) == (Reason.COMPLETE, None)
    await desk.ranker.take_over(make_scorer(OPPOSITE))
    joined = [event async for event in desk.own.newcomers(desk.ranker)]
    assert {type(event) for event in joined} == {Joined}


@in_loop
async def test_a_scorer_that_can_describe_no_photo_is_why_the_collection_is_not_searched():
    desk = await Desk().fill()
    large = SCORER.replace("[LAYER][0].ravel()", "[LAYER][0].ravel() * 1e6")
    events = await desk.search(text=large)
    assert names(events) == []
    assert events[-1].reason is Reason.FAILED
    assert "65,504" in events[-1].problem.message
    # One that it cannot describe is left out.
    picky = SCORER.replace(
        "    return (await",
        "    assert image.getpixel((0, 0))[2] < 150, 'too blue'\n    return (await",
    )
    assert names(await desk.search(3, text=picky)) == ["0.jpg", "1.jpg", "2.jpg"]
    assert names(await desk.search(3, text=picky)) == ["0.jpg", "1.jpg", "2.jpg"]


@in_loop
async def test_a_collection_of_another_network_is_not_compared():
    desk = await Desk().fill()
    await desk.store.change(
        dataclasses.replace(HOLIDAY, model=dataclasses.replace(MODEL, hash="ff"))
    )
    end = (await desk.search())[-1]
    assert (end.reason, end.problem.code) == ("failed", "collection-model")


@in_loop
async def test_a_collection_that_is_gone_or_empty():
    desk = Desk()
    assert (await desk.search())[-1].problem.code == "collection-gone"
    await desk.store.create(HOLIDAY)
    events = await desk.search()
    assert names(events) == []
    assert events[-1].problem is None


@in_loop
async def test_a_search_is_stopped():
    desk = await Desk().fill()
    stop = asyncio.Event()
    stop.set()
    events = await desk.search(stop=stop)
    assert events[-1].reason == "cancelled"
    assert len(names(events)) <= 1


@in_loop
async def test_own_photos_that_a_stop_has_cut_short_come_when_the_search_goes_on():
    desk = await Desk().fill()
    settings = Settings(10, 10, 10.0, 1, 1, "greedy", [NAME], Filters(), 4)
    core = SearchCore(POLICIES["greedy"].make)
    other = service(SearchContext(world(), at_once, now=lambda: 1e9), core)
    desk.ranker = Ranker(desk.model, make_scorer(), [QueryPhoto(jpeg("red"))])
    search = Federation([desk.own.member(NAME, settings), other], desk.ranker, seed=1)
    found, reasons = [], []

    async def leg(stops):
        def told(event):
            if isinstance(event, Scored) and event.photo.source == NAME:
                found.append(event)
                if stops:
                    stop.set()

        stop = asyncio.Event()
        (end,) = [event async for event in search.leg(Budget(10, 10), stop=stop, told=told)]
        reasons.append(end.reason)

    await leg(stops=True)
    assert names(found) == ["0.jpg"]
    await leg(stops=True)
    assert names(found) == ["0.jpg", "1.jpg"]
    await leg(stops=False)
    assert names(found) == ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]
    assert all(event.twin != event.photo.id for event in found)
    await leg(stops=False)
    assert len(found) == 4
    assert [reason == "cancelled" for reason in reasons] == [True, True, False, False]


@in_loop
async def test_a_search_is_stopped_while_the_network_is_still_at_work():
    desk = await Desk().fill()
    at_work, stop, run = asyncio.Event(), asyncio.Event(), desk.model.run

    async def never(batch, layers):
        at_work.set()
        await asyncio.Event().wait()

    desk.model.run = never
    search = asyncio.ensure_future(desk.search(stop=stop))
    await at_work.wait()
    stop.set()
    for _ in range(50):
        await asyncio.sleep(0)
    assert search.done()
    assert [type(event) for event in search.result() if not isinstance(event, Progress)] == [
        Finished
    ]
    assert search.result()[-1].reason == "cancelled"
    desk.model.run = run
    assert names(await desk.search(1)) == ["0.jpg"]


@in_loop
async def test_what_memory_cannot_hold_is_described_from_its_thumbnail(monkeypatch):
    desk = await Desk().fill()

    async def too_large(*_):
        return None

    monkeypatch.setattr("lookalike.collections.searchable.load", too_large)
    events = await desk.search(3)
    assert names(events) == ["0.jpg", "1.jpg", "2.jpg"]
    assert np.isfinite([event.score for event in events if isinstance(event, Scored)]).all()


DISTANCE_IN_STEPS = SCORER.replace(
    "return float(source", "return -float(abs(source - candidate).max()) + 0 * float(source"
)
"""A scorer that orders photos by none of the values that compact features bound."""


def notes(events):
    return [event.problem for event in events if isinstance(event, Noted)]


@in_loop
async def test_it_is_said_once_that_all_photos_of_a_large_collection_were_read_and_why(monkeypatch):
    monkeypatch.setattr(searchable, "MANY", 3)
    monkeypatch.setattr(table, "ROOM", 0)
    desk = await Desk().fill()
    (note,) = notes(await desk.search(3, text=DISTANCE_IN_STEPS))
    assert (note.code, note.advice) == ("all-read", "")
    assert note.message.startswith("All 6 photos of “Holiday” were read and scored")
    # Filters make it look further, which is no news.
    assert len(notes(await desk.search(2, text=DISTANCE_IN_STEPS, orientation="landscape"))) == 1


@in_loop
async def test_it_is_said_of_a_scorer_that_is_tried_after_the_search(monkeypatch):
    desk = await Desk().fill()
    assert not notes(await desk.search(3))
    monkeypatch.setattr(searchable, "MANY", 3)
    desk.descriptions.forget("")
    other = make_scorer(DISTANCE_IN_STEPS)
    await desk.ranker.take_over(other)
    assert len(notes([e async for e in desk.own.newcomers(desk.ranker)])) == 1
    assert not notes([e async for e in desk.own.newcomers(desk.ranker)])
