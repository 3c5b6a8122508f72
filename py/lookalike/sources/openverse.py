"""Openverse: openly licensed photos of Flickr, museums and others, asked without a key.

Facts are from https://api.openverse.org/v1/, from the service's own code
(https://github.com/WordPress/openverse) and from recorded answers. Its limits are told in headers
that no page may read, so `lookalike.search.rate_limiter` counts calls; it knows no upload dates.
"""

import re
from typing import Any
from urllib.parse import quote, urlencode

from lookalike.durations import duration
from lookalike.errors import RateLimited, SourceError, TimedOut, Unavailable
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.sources.asking import Syntax
from lookalike.sources.credit import credit
from lookalike.sources.http import fetch, get, refusal
from lookalike.sources.reading import (
    LONGEST_CREDIT,
    address,
    code,
    json_object,
    number,
    objects,
    size,
    tags,
    text,
)
from lookalike.sources.requests import OneOf, Requests, Whole, Words
from lookalike.sources.source import Capabilities, Page

API_URL = "https://api.openverse.org/v1/images/"

PER_CALL = 20
"""More than this many photos a call are refused (HTTP 401) to those without a key."""

_DEEPEST = 240
"""Further down no answer can be turned; https://github.com/WordPress/openverse/issues/4474."""

_THUMBNAIL = "{api}/{id}/thumb/"

# Its search is Elasticsearch's `simple_query_string`, which has these operators:
# https://www.elastic.co/guide/en/elasticsearch/reference/current/query-dsl-simple-query-string-query.html
# A "/" and a ":" are for those of other queries, should it ever change to one.
_SYNTAX = Syntax(special='"+-|*()~\\<>/:', longest=200)

_MAX_ANSWER = 4_000_000
_MAX_THUMBNAIL = 2_000_000

# The sizes whose file name has the same secret as the smaller ones'; _h, _k and _o have their own.
_FLICKR = re.compile(r"(https?://[^/?#]+/\d+/\d+_[0-9a-f]+)(?:_[bczwn])?\.jpg")
# Its "wide" and "tall" are all that is not exactly square; what is nearly so is filtered here.
_ORIENTATIONS = {"landscape": "wide", "portrait": "tall", "square": "square"}
_LICENSE_TYPES = {"commercial": "commercial", "modify": "modification"}
_CODES = frozenset({"by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd", "cc0"})


