"""What a search tells of a photo of one's own."""

from in_loop import in_loop
from lookalike.collections.collection import PhotoEntry, pack_classes
from lookalike.collections.embedder import Embedder
from lookalike.collections.indexing import index
from lookalike.collections.memory import MemoryStore
from lookalike.collections.own_photo import class_tags, photo_of
from lookalike.photo import Photo
from small_collection import HOLIDAY, MODEL, CountingModel, jpeg, make_scorer, upload

LABELS = ["background", "tench, Tinca tinca", "sea lion", "tabby, tabby cat"]


def entry(name, tags=(), classes=(), modified=5):
    return PhotoEntry(name, 1, modified, "", 480, 320, tags, pack_classes(classes), MODEL)


def test_a_photo_tells_its_tags_sizes_and_collection():
    photo = photo_of(HOLIDAY, entry("Sea/a.jpg", ("sea",), [(3, 0.5), (1, 0.1)], 7), LABELS)
    assert photo == Photo(
        "Sea/a.jpg", "a.jpg", ("sea", "tabby"), width=240, height=160, uploaded=7,
        source="collection:0123456789abcdef", full_width=480, full_height=320,
    )  # fmt: skip


def test_background_and_classes_of_another_network_are_no_tags():
    assert class_tags(entry("a", (), [(0, 0.6), (999, 0.3)]), LABELS) == {}


@in_loop
async def test_what_the_network_saw_when_a_photo_was_added_is_a_tag():
    store, model = MemoryStore(), CountingModel()
    await store.create(HOLIDAY)
    photos = [upload("1.jpg", jpeg("red"))]
    embedder = Embedder(model, MODEL, make_scorer())
    assert [each async for each in index(store, HOLIDAY.id, photos, embedder)]
    (entries,) = [some async for some in store.entries(HOLIDAY.id)]
    (photo,) = (photo_of(HOLIDAY, each, model.spec.labels) for each in entries)
    assert (photo.id, photo.tags) == ("1.jpg", ("reddish",))
