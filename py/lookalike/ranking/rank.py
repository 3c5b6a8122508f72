"""Scores as a function: what a scorer, the words, or both make of the photos that were seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lookalike.errors import LookalikeError
from lookalike.ranking.features import FeatureTable
from lookalike.ranking.query import Query
from lookalike.ranking.seen import SeenPhoto, SeenPhotos
from lookalike.ranking.text_query import TextQuery
from lookalike.scorer.scorer import CheckedScorer, Feature, Result


@dataclass(frozen=True, slots=True)
class Reference:
    """What a scorer compares photos with.

    Attributes:
        source: score.py's own, by `get_source` or else by Rocchio's formula.
    """

    source: Any


@dataclass(frozen=True, slots=True, eq=False)
class ScoredPhoto:
    """A photo that was looked at, and what a scorer and the words make of it.

    Attributes:
        seen: the photo.
        feature: what the scorer made of it; None where it failed.
        alike: the scorer's score; None where it failed, or where there is only text to compare the
            photo with.
        score: by the scorer, by the text, or by both (`lookalike.text.rank_fusion`); None where
            one of them failed.
    """

    seen: SeenPhoto
    feature: Feature | None
    alike: float | None
    score: float | None

    @property
    def result(self) -> Result | None:
        """The photo as score.py's `rank` gets it; None where it has no score."""
        if self.feature is None or self.score is None:
            return None
        return Result(self.seen.photo, self.score, self.feature)


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one scorer makes of all photos that were seen.

    Attributes:
        scorer: the scorer.
        reference: what it compares photos with; None where there are words alone so far.
        itself: what the query photo scores with itself (of several, the most that one scores); None
            where there is none, the scorer cannot compare it, or words change what a score is.
        photos: the photos by their ids, in the order in which they were seen. Those that come in
            later are added (`lookalike.ranking.ranker.Ranker`).
        order: the ids of those that have a score, best first, where the scorer has its own order;
            else None.
    """

    scorer: CheckedScorer
    reference: Reference | None
    itself: float | None
    photos: dict[str, ScoredPhoto]
    order: list[str] | None

    def results(self) -> list[Result]:
        """Give all that have a score."""
        return [result for scored in self.photos.values() if (result := scored.result)]


def rank(
    scorer: CheckedScorer,
    features: FeatureTable,
    seen: SeenPhotos,
    query: Query,
    *,
    crowds: bool = False,
) -> Ranking:
    """Rank all photos that were seen.

    Args:
        scorer: by which.
        features: what it has made of them, and of the query photos.
        seen: the photos, and their marks.
        query: what is searched for: photos, words.
        crowds: see `TextQuery.scores`.

    Raises:
        ScoreError: the scorer fails.
    """
    examples = query.examples(scorer, seen)
    alone = query.text is not None and not (examples or scorer.start)
    reference = None if alone else Reference(scorer.source(examples))
    itself = None if query.text or not reference else _itself(scorer, reference, query)
    described = {each: features.get(scorer, each.photo.id) for each in seen}
    photos = compare(scorer, reference, described, query.text, crowds=crowds)
    ranking = Ranking(scorer, reference, itself, photos, None)
    results = ranking.results()
    if not (results and scorer.has("rank")):
        return ranking
    return replace(ranking, order=scorer.rank(results))


def compare(
    scorer: CheckedScorer,
    reference: Reference | None,
    described: Mapping[SeenPhoto, Feature | None],
    text: TextQuery | None,
    *,
    crowds: bool = False,
) -> dict[str, ScoredPhoto]:
    """Score photos among one another.

    Args:
        scorer: by which.
        reference: what it compares them with; None: there are words alone.
        described: the photos, and the feature of each; None where it has none.
        text: the words that they are compared with, too.
        crowds: see `TextQuery.scores`.

    Returns:
        All photos, by their ids.

    Raises:
        ScoreError: the scorer fails.
    """
    having = {seen: feature for seen, feature in described.items() if feature is not None}
    values: list[float | None] = [None] * len(having)
    if reference:
        values = scorer.scores(reference.source, list(having.values()))
    alike = dict(zip(having, values, strict=True))
    scores = fused(text, reference, alike, crowds=crowds)
    return {
        seen.photo.id: ScoredPhoto(seen, feature, alike.get(seen), scores.get(seen))
        for seen, feature in described.items()
    }


def among(
    scored: ScoredPhoto,
    others: Iterable[ScoredPhoto],
    reference: Reference | None,
    text: TextQuery | None,
    *,
    crowds: bool = False,
) -> float | None:
    """Score one photo among others, by what the scorer has made of each (`ScoredPhoto.alike`).

    Args:
        scored: the photo.
        others: what its score hangs on besides (`lookalike.text.rank_fusion`).
        reference, text, crowds: as for `compare`.
    """
    alike = {each.seen: each.alike for each in (*others, scored)}
    return fused(text, reference, alike, crowds=crowds)[scored.seen]


def fused(
    text: TextQuery | None,
    reference: Reference | None,
    alike: Mapping[SeenPhoto, float | None],
    *,
    crowds: bool = False,
) -> Mapping[SeenPhoto, float | None]:
    """Take in how photos match the words, if there are any, beside what the scorer makes of them.

    Args:
        text, reference, crowds: as for `compare`.
        alike: the scorer's score of each photo.
    """
    return text.scores(alike, alone=reference is None, crowds=crowds) if text else alike


def _itself(scorer: CheckedScorer, reference: Reference, query: Query) -> float | None:
    try:
        return max(
            (scorer.embs2score(reference.source, each) for each in query.liked(scorer)),
            default=None,
        )
    except LookalikeError:
        return None
