"""Photos of one class, searched for among all: the split, and the rankings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.evaluate.descriptors import similarity
from lookalike.evaluate.retrieval_metrics import Array, average_precision, recall

DEPTH = 25
"""The most photos of an answer that are judged, as CRIER's: k = 1…25."""

QUERIES = 0.05
"""The share of the photos that are queries, as CRIER's; the others are the corpus."""

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the answers to each query photo are, on average over the splits that it is in.

    Attributes:
        precision: (photos, k), AP@1 … AP@k.
        recall: (photos, k), recall at 1 … k.
    """

    precision: Array
    recall: Array


def split(labels: Sequence[str], seed: int, share: float = QUERIES) -> tuple[Rows, Rows]:
    """Draw queries from each class, its share of them: at least one, and never all.

    Where the share of a class is no whole number, chance decides whether one more is drawn, so that
    the share is right over many seeds. Of a class of one photo none is drawn.

    Returns:
        The rows of the queries and those of the corpus, ascending.
    """
    rng = np.random.default_rng(seed)
    names = np.array(labels)
    drawn = []
    for name in np.unique(names):
        rows = np.flatnonzero(names == name)
        wanted = max(1, int(share * len(rows) + rng.random()))
        drawn.append(rng.choice(rows, min(wanted, len(rows) - 1), replace=False))
    queries = np.sort(np.concatenate(drawn))
    return queries, np.setdiff1d(np.arange(len(names)), queries)


def hits(
    scores: NDArray[np.float64], relevant: NDArray[np.bool_], depth: int = DEPTH
) -> NDArray[np.bool_]:
    """Say for each query whether the photo at each rank is relevant.

    Args:
        scores: (queries, corpus); of equal ones, the earlier photo comes first.
        relevant: (queries, corpus).
        depth: how many ranks.

    Returns:
        (queries, depth); False where the corpus has no more photos.
    """
    order = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
    found = np.take_along_axis(relevant, order, axis=1)
    return np.pad(found, [(0, 0), (0, depth - found.shape[1])])


def judge(
    features: NDArray[np.float32] | None, by: str, labels: Sequence[str], seeds: int
) -> Quality:
    """Search for every query of every split among its corpus.

    Args:
        features: (photos, d); None for answers as good as can be.
        by: how they are compared, see `similarity`.
        labels: of the photos.
        seeds: how many splits there are, of the seeds from 0 on.
    """
    names = np.array(labels)
    totals = np.zeros((2, len(names), DEPTH))
    times = np.zeros(len(names))
    for seed in range(seeds):
        queries, corpus = split(labels, seed)
        relevant = names[queries][:, None] == names[corpus]
        scores = relevant.astype(np.float64)
        if features is not None:
            scores = similarity(by, features[queries], features[corpus])
        found, counts = hits(scores, relevant), relevant.sum(1)
        totals[0, queries] += average_precision(found, counts)
        totals[1, queries] += recall(found, counts)
        times[queries] += 1
    drawn = times > 0
    precision, recalls = totals[:, drawn] / times[drawn, None]
    return Quality(precision, recalls)
