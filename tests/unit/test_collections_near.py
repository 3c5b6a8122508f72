"""Collections that memory cannot hold: what is kept of them is small, and finds what is nearest."""

import asyncio
import io
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lookalike.collections import bounds, searchable
from lookalike.collections.bounds import Bounds, best
from lookalike.collections.collection import Batch, Features, Lines, ModelId, PhotoEntry
from lookalike.collections.lookalike_file import Blocks, Writer
from lookalike.collections.memory import MemoryStore
from lookalike.collections.near import Keeper, Near
from lookalike.collections.neighbours import nearest, score_rows
from lookalike.collections.opened_file import CollectionFile
from lookalike.collections.packing import GROUP, WIDE, is_wide, pack, unpack
from lookalike.collections.progress import Control
from lookalike.collections.pruning import products
from lookalike.collections.reduction import LowFrequencies, Whole, reduction_for, tag_of
from lookalike.collections.searchable import Searchable, opened, opened_at_once
from lookalike.collections.sketch import Sketch, lines_of
from lookalike.collections.sketch_search import Unbounded, nearest_by_sketch
from lookalike.collections.table import Table
from lookalike.collections.transfer import read_collection, write_collection
from lookalike.scorer.compile import compile_scorer
from small_collection import HOLIDAY
from small_scorers import SCORES, make_scorer, pairs, plain, same

SHAPE = (48, 7, 7)  # 2,352 numbers: wide
LAYERS = {"map": SHAPE, "flat": (24,)}
KIND = "map@0"
WIDTH = int(np.prod(SHAPE))
FINITE = st.floats(-1000, 1000, width=16)


def maps(count, seed=0, groups=8):
    """What a layer gives: smooth maps in groups that are alike, of several strengths."""
    rng = np.random.default_rng(seed)
    basis = LowFrequencies(*SHAPE)
    centres = rng.standard_normal((groups, basis.numbers)).astype(np.float32)
    kept = centres[rng.integers(groups, size=count)]
    kept = kept + 0.7 * rng.standard_normal((count, basis.numbers)).astype(np.float32)
    smooth = np.einsum("ncw,wm->ncm", kept.reshape(count, SHAPE[0], -1), basis._waves)
    rough = 0.25 * rng.standard_normal((count, SHAPE[0], 49))
    strength = rng.uniform(0.7, 1.4, (count, 1))
    return ((smooth + rough).reshape(count, -1) * strength).astype(np.float16)


def near_of(matrix, shape=SHAPE):
    """What would be loaded of a matrix, and how many features have been read."""
    names = [f"{(7 * row) % 10_007:05}" for row in range(len(matrix))]
    rows = {name: row for row, name in enumerate(names)}
    reduction = reduction_for(matrix.shape[1], shape)
    asked = []

    async def read(ids):
        asked.extend(ids)
        return Features(KIND, list(ids), matrix[[rows[each] for each in ids]])

    near = Near(names, Sketch(lines_of(matrix, reduction), reduction), read)
    return near, Table(names, matrix), asked


# -- 8 bits a number -------------------------------------------------------------------------------


@given(
    arrays.arrays(np.float16, st.tuples(st.integers(1, 4), st.integers(1, 200)), elements=FINITE)
)
def test_packed_numbers_are_off_by_little_of_the_largest_beside_them(matrix):
    packed = pack(matrix)
    rows = unpack(packed).astype(np.float64)
    assert rows.shape == matrix.shape
    largest = np.abs(matrix).max(axis=1, initial=0.0)
    for start in range(0, matrix.shape[1], GROUP):
        part = matrix[:, start : start + GROUP].astype(np.float64)
        bound = np.abs(part).max(axis=1) / 254 + largest / 254 / 255
        # A float16 of a small number has few digits.
        off = np.abs(rows[:, start : start + GROUP] - part).max(axis=1)
        assert (off <= 1.01 * bound + np.abs(part).max(axis=1) / 2000 + 1e-6).all()


@pytest.mark.parametrize("width", [1, 63, 64, 65, 128, 129, 2049, 15680])
def test_the_width_is_read_from_what_is_packed(width):
    matrix = np.linspace(-3, 3, 2 * width).reshape(2, width).astype(np.float16)
    packed = pack(matrix)
    assert unpack(packed).shape == (2, width)
    assert packed.shape[1] <= width + width // 64 + 5
    np.testing.assert_allclose(unpack(packed), matrix, atol=0.03)


