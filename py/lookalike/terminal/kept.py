"""Photos that stay in a file though they were not found, to be described by another scorer."""

from collections.abc import AsyncIterator, Collection, Sequence

from lookalike.collections.collection import Batch, Features, PhotoEntry, Usage
from lookalike.collections.collection import Collection as Record
from lookalike.collections.opened_file import CollectionFile
from lookalike.terminal.growing_file import GrowingFile


class KeptPhotos:
    """What `refresh` describes: some photos of an old file, of which it writes to the new one.

    Args:
        old: where they are.
        ids: theirs.
        file: what is written to.
    """

    def __init__(self, old: CollectionFile, ids: Collection[str], file: GrowingFile) -> None:
        self._old, self._ids, self._file = old, ids, file
        self._name = old.collection.id

    async def collections(self) -> list[Record]:
        return [self._old.collection]

    async def entries(self, collection: str) -> AsyncIterator[Sequence[PhotoEntry]]:
        async for entries in self._file.entries(collection):
            yield [each for each in entries if each.id in self._ids]

    async def thumbnails(self, collection: str, ids: Sequence[str]) -> dict[str, bytes]:  # noqa: ARG002
        return await self._old.thumbnails(self._name, ids)

    async def features(self, collection: str, kind: str) -> AsyncIterator[Features]:  # noqa: ARG002
        async for block in self._old.features(self._name, kind):
            rows = [row for row, name in enumerate(block.ids) if name in self._ids]
            if rows:
                yield Features(kind, [block.ids[row] for row in rows], block.matrix[rows])

    async def ids(self, collection: str, kind: str) -> list[str]:  # noqa: ARG002
        return [each for each in await self._old.ids(self._name, kind) if each in self._ids]

    async def usage(self, collection: str) -> Usage:  # noqa: ARG002
        """See `Readable`; the bytes are not counted."""
        counts = {kind: len(self._old.described(kind) & set(self._ids)) for kind in self._old.kinds}
        return Usage(len(self._ids), 0, counts)

    async def add(self, collection: str, batch: Batch) -> None:
        await self._file.add(collection, batch)

    async def add_features(self, collection: str, features: Features) -> None:
        await self._file.add_features(collection, features)

    async def change(self, collection: Record) -> None:
        """Do nothing: the new file is of the network that it was begun with."""
