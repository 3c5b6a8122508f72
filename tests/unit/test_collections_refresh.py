"""Describing a collection again: for another scorer, and for another network."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from lookalike.collections.collection import AVG_POOL, ModelId, feature_kind
from lookalike.collections.embedder import Embedder
from lookalike.collections.indexing import index
from lookalike.collections.memory import MemoryStore
from lookalike.collections.progress import Control
from lookalike.collections.refresh import looks_at_nothing_else, missing, refresh
from lookalike.errors import ModelError
from small_collection import HOLIDAY, KIND, MODEL, CountingModel, image, jpeg, make_scorer, upload

POOLED = """
import numpy as np
from lookalike.images import prepare

LAYER = "avg_pool"


async def get_feature(model, image):
    feature = (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()
    return feature / max(np.linalg.norm(feature), 1e-12)


def embs2score(source, candidate):
    return float(source @ candidate)
"""
POOLED_AND_PIXELS = POOLED.replace(
    "return feature /", "return np.asarray(image).mean() + feature /"
)
TWO_LAYERS = POOLED.replace("[LAYER]))", '[LAYER, "grid"]))')


async def made(count=5):
    store, model = MemoryStore(), CountingModel()
    await store.create(HOLIDAY)
    colours = ["red", "green", "blue", "half", "yellow", "pink"]
    photos = [upload(f"{n}.jpg", jpeg(colours[n % 6])) for n in range(count)]
    embedder = Embedder(model, MODEL, make_scorer())
    assert [each async for each in index(store, HOLIDAY.id, photos, embedder)][-1].added == count
    model.runs = 0
    return store, model


async def rows(store, kind):
    return {
        name: row
        async for block in store.features(HOLIDAY.id, kind)
        for name, row in zip(block.ids, block.matrix, strict=True)
    }


async def refreshed(store, embedder, control=None):
    return [each async for each in refresh(store, HOLIDAY, embedder, control)]


def test_another_scorer_is_added_from_thumbnails():
    async def run():
        store, model = await made()
        embedder = Embedder(model, MODEL, make_scorer("colour"))
        assert len(await missing(store, HOLIDAY.id, embedder)) == 5
        reports = await refreshed(store, embedder)
        assert (reports[0].done, reports[-1].done, reports[-1].stored) == (0, 5, 5)
        assert model.runs == 5
        found = await rows(store, feature_kind(embedder.scorer.key))
        np.testing.assert_allclose(found["0.jpg"], [1, 0, 0], atol=0.01)
        assert len(await rows(store, KIND)) == 5
        assert await missing(store, HOLIDAY.id, embedder) == []
        assert (await refreshed(store, embedder))[-1].total == 0

    asyncio.run(run())


def test_what_takes_the_stored_layer_alone_needs_no_network():
    async def run():
        store, model = await made()
        embedder = Embedder(model, MODEL, make_scorer(POOLED))
        assert (await refreshed(store, embedder))[-1].stored == 5
        assert model.runs == 0
        stored = await rows(store, AVG_POOL)
        for name, row in (await rows(store, feature_kind(embedder.scorer.key))).items():
            expected = stored[name].astype(np.float32)
            np.testing.assert_allclose(
                row, expected / max(np.linalg.norm(expected), 1e-9), atol=1e-3
            )

    asyncio.run(run())


@pytest.mark.parametrize("text", [POOLED_AND_PIXELS, TWO_LAYERS])
def test_what_takes_more_than_the_stored_layer_is_described_by_the_network(text):
    async def run():
        store, model = await made()
        assert (await refreshed(store, Embedder(model, MODEL, make_scorer(text))))[-1].stored == 5
        assert model.runs >= 5
        pooled = np.ones(3, np.float16)
        shown = image("red")
        assert not await looks_at_nothing_else(make_scorer(text), model, pooled, shown)
        assert await looks_at_nothing_else(make_scorer(POOLED), model, pooled, shown)

    asyncio.run(run())


def test_another_network_replaces_all_of_a_photo():
    async def run():
        store, model = await made()
        other = ModelId("other", "1")
        embedder = Embedder(model, other, make_scorer())
        assert (await refreshed(store, embedder))[-1].stored == 5
        assert [each.model for each in await store.collections()] == [other]
        entries = [each async for some in store.entries(HOLIDAY.id) for each in some]
        assert {each.model for each in entries} == {other}
        assert entries[0].width == 64
        assert (await store.usage(HOLIDAY.id)).features == {KIND: 5, AVG_POOL: 5}
        assert (await refreshed(store, embedder))[-1].total == 0

    asyncio.run(run())


def test_it_is_cancelled_between_batches_and_goes_on_later():
    async def run():
        store, model = await made(70)
        embedder, control = Embedder(model, MODEL, make_scorer("colour")), Control()
        reports = refresh(store, HOLIDAY, embedder, control)
        await anext(reports)
        await anext(reports)
        control.cancel()
        last = [each async for each in reports][-1]
        assert (last.cancelled, last.stored) == (True, 32)
        assert (await refreshed(store, embedder))[-1].stored == 38

    asyncio.run(run())


def test_a_broken_thumbnail_is_listed_and_a_dead_network_ends_it():
    async def run():
        store, model = await made()
        store._shelves[HOLIDAY.id].thumbnails["1.jpg"] = b"?"
        last = (await refreshed(store, Embedder(model, MODEL, make_scorer("colour"))))[-1]
        assert ([each.path for each in last.failed], last.stored) == (["1.jpg"], 4)
        dead = Embedder(CountingModel(dies_after=0), ModelId("other", "1"), make_scorer())
        with pytest.raises(ModelError):
            await refreshed(store, dead)

    asyncio.run(run())


def test_a_name_that_was_given_meanwhile_is_not_undone_by_another_network():
    async def run():
        store, model = await made(2)
        # The work was begun with the record as it was.
        await store.change(replace(HOLIDAY, name="Renamed", expires=99))
        other = ModelId("other", "1")
        await refreshed(store, Embedder(model, other, make_scorer()))
        assert await store.collections() == [
            replace(HOLIDAY, name="Renamed", expires=99, model=other)
        ]

    asyncio.run(run())
