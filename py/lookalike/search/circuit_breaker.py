"""Waiting out a service that does not answer, without asking it more than need be."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from lookalike.errors import ClosedError, PassingError, Problem

T = TypeVar("T")


class CircuitBreaker:
    """A gate before one service. It shuts when requests fail; then a single one tries again.

    While it is shut, everybody else waits, so that a lost network costs one request every few
    seconds and not all that were planned. Each request gives up after a few attempts of its own,
    for the fault may be its own; the next in line takes over. Where the service says when it takes
    requests again (`PassingError.wait`), the gate shuts at once, and nobody tries before.

    Args:
        report: told of the problem when the gate shuts, and of None when it opens.
        tolerance: how many failures in a row shut it.
        attempts: how often one request is tried.
        patience: seconds without an answer after which no more is hoped for.
        sleep: how to wait; a test passes its own.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        report: Callable[[Problem | None], None],
        *,
        tolerance: int,
        attempts: int,
        patience: float,
        sleep: Callable[[float], Awaitable[None]],
        clock: Callable[[], float],
    ) -> None:
        self._report = report
        self._tolerance = tolerance
        self._attempts = attempts
        self._patience = patience
        self._sleep = sleep
        self._clock = clock
        self._probe = asyncio.Lock()
        self._failures = 0
        self._since: float | None = None
        self._again = 0.0  # when the service takes requests again, as far as it says

    @property
    def _shut(self) -> bool:
        return self._failures >= self._tolerance

    async def attempt(self, request: Callable[[], Awaitable[T]]) -> T:
        """Make `request`, again while it fails in passing.

        Raises:
            PassingError: this request failed every time.
            ClosedError: the service has not answered anybody for too long.
            lookalike.errors.SourceError: what `request` raises besides.
        """
        for attempt in range(1, self._attempts + 1):
            try:
                if not self._shut:
                    return await self._once(request)
                async with self._probe:
                    # The one before may have found it open again.
                    if self._shut:
                        pause = min(8.0, 2.0 ** (attempt - 1))
                        await self._sleep(max(pause, self._again - self._clock()))
                        return await self._once(request)
                return await self._once(request)
            except PassingError as error:
                if self._shut and self._waited() > self._patience:
                    raise ClosedError(str(error), GIVEN_UP) from error
                if attempt == self._attempts:
                    raise
        raise AssertionError("unreachable: attempts is at least 1")

    async def _once(self, request: Callable[[], Awaitable[T]]) -> T:
        try:
            answer = await request()
        except PassingError as error:
            now, was_shut = self._clock(), self._shut
            self._failures = max(self._failures + 1, self._tolerance if error.wait > 0 else 0)
            self._since = now if self._since is None else self._since
            self._again = max(self._again, now + error.wait)
            if self._shut and not was_shut:
                self._report(error.problem)
            raise
        if self._shut:
            self._report(None)
        self._failures = 0
        self._since = None
        return answer

    def _waited(self) -> float:
        return 0.0 if self._since is None else self._clock() - self._since


GIVEN_UP = "What was found stays here. Search again when the service can be reached."
