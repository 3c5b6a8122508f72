"""A `.lookalike` file, and in memory what has been described again of it."""

from collections.abc import AsyncIterator, Sequence

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
from lookalike.collections.opened_file import CollectionFile

BLOCK = 256
"""Rows given at a time."""


class Overlay:
    """What `refresh` describes again and what is searched: the file itself stays as it is.

    Args:
        file: what is below; features added here hide its own.
    """

    def __init__(self, file: CollectionFile) -> None:
        self._file = file
        self._rows: dict[str, dict[str, Matrix]] = {}  # by kind and photo
        self._lines: dict[tuple[str, str], list[Lines]] = {}  # by kind and tag

    async def collections(self) -> list[Collection]:
        return await self._file.collections()

    async def entries(self, collection: str) -> AsyncIterator[Sequence[PhotoEntry]]:
        async for entries in self._file.entries(collection):
            yield entries

    async def thumbnails(self, collection: str, ids: Sequence[str]) -> dict[str, bytes]:
        return await self._file.thumbnails(collection, ids)

    async def features(self, collection: str, kind: str) -> AsyncIterator[Features]:
        own = self._rows.get(kind, {})
        ids = list(own)
        for start in range(0, len(ids), BLOCK):
            some = ids[start : start + BLOCK]
            yield Features(kind, some, np.stack([own[each] for each in some]))
        async for block in self._file.features(collection, kind):
            rows = [row for row, name in enumerate(block.ids) if name not in own]
            if rows:
                yield Features(kind, [block.ids[row] for row in rows], block.matrix[rows])

    async def usage(self, collection: str) -> Usage:
        """See `Readable`; the bytes are those of the file."""
        below = await self._file.usage(collection)
        counts = dict(below.features)
        for kind in self._rows:
            blocks = [block.ids async for block in self.features(collection, kind)]
            counts[kind] = sum(map(len, blocks))
        return Usage(below.photos, below.bytes, counts)

    async def picked(self, collection: str, ids: Sequence[str]) -> dict[str, PhotoEntry]:
        return await self._file.picked(collection, ids)

    async def ids(self, collection: str, kind: str) -> list[str]:
        own = self._rows.get(kind, {})
        return [*own, *(each for each in await self._file.ids(collection, kind) if each not in own)]

    async def rows(self, collection: str, kind: str, ids: Sequence[str]) -> Features:
        own = self._rows.get(kind, {})
        below = await self._file.rows(collection, kind, [each for each in ids if each not in own])
        found = dict(zip(below.ids, below.matrix, strict=True)) | own
        there = [each for each in ids if each in found]
        return Features(kind, there, stacked([found[each] for each in there]))

    async def lines(self, collection: str, kind: str, tag: str) -> AsyncIterator[Lines]:
        async for block in self._file.lines(collection, kind, tag):
            yield block
        if own := list(self._rows.get(kind, {})):
            yield Lines(own, np.empty((len(own), 0), np.uint8))
        for block in self._lines.get((kind, tag), []):
            yield block

    async def add_lines(self, collection: str, kind: str, tag: str, lines: Lines) -> None:  # noqa: ARG002
        self._lines.setdefault((kind, tag), []).append(lines)

    async def drop_lines(self, collection: str, kind: str) -> None:  # noqa: ARG002
        """See `Describable`; those of the file stay."""
        self._lines = {key: lines for key, lines in self._lines.items() if key[0] != kind}

    async def renew(self, collection: str, features: Features) -> None:
        """Do nothing: the file stays as it is."""

    async def add(self, collection: str, batch: Batch) -> None:
        """Take the features of photos that are in the file."""
        for kind in batch.features:
            await self.add_features(collection, batch.of(kind))

    async def add_features(self, collection: str, features: Features) -> None:  # noqa: ARG002
        rows = self._rows.setdefault(features.kind, {})
        rows.update(zip(features.ids, features.matrix, strict=True))

    async def change(self, collection: Collection) -> None:
        """Do nothing: the file stays of the network that it is of."""
