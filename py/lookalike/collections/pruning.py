"""Whether a measure orders photos by a dot product, a cosine or a distance, whatever its text.

A measure is a person's own code, and may be anything. But those of a kind that bounds are known of
show it: their scores rise with the value wherever one looks.
"""

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

LAWS = ("dot", "cosine", "distance")
"""By the dot product; by it over the photo's length; by the distance, the nearest first."""

CLEAR = 0.9
"""So many steps from one value to the next must raise the score, but for those with the lowest
score of all: an exponential of large numbers is rounded to 0."""

ENOUGH = 24
"""So many photos must have more than the lowest score; of fewer, too little is learnt."""

TOLERANCE = 1e-5
"""How far a score may fall while the value rises, as a fraction of what the scores span: float32
adds up in several orders."""


def values_of(law: str, dots: Vector, norms: Vector) -> Vector:
    """Turn dot products with a source into what a law orders by; it rises with each of them.

    Args:
        law: of `LAWS`.
        dots: (n,).
        norms: (n,) the photos' lengths.
    """
    if law == "dot":
        return dots
    if law == "cosine":
        return (dots / np.maximum(norms, 1e-12)).astype(np.float32)
    # Minus the distance, squared, but for the source's own length, which all have in common.
    return (2 * dots - norms * norms).astype(np.float32)


def find_law(scores: NDArray[np.float64], rows: Vector, source: Vector) -> str | None:
    """Find the law that scores follow, if any.

    Args:
        scores: (n,) of the measure.
        rows: (n, d) the features that were scored.
        source: (d,) what they were compared with.
    """
    return next((law for law in LAWS if follows(law, scores, rows, source)), None)


def follows(law: str, scores: NDArray[np.float64], rows: Vector, source: Vector) -> bool:
    """Say whether scores rise with the values of a law, and NaN is not among them."""
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return rises(values_of(law, np.einsum("ij,j->i", rows, source), norms), scores)


def dots_needed(law: str, value: float, norms: Vector) -> Vector:
    """Give the dot product from which a photo has a value of `values_of`: (n,) by its length."""
    if law == "dot":
        return np.full(len(norms), value, np.float32)
    if law == "cosine":
        return (value * np.maximum(norms, 1e-12)).astype(np.float32)
    return ((value + norms * norms) / 2).astype(np.float32)


def rises(values: Vector, scores: NDArray[np.float64]) -> bool:
    """Say whether scores rise with values, both (n,), and NaN is not among them."""
    if np.isnan(scores).any():
        return False
    sequence = np.argsort(values, kind="stable")
    values, scores = values[sequence], scores[sequence]
    span = scores[-1] - scores[0]
    if not span > 0 or (np.diff(scores) < -TOLERANCE * span).any():
        return False
    more = scores > scores.min()
    if more.sum() < min(ENOUGH, len(scores) - 1):
        return False
    values, scores = values[more], scores[more]
    # Equal values may have their scores in any order, and the same photo may be among them twice.
    apart = np.diff(values) > TOLERANCE * (values[-1] - values[0])
    return bool((np.diff(scores)[apart] > 0).mean() >= CLEAR) if apart.any() else False
