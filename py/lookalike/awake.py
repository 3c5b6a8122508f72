"""Time awake: while a device sleeps, or a process is stopped, nobody can answer.

The same as site/js/awake.js: a clock that is read often, and sees a long step, has slept.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

STEP = 1.0
"""Seconds between two looks at the clock while something is waited for."""

LONGEST = 5.0
"""Seconds that a step counts for at most."""


class AwakeClock:
    """A clock in seconds that counts no step for more than it may be: it stands still in between.

    Args:
        clock: what it counts; seconds that never go back.
        longest: what a step counts for at most; it is to be read more often than that.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, longest: float = LONGEST
    ) -> None:
        self._clock, self._longest = clock, longest
        self._last, self._time = clock(), 0.0

    def __call__(self) -> float:
        """Give the seconds awake since it was made."""
        now = self._clock()
        self._time += min(max(0.0, now - self._last), self._longest)
        self._last = now
        return self._time


async def done_within(
    task: "asyncio.Future[Any]", seconds: float, tick: Callable[[], object] = lambda: None
) -> bool:
    """Wait for a task, at most for so many seconds awake; say whether it is done.

    Args:
        task: it is left to itself.
        seconds: how long.
        tick: called about every second.
    """
    clock = AwakeClock(asyncio.get_running_loop().time, 2 * STEP)
    while not task.done() and (left := seconds - clock()) > 0:
        await asyncio.wait([task], timeout=min(left, STEP))
        tick()
    return task.done()
