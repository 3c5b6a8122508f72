"""What photos are compared by: the scorer in charge, and the examples of what is wanted."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from PIL import Image

from lookalike.errors import Problem, ScoreError
from lookalike.model.model import Model
from lookalike.photo import Photo
from lookalike.policies.state import Guess
from lookalike.ranking.cache import Cache
from lookalike.ranking.feature_extractor import FeatureExtractor
from lookalike.ranking.features import FeatureTable
from lookalike.ranking.near_duplicates import NearDuplicates
from lookalike.ranking.query import Query
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.rank import Ranking, Reference, ScoredPhoto, among, compare, rank
from lookalike.ranking.seen import MARKS, SeenPhoto, SeenPhotos
from lookalike.ranking.text_query import TextQuery
from lookalike.scorer.scorer import CheckedScorer, Example, Feature, Result


class Ranker:
    """Scores the photos of one search, while it runs and after.

    The scorer may be replaced at any time: when all photos are described by the new one, what it
    makes of them takes the place of the ranking. Until then, photos that come in wait: so scores of
    two scorers never mix.

    Args:
        model: what describes images.
        scorer: what is in charge first.
        queries: the photos that are searched for; may be empty.
        cache: what other searches have computed.
        text: the words that are searched for, instead of photos or beside them; None for none.

    Attributes:
        ranking: the scorer in charge, and what it makes of the photos.
        seen: the photos looked at, and their marks.
        near_duplicates: the pictures seen so far; from the start, query photos that a search has
            found.
    """

    def __init__(
        self,
        model: Model,
        scorer: CheckedScorer,
        queries: Sequence[QueryPhoto],
        cache: Cache | None = None,
        text: TextQuery | None = None,
    ) -> None:
        cache = cache or Cache()
        self.ranking = Ranking(scorer, None, None, {}, None)
        self.seen = SeenPhotos()
        self.near_duplicates = NearDuplicates()
        self._text = text
        self._features = FeatureTable(model.spec.name, cache)
        self._extractor = FeatureExtractor(model, self._features, cache, text)
        self._query = Query(model, self._features, queries, text)
        self._taking_over = asyncio.Lock()  # held while all photos are described again
        self._begun: asyncio.Future[list[Guess]] | None = None
        self._told: list[str] = []  # the photos of which the policy knows

    # -- While a search runs --------------------------------------------------------------------

    async def begin(self) -> list[Guess]:
        """Understand the query photos: once, though several services are searched for them.

        What failed is tried again when somebody asks again.

        Returns:
            The tags to start from, most probable first.

        Raises:
            BadPhoto, BadCrop, ScoreError, ModelError: they cannot be understood.
        """
        if self._begun is None:
            self._begun = asyncio.ensure_future(self._understand())
            self._begun.add_done_callback(self._understood)
        # The search of one service may be given up; the others still want to know.
        return await asyncio.shield(self._begun)

    def _understood(self, done: asyncio.Future[list[Guess]]) -> None:
        # Where all are given up, nobody asks why it failed. The next leg tries again.
        if done.cancelled() or done.exception():
            self._begun = None

    async def _understand(self) -> list[Guess]:
        self._query.require(self.scorer)
        async with self._query.decoded():
            classes, _ = await asyncio.gather(self._query.classes(), self._find_reference())
            self._query.introduce(self.near_duplicates, self.scorer)
        return await self._query.tags(classes, self.scorer.start)

    async def _find_reference(self) -> None:
        scorer = None
        while scorer is not self.scorer:
            scorer = self.scorer
            await self._query.describe(scorer)
        # Before any photo is scored: a scorer that never returns takes none with it.
        self.ranking = self._ranked_by(scorer)

    def _ranked_by(self, scorer: CheckedScorer, *, crowds: bool = False) -> Ranking:
        return rank(scorer, self._features, self.seen, self._query, crowds=crowds)

    async def look(self, photo: Photo, thumbnail: bytes, image: Image.Image) -> ScoredPhoto:
        """Describe and score a photo, and remember it among those seen.

        Raises:
            ScoreError, ModelError: it cannot be.
        """
        while True:
            scorer = self.scorer
            match = await self._extractor.photo(scorer, photo.id, lambda: image)
            async with self._taking_over:
                if scorer is self.scorer:
                    return self._looked_at(photo, thumbnail, match)

    def _looked_at(self, photo: Photo, thumbnail: bytes, match: float | None) -> ScoredPhoto:
        feature, alike = self._features.get(self.scorer, photo.id), None
        if self.reference and feature is not None:
            alike = self.scorer.embs2score(self.reference.source, feature)
        match = self._text.match(photo, match) if self._text else None
        return self._remember(SeenPhoto(photo, thumbnail, match), feature, alike)

    def compared(self, seen: SeenPhoto, feature: Feature, alike: float | None) -> ScoredPhoto:
        """Remember a photo that the scorer in charge has described and compared elsewhere.

        Args:
            seen: the photo.
            feature, alike: see `lookalike.ranking.rank.ScoredPhoto`.
        """
        self._features.put(self.scorer, seen.photo.id, feature)
        return self._remember(seen, feature, alike)

    def _remember(
        self, seen: SeenPhoto, feature: Feature | None, alike: float | None
    ) -> ScoredPhoto:
        scored = ScoredPhoto(seen, feature, alike, None)
        others = self.ranking.photos.values() if self.relative else ()
        score = among(scored, others, self.reference, self._text, crowds=True)
        self.seen.add(seen)
        return self._rate(replace(scored, score=score))

    def _rate(self, scored: ScoredPhoto) -> ScoredPhoto:
        self.ranking.photos[scored.seen.photo.id] = scored
        return scored

    def concerns(self, tag: str) -> bool:
        """Say whether what earlier searches know by a tag can be compared with the query."""
        return self._text is None or self.compares or self._text.concerns(tag)

    @property
    def compares(self) -> bool:
        """Whether any photo can be compared with the query, once that is understood.

        Else what the service returns for some words is all that says what they mean.
        """
        return self._text is None or not self._text.by_feedback or bool(self.scorer.start)

    def recall(self, known: Sequence[tuple[Photo, bytes]]) -> list[ScoredPhoto]:
        """Score photos that earlier searches have looked at, without looking at any.

        Args:
            known: photos and their thumbnails.

        Returns:
            Those that the scorer in charge has described and can score, best first, and in the
            order given where they score the same. They are not among those seen yet: see `take`.
        """
        found: dict[SeenPhoto, Feature | None] = {}
        for photo, thumbnail in known:
            if described := self._extractor.remembered(self.scorer, photo.id):
                feature, match = described
                match = self._text.match(photo, match) if self._text else None
                found[SeenPhoto(photo, thumbnail, match)] = feature
        with contextlib.suppress(ScoreError):  # the first look tells it
            scored = compare(self.scorer, self.reference, found, self._text).values()
            having = (each for each in scored if each.score is not None)
            return sorted(having, key=lambda each: -(each.score or 0.0))
        return []

    def take(self, scored: ScoredPhoto) -> None:
        """Have a photo that was recalled among those seen."""
        self._features.put(self.scorer, scored.seen.photo.id, scored.feature)
        self.seen.add(scored.seen)
        self._rate(scored)

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
        if self._text is None or photo not in self.ranking.photos:
            return self.outcome(photo)
        if self._text.told(photo):
            with contextlib.suppress(ScoreError):  # then the scores stay as they were
                self.refresh()
        scored = self.ranking.photos[photo]
        if scored.result is None:
            return None
        before = [self.ranking.photos[each] for each in self._told] if self.relative else ()
        score = among(scored, before, self.reference, self._text)
        self._told.append(photo)
        return None if score is None else (score, scored.result.feature)

    def outcome(self, photo: str) -> tuple[float, Feature] | None:
        """Give a photo's score and feature by its id, if it has a score.

        One that a filter keeps out has those of the worst seen so far.
        """
        photo = self.seen.first_of(photo)
        if self.seen.is_kept_out(photo):
            results = self.ranking.results()
            result = min(results, key=lambda each: each.score, default=None)
        else:
            scored = self.ranking.photos.get(photo)
            result = scored.result if scored else None
        return (result.score, result.feature) if result else None

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
        return text.by_feedback or (compares and self.reference is not None)

    @property
    def text(self) -> TextQuery | None:
        """The words that are searched for, if there are any."""
        return self._text

    @property
    def notices(self) -> list[Problem]:
        """What the person should know of their photos and words, once the search has begun."""
        notices = [Problem("photo-note", note, "") for note in self._query.notes]
        if self._text and self._text.problem:
            notices.append(self._text.problem)
        return notices

    @property
    def scorer(self) -> CheckedScorer:
        """The scorer in charge."""
        return self.ranking.scorer

    @property
    def reference(self) -> Reference | None:
        """What photos are compared with by the scorer in charge; None: words alone, or none yet."""
        return self.ranking.reference

    @property
    def empty(self) -> bool:
        """Whether there is no photo to try a scorer on."""
        return not (self._query.photos or len(self.seen))

    # -- Another scorer, or other examples -----------------------------------------------------

    def complete(self, scorer: CheckedScorer) -> bool:
        """Say whether this scorer, or one with its key, has described all there is."""
        described = all(self._extractor.is_done(scorer, some) for some in self.seen)
        return described and self._query.is_described(scorer)

    async def samples(self, scorer: CheckedScorer) -> tuple[list[Example], list[Result]]:
        """Have a scorer describe what it is to be tried on: queries, what is marked, one photo.

        Returns:
            The examples, at least one where the scorer has no START, and results beside them.

        Raises:
            LookalikeError: it cannot, or there is nothing to compare with.
        """
        await self._query.describe(scorer)
        if self._text:
            await self._text.read()
        results: list[Result] = []
        examples = self._query.examples(scorer, self.seen, marked=False)
        for index, some in enumerate(self.seen):
            if some.mark in MARKS or index == 0:
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

    async def take_over(
        self, scorer: CheckedScorer, progress: Callable[[int, int], None] = lambda *_: None
    ) -> list[str] | None:
        """Describe whatever this scorer has not described yet, and put it in charge.

        A photo that it cannot describe has no score.

        Args:
            scorer: to be in charge.
            progress: told how many of how many photos are done.

        Returns:
            As `rescore`.

        Raises:
            LookalikeError: a query photo cannot be described, or the scorer fails; then all stays
                as it was.
        """
        async with self._taking_over:
            self._features.keep(self.scorer, scorer)
            await self._query.describe(scorer)
            if self._text:
                await self._text.read()
            await self._extractor.describe_all(scorer, self.seen, progress)
            return self.rescore(scorer)

    def rescore(self, scorer: CheckedScorer) -> list[str] | None:
        """Score everything seen by a scorer that has described it; it is in charge from now on.

        Returns:
            The photos' ids, best first, where the scorer has its own order; else None.

        Raises:
            ScoreError: it fails; then all stays as it was.
        """
        self.ranking = self._ranked_by(scorer)
        self._features.keep(scorer)
        if self._text:
            self._text.crowds.clear()  # they were compared by other scores
        return self.ranking.order

    def refresh(self) -> list[str] | None:
        """Derive all scores again by the scorer in charge: see `relative`.

        Returns, raises:
            As `rescore`.
        """
        self.ranking = self._ranked_by(self.scorer, crowds=True)
        return self.ranking.order

    def order(self) -> list[str] | None:
        """Order all that have a score by `rank`, where the scorer in charge has it.

        Raises:
            ScoreError: it fails.
        """
        return self.scorer.rank(self.ranking.results()) if self.scorer.has("rank") else None
