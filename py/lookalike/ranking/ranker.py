"""What photos are compared by: the scorer in charge, and the examples of what is wanted."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image

from lookalike.errors import Problem, ScoreError
from lookalike.model.model import Model
from lookalike.photo import Photo
from lookalike.policies.state import Guess
from lookalike.ranking.cache import Cache
from lookalike.ranking.feature_extractor import FeatureExtractor
from lookalike.ranking.near_duplicates import NearDuplicates
from lookalike.ranking.query import Query
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.rank_all import NOTHING, Ranking, Scoring
from lookalike.ranking.scored_photos import MARKS, ScoredPhoto, ScoredPhotos
from lookalike.ranking.text_query import TextQuery
from lookalike.scorer.scorer import CheckedScorer, Example, Feature, Result


class Ranker:
    """Scores the photos of one search, while it runs and after.

    The scorer may be replaced at any time. Until all photos seen so far are described by the new
    one, the old one's scores stand, and further looks wait: so scores of two scorers never mix.

    Args:
        model: what describes images.
        scorer: what is in charge first.
        queries: the photos that are searched for; may be empty.
        cache: what other searches have computed.
        text: the words that are searched for, instead of photos or beside them; None for none.

    Attributes:
        scorer: what is in charge.
        seen: the photos looked at, their scores and their marks.
        near_duplicates: the pictures seen so far; from the start, query photos that a search has
            found.
        itself: what the query photo scores by it; see `Scoring.itself`.
    """

    def __init__(
        self,
        model: Model,
        scorer: CheckedScorer,
        queries: Sequence[QueryPhoto],
        cache: Cache | None = None,
        text: TextQuery | None = None,
    ) -> None:
        self.scorer = scorer
        self.seen = ScoredPhotos()
        self.itself: float | None = None
        self.near_duplicates = NearDuplicates()
        self._text = text
        self._extractor = FeatureExtractor(model, cache or Cache(), text)
        self._wanted = Query(model, self._extractor, queries, text)
        self._scoring = Scoring(self._wanted, self._extractor, self.seen)
        self._source: Any = None
        self._sourced_by: CheckedScorer | None = None
        self._begun: asyncio.Future[list[Guess]] | None = None
        self._told: list[ScoredPhoto] = []  # of which the policy knows
        self._settled = asyncio.Event()
        self._settled.set()
        self._describing: object = None  # tells apart calls of `describe`, of which the last counts

    # -- While a search runs --------------------------------------------------------------------

    async def begin(self) -> list[Guess]:
        """Understand the query photos: once, though several services are searched for them.

        Returns:
            The tags to start from, most probable first.

        Raises:
            BadPhoto, BadCrop, ScoreError, ModelError: they cannot be understood.
        """
        if self._begun is None:
            self._begun = asyncio.ensure_future(self._understand())
            # Where all are given up, nobody asks why it failed.
            self._begun.add_done_callback(lambda done: done.cancelled() or done.exception())
        # The search of one service may be given up; the others still want to know.
        return await asyncio.shield(self._begun)

    async def _understand(self) -> list[Guess]:
        self._wanted.require(self.scorer)
        async with self._wanted.decoded():
            classes, _ = await asyncio.gather(self._wanted.classes(), self._find_source())
            self._wanted.tell(self.near_duplicates, self.scorer)
        return await self._wanted.tags(classes, self.scorer.start)

    async def _find_source(self) -> None:
        while self._sourced_by is not (scorer := self.scorer):
            await self._wanted.describe(scorer)
            if scorer is self.scorer:
                self._source = self._scoring.source(scorer)
                self._sourced_by = scorer
                # Before any photo is scored: a scorer that never returns takes none with it.
                self.itself = self._scoring.itself(scorer, self._source)

    async def look(self, photo: Photo, thumbnail: bytes, image: Image.Image) -> ScoredPhoto:
        """Describe and score a photo, and remember it among those seen.

        Raises:
            ScoreError, ModelError: it cannot be.
        """
        while True:
            await self._settled.wait()
            scorer = self.scorer
            feature, match = await self._extractor.photo(scorer, photo.id, lambda: image)
            if scorer is self.scorer and self._settled.is_set():
                break
        source = self._source
        alike = None if source is NOTHING else scorer.embs2score(source, feature)
        match = self._text.match(photo, match) if self._text else None
        scored_photo = ScoredPhoto(photo, thumbnail, scorer.key, feature, alike=alike, match=match)
        self.remember(scored_photo)
        return scored_photo

    async def recall(self, known: Sequence[tuple[Photo, bytes]]) -> list[ScoredPhoto]:
        """Score photos that earlier searches have looked at, without looking at any.

        Args:
            known: photos and their thumbnails.

        Returns:
            Those that the scorer in charge has described and can score, best first, and in the
            order given where they score the same. They are not among those seen yet.
        """
        await self._settled.wait()
        scorer, found = self.scorer, list[ScoredPhoto]()
        for photo, thumbnail in known:
            if described := self._extractor.remembered(scorer, photo.id):
                feature, match = described
                match = self._text.match(photo, match) if self._text else None
                found.append(ScoredPhoto(photo, thumbnail, scorer.key, feature, match=match))
        with contextlib.suppress(ScoreError):  # the first look tells it
            self._scoring.recalled(scorer, self._source, found)
            return sorted(
                (some for some in found if some.score is not None),
                key=lambda some: -(some.score or 0.0),
            )
        return []

    def remember(self, scored_photo: ScoredPhoto) -> None:
        """Score a photo that is described and compared by the scorer in charge, and keep it."""
        scored_photo.score = self._score_among(scored_photo, self.seen, crowds=True)
        self.seen.add(scored_photo)

    def _score_among(
        self,
        scored_photo: ScoredPhoto,
        others: ScoredPhotos | list[ScoredPhoto],
        *,
        crowds: bool = False,
    ) -> float | None:
        among = others if self.relative else ()
        return self._scoring.one(scored_photo, self._source, among, crowds=crowds)

    # -- What comes in, in the order of the policy's decisions -----------------------------------

    def answered(self, tag: str, photos: Sequence[Photo]) -> None:
        """Take in an answer of the service."""
        if self._text:
            self._text.answered(tag, photos)

    def told(self, photo: str) -> tuple[float, Feature] | None:
        """Give what the policy is told of a photo that was looked at, by its id.

        Returns:
            Its score, which hangs on the photos told before and on no later one (see
            `lookalike.text.rank_fusion`), and its feature; None where the scorer makes nothing of
            it.
        """
        scored_photo = self.seen.get(photo)
        if self._text is None or scored_photo is None:
            return self.seen.outcome(photo)
        if self._text.told(photo):
            with contextlib.suppress(ScoreError):  # then the scores stay as they were
                self.refresh()
        if scored_photo.result is None:
            return None
        score = self._score_among(scored_photo, self._told)
        self._told.append(scored_photo)
        return None if score is None else (score, scored_photo.result.feature)

    def restored(self, found: Sequence[tuple[str, str]]) -> None:
        """Take in the ids of photos that were seen before, each with the tag that brought it."""
        if self._text:
            self._text.restore(found)

    @property
    def relative(self) -> bool:
        """Whether the score of a photo changes as others are found."""
        text = self._text
        if text is None or text.reading is None:
            return False
        compares = text.matcher is not None or text.by_name
        return text.by_feedback or (compares and self._source is not NOTHING)

    @property
    def text(self) -> TextQuery | None:
        """The words that are searched for, if there are any."""
        return self._text

    @property
    def notices(self) -> list[Problem]:
        """What the person should know of their photos and words, once the search has begun."""
        notices = [Problem("photo-note", note, "") for note in self._wanted.notes]
        if self._text and self._text.problem:
            notices.append(self._text.problem)
        return notices

    @property
    def source(self) -> Any:  # noqa: ANN401 - score.py's own
        """What photos are compared with by the scorer in charge, once `begin` has made it."""
        return self._source

    @property
    def empty(self) -> bool:
        """Whether there is no photo to try a scorer on."""
        return not (self._wanted.photos or len(self.seen))

    # -- Another scorer, or other examples -----------------------------------------------------

    def complete(self, scorer: CheckedScorer) -> bool:
        """Say whether this scorer, or one with its key, has described all there is."""
        described = all(self._extractor.is_done(scorer, some) for some in self.seen)
        return described and self._wanted.is_described(scorer)

    async def samples(self, scorer: CheckedScorer) -> tuple[list[Example], list[Result]]:
        """Have a scorer describe what it is to be tried on: queries, what is marked, one photo.

        Returns:
            The examples, at least one where the scorer has no START, and results beside them.

        Raises:
            LookalikeError: it cannot, or there is nothing to compare with.
        """
        await self._wanted.describe(scorer)
        if self._text:
            await self._text.read()
        results: list[Result] = []
        examples = self._wanted.examples(scorer, self.seen, marked=False)
        for index, some in enumerate(self.seen):
            if some.mark in MARKS or index == 0:
                feature = self._extractor.known(scorer, some)
                if feature is None:
                    feature = await self._extractor.feature(scorer, some.photo.id, some.opened)
                results.append(Result(some.photo, 0.0, feature))
                if some.mark in MARKS:
                    examples.append(Example(feature, MARKS[some.mark], some.mark))
        if self._text and not (examples or scorer.start):
            # Compared with the words alone: so the photo is compared with itself.
            examples = [Example(each.feature, 1.0, "liked") for each in results[:1]]
        if not (examples or scorer.start):
            raise ScoreError(
                "The search on show has no photo that this score function could compare with.",
                'Search with a photo, then run it again; or name words in it: START = ["lynx"].',
            )
        # The query is compared with itself where nothing has been seen.
        return examples, results or [
            Result(Photo("query"), 0.0, each.feature) for each in examples[:1]
        ]

    async def describe(
        self, scorer: CheckedScorer, progress: Callable[[int, int], None] = lambda *_: None
    ) -> None:
        """Describe whatever this scorer has not described yet; looks wait until `rescore`.

        A photo that it cannot describe will have no score.

        Args:
            scorer: to be in charge soon.
            progress: told how many of how many photos are done.

        Raises:
            LookalikeError: a query photo cannot be described.
        """
        turn = self._describing = object()
        self._settled.clear()
        self._extractor.stage(scorer)
        try:
            await self._wanted.describe(scorer)
            if self._text:
                await self._text.read()
            await self._extractor.describe_all(scorer, self.seen, progress)
        except BaseException:
            if self._describing is turn:
                self._settled.set()
            raise

    def rescore(self, scorer: CheckedScorer) -> list[str] | None:
        """Score everything seen by a scorer that has described it; it is in charge from now on.

        Returns:
            The photos' ids, best first, where the scorer has its own order; else None.

        Raises:
            ScoreError: it fails; then all stays as it was.
        """
        try:
            ranking = self._scoring.ranking(scorer)
        finally:
            self._describing = None
            self._settled.set()
        self._take_over(ranking, scorer)
        if self._text:
            self._text.crowds.clear()  # they were compared by other scores
        self._extractor.clear_stage()
        return ranking.order

    def refresh(self) -> list[str] | None:
        """Derive all scores again by the scorer in charge: see `relative`.

        Returns, raises:
            As `rescore`.
        """
        ranking = self._scoring.ranking(self.scorer, crowds=True)
        self._take_over(ranking, self.scorer)
        return ranking.order

    def _take_over(self, ranking: Ranking, scorer: CheckedScorer) -> None:
        ranking.take_over(scorer)
        self.scorer, self._source, self._sourced_by = scorer, ranking.source, scorer
        self.itself = ranking.itself

    def order(self) -> list[str] | None:
        """Order all that have a score by `rank`, where the scorer in charge has it.

        Raises:
            ScoreError: it fails.
        """
        return self.scorer.rank(self.seen.results()) if self.scorer.has("rank") else None
