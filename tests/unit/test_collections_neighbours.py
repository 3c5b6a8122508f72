"""The nearest photos are those that a plain sort finds."""

import asyncio
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lookalike.collections import neighbours
from lookalike.collections import table as table_module
from lookalike.collections.collection import AVG_POOL, Batch, PhotoEntry
from lookalike.collections.memory import MemoryStore
from lookalike.collections.neighbours import nearest, nearest_stored, score_rows
from lookalike.collections.pruning import find_law
from lookalike.collections.sketch import Sketch
from lookalike.collections.table import Table, load
from lookalike.errors import ScoreError
from small_collection import HOLIDAY
from small_scorers import SCORES, make_scorer, plain, same

MATRIX = "\ndef embs2scores(source, candidates):\n    return candidates @ source\n"


def table_of(matrix):
    """A table whose ids are not in the order of its rows."""
    names = [f"{(7 * row) % 10_007:05}" for row in range(len(matrix))]
    return Table(names, np.asarray(matrix, np.float16))


def like_features(count, width, seed=0):
    """What layers give: many zeros, groups of photos that are alike, lengths that differ."""
    rng = np.random.default_rng(seed)
    centres = rng.gamma(0.5, 1.0, (20, width))
    noise = rng.gamma(0.5, 0.5, (count, width))
    return (centres[rng.integers(20, size=count)] + noise) * rng.uniform(0.5, 2, (count, 1))


small = st.integers(1, 5).flatmap(
    lambda width: arrays.arrays(
        np.float16,
        st.tuples(st.integers(1, 40), st.just(width)),
        elements=st.integers(-8, 8).map(lambda number: number / 4),
    )
)


@settings(max_examples=40)
@given(small, st.integers(1, 50), st.sampled_from(sorted(SCORES)))
def test_nearest_is_what_a_plain_sort_finds(matrix, count, name):
    table, scorer = table_of(matrix), make_scorer(SCORES[name])
    source = matrix[0].astype(np.float32)
    answer = nearest(table, scorer, source, count)
    same(answer, plain(table, scorer, source, count))
    assert (answer.compared, answer.total) == (len(matrix), len(matrix))


@pytest.mark.parametrize("name", sorted(SCORES))
def test_pruning_changes_no_answer(name):
    table = table_of(like_features(2000, 32))
    scorer = make_scorer(SCORES[name])
    with mock.patch.object(neighbours, "LARGE", 1):
        for query in range(3):
            source = table.matrix[query].astype(np.float32)
            answer = nearest(table, scorer, source, 20)
            same(answer, plain(table, scorer, source, 20))
            if name in ("dot", "clear", "cosine", "gaussian"):
                assert answer.compared < 500
            else:
                assert answer.compared == 2000


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 300))
def test_pruning_is_exact_whatever_the_numbers(seed, count):
    rng = np.random.default_rng(seed)
    table = table_of(rng.normal(size=(400, 24)) * rng.uniform(0.01, 100))
    scorer = make_scorer("source @ candidate", MATRIX)
    source = rng.normal(size=24).astype(np.float32)
    everything = nearest(table, scorer, source, count)
    with mock.patch.object(neighbours, "LARGE", 1):
        assert [each.id for each in nearest(table, scorer, source, count).neighbours] == [
            each.id for each in everything.neighbours
        ]


def test_equal_photos_are_told_in_the_order_of_their_names():
    table = table_of(np.repeat(like_features(300, 16), 4, axis=0))
    scorer = make_scorer(SCORES["dot"])
    source = table.matrix[5].astype(np.float32)
    with mock.patch.object(neighbours, "LARGE", 1):
        same(nearest(table, scorer, source, 30), plain(table, scorer, source, 30))


def test_a_source_that_is_no_vector_and_one_that_is_not_finite():
    table = table_of(like_features(500, 16))
    with mock.patch.object(neighbours, "LARGE", 1):
        answer = nearest(table, make_scorer(SCORES["first"]), None, 3)
        assert answer.compared == 500
        with pytest.raises(ScoreError):
            nearest(table, make_scorer(SCORES["dot"]), np.full(16, np.nan, np.float32), 3)


def test_photos_that_cannot_be_scored_are_left_out():
    matrix = np.eye(4)
    scorer = make_scorer("1.0 if candidate[1] else math.log(candidate[0])")
    answer = nearest(table_of(matrix), scorer, None, 10)
    assert [each.score for each in answer.neighbours] == [1.0, 0.0]


