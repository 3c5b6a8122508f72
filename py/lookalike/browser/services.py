"""The photo services that a page can search, and the calls that each has taken.

Imports neither `js` nor `pyodide`, so that it is tested without a browser.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from lookalike.browser.protocol import CallsMade, ServiceChoice
from lookalike.errors import SourceError
from lookalike.ranking.cache import Cache
from lookalike.search.context import SearchContext
from lookalike.search.pool import Pool
from lookalike.search.rate_limiter import RateLimiter
from lookalike.sources.named import Named
from lookalike.sources.source import Runner, Source, capabilities, costing_one_answer, read_by


class Services:
    """Photo services by their names, in the order in which they are offered.

    Args:
        sources: one or more, whose names are distinct.
        emit: called with the calls made to a service that sets a limit, after each.
        run, cache, sleep, now: see `SearchContext`.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        emit: Callable[[CallsMade], object] = lambda _: None,
        *,
        run: Runner = asyncio.to_thread,
        cache: Cache | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._emit, self._run, self._sleep, self._now = emit, run, sleep, now
        self.cache, self._pool = cache or Cache(), Pool(now=now)
        self._boxes = {capabilities(source).name: self._box(source) for source in sources}

    def _box(self, source: Source) -> SearchContext:
        can = capabilities(source)
        box = SearchContext(
            source, self._run, self.cache, self._pool, sleep=self._sleep, now=self._now
        )
        if can.per_minute is None and can.per_day is None:
            return box
        rate_limiter = RateLimiter(
            can.title, can.per_minute, can.per_day, now=self._now, sleep=self._sleep
        )

        def called() -> None:
            self._emit(CallsMade(can.name, rate_limiter.made))

        return replace(box, rate_limiter=rate_limiter, called=called)

    def recall(self, name: str, url: str, words: str, body: bytes, at: float) -> bool:
        """Take in what a service has answered in an earlier visit, or to an earlier engine.

        It is read as if it had just come. The newest answer is to come first.

        Args:
            name: the service's.
            url: the address that it answered.
            words: what was searched for.
            body: the answer.
            at: when it came, in Unix seconds.

        Returns:
            Whether there is room for older ones.
        """
        box = self._boxes.get(name)
        if box is None:
            return True
        try:
            with costing_one_answer(box.source):
                photos = read_by(Named(box.source), body)
        except SourceError:
            return True  # it says that something was wrong: that may be over
        return self._pool.recall(capabilities(box.source), url, words, photos, at)

    def forget(self) -> None:
        """Forget what searches have found; what runs keeps what it has."""
        self._pool.clear()
        self.cache.clear()

    @property
    def choices(self) -> list[ServiceChoice]:
        """What there is, as the page offers it."""
        cans = [capabilities(box.source) for box in self._boxes.values()]
        return [
            ServiceChoice(
                can.name, can.title, can.key, sorted(can.filters), can.per_minute, can.per_day
            )
            for can in cans
        ]

    def learn(self, made: Mapping[str, Iterable[float]]) -> None:
        """Count the calls that the page knows of: of earlier visits, and of other tabs."""
        for name, times in made.items():
            box = self._boxes.get(name)
            if box and box.rate_limiter:
                box.rate_limiter.learn(times)

    def get(self, name: str) -> SearchContext | None:
        """Give what a search of this service works with; None where there is no such service."""
        return self._boxes.get(name)
