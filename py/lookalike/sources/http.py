"""One GET over `urllib.request`, with errors that a person can act on.

In a browser, `urllib.request` goes through pyodide-http, whose answers differ from CPython's:
it returns a 404 like any other answer and ignores the timeout. So the status is looked at here
either way, and the browser's transport keeps a timeout of its own.
"""

import contextlib
import http.client
import json
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from lookalike.errors import RateLimited, SourceError, TimedOut, Unavailable, Unreachable
from lookalike.sources.reading import plain, text
from lookalike.sources.user_agent import USER_AGENT

TIMEOUT = 15.0
"""Seconds that one request may take."""

_ERROR_PAGE = 10_000
_WORDS = (
    "detail",
    "message",
    "info",
    "description",
    "error_description",
    "error",
    "errors",
    "reason",
    "title",
)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Gives a redirect as it is, like any other answer that is not 200."""

    def redirect_request(self, *args: object) -> None:
        """Make no request of it."""


_OPENER = urllib.request.build_opener(_NoRedirects)


def get(url: str, limit: int, timeout: float = TIMEOUT) -> bytes:
    """Fetch `url`, where nothing but HTTP 200 is an answer.

    Args, and what else is raised: see `fetch`.

    Raises:
        RateLimited: HTTP 429.
        Unavailable: HTTP 5xx.
        SourceError: any other status than 200.
    """
    status, body = fetch(url, limit, timeout)
    if status != 200:
        raise refusal(url, status, body)
    return body


def fetch(url: str, limit: int, timeout: float = TIMEOUT) -> tuple[int, bytes]:
    """Fetch `url` by a simple GET, and follow no redirect: no page may go where it leads.

    In a browser it has no header of its own, which would cost a preflight; elsewhere it says who
    asks (`user_agent`), as Wikimedia wants.

    Args:
        url: an absolute URL.
        limit: how many bytes the answer may have.
        timeout: seconds.

    Returns:
        The HTTP status, whatever it is, and the body; some services say there what is wrong.

    Raises:
        TimedOut, Unreachable: no answer came.
        SourceError: a longer answer than `limit`, or, in a browser, a request that is not
            allowed.
    """
    host = _host(url)
    try:
        status, body = _fetch(url, limit, timeout)
    except TimeoutError:
        raise TimedOut(f"{host} did not answer within {timeout:.0f} seconds.") from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise TimedOut(f"{host} did not answer within {timeout:.0f} seconds.") from None
        raise Unreachable(f"{host} could not be reached.") from error
    except PermissionError as error:  # of the browser's transport: to ask again would not help
        raise SourceError(f"A request to {host} was not made: {error}.") from error
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"The connection to {host} was lost.") from error
    if len(body) > limit:
        raise SourceError(f"{host} sent more than {limit:,} bytes.")
    return status, body


def refusal(url: str, status: int, body: bytes = b"") -> SourceError:
    """The error that an HTTP status other than 200 means, with the words of the service.

    Args:
        url, status: what was asked, and what came.
        body: where it may say what is wrong; JSON, HTML or plain text.
    """
    host, words = _host(url), said(body)
    told = f": {words}" if words else "."
    if status == 429:
        return RateLimited(f"{host} has had too many requests for now{told}")
    if status >= 500:
        return Unavailable(f"{host} is not available now (HTTP {status}){told}")
    if 300 <= status < 400:
        return SourceError(f"{host} sends to another address (HTTP {status}), which is not asked.")
    return SourceError(f"{host} refused a request (HTTP {status}){told}")


def said(body: bytes) -> str:
    """What a service says in the body of an error, made fit for people; "" where it says nothing.

    Of JSON it is the first text under one of the usual names; of HTML the text that is seen.
    """
    try:
        answer = json.loads(body[:_ERROR_PAGE])
    except (ValueError, RecursionError):
        written = body[:_ERROR_PAGE].decode(errors="replace")
        return "" if written.count("\ufffd") > len(written) / 20 else plain(written)
    while isinstance(answer, dict):
        named = [answer[name] for name in _WORDS if answer.get(name)]
        answer = named[0] if named else ""
    return text(answer)


def _fetch(url: str, limit: int, timeout: float) -> tuple[int, bytes]:
    try:
        request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT})  # noqa: S310 - see _host
        with _OPENER.open(request, timeout=timeout) as response:
            body = response.read(limit + 1)
            # read() says nothing of a connection that was lost half way.
            if response.length and len(body) <= limit:
                raise http.client.IncompleteRead(body, response.length)
            return response.status, body
    except urllib.error.HTTPError as error:
        body = b""
        # What is wrong is worth telling even where the words for it do not arrive.
        with error, contextlib.suppress(OSError, http.client.HTTPException):
            body = error.read(_ERROR_PAGE)
        return error.code, body


def _host(url: str) -> str:
    """Name the host; urllib would open a file: URL that a service sent, too."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or parts.scheme not in ("http", "https") or not parts.hostname:
        raise SourceError(f"The address {url[:80]!r} cannot be fetched: it is no http URL.")
    return parts.hostname
