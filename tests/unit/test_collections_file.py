"""`.lookalike` files: what is written is read, and what is damaged is refused whole."""

import asyncio
import hashlib
import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lookalike.collections.collection import (
    AVG_POOL,
    Batch,
    Features,
    ModelId,
    PhotoEntry,
    pack_classes,
)
from lookalike.collections.memory import MemoryStore
from lookalike.collections.opened_file import BadCollectionFile, CollectionFile
from lookalike.collections.store import CollectionGone, StoreFull
from lookalike.collections.transfer import read_collection, write_collection
from lookalike.text.path_words import clean_path
from small_collection import HOLIDAY, KIND, MODEL

# Bytes that are no text among them, as the system gives them.
BYTES = st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"])
LETTERS = st.characters(exclude_categories=["Cs"]) | BYTES
NAMES = st.text(LETTERS, min_size=1, max_size=12).map(clean_path)
ENTRIES = st.builds(
    PhotoEntry,
    NAMES.filter(bool),
    st.integers(0, 10**12), st.integers(-(10**9), 10**11), st.text("0123456789abcdef"),
    st.integers(1, 10**5), st.integers(1, 10**5),
    st.lists(st.text(st.characters(blacklist_categories=["Cs"]))).map(tuple),
    st.lists(st.tuples(st.integers(0, 1000), st.floats(0, 1)), max_size=10).map(pack_classes),
    st.sampled_from([MODEL, ModelId("other", "1")]),
    st.text(LETTERS), st.sampled_from(["", "0123456789abcdef:00"]), st.text("0123456789abcdef"),
)  # fmt: skip
HALVES = st.floats(-60000, 60000, width=16)


@st.composite
def batches(draw):
    entries = draw(st.lists(ENTRIES, min_size=1, max_size=8, unique_by=lambda entry: entry.id))
    small = draw(st.lists(st.binary(max_size=20), min_size=len(entries), max_size=len(entries)))
    rows = {
        kind: draw(arrays.arrays(np.float16, (len(entries), width), elements=HALVES))
        for kind, width in ((AVG_POOL, 3), (KIND, 5))
    }
    return Batch(entries, small, rows)


async def contents(store, collection):
    entries = [each async for some in store.entries(collection.id) for each in some]
    kinds = (await store.usage(collection.id)).features
    rows = {
        (kind, name): row.tolist()
        for kind in kinds
        async for block in store.features(collection.id, kind)
        for name, row in zip(block.ids, block.matrix, strict=True)
    }
    return entries, await store.thumbnails(collection.id, [each.id for each in entries]), rows


async def filled(batch):
    store = MemoryStore()
    await store.create(HOLIDAY)
    await store.add(HOLIDAY.id, batch)
    return store


async def written(store):
    file = io.BytesIO()
    counts = [count async for count in write_collection(store, HOLIDAY, file)]
    assert counts == sorted(counts)
    return file.getvalue()


def some(count=3):
    entries = [
        PhotoEntry(f"Sea/{n}.jpg", 9, 8, "d", 4, 3, ("sea",), pack_classes([(1, 0.5)]), MODEL)
        for n in range(count)
    ]
    matrix = np.arange(count * 4, dtype=np.float16).reshape(count, 4)
    return Batch(entries, [b"jpeg"] * count, {AVG_POOL: matrix})


def example():
    async def run():
        return await written(await filled(some()))

    return asyncio.run(run())


async def imported(content, store):
    file = CollectionFile(io.BytesIO(content))
    return [each async for each in read_collection(file, store, now=100)][-1][0]


@settings(max_examples=40)
@given(batches())
def test_what_is_written_is_read(batch):
    async def run():
        store = await filled(batch)
        content = await written(store)
        assert content == await written(store)
        file, other = CollectionFile(io.BytesIO(content)), MemoryStore()
        assert await file.collections() == [HOLIDAY]
        assert await contents(file, HOLIDAY) == await contents(store, HOLIDAY)
        collection = await imported(content, other)
        assert collection == replace(HOLIDAY, id=collection.id)
        assert await other.collections() == [collection]
        assert await contents(other, collection) == await contents(store, HOLIDAY)

    asyncio.run(run())


