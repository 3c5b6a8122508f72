"""How good a ranking is of which each photo is relevant or not, at every depth."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def average_precision(hits: NDArray[np.bool_], relevant: NDArray[np.integer]) -> Array:
    """Give AP@1 … AP@k: the precisions at the hits' ranks, summed, over the most there can be.

    AP@k is divided in three ways. By the number of relevant photos (trec_eval's `map_cut`), AP@25
    of a perfect answer is 0.26 where 95 are relevant, so that classes of different sizes cannot be
    averaged. By the number of hits, one hit at the first rank and nothing after is perfect. Here it
    is by min(k, relevant): a perfect answer has 1 at every k, and what is missing counts.

    Args:
        hits: (n, k), whether the photo at each rank is relevant, best first.
        relevant: (n,), how many photos of the corpus are; at least 1.

    Returns:
        (n, k), each of 0..1.
    """
    ranks = np.arange(1, hits.shape[1] + 1)
    precision = hits.cumsum(1) / ranks
    found: Array = (precision * hits).cumsum(1) / np.minimum(ranks, relevant[:, None])
    return found


def recall(hits: NDArray[np.bool_], relevant: NDArray[np.integer]) -> Array:
    """Give the recall at 1 … k: the share of the relevant photos that are among the first.

    Args:
        hits: (n, k), whether the photo at each rank is relevant, best first.
        relevant: (n,), how many photos of the corpus are; at least 1.

    Returns:
        (n, k), each of 0..1.
    """
    found: Array = hits.cumsum(1) / relevant[:, None]
    return found
