"""Flickr: a thin wrapper over `flickr.photos.search`, and the pattern for other services.

Facts are from https://www.flickr.com/services/api/flickr.photos.search.html and from recorded
answers, in which numbers are sometimes strings and fields sometimes missing.
"""

import re
from typing import Any
from urllib.parse import quote, urlencode

from lookalike.errors import KeyRejected, RateLimited, SourceError, Unavailable
from lookalike.filters import Filters, license_refused
from lookalike.photo import Photo
from lookalike.sources.asking import Syntax
from lookalike.sources.credit import credit, license_url
from lookalike.sources.http import get
from lookalike.sources.reading import (
    address,
    code,
    inner,
    json_object,
    number,
    objects,
    size,
    tags,
    text,
)
from lookalike.sources.requests import FAR, OneOf, Requests, Some, Whole, Words
from lookalike.sources.source import Capabilities, Page

API_URL = "https://api.flickr.com/services/rest/"

LICENSES = {
    0: "All rights reserved",
    1: "CC BY-NC-SA 2.0",
    2: "CC BY-NC 2.0",
    3: "CC BY-NC-ND 2.0",
    4: "CC BY 2.0",
    5: "CC BY-SA 2.0",
    6: "CC BY-ND 2.0",
    7: "No known copyright restrictions",
    8: "US Government work",
    9: "CC0 1.0",
    10: "Public domain mark",
    11: "CC BY 4.0",
    12: "CC BY-SA 4.0",
    13: "CC BY-ND 4.0",
    14: "CC BY-NC 4.0",
    15: "CC BY-NC-SA 4.0",
    16: "CC BY-NC-ND 4.0",
}
"""By Flickr's number: https://www.flickr.com/services/api/flickr.photos.licenses.getInfo.html."""

_URLS = {7: "https://www.flickr.com/commons/usage/", 8: "https://www.usa.gov/government-copyright"}
"""Of the licences that are not Creative Commons'."""

_EXTRAS = "tags,url_n,url_z,url_l,license,owner_name,date_upload,o_dims"
_THUMBNAIL = "https://live.staticflickr.com/{server}/{id}_{secret}_n.jpg"
_PAGE = "https://www.flickr.com/photos/{owner}/{id}"

# `-` leaves a word out, quotes make a phrase, OR and brackets combine; a comma parts tags, and
# "ns:predicate=value" is a machine tag: https://www.flickr.com/services/api/flickr.photos.search.html
_SYNTAX = Syntax(
    special='"-+,:=()*|!~\\',
    operators=frozenset({"AND", "OR", "NOT"}),
    longest=200,
)

_MAX_ANSWER = 4_000_000
_MAX_THUMBNAIL = 2_000_000
_UNAVAILABLE = {0, 10, 105, 201}
_KEY_REJECTED = {96, 98, 99, 100}


def _license_url(kind: int) -> str:
    return _URLS.get(kind) or license_url(LICENSES.get(kind, ""))


class Flickr:
    """The photo service https://www.flickr.com as a `Source`.

    Args:
        url: the API's base URL.
        api_key: a Flickr API key. None in a browser, where site/js/courier/signing.js adds it to
            calls of the methods that it lists, so that it never enters Python.
        filters: what Flickr is asked to keep out.
    """

    can = Capabilities(
        name="flickr",
        title="Flickr",
        dates=True,
        # It takes up to 500 for the price of one; of more than 100 a search reads few.
        per_call=100,
        key=True,
        filters=frozenset({"license", "since", "until", "safe"}),
        syntax=_SYNTAX,
    )

    requests = Requests(
        search={
            "method": "flickr.photos.search",
            "text": Words(),
            "per_page": Whole(1, 500),
            "extras": _EXTRAS,
            "safe_search": OneOf(("1", "3")),
            "content_types": "0",
            "media": "photos",
            "format": "json",
            "nojsoncallback": "1",
            "max_upload_date": Whole(0, FAR),
            "min_upload_date": Whole(0, FAR),
            "license": Some(tuple(map(str, LICENSES))),
        },
        rewritten=((r"http://(farm.*)", "https://{1}"),),
        built=(_THUMBNAIL, _PAGE),
        links=tuple(filter(None, map(_license_url, LICENSES))),
    )

    def __init__(
        self, url: str = API_URL, api_key: str | None = None, filters: Filters | None = None
    ) -> None:
        self._url = url
        self._api_key = api_key
        self._filters = filters or Filters()

    def filtered(self, filters: Filters) -> "Flickr":
        """See `lookalike.sources.source.Source`."""
        return Flickr(self._url, self._api_key, filters)

    def search(self, query: str, limit: int = 100, before: int | None = None) -> Page:
        """See `Source.search`; at most 500 photos."""
        url = self.address(query, limit, before)
        return parse(get(url, _MAX_ANSWER)) if url else Page((), None)

    def address(self, query: str, limit: int, before: int | None = None) -> str:
        """See `lookalike.sources.source.Source`."""
        if not (words := self.can.syntax.words(query)):
            return ""  # without words it would answer with all that is new
        bounds = [bound for bound in (before, self._filters.until) if bound is not None]
        parameters = {
            "method": "flickr.photos.search",
            "text": words,
            "per_page": min(limit, 500),
            "extras": _EXTRAS,
            # Without a login Flickr sends no others than safe ones, whatever is asked for.
            "safe_search": 1 if self._filters.safe else 3,
            "content_types": 0,
            "media": "photos",
            "format": "json",
            "nojsoncallback": 1,
            "max_upload_date": min(bounds, default=None),
            "min_upload_date": self._filters.since,
            "license": _licenses(self._filters.license),
            "api_key": self._api_key,
        }
        given = {name: value for name, value in parameters.items() if value is not None}
        return f"{self._url}?{urlencode(given)}"

    def read(self, body: bytes) -> Page:
        """See `lookalike.sources.source.Source`."""
        return parse(body)

    def thumbnail(self, photo: Photo) -> bytes:
        """See `Source.thumbnail`: 320 pixels on the longest side."""
        try:
            return get(photo.thumb_url, _MAX_THUMBNAIL)
        except RateLimited as error:
            # The image host counts no calls of a key: it asks those who fetch too fast to wait.
            raise Unavailable(str(error)) from error


