"""What a sketch says of the dot products of all photos: roughly of all, closely of the best."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.pruning import Values
from lookalike.collections.sketch import Sketch, Vector

Rows = NDArray[np.intp]


class _Law(Protocol):
    """What photos are ordered by: their dot products (n,) and lengths (n,) give values (n,)."""

    def __call__(self, dots: Values, norms: Values) -> Values: ...


PULL = 0.2
"""What the left-out parts of two near photos agree in, about: they are ranked as if they did."""

FAR = 6.0
"""Standard deviations from which a chance counts as none: among a million photos it is 0.001."""


class Bounds:
    """The dot products of a sketch's photos with one vector.

    Of all photos, they are known by a line's first numbers; that is a fifth of the work. Of those
    that rank best by these, they are known by all numbers of a line, once `refine` has been called.

    Args:
        sketch: of the photos.
        vector: (d,) finite numbers.
        law: what photos are ordered by.

    Attributes:
        about: (n,) what they are about.
        margin: (n,) how far off that may be.
    """

    def __init__(self, sketch: Sketch, vector: Vector, law: _Law) -> None:
        self._sketch, self._vector, self._law = sketch, vector, law
        self._first = sketch.first_dots(vector)
        self.about, self.margin = (each.copy() for each in self._first)
        self._fine = np.full(len(sketch), sketch.is_whole)
        self.rank = self._law(self.about + PULL * self.margin, sketch.norms)

    def refine(self, count: int) -> None:
        """Look closely at the `count` photos that rank best, at least."""
        rows = np.flatnonzero(~self._fine)
        if len(rows) > count:
            rows = rows[best(self.rank[rows], count)]
        if not len(rows):
            return
        self.about[rows], self.margin[rows] = self._sketch.dots(self._vector, rows)
        self._fine[rows] = True
        pulled = self.about[rows] + PULL * self.margin[rows]
        self.rank[rows] = self._law(pulled, self._sketch.norms[rows])

    def at_least(self) -> Values:
        """Give the least value that each photo can have: (n,)."""
        return self._law(self.about - self.margin, self._sketch.norms)

    def at_most(self) -> Values:
        """Give the largest: (n,)."""
        return self._law(self.about + self.margin, self._sketch.norms)

    def chances(self, needed: Values, rows: Rows, dots: Values) -> Values:
        """Estimate how likely each photo has a larger dot product than it needs.

        What is off, as a share of its bound, is taken to be spread among all photos as it is among
        those known that rank lowest, and normally.

        Args:
            needed: (n,) dot products.
            rows: of the photos whose dot products are known; the chance of these is not of use.
            dots: of `rows`.

        Returns:
            (n,) between 0 and 1.
        """
        margin = np.maximum(self.margin, 1e-12)
        late = self._late(rows)
        off = (dots[late] - self.about[rows[late]]) / margin[rows[late]]
        mean, spread = float(off.mean()), float(off.std())
        expected, deviation = self.about + mean * margin, max(spread, 1e-6) * margin
        fine = np.flatnonzero(self._fine)
        rough = np.flatnonzero(~self._fine)
        if len(rough):
            # These are off by what the first numbers leave out, and by what all of them do.
            (about, wide), usual = self._first, float(margin[fine].mean())
            some = fine[self._late(fine)]
            missed = (self.about[some] - about[some]) / np.maximum(wide[some], 1e-12)
            expected[rough] = about[rough] + float(missed.mean()) * wide[rough] + mean * usual
            deviation[rough] = np.hypot(float(missed.std()) * wide[rough], spread * usual)
        z = (needed - expected) / np.maximum(deviation, 1e-12)
        chances = np.zeros(len(z))
        possible = z < FAR
        chances[possible] = _tail(z[possible])
        return chances

    def _late(self, rows: Rows) -> Rows:
        """Give the places of the lower half by rank."""
        return np.argsort(self.rank[rows], kind="stable")[: max(1, len(rows) // 2)]


def best(values: Values, count: int) -> Rows:
    """Give the places of the `count` largest values, and of those equal to the last of them."""
    cut = np.partition(values, len(values) - count)[len(values) - count]
    return np.flatnonzero(values >= cut)


def _tail(z: Values) -> Values:
    """Give the chance of more than z of a normal distribution, within 0.0002 (Page, 1977)."""
    z = np.clip(z, -8, 8)
    return np.asarray(0.5 - 0.5 * np.tanh(0.7978845608 * (z + 0.044715 * z**3)))
