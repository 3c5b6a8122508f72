"""Two opinions of each photo made one: how alike it is, and how well it matches the words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """The two opinions of many photos at once, for others to stand among.

    Attributes:
        alike: the scorer's scores, ascending.
        matching: the matches, ascending.
    """

    alike: Values
    matching: Values


def blended(
    alike: Sequence[float], matching: Sequence[float], among: Sequence[Crowd] | None = None
) -> Values:
    """Blend the scores of photos that were compared with a photo and with words.

    A scorer's scores may be on any scale: cosines, or `exp` of something. Only their order means
    the same in all of them, so what is blended is where a photo stands by each opinion: the share
    of the photos at hand that it leaves behind (see `percentiles`). The blend is the geometric mean
    of the two: who asks for this photo at night wants both, and a photo that fails by one opinion
    is not saved by the other, as it would be by their sum.

    So any scorer that puts the photos in the same order gives the same blend, which depends on
    nothing but the photos at hand. It follows that the score of a photo changes as others are
    found: what is on show is derived again from all photos seen (`Ranker.refresh`), and a policy is
    told the blend among the photos that it has been told of, in the order of its own decisions
    (`Ranker.told`): so a search is deterministic by its seed.

    Args:
        alike: the scorer's score of each photo.
        matching: the match of each.
        among: the photos at hand; None: they are those that are blended.

    Returns:
        A score for each, in 0..1, higher is better.
    """
    if among is None:
        return np.sqrt(percentiles(alike) * percentiles(matching))
    by_scorer = percentiles(alike, [crowd.alike for crowd in among])
    return np.sqrt(by_scorer * percentiles(matching, [crowd.matching for crowd in among]))


def percentiles(values: Sequence[float], among: Sequence[Values] | None = None) -> Values:
    """Say what share of all values lies below each, ties and itself counted by half: in 0..1.

    Args:
        values: of whom it is said.
        among: all values, each part ascending; None: those of whom it is said.
    """
    given = np.asarray(values, np.float64)
    below = np.zeros(len(given))
    total = 0
    for ordered in [np.sort(given)] if among is None else among:
        below += np.searchsorted(ordered, given, side="left")
        below += np.searchsorted(ordered, given, side="right")
        total += len(ordered)
    return below / (2.0 * max(1, total))
