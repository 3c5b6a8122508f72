"""What photos are compared by: the measure in charge, and the examples of what is wanted."""

import asyncio
import contextlib
import itertools
import operator
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from lookalike.cache import Cache
from lookalike.errors import LookalikeError, Problem, ScoreError
from lookalike.guess import guesses, merged
from lookalike.images import prepare
from lookalike.model import Model
from lookalike.photo import Photo
from lookalike.policy import Guess
from lookalike.queries import QueryPhoto
from lookalike.scorer import CheckedScorer, Example, Feature, Result
from lookalike.seen import MARKS, Seen, Sighting
from lookalike.text.beside import Beside
from lookalike.text.query import TextQuery

NOTHING: Any = object()
"""The source of a measure where there is only text to compare photos with."""

AT_ONCE = 4
"""Photos described anew at the same time: networks in several workers, and the next decoded."""


@dataclass(frozen=True, slots=True)
class _Ranking:
    """What a measure makes of all photos seen, before it is taken over."""

    source: Any
    features: dict[Sighting, Feature | None]
    alike: dict[Sighting, float | None]
    scores: dict[Sighting, float | None]
    order: list[str] | None


class _Query:
    def __init__(self, photo: QueryPhoto) -> None:
        self.photo = photo
        self.features: dict[object, Feature] = {}  # by the key of the measure that made each
        self.image: Image.Image | None = None  # while it is decoded

    def opened(self) -> Image.Image:
        return self.image or self.photo.opened()


