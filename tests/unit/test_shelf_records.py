import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.browser.shelf_records import (
    collection_record,
    entry_record,
    failure,
    items,
    read_collection,
    read_entry,
    read_from,
    stored_as,
)
from lookalike.collections.collection import Batch, Collection, ModelId, PhotoEntry, pack_classes

TEXT = st.text(max_size=20)
COUNT = st.integers(0, 10**9)
MODELS = st.builds(ModelId, TEXT, TEXT)
COLLECTIONS = st.builds(Collection, TEXT, TEXT, COUNT, MODELS, TEXT, st.none() | COUNT)
CLASSES = st.lists(st.tuples(st.integers(0, 999), st.floats(0, 1)), max_size=3).map(pack_classes)
TAGS = st.lists(TEXT).map(tuple)
ENTRIES = st.builds(PhotoEntry, TEXT, COUNT, COUNT, TEXT, COUNT, COUNT, TAGS, CLASSES, MODELS)
PLAIN = (dict, list, str, int, bytes, type(None))


def all_values(value):
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        yield from all_values(item)


@given(COLLECTIONS)
def test_a_collection_is_read_as_it_was_written(collection):
    record = collection_record(collection)
    assert read_collection(record) == collection
    assert all(isinstance(value, PLAIN) for value in all_values(record))
    # JavaScript's numbers are all of one kind.
    assert read_collection({**record, "created": float(collection.created)}) == collection


@given(ENTRIES)
def test_an_entry_is_read_as_it_was_written(entry):
    record = entry_record(entry)
    assert read_entry(record) == entry
    assert all(isinstance(value, PLAIN) for value in all_values(record))
    assert read_entry({**record, "classes": memoryview(entry.classes)}) == entry


@pytest.mark.parametrize("read", [read_collection, read_entry])
@pytest.mark.parametrize("record", [{}, {"id": 1}, {"id": "a", "expires": "soon"}])
def test_what_is_no_record_is_refused(read, record):
    with pytest.raises((KeyError, TypeError, ValueError)):
        read(record)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Broken", "store-broken"), ("Gone", "collection-gone"),
        ("QuotaExceededError", "store-full"), ("SecurityError", "store-refused"),
        # Another tab has closed the store, or has a newer version; the browser gave up.
        ("InvalidStateError", "store"), ("VersionError", "store"), ("AbortError", "store"),
    ],
)  # fmt: skip
def test_only_what_is_not_as_it_was_written_is_called_damaged(name, code):
    problem = failure(name, "so it was told").problem
    assert problem.code == code
    assert ("delete" in problem.advice.lower()) == (code in ("store-broken", "store-full"))


def test_a_batch_has_an_item_a_photo_with_little_endian_float16():
    model = ModelId("m", "00")
    entries = [PhotoEntry(name, 1, 2, "d", 3, 4, (), b"", model) for name in ("a", "b")]
    matrix = np.array([[1, 2], [3, 65504]], np.float16)
    batch = Batch(entries, [b"first", b"second"], {"kind": matrix})
    first, second = items(batch)
    assert first["entry"] == entry_record(entries[0])
    assert second["thumbnail"] == b"second"
    assert np.frombuffer(second["vectors"]["kind"], "<f2").tolist() == [3, 65504]


def test_wide_features_are_kept_in_8_bits_under_a_kind_of_their_own():
    model = ModelId("m", "00")
    entries = [PhotoEntry(name, 1, 2, "d", 3, 4, (), b"", model) for name in ("a", "b")]
    wide = np.random.default_rng(0).normal(size=(2, 3000)).astype(np.float16)
    narrow = np.ones((2, 2048), np.float16)
    batch = Batch(entries, [b"first", b"second"], {"wide": wide, "narrow": narrow})
    first, second = (item["vectors"] for item in items(batch))
    assert set(first) == {"wide|8", "narrow"}
    stored, block = stored_as("wide", wide)
    assert (stored, block) == ("wide|8", first["wide|8"] + second["wide|8"])
    np.testing.assert_allclose(read_from(stored, ["a", "b"], block), wide, atol=0.03)
    np.testing.assert_array_equal(
        read_from(*stored_as("narrow", narrow)[:1], ["a", "b"], stored_as("narrow", narrow)[1]),
        narrow,
    )
    # What an older version stored.
    np.testing.assert_array_equal(read_from("wide", ["a", "b"], wide.tobytes()), wide)
