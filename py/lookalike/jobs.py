"""Calls and looks under way, and the order in which their outcomes are taken in."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Job:
    task: asyncio.Task[Any]
    deliver: Callable[[Any], None]
    tag: str | None  # of a call
    since: float | None = None  # when all others began to wait for it


class Jobs:
    """Tasks whose outcomes are delivered in the order in which they began, however long each takes.

    Args:
        patience: seconds that later outcomes wait for an earlier one before they overtake it.
        clock: seconds, monotonic.
    """

    def __init__(self, patience: float, clock: Callable[[], float]) -> None:
        self._patience, self._clock = patience, clock
        self._queue: deque[_Job] = deque()
        self._late: list[_Job] = []

    def start(
        self, work: Coroutine[Any, Any, T], deliver: Callable[[T], None], tag: str | None = None
    ) -> None:
        """Begin some work.

        Args:
            work: what is done.
            deliver: takes the outcome.
            tag: what a call asks for; None for a look.
        """
        self._queue.append(_Job(asyncio.ensure_future(work), deliver, tag))

    def __bool__(self) -> bool:
        """Whether anything is under way."""
        return bool(self._queue or self._late)

    @property
    def calls(self) -> int:
        """How many calls are under way."""
        return sum(job.tag is not None for job in self._all())

    @property
    def looks(self) -> int:
        """How many looks are under way."""
        return sum(job.tag is None for job in self._all())

    @property
    def asking(self) -> tuple[str, ...]:
        """The tags that are being asked."""
        return tuple(job.tag for job in self._all() if job.tag and not job.task.done())

    async def wait(self) -> None:
        """Wait for the next outcome, at most for as long as patience lasts."""
        pending = [job.task for job in self._all() if not job.task.done()]
        if pending:
            await asyncio.wait(pending, timeout=self._patience, return_when=asyncio.FIRST_COMPLETED)

    def deliver(self, then: Callable[[], None]) -> None:
        """Deliver the outcomes whose turn it is.

        Args:
            then: called after each, so that what is decided does not depend on how many came at
                once.
        """
        for job in [job for job in self._late if job.task.done()]:
            self._late.remove(job)
            self._settle(job, then)
        while self._queue:
            first = self._queue[0]
            if first.task.done():
                self._settle(self._queue.popleft(), then)
            elif first.since is None:
                first.since = self._clock()
                return
            elif self._clock() - first.since < self._patience:
                return
            else:
                self._late.append(self._queue.popleft())

    def cancel(self) -> int:
        """Cancel all; give how many looks come to nothing by that."""
        looks = sum(job.tag is None and not job.task.done() for job in self._all())
        for job in self._all():
            job.task.cancel()
        return looks

    def _settle(self, job: _Job, then: Callable[[], None]) -> None:
        job.deliver(job.task.result())
        then()

    def _all(self) -> list[_Job]:
        return [*self._queue, *self._late]
