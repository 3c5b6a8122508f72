"""Simulated searches, with the time that each decision takes; runs inside Pyodide, too."""

import json
from pathlib import Path

import numpy as np

from lookalike.budget import Budget
from lookalike.evaluate.simulate import World, simulate
from lookalike.evaluate.simulated_source import SimulatedSource, WordIndex
from lookalike.photo import Photo
from lookalike.policies import POLICIES
from lookalike.policies.state import Guess

PHOTOS, CALLS, PER_PAGE = 440, 110, 120
NAMES = ("mean", "late", "late, 95th percentile", "photos known")


def timed(policy, data):
    """Search once for each query.

    Args:
        policy: a name.
        data: a JSON file of [photos, [[guesses, scores of all photos], ...]].

    Returns:
        Milliseconds a decision and the photos known at the end, by NAMES; means over the queries.
    """
    rows, searches = json.loads(Path(data).read_text())
    index = WordIndex([Photo(row["id"], row["title"], tuple(row["tags"])) for row in rows])
    found = [one(policy, index, seed, *search) for seed, search in enumerate(searches)]
    return dict(zip(NAMES, np.mean(found, axis=0).tolist(), strict=True))


def one(policy, index, seed, guesses, scores):
    known = set()
    source = SimulatedSource(index, seed, PER_PAGE)

    def search(query):
        answer = source.search(query)
        known.update(photo.id for photo in answer)
        return answer

    score = dict(zip((photo.id for photo in index.photos), scores, strict=True))
    world = World(search, lambda photo: score[photo.id], [Guess(*guess) for guess in guesses])
    budget = Budget(PHOTOS, CALLS, seconds=10**6)
    trace = simulate(POLICIES[policy].make, world, budget, np.random.default_rng(seed))
    late = trace.milliseconds[3 * len(trace.milliseconds) // 4 :]
    return np.mean(trace.milliseconds), np.mean(late), np.quantile(late, 0.95), len(known)
