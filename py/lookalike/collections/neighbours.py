"""The photos of a collection that are most like an example: exactly, by any scorer."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.collection import Matrix
from lookalike.collections.pruning import find_law, follows, values_of
from lookalike.collections.store import Readable
from lookalike.collections.table import SAMPLE, Table
from lookalike.errors import ScoreError
from lookalike.scorer.scorer import CheckedScorer, Feature

BLOCK_NUMBERS = 1_000_000
"""Numbers that are scored at a time: 4 MB as float32."""

LARGE = 4_000_000
"""Numbers in a table from which pruning pays."""

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A photo of a collection and its score."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest photos, best first; of equal scores the id that sorts first.

    Attributes:
        neighbours: at most as many as were asked for.
        compared: how many photos the scorer itself scored. The others were ruled out by bounds,
            or by a sketch (`lookalike.collections.sketch_search`).
        total: how many photos there are.
        why: why all had to be read and scored, where there are too many for memory; else empty.
    """

    neighbours: Sequence[Neighbour]
    compared: int
    total: int
    why: str = ""

    def explanation(self, name: str = "") -> str:
        """Say in a sentence that all had to be read, and why; empty where they had not.

        Args:
            name: what the person calls the collection.
        """
        if not self.why:
            return ""
        whose = f" of “{name}”" if name else ""
        read = f"All {self.total:,} photos{whose} were read and scored, which takes longer"
        return f"{read}: {self.why}."


class Listed(Protocol):
    """Photos whose rows have ids; of equal scores, the first in `order` comes first."""

    ids: list[str]
    order: NDArray[np.intp]

    def __len__(self) -> int:
        """Say how many there are."""


def nearest(table: Table, scorer: CheckedScorer, source: Any, count: int) -> Nearest:  # noqa: ANN401
    """Find the photos that a scorer scores highest.

    In a large table, photos are ruled out unscored where the scorer is seen to order photos by
    their dot product, cosine or distance with the source (`pruning`): on a sample, and again among
    the best. The answer is the one that scoring all would give, but of a scorer that orders
    otherwise just where nobody looked, or calls different photos equal at the very edge. All are
    scored where it is not seen to.

    Args:
        table: the photos.
        scorer: its `embs2scores` is used where it has one.
        source: as `scorer.source` makes it.
        count: how many, at least 1.

    Raises:
        ScoreError: no photo could be scored.
    """
    if table.matrix.size >= LARGE:
        # Where there is no memory for the copy that pruning takes, it goes without.
        with suppress(MemoryError):
            answer = _pruned(table, scorer, source, count)
            if answer is not None:
                return answer
    scores = score_rows(scorer, source, table.matrix)
    return chosen_among(table, np.arange(len(table)), scores, count)


async def nearest_stored(
    store: Readable,
    collection: str,
    kind: str,
    scorer: CheckedScorer,
    source: Any,  # noqa: ANN401
    count: int,
) -> Nearest:
    """Find the same in a collection that memory cannot hold, by reading all of its features.

    Raises:
        ScoreError: no photo could be scored.
        StoreError: the features cannot be read.
    """
    best: list[Neighbour] = []
    compared = 0
    failure: ScoreError | None = None
    async for block in store.features(collection, kind):
        compared += len(block.ids)
        try:
            answer = nearest(Table(list(block.ids), block.matrix), scorer, source, count)
        except ScoreError as error:
            failure = error
            continue
        best += answer.neighbours
        best = sorted(best, key=lambda each: (-each.score, each.id))[:count]
    if failure and not best:
        raise failure
    return Nearest(best, compared, compared)


def score_rows(scorer: CheckedScorer, source: Any, matrix: Matrix | Feature) -> Scores:  # noqa: ANN401
    """Score all rows of a matrix (n, d) by a scorer, in blocks of float32.

    Returns:
        (n,) scores; NaN for rows that could not be scored.

    Raises:
        ScoreError: none could be.
    """
    scores = np.full(len(matrix), np.nan)
    failure: ScoreError | None = None
    step = max(1, BLOCK_NUMBERS // max(1, matrix.shape[1]))
    for start in range(0, len(matrix), step):
        part = slice(start, start + step)
        try:
            # None becomes NaN.
            found = scorer.scores(source, matrix[part].astype(np.float32, copy=False))
            scores[part] = np.array(found, dtype=np.float64)
        except ScoreError as error:
            failure = failure or error
    if failure and np.isnan(scores).all():
        raise failure
    return scores


def chosen_among(table: Listed, rows: NDArray[np.intp], scores: Scores, count: int) -> Nearest:
    """Choose the best among rows that have been scored; those of NaN are left out."""
    scored = np.flatnonzero(~np.isnan(scores))
    if len(scored) > count:
        least = np.partition(scores[scored], len(scored) - count)[len(scored) - count]
        scored = scored[scores[scored] >= least]
    sequence = np.lexsort((table.order[rows[scored]], -scores[scored]))[:count]
    chosen = scored[sequence]
    found = [Neighbour(table.ids[rows[each]], float(scores[each])) for each in chosen]
    return Nearest(found, len(rows), len(table))


def _pruned(table: Table, scorer: CheckedScorer, source: Any, count: int) -> Nearest | None:  # noqa: ANN401
    """Score only what may be among the nearest; None where it cannot be told."""
    fits = isinstance(source, np.ndarray) and source.shape == table.matrix.shape[1:]
    if not fits or len(table) <= max(SAMPLE, count) or not np.isfinite(source).all():
        return None
    vector = source.astype(np.float32)
    rows = table.sample
    scores = score_rows(scorer, source, rows)
    law = find_law(scores, rows, vector)
    if law is None:
        return None
    about, margin = table.sketch.dots(vector)
    low = values_of(law, about - margin, table.sketch.norms)
    high = values_of(law, about + margin, table.sketch.norms)
    least = np.partition(low, len(low) - count)[len(low) - count]
    chosen = np.flatnonzero(high >= least)
    found = score_rows(scorer, source, table.matrix[chosen])
    best = np.argsort(-found, kind="stable")[: 2 * count]
    if not found[best[:count]].min() > scores.min():
        return None  # of photos with the lowest score of all, any may be among the nearest
    rows = np.concatenate([rows, table.matrix[chosen[best]].astype(np.float32)])
    if not follows(law, np.concatenate([scores, found[best]]), rows, vector):
        return None
    return chosen_among(table, chosen, found, count)