def parse(body: bytes) -> Page:
    """Read an answer of `flickr.photos.search`; photos that lack what is needed are left out.

    Raises:
        KeyRejected, RateLimited, Unavailable, SourceError: as the answer says, or when it is
            not the JSON that Flickr documents.
    """
    if body.startswith(b"<") and b"429 Too Many Requests" in body:
        raise RateLimited("Flickr has had too many requests with this key.")
    answer = json_object(body, "Flickr")
    if answer.get("stat") != "ok":
        raise _failure(answer)
    photos = inner(answer.get("photos"))
    rows = photos.get("photo")
    read = [_photo(row) for row in objects(rows)] if isinstance(rows, list) else []
    page, pages = number(photos.get("page")), number(photos.get("pages"))
    more = page < pages if page > 0 and pages >= 0 else None
    return Page((photo for photo in read if photo is not None), more)


def _licenses(wanted: str) -> str | None:
    if wanted == "any":
        return None
    return ",".join(str(n) for n, name in LICENSES.items() if not license_refused(name, wanted))


def _failure(answer: dict[str, Any]) -> SourceError:
    if answer.get("stat") != "fail":
        return SourceError("Flickr's answer is not of the form that it documents.")
    kind, message = number(answer.get("code")), text(answer.get("message"))
    if kind in _KEY_REJECTED:
        return KeyRejected(f"Flickr does not accept the API key: {message or 'invalid key'}.")
    if kind in _UNAVAILABLE:
        return Unavailable(f"Flickr is not available now (code {kind}): {message}")
    return SourceError(f"Flickr refused a search (code {kind}): {message}")


def _photo(row: dict[str, Any]) -> Photo | None:
    identity = [code(row.get(field)) for field in ("id", "owner", "server", "secret")]
    if not all(identity):
        return None
    id_, owner, server, secret = identity
    # Every url_n recorded has this form, so where it was not sent it can be built.
    built = _THUMBNAIL.format(server=_part(server), id=_part(id_), secret=_part(secret))
    title, name = _text(row.get("title")), _text(row.get("ownername")) or owner
    kind, uploaded = number(row.get("license")), number(row.get("dateupload"))
    license_name = LICENSES.get(kind, "")
    return Photo(
        id=id_,
        title=title,
        tags=_tags(row.get("tags")),
        thumb_url=_secure(address(row.get("url_n")) or built),
        page_url=_PAGE.format(owner=_part(owner), id=_part(id_)),
        owner=name,
        owner_id=owner,
        license=license_name,
        width=size(row.get("width_n")),
        height=size(row.get("height_n")),
        uploaded=uploaded if uploaded > 0 else None,
        source=Flickr.can.name,
        license_url=_license_url(kind),
        attribution=credit(title, name, license_name, "Flickr"),
        full_width=size(row.get("o_width")),
        full_height=size(row.get("o_height")),
        # 1,024 pixels, or 640 where the original has no more.
        large_url=_secure(address(row.get("url_l")) or address(row.get("url_z"))),
    )


def _tags(value: object) -> tuple[str, ...]:
    words = value.split() if isinstance(value, str) else []
    # "ns:predicate=value" tags are written by programs; a text search for one finds nothing.
    return tags(word for word in words if not (":" in word and "=" in word))


def _secure(url: str) -> str:
    """Answers before 2018 name plain http hosts, which a page served by https may not fetch."""
    return re.sub(r"^http://(?=farm)", "https://", url)


def _part(name: str) -> str:
    """Write a name as one part of an address's path."""
    return quote(name, safe="@")


def _text(value: object) -> str:
    # flickr.photos.getInfo and older answers wrap text as {"_content": …}.
    return text(value.get("_content") if isinstance(value, dict) else value)
