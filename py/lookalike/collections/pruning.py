"""Whether a scorer orders photos by a dot product, a cosine or a distance, whatever its text.

A scorer is a person's own code, and may be anything. But those of a kind that bounds are known of
show it: their scores rise with the value wherever one looks.
"""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Exact = NDArray[np.float64]
Values = NDArray[np.floating]

LAWS = ("dot", "cosine", "distance")
"""By the dot product; by it over the photo's length; by the distance, the nearest first."""

CLEAR = 0.9
"""So many steps from one value to the next must raise the score, but for those with the lowest
score of all: an exponential of large numbers is rounded to 0."""

ENOUGH = 8
"""So many photos must have more than the lowest score; of fewer, too little is learnt."""

APART = 1e-5
"""Values that differ by less, as a fraction of what they span, count as equal."""

TOLERANCE = 1e-4
"""How far a score may fall while the value rises, as a fraction of what the scores span: scorers
add up in float32, and an exponential makes much of what that loses."""

COLUMNS = 1024
"""Numbers that are added up in float32; the sums of these are, in float64."""


def products(rows: Vector, others: Vector) -> Exact:
    """Multiply rows (n, d) by a vector (d,), or by as many rows: (n,), added up with care."""
    found = np.zeros(len(rows))
    how = "ij,j->i" if others.ndim == 1 else "ij,ij->i"
    for start in range(0, rows.shape[1], COLUMNS):
        part = slice(start, start + COLUMNS)
        found += np.einsum(how, rows[:, part], others[..., part])
    return found


def values_of(law: str, dots: Values, norms: Values) -> Values:
    """Turn dot products with a source into what a law orders by; it rises with each of them.

    Args:
        law: of `LAWS`.
        dots: (n,).
        norms: (n,) the photos' lengths.
    """
    if law == "dot":
        return dots
    if law == "cosine":
        return np.asarray(dots / np.maximum(norms, 1e-12))
    # Minus the distance, squared, but for the source's own length, which all have in common.
    return np.asarray(2 * dots - norms * norms)


def find_law(scores: NDArray[np.float64], rows: Vector, source: Vector) -> str | None:
    """Find the law that scores follow, if any.

    Args:
        scores: (n,) of the scorer.
        rows: (n, d) the features that were scored.
        source: (d,) what they were compared with.
    """
    return law_of(scores, products(rows, source), np.sqrt(products(rows, rows)))


def law_of(scores: NDArray[np.float64], dots: Exact, norms: Exact) -> str | None:
    """Find the same by dot products with the source and lengths, both (n,)."""
    return next((law for law in LAWS if rises(values_of(law, dots, norms), scores)), None)


def follows(law: str, scores: NDArray[np.float64], rows: Vector, source: Vector) -> bool:
    """Say whether scores rise with the values of a law, and NaN is not among them."""
    norms = np.sqrt(products(rows, rows))
    return rises(values_of(law, products(rows, source), norms), scores)


def dots_needed(law: str, value: float, norms: Vector) -> Vector:
    """Give the dot product from which a photo has a value of `values_of`: (n,) by its length."""
    if law == "dot":
        return np.full(len(norms), value, np.float32)
    if law == "cosine":
        return (value * np.maximum(norms, 1e-12)).astype(np.float32)
    return ((value + norms * norms) / 2).astype(np.float32)


def rises(values: Values, scores: NDArray[np.float64]) -> bool:
    """Say whether scores rise with values, both (n,), and NaN is not among them."""
    if np.isnan(scores).any():
        return False
    sequence = np.argsort(values, kind="stable")
    values, scores = values[sequence], scores[sequence]
    span = scores[-1] - scores[0]
    if not span > 0 or (np.diff(scores) < -TOLERANCE * span).any():
        return False
    # What is smaller than float32's normal numbers has few digits.
    more = scores > scores.min() + np.finfo(np.float32).tiny
    if more.sum() < min(ENOUGH, len(scores) - 1):
        return False
    values, scores = values[more], scores[more]
    # Equal values may have their scores in any order, and the same photo may be among them twice.
    apart = np.diff(values) > APART * (values[-1] - values[0])
    return bool((np.diff(scores)[apart] > 0).mean() >= CLEAR) if apart.any() else False
