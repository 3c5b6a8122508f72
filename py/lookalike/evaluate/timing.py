"""The time that simulated searches take, one after another, at a service that limits calls."""

import heapq
import itertools
from collections.abc import Callable, Mapping, Sequence

from lookalike.photo import Photo

PER_MINUTE = 20
"""Calls that the service takes, as Openverse does (../shared/APIS.md)."""

CALL = 0.6
"""Seconds that a call takes."""

LOOK = 0.05
"""Seconds from one look's end to the next's, with one vision worker."""


def window(made: Sequence[float], now: float) -> float:
    """Say when the next call may be made: `PER_MINUTE` in any minute, as soon as they can be."""
    return now if len(made) < PER_MINUTE else max(now, made[-PER_MINUTE] + 60.0)


def spread(made: Sequence[float], now: float, burst: int = PER_MINUTE // 2) -> float:
    """Say when the next call may be made: a burst at once, what is left of the minute's one by one.

    These are spread over the time until the first of the minute's calls no longer counts. There are
    `PER_MINUTE` in any minute at most, and as many in the long run.

    Args:
        made: when each call was made, in order.
        now: the time.
        burst: how many may be made at once.
    """
    now = max(now, made[-1]) if made else now
    recent = [time for time in made if time > now - 60.0]
    left = PER_MINUTE - len(recent)
    if left <= 0:
        return window(made, now)
    if left > PER_MINUTE - burst:
        return now
    back = recent[0] + 60.0
    return max(now, recent[-1] + (back - recent[-1]) / (left + 1))


PACES: Mapping[str, Callable[[Sequence[float], float], float]] = {
    "window": window,
    "spread": spread,
}
"""The ways to keep to a limit, by their names."""


class Timing:
    """A clock that goes from one outcome to the next, over many searches.

    Args:
        allowed: from when calls were made and the time, says when the next may be made.
        call, look: as `CALL` and `LOOK`.

    Attributes:
        now: seconds.
        made: when each call was made, or is to be.
    """

    def __init__(
        self,
        allowed: Callable[[Sequence[float], float], float],
        call: float = CALL,
        look: float = LOOK,
    ) -> None:
        self._allowed, self._call, self._look = allowed, call, look
        self.now, self.made = 0.0, list[float]()
        self._looked, self._counted = 0.0, 0
        self._coming: list[tuple[float, int, str | Photo]] = []
        self._count = itertools.count()

    def start(self, what: str | Photo) -> None:
        """Begin a call or a look."""
        if isinstance(what, str):
            self.made.append(self._allowed(self.made, self.now))
            end = self.made[-1] + self._call
        else:
            end = self._looked = max(self.now, self._looked) + self._look
        heapq.heappush(self._coming, (end, next(self._count), what))

    def next(self, end: float) -> str | Photo | None:
        """Go to the next outcome; say of which call or look. None: there is none before the end."""
        if not self._coming or self._coming[0][0] > end:
            return None
        self.now, _, what = heapq.heappop(self._coming)
        return what

    def leave(self, now: float) -> int:
        """End a search: what has not come is given up, and calls that wait are not made.

        Returns:
            How many calls were made since the search before it was left.
        """
        self.now, self._looked, self._coming = now, now, []
        self.made = [time for time in self.made if time <= now]
        before, self._counted = self._counted, len(self.made)
        return self._counted - before