@given(
    arrays.arrays(np.float16, (20, 7), elements=st.floats(-100, 100, width=16)),
    arrays.arrays(np.float32, 7, elements=st.floats(-1000, 1000, width=32)),
)
def test_bounds_hold_the_dot_product(matrix, vector):
    about, margin = Sketch.of(matrix).dots(vector)
    exact = matrix.astype(np.float64) @ vector.astype(np.float64)
    assert (np.abs(about - exact) <= margin + 1e-30).all()


def test_bounds_are_tight():
    matrix = like_features(100, 1280).astype(np.float16)
    vector = matrix[0].astype(np.float32)
    _, margin = Sketch.of(matrix).dots(vector)
    lengths = np.linalg.norm(matrix.astype(np.float32), axis=1) * np.linalg.norm(vector)
    assert (margin / lengths).max() < 0.03


@pytest.mark.parametrize(
    ("name", "law"),
    [("dot", "dot"), ("clear", "dot"), ("cosine", "cosine"), ("gaussian", "distance"),
     ("overlap", None), ("farthest", None), ("constant", None), ("first", None)],
)  # fmt: skip
def test_what_a_scorer_orders_by_is_seen(name, law):
    matrix = like_features(256, 48).astype(np.float16)
    source = matrix[0].astype(np.float32)
    scores = score_rows(make_scorer(SCORES[name]), source, matrix)
    assert find_law(scores, matrix.astype(np.float32), source) == law


def test_a_matrix_of_scores_is_used_where_there_is_one():
    table = table_of(like_features(50, 8))
    source = table.matrix[0].astype(np.float32)
    with_matrix = make_scorer("1 / 0", MATRIX)
    same(
        nearest(table, with_matrix, source, 5),
        plain(table, make_scorer("source @ candidate"), source, 5),
    )


def entry(name):
    return PhotoEntry(name, 1, 1, "", 1, 1, (), b"", HOLIDAY.model)


async def stored(table):
    store = MemoryStore()
    await store.create(HOLIDAY)
    batch = Batch(list(map(entry, table.ids)), [b""] * len(table), {AVG_POOL: table.matrix})
    await store.add(HOLIDAY.id, batch)
    return store


def test_a_collection_is_loaded_or_read_again_for_each_search():
    async def run():
        table = table_of(like_features(700, 16))
        store = await stored(table)
        scorer = make_scorer(SCORES["dot"])
        source = table.matrix[3].astype(np.float32)
        expected = plain(table, scorer, source, 9)
        loaded = await load(store, HOLIDAY.id, AVG_POOL)
        same(nearest(loaded, scorer, source, 9), expected)
        np.testing.assert_array_equal(loaded.feature(table.ids[3]), source)
        assert loaded.feature("nobody") is None
        assert await load(store, HOLIDAY.id, AVG_POOL, room=10_000) is None
        answer = await nearest_stored(store, HOLIDAY.id, AVG_POOL, scorer, source, 9)
        same(answer, expected)
        assert len(await load(store, HOLIDAY.id, "another")) == 0
        with pytest.raises(ScoreError):
            await nearest_stored(store, HOLIDAY.id, AVG_POOL, make_scorer("1 / 0"), source, 9)

    asyncio.run(run())


def test_what_memory_cannot_hold_is_searched_all_the_same():
    async def run():
        table = table_of(like_features(700, 16))
        store = await stored(table)
        scorer = make_scorer(SCORES["dot"])
        source = table.matrix[3].astype(np.float32)
        with mock.patch.object(table_module, "_grown", side_effect=MemoryError):
            assert await load(store, HOLIDAY.id, AVG_POOL) is None
        with (
            mock.patch.object(neighbours, "LARGE", 1),
            mock.patch.object(table_module.Sketch, "of", side_effect=MemoryError),
        ):
            answer = nearest(table, scorer, source, 9)
        same(answer, plain(table, scorer, source, 9))
        assert answer.compared == 700

    asyncio.run(run())


def test_what_another_tab_adds_meanwhile_is_loaded_too():
    class Growing(MemoryStore):
        async def usage(self, collection):
            usage = await super().usage(collection)
            return type(usage)(1, 1, {AVG_POOL: 1})

    async def run():
        table = table_of(like_features(600, 4))
        store = await stored(table)
        store.__class__ = Growing
        loaded = await load(store, HOLIDAY.id, AVG_POOL)
        np.testing.assert_array_equal(loaded.matrix, table.matrix)

    asyncio.run(run())


def test_a_collection_without_photos_has_no_neighbours():
    answer = nearest(Table([], np.empty((0, 0), np.float16)), make_scorer("1.0"), None, 5)
    assert answer.neighbours == []
