"""UCB over tags: the mean so far, and a bonus for what was seldom tried."""

from collections.abc import Sequence

import numpy as np

from lookalike.policies.mean_bandit import MeanBandit


class UCB(MeanBandit):
    """Pulls the tag with the highest mean + alpha / sqrt(pulls) (Sato, WSDM 2022, section 5.1).

    Args:
        alpha: the weight of the bonus, in units of the score; 1 in the paper.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self._alpha = alpha

    def choose_pulled(self, tags: Sequence[str], rng: np.random.Generator) -> str:
        del rng
        return max(tags, key=lambda tag: self.mean(tag) + self.bonus(tag))

    def bonus(self, tag: str) -> float:
        return float(self._alpha * self.count(tag) ** -0.5)
