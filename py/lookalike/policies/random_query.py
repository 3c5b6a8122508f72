"""Random tags: what any strategy has to beat."""

from collections.abc import Sequence

from lookalike.photo import Photo
from lookalike.policies.bandit import TagBandit


class RandomQuery(TagBandit):
    """Pulls a tag at random each time (Sato, WSDM 2022, section 5.1)."""

    def choose(self, tags: Sequence[str]) -> str:
        """See `TagBandit.choose`."""
        return tags[int(self._rng.integers(len(tags)))]

    def learn(self, tag: str, photo: Photo, score: float) -> None:
        """See `TagBandit.learn`: nothing is learnt."""
