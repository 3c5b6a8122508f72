"""Scores on a scale that a Gaussian process can take."""

import numpy as np

WIDTH = 3.0
"""Median absolute deviations up to which a score keeps its distance; beyond, logarithms count."""

EARLY = 8
"""Up to so many scores, each is fitted to."""


class RobustScale:
    """Maps scores to asinh((score - median) / width).

    Any positive affine change of the scores leaves the result as it is, and heavy tails, such as
    those of CLEAR's exp(dot / 1000), become light (Johnson, Biometrika 1949: the S_U system).
    Median and width are fitted to each of the first scores, then when these have doubled, and stay
    fixed in between.
    """

    def __init__(self) -> None:
        self._scores: list[float] = []
        self._fit_at = 0
        self._median, self._width = 0.0, 0.0

    def add(self, score: float) -> bool:
        """Take in a score; say whether the mapping changed."""
        self._scores.append(score)
        if self._width and len(self._scores) < self._fit_at:
            return False
        if len(self._scores) >= EARLY:
            self._fit_at = 2 * len(self._scores)
        self._median = float(np.median(self._scores))
        deviations = np.abs(np.array(self._scores) - self._median)
        width = float(np.median(deviations)) or float(deviations.mean())
        self._width = WIDTH * width
        return True

    def __call__(self, score: float) -> float:
        """Map a score."""
        return float(np.arcsinh((score - self._median) / (self._width or 1.0)))

    def inverse(self, value: float) -> float:
        """Give the score that is mapped to `value`."""
        return float(np.sinh(value) * self._width + self._median)
