"""HTTP replies of the fake services, Flickr's first: good ones, and all ways to be bad."""

import json
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fakes.search import ApiError

TOO_MANY = (
    b"<html><body><h1>429 Too Many Requests</h1>\n"
    b"You have sent too many requests in a given amount of time.\n</body></html>\n"
)
NOT_AVAILABLE = "Sorry, the Flickr API service is not currently available."
BAD_KEY = ApiError(100, "Invalid API Key (Key has invalid format)")
EXPIRED = ApiError(100, "Invalid API Key (Key has expired)")


@dataclass(frozen=True)
class Reply:
    """What is sent back. `missing` bytes are announced and then never sent."""

    status: int
    content_type: str
    body: bytes
    cors: bool = True
    missing: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(answer: object, params: Mapping[str, str]) -> Reply:
    """Write an answer as Flickr does: slashes escaped, and as JSONP unless asked not to."""
    body = json.dumps(answer, separators=(",", ":")).replace("/", "\\/")
    if params.get("nojsoncallback") == "1":
        return Reply(200, "application/json", body.encode())
    callback = params.get("jsoncallback") or "jsonFlickrApi"
    return Reply(200, "text/javascript; charset=utf-8", f"{callback}({body})".encode())


def error_reply(error: ApiError, params: Mapping[str, str]) -> Reply:
    """Report an error as Flickr does: HTTP 200, and the code in the body."""
    return json_reply({"stat": "fail", "code": error.code, "message": error.message}, params)


def html_reply(status: int, title: str) -> Reply:
    """Give a page instead of data, as a gateway or a hotel's network does."""
    page = f"<html><body><h1>{title}</h1></body></html>\n"
    return Reply(status, "text/html; charset=utf-8", page.encode())


def too_many_reply() -> Reply:
    """Refuse as Flickr does over the rate: HTTP 429, and HTML even where JSON was asked for."""
    return Reply(429, "text/html", TOO_MANY)


def empty_page(params: Mapping[str, str]) -> dict[str, Any]:
    """Answer a search that nothing matches."""
    per_page = params.get("per_page", "")
    photos = {
        "page": 1,
        "pages": 0,
        "perpage": int(per_page) if per_page.isdecimal() else 100,
        "total": 0,
        "photo": [],
    }
    return {"photos": photos, "stat": "ok"}


def bomb_png(width: int = 50_000, height: int = 50_000) -> bytes:
    """Make a PNG that is tiny on the wire and claims to be `width` x `height` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 2) * 64), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


# A fault takes the good reply and the request's parameters. None closes the connection unanswered;
# "hang" is a good reply, only late: the server holds it back.
Spoil = Callable[[Reply, Mapping[str, str]], Reply | None]
FaultTable = Mapping[str, Mapping[str, Spoil]]


def half(good: Reply, _: Mapping[str, str]) -> Reply:
    """Send the first half, and say that it is the whole."""
    return replace(good, body=good.body[: len(good.body) // 2])


def beginning(good: Reply, _: Mapping[str, str]) -> Reply:
    """Send so little that nothing can be seen, and say that it is the whole."""
    return replace(good, body=good.body[: min(200, len(good.body) // 2)])


def _cut(good: Reply, params: Mapping[str, str]) -> Reply:
    first = half(good, params)
    return replace(first, missing=len(good.body) - len(first.body))


def _failing(code: int, message: str) -> Spoil:
    return lambda good, params: error_reply(ApiError(code, message), params)


def _page(status: int, title: str) -> Spoil:
    return lambda good, params: html_reply(status, title)


COMMON_FAULTS: dict[str, Spoil] = {
    "429": lambda good, params: too_many_reply(),
    "500": _page(500, "Internal Server Error"),
    "502": _page(502, "Bad Gateway"),
    "503": _page(503, "Service Unavailable"),
    "hang": lambda good, params: good,
    "drop": lambda good, params: None,
    "cut": _cut,
    "no-cors": lambda good, params: replace(good, cors=False),
    "html": _page(200, "Please log in to the guest network"),
}
IMAGE_FAULTS: dict[str, Spoil] = COMMON_FAULTS | {
    "404": _page(404, "Not Found"),
    "empty": lambda good, params: replace(good, body=b""),
    "truncated": beginning,
    "not-an-image": lambda good, params: replace(good, body=b"this is no image\n" * 40),
    "bomb": lambda good, params: replace(good, content_type="image/png", body=bomb_png()),
}
FAULTS: dict[str, dict[str, Spoil]] = {
    "api": COMMON_FAULTS
    | {
        "key": lambda good, params: error_reply(BAD_KEY, params),
        "expired": lambda good, params: error_reply(EXPIRED, params),
        "0": _failing(0, NOT_AVAILABLE),
        "10": _failing(10, "Sorry, the Flickr search API is not currently available."),
        "105": _failing(105, "Service currently unavailable"),
        "201": _failing(201, NOT_AVAILABLE),
        "malformed": half,
        "empty": lambda good, params: json_reply(empty_page(params), params),
    },
    "image": IMAGE_FAULTS,
}
