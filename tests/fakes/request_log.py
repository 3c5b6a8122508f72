"""What was asked of the fake Flickr, and when."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Request:
    """One request; times are of `time.monotonic()`, `ended` and `status` are None in flight.

    `kind` is "api", "image" or "other". `status` is 0 where the connection was closed without an
    answer, by a fault or by the client; `aborted` says that it was the client.
    """

    kind: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None
    status: int | None = None
    body_size: int = 0
    sent: int = 0
    aborted: bool = False


class RequestLog:
    """Every request, and how many there were at once; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._in_flight: Counter[str] = Counter()
        self._peak: Counter[str] = Counter()

    def begin(
        self, kind: str, method: str, path: str, query: dict[str, str], headers: Mapping[str, str]
    ) -> Request:
        """Note that a request came."""
        lower = {name.lower(): value for name, value in headers.items()}
        request = Request(kind, method, path, query, lower)
        with self._lock:
            self._requests.append(request)
            self._in_flight[kind] += 1
            self._peak[kind] = max(self._peak[kind], self._in_flight[kind])
        return request

    def end(self, request: Request, status: int, sent: int, aborted: bool) -> None:
        """Note that it was answered, with `sent` bytes of body, or given up."""
        with self._lock:
            request.ended = time.monotonic()
            request.status, request.sent, request.aborted = status, sent, aborted
            self._in_flight[request.kind] -= 1

    def requests(self, kind: str | None = None) -> list[Request]:
        """List the requests so far, oldest first: all, or those of one kind."""
        with self._lock:
            return [r for r in self._requests if kind in (None, r.kind)]

    def in_flight(self, kind: str = "api") -> int:
        """Count the requests that are being answered now."""
        with self._lock:
            return self._in_flight[kind]

    def peak(self, kind: str = "api") -> int:
        """Give the most requests that were ever being answered at once."""
        with self._lock:
            return self._peak[kind]

    def forget(self) -> None:
        """Drop the requests so far; the peak starts again from what is in flight."""
        with self._lock:
            self._requests.clear()
            self._peak = self._in_flight.copy()
