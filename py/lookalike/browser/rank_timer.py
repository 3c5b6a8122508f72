"""When the photos of a search are put in a scorer's own order."""

from collections.abc import Callable

from lookalike.search.events import Event, Finished, Scored

RANK_EVERY = 0.5
"""Seconds between two orders by a scorer's `rank`, while photos come in."""


class RankTimer:
    """Says when photos that came in are to be ranked: now and then, and at the end.

    Args:
        clock: seconds, monotonic.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = -RANK_EVERY
        self._waiting = False  # a photo has come since

    def due(self, event: Event) -> bool:
        """Say whether they are to be ranked now that `event` happens."""
        due = isinstance(event, Finished) or self._clock() - self._last >= RANK_EVERY
        now = self._waiting and due
        if now:
            self._last, self._waiting = self._clock(), False
        # A photo waits for the next time: so each is told before the scorer orders it.
        self._waiting = self._waiting or isinstance(event, Scored)
        return now
