"""Describing a collection again from its thumbnails: for another scorer, or another network.

Thumbnails are smaller than the photos were, so these features differ a little from those of the
originals (docs/collections.md says how much). To have the best ones, add the photos again.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.collections.collection import (
    AVG_POOL,
    Batch,
    Collection,
    Features,
    PhotoEntry,
    feature_kind,
)
from lookalike.collections.describe import Description, describe, half
from lookalike.collections.embedder import Embedder
from lookalike.collections.progress import Control, IndexingProgress, Tally
from lookalike.collections.store import Describable, collection_of
from lookalike.collections.upload import Failure
from lookalike.errors import LookalikeError, ModelError
from lookalike.images import open_image
from lookalike.model.model import Model, ModelSpec
from lookalike.scorer.scorer import CheckedScorer

BATCH = 32
"""Photos described and stored together."""

PROBES = 3
"""Photos on which it is seen whether a scorer looks at nothing but `AVG_POOL`."""


class _Elsewhere(LookalikeError):
    """Another layer was asked for than the one that is stored."""


class Recalled:
    """A model that gives a stored `AVG_POOL` feature, whatever it is shown."""

    def __init__(self, spec: ModelSpec, feature: NDArray[np.float16]) -> None:
        self.spec = spec
        self._feature = feature.astype(np.float32)

    async def run(
        self, batch: NDArray[np.float32], layers: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        """See `lookalike.model.model.Model.run`; of one photo and one layer."""
        shape = tuple(self.spec.layers.get(AVG_POOL, ()))
        if list(layers) != [AVG_POOL] or len(batch) != 1 or self._feature.shape != shape:
            raise _Elsewhere("Only the stored layer can be given.")
        return {AVG_POOL: self._feature[np.newaxis].copy()}


async def missing(store: Describable, collection: str, embedder: Embedder) -> list[PhotoEntry]:
    """List the photos that the embedder's network or scorer has not described.

    Raises:
        StoreError: the collection cannot be read.
    """
    kind = feature_kind(embedder.scorer.key)
    usage = await store.usage(collection)
    lacking = usage.features.get(kind, 0) < usage.photos
    described = set(await store.ids(collection, kind)) if lacking else set()
    return [
        entry
        async for some in store.entries(collection)
        for entry in some
        if (lacking and entry.id not in described) or entry.model != embedder.model_id
    ]


async def refresh(
    store: Describable, collection: Collection, embedder: Embedder, control: Control | None = None
) -> AsyncIterator[IndexingProgress]:
    """Describe whatever the embedder's network and scorer have not described yet.

    Features of a scorer that takes nothing but `AVG_POOL` are made from what is stored, without
    the network. Where the network is another one, all of a photo is replaced: the collection is of
    that network when the first report comes.

    Yields:
        A report before the first photo, and after each batch.

    Raises:
        StoreError: the store is full, broken, or the collection gone; what was stored stays.
        ModelError: the network cannot be run.
    """
    control = control or Control()
    waiting = await missing(store, collection.id, embedder)
    if collection.model != embedder.model_id:
        # As it is by now: it may have been renamed since its work was begun.
        there = await collection_of(store, collection.id)
        await store.change(replace(there, model=embedder.model_id))
    tally = Tally(len(waiting), 0, [], control)
    yield tally.report()
    pooled = await _pooled(store, collection.id, embedder, waiting)
    for batch in _cut(waiting):
        if not await control.may_go_on():
            break
        thumbnails = await store.thumbnails(collection.id, [entry.id for entry in batch])
        done: list[tuple[PhotoEntry, bytes, Description]] = []
        for entry in batch:
            small = thumbnails.get(entry.id, b"")
            try:
                found = await _described(embedder, small, pooled.get(entry.id))
            except ModelError:
                raise
            except LookalikeError as error:
                tally.failed(Failure(entry.id, str(error)))
            else:
                done.append((entry, small, found))
                tally.added()
        await _store(store, collection.id, embedder, done)
        tally.stored(len(done))
        yield tally.report(control.cancelled)
    if control.cancelled:
        yield tally.report(cancelled=True)


def _cut(entries: Sequence[PhotoEntry]) -> Iterator[Sequence[PhotoEntry]]:
    for start in range(0, len(entries), BATCH):
        yield entries[start : start + BATCH]


async def _described(
    embedder: Embedder, small: bytes, pooled: NDArray[np.float16] | None
) -> Description:
    scorer = embedder.scorer
    if pooled is not None:
        recalled = Recalled(embedder.model.spec, pooled)
        feature = await scorer.get_feature(recalled, _blank())
        return Description({feature_kind(scorer.key): half(feature)}, b"")
    image = await embedder.run(open_image, small)
    return await describe(embedder.model, scorer, image)


async def _store(
    store: Describable,
    collection: str,
    embedder: Embedder,
    done: Sequence[tuple[PhotoEntry, bytes, Description]],
) -> None:
    """Add features to photos of this network; replace those of another."""
    kind = feature_kind(embedder.scorer.key)
    same = [each for each in done if each[0].model == embedder.model_id]
    other = [each for each in done if each[0].model != embedder.model_id]
    if same:
        matrix = np.stack([found.features[kind] for _, _, found in same])
        ids = [entry.id for entry, _, _ in same]
        await store.add_features(collection, Features(kind, ids, matrix))
    if other:
        entries = [
            replace(entry, classes=found.classes, model=embedder.model_id)
            for entry, _, found in other
        ]
        kinds = list(other[0][2].features)
        features = {
            name: np.stack([found.features[name] for _, _, found in other]) for name in kinds
        }
        await store.add(collection, Batch(entries, [small for _, small, _ in other], features))


async def _pooled(
    store: Describable, collection: str, embedder: Embedder, waiting: Sequence[PhotoEntry]
) -> dict[str, NDArray[np.float16]]:
    """Give the stored `AVG_POOL` features, if the scorer takes nothing else; else none."""
    wanted = {entry.id for entry in waiting if entry.model == embedder.model_id}
    if embedder.scorer.layer != AVG_POOL or not wanted:
        return {}
    found: dict[str, NDArray[np.float16]] = {}
    async for block in store.features(collection, AVG_POOL):
        rows = zip(block.ids, block.matrix, strict=True)
        found.update((name, row) for name, row in rows if name in wanted)
    probes = list(found)[:PROBES]
    thumbnails = await store.thumbnails(collection, probes)
    for name in probes:
        try:
            shown = open_image(thumbnails.get(name, b""))
        except LookalikeError:
            continue
        if not await looks_at_nothing_else(embedder.scorer, embedder.model, found[name], shown):
            return {}
    return found


async def looks_at_nothing_else(
    scorer: CheckedScorer, model: Model, pooled: NDArray[np.float16], shown: Image.Image
) -> bool:
    """Say whether a feature is the same for a photo and for a blank image with its `AVG_POOL`.

    Then no pixel mattered, nor another layer.
    """
    recalled = Recalled(model.spec, pooled)
    try:
        blank = await scorer.get_feature(recalled, _blank())
        return np.array_equal(blank, await scorer.get_feature(recalled, shown))
    except LookalikeError:
        return False


def _blank() -> Image.Image:
    return Image.new("RGB", (8, 8), "grey")
