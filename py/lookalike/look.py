"""Looking at one photo: fetch, decode, describe, compare."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from PIL import Image

from lookalike.cache import Cache
from lookalike.guess import guesses
from lookalike.images import open_image
from lookalike.model import Model
from lookalike.outage import Outage
from lookalike.photo import Photo
from lookalike.policy import Guess
from lookalike.scorer import CheckedScorer, Feature
from lookalike.sources.source import Source

T = TypeVar("T")


class Runner(Protocol):
    """How a source's plain functions are run so that several can be under way at once."""

    async def __call__(self, function: Callable[..., T], /, *args: object) -> T:
        """Return what `function(*args)` returns, or raise what it raises."""


@dataclass(frozen=True, slots=True)
class Query:
    """The query photo, understood."""

    feature: Feature
    guesses: tuple[Guess, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a photo gave."""

    score: float
    feature: Feature
    image: Image.Image
    thumbnail: bytes


class Looker:
    """Looks at photos for one search.

    Args:
        source, model, scorer: where thumbnails come from, what describes and what compares them.
        run: how the source's functions are run.
        outage: the gate before the source's image host.
        cache: what other searches have fetched and computed.
    """

    def __init__(
        self,
        source: Source,
        model: Model,
        scorer: CheckedScorer,
        run: Runner,
        outage: Outage,
        cache: Cache,
    ) -> None:
        self._source = source
        self._model = model
        self._scorer = scorer
        self._run = run
        self._outage = outage
        self._cache = cache

    async def query(self, data: bytes) -> Query:
        """Understand the query photo.

        Raises:
            BadPhoto, ScoreError, ModelError: it cannot be.
        """
        image = open_image(data)
        feature, found = await asyncio.gather(
            self._scorer.get_feature(self._model, image), guesses(self._model, image)
        )
        return Query(feature, tuple(found))

    async def photo(self, photo: Photo, query: Query) -> Look:
        """Look at a photo.

        Raises:
            SourceError, BadPhoto, ScoreError, ModelError: it cannot be looked at.
        """
        thumbnail = await self._thumbnail(photo)
        image = open_image(thumbnail)
        # Only now, so that a file that came broken is fetched anew by the next search.
        self._cache.thumbnails.put(photo.id, thumbnail)
        key = (self._model.spec.name, self._scorer.layer, photo.id)
        feature = self._cache.features.get(key)
        if feature is None:
            feature = await self._scorer.get_feature(self._model, image)
            self._cache.features.put(key, feature)
        score = self._scorer.embs2score(query.feature, feature)
        return Look(score, feature, image, thumbnail)

    async def _thumbnail(self, photo: Photo) -> bytes:
        thumbnail = self._cache.thumbnails.get(photo.id)
        if thumbnail is None:
            request: Callable[[], Awaitable[bytes]] = lambda: self._run(  # noqa: E731
                self._source.thumbnail, photo
            )
            thumbnail = await self._outage.attempt(request)
        return thumbnail
