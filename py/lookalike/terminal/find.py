"""The photos of a `.lookalike` file that are most like given ones."""

from collections.abc import Callable, Sequence

from lookalike.collections.collection import Collection, ModelId, feature_kind
from lookalike.collections.embedding import Embedder
from lookalike.collections.neighbours import Answer, nearest, nearest_stored
from lookalike.collections.opened_file import CollectionFile
from lookalike.collections.refresh import refresh
from lookalike.collections.table import load
from lookalike.errors import LookalikeError, ModelError
from lookalike.model import Model
from lookalike.queries import QueryPhoto
from lookalike.scorer import CheckedScorer, Example
from lookalike.terminal.overlay import Overlay

Tell = Callable[[int, int], None]


async def find(
    file: CollectionFile,
    model: Model,
    model_id: ModelId,
    measure: CheckedScorer,
    photos: Sequence[QueryPhoto],
    count: int,
    tell: Tell = lambda *_: None,
) -> Answer:
    """Find the nearest photos by a measure.

    Where the file has no features of the measure, they are made of its thumbnails, in memory.

    Args:
        file: what is searched.
        model, model_id: the network that the file was made with, its name and hash.
        measure: what is in charge.
        photos: what is searched for.
        count: how many are to be found.
        tell: told how many of how many photos have been described anew.

    Raises:
        ModelError: the file was made with another network.
        LookalikeError: a photo, the file or the measure cannot be used.
    """
    made_with = file.collection.model
    if made_with != model_id:
        raise ModelError(
            f"The collection was made with another network ({made_with.name} {made_with.hash[:8]}"
            f"…) than this one ({model_id.name} {model_id.hash[:8]}…).",
            "Give that network by --model, or index the photos anew.",
        )
    kind = feature_kind(measure.key)
    store, name = Overlay(file), file.collection.id
    if (await file.usage(name)).features.get(kind, 0) < file.photos:
        await _describe(store, file.collection, Embedder(model, model_id, measure), tell)
    examples = [
        Example(await measure.get_feature(model, photo.opened()), photo.weight, "query")
        for photo in photos
    ]
    source = measure.source(examples)
    table = await load(store, name, kind)
    if table is None:
        return await nearest_stored(store, name, kind, measure, source, count)
    return nearest(table, measure, source, count)


async def _describe(store: Overlay, collection: Collection, embedder: Embedder, tell: Tell) -> None:
    async for report in refresh(store, collection, embedder):
        tell(report.done, report.total)
    if report.failed and len(report.failed) == report.total:
        reason = report.failed[0].reason
        raise LookalikeError(f"No photo could be described anew: {reason}", "Mend score.py.")
