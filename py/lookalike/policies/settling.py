"""When a search has settled: when little is to be expected of what is left."""

from collections.abc import Callable

import numpy as np

BEST = 10
"""A search is for this many photos, as CLEAR shows."""

MINIMUM = 110
"""No search settles before it has looked at so many photos: CLEAR's budget."""

AFRESH = 60
"""Nor does any leg of it before it has looked at so many."""

LITTLE = 0.02
"""So little an outlook has to be; docs/evaluation.md has how often that is wrong."""

STILL = 110
"""Where a policy has no outlook, so many photos in a row that were none of the ten best tell."""

EVERY = 10
"""Photos between two looks at the outlook, which takes a policy some milliseconds."""


class Settling:
    """Says whether one search has settled, from the scores that its policy was told.

    Attributes:
        settled: whether it has; once it has, it stays so until the next leg begins.
    """

    def __init__(self) -> None:
        self.settled = False
        self._best: list[float] = []  # in ascending order
        self._by: object = None
        self._still = self._told = self._since = 0

    def begin(self) -> None:
        """Begin another leg: what has settled may go on all the same."""
        self.settled = False
        self._still = self._since = 0

    def scored(self, score: float, by: object = None) -> None:
        """Take in the score of a photo that was looked at, and what scorer gave it."""
        if by is not self._by:
            self._by, self._best = by, []  # scores of two scorers do not compare
        self._told += 1
        self._since += 1
        self._still += 1
        if len(self._best) < BEST or score > self._best[0]:
            self._best = sorted([*self._best, score])[-BEST:]
            self._still = 0

    def weigh(self, outlook: Callable[[], float | None]) -> None:
        """Decide once more whether it has settled.

        Args:
            outlook: see `lookalike.policies.policy.Policy.outlook`.
        """
        if self.settled or self._told < MINIMUM or self._since < AFRESH or self._told % EVERY:
            return
        expected = outlook()
        self.settled = self._still >= STILL if expected is None else expected <= LITTLE


def outlook(expected: float, seen: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Give an expected gain as a part of how far the ten best stand out.

    Args:
        expected: what further photos are expected to add to the mean of the ten best.
        seen: all values seen, of the same unit.

    Returns:
        A part of the distance from the median to the mean of the ten best; infinity where there
        are not ten values yet, or all are alike.
    """
    if len(seen) < BEST:
        return float("inf")
    spread = float(np.sort(seen)[-BEST:].mean() - np.median(seen))
    return expected / spread if spread > 0 else float("inf")
