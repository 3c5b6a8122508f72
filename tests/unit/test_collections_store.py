"""What a store guarantees, on the one in memory; and the values that it keeps."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.collections.collection import (
    AVG_POOL,
    Batch,
    Collection,
    Features,
    ModelId,
    PhotoEntry,
    feature_kind,
    new_id,
    pack_classes,
    top_classes,
)
from lookalike.collections.memory import BLOCK, MemoryStore
from lookalike.collections.store import CollectionGone, StoreFull

MODEL = ModelId("tiny", "00ff")
HOLIDAY = Collection("0123456789abcdef", "Holiday", 1_700_000_000, MODEL, "avg_pool@")


def entry(name, **other):
    values = {"size": 10, "modified": 5, "digest": "d", "width": 4, "height": 3, "tags": ("a",)}
    return PhotoEntry(name, **{**values, **other}, classes=b"", model=MODEL)


def batch(*names, value=1.0, kinds=(AVG_POOL,)):
    rows = np.full((len(names), 2), value, np.float16)
    return Batch(
        [entry(name) for name in names], [b"jpeg"] * len(names), dict.fromkeys(kinds, rows)
    )


async def everything(store, kind=AVG_POOL):
    entries = [each async for some in store.entries(HOLIDAY.id) for each in some]
    rows = {
        name: row.tolist()
        async for block in store.features(HOLIDAY.id, kind)
        for name, row in zip(block.ids, block.matrix, strict=True)
    }
    return [each.id for each in entries], rows


async def filled(*batches):
    store = MemoryStore()
    await store.create(HOLIDAY)
    for each in batches:
        await store.add(HOLIDAY.id, each)
    return store


def test_what_is_added_is_there_once():
    async def run():
        store = await filled(batch("a", "b"), batch("b", "c", value=2))
        names, rows = await everything(store)
        assert sorted(names) == ["a", "b", "c"]
        assert rows == {"a": [1, 1], "b": [2, 2], "c": [2, 2]}
        assert await store.thumbnails(HOLIDAY.id, ["a", "x"]) == {"a": b"jpeg"}
        usage = await store.usage(HOLIDAY.id)
        assert (usage.photos, usage.features, usage.bytes) == (3, {AVG_POOL: 3}, 24)

    asyncio.run(run())


def test_what_replaces_an_entry_leaves_none_of_its_features():
    async def run():
        store = await filled(batch("a", kinds=(AVG_POOL, "other")), batch("a", value=2))
        assert await everything(store, "other") == (["a"], {})
        assert (await everything(store))[1] == {"a": [2, 2]}

    asyncio.run(run())


def test_blocks_hold_every_row_once():
    async def run():
        names = [str(number) for number in range(2 * BLOCK + 1)]
        store = await filled(batch(*names))
        assert (await everything(store))[0] == names
        blocks = [block async for block in store.features(HOLIDAY.id, AVG_POOL)]
        assert [len(block.ids) for block in blocks] == [BLOCK, BLOCK, 1]

    asyncio.run(run())


def test_entries_are_removed_with_all_that_is_theirs():
    async def run():
        store = await filled(batch("a", "b"))
        assert await store.remove(HOLIDAY.id, ["a", "a", "nobody"]) == 1
        assert await everything(store) == (["b"], {"b": [1, 1]})
        assert await store.thumbnails(HOLIDAY.id, ["a"]) == {}

    asyncio.run(run())


def test_features_are_added_to_entries_that_are_there_and_dropped():
    async def run():
        store = await filled(batch("a"))
        rows = np.zeros((2, 3), np.float16)
        await store.add_features(HOLIDAY.id, Features("other", ["a", "nobody"], rows))
        assert (await everything(store, "other"))[1] == {"a": [0, 0, 0]}
        await store.drop_features(HOLIDAY.id, "other")
        assert (await everything(store, "other"))[1] == {}
        assert (await everything(store))[1] == {"a": [1, 1]}

    asyncio.run(run())


def test_an_update_keeps_thumbnail_and_features():
    async def run():
        store = await filled(batch("a"))
        await store.update(HOLIDAY.id, [entry("a", modified=9), entry("nobody")])
        found = [each async for some in store.entries(HOLIDAY.id) for each in some]
        assert found == [entry("a", modified=9)]
        assert (await everything(store))[1] == {"a": [1, 1]}
        assert await store.thumbnails(HOLIDAY.id, ["a"]) == {"a": b"jpeg"}

    asyncio.run(run())


def test_collections_are_renamed_kept_apart_deleted_and_expire():
    async def run():
        store = await filled(batch("a"))
        other = replace(HOLIDAY, id=new_id(), created=1, expires=100)
        await store.create(other)
        with pytest.raises(ValueError, match="already"):
            await store.create(HOLIDAY)
        await store.change(replace(HOLIDAY, name="Sea"))
        assert [each.name for each in await store.collections()] == ["Holiday", "Sea"]
        assert (await store.usage(other.id)).photos == 0
        assert await store.expire(99) == []
        assert await store.expire(100) == [other]
        await store.delete(HOLIDAY.id)
        await store.delete(HOLIDAY.id)
        assert await store.collections() == []
        with pytest.raises(CollectionGone):
            await store.add(HOLIDAY.id, batch("a"))
        with pytest.raises(CollectionGone):
            await store.change(HOLIDAY)

    asyncio.run(run())


def test_a_full_store_keeps_what_it_has_and_says_what_to_do():
    async def run():
        store = MemoryStore(room=20)
        await store.create(HOLIDAY)
        await store.add(HOLIDAY.id, batch("a"))
        with pytest.raises(StoreFull) as caught:
            await store.add(HOLIDAY.id, batch("b", "c"))
        assert "delete a collection" in caught.value.advice
        assert (await everything(store))[0] == ["a"]

    asyncio.run(run())


def test_names_and_folders_come_from_the_path():
    assert (entry("2024/Sea/cat.jpg").name, entry("2024/Sea/cat.jpg").folder) == (
        "cat.jpg",
        "2024/Sea",
    )
    assert (entry("cat.jpg").name, entry("cat.jpg").folder) == ("cat.jpg", "")


def test_parts_that_do_not_fit_are_refused():
    rows = np.zeros((1, 2), np.float16)
    with pytest.raises(ValueError, match="thumbnail"):
        Batch([entry("a")], [])
    with pytest.raises(ValueError, match="row"):
        Batch([entry("a"), entry("b")], [b"", b""], {AVG_POOL: rows})
    with pytest.raises(ValueError, match="row"):
        Features(AVG_POOL, ["a", "a"], np.zeros((2, 2), np.float16))
    with pytest.raises(ValueError, match="float16"):
        Features(AVG_POOL, ["a"], np.zeros((1, 2), np.float32))


def test_features_of_two_scorers_have_two_names():
    assert feature_kind(("12ab", "logits")) == "logits@12ab"
    assert feature_kind(("", "avg_pool")) != AVG_POOL


@given(st.lists(st.tuples(st.integers(0, 65535), st.floats(0, 1)), max_size=10))
def test_classes_are_packed_and_unpacked(classes):
    found = top_classes(pack_classes(classes))
    assert [index for index, _ in found] == [index for index, _ in classes]
    shares = [share for _, share in classes]
    assert [share for _, share in found] == pytest.approx(shares, rel=1e-3, abs=1e-6)
    assert len(pack_classes(classes)) == 4 * len(classes)