def test_packing_keeps_zero_and_rounds_no_second_time():
    matrix = maps(20)
    matrix[3] = 0
    packed = pack(matrix)
    once = unpack(packed)
    assert not once[3].any()
    assert (pack(once) == packed).all()
    assert packed.nbytes < 0.52 * matrix.nbytes


@settings(max_examples=200)
@given(
    arrays.arrays(np.float16, st.tuples(st.integers(1, 4), st.integers(1, 200)), elements=FINITE),
    st.integers(-9, 9),
)
def test_whatever_is_packed_again_and_again_stays_as_it_is(matrix, power):
    once = unpack(pack((matrix * 2.0 ** (power - 3)).astype(np.float16)))
    again = once
    for _ in range(3):
        again = unpack(pack(again))
    # Numbers below float16's normal ones have fewer digits.
    assert np.abs(again.astype(np.float64) - once.astype(np.float64)).max() <= 2e-6


def test_groups_of_any_strength_beside_others_are_packed_again_as_they_were():
    strength = np.geomspace(1e-4, 1, 5000)[:, np.newaxis]
    rng = np.random.default_rng(0)
    weak = strength * rng.uniform(-1, 1, (5000, GROUP)) * 60
    matrix = np.concatenate([np.full((5000, GROUP), 60.0), weak], axis=1).astype(np.float16)
    packed = pack(matrix)
    assert (pack(unpack(packed)) == packed).all()


def test_what_is_too_short_is_no_packed_feature():
    with pytest.raises(ValueError, match="short"):
        unpack(np.zeros((2, 4), np.uint8))


# -- Fewer numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("reduction", [Whole(40), LowFrequencies(3, 7, 7), LowFrequencies(2, 4, 5)])
def test_a_reduction_keeps_lengths_of_what_it_sees(reduction):
    width = 40 if isinstance(reduction, Whole) else (147 if reduction.channels == 3 else 40)
    columns = reduction.of(np.eye(width, dtype=np.float32))  # (d, numbers)
    np.testing.assert_allclose(columns.T @ columns, np.eye(reduction.numbers), atol=1e-5)


def test_a_reduction_is_known_of_narrow_features_and_of_maps():
    assert reduction_for(1280) == Whole(1280)
    assert reduction_for(15_680, (320, 7, 7)) == LowFrequencies(320, 7, 7)
    assert reduction_for(15_680) is None
    assert reduction_for(15_680, (15_680,)) is None
    assert reduction_for(4480, (320, 7, 7)) is None
    assert is_wide(WIDE + 1)
    assert not is_wide(WIDE)


@settings(max_examples=40)
@given(
    arrays.arrays(np.float16, (5, 50), elements=FINITE),
    arrays.arrays(np.float32, 50, elements=st.floats(-1000, 1000, width=32)),
)
def test_bounds_hold_whatever_is_left_out(matrix, vector):
    reduction = LowFrequencies(2, 5, 5)
    sketch = Sketch(lines_of(matrix, reduction), reduction)
    exact = matrix.astype(np.float64) @ vector.astype(np.float64)
    room = 1e-5 * np.linalg.norm(matrix.astype(np.float64), axis=1) * np.linalg.norm(vector)
    for about, margin in (sketch.dots(vector), sketch.first_dots(vector)):
        assert (np.abs(exact - about) <= margin * (1 + 1e-4) + room + 1e-3).all()
    rows = np.array([3, 0])
    for some, all_of_them in zip(sketch.dots(vector, rows), sketch.dots(vector), strict=True):
        assert (some == all_of_them[rows]).all()


def test_where_nothing_is_left_out_the_first_numbers_are_all_of_them():
    sketch = Sketch.of(maps(50)[:, :24])
    vector = np.arange(24, dtype=np.float32)
    assert sketch.is_whole
    for first, every in zip(sketch.first_dots(vector), sketch.dots(vector), strict=True):
        assert (first == every).all()


