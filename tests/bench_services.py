"""What a second service adds to a search, in simulation: `python3 tests/bench_services.py`.

The first service has all photos of ../shared/photos, takes 20 calls of 20 photos, as Openverse does
in a minute, and is searched alone or beside a second one. That has a part of the same photos, and
takes 30 calls of 50. Each decides for itself, as members of `lookalike.search.federated` do; a
photo found by both counts once. It needs `dist/` and ../shared.
"""

import argparse
import sys

import numpy as np

from bench import ROOT, enter_venv

PHOTOS = 440
FIRST, SECOND = (20, 20), (30, 50)
"""Calls, and photos in an answer."""
PARTS = (0.5, 0.1)
"""Of the photos, those that the second service has."""


class Searches:
    """Simulated searches for one query, by one seed."""

    def __init__(self, task, query, seed):
        self._task, self._query, self._seed = task, query, seed
        self._scores = task.scores[query]

    def member(self, number, photos, hidden):
        """Search the first (0) or second (1) service; give a trace."""
        from lookalike.budget import Budget
        from lookalike.evaluate.simulate import World, simulate
        from lookalike.evaluate.simulated_source import SimulatedSource
        from lookalike.policies import DEFAULT, POLICIES

        calls, per_page = (FIRST, SECOND)[number]
        source = SimulatedSource(self._task.index, 2 * self._seed + number, per_page, hidden)
        rng = np.random.default_rng([self._seed, self._query, number])
        world = World(source.search, self._score, self._task.start(self._query, rng))
        return simulate(POLICIES[DEFAULT].make, world, Budget(photos, calls), rng)

    def share(self, scale, *traces):
        """Give the share of the possible gain that traces have together, photos and calls."""
        from lookalike.evaluate.metrics import mean_of_best

        found = {photo.id: self._score(photo) for trace in traces for photo in trace.looked}
        best = mean_of_best(np.array(list(found.values())), self._task.best)
        return scale.share(best), len(found), sum(trace.calls for trace in traces)

    def _score(self, photo):
        return float(self._scores[self._task.index.row(photo)])


def one(task, query, seed, scale):
    """Search for one query, alone and beside; give a row by what was searched."""
    searches = Searches(task, query, seed)
    rows = {"one service": searches.share(scale, searches.member(0, PHOTOS, ()))}
    shuffled = np.random.default_rng([seed, query, 2]).permutation(len(task.index.photos))
    first = searches.member(0, PHOTOS // 2, ())
    for part in PARTS:
        missing = shuffled[int(part * len(shuffled)) :]
        # What the first leaves unused goes to the second.
        second = searches.member(1, PHOTOS - len(first.looked), missing)
        rows[f"and one with {part:.0%} of its photos"] = searches.share(scale, first, second)
    return rows


def main():
    """Print a table: the mean share, its 10th percentile, photos and calls."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    seeds = parser.parse_args().seeds

    from lookalike.evaluate import command
    from lookalike.evaluate.metrics import yardstick

    model = str(ROOT / "dist" / "models" / "mobilenet_v2.onnx")
    task = command.make_task(command.parser().parse_args(["--json", "--model", model]))
    found = {}
    for query in range(len(task.names)):
        scale = yardstick(task.scores[query], np.random.default_rng([0, query]), task.best)
        for seed in range(seeds):
            for name, row in one(task, query, seed, scale).items():
                found.setdefault(name, []).append(row)
    for name, rows in found.items():
        share, photos, calls = np.mean(rows, axis=0)
        low = np.quantile([row[0] for row in rows], 0.1)
        print(f"{name:32} {share:.3f}, p10 {low:.2f}, {photos:.0f} photos, {calls:.0f} calls")


if __name__ == "__main__":
    enter_venv()
    sys.exit(main())
