"""The looks of one search at photos: how many, and which failures end it."""

from collections.abc import Callable, Coroutine
from typing import Any

from lookalike.cache import Cache
from lookalike.errors import ClosedError, LookalikeError, ModelError, Problem, ScoreError
from lookalike.judge import Judge
from lookalike.look import Look, Looker
from lookalike.outage import Outage
from lookalike.photo import Photo
from lookalike.shares import Share
from lookalike.sieve import Sieve
from lookalike.toolbox import Limits, Toolbox

HOPELESS = 8
"""After this many looks in a row that failed by the measure or the model, the search gives up."""


class Looks:
    """Looks at photos for one search, each once.

    Args:
        tools: what to work with.
        limits: how much goes on at once.
        sieve: the search's filters.
        judge: what describes and scores photos.
        share: how many may be looked at.
        free: so many that are kept out by their pixels do not count.
        report: told of what is wrong, as (with what, the problem), and of None when it is over.
        seen: told of a look as soon as it is done.
        skipped: told of one that failed.

    Attributes:
        made: photos looked at so far, without those that were kept out.
    """

    def __init__(
        self,
        tools: Toolbox,
        limits: Limits,
        sieve: Sieve,
        judge: Judge,
        share: Share,
        free: int,
        report: Callable[[str, Problem | None], None],
        seen: Callable[[Photo, Look], None],
        skipped: Callable[[Photo, LookalikeError], None],
    ) -> None:
        self.made = 0
        self._judge, self._share, self._free = judge, share, free
        self._report, self._seen, self._skipped = report, seen, skipped
        self._begun: set[str] = set()
        self._failed_in_a_row = 0
        self._blamed: object = None  # the measure that failed last
        thumbnails = Outage(
            lambda problem: report("thumbnails", problem),
            tolerance=3,
            attempts=2,
            patience=limits.outage,
            sleep=tools.sleep,
            clock=tools.clock,
        )
        self._looker = Looker(
            tools.source, judge, tools.run, thumbnails, tools.cache or Cache(), sieve
        )

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

    async def _look(self, photo: Photo) -> Look | None:
        try:
            look = await self._looker.photo(photo)
        except LookalikeError as error:
            self._skipped(photo, error)
            return None
        if look.sighting:
            self.made += 1
            self._failed_in_a_row = 0
            if self._blamed not in (None, self._judge.measure):
                self._blamed = None
                self._report("the measure", None)
        self._seen(photo, look)
        return look

    def settle(self, look: Look | None) -> None:
        """Take a look back from what may be spent, where it came to nothing."""
        if look is None:
            self._share.give_back()
        elif look.sighting is None and self._free > 0:
            self._free -= 1
            self._share.give_back()

    def hopeless(self, error: LookalikeError) -> bool:
        """Say whether a look that failed so ends the search."""
        if isinstance(error, ScoreError | ModelError):
            self._failed_in_a_row += 1
            self._blamed = self._judge.measure
            self._report("the measure", error.problem)
            return self._failed_in_a_row >= HOPELESS
        # The image host answers no more, so nothing more can be looked at.
        return isinstance(error, ClosedError)
