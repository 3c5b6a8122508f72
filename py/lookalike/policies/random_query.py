"""Random tags: what any strategy has to beat."""

from collections.abc import Sequence

import numpy as np

from lookalike.photo import Photo
from lookalike.policies.bandit import TagBandit


class RandomQuery(TagBandit):
    """Pulls a tag at random each time (Sato, WSDM 2022, section 5.1)."""

    def choose(self, tags: Sequence[str], rng: np.random.Generator) -> str:
        return tags[int(rng.integers(len(tags)))]

    def reward(self, tag: str, photo: Photo, score: float) -> None:
        """See `TagBandit.reward`: nothing is learnt."""
