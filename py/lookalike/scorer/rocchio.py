"""What is searched for, made from several examples: Rocchio's formula."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.errors import ScoreError

LIKED, DISLIKED = 0.75, 0.15
"""Weights of what is liked and disliked beside 1 for the queries (Manning, Raghavan and Schütze,
Introduction to Information Retrieval, 2008, section 9.1.1)."""

Vector = NDArray[np.float32]


def rocchio(examples: Sequence[tuple[Vector, float, str]]) -> Vector | None:
    """Move the queries towards what is liked, and away from what is disliked (Rocchio 1971).

    sum of w f over the queries / sum of |w|, + 0.75 mean(liked) - 0.15 mean(disliked).

    Args:
        examples: features of one length, each with its weight and "query", "liked" or "disliked".

    Returns:
        A vector that cannot be written to: the query's own feature where there is nothing else;
        None where there are no examples.

    Raises:
        ScoreError: every example is a query of weight 0, or lengths differ.
    """
    if not examples:
        return None
    if len({feature.shape for feature, _, _ in examples}) > 1:
        raise ScoreError("The features of the query photos and marks are not all of one length.")
    queries = [(feature, weight) for feature, weight, kind in examples if kind == "query"]
    if len(examples) == len(queries) == 1 and queries[0][1] > 0:
        return queries[0][0]
    marks = [(LIKED, "liked"), (-DISLIKED, "disliked")]
    total = sum(abs(weight) for _, weight in queries)
    source = np.zeros(examples[0][0].shape, np.float64)
    for feature, weight in queries:
        source += feature * (weight / total) if total else 0.0
    for weight, kind in marks:
        marked = [feature for feature, _, its in examples if its == kind]
        if marked:
            source += weight * np.mean(marked, axis=0, dtype=np.float64)
    if not total and len(queries) == len(examples):
        raise nothing_weighs()
    made = source.astype(np.float32)
    made.flags.writeable = False
    return made


def nothing_weighs() -> ScoreError:
    """Say that there are query photos, and none of them counts."""
    return ScoreError(
        "All query photos have weight 0.", "Give one of them a weight; then try again."
    )
