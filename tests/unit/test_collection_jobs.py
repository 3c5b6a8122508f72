import asyncio
import io

import pytest

from in_loop import in_loop
from lookalike.browser.collection_jobs import CollectionJobs
from lookalike.browser.protocol import Collect, Conduct
from lookalike.browser.protocol import Upload as Given
from lookalike.collections.collection import ModelId, feature_kind
from lookalike.collections.embedder import Embedder
from lookalike.collections.memory import MemoryStore
from lookalike.errors import ScoreError
from small_collection import MODEL, CountingModel, jpeg, make_scorer, upload

COLOURS = ("red", "green", "blue", "yellow", "black", "white")


class Output:
    def __init__(self):
        self.file = io.BytesIO()

    def finished(self):
        return self.file.getvalue()


class Hands:
    """What a browser would do: a "File" is its bytes."""

    def __init__(self):
        self.held, self.waited = set(), 0

    def upload(self, given):
        return upload(given.path, given.file)

    def output(self):
        return Output()

    async def turn(self, collection):
        if collection in self.held:
            self.waited += 1
            return None
        self.held.add(collection)
        return lambda: self.held.discard(collection)


class Desk:
    def __init__(self, store=None, model=None):
        self.store = store or MemoryStore()
        self.model = model or CountingModel()
        self.model_id = MODEL
        self.scorer = make_scorer()
        self.hands = Hands()
        self.told, self.changed = [], []
        self.works = CollectionJobs(
            self.told.append, self.store, self.embedder, self.hands, self.changed.append
        )

    def embedder(self):
        return Embedder(self.model, self.model_id, self.scorer)

    def begin(self, action, files=(), number=1, name="c1", expires=None):
        uploads = [Given(path, content) for path, content in files]
        self.works.begin(Collect(number, action, name, "Holiday", expires, uploads))

    async def end(self, number=1):
        for _ in range(60_000):
            ended = [told for told in self.told if told.id == number and told.state in ENDS]
            if ended:
                return ended[0]
            await asyncio.sleep(0.0005)
        raise AssertionError(f"no end: {self.told[-3:]}")

    async def photos(self, name="c1"):
        return [entry.id async for some in self.store.entries(name) for entry in some]


ENDS = ("done", "stopped", "failed")


def files(*colours):
    return [(f"{colour}.jpg", jpeg(colour)) for colour in colours]


@in_loop
async def test_a_collection_is_made_of_files_and_the_bad_ones_are_told_once():
    desk = Desk()
    desk.begin(
        "create", [*files("red", "blue"), ("notes.txt", b"hello"), ("bad.jpg", b"hello")], expires=5
    )
    end = await desk.end()
    assert (end.state, end.done, end.total, end.added) == ("done", 3, 3, 2)
    assert [each.path for told in desk.told for each in told.failures] == ["bad.jpg"]
    assert end.others == 1
    [collection] = await desk.store.collections()
    assert (collection.id, collection.name, collection.expires) == ("c1", "Holiday", 5)
    assert collection.model == MODEL
    assert collection.kind == feature_kind(desk.scorer.key)
    assert sorted(await desk.photos()) == ["blue.jpg", "red.jpg"]
    assert desk.hands.held == set()
    assert desk.changed == ["c1"]


@in_loop
async def test_work_that_was_begun_again_passes_over_what_is_in():
    desk = Desk()
    desk.begin("create", files("red", "blue"))
    await desk.end()
    desk.begin("create", files("red", "blue", "green"), number=2)
    end = await desk.end(2)
    assert (end.added, end.unchanged) == (1, 2)
    assert len(await desk.store.collections()) == 1


@in_loop
async def test_work_waits_for_another_tab():
    desk = Desk()
    desk.begin("create", files("red"))
    await desk.end()
    desk.hands.held.add("c1")
    desk.begin("add", files("blue"), number=2)
    while not desk.hands.waited:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert desk.told[-1].state == "waiting"
    assert await desk.photos() == ["red.jpg"]
    desk.hands.held.clear()
    assert (await desk.end(2)).state == "done"
    assert len(await desk.photos()) == 2


@in_loop
async def test_work_that_waits_is_stopped():
    desk = Desk()
    desk.hands.held.add("c1")
    desk.begin("create", files("red"))
    desk.works.conduct(Conduct(1, "stop"))
    assert (await desk.end()).state == "stopped"
    assert await desk.store.collections() == []


@in_loop
async def test_work_is_paused_resumed_and_stopped():
    desk = Desk()
    desk.begin("create", files(*COLOURS))
    desk.works.conduct(Conduct(1, "pause"))
    assert desk.told[-1].state == "paused"
    for _ in range(50):
        await asyncio.sleep(0)
    assert desk.model.runs == 0
    desk.works.conduct(Conduct(1, "resume"))
    assert desk.told[-1].state == "running"
    while not desk.model.runs:
        await asyncio.sleep(0)
    desk.works.conduct(Conduct(1, "stop"))
    end = await desk.end()
    assert end.state == "stopped"
    assert 0 < end.added < len(COLOURS)
    assert len(await desk.photos()) == end.added
    desk.works.conduct(Conduct(1, "resume"))  # it has ended: nothing happens


