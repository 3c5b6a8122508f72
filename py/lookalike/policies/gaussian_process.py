"""Gaussian-process regression over a growing pool of candidates, one observation at a time."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STRIP = 64
"""So many rows of a triangle are multiplied at once."""

SPREAD = (0.5, 2.5)
"""The least and the most that the standard deviation of the observed z may be: a few values may
happen to be all alike."""


class PoolGaussianProcess:
    """A Gaussian process, known by its posterior at the candidates of a pool.

    Observations are rows, candidates columns. With L the Cholesky factor of the observations'
    covariance, `inverse(L) @ K` is kept up to date (Rasmussen and Williams, Gaussian Processes for
    Machine Learning, 2006, section 2.2). Where an observation is made decides how it narrows the
    variance, so it counts as soon as it is under way ("hallucinated" observations: Desautels,
    Krause and Burdick, JMLR 2014, section 4).

    What is observed is y, on a scale and with an offset that nobody knows: the process models
    z = a·y - c, with a and c of maximum likelihood, and anchors whose z is known. The posterior
    mean is linear in (anchors' z, y, 1), so each of these is followed apart.

    Args:
        noise: the variance of one observation about the process.

    Attributes:
        changes: how often it has changed; what was derived from it holds until it does again.
    """

    def __init__(self, noise: float) -> None:
        self._noise = noise
        self.rows = 0
        self.columns = 0
        self.changes = 0
        self._anchors = 0
        self._settled = 0  # rows whose values are worked in
        self._factor = np.zeros((64, 64))  # L
        self._inverse = np.zeros((64, 64))
        self._values = np.zeros((64, 3))  # anchors' z, y, 1; y is NaN where it will never be known
        self._given = np.zeros(64, bool)  # rows that have their values
        self._whitened = np.zeros((64, 3))  # inverse(L) @ values
        self._v = np.zeros((64, 256))  # inverse(L) @ K
        self._means = np.zeros((3, 256))  # whitened.T @ v
        self._variance = np.zeros(256)
        self._scale: tuple[float, float] | None = None  # until a value is worked in

    def anchor(self, kernel: Array, z: Sequence[float], noise: float) -> None:
        """Start from observations with a known z, before any others.

        Args:
            kernel: (n, n), the anchors' prior covariance.
            z: their n values.
            noise: the variance of each about the process.
        """
        for row, value in enumerate(z):
            cross = self._inverse[:row, :row] @ kernel[row, :row]
            self._add_row(cross, kernel[row, row] + noise - cross @ cross)
            self._values[row], self._given[row] = (value, 0.0, 0.0), True
        self._anchors = self.rows
        self._settle()

    def extend(self, kernel: Array, prior: Array) -> None:
        """Add candidates to the pool.

        Args:
            kernel: (rows, n), their covariance with what is observed.
            prior: their n prior variances.
        """
        start, stop = self.columns, self.columns + len(prior)
        if stop > self._v.shape[1]:
            spare = max(stop, 2 * self._v.shape[1]) - self._v.shape[1]
            self._v = np.pad(self._v, ((0, 0), (0, spare)))
            self._means = np.pad(self._means, ((0, 0), (0, spare)))
            self._variance = np.pad(self._variance, (0, spare))
        v = lower_times(self._inverse[: self.rows, : self.rows], kernel)
        self._v[: self.rows, start:stop] = v
        self._means[:, start:stop] = self._whitened[: self._settled].T @ v[: self._settled]
        self._variance[start:stop] = prior - (v * v).sum(0)
        self.columns = stop
        self.changes += 1

    def observe(self, column: int, kernel: Array) -> int:
        """Begin to observe a candidate, whose value comes later.

        Args:
            column: which.
            kernel: (columns,), its covariance with the whole pool.

        Returns:
            The observation's row, for `settle`.
        """
        n, row = self.columns, self.rows
        cross = self._v[:row, column].copy()
        left = max(float(self._variance[column]), 0.0) + self._noise
        self._add_row(cross, left)
        v = (kernel - combined(cross, self._v[:row, :n])) / np.sqrt(left)
        self._v[row, :n] = v
        self._variance[:n] -= v * v
        self.changes += 1
        return row

    def settle(self, row: int, y: float) -> None:
        """Give an observation its value; NaN for one that will never be known.

        Values count in the order of `observe`: one that overtakes another waits for it.
        """
        self._values[row], self._given[row] = (0.0, y, 1.0), True
        self._settle()

    def revalue(self, y: Mapping[int, float]) -> None:
        """Replace the values of the rows given."""
        for row, value in y.items():
            self._values[row, 1] = value
        stop, self._settled = self._settled, 0
        while self._settled < stop:
            self._whiten()
        n = self.columns
        self._means[:, :n] = self._whitened[:stop].T @ self._v[:stop, :n]
        self.changes += 1

    def scale(self) -> tuple[float, float]:
        """Give a and c of z = a·y - c, by maximum likelihood.

        With w the whitened anchors, y and ones, the log-likelihood is
        n log a - |w0 + a w1 - c w2|² / 2: the best c is linear in a, and a solves a quadratic.
        """
        if self._scale is None:
            self._scale = self._fitted()
        return self._scale

    def _fitted(self) -> tuple[float, float]:
        y = self._y()
        if len(y) == 0:
            return 1.0, 0.0
        w = self._whitened[: self._settled]
        g = w.T @ w
        curvature = g[1, 1] - g[1, 2] ** 2 / g[2, 2]
        slope = g[0, 1] - g[0, 2] * g[1, 2] / g[2, 2]
        spread = float(y.std())
        a = 1.0
        if spread > 0 and curvature > 0:
            a = (-slope + float(np.sqrt(slope**2 + 4 * curvature * len(y)))) / (2 * curvature)
            a = min(max(a, SPREAD[0] / spread), SPREAD[1] / spread)
        return a, float((g[0, 2] + a * g[1, 2]) / g[2, 2])

    def observed(self) -> Array:
        """Give the z of what was observed, anchors apart."""
        a, c = self.scale()
        return a * self._y() - c

    def posterior(self) -> tuple[Array, Array]:
        """Give the mean and the variance of z, without noise, at every candidate."""
        a, c = self.scale()
        n = self.columns
        mean = self._means[0, :n] + a * self._means[1, :n] - c * self._means[2, :n]
        return mean, np.maximum(self._variance[:n], 0.0)

    def _y(self) -> Array:
        y = self._values[self._anchors : self._settled, 1]
        return y[~np.isnan(y)]

    def _add_row(self, cross: Array, left: float) -> None:
        row = self.rows
        if row == len(self._inverse):
            self._factor = np.pad(self._factor, (0, row))
            self._inverse = np.pad(self._inverse, (0, row))
            self._given = np.pad(self._given, (0, row))
            below = ((0, row), (0, 0))
            self._values = np.pad(self._values, below)
            self._whitened = np.pad(self._whitened, below)
            self._v = np.pad(self._v, below)
        diagonal = np.sqrt(left)
        self._factor[row, :row] = cross
        self._factor[row, row] = diagonal
        self._inverse[row, :row] = -combined(cross, self._inverse[:row, :row]) / diagonal
        self._inverse[row, row] = 1 / diagonal
        self.rows = row + 1

    def _settle(self) -> None:
        n = self.columns
        while self._settled < self.rows and self._given[self._settled]:
            row = self._settled
            self._whiten()
            self._means[:, :n] += self._whitened[row][:, None] * self._v[row, :n]
            self.changes += 1

    def _whiten(self) -> None:
        """Work the value of the next row in, by forward substitution."""
        row = self._settled
        value = self._values[row]
        # What will never be known is taken to be as predicted, which teaches nothing.
        self._whitened[row] = 0.0
        if not np.isnan(value[1]):
            known = self._factor[row, :row] @ self._whitened[:row]
            self._whitened[row] = (value - known) / self._factor[row, row]
        self._settled = row + 1
        self._scale = None


def combined(weights: Array, rows: Array) -> Array:
    """Give `weights @ rows`, the sum of weighted rows.

    In Pyodide, numpy's `@` goes down one column after the other, and takes five times as long where
    there are many: einsum goes along the rows, and adds in the same order.
    """
    total: Array = np.einsum("i,ij->j", weights, rows)
    return total


def lower_times(triangle: Array, columns: Array) -> Array:
    """Give `triangle @ columns`, without half of the products: above its diagonal all is zero."""
    product = np.empty((len(triangle), columns.shape[1]))
    for start in range(0, len(triangle), STRIP):
        stop = min(start + STRIP, len(triangle))
        np.matmul(triangle[start:stop, :stop], columns[:stop], out=product[start:stop])
    return product