def test_photos_that_rank_best_are_looked_at_closely_and_chances_are_not_taken_too_low():
    matrix = maps(4000)
    near, _, _ = near_of(matrix)
    vector = matrix[7].astype(np.float32)
    exact = products(matrix.astype(np.float32), vector)
    seen = Bounds(near.sketch, vector, lambda dots, _: dots)
    rough = seen.margin.copy()
    order = np.argsort(-seen.rank, kind="stable")
    seen.refine(500)
    closer = np.flatnonzero(seen.margin < rough)
    assert set(closer) == set(order[:500])
    assert (np.abs(exact - seen.about) <= seen.margin + 0.1).all()
    assert (seen.at_least() <= exact + 0.1).all()
    assert (exact <= seen.at_most() + 0.1).all()
    # How many of the others are above the 50th: among photos of another kind than those that were
    # looked at closely, it is estimated to be more than it is, and by all numbers about right.
    scored = best(seen.rank, 60)
    needed = np.full(4000, np.sort(exact[scored])[-50])
    others = np.setdiff1d(np.arange(4000), scored)
    missed = int((exact[others] > needed[0]).sum())
    estimated = []
    for _ in range(2):
        chances = seen.chances(needed, scored, exact[scored])
        assert 0 <= chances.min() <= chances.max() <= 1
        estimated.append(float(chances[others].sum()))
        seen.refine(4000)
    assert (seen.margin < rough).all()
    assert min(estimated) >= missed / 3 - 1
    assert estimated[1] <= 3 * missed + 2


# -- The nearest -----------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["dot", "clear", "cosine", "gaussian"]))
def test_where_nothing_is_left_out_the_answer_is_that_of_scoring_all(seed, name):
    rng = np.random.default_rng(seed)
    matrix = rng.gamma(0.5, 1.0, (900, 24)).astype(np.float16)
    near, table, asked = near_of(matrix, (24,))
    source = matrix[seed % 900].astype(np.float32)
    scorer = make_scorer(SCORES[name])
    answer = asyncio.run(nearest_by_sketch(near, scorer, source, 9))
    same(answer, plain(table, scorer, source, 9))
    assert len(asked) < 900
    assert answer.total == 900


@pytest.mark.parametrize("name", ["dot", "clear", "cosine", "gaussian"])
def test_of_maps_nearly_all_of_the_nearest_are_found(name):
    matrix = maps(3000)
    near, table, asked = near_of(matrix)
    scale = 1000 if name == "gaussian" else 1
    scorer = make_scorer(SCORES[name].replace("/ 1000", "/ 30000") if scale > 1 else SCORES[name])
    shares = []
    for row in range(0, 3000, 200):
        source = matrix[row].astype(np.float32)
        answer = asyncio.run(nearest_by_sketch(near, scorer, source, 50))
        truth = nearest(table, scorer, source, 50)
        wanted = {each.id for each in truth.neighbours}
        shares.append(len(wanted & {each.id for each in answer.neighbours}) / 50)
        # What is found has its very score.
        scores = {each.id: each.score for each in truth.neighbours}
        assert all(s == pytest.approx(scores[i], rel=1e-5) for s, i in pairs(answer) if i in scores)
    assert np.mean(shares) >= 0.99
    assert len(asked) < 15 * 2000


@pytest.mark.parametrize("name", ["overlap", "first", "constant", "steps"])
def test_a_scorer_of_another_kind_is_not_searched_by_a_sketch(name):
    near, table, _ = near_of(maps(1500))
    source = table.matrix[1].astype(np.float32)
    with pytest.raises(Unbounded, match="by a dot product"):
        asyncio.run(nearest_by_sketch(near, make_scorer(SCORES[name]), source, 9))


def test_a_source_that_the_sketch_does_not_see_is_not_searched_by_it():
    near, table, _ = near_of(maps(1500))
    source = table.matrix[1].astype(np.float32)
    left = source.reshape(SHAPE[0], 49)
    waves = LowFrequencies(*SHAPE)._waves
    rough = (left - left @ waves.T @ waves).ravel()
    with pytest.raises(Unbounded, match="left out of the compact"):
        asyncio.run(nearest_by_sketch(near, make_scorer(SCORES["dot"]), rough, 9))


