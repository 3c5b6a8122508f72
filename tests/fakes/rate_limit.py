"""So many calls an hour for each key."""

import threading
import time
from collections import defaultdict, deque

HOUR = 3600.0


class RateLimit:
    """Counts the calls of each key in the last hour; `calls` is how many are allowed."""

    def __init__(self, calls: int | None):
        self.calls = calls
        self._lock = threading.Lock()
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)

    def allows(self, key: str) -> bool:
        """Count one call, and say whether it is within the limit; a refused one is not counted."""
        now = time.monotonic()
        with self._lock:
            times = self._times[key]
            while times and times[0] <= now - HOUR:
                times.popleft()
            if self.calls is not None and len(times) >= self.calls:
                return False
            times.append(now)
            return True

    def reset(self) -> None:
        """Forget all calls, as if an hour had passed."""
        with self._lock:
            self._times.clear()
