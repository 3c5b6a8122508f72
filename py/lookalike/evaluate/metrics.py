"""What a search found, against what could be found."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BEST = 10
"""A search is judged by its ten best, as many as CLEAR shows."""

RANDOM_DRAW = 110
"""The baseline is the best of this many photos drawn at random: CLEAR's budget."""

RANDOM_DRAWS = 200
"""The baseline's mean is taken over this many draws."""


def mean_of_best(scores: Array, best: int = BEST) -> float:
    """Give the mean of the `best` highest scores.

    Where there are fewer, the missing ones count as the lowest that was found; NaN for none.
    """
    if len(scores) == 0:
        return float("nan")
    top = np.sort(scores)[::-1][:best]
    return float(np.pad(top, (0, best - len(top)), mode="edge").mean())


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The scale of one query's results.

    Attributes:
        random: the mean of the ten best among 110 photos drawn at random, on average.
        oracle: the mean of the ten best of all.
    """

    random: float
    oracle: float

    def share(self, found: float) -> float:
        """Give the share of the possible gain: 0 as random, 1 as the oracle; 0 for NaN."""
        if np.isnan(found):
            return 0.0
        gain = self.oracle - self.random
        return (found - self.random) / gain if gain > 0 else 1.0


def yardstick(scores: Array, rng: np.random.Generator, best: int = BEST) -> Yardstick:
    """Measure one query.

    Args:
        scores: of every photo that can be found; at least one.
        rng: where the random draws come from.
        best: how many photos count.
    """
    size = min(RANDOM_DRAW, len(scores))
    draws = [
        mean_of_best(rng.choice(scores, size, replace=False), best) for _ in range(RANDOM_DRAWS)
    ]
    return Yardstick(float(np.mean(draws)), mean_of_best(scores, best))


def running_best(scores: Sequence[float], best: int = BEST) -> Array:
    """Give `mean_of_best` after each score."""
    values = np.array(scores, float)
    return np.array([mean_of_best(values[: i + 1], best) for i in range(len(values))])


def bootstrap_interval(
    values: Array, groups: Sequence[int], rng: np.random.Generator, level: float = 0.95
) -> tuple[float, float]:
    """Give a percentile bootstrap interval of the mean (Efron and Tibshirani 1993, section 13.3).

    Args:
        values: one per search.
        groups: the query of each; queries are resampled, with all of their seeds.
        rng: where the resamples come from.
        level: of confidence.
    """
    names = np.unique(groups)
    means = np.array([values[np.asarray(groups) == name].mean() for name in names])
    samples = rng.choice(means, (2000, len(means))).mean(1)
    low, high = np.quantile(samples, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
