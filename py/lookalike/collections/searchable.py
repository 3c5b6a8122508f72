"""A collection that is ready to be searched by a scorer, however many photos it has."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.collection import Collection, Matrix
from lookalike.collections.near import Keeper, Near
from lookalike.collections.neighbours import Nearest, nearest, nearest_stored
from lookalike.collections.progress import Control
from lookalike.collections.sketch_search import Unbounded, nearest_by_sketch
from lookalike.collections.store import Searchable as Stored
from lookalike.collections.table import Table, load
from lookalike.collections.text_search import by_row
from lookalike.scorer.scorer import CheckedScorer

MANY = 10_000
"""Photos from which features are not loaded, but what is small of them: a browser's store gives
some ten thousand records a second."""

Layers = Mapping[str, Sequence[int]]


class Searchable:
    """The features of one kind of a collection.

    Args:
        store, collection, kind: where they are, and of which kind.
        photos: how many there are.
        table: all of them in memory.
        near: else what tells which are near; None where nothing does.
    """

    def __init__(
        self,
        store: Stored,
        collection: Collection,
        kind: str,
        photos: int,
        table: Table | None = None,
        near: Near | None = None,
    ) -> None:
        self._store, self.collection, self.kind, self.photos = store, collection, kind, photos
        self._table, self._near = table, near

    async def nearest(self, scorer: CheckedScorer, source: Any, count: int) -> Nearest:  # noqa: ANN401
        """Find the photos that a scorer scores highest.

        Raises:
            ScoreError: no photo could be scored.
            StoreError: features cannot be read.
        """
        if not self.photos:
            return Nearest([], 0, 0)
        why = "" if self._table else "of such features no compact form is known"
        if self._near:
            try:
                return await nearest_by_sketch(self._near, scorer, source, count)
            except Unbounded as error:
                why = str(error)
        table = await self._all()
        if table:
            return replace(nearest(table, scorer, source, count), why=why)
        name = self.collection.id
        found = await nearest_stored(self._store, name, self.kind, scorer, source, count)
        return replace(found, why=why)

    async def by_row(self, score: Callable[[Matrix], NDArray[np.floating]]) -> dict[str, float]:
        """Score all rows; see `lookalike.collections.text_search.by_row`."""
        return await by_row(self._store, self.collection.id, self.kind, await self._all(), score)

    async def features(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Give photos' features by their ids, for use as examples of what is wanted."""
        if self._table:
            known = {each: self._table.feature(each) for each in ids}
            return {each: feature for each, feature in known.items() if feature is not None}
        found = await self._store.rows(self.collection.id, self.kind, ids)
        return dict(zip(found.ids, found.matrix.astype(np.float32), strict=True))

    async def _all(self) -> Table | None:
        """Load all features where memory holds them, once something needs them all."""
        if self._table is None:
            self._table = await load(self._store, self.collection.id, self.kind)
        return self._table


async def opened_at_once(
    store: Stored, collection: Collection, kind: str, layers: Layers
) -> Searchable | None:
    """Open a collection of many photos that has been opened before, and has not changed since.

    Nothing has to be read but what is small: all photos are described, or it would not be whole.
    """
    photos = (await store.usage(collection.id)).photos
    if photos <= MANY:
        return None
    near = await Keeper(store, collection, kind, layers).load()
    return Searchable(store, collection, kind, photos, near=near) if near else None


async def opened(
    store: Stored, collection: Collection, kind: str, layers: Layers, control: Control
) -> AsyncIterator[tuple[int, int] | Searchable]:
    """Open a collection all of whose photos have been described.

    Args:
        store, collection, kind: where it is, and the kind of features.
        layers: the shapes of the network's layers, by name.
        control: ends the work; then nothing is given at the end.

    Yields:
        Of how many photos of how many compact features have been made, and at last the collection.

    Raises:
        StoreError: it cannot be read, or there is no room for the compact features.
    """
    photos = (await store.usage(collection.id)).photos
    table = await load(store, collection.id, kind) if photos <= MANY else None
    if table:
        yield Searchable(store, collection, kind, photos, table)
        return
    keeper = Keeper(store, collection, kind, layers)
    near = await keeper.load()
    if near is None:
        async for step in keeper.complete(control):
            if isinstance(step, Near):
                near = step
            else:
                yield step
    if not control.cancelled:
        yield Searchable(store, collection, kind, photos, near=near)
