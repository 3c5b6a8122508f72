"""Two opinions of each photo made one: how alike it is, and how well it matches the words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def blended(alike: Sequence[float], matching: Sequence[float]) -> NDArray[np.float64]:
    """Blend the scores of photos that were compared with a photo and with words.

    A measure's scores may be on any scale: cosines, or `exp` of something. Only their order means
    the same in all of them, so what is blended is where a photo stands by each opinion: the share
    of the photos at hand that it leaves behind (see `percentiles`). The blend is the geometric mean
    of the two: who asks for this photo at night wants both, and a photo that fails by one opinion
    is not saved by the other, as it would be by their sum.

    So any measure that puts the photos in the same order gives the same blend, which depends on
    nothing but the photos at hand. It follows that the score of a photo changes as others are
    found: what is on show is derived anew from all photos seen (`Judge.rescore`), and a policy is
    told the blend among the photos that it has been told of, in the order of its own decisions
    (`Judge.told`): so a search is deterministic by its seed.

    Args:
        alike: the measure's score of each photo.
        matching: the match of each.

    Returns:
        A score for each, in 0..1, higher is better.
    """
    return np.sqrt(percentiles(alike) * percentiles(matching))


def percentiles(values: Sequence[float]) -> NDArray[np.float64]:
    """Say what share of all values lies below each, ties and itself counted by half: in 0..1."""
    given = np.asarray(values, np.float64)
    ordered = np.sort(given)
    below = np.searchsorted(ordered, given, side="left")
    up_to = np.searchsorted(ordered, given, side="right")
    return (below + up_to) / (2.0 * max(1, len(given)))
