"""Bandits with one mean per tag: the baselines of Tiara's experiments."""

import heapq
from collections.abc import Sequence

import numpy as np

from lookalike.photo import Photo
from lookalike.policies.bandit import TagBandit
from lookalike.policies.policy import TagEstimate
from lookalike.policies.state import SearchState


class MeanBandit(TagBandit):
    """Keeps the mean score of each arm; arms never pulled come first, in order."""

    def begin(self, state: SearchState) -> None:
        self._sums: dict[str, tuple[float, int]] = {}
        super().begin(state)

    def choose(self, tags: Sequence[str], rng: np.random.Generator) -> str:
        new = next((tag for tag in tags if tag not in self._sums), None)
        return new if new is not None else self.choose_pulled(tags, rng)

    def choose_pulled(self, tags: Sequence[str], rng: np.random.Generator) -> str:
        """Choose among arms that have all been pulled."""
        del rng
        return max(tags, key=self.mean)

    def mean(self, tag: str) -> float:
        """Give the mean score of the photos that pulling `tag` brought."""
        total, count = self._sums[tag]
        return total / count

    def count(self, tag: str) -> int:
        """Give how often `tag` was pulled."""
        return self._sums[tag][1]

    def bonus(self, tag: str) -> float | None:
        """Give what is added to the mean for doubt; None where nothing is."""
        del tag
        return None

    def reward(self, tag: str, photo: Photo, score: float) -> None:
        del photo
        total, count = self._sums.get(tag, (0.0, 0))
        self._sums[tag] = total + score, count + 1

    def estimates(self, state: SearchState, limit: int) -> list[TagEstimate]:
        """See `Policy.estimates`: the tags' mean scores."""
        self.update(state)
        rated = [
            TagEstimate(tag, self.mean(tag), self.count(tag), self.bonus(tag)) for tag in self._sums
        ]
        return heapq.nlargest(limit, rated, key=lambda estimate: estimate.mean)
