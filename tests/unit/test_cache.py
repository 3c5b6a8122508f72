import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.ranking.cache import LRU, Cache


def test_what_was_put_is_got_and_what_was_not_is_none():
    lru = LRU(2)
    lru.put("a", 1)
    assert (lru.get("a"), lru.get("b")) == (1, None)


def test_the_entry_used_least_recently_is_forgotten():
    lru = LRU(2)
    lru.put("a", 1)
    lru.put("b", 2)
    lru.get("a")
    lru.put("c", 3)
    assert (lru.get("a"), lru.get("b"), lru.get("c")) == (1, None, 3)


def test_an_entry_put_again_is_renewed_and_counts_once():
    lru = LRU(2)
    lru.put("a", 1)
    lru.put("b", 2)
    lru.put("a", 3)
    lru.put("c", 4)
    assert (lru.get("a"), lru.get("b")) == (3, None)


@given(st.integers(1, 4), st.lists(st.tuples(st.booleans(), st.integers(0, 6)), max_size=40))
@settings(deadline=None)
def test_it_agrees_with_a_list_in_the_order_of_use(size, steps):
    lru, used = LRU(size), []
    for put, key in steps:
        if put:
            lru.put(key, -key)
        else:
            assert lru.get(key) == (-key if key in used else None)
        if put or key in used:
            used = [other for other in used if other != key] + [key]
        used = used[-size:]


def test_thumbnails_and_features_are_kept_apart_by_what_they_are_of():
    cache = Cache(photos=1)
    cache.thumbnails.put("photo", b"file")
    cache.features.put(("model", "layer", "photo"), np.ones(2, np.float32))
    assert cache.thumbnails.get("photo") == b"file"
    assert cache.features.get(("model", "other layer", "photo")) is None
    assert cache.features.get(("model", "layer", "photo")).tolist() == [1, 1]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=40))
@settings(deadline=None)
def test_entries_take_no_more_bytes_than_they_may_and_the_newest_is_kept(steps):
    lru = LRU(4, len, most=12)
    kept = {}
    for key, size in steps:
        lru.put(key, bytes(size))
        kept = {**{other: n for other, n in kept.items() if other != key}, key: size}
        while len(kept) > 4 or (sum(kept.values()) > 12 and len(kept) > 1):
            del kept[next(iter(kept))]
    # In the order in which they were put, so that asking changes nothing.
    assert {key: len(lru.get(key)) for key in kept} == kept
    assert all(lru.get(key) is None for key in range(6) if key not in kept)
