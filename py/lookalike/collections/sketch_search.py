"""The nearest photos by a sketch: those that may be among them are read, and scored themselves."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.bounds import Bounds, best
from lookalike.collections.near import BLOCK, Near
from lookalike.collections.neighbours import Nearest, chosen_among, score_rows
from lookalike.collections.pruning import (
    Values,
    dots_needed,
    law_of,
    products,
    rises,
    values_of,
)
from lookalike.collections.sketch import Vector
from lookalike.scorer.scorer import CheckedScorer

FIRST = 240
"""Photos that are read and scored at first, where bounds leave more."""

MOST = 3200
"""Photos that are read one by one at most; then reading all in order is quicker."""

MISSED = 0.005
"""The share of the nearest that may be missed, as it is estimated."""

CLOSELY = 32
"""Of so many times the photos that are scored, all numbers of their lines are compared."""

SEEN = 0.5
"""The share of a source's squared length that the sketch has to see."""


class Unbounded(Exception):
    """A sketch cannot tell which photos are near, and why: all have to be scored."""


async def nearest_by_sketch(near: Near, scorer: CheckedScorer, source: Any, count: int) -> Nearest:  # noqa: ANN401
    """Find the photos that a scorer scores highest.

    Where bounds (`Sketch.dots`) leave few, these are scored, and the answer is that of `nearest`.
    Else the best by the sketch are, and more of them, until those that were scored say that less
    than `MISSED` of the nearest are to be expected among the others: what a sketch leaves out of a
    dot product is, over many photos, a matter of chance, and how much it is has been seen.

    Raises:
        Unbounded: the scorer does not order photos by a value that sketches are known to bound,
            or too much has been left out of what this source asks for.
        ScoreError: no photo could be scored.
        StoreError: features cannot be read.
    """
    rows = await near.sample()
    if not _fits(source, rows):
        raise Unbounded("the score function does not compare photos with a feature of their kind")
    if len(near) <= max(len(rows), 2 * count):
        raise Unbounded("nearly all of them are asked for")
    vector = source.astype(np.float32)
    scores = score_rows(scorer, source, rows)
    dots, norms = products(rows, vector), await near.sample_norms()
    law = law_of(scores, dots, norms)
    if law is None:
        raise Unbounded(
            "the score function does not order photos by a dot product, a cosine or a distance"
        )
    if near.sketch.share(vector) < SEEN:
        raise Unbounded("most of what this search asks for is left out of the compact features")
    search = _Search(near, scorer, source, vector, law)
    await search.run(count)
    return search.answer(count, values_of(law, dots, norms), scores)


def _fits(source: Any, rows: Vector) -> bool:  # noqa: ANN401
    fits = isinstance(source, np.ndarray) and source.shape == rows.shape[1:]
    return bool(fits and np.isfinite(source).all())


class _Search:
    """Photos that have been scored, of all those that a sketch is of."""

    def __init__(
        self,
        near: Near,
        scorer: CheckedScorer,
        source: Any,  # noqa: ANN401
        vector: Vector,
        law: str,
    ) -> None:
        self._near, self._scorer, self._source = near, scorer, source
        self._vector, self._law = vector, law
        self._bounds = Bounds(near.sketch, vector, partial(values_of, law))
        self._rows: NDArray[np.intp] = np.empty(0, np.intp)
        self._scores: NDArray[np.float64] = np.empty(0)
        self._dots: Values = np.empty(0)
        self._norms: Values = np.empty(0)

    async def run(self, count: int) -> None:
        """Score as many as are needed."""
        total, size = len(self._near), max(FIRST, min(4 * count, count + 2 * FIRST))
        bounds = self._bounds
        bounds.refine(CLOSELY * size)
        low = bounds.at_least()
        least = np.partition(low, total - count)[total - count]
        possible = np.flatnonzero(bounds.at_most() >= least)
        if len(possible) <= 2 * size:
            await self._score(possible)
            return
        most = min(max(MOST, 2 * count), total // 2)
        while size <= most:
            bounds.refine(CLOSELY * size)
            await self._score(np.setdiff1d(best(bounds.rank, size), self._rows))
            if self._missed(count) <= MISSED * count:
                return
            size *= 2
        raise Unbounded("too much is left out of the compact features of these photos")

    async def _score(self, rows: NDArray[np.intp]) -> None:
        near = self._near
        place = {near.ids[row]: int(row) for row in rows}
        names = sorted(place)  # as they lie in a store
        for start in range(0, len(names), BLOCK):
            # One may have been removed in another tab since.
            found = await near.read(names[start : start + BLOCK])
            matrix = found.matrix.astype(np.float32)
            some = np.array([place[each] for each in found.ids], np.intp)
            self._rows = np.concatenate([self._rows, some])
            scores = score_rows(self._scorer, self._source, matrix)
            self._scores = np.concatenate([self._scores, scores])
            self._dots = np.concatenate([self._dots, products(matrix, self._vector)])
            norms = np.sqrt(products(matrix, matrix))
            self._norms = np.concatenate([self._norms, norms])

    def _missed(self, count: int) -> float:
        """Estimate how many of the nearest have not been scored."""
        rows, norms = self._rows, self._near.sketch.norms
        if len(rows) <= count:
            return float(count)
        values = values_of(self._law, self._dots, self._norms)
        worst = float(np.partition(values, len(values) - count)[len(values) - count])
        chances = self._bounds.chances(dots_needed(self._law, worst, norms), rows, self._dots)
        chances[rows] = 0.0
        return float(chances.sum())

    def answer(self, count: int, sampled: Values, scores: NDArray[np.float64]) -> Nearest:
        """Choose the best of those scored.

        Args:
            count: how many.
            sampled, scores: the law's values and the scorer's scores of other photos.

        Raises:
            Unbounded: among the best, scores do not follow the law.
        """
        top = np.argsort(-self._scores, kind="stable")[: 2 * count]
        if not self._scores[top[:count]].min() > scores.min():
            raise Unbounded("the score function gives too many photos the same score")
        found = values_of(self._law, self._dots[top], self._norms[top])
        values = np.concatenate([sampled, found])
        if not rises(values, np.concatenate([scores, self._scores[top]])):
            raise Unbounded("among the best, the score function orders photos by something else")
        return chosen_among(self._near, self._rows, self._scores, count)
