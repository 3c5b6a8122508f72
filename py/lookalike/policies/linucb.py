"""Tiara: LinUCB over tags, by their word vectors."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.photo import Photo
from lookalike.policies.bandit import TagBandit
from lookalike.policies.policy import TagEstimate
from lookalike.policies.state import SearchState
from lookalike.policies.tag_embedding import Embedding, NgramEmbedding


class LinUCB(TagBandit):
    """Tiara (Sato, Retrieving Black-box Optimal Images from External Databases, WSDM 2022, 4).

    A ridge regression of the score on the tag's vector, trained with every tag of each photo seen,
    which become arms too; pulled is the tag with the highest upper confidence bound (Li et al., WWW
    2010). The first arm is drawn at random.

    Args:
        embedding: the tags' vectors; GloVe's in the paper.
        alpha: the weight of the bound; 0.01 in the paper.
        ridge: lambda; 1 in the paper.
    """

    def __init__(
        self, embedding: Embedding | None = None, alpha: float = 0.01, ridge: float = 1.0
    ) -> None:
        self._embedding = embedding or NgramEmbedding()
        self._alpha, self._ridge = alpha, ridge

    def begin(self, state: SearchState) -> None:
        d = self._embedding.dimensions
        self._inverse = np.eye(d) / self._ridge
        self._weighted = np.zeros(d)
        self._arms: dict[str, int] = {}
        self._vectors = np.zeros((64, d))
        self._projected = np.zeros((64, d))  # vectors @ inverse
        self._counts: dict[str, int] = {}
        super().begin(state)

    def add_tag(self, tag: str) -> None:
        super().add_tag(tag)
        self._arm(tag)

    def choose(self, tags: Sequence[str], rng: np.random.Generator) -> str:
        if not self._counts:
            return tags[int(rng.integers(len(tags)))]
        arms = [self._arms[tag] for tag in tags]
        vectors, projected = self._vectors[arms], self._projected[arms]
        variance = np.maximum((projected * vectors).sum(1), 0.0)
        bounds = projected @ self._weighted + self._alpha * np.sqrt(variance)
        return tags[int(bounds.argmax())]

    def reward(self, tag: str, photo: Photo, score: float) -> None:
        for carried in self.trained(tag, photo):
            self._train(carried, score)
        for carried in photo.tags:
            self.add_tag(carried)

    def trained(self, tag: str, photo: Photo) -> Sequence[str]:
        """Name the tags that a photo's score is trained on."""
        del tag
        return photo.tags

    def estimates(self, state: SearchState, limit: int) -> list[TagEstimate]:
        """See `Policy.estimates`: the regression's, for the tags that it has seen."""
        self.update(state)
        rated = [self._estimate(tag, count) for tag, count in self._counts.items()]
        return sorted(rated, key=lambda estimate: -estimate.mean)[:limit]

    def _estimate(self, tag: str, count: int) -> TagEstimate:
        projected = self._projected[self._arms[tag]]
        variance = max(0.0, float(projected @ self._vectors[self._arms[tag]]))
        mean = float(projected @ self._weighted)
        return TagEstimate(tag, mean, count, self._alpha * float(np.sqrt(variance)))

    def _arm(self, tag: str) -> int:
        if tag not in self._arms:
            arm = self._arms[tag] = len(self._arms)
            if arm == len(self._vectors):
                self._vectors = np.pad(self._vectors, ((0, arm), (0, 0)))
                self._projected = np.pad(self._projected, ((0, arm), (0, 0)))
            self._vectors[arm] = self._embedding(tag)
            self._projected[arm] = self._inverse @ self._vectors[arm]
        return self._arms[tag]

    def _train(self, tag: str, score: float) -> None:
        arm = self._arm(tag)
        x: NDArray[np.float64] = self._vectors[arm]
        # Sherman and Morrison 1950: the inverse after one more observation, in O(d²).
        direction = self._inverse @ x
        direction /= np.sqrt(1 + x @ direction)
        self._inverse -= np.outer(direction, direction)
        n = len(self._arms)
        self._projected[:n] -= np.outer(self._vectors[:n] @ direction, direction)
        self._weighted += score * x
        self._counts[tag] = self._counts.get(tag, 0) + 1


class TiaraS(LinUCB):
    """Tiara-S (WSDM 2022, section 4.4): trained with the asked tag only, with alpha 1."""

    def __init__(
        self, embedding: Embedding | None = None, alpha: float = 1.0, ridge: float = 1.0
    ) -> None:
        super().__init__(embedding, alpha, ridge)

    def trained(self, tag: str, photo: Photo) -> Sequence[str]:
        del photo
        return (tag,)
