"""Answers of services that came before this engine was there: of earlier visits, and other engines.

The courier keeps them (site/js/courier/kept.js), and gives some at a time. Imports neither `js` nor
`pyodide`, so that it is tested without a browser.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from lookalike.browser.services import Services

HEAD_START = 0.3
"""Seconds that a search waits for what is on its way: a call to a service takes as long."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer; the fields are those of `Services.recall`."""

    source: str
    url: str
    words: str
    body: bytes
    at: float


async def _none() -> Sequence[StoredAnswer]:
    return ()


class KeptAnswers:
    """Takes them in while nothing else is to be done, the newest first.

    Args:
        services: what they are answers of.
        more: gives the next few; none where there are no more.
    """

    def __init__(
        self, services: Services, more: Callable[[], Awaitable[Sequence[StoredAnswer]]] = _none
    ) -> None:
        self._services, self._more = services, more
        self._task: asyncio.Task[None] | None = None
        self._free = asyncio.Event()
        self._free.set()
        self._searches = 0

    def begin(self) -> None:
        """Begin to take them in."""
        self._task = asyncio.ensure_future(self._take_in())

    def end(self) -> None:
        """Take in no more of them, not even those that are on their way."""
        if self._task:
            self._task.cancel()

    async def head_start(self) -> None:
        """Wait until all are there, but no longer than is worth it."""
        if self._task:
            await asyncio.wait([self._task], timeout=HEAD_START)

    @contextlib.contextmanager
    def resting(self) -> Iterator[None]:
        """Take in none meanwhile: a search has begun, and would not know them any more."""
        self._searches += 1
        self._free.clear()
        try:
            yield
        finally:
            self._searches -= 1
            if not self._searches:
                self._free.set()

    async def _take_in(self) -> None:
        while answers := await self._more():
            for kept in answers:
                await self._free.wait()
                room = self._services.recall(kept.source, kept.url, kept.words, kept.body, kept.at)
                if not room:
                    return
                await asyncio.sleep(0)  # others get their turn
