"""A collection searched by words, alone or beside a photo: exactly, over all of its photos."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.collection import CLASSES, TOP, Matrix, PhotoEntry, feature_kind
from lookalike.collections.neighbours import BLOCK_NUMBERS, Nearest, Neighbour
from lookalike.collections.store import Readable
from lookalike.collections.table import Table
from lookalike.ranking.text_query import TextQuery
from lookalike.scorer.compile import compile_scorer
from lookalike.scorer.scorer import CheckedScorer
from lookalike.text.matcher import ByClasses, ByEncoder
from lookalike.text.path_match import joined
from lookalike.text.rank_fusion import Crowd, blended

BLOCK = 4096
"""Photos that are placed among the words at a time: 16 MB of vectors of classes."""

Scores = NDArray[np.float64]

_LAYER = """
from lookalike.images import prepare

LAYER = {layer!r}


async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()


def embs2score(source, candidate):
    return float(source @ candidate)
"""


def layer_scorer(layer: str) -> CheckedScorer:
    """Make the scorer whose features are a layer of the network: what a text encoder needs."""
    return compile_scorer(_LAYER.format(layer=layer))


def is_of_layer(kind: str) -> bool:
    """Say whether features of this kind are those of a `layer_scorer`."""
    layer = kind.partition("@")[0]
    return kind == feature_kind(layer_scorer(layer).key)


def encoded(text: TextQuery | None) -> ByEncoder | None:
    """Give what compares photos with a text that has been read, where it needs a layer of each.

    ConSE needs none: `PhotoEntry.classes` are with each photo.
    """
    matcher = text.matcher if text else None
    return matcher if isinstance(matcher, ByEncoder) else None


@dataclass(frozen=True, eq=False)
class Opinions:
    """What is thought of all photos of a collection.

    Attributes:
        ids: of the photos, without repeats.
        match: (n,) how well each matches the words, NaN where nothing says.
        alike: (n,) the scorer's score of each, NaN where it has none; None where there is nothing
            to compare photos with but the words.
    """

    ids: Sequence[str]
    match: Scores
    alike: Scores | None

    @cached_property
    def scores(self) -> Scores:
        """The match alone, or both blended among all photos of the collection; NaN: not found."""
        if self.alike is None:
            return self.match
        scores = np.full(len(self.ids), np.nan)
        both = self._both
        scores[both] = blended(self.alike[both].tolist(), self.match[both].tolist())
        return scores

    @property
    def crowd(self) -> Crowd | None:
        """What other photos stand among, where opinions are blended."""
        if self.alike is None:
            return None
        return Crowd(np.sort(self.alike[self._both]), np.sort(self.match[self._both]))

    @property
    def _both(self) -> NDArray[np.bool_]:
        both: NDArray[np.bool_] = ~np.isnan(self.match)
        return both if self.alike is None else both & ~np.isnan(self.alike)

    def of(self, photo: str) -> tuple[float | None, float | None]:
        """Give `ScoredPhoto.alike` and `ScoredPhoto.match` of a photo."""
        row = self._rows[photo]
        match = self.match[row]
        alike = None if self.alike is None else float(self.alike[row])
        return alike, None if np.isnan(match) else float(match)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.ids)}

    def best(self, count: int) -> Nearest:
        """Choose the photos that score highest; of equal ones the id that sorts first."""
        scores = self.scores
        found = np.flatnonzero(~np.isnan(scores))
        if len(found) > count:
            least = np.partition(scores[found], len(found) - count)[len(found) - count]
            found = found[scores[found] >= least]
        some = [Neighbour(self.ids[int(row)], float(scores[row])) for row in found]
        some.sort(key=lambda each: (-each.score, each.id))
        return Nearest(some[:count], len(self.ids), len(self.ids))


def opinions(
    text: TextQuery,
    entries: Sequence[PhotoEntry],
    alike: Mapping[str, float] | None,
    seen: Mapping[str, float] | None = None,
) -> Opinions | None:
    """Compare all photos of a collection with a text that has been read.

    Args:
        text: the words.
        entries: all photos.
        alike: the scorer's scores by the photos' ids (`by_row`), or None.
        seen: where the text is `encoded`, the cosines with the text (`cosines`) by the photos' ids.

    Returns:
        None where no photo can be compared with the text, and none is called so, but there is
        something else to compare it with: then that alone decides.
    """
    ids = [entry.id for entry in entries]
    matcher = text.matcher
    found: NDArray[np.floating] | None = None
    if isinstance(matcher, ByClasses):
        found = _by_classes(matcher, entries)
    elif matcher is not None:
        found = _values(ids, seen or {})
    shares = np.array([text.names.share(path) for path in ids])
    match = joined(shares, found)
    text.by_name = text.by_name or bool(shares.any())
    if alike is None:
        return Opinions(ids, match, None)
    if matcher is None:
        if not text.by_name:
            return None
        match = np.nan_to_num(match, nan=0.0)  # as `TextQuery.scores` has it
    return Opinions(ids, match, _values(ids, alike))


async def by_row(
    store: Readable,
    collection: str,
    kind: str,
    table: Table | None,
    score: Callable[[Matrix], NDArray[np.floating]],
) -> dict[str, float]:
    """Score all rows of one kind of features.

    Args:
        store, collection, kind: where they are.
        table: them; None where memory cannot hold them.
        score: gives (n,) for a matrix (n, d).

    Returns:
        The scores by the photos' ids.

    Raises:
        StoreError: they cannot be read, or whatever `score` raises.
    """
    if table is not None:
        return dict(zip(table.ids, score(table.matrix).tolist(), strict=True))
    found: dict[str, float] = {}
    async for block in store.features(collection, kind):
        found.update(zip(block.ids, score(block.matrix).tolist(), strict=True))
    return found


def cosines(matcher: ByEncoder, matrix: Matrix) -> NDArray[np.floating]:
    """Compare rows of the layer that it needs with the text: (n, d) gives (n,)."""
    found = np.empty(len(matrix), np.float32)
    step = max(1, BLOCK_NUMBERS // max(1, matrix.shape[1]))
    for start in range(0, len(matrix), step):
        part = slice(start, start + step)
        found[part] = matcher.matches(matrix[part].astype(np.float32))
    return found


def _by_classes(matcher: ByClasses, entries: Sequence[PhotoEntry]) -> NDArray[np.float32]:
    size = TOP * CLASSES.itemsize
    # Zeros are a class of no probability.
    packed = b"".join(entry.classes.ljust(size, b"\0") for entry in entries)
    classes = np.frombuffer(packed, CLASSES).reshape(len(entries), TOP)
    found = np.empty(len(entries), np.float32)
    for start in range(0, len(entries), BLOCK):
        part = classes[start : start + BLOCK]
        found[start : start + BLOCK] = matcher.matches(part["index"], part["probability"])
    found[[not entry.classes for entry in entries]] = np.nan
    return found


def _values(ids: Sequence[str], found: Mapping[str, float]) -> Scores:
    return np.array([found.get(each, np.nan) for each in ids], np.float64)
