"""One GET over `urllib.request`, with errors that a person can act on.

In a browser, `urllib.request` goes through pyodide-http, whose answers differ from CPython's:
it returns a 404 like any other answer and ignores the timeout. So the status is looked at here
either way, and the browser's transport keeps a timeout of its own.
"""

import contextlib
import http.client
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from lookalike.errors import RateLimited, SourceError, TimedOut, Unavailable, Unreachable

TIMEOUT = 15.0
"""Seconds that one request may take."""

_ERROR_PAGE = 10_000


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
        raise refusal(url, status)
    return body


def fetch(url: str, limit: int, timeout: float = TIMEOUT) -> tuple[int, bytes]:
    """Fetch `url` by a simple GET: a custom header would cost a preflight, which Flickr refuses.

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


def refusal(url: str, status: int) -> SourceError:
    """The error that an HTTP status other than 200 means, where the body says no more."""
    host = _host(url)
    if status == 429:
        return RateLimited(f"{host} has had too many requests for now.")
    if status >= 500:
        return Unavailable(f"{host} is not available now (HTTP {status}).")
    return SourceError(f"{host} refused a request (HTTP {status}).")


def _fetch(url: str, limit: int, timeout: float) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=timeout) as response:  # noqa: S310 - see _host
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
