"""A `.lookalike` file that photos are added to, and that replaces an older one when it is done."""

import contextlib
import errno
import io
import os
import shutil
from collections.abc import AsyncIterator, Container, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, cast

from lookalike.collections.collection import Batch, Collection, Features, PhotoEntry
from lookalike.collections.json_records import collection_to_json, to_text
from lookalike.collections.lookalike_file import Writer
from lookalike.collections.opened_file import CollectionFile
from lookalike.collections.store import StoreError, StoreFull
from lookalike.terminal.journal import BEGUN, TAKEN_OVER, Journal, read_journal
from lookalike.text.path_words import PART

try:
    import fcntl
except ImportError:  # on Windows, where a file that is being written cannot be replaced anyway
    fcntl = None  # type: ignore[assignment]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Busy(StoreError):
    """Another run is writing the same file."""

    code = "busy"
    default_advice = "Wait until it is done, then run this again."


class GrowingFile:
    """What indexing adds to (`lookalike.collections.store.Growing`), as a context manager.

    Batches go to a file beside `path`, which takes its place by `finish`. Whatever happens before,
    the older file stays as it is, and each batch that was added stays in the file beside it:
    `recovered` puts both together.

    Args:
        path: of the `.lookalike` file.
        collection: what it will hold.
        old: what is there now; None to begin again. Closed at the end.
        layers: see `Writer`.

    Raises:
        Busy: another run is at it.
        StoreError: the file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        collection: Collection,
        old: CollectionFile | None,
        layers: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        self._path, self._old, self._collection = path, old, collection
        self._part = part_of(path)
        self._file = _locked(self._part)
        self._added: set[str] = set()
        self._touched: dict[str, PhotoEntry] = {}
        self._described = self._finished = False
        self._layers = layers
        try:
            self._writer = self._begun()
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> "GrowingFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.abandon()
        self._close()

    def _close(self) -> None:
        if self._old:
            self._old.close()
        # What could not be written is told already.
        if not self._finished and not self._added:
            with contextlib.suppress(OSError):
                self._part.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._file.close()

    @property
    def part(self) -> Path:
        """Where what was added is kept until the end."""
        return self._part

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the photos that were added for good."""
        return frozenset(self._added)

    async def entries(self, collection: str) -> AsyncIterator[Sequence[PhotoEntry]]:  # noqa: ARG002
        """See `Growing`: the photos of the old file, as they are to be written down now."""
        if self._old:
            async for entries in self._old.entries(self._old.collection.id):
                yield [self._touched.get(each.id, each) for each in entries]

    async def add(self, collection: str, batch: Batch) -> None:
        """See `Growing`; where there is no room for all of a batch, what fits of it is kept."""
        try:
            with _told(self._part):
                self._writer.add(batch)
                _sync(self._file, disk=True)
        except StoreFull:
            self._roll_back()
            if half := len(batch.entries) // 2:
                rows = {kind: matrix[:half] for kind, matrix in batch.features.items()}
                await self.add(
                    collection, Batch(batch.entries[:half], batch.thumbnails[:half], rows)
                )
            raise
        self._added |= set(batch.ids)

    def _roll_back(self) -> None:
        """Go back to the end of the last batch that was stored."""
        self._writer.abandon()
        with _told(self._part):
            journal = read_journal(self._file)
            self._writer = _resumed(self._file, journal) if journal else self._begun()

    def _begun(self) -> Writer:
        with _told(self._part):
            self._file.seek(0)
            self._file.truncate()
            writer = Writer(self._file, self._collection, self._layers)
            try:
                writer.write(BEGUN, to_text(collection_to_json(self._collection)).encode())
            except BaseException:
                writer.abandon()
                raise
        return writer

    async def update(self, collection: str, entries: Sequence[PhotoEntry]) -> None:  # noqa: ARG002
        self._touched |= {entry.id: entry for entry in entries}

    async def add_features(self, collection: str, features: Features) -> None:  # noqa: ARG002
        """Add features of photos that stay as they are in the old file."""
        with _told(self._part):
            self._writer.add_features(features)
        self._described = True

    async def finish(self, dropped: Container[str]) -> int:
        """Take over what is as it was, and put the file in the place of the old one.

        Where nothing has changed, the old file stays as it is.

        Args:
            dropped: the ids of photos that are not taken over.

        Returns:
            How many photos the file holds.

        Raises:
            StoreFull: there is no room; the old file and what was added stay.
            BadCollectionFile: the old file is damaged; the same.
        """
        there = [each.id async for some in self.entries("") for each in some]
        same = not (self._added or self._touched or self._described)
        same &= not any(name in dropped for name in there)
        if self._old and same and self._old.collection == self._collection:
            return len(there)
        with _told(self._part):
            kept = await take_over(self._writer, self._old, self._added, dropped, self._touched)
            self._writer.close()
            self._replace()
        return len(self._added) + kept

    def _replace(self) -> None:
        if self._old:
            self._old.close()
        put_in_place(self._file, self._part, self._path)
        self._finished = True