def test_features_that_only_some_photos_have_are_kept():
    async def run():
        store = await filled(some())
        rows = np.ones((1, 2), np.float16)
        await store.add_features(HOLIDAY.id, Features(KIND, ["Sea/1.jpg"], rows))
        other = MemoryStore()
        collection = await imported(await written(store), other)
        assert (await other.usage(collection.id)).features == {AVG_POOL: 3, KIND: 1}

    asyncio.run(run())


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_file_is_refused_or_harmless(data):
    """Whatever byte is changed, nothing is imported, or all of it as it was."""
    content = bytearray(EXAMPLE)
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))

    async def run():
        store = MemoryStore()
        try:
            collection = await imported(bytes(content), store)
        except BadCollectionFile:
            assert await store.collections() == []
        else:
            entries, small, rows = await contents(store, collection)
            assert (len(entries), len(small), len(rows)) == (3, 3, 3)

    asyncio.run(run())


EXAMPLE = example()


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_file_that_is_searched_as_it_lies_there_is_refused_or_read(data):
    content = bytearray(EXAMPLE)
    # Many changes: one byte alone is mostly a digest's.
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=20)):
        content[place] ^= data.draw(st.integers(1, 255))

    async def run():
        try:
            await everything(CollectionFile(io.BytesIO(bytes(content))))
        except BadCollectionFile:
            return

    asyncio.run(run())


async def everything(file):
    """Read all there is, by all ways that there are."""
    await contents(file, file.collection)
    await file.usage(file.collection.id)
    for kind in file.kinds:
        ids = await file.ids(file.collection.id, kind)
        await file.rows(file.collection.id, kind, ids)
        await file.picked(file.collection.id, ids)


def unreadable(content):
    """Search the file as it lies there, which is refused."""
    with pytest.raises(BadCollectionFile):
        asyncio.run(everything(CollectionFile(io.BytesIO(content))))


@pytest.mark.parametrize("part", ["thumbnails/00000.bin", "features/0/00000.npy"])
def test_a_part_whose_header_is_damaged_is_refused(part):
    with zipfile.ZipFile(io.BytesIO(EXAMPLE)) as file:
        offset = file.getinfo(part).header_offset
    content = bytearray(EXAMPLE)
    content[offset] ^= 1
    unreadable(bytes(content))


def test_thumbnails_that_the_file_does_not_have_are_refused():
    unreadable(with_part("thumbnails/00000.bin", b"jpegjpegjp"))


@pytest.mark.parametrize("name", ["width", "height", "size", "modified", "thumbnail"])
def test_numbers_that_nothing_has_are_refused(name):
    with zipfile.ZipFile(io.BytesIO(EXAMPLE)) as file:
        entries = [json.loads(line) for line in file.read("entries/00000.jsonl").splitlines()]
    for absurd in (2**53, 10**400, -(10**400)):
        entries[0][name] = absurd
        lines = "\n".join(map(json.dumps, entries)).encode()
        unreadable(with_part("entries/00000.jsonl", lines))
        refused(with_part("entries/00000.jsonl", lines))


@given(st.integers(0, len(EXAMPLE) - 1))
def test_a_file_cut_short_is_refused(length):
    with pytest.raises(BadCollectionFile, match="lookalike file"):
        CollectionFile(io.BytesIO(EXAMPLE[:length]))


@given(st.binary(max_size=200))
def test_whatever_is_given_is_read_or_refused(content):
    with pytest.raises(BadCollectionFile):
        CollectionFile(io.BytesIO(content))


