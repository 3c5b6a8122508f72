"""Adding photos to a collection: those that are new or changed, and as they come."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from lookalike.collections.collection import Batch, PhotoEntry
from lookalike.collections.embedder import Embedded, Embedder
from lookalike.collections.naming import PhotoNames
from lookalike.collections.progress import Clock, Control, IndexingProgress, Tally
from lookalike.collections.reasons import reason_of
from lookalike.collections.sample import sample_of, sample_of_file
from lookalike.collections.store import Growing
from lookalike.collections.upload import Failure, Upload
from lookalike.collections.zips import MAX_FILE, OpenZips, is_zip, unzipped
from lookalike.errors import BadPhoto, LayerError, LookalikeError, ModelError
from lookalike.file_kinds import is_hidden, is_named_as_photo, is_other
from lookalike.formats.kinds import kind_of
from lookalike.text.path_words import clean_path, is_collection


class Other:
    """A file that is no photo, and is not called like one."""


Outcome = Embedded | PhotoEntry | Failure | Other | None
"""Of one upload; a `PhotoEntry` has the same content as before, and something else to be
written down; None needs nothing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the work is cut up.

    Attributes:
        photos, seconds: a batch is stored when it has so many photos or is so old, whichever comes
            first: what a reload in the midst of it loses.
        at_once: photos under way at the same time.
        clock: gives seconds, for batches.
    """

    photos: int = 32
    seconds: float = 5.0
    at_once: int = 4
    clock: Clock = time.monotonic


async def index(
    store: Growing,
    collection: str,
    uploads: Iterable[Upload],
    embedder: Embedder,
    control: Control | None = None,
    pace: Pace | None = None,
    stale: Container[str] = (),
) -> AsyncIterator[IndexingProgress]:
    """Add photos, and those in zip files, to a collection.

    A file is the photo that is there already where path and content are the same. Of the same
    place (`Upload.origin`), size and time of change, it is skipped unread; else its content
    decides: a sample of it where size and time are the same, and all of it where they are not. A
    file of the same place with other content is the same photo, changed. Any other file of the same
    path is another photo, and kept beside it (`PhotoNames`). A file that cannot be added is listed
    with its reason; what was there of it stays, and the rest goes on.

    Args:
        store, collection: what they are added to, by its id.
        uploads: the files; there may be several of one path.
        embedder: opens and describes them.
        control: pauses and ends it. To close the generator instead loses the last batch.
        pace: how the work is cut up.
        stale: ids of photos that are to be described again though they are the same.

    Yields:
        A report before the first photo, and after each one.

    Raises:
        StoreError: the store is full, broken, or the collection gone; what was stored stays.
        ModelError, LayerError: the network cannot be run, or not as the scorer wants it; what was
            described before is stored.
    """
    control, pace = control or Control(), pace or Pace()
    known = [entry async for some in store.entries(collection) for entry in some]
    plan = await _plan(uploads, known, embedder, stale)
    tally = Tally(plan.total, plan.unchanged, plan.failed, control, plan.others)
    unstored = _Unstored(store, collection, pace, tally)
    yield tally.report()
    outcomes: asyncio.Queue[_Message] = asyncio.Queue(pace.at_once)
    waiting = iter(plan.groups)
    adder = _Adder(plan.names, embedder, stale)
    lanes = [
        asyncio.ensure_future(_lane(waiting, adder, control, outcomes)) for _ in range(pace.at_once)
    ]
    ended, failure = 0, None
    try:
        while ended < len(lanes):
            message = await outcomes.get()
            if isinstance(message, _Ended):
                ended += 1
            elif isinstance(message, Exception):
                failure = failure or message
                control.cancel()
            else:
                await unstored.take(message)
                yield tally.report()
        await unstored.store_all()
    finally:
        for lane in lanes:
            lane.cancel()
    if failure:
        raise failure
    yield tally.report(control.cancelled)


class _Ended:
    """Says that a lane has come to its end."""


_Message = Outcome | Exception | _Ended


@dataclass(slots=True)
class _Plan:
    names: PhotoNames
    groups: list[list[Upload]] = field(default_factory=list)  # those of one path together
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)
    others: int = 0

    @property
    def total(self) -> int:
        return sum(map(len, self.groups)) + self.unchanged + len(self.failed)


async def _plan(
    uploads: Iterable[Upload],
    known: Sequence[PhotoEntry],
    embedder: Embedder,
    stale: Container[str],
) -> _Plan:
    failed: list[Failure] = []
    found: dict[str, list[Upload]] = {}
    others = 0
    async for upload in _unpacked(uploads):
        if isinstance(upload, Failure):
            failed.append(upload)
            continue
        path = clean_path(upload.path)
        if is_other(upload.path):
            others += 1
        elif path is None:
            failed.append(Failure(upload.path, "Its path leads nowhere or is too long."))
        elif upload.size > MAX_FILE:
            failed.append(Failure(path, f"It is larger than {MAX_FILE // 1_000_000} MB."))
        else:
            found.setdefault(path, []).append(replace(upload, path=path))
    plan = _Plan(PhotoNames(known, found), failed=failed, others=others)
    for group in found.values():
        left = [each for each in group if not _skipped(each, plan.names, embedder, stale)]
        plan.unchanged += len(group) - len(left)
        if left:
            plan.groups.append(left)
    return plan


async def _unpacked(uploads: Iterable[Upload]) -> AsyncIterator[Upload | Failure]:
    """Give the files, and in place of zip files those in them, and what cannot be read of these."""
    archives = OpenZips()
    for upload in uploads:
        # What has a place was listed there, and left out by its path within what the person gave.
        if is_collection(upload.path) or (not upload.origin and is_hidden(upload.path)):
            continue
        zipped = is_zip(upload.path)
        files, broken = await unzipped(upload, archives) if zipped else ([upload], [])
        for failure in broken:
            yield failure
        for file in files:
            yield file


def _skipped(upload: Upload, names: PhotoNames, embedder: Embedder, stale: Container[str]) -> bool:
    """Say whether a file is what it was, as far as can be seen without reading it."""
    for entry in names.of_place(upload):
        same = (entry.size, entry.modified) == (upload.size, upload.modified)
        if same and entry.model == embedder.model_id and entry.id not in stale:
            return names.claim(entry)
    return False


async def _lane(
    waiting: Iterator[Sequence[Upload]],
    adder: "_Adder",
    control: Control,
    outcomes: "asyncio.Queue[_Message]",
) -> None:
    try:
        # Files of one path one after another: each may be what the one before it was.
        for group in waiting:
            for upload in group:
                if not await control.may_go_on():
                    break
                await outcomes.put(await adder.add(upload))
                await asyncio.sleep(0)
            if control.cancelled:
                break
    # Told to whoever asked for the photos, who would wait for this lane forever.
    except Exception as error:  # noqa: BLE001
        await outcomes.put(error)
    await outcomes.put(_Ended())


class _Adder:
    """Finds out what becomes of a file."""

    def __init__(self, names: PhotoNames, embedder: Embedder, stale: Container[str]) -> None:
        self._names, self._embedder, self._stale = names, embedder, stale

    async def add(self, upload: Upload) -> Outcome:
        content = b""
        try:
            entry = await self._known_by_sample(upload)
            if entry:
                return self._seen_again(upload, entry)
            content = await upload.read()
            digest = await self._embedder.run(_digest, content)
            entry = self._known_by_digest(upload, digest)
            if entry and self._names.is_claimed(entry):
                return None
            if entry and self._is_current(entry):
                sample = await self._embedder.run(sample_of, content)
                return self._seen_again(upload, replace(entry, sample=sample))
            return await self._embedded(upload, content, digest, entry)
        except (ModelError, LayerError):
            raise  # it would fail for the others, too
        except BadPhoto as error:
            if content and kind_of(content) is None and not is_named_as_photo(upload.path):
                return Other()
            # Its class's advice is for who has chosen one photo, and not a folder of them.
            return Failure(upload.path, f"{error} {error.own_advice}".rstrip())
        except LookalikeError as error:
            return Failure(upload.path, f"{error} {error.advice}")
        except (OSError, MemoryError) as error:
            return Failure(upload.path, reason_of(error))

    async def _known_by_sample(self, upload: Upload) -> PhotoEntry | None:
        alike = [
            entry
            for entry in self._alike(upload)
            if entry.sample
            and (entry.size, entry.modified) == (upload.size, upload.modified)
            and self._is_current(entry)
        ]
        if not alike:
            return None
        sample = await _sampled(upload, self._embedder)
        return next((entry for entry in alike if entry.sample == sample), None)

    def _known_by_digest(self, upload: Upload, digest: str) -> PhotoEntry | None:
        return next((entry for entry in self._alike(upload) if entry.digest == digest), None)

    def _alike(self, upload: Upload) -> Sequence[PhotoEntry]:
        """Give the photos that a file is one of if it has the same content."""
        names = self._names
        return [*names.of_path(upload.path), *names.beside(upload.path)]

    def _is_current(self, entry: PhotoEntry) -> bool:
        return entry.model == self._embedder.model_id and entry.id not in self._stale

    def _seen_again(self, upload: Upload, entry: PhotoEntry) -> PhotoEntry | None:
        """Give what is to be written down of a photo that is there already."""
        if not self._names.claim(entry):
            return None
        found = replace(entry, size=upload.size, modified=upload.modified)
        if not upload.origin:
            return found
        return replace(found, origin=upload.origin, given=_given(upload.path, entry.id))

    async def _embedded(
        self, upload: Upload, content: bytes, digest: str, same: PhotoEntry | None
    ) -> Embedded:
        """Describe a file: one that is new, or in place of the photo that it was."""
        before = same or next(iter(self._names.of_place(upload)), None)
        made = await self._embedder.embed(upload, content, digest)
        name = before.id if before else self._names.new(upload.path)
        entry = replace(
            made.entry,
            id=name,
            given=_given(upload.path, name),
            origin=upload.origin,
            sample=await self._embedder.run(sample_of, content),
        )
        self._names.put(entry)
        return replace(made, entry=entry)


def _given(path: str, name: str) -> str:
    return path if path != name else ""


async def _sampled(upload: Upload, embedder: Embedder) -> str:
    opened = upload.open
    if opened is None:
        return await embedder.run(sample_of, await upload.read())

    def read() -> str:
        with opened() as file:
            # What is read ahead would be thrown away.
            return sample_of_file(getattr(file, "raw", file), upload.size)

    return await embedder.run(read)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class _Unstored:
    """Photos that are described and not yet stored."""

    def __init__(self, store: Growing, collection: str, pace: Pace, tally: Tally) -> None:
        self._store, self._collection = store, collection
        self._pace, self._tally = pace, tally
        self._photos: list[Embedded] = []
        self._touched: list[PhotoEntry] = []
        self._since = pace.clock()

    async def take(self, outcome: Outcome) -> None:
        """Count an outcome; store what has come together, if it is time."""
        if isinstance(outcome, Other):
            self._tally.other()
        elif isinstance(outcome, Failure):
            self._tally.failed(outcome)
        elif outcome is None:
            self._tally.unchanged()
        elif isinstance(outcome, PhotoEntry):
            self._touched.append(outcome)
            self._tally.unchanged()
        else:
            self._photos.append(outcome)
            self._tally.added(renamed=bool(outcome.entry.given))
            if outcome.note:
                self._tally.noted(Failure(outcome.entry.id, outcome.note))
        count = len(self._photos) + len(self._touched)
        if count >= self._pace.photos or self._pace.clock() - self._since >= self._pace.seconds:
            await self.store_all()

    async def store_all(self) -> None:
        """Store what has come together."""
        photos, touched = self._photos, self._touched
        self._photos, self._touched = [], []
        if photos:
            await self._store.add(self._collection, batch_of(photos))
            self._tally.stored(len(photos))
        if touched:
            await self._store.update(self._collection, touched)
        self._since = self._pace.clock()


def batch_of(photos: Sequence[Embedded]) -> Batch:
    """Lay photos described by one embedder together."""
    kinds = list(photos[0].description.features)
    return Batch(
        [photo.entry for photo in photos],
        [photo.thumbnail for photo in photos],
        {kind: np.stack([photo.description.features[kind] for photo in photos]) for kind in kinds},
    )
