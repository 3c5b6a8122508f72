"""The sketch of a collection whose features memory cannot hold, and how it is kept.

Lines of a sketch are stored beside the features, in blocks, since to read a hundred thousand
records of a browser's store one by one takes ten seconds. They are made when a collection is too
large to be loaded, of those photos that have none yet.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.collection import Collection, Features, Lines
from lookalike.collections.progress import Control
from lookalike.collections.pruning import Exact, products
from lookalike.collections.reduction import Reduction, layer_of, reduction_for, tag_of
from lookalike.collections.sketch import HEAD, Sketch, Vector, lines_of
from lookalike.collections.store import Readable
from lookalike.collections.store import Searchable as Stored
from lookalike.collections.table import SAMPLE, places

BLOCK = 256
"""Photos whose lines are made and stored together."""

Read = Callable[[Sequence[str]], Awaitable[Features]]


class Near:
    """What tells which photos may be near, without their features.

    Args:
        ids: of the photos, without repeats.
        sketch: of their features.
        read: gives features by ids.

    Attributes:
        order: as `Table.order`.
    """

    def __init__(self, ids: list[str], sketch: Sketch, read: Read) -> None:
        self.ids, self.sketch, self.read = ids, sketch, read
        self.order = places(ids)
        self._sample: Vector | None = None
        self._sample_norms: Exact | None = None

    def __len__(self) -> int:
        return len(self.ids)

    async def sample(self) -> Vector:
        """Give some features, evenly from all ids in their order: what a scorer is seen on."""
        if self._sample is None:
            chosen = np.linspace(0, len(self) - 1, min(SAMPLE, len(self))).astype(np.intp)
            names = [self.ids[row] for row in np.argsort(self.order)[chosen]]
            self._sample = (await self.read(names)).matrix.astype(np.float32)
        return self._sample

    async def sample_norms(self) -> Exact:
        """Give the lengths of these features."""
        if self._sample_norms is None:
            rows = await self.sample()
            self._sample_norms = np.sqrt(products(rows, rows))
        return self._sample_norms


async def width_of(store: Readable, collection: str, kind: str) -> int:
    """Say how wide features of a kind are; 0 where there are none."""
    async for block in store.features(collection, kind):
        return int(block.matrix.shape[1])
    return 0


class Keeper:
    """Loads the lines of a collection, and makes those that are missing.

    Args:
        store, collection, kind: where the features are, and of which kind.
        layers: the shapes of the network's layers, by name.
    """

    def __init__(
        self,
        store: Stored,
        collection: Collection,
        kind: str,
        layers: Mapping[str, Sequence[int]],
    ) -> None:
        self._store, self._collection, self._kind = store, collection, kind
        self._layers = layers
        self._rows: dict[str, int] = {}
        self._lines = np.empty((0, 0), np.uint8)
        self._reduction: Reduction | None = None

    async def load(self) -> Near | None:
        """Load what is stored; None where that is not of all photos."""
        name = self._collection.id
        usage = await self._store.usage(name)
        width = await width_of(self._store, name, self._kind)
        shape = self._layers.get(layer_of(self._kind), ())
        self._reduction = reduction_for(width, tuple(shape)) if width else None
        if self._reduction is None:
            return None
        tag = tag_of(self._reduction, self._collection)
        size = HEAD + self._reduction.numbers
        self._lines = np.empty((usage.photos, size), np.uint8)
        filled = dead = 0
        async for block in self._store.lines(name, self._kind, tag):
            dead += sum(self._rows.pop(each, None) is not None for each in block.ids)
            if block.matrix.shape[1] == size:
                filled = self._take(block, filled)
        self._close_gaps(filled)
        if dead > len(self._rows):
            await self._write_again(tag)
        whole = len(self._rows) == usage.photos == usage.features.get(self._kind, 0)
        return self._near(self._reduction) if whole else None

    async def complete(self, control: Control) -> AsyncIterator[tuple[int, int] | Near]:
        """Make the lines that are missing after `load`.

        Yields:
            How many of how many are made, and at last what is complete; not if cancelled, nor
            where there is no reduction for such features.
        """
        if self._reduction is None:
            return
        store, name = self._store, self._collection.id
        tag = tag_of(self._reduction, self._collection)
        ids = await store.ids(name, self._kind)
        there = set(ids)
        waiting = [each for each in ids if each not in self._rows]
        for each in [each for each in self._rows if each not in there]:
            del self._rows[each]
        self._close_gaps(len(self._lines))
        self._lines = _grown(self._lines, len(self._rows), len(ids))
        for start in range(0, len(waiting), BLOCK):
            if not await control.may_go_on():
                return
            found = await store.rows(name, self._kind, waiting[start : start + BLOCK])
            block = Lines(found.ids, lines_of(found.matrix, self._reduction))
            await store.renew(name, found)
            await store.add_lines(name, self._kind, tag, block)
            self._take(block, len(self._rows))
            yield min(start + BLOCK, len(waiting)), len(waiting)
        yield self._near(self._reduction)

    def _take(self, block: Lines, filled: int) -> int:
        """Lay a block's lines under those that are there; say how many there are now."""
        needed = filled + len(block.ids)
        if needed > len(self._lines):
            self._lines = _grown(self._lines, filled, needed + needed // 4)
        self._lines[filled:needed] = block.matrix
        self._rows.update((each, filled + place) for place, each in enumerate(block.ids))
        return needed

    def _close_gaps(self, filled: int) -> None:
        """Move lines of the end to where lines are no longer wanted."""
        count = len(self._rows)
        if filled == count:
            return
        free = sorted(set(range(count)) - set(self._rows.values()))
        late = [each for each, row in self._rows.items() if row >= count]
        for each, row in zip(late, free, strict=True):
            self._lines[row] = self._lines[self._rows[each]]
            self._rows[each] = row

    async def _write_again(self, tag: str) -> None:
        """Store the lines without those that are of no use."""
        name, ids = self._collection.id, self._ids()
        await self._store.drop_lines(name, self._kind)
        for start in range(0, len(ids), BLOCK):
            part = slice(start, min(start + BLOCK, len(ids)))
            await self._store.add_lines(name, self._kind, tag, Lines(ids[part], self._lines[part]))

    def _ids(self) -> list[str]:
        return sorted(self._rows, key=self._rows.__getitem__)

    def _near(self, reduction: Reduction) -> Near:
        store, name, kind = self._store, self._collection.id, self._kind
        sketch = Sketch(self._lines[: len(self._rows)], reduction)
        return Near(self._ids(), sketch, lambda ids: store.rows(name, kind, ids))


def _grown(lines: NDArray[np.uint8], filled: int, rows: int) -> NDArray[np.uint8]:
    larger = np.empty((rows, lines.shape[1]), np.uint8)
    larger[:filled] = lines[:filled]
    return larger