@in_loop
async def test_work_that_waits_is_paused_and_goes_on_waiting(monkeypatch):
    monkeypatch.setattr("lookalike.browser.collection_jobs.ASK_EVERY", 0)
    desk = Desk()
    desk.hands.held.add("c1")
    desk.begin("create", files("red"))

    async def told_after_turns():
        told, waited = len(desk.told), desk.hands.waited
        while desk.hands.waited < waited + 3:
            await asyncio.sleep(0)
        return {each.state for each in desk.told[told:]}

    assert await told_after_turns() == {"waiting"}
    desk.works.conduct(Conduct(1, "pause"))
    assert desk.told[-1].state == "paused"
    assert await told_after_turns() == {"paused"}
    desk.works.conduct(Conduct(1, "resume"))
    assert desk.told[-1].state == "waiting"
    desk.works.conduct(Conduct(1, "pause"))
    desk.hands.held.clear()
    while not desk.hands.held:
        await asyncio.sleep(0)
    # It has its turn now, and uses it when it may.
    for _ in range(50):
        await asyncio.sleep(0)
    assert desk.model.runs == 0
    desk.works.conduct(Conduct(1, "resume"))
    assert desk.told[-1].state == "running"
    assert (await desk.end()).added == 1


@in_loop
async def test_work_that_has_not_asked_for_its_turn_is_not_told_to_wait():
    desk = Desk()
    desk.begin("create", files("red"))
    desk.works.conduct(Conduct(1, "resume"))
    assert desk.told[-1].state == "running"
    assert (await desk.end()).state == "done"


@in_loop
async def test_a_full_store_is_told_and_what_is_in_stays():
    desk = Desk()
    desk.begin("create", files("red"))
    await desk.end()
    desk.store._room = 10
    desk.begin("add", files("blue", "green"), number=2)
    end = await desk.end(2)
    assert end.state == "failed"
    assert end.problem.code == "store-full"
    assert await desk.photos() == ["red.jpg"]
    assert desk.hands.held == set()


@in_loop
async def test_without_a_scorer_nothing_is_made():
    desk = Desk()

    def none():
        raise ScoreError("There is none.")

    desk.works = CollectionJobs(desk.told.append, desk.store, none, desk.hands)
    desk.begin("create", files("red"))
    end = await desk.end()
    assert (end.state, end.problem.code) == ("failed", "score")
    assert await desk.store.collections() == []


@in_loop
async def test_photos_are_described_again_whatever_was_stored_of_them():
    desk = Desk()
    desk.begin("create", files("red", "blue"))
    await desk.end()
    runs = desk.model.runs
    desk.begin("reembed", number=2)
    assert (await desk.end(2)).state == "done"
    assert desk.model.runs == runs + 2
    usage = await desk.store.usage("c1")
    assert usage.features[feature_kind(desk.scorer.key)] == 2


OTHER = ModelId("other", "1")


async def of(desk):
    """Of which networks the collection and its photos are."""
    [collection] = await desk.store.collections()
    return collection.model, {e.model async for some in desk.store.entries("c1") for e in some}


@in_loop
async def test_photos_that_are_added_again_make_a_collection_one_of_another_network():
    desk = Desk()
    desk.begin("create", files("red", "blue"))
    await desk.end()
    desk.model_id = OTHER
    desk.begin("add", files("red", "green"), number=2)
    assert (await desk.end(2)).added == 2
    # One is still as it was.
    assert await of(desk) == (MODEL, {MODEL, OTHER})
    desk.begin("add", files("blue"), number=3)
    assert (await desk.end(3)).added == 1
    assert await of(desk) == (OTHER, {OTHER})


@in_loop
async def test_a_collection_without_photos_is_of_the_network_of_those_that_come():
    desk = Desk()
    desk.begin("create")
    await desk.end()
    desk.model_id = OTHER
    desk.begin("add", files("red"), number=2)
    await desk.end(2)
    assert await of(desk) == (OTHER, {OTHER})


@in_loop
async def test_for_another_network_only_photos_that_it_has_not_described_are_described_again():
    desk = Desk()
    desk.begin("create", files("red", "blue"))
    await desk.end()
    desk.model_id = OTHER
    desk.begin("add", files("red"), number=2)
    await desk.end(2)
    runs = desk.model.runs
    desk.begin("reembed", number=3)
    assert (await desk.end(3)).added == 1
    assert desk.model.runs == runs + 1
    assert await of(desk) == (OTHER, {OTHER})
    assert (await desk.store.usage("c1")).features[feature_kind(desk.scorer.key)] == 2


@in_loop
async def test_a_collection_goes_into_a_file_and_comes_out_of_it():
    desk = Desk()
    desk.begin("create", files("red", "blue", "green"))
    await desk.end()
    desk.begin("export", number=2)
    end = await desk.end(2)
    assert end.state == "done"
    desk.begin("open", [("a.lookalike", end.file)], number=3, name="c2", expires=9_999_999_999)
    assert (await desk.end(3)).state == "done"
    assert await desk.photos("c2") == await desk.photos("c1")
    opened = next(each for each in await desk.store.collections() if each.id == "c2")
    assert (opened.name, opened.expires) == ("Holiday", 9_999_999_999)


@pytest.mark.parametrize("action", ["reembed", "export"])
@in_loop
async def test_what_is_gone_is_said_to_be_gone(action):
    desk = Desk()
    desk.begin(action)
    assert (await desk.end()).problem.code == "collection-gone"


@in_loop
async def test_a_file_that_is_none_leaves_nothing():
    desk = Desk()
    desk.begin("open", [("a.lookalike", b"PK nothing")])
    assert (await desk.end()).problem.code == "bad-collection-file"
    assert await desk.store.collections() == []
