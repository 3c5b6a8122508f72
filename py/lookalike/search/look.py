"""Looking at one photo: fetch, decode, describe, compare."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PIL import Image

from lookalike.images import open_image
from lookalike.photo import Photo
from lookalike.pictures import Pictures, pixels_of
from lookalike.ranking.cache import Cache
from lookalike.ranking.ranker import Judge
from lookalike.ranking.scored_photos import Sighting
from lookalike.search.circuit_breaker import Outage
from lookalike.search.filter_tally import Sieve
from lookalike.sources.source import Runner, Source


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a photo gave.

    Attributes:
        sighting: the photo as the judge remembers it, whose score may change later; None where
            its pixels show that the filters keep it out, or that it is a placeholder.
        image: the photo.
        pixels: see `lookalike.pictures.pixels_of`.
        repeats: the id of the photo of this service that was looked at before and has the very
            same picture; None where there is none.
    """

    sighting: Sighting | None
    image: Image.Image
    pixels: bytes
    repeats: str | None = None


class Looker:
    """Looks at photos for one search.

    Args:
        source, judge: where thumbnails come from, and what describes and compares them.
        run: how the source's functions are run.
        outage: the gate before the source's image host.
        cache: what other searches have fetched.
        sieve: the search's filters.

    Attributes:
        outage: as given; another one may take its place.
    """

    def __init__(
        self,
        source: Source,
        judge: Judge,
        run: Runner,
        outage: Outage,
        cache: Cache,
        sieve: Sieve,
    ) -> None:
        self._source = source
        self._judge = judge
        self._run = run
        self.outage = outage
        self._cache = cache
        self._sieve = sieve
        self._pictures = Pictures()
        self._done: dict[str, asyncio.Event] = {}

    async def photo(self, photo: Photo) -> Look:
        """Look at a photo.

        Raises:
            SourceError, BadPhoto, ScoreError, ModelError: it cannot be looked at.
        """
        thumbnail = await self._thumbnail(photo)
        image = open_image(thumbnail)
        # Only now, so that a file that came broken is fetched anew by the next search.
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

    async def _seen(self, photo: Photo, thumbnail: bytes, image: Image.Image) -> Sighting | None:
        if not self._sieve.admits(photo, image):
            self._judge.seen.keep_out(photo.id)
            return None
        return await self._judge.look(photo, thumbnail, image)

    async def _thumbnail(self, photo: Photo) -> bytes:
        thumbnail = self._cache.thumbnails.get(photo.id)
        if thumbnail is None:
            request: Callable[[], Awaitable[bytes]] = lambda: self._run(  # noqa: E731
                self._source.thumbnail, photo
            )
            thumbnail = await self.outage.attempt(request)
        return thumbnail
