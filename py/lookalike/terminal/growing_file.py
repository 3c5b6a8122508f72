"""A `.lookalike` file that photos are added to, and that replaces an older one when it is done."""

import os
from collections.abc import AsyncIterator, Container, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from lookalike.collections.collection import Batch, Collection, Entry, Features
from lookalike.collections.lookalike_file import Writer
from lookalike.collections.opened_file import CollectionFile


class GrowingFile:
    """What indexing adds to (`lookalike.collections.store.Growing`), as a context manager.

    Batches go to a file beside `path`, which takes its place by `finish`, and is removed if that is
    never called.

    Args:
        path: of the `.lookalike` file.
        collection: what it will hold.
        old: what is there now, of the same network and measure; None to begin anew.
        layers: see `Writer`.
    """

    def __init__(
        self,
        path: Path,
        collection: Collection,
        old: CollectionFile | None,
        layers: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        self._path, self._old = path, old
        self._collection = collection
        self._part = path.with_name(f"{path.name}.{os.getpid()}.part")
        self._file = self._part.open("wb")
        self._writer = Writer(self._file, collection, layers)
        self._added: set[str] = set()
        self._touched: dict[str, Entry] = {}

    def __enter__(self) -> "GrowingFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    async def entries(self, collection: str) -> AsyncIterator[Sequence[Entry]]:
        """See `Growing`: the photos of the old file."""
        if self._old:
            async for entries in self._old.entries(collection):
                yield entries

    async def add(self, collection: str, batch: Batch) -> None:  # noqa: ARG002 - there is one
        """See `Growing`."""
        self._writer.add(batch)
        self._added |= set(batch.ids)

    async def update(self, collection: str, entries: Sequence[Entry]) -> None:  # noqa: ARG002
        """See `Growing`."""
        self._touched |= {entry.id: entry for entry in entries}

    async def finish(self, wanted: Container[str]) -> int:
        """Take over what is as it was, and put the file in its place.

        Args:
            wanted: the ids of photos that are still there.

        Returns:
            How many photos the file holds.
        """
        kept: set[str] = set()
        if self._old:
            name = self._old.collection.id
            async for entries in self._old.entries(name):
                some = [each for each in entries if each.id in wanted]
                some = [self._touched.get(each.id, each) for each in some]
                some = [each for each in some if each.id not in self._added]
                if some:
                    await self._take_over(name, some)
                    kept |= {each.id for each in some}
            for kind in self._old.kinds:
                async for features in self._old.features(name, kind):
                    self._take_over_features(features, kept)
        self._writer.close()
        self._file.close()
        self._part.replace(self._path)
        return len(self._added) + len(kept)

    async def _take_over(self, name: str, entries: Sequence[Entry]) -> None:
        found = await self._old.thumbnails(name, [each.id for each in entries]) if self._old else {}
        self._writer.add(Batch(entries, [found[each.id] for each in entries]))

    def _take_over_features(self, features: Features, kept: set[str]) -> None:
        rows = [row for row, name in enumerate(features.ids) if name in kept]
        if rows:
            ids = [features.ids[row] for row in rows]
            self._writer.add_features(Features(features.kind, ids, features.matrix[rows]))
