"""A collection searched by words, like any other source."""

import asyncio
from dataclasses import replace

import pytest

from lookalike.collections.collection import Entry, pack_classes
from lookalike.collections.collection_source import (
    CollectionSource,
    class_tags,
    photo_of,
    prefetched,
)
from lookalike.collections.embedder import Embedder
from lookalike.collections.indexing import index
from lookalike.collections.memory import MemoryStore
from lookalike.errors import SourceError
from lookalike.photo import Photo
from lookalike.sources.source import capabilities
from small_collection import HOLIDAY, MODEL, CountingModel, jpeg, make_scorer, upload

LABELS = ["background", "tench, Tinca tinca", "sea lion", "tabby, tabby cat"]


def entry(name, tags=(), classes=(), modified=5):
    return Entry(name, 1, modified, "", 480, 320, tags, pack_classes(classes), MODEL)


def source(*entries):
    return CollectionSource(HOLIDAY, entries, {"a": b"jpeg"}.get, LABELS)


def ids(photos):
    return [photo.id for photo in photos]


def test_words_of_paths_count_more_than_what_is_seen():
    found = source(
        entry("seen", classes=[(2, 0.9)]),
        entry("b", tags=("sea", "boat")),
        entry("a", tags=("sea",)),
        entry("perhaps", classes=[(2, 0.1)]),
        entry("hardly", classes=[(2, 0.01)]),
        entry("other", tags=("boat",)),
    )
    assert ids(found.search("Sea", 10, None)) == ["a", "b", "seen", "perhaps"]
    assert ids(found.search("sea, boat sea", 2, None)) == ["b", "a"]
    assert found.search("tench", 10, None) == []
    assert found.search("", 10, None) == []


def test_photos_before_a_date():
    found = source(entry("old", ("sea",), modified=5), entry("new", ("sea",), modified=50))
    assert ids(found.search("sea", 10, 50)) == ["old"]


def test_a_photo_tells_its_tags_sizes_and_collection():
    photo = photo_of(HOLIDAY, entry("Sea/a.jpg", ("sea",), [(3, 0.5), (1, 0.1)], 7), LABELS)
    assert photo == Photo(
        "Sea/a.jpg", "a.jpg", ("sea", "tabby"), width=240, height=160, uploaded=7,
        source="collection:0123456789abcdef", full_width=480, full_height=320,
    )  # fmt: skip


def test_background_and_classes_of_another_network_are_no_tags():
    assert class_tags(entry("a", (), [(0, 0.6), (999, 0.3)]), LABELS) == {}


def test_it_says_what_it_can_do():
    can = capabilities(source())
    assert (can.name, can.title, can.dates) == ("collection:0123456789abcdef", "Holiday", True)


def test_thumbnails_come_from_memory():
    assert source(entry("a")).thumbnail(Photo("a")) == b"jpeg"
    with pytest.raises(SourceError, match="no longer"):
        source().thumbnail(Photo("gone", "gone.jpg"))


def test_a_store_is_searched_by_what_the_network_saw():
    async def run():
        store, model = MemoryStore(), CountingModel()
        await store.create(HOLIDAY)
        photos = [upload(f"{name}.jpg", jpeg(name)) for name in ("red", "blue")]
        renamed = [replace(each, path=f"{n}.jpg") for n, each in enumerate(photos)]
        embedder = Embedder(model, MODEL, make_scorer())
        assert [each async for each in index(store, HOLIDAY.id, renamed, embedder)]
        entries = [each async for some in store.entries(HOLIDAY.id) for each in some]
        small = await prefetched(store, HOLIDAY.id)
        found = CollectionSource(HOLIDAY, entries, small, model.spec.labels)
        (photo,) = found.search("reddish", 10, None)
        assert (photo.id, photo.tags) == ("0.jpg", ("reddish",))
        assert found.thumbnail(photo).startswith(b"\xff\xd8")

    asyncio.run(run())
