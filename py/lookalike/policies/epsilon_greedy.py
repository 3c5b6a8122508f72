"""Epsilon-greedy over tags: the best mean so far, and now and then any tag."""

from collections.abc import Sequence

import numpy as np

from lookalike.policies.mean_bandit import MeanBandit


class EpsilonGreedy(MeanBandit):
    """Pulls the tag with the best mean, or with probability epsilon any (Sato, WSDM 2022, 5.1).

    Args:
        epsilon: in 0..1; 0.01 in the published code (methods.py).
    """

    def __init__(self, epsilon: float = 0.01) -> None:
        self._epsilon = epsilon

    def choose_pulled(self, tags: Sequence[str], rng: np.random.Generator) -> str:
        if rng.random() < self._epsilon:
            return tags[int(rng.integers(len(tags)))]
        return super().choose_pulled(tags, rng)
