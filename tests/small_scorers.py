"""Scorers of several kinds, and what scoring photos by them one by one gives."""

import numpy as np
import pytest

from lookalike.scorer.compile import compile_scorer

HEAD = """
import math
import numpy as np

async def get_feature(model, image):
    return np.zeros(1)
"""
SCORES = {
    "dot": "source @ candidate",
    "clear": "math.exp(source @ candidate / 1000)",
    "cosine": "source @ candidate / max(1e-9, math.sqrt((candidate @ candidate)))",
    "gaussian": "math.exp(-((source - candidate) ** 2).sum() / 1000)",
    "overlap": "np.minimum(source, candidate).sum()",
    "farthest": "-(source @ candidate)",
    "first": "candidate[0]",
    "constant": "1.0",
    "steps": "round(float(source @ candidate), -1)",
}


def make_scorer(expression, more=""):
    score = f"def embs2score(source, candidate):\n    return float({expression})\n"
    return compile_scorer(HEAD + score + more)


def plain(table, scorer, source, count):
    """Score one by one and sort."""
    rows = table.matrix.astype(np.float32)
    scores = [scorer.embs2score(source, row) for row in rows]
    return sorted(zip(scores, table.ids, strict=True), key=lambda each: (-each[0], each[1]))[:count]


def pairs(answer):
    return [(each.score, each.id) for each in answer.neighbours]


def same(answer, expected):
    assert [name for _, name in pairs(answer)] == [name for _, name in expected]
    found = [score for score, _ in pairs(answer)]
    assert found == pytest.approx([score for score, _ in expected], rel=1e-4, abs=1e-6)