def part_of(path: Path) -> Path:
    """Name the file in which a run keeps what it has done, until it is done."""
    return path.with_name(path.name + PART)


async def recovered(path: Path) -> int:
    """Finish what an interrupted run has left beside a `.lookalike` file.

    Returns:
        How many photos it had described; they are in the file now. 0: there was nothing.

    Raises:
        Busy: that run is still at it.
        StoreFull: there is no room; all stays as it is.
        BadCollectionFile: the file is damaged; the same.
    """
    part = part_of(path)
    if not part.exists():
        return 0
    file = _locked(part)
    with file:
        journal = read_journal(file)
        if journal is None:
            return 0
        old = CollectionFile(path.open("rb")) if path.exists() else None
        with contextlib.closing(old) if old else contextlib.nullcontext(), _told(part):
            writer = _resumed(file, journal)
            try:
                await take_over(writer, old, journal.ids, (), {})
                writer.close()
            finally:
                writer.abandon()
            put_in_place(file, part, path)
    return len(journal.ids)


async def take_over(
    writer: Writer,
    old: CollectionFile | None,
    added: Container[str],
    dropped: Container[str],
    touched: dict[str, PhotoEntry],
) -> int:
    """Copy what stays of an older file.

    Args:
        writer: of the new one.
        old: the older one; None: there is none.
        added: the ids of photos that the new one has already.
        dropped: those of photos that do not stay.
        touched: entries that have changed, by their ids.

    Returns:
        How many photos were copied.
    """
    if old is None:
        return 0
    writer.write(TAKEN_OVER, b"{}")
    name, kept = old.collection.id, set()
    async for entries in old.entries(name):
        some = [each for each in entries if each.id not in added and each.id not in dropped]
        if some:
            found = await old.thumbnails(name, [each.id for each in some])
            some = [touched.get(each.id, each) for each in some]
            writer.add(Batch(some, [found[each.id] for each in some]))
            kept |= {each.id for each in some}
    for kind in old.kinds:
        async for features in old.features(name, kind):
            rows = [row for row, each in enumerate(features.ids) if each in kept]
            if rows:
                ids = [features.ids[row] for row in rows]
                writer.add_features(Features(kind, ids, features.matrix[rows]))
    return len(kept)


def put_in_place(file: BinaryIO, part: Path, path: Path) -> None:
    """Let a file that is complete take the place of an older one: at once, or not at all."""
    _sync(file, disk=True)
    if path.exists():
        with contextlib.suppress(OSError):
            shutil.copymode(path, part)
    if fcntl is None:
        file.close()
    part.replace(path)
    with contextlib.suppress(OSError):  # not every system can
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _resumed(file: BinaryIO, journal: Journal) -> Writer:
    file.truncate(journal.end)
    file.seek(journal.end)
    writer = Writer(file, journal.collection)
    writer.resume(journal.parts, journal.blocks)
    return writer


class WholeFile(io.FileIO):
    """A file without a buffer, in which nothing waits that could not be written."""

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        """Write all of some data, or raise OSError."""
        left = memoryview(data).cast("B")
        count = len(left)
        while left:
            left = left[super().write(left) :]
        return count


def _locked(part: Path) -> BinaryIO:
    """Open the file that is written, and have it alone until it is closed."""
    with _told(part):
        while True:
            file = WholeFile(os.open(part, os.O_RDWR | os.O_CREAT | _BINARY, 0o666), "r+b")
            if fcntl is None:
                return cast("BinaryIO", file)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                file.close()
                if error.errno in (errno.EAGAIN, errno.EACCES):
                    raise Busy("Another run is writing this file.") from None
                raise
            # The other run may have put its file in place meanwhile.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file.fileno()), part.stat()):
                    return cast("BinaryIO", file)
            file.close()


_BINARY = getattr(os, "O_BINARY", 0)


def _sync(file: BinaryIO, disk: bool = False) -> None:
    file.flush()
    if disk:
        os.fsync(file.fileno())


@contextlib.contextmanager
def _told(part: Path) -> Iterator[None]:
    """Turn errors of the system into those of a store."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFull(
                "The disk is full.",
                "Free some space, then run the same command again: it goes on from what is done.",
            ) from error
        why = error.strerror or str(error)
        raise StoreError(
            f"{part} cannot be written: {why}.", "Mend that, or write to another place by -o."
        ) from error