def test_where_too_much_is_left_out_all_are_scored():
    rng = np.random.default_rng(0)
    near, _, _ = near_of(rng.standard_normal((2000, WIDTH)).astype(np.float16))
    waves = LowFrequencies(*SHAPE)._waves
    source = rng.standard_normal((SHAPE[0], 49))
    smooth = source @ waves.T @ waves
    rough = source - smooth
    # Of what it asks for, the sketch sees 55 %, and photos have as much of the rest.
    source = np.sqrt(0.55) * smooth / np.linalg.norm(smooth)
    source = (source + np.sqrt(0.45) * rough / np.linalg.norm(rough)).ravel().astype(np.float32)
    with pytest.raises(Unbounded, match="too much"):
        asyncio.run(nearest_by_sketch(near, make_scorer(SCORES["dot"]), source, 50))


def test_a_scorer_that_turns_among_the_best_is_found_out():
    matrix = maps(1500)
    near, table, _ = near_of(matrix)
    source = matrix[0].astype(np.float32)
    top = nearest(table, make_scorer(SCORES["dot"]), source, 20)
    limit = float(np.median([each.score for each in top.neighbours]))
    turned = make_scorer(f"min(source @ candidate, 2 * {limit} - source @ candidate)")
    with pytest.raises(Unbounded):
        asyncio.run(nearest_by_sketch(near, turned, source, 20))


def test_the_order_of_photos_changes_nothing():
    matrix = maps(1200)
    near, _, _ = near_of(matrix)
    source, scorer = matrix[5].astype(np.float32), make_scorer(SCORES["dot"])
    expected = pairs(asyncio.run(nearest_by_sketch(near, scorer, source, 50)))
    turn = np.random.default_rng(1).permutation(len(matrix))
    rows = {near.ids[old]: matrix[old] for old in turn}

    async def read(ids):
        return Features(KIND, list(ids), np.stack([rows[each] for each in ids]))

    reduction = LowFrequencies(*SHAPE)
    other = Near(
        list(rows), Sketch(lines_of(np.stack(list(rows.values())), reduction), reduction), read
    )
    assert pairs(asyncio.run(nearest_by_sketch(other, scorer, source, 50))) == expected


# -- What is stored --------------------------------------------------------------------------------


def entry(name, digest=""):
    return PhotoEntry(name, 1, 1, digest, 1, 1, (), b"", HOLIDAY.model)


async def filled(matrix, kind=KIND):
    store = MemoryStore()
    await store.create(replace(HOLIDAY, kind=kind))
    await put(store, 0, matrix, kind)
    return store


async def put(store, first, matrix, kind=KIND):
    names = [f"{first + row:05}.jpg" for row in range(len(matrix))]
    batch = Batch([entry(name) for name in names], [b"x"] * len(names), {kind: matrix})
    await store.add(HOLIDAY.id, batch)


async def opened_now(store, kind=KIND, collection=HOLIDAY):
    """Open a collection; give it, and how many photos' lines were made."""
    found, made = None, 0
    async for step in opened(store, collection, kind, LAYERS, Control()):
        if isinstance(step, Searchable):
            found = step
        else:
            made = step[1]
    return found, made


