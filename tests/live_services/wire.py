"""Requests as the product makes them, with all that came back, and never faster than is polite."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from lookalike.errors import SourceError
from lookalike.sources import http
from lookalike.sources.user_agent import USER_AGENT

ORIGIN = "https://lookalike.example"
"""Of a page, any page: a service that lets it read lets all."""

_MOST = 8_000_000


@dataclass(frozen=True)
class Answer:
    """What came: `headers` are in lower case; `status` is 0 where no answer came."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def readable(self):
        """Whether a page of `ORIGIN` may read it, without a preflight."""
        return self.headers.get("access-control-allow-origin") in ("*", ORIGIN)


class Wire:
    """Makes requests with the `Origin` of a page, and remembers the answers.

    Args:
        per_minute: requests to one host.
        sleep, clock: seconds; a test has its own.
    """

    def __init__(
        self,
        per_minute: float = 15,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.answers: list[Answer] = []
        self._gap, self._sleep, self._clock = 60 / per_minute, sleep, clock
        self._next: dict[str, float] = {}

    def get(self, url: str) -> Answer:
        """Ask for an address; no redirect is followed, and nothing is raised for any status."""
        try:
            http.fetch(url, _MOST)
        except SourceError:
            return Answer(url, 0, {}, b"")
        return self.answers[-1]

    @contextmanager
    def tapped(self):
        """Let all that the product fetches go over this wire, so long."""
        original = http._fetch
        http._fetch = self._fetch
        try:
            yield self
        finally:
            http._fetch = original

    def _fetch(self, url: str, limit: int, timeout: float) -> tuple[int, bytes]:
        self._wait(urlsplit(url).hostname or "")
        request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT, "Origin": ORIGIN})
        try:
            with http._OPENER.open(request, timeout=timeout) as response:
                return self._note(url, response.status, response.headers, response.read(limit + 1))
        except urllib.error.HTTPError as error:
            with error:
                return self._note(url, error.code, error.headers, error.read(_MOST))

    def _note(self, url, status, headers, body):
        lower = {name.lower(): value for name, value in headers.items()}
        self.answers.append(Answer(url, status, lower, body))
        return status, body

    def _wait(self, host):
        now = self._clock()
        at = max(now, self._next.get(host, now))
        self._next[host] = at + self._gap
        if at > now:
            self._sleep(at - now)
