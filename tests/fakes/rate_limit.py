"""So many calls in a stretch of time, for each key."""

import threading
import time
from collections import defaultdict, deque
from typing import Any

MINUTE = 60.0
HOUR = 3600.0
DAY = 24 * HOUR


class RateLimit:
    """Counts the calls of each key in the last `seconds`; `calls` is how many are allowed."""

    def __init__(self, calls: int | None, seconds: float = HOUR):
        self.calls = calls
        self._seconds = seconds
        self._lock = threading.Lock()
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)

    def allows(self, key: str = "") -> bool:
        """Count one call, and say whether it is within the limit; a refused one is not counted."""
        now = time.monotonic()
        with self._lock:
            times = self._times[key]
            while times and times[0] <= now - self._seconds:
                times.popleft()
            if self.calls is not None and len(times) >= self.calls:
                return False
            times.append(now)
            return True

    def wait(self, key: str = "") -> float:
        """Tell in how many seconds the oldest call no longer counts."""
        with self._lock:
            times = self._times[key]
            return times[0] + self._seconds - time.monotonic() if times else self._seconds

    def reset(self) -> None:
        """Forget all calls, as if the time had passed."""
        with self._lock:
            self._times.clear()


class Allowed:
    """How many calls are allowed, as an attribute of a fake; it is called what the limit is."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, fake: Any, owner: type) -> int | None:
        return fake.service.limits[self._name].calls

    def __set__(self, fake: Any, calls: int | None) -> None:
        fake.service.limits[self._name].calls = calls