def changed(change, *, parts=None):
    """The example with another manifest or other parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(EXAMPLE)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = (parts or {}).get(name, old.read(name))
            if name == "manifest.json":
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest)
            new.writestr(name, content)
    return buffer.getvalue()


def refused(content):
    async def run():
        store = MemoryStore()
        with pytest.raises(BadCollectionFile) as caught:
            await imported(content, store)
        assert await store.collections() == []
        return caught.value

    return asyncio.run(run())


def test_a_newer_file_says_so():
    error = refused(changed(lambda manifest: manifest.update(version=3)))
    assert "version 3" in str(error)
    assert "newer" in error.advice


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(format="zip"),
        lambda manifest: manifest.update(version="1"),
        lambda manifest: manifest.pop("collection"),
        lambda manifest: manifest["collection"].update(name=7),
        lambda manifest: manifest.update(photos=4),
        lambda manifest: manifest.update(blocks=2),
        lambda manifest: manifest.update(blocks=float("inf")),
        lambda manifest: manifest.update(parts=[]),
        lambda manifest: manifest["features"][0].update(blocks=5),
        lambda manifest: manifest["parts"]["thumbnails/00000.bin"].update(sha256=""),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(change):
    assert refused(changed(change)).advice


def test_a_manifest_without_sizes_is_refused():
    part = "thumbnails/00000.bin"  # the digest of which is not compared when it is searched
    for wrong in ({}, {"bytes": "many"}, {"bytes": float("inf")}, 7):
        unreadable(changed(lambda manifest, wrong=wrong: manifest["parts"].update({part: wrong})))


def with_part(name, content):
    """The example with another part, and its true digest."""

    def change(manifest):
        manifest["parts"][name] = {"bytes": 1, "sha256": hashlib.sha256(content).hexdigest()}

    return changed(change, parts={name: content})


@pytest.mark.native
def test_brackets_without_end_are_refused():
    refused(with_part("features/0/00000.json", b"[" * 100_000))


def test_parts_that_were_made_to_do_harm_are_refused():
    pickled = io.BytesIO()
    np.save(pickled, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    singles, infinite = io.BytesIO(), io.BytesIO()
    np.save(singles, np.zeros((3, 4), np.float32))
    np.save(infinite, np.full((3, 4), np.inf, np.float16))
    for content in (pickled, singles, infinite):
        refused(with_part("features/0/00000.npy", content.getvalue()))
    with zipfile.ZipFile(io.BytesIO(EXAMPLE)) as file:
        lines = file.read("entries/00000.jsonl").decode()
    for wrong in ("../Sea/0.jpg", "/etc/passwd", "Sea/1.jpg"):
        entries = lines.replace("Sea/0.jpg", wrong).encode()
        refused(with_part("entries/00000.jsonl", entries))
    refused(with_part("features/0/00000.json", b'["Sea/0.jpg", "Sea/1.jpg", "nobody"]'))


def test_a_compressed_file_may_be_a_bomb_and_is_refused():
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(EXAMPLE)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    refused(buffer.getvalue())


def test_an_import_that_fails_or_is_given_up_leaves_nothing():
    async def run():
        full = MemoryStore(room=10)
        with pytest.raises(StoreFull):
            await imported(EXAMPLE, full)
        assert await full.collections() == []
        store = MemoryStore()
        steps = read_collection(CollectionFile(io.BytesIO(EXAMPLE)), store, now=100)
        async for _, share in steps:
            # Should the tab be closed now, the collection deletes itself in an hour.
            assert all(each.expires == 3700 for each in await store.collections())
            if share > 0.7:
                break
        assert len(await store.collections()) == 1
        await steps.aclose()
        assert await store.collections() == []

    asyncio.run(run())


@pytest.mark.parametrize("expires", [None, 9999])
@pytest.mark.parametrize("changes", [{}, {"name": "Trip"}, {"expires": None}, {"expires": 555}])
def test_what_a_person_changes_while_a_file_is_opened_holds(expires, changes):
    async def run():
        store = MemoryStore()
        file = CollectionFile(io.BytesIO(EXAMPLE))
        changed = False
        async for _ in read_collection(file, store, now=100, expires=expires):
            if not changed and (there := await store.collections()):
                await store.change(replace(there[0], **changes))
                changed = True
        [collection] = await store.collections()
        wanted = {"name": HOLIDAY.name, "expires": expires, **changes}
        assert {"name": collection.name, "expires": collection.expires} == wanted

    asyncio.run(run())


def test_a_file_holds_one_collection():
    async def run():
        file = CollectionFile(io.BytesIO(EXAMPLE))
        with pytest.raises(CollectionGone):
            await file.thumbnails("another", [])
        assert await file.thumbnails(HOLIDAY.id, ["nobody"]) == {}

    asyncio.run(run())
