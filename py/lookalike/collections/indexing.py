"""Adding photos to a collection: those that are new or changed, and as they come."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from lookalike.collections.collection import Batch, Entry
from lookalike.collections.embedding import Embedded, Embedder
from lookalike.collections.file_kinds import is_hidden, is_named_as_photo, is_other
from lookalike.collections.paths import clean_path
from lookalike.collections.progress import Clock, Control, Progress, Tally
from lookalike.collections.store import Growing
from lookalike.collections.upload import Failure, Upload
from lookalike.collections.zips import MAX_FILE, is_zip, unzipped
from lookalike.errors import BadPhoto, LookalikeError, ModelError
from lookalike.formats.kinds import kind_of

Outcome = Embedded | Entry | Failure | None
"""Of one upload; an `Entry` has the same content as before, and another time of change; None is of
a file that is no photo and does not pretend to be one."""


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
) -> AsyncIterator[Progress]:
    """Add photos, and those in zip files, to a collection.

    Those that are in by the same path, size, time of change and network are skipped unread, and
    those whose content turns out to be the same are not described again. A file that cannot be
    added is listed with its reason, and the rest goes on.

    Args:
        store, collection: what they are added to, by its id.
        uploads: the files; of several with one path, the last counts.
        embedder: opens and describes them.
        control: pauses and ends it. To close the generator instead loses the last batch.
        pace: how the work is cut up.

    Yields:
        A report before the first photo, and after each one.

    Raises:
        StoreError: the store is full, broken, or the collection gone; what was stored stays.
        ModelError: the network cannot be run; what was described before is stored.
    """
    control, pace = control or Control(), pace or Pace()
    known = {entry.id: entry async for some in store.entries(collection) for entry in some}
    plan = await _plan(uploads, known, embedder)
    tally = Tally(plan.total, plan.unchanged, plan.failed, control, plan.others)
    basket = _Basket(store, collection, pace, tally)
    yield tally.report()
    outcomes: asyncio.Queue[Outcome | Exception | _End] = asyncio.Queue(pace.at_once)
    waiting = iter(plan.uploads)
    lanes = [
        asyncio.ensure_future(_lane(waiting, known, embedder, control, outcomes))
        for _ in range(pace.at_once)
    ]
    ended, failure = 0, None
    try:
        while ended < len(lanes):
            outcome = await outcomes.get()
            if isinstance(outcome, _End):
                ended += 1
            elif isinstance(outcome, Exception):
                failure = failure or outcome
                control.cancel()
            else:
                await basket.take(outcome)
                yield tally.report()
        await basket.store_all()
    finally:
        for lane in lanes:
            lane.cancel()
    if failure:
        raise failure
    yield tally.report(control.cancelled)


class _End:
    """A lane has come to its end."""


@dataclass(slots=True)
class _Plan:
    uploads: list[Upload] = field(default_factory=list)
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)
    others: int = 0

    @property
    def total(self) -> int:
        return len(self.uploads) + self.unchanged + len(self.failed)


async def _plan(uploads: Iterable[Upload], known: dict[str, Entry], embedder: Embedder) -> _Plan:
    plan = _Plan()
    found: dict[str, Upload] = {}
    for given in uploads:
        if is_hidden(given.path):
            continue
        some = [given]
        if is_zip(given.path):
            some, failed = await unzipped(given)
            plan.failed += failed
        for upload in some:
            path = clean_path(upload.path)
            if is_other(upload.path):
                plan.others += 1
            elif path is None:
                plan.failed.append(Failure(upload.path, "Its path leads nowhere or is too long."))
            elif upload.size > MAX_FILE:
                reason = f"It is larger than {MAX_FILE // 1_000_000} MB."
                plan.failed.append(Failure(path, reason))
            else:
                found[path] = replace(upload, path=path)
    for path, upload in found.items():
        before = known.get(path)
        if before and _looks_the_same(upload, before) and before.model == embedder.model_id:
            plan.unchanged += 1
        else:
            plan.uploads.append(upload)
    return plan


def _looks_the_same(upload: Upload, entry: Entry) -> bool:
    return (upload.size, upload.modified) == (entry.size, entry.modified)


async def _lane(
    waiting: Iterator[Upload],
    known: dict[str, Entry],
    embedder: Embedder,
    control: Control,
    outcomes: "asyncio.Queue[Outcome | Exception | _End]",
) -> None:
    try:
        while await control.may_go_on():
            upload = next(waiting, None)
            if upload is None:
                break
            await outcomes.put(await _embedded(upload, known.get(upload.path), embedder))
            await asyncio.sleep(0)
    # Told to whoever asked for the photos, who would wait for this lane forever.
    except Exception as error:  # noqa: BLE001
        await outcomes.put(error)
    await outcomes.put(_End())


async def _embedded(upload: Upload, before: Entry | None, embedder: Embedder) -> Outcome:
    content = b""
    try:
        content = await upload.read()
        digest = await embedder.run(_digest, content)
        if before and before.digest == digest and before.model == embedder.model_id:
            return replace(before, size=upload.size, modified=upload.modified)
        return await embedder.embed(upload, content, digest)
    except ModelError:
        raise  # it would fail for the others, too
    except BadPhoto as error:
        if kind_of(content) is None and content and not is_named_as_photo(upload.path):
            return None
        return Failure(upload.path, str(error))
    except LookalikeError as error:
        return Failure(upload.path, f"{error} {error.advice}")
    except (OSError, MemoryError) as error:
        return Failure(upload.path, f"The file could not be read ({type(error).__name__}).")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class _Basket:
    """Photos that are described and not yet stored."""

    def __init__(self, store: Growing, collection: str, pace: Pace, tally: Tally) -> None:
        self._store, self._collection = store, collection
        self._pace, self._tally = pace, tally
        self._photos: list[Embedded] = []
        self._touched: list[Entry] = []
        self._since = pace.clock()

    async def take(self, outcome: Outcome) -> None:
        """Count an outcome; store what has come together, if it is time."""
        if outcome is None:
            self._tally.other()
        elif isinstance(outcome, Failure):
            self._tally.failed(outcome)
        elif isinstance(outcome, Entry):
            self._touched.append(outcome)
            self._tally.unchanged()
        else:
            self._photos.append(outcome)
            self._tally.added()
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
