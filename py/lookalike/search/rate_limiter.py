"""How often a service may still be called, counted here.

Openverse tells in headers how many calls are left, and lets no page read them
(`access-control-expose-headers`); so the calls are counted by whoever makes them.
"""

import math
from collections.abc import Awaitable, Callable, Iterable

from lookalike.durations import duration
from lookalike.errors import RateLimited

MINUTE = 60.0
DAY = 24 * 60 * 60.0


class RateLimiter:
    """The calls that one service takes in any 60 seconds, and in any 24 hours.

    Args:
        title: the service, as it is shown.
        per_minute, per_day: how many calls it takes; None for no limit.
        now: Unix time in seconds.
        sleep: how to wait a number of seconds.
    """

    def __init__(
        self,
        title: str,
        per_minute: int | None,
        per_day: int | None,
        *,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._title = title
        self._per_minute = per_minute
        self._per_day = per_day
        self._now = now
        self._sleep = sleep
        self._made: list[float] = []

    @property
    def made(self) -> tuple[float, ...]:
        """When each call of the last 24 hours was made: Unix times in seconds, oldest first."""
        self._forget(self._now())
        return tuple(self._made)

    def learn(self, made: Iterable[float]) -> None:
        """Count calls that others have made, too: earlier visits, and other tabs.

        A time that is known already counts once. One in the future, from before a clock was put
        right, counts as now, so that it does not bar the way for ever.
        """
        now = self._now()
        others = {min(float(time), now) for time in made if math.isfinite(time)}
        self._made = sorted([*self._made, *others.difference(self._made)])
        self._forget(now)

    def left(self) -> tuple[int | None, int | None]:
        """How many calls may be made now, by the minute's limit and by the day's; None: no limit.

        Those that wait in `take` are not counted yet.
        """
        now = self._now()
        return (
            None
            if self._per_minute is None
            else max(0, self._per_minute - self._since(now, MINUTE)),
            None if self._per_day is None else max(0, self._per_day - self._since(now, DAY)),
        )

    async def take(self) -> None:
        """Count one call, after a wait where the minute's are used up.

        Raises:
            RateLimited: the day's are used up; it says when there will be one again.
        """
        while True:
            now = self._now()
            self._forget(now)
            if self._per_day is not None and len(self._made) >= self._per_day:
                raise self._used_up(self._made[-self._per_day] + DAY - now)
            if self._per_minute is None or self._since(now, MINUTE) < self._per_minute:
                self._made.append(now)
                return
            # Whoever waited beside may have been quicker, so it is looked at again.
            await self._sleep(max(0.01, self._made[-self._per_minute] + MINUTE - now))

    def _since(self, now: float, seconds: float) -> int:
        return sum(time > now - seconds for time in self._made)

    def _forget(self, now: float) -> None:
        # The clock may have been put back since a call was made.
        self._made = [min(time, now) for time in self._made if time > now - DAY]

    def _used_up(self, seconds: float) -> RateLimited:
        return RateLimited(
            f"The {self._per_day} calls that {self._title} takes in a day are used up.",
            f"It takes the next one in {duration(seconds)}; what was found stays here. "
            "Other services can be searched meanwhile.",
        )
