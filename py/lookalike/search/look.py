"""Looking at one photo: fetch, decode, describe, compare."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PIL import Image

from lookalike.images import open_image
from lookalike.photo import Photo
from lookalike.pictures import Pictures, pixels_of
from lookalike.ranking.cache import Cache
from lookalike.ranking.rank import ScoredPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.search.circuit_breaker import CircuitBreaker
from lookalike.search.filter_tally import FilterTally
from lookalike.sources.source import Runner, Source, costing_one_answer


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a photo gave.

    Attributes:
        scored: the photo, and what it scores by the scorer of now; None where its pixels show that
            the filters keep it out, or that it is a placeholder.
        image: the photo.
        pixels: see `lookalike.pictures.pixels_of`.
        repeats: the id of the photo of this service that was looked at before and has the very
            same picture; None where there is none.
    """

    scored: ScoredPhoto | None
    image: Image.Image
    pixels: bytes
    repeats: str | None = None


class Looker:
    """Looks at photos for one search.

    Args:
        source, ranker: where thumbnails come from, and what describes and compares them.
        run: how the source's functions are run.
        breaker: the gate before the source's image host.
        cache: what other searches have fetched.
        filter_tally: the search's filters.

    Attributes:
        breaker: as given; another one may take its place.
    """

    def __init__(
        self,
        source: Source,
        ranker: Ranker,
        run: Runner,
        breaker: CircuitBreaker,
        cache: Cache,
        filter_tally: FilterTally,
    ) -> None:
        self._source = source
        self._ranker = ranker
        self._run = run
        self.breaker = breaker
        self._cache = cache
        self._filter_tally = filter_tally
        self._pictures = Pictures()
        self._done: dict[str, asyncio.Event] = {}

    async def photo(self, photo: Photo) -> Look:
        """Look at a photo.

        Raises:
            SourceError, BadPhoto, ScoreError, ModelError: it cannot be looked at.
        """
        thumbnail = await self._thumbnail(photo)
        image = open_image(thumbnail)
        # Only now, so that a file that came broken is fetched again by the next search.
        self._cache.thumbnails.put(photo.id, thumbnail)
        pixels = pixels_of(image)
        if first := self._pictures.find_pixels(photo.id, pixels):
            await self._done[first].wait()  # whoever asks for its score finds it
            return Look(None, image, pixels, first)
        done = self._done[photo.id] = asyncio.Event()
        try:
            return Look(await self._seen(photo, thumbnail, image), image, pixels)
        finally:
            done.set()

    def recall(self, photo: str, pixels: bytes) -> None:
        """Take in that a photo, by its id, was looked at in an earlier search."""
        self._pictures.find_pixels(photo, pixels)
        done = self._done[photo] = asyncio.Event()
        done.set()

    async def _seen(self, photo: Photo, thumbnail: bytes, image: Image.Image) -> ScoredPhoto | None:
        if not self._filter_tally.admits(photo, image):
            self._ranker.seen.keep_out(photo.id)
            return None
        return await self._ranker.look(photo, thumbnail, image)

    async def _thumbnail(self, photo: Photo) -> bytes:
        thumbnail = self._cache.thumbnails.get(photo.id)
        if thumbnail is None:
            request: Callable[[], Awaitable[bytes]] = lambda: self._run(  # noqa: E731
                self._source.thumbnail, photo
            )
            with costing_one_answer(self._source):
                thumbnail = await self.breaker.attempt(request)
        return thumbnail
