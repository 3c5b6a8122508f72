"""The features of a collection in memory, ready to be searched."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.collection import Features, Matrix
from lookalike.collections.sketch import Sketch
from lookalike.collections.store import Readable

ROOM = 250_000_000
"""Bytes of features that are loaded at most; of larger collections, a sketch is (`near`)."""

SAMPLE = 256
"""Rows of `Table.sample`, at most."""


class Table:
    """Features of one kind, a row a photo.

    Args:
        ids: of the photos, without repeats.
        matrix: (n, d) float16.

    Attributes:
        order: (n,) the place of each id among all of them, sorted: what decides between equal
            scores, so that the same photos give the same answer however they were added.
    """

    def __init__(self, ids: list[str], matrix: Matrix) -> None:
        self.ids, self.matrix = ids, matrix
        self.order = places(ids)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def sketch(self) -> Sketch:
        """A copy in int8, made when it is first needed: 5 µs a photo of 1,280 numbers natively."""
        return Sketch.of(self.matrix)

    @cached_property
    def sample(self) -> NDArray[np.float32]:
        """Some rows, evenly from all: what a scorer is seen on."""
        rows = np.linspace(0, len(self) - 1, min(SAMPLE, len(self))).astype(np.intp)
        return self.matrix[rows].astype(np.float32)

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each photo, by its id."""
        return {name: row for row, name in enumerate(self.ids)}

    def feature(self, photo: str) -> NDArray[np.float32] | None:
        """Give a photo's feature by its id, for use as an example of what is wanted."""
        row = self.rows.get(photo)
        return None if row is None else self.matrix[row].astype(np.float32)


def places(ids: Sequence[str]) -> NDArray[np.intp]:
    """Give the place of each id among all of them, sorted."""
    order = np.empty(len(ids), np.intp)
    order[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return order


async def load(store: Readable, collection: str, kind: str, room: int = ROOM) -> Table | None:
    """Load one kind of features of a collection.

    Takes 2 bytes a number, and 1 more for the sketch of a large one: of `AVG_POOL`, 3.8 kB a photo.

    Args:
        store, collection: where they are, and the collection's id.
        kind: of features.
        room: bytes that they may take.

    Returns:
        None where they take more, or more than there is: a browser may have less to give.

    Raises:
        StoreError: they cannot be read.
    """
    try:
        return await _loaded(store, collection, kind, room)
    except MemoryError:
        return None


async def _loaded(store: Readable, collection: str, kind: str, room: int) -> Table | None:
    count = (await store.usage(collection)).features.get(kind, 0)
    ids: list[str] = []
    matrix: Matrix = np.empty((0, 0), np.float16)
    async for block in store.features(collection, kind):
        needed = len(ids) + len(block.ids)
        if needed > len(matrix):
            # At once for all that were counted; another tab may have added some since.
            matrix = _grown(matrix, len(ids), max(count, needed), block)
        if matrix.nbytes * 3 // 2 > room:
            return None
        matrix[len(ids) : needed] = block.matrix
        ids += block.ids
    return Table(ids, matrix[: len(ids)])


def _grown(matrix: Matrix, filled: int, rows: int, block: Features) -> Matrix:
    larger = np.empty((rows, block.matrix.shape[1]), np.float16)
    if filled:
        larger[:filled] = matrix[:filled]
    return larger
