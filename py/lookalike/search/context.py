"""What a search works with, and how much of it goes on at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from lookalike.awake import AwakeClock
from lookalike.budget import CALLS_AT_ONCE
from lookalike.ranking.cache import Cache
from lookalike.search.pool import Pool
from lookalike.search.rate_limiter import RateLimiter
from lookalike.sources.source import Runner, Source


@dataclass(frozen=True, slots=True)
class Limits:
    """How much goes on at once.

    Attributes:
        calls: API calls under way; a service may take fewer (`Capabilities.at_once`).
        looks: photos under way; None for `lookalike.budget.looks_at_once`. Image hosts refuse those
            who fetch many more than that at once.
        patience: seconds that later outcomes wait for an earlier one before they overtake it.
        breaker: seconds without any answer after which a service is given up.
    """

    calls: int = CALLS_AT_ONCE
    looks: int | None = None
    patience: float = 3.0
    breaker: float = 60.0


@dataclass(frozen=True, slots=True)
class SearchContext:
    """What a search works with.

    Attributes:
        source: the photo service.
        run: how the source's functions are run so that they overlap.
        cache: what is remembered from search to search.
        pool: what each search starts from, and adds to; None where each starts from nothing.
        clock, sleep, now: seconds awake, a pause, and Unix time in seconds.
        rate_limiter: counts the calls of all searches of the service; None where it sets no limit.
        called: told after each call that the rate limiter has counted.
    """

    source: Source
    run: Runner = asyncio.to_thread
    cache: Cache | None = None
    pool: Pool | None = None
    clock: Callable[[], float] = field(default_factory=AwakeClock)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    now: Callable[[], float] = time.time
    rate_limiter: RateLimiter | None = None
    called: Callable[[], object] = lambda: None
