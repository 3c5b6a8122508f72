"""Calls and looks under way, and the order in which their outcomes are taken in."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from lookalike.photo import Photo

T = TypeVar("T")


@dataclass(slots=True)
class _Begun:
    task: asyncio.Task[Any]
    deliver: Callable[[Any], None]
    what: str | Photo  # what a call asks for, or a look is at
    since: float | None = None  # when all others began to wait for it


class OrderedTasks:
    """Tasks whose outcomes are delivered in the order in which they began, however long each takes.

    Args:
        patience: seconds that later outcomes wait for an earlier one before they overtake it.
        clock: seconds, monotonic.
    """

    def __init__(self, patience: float, clock: Callable[[], float]) -> None:
        self._patience, self._clock = patience, clock
        self._queue: deque[_Begun] = deque()
        self._late: list[_Begun] = []

    def start(
        self, work: Coroutine[Any, Any, T], deliver: Callable[[T], None], what: str | Photo
    ) -> None:
        """Begin some work.

        Args:
            work: what is done.
            deliver: takes the outcome.
            what: the tag that a call asks for, or the photo that a look is at.
        """
        self._queue.append(_Begun(asyncio.ensure_future(work), deliver, what))

    def __bool__(self) -> bool:
        """Whether anything is under way."""
        return bool(self._queue or self._late)

    @property
    def calls(self) -> int:
        """How many calls are under way."""
        return sum(isinstance(each.what, str) for each in self._all())

    @property
    def looks(self) -> int:
        """How many looks are under way."""
        return sum(isinstance(each.what, Photo) for each in self._all())

    @property
    def asking(self) -> tuple[str, ...]:
        """The tags that are being asked."""
        under_way = [each.what for each in self._all() if not each.task.done()]
        return tuple(what for what in under_way if isinstance(what, str))

    async def wait(self, most: float | None = None) -> None:
        """Wait for the next outcome, at most for as long as patience lasts.

        Args:
            most: seconds, where it is to be less.
        """
        pending = [each.task for each in self._all() if not each.task.done()]
        timeout = self._patience if most is None else min(most, self._patience)
        if pending:
            await asyncio.wait(pending, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)

    def deliver(self, then: Callable[[], None]) -> None:
        """Deliver the outcomes whose turn it is.

        Args:
            then: called after each, so that what is decided does not depend on how many came at
                once.
        """
        for each in [each for each in self._late if each.task.done()]:
            self._late.remove(each)
            self._settle(each, then)
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

    def cancel(self) -> list[str | Photo]:
        """Cancel what is under way, and give what it was about; what is done is still delivered."""
        cut = [each for each in self._all() if not each.task.done()]
        self._queue = deque(each for each in self._all() if each.task.done())
        self._late.clear()
        for each in cut:
            each.task.cancel()
        return [each.what for each in cut]

    def _settle(self, begun: _Begun, then: Callable[[], None]) -> None:
        begun.deliver(begun.task.result())
        then()

    def _all(self) -> list[_Begun]:
        return [*self._queue, *self._late]