class Openverse:
    """The photo service https://openverse.org as a `Source`.

    Args:
        url: the base of its API for images.
        filters: what it is asked to keep out.
    """

    can = Capabilities(
        name="openverse",
        title="Openverse",
        pages=_DEEPEST // PER_CALL,
        per_call=PER_CALL,
        at_once=4,
        per_minute=20,
        per_day=200,
        filters=frozenset({"license", "orientation", "min_size", "safe"}),
        syntax=_SYNTAX,
    )

    requests = Requests(
        search={
            "q": Words(),
            "page": Whole(1, _DEEPEST // PER_CALL),
            "page_size": Whole(1, PER_CALL),
            "mature": OneOf(("false", "true")),
            "license_type": OneOf(tuple(_LICENSE_TYPES.values())),
            "aspect_ratio": OneOf(tuple(_ORIENTATIONS.values())),
            "size": OneOf(("large", "medium,large")),
        },
        rewritten=((_FLICKR.pattern, "{1}_n.jpg"),),
        built=(_THUMBNAIL,),
    )

    def __init__(self, url: str = API_URL, filters: Filters | None = None) -> None:
        self._url = url
        self._filters = filters or Filters()

    def filtered(self, filters: Filters) -> "Openverse":
        """See `lookalike.sources.source.Source`."""
        return Openverse(self._url, filters)

    def search(
        self,
        query: str,
        limit: int = PER_CALL,
        before: int | None = None,
        page: int = 1,
    ) -> Page:
        """See `Source.search`; at most 20 photos, and no page deeper than the twelfth."""
        if not (url := self.address(query, limit, before, page)):
            return Page((), None)
        status, body = fetch(url, _MAX_ANSWER)
        if status != 200:
            raise _failure(url, status, body)
        return self.read(body)

    def address(
        self,
        query: str,
        limit: int,
        before: int | None = None,  # noqa: ARG002 - it knows no dates
        page: int = 1,
    ) -> str:
        """See `lookalike.sources.source.Source`."""
        if not (words := self.can.syntax.words(query)):
            return ""
        parameters = {
            "q": words,
            "page": page,
            "page_size": min(limit, PER_CALL),
            "mature": "false" if self._filters.safe else "true",
            "license_type": _LICENSE_TYPES.get(self._filters.license),
            "aspect_ratio": _ORIENTATIONS.get(self._filters.orientation),
            "size": _sizes(self._filters.min_size),
        }
        given = {name: value for name, value in parameters.items() if value is not None}
        return f"{self._url}?{urlencode(given)}"

    def read(self, body: bytes) -> Page:
        """See `lookalike.sources.source.Source`."""
        return parse(body, self._url)

    def thumbnail(self, photo: Photo) -> bytes:
        """See `Source.thumbnail`: 320 pixels on the longest side from Flickr, else 600 wide."""
        made = _made_by_openverse(self._url, photo.id)
        try:
            if photo.thumb_url != made:
                return _image(photo.thumb_url)
        except (Unavailable, TimedOut):
            raise
        except SourceError:
            pass  # Openverse may have a copy of what is gone from there, or may not be read
        return _image(made)


def parse(body: bytes, url: str = API_URL) -> Page:
    """Read an answer of `/v1/images/`; photos that lack what is needed are left out.

    Args:
        body: the answer.
        url: the base of the API, which makes thumbnails too.

    Raises:
        SourceError: it is not the JSON that Openverse documents.
    """
    answer = json_object(body, "Openverse")
    if not isinstance(answer.get("results"), list):
        raise SourceError("Openverse's answer is not of the form that it documents.")
    photos = [_photo(row, url) for row in objects(answer["results"])]
    page, pages = number(answer.get("page")), number(answer.get("page_count"))
    more = page < pages if page > 0 and pages >= 0 else None
    return Page((photo for photo in photos if photo.id), more)


def _failure(url: str, status: int, body: bytes) -> SourceError:
    """What an answer of another status than 200 means; it says so in `detail`."""
    try:
        detail = text(json_object(body, "Openverse").get("detail"))
    except SourceError:
        detail = ""
    if status == 429:
        return _throttled(detail)
    if status >= 500 or not detail:
        return refusal(url, status, body)
    return SourceError(f"Openverse refused a search (HTTP {status}): {detail}")


def _throttled(detail: str) -> SourceError:
    """Tell the minute's limit from the day's, by the seconds in its words."""
    seconds = _wait_told(detail)
    if 0 < seconds <= 60:
        return Unavailable(f"Openverse takes the next call in {seconds} seconds.", wait=seconds)
    wait = f"in about {duration(seconds)}" if seconds else "later"
    return RateLimited(
        "Openverse has had as many calls from your connection as it takes.",
        f"Search again {wait}, or search another service; what was found stays here.",
    )


def _wait_told(words: str) -> int:
    """How many seconds it wants nothing, as it says; 0 where it does not."""
    match = re.search(r"available in (\d{1,9}) second", words)
    return int(match[1]) if match else 0


def _image(url: str) -> bytes:
    try:
        return get(url, _MAX_THUMBNAIL)
    except RateLimited as error:
        # Thumbnails have a limit of their own, by the minute: it soon passes.
        raise Unavailable(str(error), wait=min(60, _wait_told(str(error)))) from error


def _photo(row: dict[str, Any], url: str) -> Photo:
    id_, title, creator = code(row.get("id")), text(row.get("title")), text(row.get("creator"))
    license_name = _license(text(row.get("license")), text(row.get("license_version")))
    width, height = size(row.get("width")), size(row.get("height"))
    small = _flickr_thumbnail(row)
    longest = 320 / max(width, height, 320) if small else 600 / max(width, 600)
    return Photo(
        id=id_,
        title=title,
        tags=_tags(row.get("tags")),
        thumb_url=small or _made_by_openverse(url, id_),
        page_url=address(row.get("foreign_landing_url")),
        owner=creator,
        owner_id=code(row.get("creator_url")) or creator,
        license=license_name,
        width=round(width * longest),
        height=round(height * longest),
        source=Openverse.can.name,
        license_url=address(row.get("license_url")),
        attribution=text(row.get("attribution"), LONGEST_CREDIT)
        or credit(title, creator, license_name, "Openverse"),
        full_width=width,
        full_height=height,
        sensitive=row.get("mature") is True or bool(row.get("unstable__sensitivity")),
        # Flickr's own is 1,024 pixels; files of others are on hosts that no page may read.
        large_url=address(row.get("url")) if small else "",
    )


def _flickr_thumbnail(row: dict[str, Any]) -> str:
    """Flickr's own small version, which spares Openverse's; empty for photos of others."""
    match = _FLICKR.fullmatch(address(row.get("url")))
    return f"{match[1]}_n.jpg" if match and row.get("provider") == "flickr" else ""


def _made_by_openverse(url: str, id_: str) -> str:
    return _THUMBNAIL.format(api=url.rstrip("/"), id=quote(id_, safe=""))


def _tags(value: object) -> tuple[str, ...]:
    """People's tags first, in their order, then those that a program has seen, surest first."""
    rows = objects(value)
    people = [row for row in rows if not _accuracy(row)]
    machine = sorted((row for row in rows if _accuracy(row)), key=_accuracy, reverse=True)
    return tags(row.get("name") for row in people + machine)


def _accuracy(row: dict[str, Any]) -> float:
    value = row.get("accuracy")
    return float(value) if isinstance(value, float | int) and 0 < value <= 1 else 0.0


def _license(kind: str, version: str) -> str:
    """The short name: "CC BY-SA 2.0" of "by-sa" and "2.0"; what is not known keeps its name."""
    if kind == "pdm":
        return "Public domain mark"
    name = "CC0" if kind == "cc0" else f"CC {kind.upper()}" if kind in _CODES else kind
    return f"{name} {version}".strip() if name else ""


def _sizes(longest: int) -> str | None:
    """The bands of size that hold photos whose longest side has so many pixels.

    Openverse counts the pixels of the whole: small is below 640×480, medium below 1600×900. No
    photo narrower than 3:1 is reckoned with.
    """
    pixels = longest * longest // 3
    return "large" if pixels >= 1600 * 900 else "medium,large" if pixels >= 640 * 480 else None
