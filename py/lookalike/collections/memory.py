"""A store in memory: for tests, and for what is needed only once."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from lookalike.collections.collection import (
    Batch,
    Collection,
    Features,
    Lines,
    Matrix,
    PhotoEntry,
    Usage,
    stacked,
)
from lookalike.collections.store import CollectionGone, StoreFull

BLOCK = 256
"""Entries and rows given at a time."""


@dataclass
class _Shelf:
    collection: Collection
    entries: dict[str, PhotoEntry] = field(default_factory=dict)
    thumbnails: dict[str, bytes] = field(default_factory=dict)
    features: dict[str, dict[str, Matrix]] = field(default_factory=dict)  # by kind and id
    lines: dict[tuple[str, str], list[Lines]] = field(default_factory=dict)  # by kind and tag

    def forget(self, entry: str) -> bool:
        for kind, rows in self.features.items():
            if rows.pop(entry, None) is not None:
                self.outdate(kind, [entry])
        self.thumbnails.pop(entry, None)
        return self.entries.pop(entry, None) is not None

    def outdate(self, kind: str, ids: Sequence[str]) -> None:
        for (other, _), blocks in self.lines.items():
            if other == kind:
                blocks.append(Lines(list(ids), np.empty((len(ids), 0), np.uint8)))

    @property
    def bytes(self) -> int:
        rows = sum(row.nbytes for rows in self.features.values() for row in rows.values())
        return rows + sum(map(len, self.thumbnails.values()))


class MemoryStore:
    """A `Store` that is gone when the process ends.

    Args:
        room: how many bytes of thumbnails and features fit; None for any number.
    """

    def __init__(self, room: int | None = None) -> None:
        self._room = room
        self._shelves: dict[str, _Shelf] = {}

    def _shelf(self, collection: str) -> _Shelf:
        if collection not in self._shelves:
            raise CollectionGone("This collection is no longer there.")
        return self._shelves[collection]

    def _make_room(self, wanted: int) -> None:
        taken = sum(shelf.bytes for shelf in self._shelves.values())
        if self._room is not None and taken + wanted > self._room:
            raise StoreFull("There is no room left for more photos.")

    async def collections(self) -> list[Collection]:
        return sorted(
            (shelf.collection for shelf in self._shelves.values()),
            key=lambda each: (each.created, each.id),
        )

    async def create(self, collection: Collection) -> None:
        if collection.id in self._shelves:
            raise ValueError(f"there is a collection {collection.id} already")
        self._shelves[collection.id] = _Shelf(collection)

    async def change(self, collection: Collection) -> None:
        self._shelf(collection.id).collection = collection

    async def delete(self, collection: str) -> None:
        self._shelves.pop(collection, None)

    async def expire(self, now: float) -> list[Collection]:
        gone = [each for each in await self.collections() if each.expired(now)]
        for each in gone:
            await self.delete(each.id)
        return gone

    async def add(self, collection: str, batch: Batch) -> None:
        shelf = self._shelf(collection)
        rows = sum(matrix.nbytes for matrix in batch.features.values())
        self._make_room(rows + sum(map(len, batch.thumbnails)))
        for index, entry in enumerate(batch.entries):
            shelf.forget(entry.id)
            shelf.entries[entry.id] = entry
            shelf.thumbnails[entry.id] = batch.thumbnails[index]
            for kind, matrix in batch.features.items():
                shelf.features.setdefault(kind, {})[entry.id] = matrix[index].copy()

    async def update(self, collection: str, entries: Sequence[PhotoEntry]) -> None:
        shelf = self._shelf(collection)
        shelf.entries.update({each.id: each for each in entries if each.id in shelf.entries})

    async def remove(self, collection: str, ids: Sequence[str]) -> int:
        shelf = self._shelf(collection)
        return sum(shelf.forget(each) for each in dict.fromkeys(ids))

    async def add_features(self, collection: str, features: Features) -> None:
        shelf = self._shelf(collection)
        self._make_room(features.matrix.nbytes)
        rows = shelf.features.setdefault(features.kind, {})
        for entry, row in zip(features.ids, features.matrix, strict=True):
            if entry in shelf.entries:
                if entry in rows:
                    shelf.outdate(features.kind, [entry])
                rows[entry] = row.copy()

    async def renew(self, collection: str, features: Features) -> None:
        """See `Describable`; there is nothing older."""

    async def add_lines(self, collection: str, kind: str, tag: str, lines: Lines) -> None:
        shelf = self._shelf(collection)
        there = [row for row, each in enumerate(lines.ids) if each in shelf.features.get(kind, {})]
        kept = Lines([lines.ids[row] for row in there], lines.matrix[there])
        shelf.lines.setdefault((kind, tag), []).append(kept)

    async def drop_lines(self, collection: str, kind: str) -> None:
        shelf = self._shelf(collection)
        shelf.lines = {key: blocks for key, blocks in shelf.lines.items() if key[0] != kind}

    async def drop_features(self, collection: str, kind: str) -> None:
        self._shelf(collection).features.pop(kind, None)
        await self.drop_lines(collection, kind)

    async def picked(self, collection: str, ids: Sequence[str]) -> dict[str, PhotoEntry]:
        found = self._shelf(collection).entries
        return {each: found[each] for each in ids if each in found}

    async def ids(self, collection: str, kind: str) -> list[str]:
        return list(self._shelf(collection).features.get(kind, {}))

    async def rows(self, collection: str, kind: str, ids: Sequence[str]) -> Features:
        rows = self._shelf(collection).features.get(kind, {})
        there = [each for each in ids if each in rows]
        return Features(kind, there, stacked([rows[each] for each in there]))

    async def lines(self, collection: str, kind: str, tag: str) -> AsyncIterator[Lines]:
        for block in list(self._shelf(collection).lines.get((kind, tag), [])):
            yield block

    async def entries(self, collection: str) -> AsyncIterator[Sequence[PhotoEntry]]:
        found = list(self._shelf(collection).entries.values())
        for start in range(0, len(found), BLOCK):
            yield found[start : start + BLOCK]

    async def features(self, collection: str, kind: str) -> AsyncIterator[Features]:
        rows = dict(self._shelf(collection).features.get(kind, {}))
        ids = list(rows)
        for start in range(0, len(ids), BLOCK):
            some = ids[start : start + BLOCK]
            yield Features(kind, some, np.stack([rows[each] for each in some]))

    async def thumbnails(self, collection: str, ids: Sequence[str]) -> dict[str, bytes]:
        found = self._shelf(collection).thumbnails
        return {each: found[each] for each in ids if each in found}

    async def usage(self, collection: str) -> Usage:
        shelf = self._shelf(collection)
        counts = {kind: len(rows) for kind, rows in shelf.features.items() if rows}
        return Usage(len(shelf.entries), shelf.bytes, counts)
