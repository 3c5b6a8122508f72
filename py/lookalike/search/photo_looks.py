"""The looks of one search at photos: how many, and which failures end it."""

from collections.abc import Callable, Coroutine
from typing import Any

from lookalike.errors import (
    ClosedError,
    LookalikeError,
    ModelError,
    Placeholder,
    Problem,
    ScoreError,
)
from lookalike.photo import Photo
from lookalike.ranking.cache import Cache
from lookalike.ranking.ranker import Ranker
from lookalike.scorer.scorer import Feature
from lookalike.search.circuit_breaker import CircuitBreaker
from lookalike.search.context import Limits, SearchContext
from lookalike.search.ending import SCORER
from lookalike.search.filter_tally import FilterTally
from lookalike.search.look import Look, Looker
from lookalike.search.photo_quota import PhotoQuota
from lookalike.sources.source import capabilities

HOPELESS = 8
"""After this many looks in a row that failed by one scorer or the model, the search gives up."""


class PhotoLooks:
    """Looks at photos for one search, each once; at none before `allow`.

    Args:
        tools: what to work with.
        limits: how much goes on at once.
        filter_tally: the search's filters.
        ranker: what describes and scores photos.
        report: told of what is wrong, as (with what, the problem), and of None when it is over.
        seen: told of a look as soon as it is done.
        skipped: told of one that failed.
    """

    def __init__(
        self,
        tools: SearchContext,
        limits: Limits,
        filter_tally: FilterTally,
        ranker: Ranker,
        report: Callable[[str, Problem | None], None],
        seen: Callable[[Photo, Look], None],
        skipped: Callable[[Photo, LookalikeError], None],
    ) -> None:
        self._ranker, self._share, self._free = ranker, PhotoQuota(0), 0
        self._report, self._seen, self._skipped = report, seen, skipped
        self._service = capabilities(tools.source).title
        self._begun: set[str] = set()
        self._recalled = 0  # of these, looked at in an earlier search
        self._shown: set[str] = set()  # whose looks gave something
        self._told: set[str] = set()
        self._failed_in_a_row = 0
        self._blamed: object = None  # the scorer that failed last
        self._tools, self._patience = tools, limits.breaker
        self._looker = Looker(
            tools.source, ranker, tools.run, self._opened(), tools.cache or Cache(), filter_tally
        )

    def _opened(self) -> CircuitBreaker:
        return CircuitBreaker(
            lambda problem: self._report("thumbnails", problem),
            tolerance=3,
            attempts=2,
            patience=self._patience,
            sleep=self._tools.sleep,
            clock=self._tools.clock,
        )

    def allow(self, share: PhotoQuota, free: int) -> None:
        """Look at more photos from now on.

        Args:
            share: how many may be looked at.
            free: so many that are kept out by their pixels, or are placeholders, do not count.
        """
        self._share, self._free, self._failed_in_a_row = share, free, 0
        self._looker.breaker = self._opened()

    def take_back(self, photo: Photo) -> None:
        """A look was cut short: it does not count, and may begin again."""
        self._begun.discard(photo.id)
        self._share.give_back()

    @property
    def made(self) -> int:
        """Photos looked at so far, without those that were kept out."""
        return len(self._shown)

    @property
    def begun(self) -> int:
        """Looks begun so far, whatever came of them; without those of earlier searches."""
        return len(self._begun) - self._recalled

    def begin(self, photo: Photo) -> Coroutine[Any, Any, Look | None]:
        """Begin to look at a photo; it counts from now on.

        Returns:
            What gives the look, or None where the photo cannot be looked at.

        Raises:
            RuntimeError: it was looked at before.
        """
        if photo.id in self._begun:
            raise RuntimeError(f"the policy looked twice at photo {photo.id}")
        self._begun.add(photo.id)
        self._share.take()
        return self._look(photo)

    def recall(self, photo: str, pixels: bytes) -> None:
        """Take in that a photo, by its id, was looked at in an earlier search: it costs nothing."""
        self._begun.add(photo)
        self._recalled += 1
        self._told.add(photo)
        self._looker.recall(photo, pixels)

    async def _look(self, photo: Photo) -> Look | None:
        try:
            look = await self._looker.photo(photo)
        except LookalikeError as error:
            self._skipped(photo, error)
            return None
        if photo.id in self._shown:
            return look  # begun again, although the one cut short came to its end
        if look.scored:
            self._shown.add(photo.id)
            self._failed_in_a_row = 0
            if self._blamed not in (None, self._ranker.scorer):
                self._blamed = None
                self._report(SCORER, None)
        if look.repeats:
            self._skipped(photo, self._placeholder())
        else:
            self._seen(photo, look)
        return look

    def _placeholder(self) -> Placeholder:
        return Placeholder(
            f"{self._service} sent a picture that it had sent for another photo already, as "
            "services do for photos that are no longer available."
        )

    def settle(self, look: Look | None) -> None:
        """Take a look back from what may be spent, where it came to nothing."""
        if look is None:
            self._share.give_back()
        elif look.scored is None and self._free > 0:
            self._free -= 1
            self._share.give_back()

    def told(self, photo: Photo, look: Look | None) -> tuple[float, Feature] | None:
        """Give what the policy is told of a look, in the order of its decisions; None: it is lost.

        Of several photos with one picture, the first that was decided on is told of, and the others
        are lost: so what the policy hears does not depend on which of them arrived first.
        """
        first = (look.repeats if look else None) or photo.id
        if look is None or first in self._told:
            return None
        self._told.add(first)
        if look.repeats:
            self._ranker.seen.equate(photo.id, look.repeats)
        return self._ranker.told(photo.id)

    def hopeless(self, error: LookalikeError) -> bool:
        """Say whether a look that failed so ends the search."""
        if isinstance(error, ScoreError | ModelError):
            if self._blamed is not self._ranker.scorer:
                self._failed_in_a_row = 0
            self._failed_in_a_row += 1
            self._blamed = self._ranker.scorer
            self._report(SCORER, error.problem)
            return self._failed_in_a_row >= HOPELESS
        # The image host answers no more, so nothing more can be looked at.
        return isinstance(error, ClosedError)
