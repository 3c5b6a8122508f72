"""What a scorer, the words, or both make of the photos that were seen."""

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lookalike.errors import LookalikeError
from lookalike.ranking.feature_extractor import FeatureExtractor
from lookalike.ranking.query import Query
from lookalike.ranking.scored_photos import ScoredPhoto, ScoredPhotos
from lookalike.scorer.scorer import CheckedScorer, Feature, Result

AT_ONCE = 64
"""So many features are laid under one another for `embs2scores`; more would take memory."""

NOTHING: Any = object()
"""The source of a scorer where there is only text to compare photos with."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a scorer makes of all photos seen, before it is taken over.

    Attributes:
        source: what it compares them with; may be `NOTHING`.
        features: of each photo; None where it failed.
        alike: the scorer's score of those that have a feature; see `ScoredPhoto.alike`.
        scores: with the words taken in; see `ScoredPhoto.score`.
        order: the photos' ids, best first, where the scorer has its own order; else None.
        itself: see `Scoring.itself`.
    """

    source: Any
    features: dict[ScoredPhoto, Feature | None]
    alike: dict[ScoredPhoto, float | None]
    scores: dict[ScoredPhoto, float | None]
    order: list[str] | None
    itself: float | None

    def take_over(self, scorer: CheckedScorer) -> None:
        """Write it into the photos that it ranks."""
        for some, feature in self.features.items():
            some.key, some.feature = scorer.key, feature
            some.alike, some.score = self.alike.get(some), self.scores.get(some)


class Scoring:
    """Scores the photos of one search.

    Args:
        wanted: what they are compared with.
        extractor: what describes them.
        seen: the photos.
    """

    def __init__(self, wanted: Query, extractor: FeatureExtractor, seen: ScoredPhotos) -> None:
        self._wanted, self._extractor, self._seen = wanted, extractor, seen
        self._rows: list[Feature] = []
        self._matrix: Feature | None = None  # of these rows

    def source(self, scorer: CheckedScorer) -> Any:  # noqa: ANN401 - score.py's own
        """Make what photos are compared with; `NOTHING` where there are words alone so far.

        Raises:
            ScoreError: it cannot be made.
        """
        examples = self._wanted.examples(scorer, self._seen)
        alone = self._wanted.text is not None and not (examples or scorer.start)
        return NOTHING if alone else scorer.source(examples)

    def itself(self, scorer: CheckedScorer, source: Any) -> float | None:  # noqa: ANN401
        """Say what the query photo scores by a scorer: with itself, where nothing is marked.

        Of several query photos, it is the most that one of them scores.

        Returns:
            None where there is no such photo, the scorer cannot compare it, or words change what
            a score is.
        """
        if self._wanted.text is not None:
            return None
        try:
            return max(
                (scorer.embs2score(source, each) for each in self._wanted.liked(scorer)),
                default=None,
            )
        except LookalikeError:
            return None

    def one(
        self,
        scored_photo: ScoredPhoto,
        source: Any,  # noqa: ANN401 - score.py's own
        others: Iterable[ScoredPhoto],
        *,
        crowds: bool = False,
    ) -> float | None:
        """Score one photo, whose `alike` is known.

        Args:
            scored_photo: the photo.
            source: what it is compared with.
            others: what its score hangs on besides (`lookalike.text.rank_fusion`).
            crowds: see `TextQuery.scores`.
        """
        text = self._wanted.text
        if text is None:
            return scored_photo.alike
        alike = {some: some.alike for some in (*others, scored_photo)}
        return text.scores(alike, alone=source is NOTHING, crowds=crowds)[scored_photo]

    def recalled(
        self,
        scorer: CheckedScorer,
        source: Any,  # noqa: ANN401 - score.py's own
        found: Sequence[ScoredPhoto],
    ) -> None:
        """Score photos that a scorer has described, among one another.

        Raises:
            ScoreError: the scorer fails.
        """
        for start in range(0, 0 if source is NOTHING else len(found), AT_ONCE):
            part = found[start : start + AT_ONCE]
            features = [some.feature for some in part if some.feature is not None]
            for some, alike in zip(part, scorer.scores(source, features), strict=True):
                some.alike = alike
        text = self._wanted.text
        scores = {some: some.alike for some in found}
        if text:
            scores = text.scores(scores, alone=source is NOTHING)
        for some, score in scores.items():
            some.score = score

    def ranking(self, scorer: CheckedScorer, *, crowds: bool = False) -> Ranking:
        """Score all that was seen and that `scorer` has described.

        Args:
            scorer: by which.
            crowds: see `TextQuery.scores`.

        Raises:
            ScoreError: the scorer fails.
        """
        source, text = self.source(scorer), self._wanted.text
        itself = self.itself(scorer, source)
        features = {some: self._extractor.known(scorer, some) for some in self._seen}
        described = {some: each for some, each in features.items() if each is not None}
        values: list[float | None] = [None] * len(described)
        if source is not NOTHING:
            values = scorer.scores(source, self._matrix_of(scorer, list(described.values())))
        alike = dict(zip(described, values, strict=True))
        scores = alike
        if text:
            scores = text.scores(alike, alone=source is NOTHING, crowds=crowds)
        results = [
            Result(some.photo, score, described[some])
            for some, score in scores.items()
            if score is not None
        ]
        order = scorer.rank(results) if scorer.has("rank") else None
        return Ranking(source, features, alike, scores, order, itself)

    def _matrix_of(
        self, scorer: CheckedScorer, features: list[Feature]
    ) -> Sequence[Feature] | Feature:
        """Lay features under one another, once for all scorers that take them so."""
        if not scorer.has("embs2scores"):
            return features
        before = self._rows
        if len(before) != len(features) or not all(map(operator.is_, before, features)):
            self._matrix, self._rows = np.stack(features) if features else None, features
        return features if self._matrix is None else self._matrix
