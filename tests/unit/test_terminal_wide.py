"""Files of wide features: what an interrupted run has left, and what an older version wrote."""

import asyncio
from unittest import mock

import numpy as np
import pytest

from lookalike.collections.collection import Batch, PhotoEntry
from lookalike.collections.opened_file import CollectionFile
from lookalike.terminal.growing_file import GrowingFile, recovered
from small_collection import HOLIDAY

pytestmark = pytest.mark.native

KIND = "map@0"
LAYERS = {"map": (48, 7, 7)}
ROWS = np.random.default_rng(0).normal(size=(6, 48 * 49)).astype(np.float16)


def batch(first, count):
    entries = [
        PhotoEntry(f"{row}.jpg", 1, 1, "", 1, 1, (), b"", HOLIDAY.model)
        for row in range(first, first + count)
    ]
    return Batch(entries, [b"x"] * count, {KIND: ROWS[first : first + count]})


async def write(path, batches, *, end, layers=LAYERS):
    old = CollectionFile(path.open("rb")) if path.exists() else None
    with GrowingFile(path, HOLIDAY, old, layers) as file:
        for each in batches:
            await file.add(HOLIDAY.id, each)
        if end:
            await file.finish(())


async def checked(path, count):
    """See that a file is whole, and give how many lines it has."""
    with path.open("rb") as opened:
        file = CollectionFile(opened)
        list(file.verify())
        found = await file.rows(HOLIDAY.id, KIND, [f"{row}.jpg" for row in range(count)])
        np.testing.assert_allclose(found.matrix, ROWS[:count], atol=0.03)
        tag = file.tag(KIND)
        return sum([len(block.ids) async for block in file.lines(HOLIDAY.id, KIND, tag)])


def test_what_was_interrupted_goes_on_with_its_lines(tmp_path):
    async def run():
        path = tmp_path / "a.lookalike"
        await write(path, [batch(0, 2)], end=True)
        assert await checked(path, 2) == 2
        await write(path, [batch(2, 2)], end=False)
        assert await recovered(path) == 2
        assert await checked(path, 4) == 4
        await write(path, [batch(4, 2)], end=True)
        assert await checked(path, 6) == 6

    asyncio.run(run())


def test_a_file_of_before_gets_8_bits_and_lines_when_it_is_written_again(tmp_path):
    async def run():
        path = tmp_path / "a.lookalike"
        with mock.patch("lookalike.collections.lookalike_file.is_wide", return_value=False):
            await write(path, [batch(0, 4)], end=True)
        before = path.stat().st_size
        assert await checked(path, 4) == 0
        await write(path, [batch(4, 1)], end=True)
        assert await checked(path, 5) == 5
        assert path.stat().st_size < 0.85 * before

    asyncio.run(run())


def test_without_the_shape_of_a_layer_there_are_no_lines(tmp_path):
    async def run():
        path = tmp_path / "a.lookalike"
        await write(path, [batch(0, 3)], end=True, layers={})
        assert await checked(path, 3) == 0

    asyncio.run(run())