class Judge:
    """Scores the photos of one search, while it runs and after.

    The measure may be replaced at any time. Until all photos seen so far are described by the new
    one, the old one's scores stand, and further looks wait: so scores of two measures never mix.

    Args:
        model: what describes images.
        measure: what is in charge first.
        queries: the photos that are searched for; may be empty.
        cache: what other searches have computed.
        origin: the source's name, for the cache.
        text: the words that are searched for, instead of photos or beside them; None for none.

    Attributes:
        measure: what is in charge.
        seen: the photos looked at, their scores and their marks.
    """

    def __init__(
        self,
        model: Model,
        measure: CheckedScorer,
        queries: Sequence[QueryPhoto],
        cache: Cache | None = None,
        origin: str = "",
        text: TextQuery | None = None,
    ) -> None:
        self._model, self._origin, self._text = model, origin, text
        self._cache = cache or Cache()
        self.measure = measure
        self.seen = Seen()
        self._queries = [_Query(photo) for photo in queries]
        self._source: Any = None
        self._sourced_by: CheckedScorer | None = None
        self._begun: asyncio.Future[list[Guess]] | None = None
        self._rows: list[Feature] = []
        self._matrix: Feature | None = None  # of these rows
        self._staged: dict[str, Feature | None] = {}  # by photo, for the measure to come
        self._staged_key: object = None
        self._told: list[Sighting] = []  # of which the policy knows
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
        if not (self._queries or self.measure.start or self._text):
            raise ScoreError(
                "There is no photo to search with.",
                'Choose a photo, or name words to start from in score.py: START = ["lynx"].',
            )
        try:
            for query in self._queries:
                query.image = query.photo.opened()
            wanted = [query for query in self._queries if query.photo.weight > 0]
            found, _ = await asyncio.gather(
                asyncio.gather(*(guesses(self._model, query.opened()) for query in wanted)),
                self._find_source(),
            )
        finally:
            for query in self._queries:
                query.image = None  # it may be large
        weighted: list[tuple[float, Sequence[Guess]]] = [
            (query.photo.weight, some) for query, some in zip(wanted, found, strict=True)
        ]
        if self._text:
            reading = await self._text.read()
            # Beside a photo, words are no more than what they say: the rest is in the photo.
            weighted = weighted if self._queries else [(1.0, reading.near)]
            return merged(weighted, (*reading.asked, *self.measure.start))
        return merged(weighted, self.measure.start)

    async def _find_source(self) -> None:
        while self._sourced_by is not (measure := self.measure):
            await self._describe_queries(measure)
            if measure is self.measure:
                self._source = self._source_of(measure)
                self._sourced_by = measure

    def _source_of(self, measure: CheckedScorer) -> Any:  # noqa: ANN401 - score.py's own
        """Make what photos are compared with; `NOTHING` where there are words alone so far."""
        examples = self._examples(measure)
        alone = self._text is not None and not (examples or measure.start)
        return NOTHING if alone else measure.source(examples)

    async def look(self, photo: Photo, thumbnail: bytes, image: Image.Image) -> Sighting:
        """Describe and score a photo, and remember it among those seen.

        Raises:
            ScoreError, ModelError: it cannot be.
        """
        while True:
            await self._settled.wait()
            measure = self.measure
            feature, match = await self._described(measure, photo.id, lambda: image)
            if measure is self.measure and self._settled.is_set():
                break
        source = self._source
        alike = None if source is NOTHING else measure.embs2score(source, feature)
        match = self._text.match(photo, match) if self._text else None
        sighting = Sighting(photo, thumbnail, measure.key, feature, alike=alike, match=match)
        self.remember(sighting)
        return sighting

    def remember(self, sighting: Sighting) -> None:
        """Score a photo that is described and compared by the measure in charge, and keep it."""
        sighting.score = self._score_among(sighting, self.seen, crowds=True)
        self.seen.add(sighting)

    def _score_among(
        self, sighting: Sighting, others: Iterable[Sighting], *, crowds: bool = False
    ) -> float | None:
        if self._text is None:
            return sighting.alike
        alike = {some: some.alike for some in (*(others if self.relative else ()), sighting)}
        scores = self._text.scores(alike, alone=self._source is NOTHING, crowds=crowds)
        return scores[sighting]

    # -- What comes in, in the order of the policy's decisions -----------------------------------

    def answered(self, tag: str, photos: Sequence[Photo]) -> None:
        """Take in an answer of the service."""
        if self._text:
            self._text.answered(tag, photos)

    def told(self, photo: str) -> tuple[float, Feature] | None:
        """Give what the policy is told of a photo that was looked at, by its id.

        Returns:
            Its score, which hangs on the photos told before and on no later one (see
            `lookalike.text.blend`), and its feature; None where the measure makes nothing of it.
        """
        sighting = self.seen.get(photo)
        if self._text is None or sighting is None:
            return self.seen.outcome(photo)
        if self._text.told(photo):
            with contextlib.suppress(ScoreError):  # then the scores stay as they were
                self.refresh()
        if sighting.result is None:
            return None
        score = self._score_among(sighting, self._told)
        self._told.append(sighting)
        return None if score is None else (score, sighting.result.feature)

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
    def notice(self) -> Problem | None:
        """What the person should know of their words, once the search has begun."""
        return self._text.problem if self._text else None

    @property
    def source(self) -> Any:  # noqa: ANN401 - score.py's own
        """What photos are compared with by the measure in charge, once `begin` has made it."""
        return self._source

    @property
    def empty(self) -> bool:
        """Whether there is no photo to try a measure on."""
        return not (self._queries or len(self.seen))

    # -- Another measure, or other examples -----------------------------------------------------

    def complete(self, measure: CheckedScorer) -> bool:
        """Say whether this measure, or one with its key, has described all there is."""
        return all(measure.key in query.features for query in self._queries) and all(
            self._known(measure, some) for some in self.seen
        )

    async def check(self, measure: CheckedScorer) -> None:
        """See that a measure works: on the queries, what is marked, and one photo.

        Raises:
            LookalikeError: it does not.
        """
        await self._describe_queries(measure)
        if self._text:
            await self._text.read()
        results: list[Result] = []
        examples = self._examples(measure, marked=False)
        for index, some in enumerate(self.seen):
            if some.mark in MARKS or index == 0:
                feature = self._lookup(measure, some)
                if feature is None:
                    feature = await self._feature(measure, some.photo.id, some.opened)
                results.append(Result(some.photo, 0.0, feature))
                if some.mark in MARKS:
                    examples.append(Example(feature, MARKS[some.mark], some.mark))
        if self._text and not (examples or measure.start):
            # Compared with the words alone: so the photo is compared with itself.
            examples = [Example(each.feature, 1.0, "liked") for each in results[:1]]
        if not (examples or measure.start):
            raise ScoreError(
                "The search on show has no photo that this measure could compare with.",
                'Search with a photo, then run it again; or name words in it: START = ["lynx"].',
            )
        # The query is compared with itself where nothing has been seen.
        results = results or [Result(Photo("query"), 0.0, each.feature) for each in examples[:1]]
        try_out(measure, examples, results)

    async def describe(
        self, measure: CheckedScorer, progress: Callable[[int, int], None] = lambda *_: None
    ) -> None:
        """Describe whatever this measure has not described yet; looks wait until `rescore`.

        A photo that it cannot describe will have no score.

        Args:
            measure: to be in charge soon.
            progress: told how many of how many photos are done.

        Raises:
            LookalikeError: a query photo cannot be described.
        """
        turn = self._describing = object()
        self._settled.clear()
        if self._staged_key != measure.key:
            self._staged, self._staged_key = {}, measure.key
        try:
            await self._describe_queries(measure)
            if self._text:
                await self._text.read()
            missing = [some for some in self.seen if not self._known(measure, some)]
            if missing:
                progress(0, len(missing))
                done = itertools.count(1)
                waiting = iter(missing)
                lanes = (
                    self._describe_each(
                        measure, waiting, lambda: progress(next(done), len(missing))
                    )
                    for _ in range(AT_ONCE)
                )
                await _together(lanes)
        except BaseException:
            if self._describing is turn:
                self._settled.set()
            raise

    async def _describe_each(
        self, measure: CheckedScorer, waiting: Iterator[Sighting], tell: Callable[[], None]
    ) -> None:
        for some in waiting:
            try:
                feature, match = await self._described(measure, some.photo.id, some.opened)
            except LookalikeError:
                self._stage(measure, some, None)
            else:
                if some.match is None and self._text:
                    some.match = self._text.match(some.photo, match)
                self._stage(measure, some, feature)
            tell()
            await asyncio.sleep(0)

    def rescore(self, measure: CheckedScorer) -> list[str] | None:
        """Score everything seen by a measure that has described it; it is in charge from now on.

        Returns:
            The photos' ids, best first, where the measure has its own order; else None.

        Raises:
            ScoreError: it fails; then all stays as it was.
        """
        try:
            ranking = self._ranked_by(measure)
        finally:
            self._describing = None
            self._settled.set()
        self._adopt(ranking, measure)
        if self._text:
            self._text.crowds.clear()  # they were compared by other scores
        self._staged, self._staged_key = {}, None
        return ranking.order

    def refresh(self) -> list[str] | None:
        """Derive all scores anew by the measure in charge: see `relative`.

        Returns, raises:
            As `rescore`.
        """
        ranking = self._ranked_by(self.measure, crowds=True)
        self._adopt(ranking, self.measure)
        return ranking.order

    def _ranked_by(self, measure: CheckedScorer, *, crowds: bool = False) -> "_Ranking":
        source = self._source_of(measure)
        features = {some: self._lookup(measure, some) for some in self.seen}
        described = {some: each for some, each in features.items() if each is not None}
        values: list[float | None] = [None] * len(described)
        if source is not NOTHING:
            values = measure.scores(source, self._matrix_of(measure, list(described.values())))
        alike = dict(zip(described, values, strict=True))
        scores = alike
        if self._text:
            scores = self._text.scores(alike, alone=source is NOTHING, crowds=crowds)
        results = [
            Result(some.photo, score, described[some])
            for some, score in scores.items()
            if score is not None
        ]
        order = measure.rank(results) if measure.has("rank") else None
        return _Ranking(source, features, alike, scores, order)

    def _adopt(self, ranking: "_Ranking", measure: CheckedScorer) -> None:
        for some, feature in ranking.features.items():
            some.key, some.feature = measure.key, feature
            some.alike, some.score = ranking.alike.get(some), ranking.scores.get(some)
        self.measure, self._source, self._sourced_by = measure, ranking.source, measure

    def order(self) -> list[str] | None:
        """Order all that have a score by `rank`, where the measure in charge has it.

        Raises:
            ScoreError: it fails.
        """
        return self.measure.rank(self.seen.results()) if self.measure.has("rank") else None

    # -- Features -------------------------------------------------------------------------------

    def _examples(self, measure: CheckedScorer, *, marked: bool = True) -> list[Example]:
        examples = [
            Example(query.features[measure.key], query.photo.weight, "query")
            for query in self._queries
            if measure.key in query.features
        ]
        for example in self._text.examples if self._text else ():
            some = self.seen.get(example)
            feature = self._lookup(measure, some) if some else None
            if feature is not None:
                examples.append(Example(feature, 1.0, "query"))
        for some in self.seen if marked else ():
            feature = self._lookup(measure, some) if some.mark in MARKS else None
            if feature is not None:
                examples.append(Example(feature, MARKS[some.mark], some.mark))
        return examples

    async def _describe_queries(self, measure: CheckedScorer) -> None:
        for query in self._queries:
            if measure.key not in query.features:
                feature = await measure.get_feature(self._model, query.opened())
                query.features[measure.key] = feature

    def _matrix_of(
        self, measure: CheckedScorer, features: list[Feature]
    ) -> Sequence[Feature] | Feature:
        """Lay features under one another, once for all measures that take them so."""
        if not measure.has("embs2scores"):
            return features
        before = self._rows
        if len(before) != len(features) or not all(map(operator.is_, before, features)):
            self._matrix, self._rows = np.stack(features) if features else None, features
        return features if self._matrix is None else self._matrix

    def _known(self, measure: CheckedScorer, some: Sighting) -> bool:
        if self._text and self._text.matcher and some.match is None:
            return False
        staged = self._staged_key == measure.key and some.photo.id in self._staged
        return some.key == measure.key or staged or self._lookup(measure, some) is not None

    def _lookup(self, measure: CheckedScorer, some: Sighting) -> Feature | None:
        if some.key == measure.key:
            return some.feature
        if self._staged_key == measure.key and some.photo.id in self._staged:
            return self._staged[some.photo.id]
        return self._cache.features.get(self._cached_as(measure, some.photo.id))

    def _stage(self, measure: CheckedScorer, some: Sighting, feature: Feature | None) -> None:
        if self._staged_key == measure.key:
            self._staged[some.photo.id] = feature

    async def _described(
        self, measure: CheckedScorer, photo: str, opened: Callable[[], Image.Image]
    ) -> tuple[Feature, float | None]:
        """Describe a photo by the measure and, where there are words, by how it matches them."""
        matcher = self._text.matcher if self._text else None
        if matcher is None:
            return await self._feature(measure, photo, opened), None
        key = (self._model.spec.name, matcher.layer, self._origin, photo)
        output = self._cache.outputs.get(key)
        if output is not None:
            return await self._feature(measure, photo, opened), matcher.match(output)
        image = opened()
        beside = Beside(self._model, prepare(image, self._model.spec), matcher.layer)
        feature = await self._feature(measure, photo, lambda: image, beside)
        output = await beside.read()
        self._cache.outputs.put(key, output)
        return feature, matcher.match(output)

    async def _feature(
        self,
        measure: CheckedScorer,
        photo: str,
        opened: Callable[[], Image.Image],
        model: Model | None = None,
    ) -> Feature:
        key = self._cached_as(measure, photo)
        feature = self._cache.features.get(key)
        if feature is None:
            feature = await measure.get_feature(model or self._model, opened())
            self._cache.features.put(key, feature)
        return feature

    def _cached_as(self, measure: CheckedScorer, photo: str) -> tuple[object, ...]:
        return self._model.spec.name, *measure.key, self._origin, photo


async def _together(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Wait for coroutines; the first that fails, or being cancelled, ends the others."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def try_out(measure: CheckedScorer, examples: Sequence[Example], results: Sequence[Result]) -> None:
    """Use everything that a measure defines, once.

    Raises:
        ScoreError: something of it fails.
    """
    source = measure.source(examples)
    features = [example.feature for example in examples] + [each.feature for each in results]
    for result in results:
        score = measure.embs2score(source, result.feature)
        if measure.has("rank"):
            measure.rank([Result(result.photo, score, result.feature)])
    measure.scores(source, features)