async def truth(store, source, count, kind=KIND):
    """Score all that is stored."""
    scored = []
    async for block in store.features(HOLIDAY.id, kind):
        scored += zip((block.matrix.astype(np.float32) @ source).tolist(), block.ids, strict=True)
    return [name for _, name in sorted(scored, key=lambda each: (-each[0], each[1]))[:count]]


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Let few photos be many."""
    monkeypatch.setattr(searchable, "MANY", 500)


def test_lines_are_made_once_and_follow_every_change():
    async def run():
        matrix = maps(700)
        store = await filled(matrix)
        scorer, source = make_scorer(SCORES["dot"]), matrix[3].astype(np.float32)

        async def check(expected):
            found, made = await opened_now(store)
            assert made == expected
            assert (await opened_at_once(store, HOLIDAY, KIND, LAYERS)) is not None
            answer = await found.nearest(scorer, source, 5)
            assert [each.id for each in answer.neighbours] == await truth(store, source, 5)
            assert answer.compared < 700
            assert not answer.why

        assert await opened_at_once(store, HOLIDAY, KIND, LAYERS) is None
        await check(700)
        await check(0)
        await store.remove(HOLIDAY.id, ["00003.jpg", "00011.jpg"])
        await check(0)
        # Others, and another photo under a name that was there.
        await put(store, 690, (2 * maps(30, seed=5)).astype(np.float16))
        assert await opened_at_once(store, HOLIDAY, KIND, LAYERS) is None
        await check(30)
        await store.add_features(HOLIDAY.id, Features(KIND, ["00000.jpg"], 3 * matrix[3:4]))
        await check(1)
        await store.drop_features(HOLIDAY.id, KIND)
        assert await store.ids(HOLIDAY.id, KIND) == []
        assert [each async for each in store.lines(HOLIDAY.id, KIND, "x")] == []

    asyncio.run(run())


def test_lines_of_another_network_are_not_taken():
    async def run():
        store = await filled(maps(600))
        await opened_now(store)
        other = replace(HOLIDAY, model=ModelId("other", "1" * 64))
        assert await opened_at_once(store, other, KIND, LAYERS) is None
        assert (await opened_now(store, collection=other))[1] == 600

    asyncio.run(run())


def test_many_changes_leave_no_more_lines_than_photos():
    async def run():
        matrix = maps(600)
        store = await filled(matrix)
        for _ in range(4):
            await opened_now(store)
            await put(store, 0, matrix)
        found, _ = await opened_now(store)
        assert found.photos == 600
        keeper = Keeper(store, HOLIDAY, KIND, LAYERS)
        near = await keeper.load()
        assert sorted(near.ids) == sorted(await store.ids(HOLIDAY.id, KIND))
        tag = tag_of(LowFrequencies(*SHAPE), HOLIDAY)
        given = sum([len(each.ids) async for each in store.lines(HOLIDAY.id, KIND, tag)])
        assert 600 <= given <= 2 * 600

    asyncio.run(run())


def test_lines_of_an_older_version_are_not_gone_on_with_and_cost_nothing():
    content = io.BytesIO()
    writer = Writer(content, replace(HOLIDAY, kind=KIND), LAYERS)
    blocks = Blocks(0, 0, {KIND: 1}, {KIND: f"low5:48x7x7/{HOLIDAY.model.hash}"})
    writer.resume([], blocks)
    writer.add_features(Features(KIND, ["a", "b"], maps(2)))
    assert not [name for name in writer._parts if name.startswith("lines/")]


def test_lines_that_are_cancelled_go_on_later():
    async def run():
        store = await filled(maps(700))
        control = Control()
        async for step in opened(store, HOLIDAY, KIND, LAYERS, control):
            assert not isinstance(step, Searchable)
            control.cancel()
        assert (await opened_now(store))[1] == 700 - 256

    asyncio.run(run())


@pytest.mark.parametrize(
    ("kind", "matrix", "why"),
    [
        (KIND, maps(600), "by a dot product"),
        ("another@0", maps(600), "no compact form"),
        ("flat@0", maps(600)[:, :24], "by a dot product"),
    ],
)
def test_why_all_are_scored_is_said(kind, matrix, why):
    async def run():
        store = await filled(matrix, kind)
        found, _ = await opened_now(store, kind)
        source = matrix[0].astype(np.float32)
        scorer = make_scorer(SCORES["overlap"])
        answer = await found.nearest(scorer, source, 4)
        same(answer, plain(Table(await store.ids(HOLIDAY.id, kind), matrix), scorer, source, 4))
        assert answer.compared == 600
        assert why in answer.why
        with mock.patch.object(searchable, "load", side_effect=_nothing):
            fresh, _ = await opened_now(store, kind)
            assert pairs(await fresh.nearest(scorer, source, 4)) == pairs(answer)

    asyncio.run(run())


async def _nothing(*_):
    return None


def test_features_of_some_photos_are_given():
    async def run():
        matrix = maps(600)
        store = await filled(matrix)
        found, _ = await opened_now(store)
        some = await found.features(["00004.jpg", "nobody"])
        assert list(some) == ["00004.jpg"]
        np.testing.assert_array_equal(some["00004.jpg"], matrix[4].astype(np.float32))

    asyncio.run(run())


# -- Files -----------------------------------------------------------------------------------------


async def written(store, layers=LAYERS):
    target = io.BytesIO()
    async for _ in write_collection(store, HOLIDAY, target, layers):
        pass
    return CollectionFile(target)


def test_a_file_holds_wide_features_in_half_of_the_room_and_their_lines():
    async def run():
        matrix = maps(600)
        store = await filled(matrix)
        file = await written(store)
        list(file.verify())
        size = (await file.usage(HOLIDAY.id)).bytes
        assert size < 600 * (0.75 * 2 * WIDTH)
        found, made = await opened_now(_Writable(file))
        assert made == 0
        source = matrix[9].astype(np.float32)
        answer = await found.nearest(make_scorer(SCORES["dot"]), source, 5)
        assert [each.id for each in answer.neighbours] == await truth(file, source, 5)
        other = MemoryStore()
        async for taken, _ in read_collection(file, other, 0, collection_id=HOLIDAY.id):
            assert taken.id == HOLIDAY.id
        assert await opened_at_once(other, HOLIDAY, KIND, LAYERS) is not None

    asyncio.run(run())


def test_rows_and_entries_of_a_file_are_read_by_their_ids():
    async def run():
        matrix = maps(300)
        store = await filled(matrix)
        file = await written(store)
        found = await file.rows(HOLIDAY.id, KIND, ["00299.jpg", "nobody", "00001.jpg"])
        assert list(found.ids) == ["00299.jpg", "00001.jpg"]
        np.testing.assert_allclose(found.matrix, matrix[[299, 1]], atol=0.05)
        picked = await file.picked(HOLIDAY.id, ["00007.jpg", "nobody"])
        assert picked == await store.picked(HOLIDAY.id, ["00007.jpg", "nobody"])
        assert sorted(await file.ids(HOLIDAY.id, KIND)) == sorted(await store.ids(HOLIDAY.id, KIND))

    asyncio.run(run())


def test_a_file_of_before_is_searched_and_written_again_without_the_network():
    async def run():
        matrix = maps(600)
        store = await filled(matrix)
        with (
            mock.patch("lookalike.collections.lookalike_file.is_wide", return_value=False),
        ):
            old = await written(store)
        block = await anext(old.features(HOLIDAY.id, KIND))
        np.testing.assert_array_equal(block.matrix, matrix[: len(block.ids)])
        assert old.tag(KIND) == ""
        found, made = await opened_now(_Writable(old))
        assert made == 600
        source = matrix[2].astype(np.float32)
        answer = await found.nearest(make_scorer(SCORES["dot"]), source, 5)
        assert [each.id for each in answer.neighbours] == await truth(old, source, 5)

    asyncio.run(run())


def test_a_narrow_collection_is_a_file_of_the_first_version():
    target = io.BytesIO()
    Writer(target, HOLIDAY, LAYERS).close()
    assert b'"version": 1' in target.getvalue()


def _Writable(file):
    """A file with what is made for a search, in memory."""
    from lookalike.terminal.overlay import Overlay

    return Overlay(file)


def test_the_chance_of_more_is_that_of_a_normal_distribution():
    z = np.array([-8, -1, 0, 1, 1.6449, 2.3263, 8], np.float32)
    expected = [1, 0.8413, 0.5, 0.1587, 0.05, 0.01, 0]
    np.testing.assert_allclose(bounds._tail(z), expected, atol=3e-4)


def test_score_rows_is_what_the_best_are_scored_by():
    matrix = maps(1200)
    near, table, _ = near_of(matrix)
    source = matrix[5].astype(np.float32)
    scorer = compile_scorer(
        "async def get_feature(model, image):\n    return [0]\n"
        "def embs2score(source, candidate):\n    return 1 / 0\n"
        "def embs2scores(source, candidates):\n    return candidates @ source\n"
    )
    answer = asyncio.run(nearest_by_sketch(near, scorer, source, 3))
    scores = dict(zip(table.ids, score_rows(scorer, source, matrix), strict=True))
    assert all(score == pytest.approx(scores[name], rel=1e-5) for score, name in pairs(answer))


def test_lines_say_that_earlier_ones_are_no_longer_valid():
    async def run():
        store = await filled(maps(3))
        block = Lines(["00000.jpg", "nobody"], np.ones((2, 20), np.uint8))
        await store.add_lines(HOLIDAY.id, KIND, "a", block)
        await store.remove(HOLIDAY.id, ["00000.jpg"])
        given = [each async for each in store.lines(HOLIDAY.id, KIND, "a")]
        assert [(list(each.ids), each.matrix.shape[1]) for each in given] == [
            (["00000.jpg"], 20),
            (["00000.jpg"], 0),
        ]

    asyncio.run(run())
