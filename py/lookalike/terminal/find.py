"""The photos of a `.lookalike` file that are most like given ones, or match words."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from lookalike.collections.collection import Collection, ModelId, feature_kind
from lookalike.collections.embedder import Embedder
from lookalike.collections.neighbours import Nearest, score_rows
from lookalike.collections.opened_file import CollectionFile
from lookalike.collections.own_photo import photo_of
from lookalike.collections.progress import Control
from lookalike.collections.refresh import refresh
from lookalike.collections.searchable import Searchable, opened
from lookalike.collections.text_search import cosines, encoded, layer_scorer, opinions
from lookalike.errors import LookalikeError, ModelError
from lookalike.model.model import Model
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.text_query import TextQuery
from lookalike.scorer.scorer import CheckedScorer, Example, Result
from lookalike.terminal.overlay import Overlay

IndexingProgress = Callable[[int, int], None]

RANKED = 50
"""So many of the nearest, or as many as are asked for, a scorer's own `rank` has to choose from."""


async def find(
    file: CollectionFile,
    model: Model,
    model_id: ModelId,
    scorer: CheckedScorer,
    photos: Sequence[QueryPhoto],
    count: int,
    on_progress: IndexingProgress = lambda *_: None,
    text: TextQuery | None = None,
) -> Nearest:
    """Find the nearest photos by a scorer, by words, or by both.

    Where the file has no features of the scorer, they are made of its thumbnails, in memory.

    Args:
        file: what is searched.
        model, model_id: the network that the file was made with, its name and hash.
        scorer: what is in charge.
        photos: what is searched for; may be none where there is a text, or the scorer has `START`.
        count: how many are to be found.
        on_progress: called with how many of how many photos have been described again.
        text: the words that are searched for; read here.

    Raises:
        ModelError: the file was made with another network.
        LookalikeError: a photo, the file or the scorer cannot be used.
    """
    made_with = file.collection.model
    if made_with != model_id:
        raise ModelError(
            f"The collection was made with another network ({made_with.name} {made_with.hash[:8]}"
            f"…) than this one ({model_id.name} {model_id.hash[:8]}…).",
            "Give that network by --model, or index the photos again.",
        )
    labels = model.spec.labels
    search = _Search(file, lambda given: Embedder(model, model_id, given), labels, on_progress)
    examples = []
    for photo in photos:
        picture = await photo.opened()
        feature = await scorer.get_feature(model, picture.image)
        examples.append(Example(feature, photo.weight, "query"))
    source = scorer.source(examples) if examples or scorer.start else None
    own = scorer.has("rank")
    wanted = max(count, RANKED) if own else count
    answer = None
    if text is not None:
        await text.read()
        answer = await search.by_words(text, scorer, source, wanted)
    answer = answer or await search.nearest(scorer, source, wanted)
    return await search.ranked(scorer, answer, count) if own else answer


class _Search:
    """One search of a file, and what is described again for it."""

    def __init__(
        self,
        file: CollectionFile,
        embedder: Callable[[CheckedScorer], Embedder],
        labels: Sequence[str],
        on_progress: IndexingProgress,
    ) -> None:
        self._file, self._embedder, self._on_progress = file, embedder, on_progress
        self._labels, self._searchable = labels, dict[str, Searchable]()
        self._store, self._name = Overlay(file), file.collection.id

    async def nearest(self, scorer: CheckedScorer, source: Any, count: int) -> Nearest:  # noqa: ANN401
        return await (await self._opened(scorer)).nearest(scorer, source, count)

    async def by_words(
        self,
        text: TextQuery,
        scorer: CheckedScorer,
        source: Any,  # noqa: ANN401
        count: int,
    ) -> Nearest | None:
        """Rank by a text that has been read; None where it says nothing, and a photo decides."""
        entries = [entry async for some in self._store.entries(self._name) for entry in some]
        seen = alike = None
        if matcher := encoded(text):
            layer = await self._opened(layer_scorer(matcher.layer))
            seen = await layer.by_row(partial(cosines, matcher))
        if source is not None:
            own = await self._opened(scorer)
            alike = await own.by_row(partial(score_rows, scorer, source))
        found = opinions(text, entries, alike, seen)
        return found.best(count) if found else None

    async def ranked(self, scorer: CheckedScorer, answer: Nearest, count: int) -> Nearest:
        """Put the nearest in the scorer's own order, and keep the first of these."""
        nearest = {each.id: each for each in answer.neighbours}
        entries = await self._store.picked(self._name, [*nearest])
        features = await (await self._opened(scorer)).features([*nearest])
        labels = self._labels
        results = [
            Result(photo_of(self._file.collection, entries[name], labels), each.score, feature)
            for name, each in nearest.items()
            if (feature := features.get(name)) is not None
        ]
        order = scorer.rank(results) if results else []
        return replace(answer, neighbours=[nearest[name] for name in order[:count]])

    async def _opened(self, scorer: CheckedScorer) -> Searchable:
        kind, collection = feature_kind(scorer.key), self._file.collection
        if found := self._searchable.get(kind):
            return found
        embedder = self._embedder(scorer)
        if (await self._store.usage(self._name)).features.get(kind, 0) < self._file.photos:
            await _describe(self._store, collection, embedder, self._on_progress)
        layers = embedder.model.spec.layers
        found = Searchable(self._store, collection, kind, self._file.photos)
        async for step in opened(self._store, collection, kind, layers, Control()):
            if isinstance(step, Searchable):
                found = step
            else:
                self._on_progress(*step)
        self._searchable[kind] = found
        return found


async def _describe(
    store: Overlay, collection: Collection, embedder: Embedder, on_progress: IndexingProgress
) -> None:
    async for report in refresh(store, collection, embedder):
        on_progress(report.done, report.total)
    if report.failed and len(report.failed) == report.total:
        reason = report.failed[0].reason
        raise LookalikeError(f"No photo could be described again: {reason}", "Mend score.py.")
