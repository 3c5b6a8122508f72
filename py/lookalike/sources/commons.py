"""Wikimedia Commons: free media of all kinds, asked without a key; its photos alone are wanted.

Facts are from https://commons.wikimedia.org/w/api.php (the pages of help of `query`,
`generator=search` and `imageinfo`) and from recorded answers. Categories serve as tags.
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from lookalike.errors import RateLimited, SourceError, TimedOut, Unavailable
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.sources.asking import Syntax
from lookalike.sources.categories import tags_of
from lookalike.sources.credit import credit
from lookalike.sources.http import get
from lookalike.sources.reading import (
    address,
    code,
    inner,
    json_object,
    number,
    objects,
    plain,
    size,
    text,
)
from lookalike.sources.requests import Requests, Whole, Words
from lookalike.sources.source import Capabilities, Page

API_URL = "https://commons.wikimedia.org/w/api.php"

THUMB_HOST = "thumb.wikimedia.org"
"""Where thumbnails are since autumn 2026; whether a page may read them is not verified."""

UPLOAD_HOST = "upload.wikimedia.org"
"""Where the same paths were before, and still are; any page may read them."""

THUMB_WIDTH = 330
"""Pixels; one of the widths that are made: https://www.mediawiki.org/wiki/Common_thumbnail_sizes.
Others are refused (HTTP 400)."""

LARGE_WIDTH = 1280
"""Pixels of the picture that somebody opens; another of those widths."""

_MOST = 50
"""More files a call are not described: https://github.com/WordPress/openverse/issues/3075."""

# CirrusSearch: https://www.mediawiki.org/wiki/Help:CirrusSearch. Keywords (`intitle:`) and name
# spaces (`File:`) end in a colon, regular expressions are between slashes, `~` and `!` go before a
# word, wildcards (`*`, `?`) anywhere; the rest is Lucene's.
_SYNTAX = Syntax(
    special='"-!~*?:\\/+|&()[]{}<>^=#',
    operators=frozenset({"AND", "OR", "NOT"}),
    longest=200,
)

_MAX_ANSWER = 4_000_000
_MAX_THUMBNAIL = 2_000_000
_BUSY = {"cirrussearch-too-busy-error", "maxlag", "ratelimited", "readonly"}

_ALWAYS = {
    "action": "query",
    "format": "json",
    "formatversion": "2",
    "origin": "*",  # without it no page may read the answer
    "generator": "search",
    "gsrnamespace": "6",
    "prop": "imageinfo",
    "iiprop": "url|size|mime|user|timestamp|extmetadata",
    "iiurlwidth": str(THUMB_WIDTH),
    "iiextmetadatafilter": "Artist|Attribution|Categories|LicenseShortName|LicenseUrl|ObjectName",
}


class Commons:
    """The photo service https://commons.wikimedia.org as a `Source`.

    Args:
        url: its API's address.
        filters: what it is asked to keep out. It has no works that may not be used for money, or
            not be changed; so of licences nothing needs to be asked.
    """

    can = Capabilities(
        name="commons",
        title="Wikimedia Commons",
        pages=20,
        per_call=_MOST,
        # It asks to be asked in series: https://www.mediawiki.org/wiki/API:Etiquette
        at_once=1,
        per_minute=200,
        filters=frozenset({"license", "min_size"}),
        syntax=_SYNTAX,
    )

    requests = Requests(
        search={
            **_ALWAYS,
            "gsrsearch": Words(after=r"filetype:bitmap (?:fileres:>\d{1,6} )?"),
            "gsrlimit": Whole(1, _MOST),
            "gsroffset": Whole(0, 10_000),
        },
        rewritten=(
            (rf"(https?:)//{re.escape(THUMB_HOST)}/(.*)", "{1}//" + UPLOAD_HOST + "/{2}"),
            (
                rf"(https?:)//{re.escape(THUMB_HOST)}/(.*)/{THUMB_WIDTH}px-([^/]*)",
                f"{{1}}//{UPLOAD_HOST}/{{2}}/{LARGE_WIDTH}px-{{3}}",
            ),
            (rf"(.*)/{THUMB_WIDTH}px-([^/]*)", f"{{1}}/{LARGE_WIDTH}px-{{2}}"),
        ),
    )

    def __init__(self, url: str = API_URL, filters: Filters | None = None) -> None:
        self._url = url
        self._filters = filters or Filters()

    def filtered(self, filters: Filters) -> "Commons":
        """See `lookalike.sources.source.Source`."""
        return Commons(self._url, filters)

    def search(
        self,
        query: str,
        limit: int = _MOST,
        before: int | None = None,
        page: int = 1,
    ) -> Page:
        """See `Source.search`; at most 50 photos."""
        if not (url := self.address(query, limit, before, page)):
            return Page((), None)
        try:
            return parse(get(url, _MAX_ANSWER))
        except RateLimited as error:
            raise Unavailable(str(error)) from error  # its limit is by the minute: it soon passes

    def address(
        self,
        query: str,
        limit: int,
        before: int | None = None,  # noqa: ARG002 - its search knows no upload dates
        page: int = 1,
    ) -> str:
        """See `lookalike.sources.source.Source`."""
        limit = min(limit, _MOST)
        if not (words := self.can.syntax.words(query)):
            return ""
        words = " ".join(["filetype:bitmap", *_larger(self._filters.min_size), words])
        page_of_it = {"gsrlimit": limit, "gsroffset": (page - 1) * limit}
        parameters = {**_ALWAYS, "gsrsearch": words, **page_of_it}
        return f"{self._url}?{urlencode(parameters)}"

    def read(self, body: bytes) -> Page:
        """See `lookalike.sources.source.Source`."""
        return parse(body)

    def thumbnail(self, photo: Photo) -> bytes:
        """See `Source.thumbnail`: 330 pixels wide, or smaller where the original is."""
        url = photo.thumb_url
        try:
            if urlsplit(url).hostname == THUMB_HOST:
                return get(url, _MAX_THUMBNAIL)
        except (RateLimited, Unavailable, TimedOut) as error:
            raise Unavailable(str(error)) from error
        except SourceError:
            pass  # a page that may not read it learns no more than that it was not reached
        try:
            return get(_readable(url), _MAX_THUMBNAIL)
        except RateLimited as error:
            raise Unavailable(str(error)) from error


def parse(body: bytes) -> Page:
    """Read an answer of the API, best match first; pages without a picture are left out.

    Raises:
        Unavailable: the service says that it is busy.
        SourceError: it says what else is wrong, or it is not the JSON that the API documents.
    """
    answer = json_object(body, "Wikimedia Commons")
    if error := answer.get("error"):
        raise _failure(inner(error))
    found = answer.get("query")
    # An answer without a single photo has no `query`.
    if found is None and ("batchcomplete" in answer or "continue" in answer):
        return Page((), more=False)
    if not isinstance(found, dict):
        raise SourceError("Wikimedia Commons' answer is not of the form that it documents.")
    pages = sorted(objects(found.get("pages")), key=lambda page: number(page.get("index")))
    photos = [_photo(page, info) for page in pages for info in objects(page.get("imageinfo"))[:1]]
    wanted = (photo for photo in photos if photo.id and photo.thumb_url)
    return Page(wanted, _has_more(answer))


def _has_more(answer: dict[str, Any]) -> bool | None:
    """Whether the search finds more: then the answer says from which place on it goes on."""
    if "gsroffset" in inner(answer.get("continue")):
        return True
    return False if "batchcomplete" in answer and "continue" not in answer else None


def _failure(error: dict[str, Any]) -> SourceError:
    kind, words = code(error.get("code")), plain(error.get("info"))
    if kind in _BUSY or kind.startswith("internal_api_error"):
        return Unavailable(f"Wikimedia Commons is too busy now ({kind}): {words}")
    return SourceError(f"Wikimedia Commons refused a search ({kind or 'no code'}): {words}")


def _photo(page: dict[str, Any], info: dict[str, Any]) -> Photo:
    said = _Metadata(info.get("extmetadata"))
    file = text(page.get("title")).partition(":")[2]
    title = said.plain("ObjectName") or file.rpartition(".")[0] or file
    user = text(info.get("user"))
    creator, license_name = said.plain("Artist") or user, said.plain("LicenseShortName")
    wish = said.plain("Attribution")
    return Photo(
        id=code(page.get("pageid")) or file,
        title=title,
        tags=tags_of(said.raw("Categories")),
        thumb_url=_clean(info.get("thumburl")) or _clean(info.get("url")),
        page_url=address(info.get("descriptionurl")) or address(info.get("descriptionshorturl")),
        owner=creator,
        owner_id=user or creator,
        license=license_name,
        width=size(info.get("thumbwidth")),
        height=size(info.get("thumbheight")),
        uploaded=_unix(info.get("timestamp")),
        source=Commons.can.name,
        license_url=address(said.raw("LicenseUrl")),
        attribution=_as_wished(wish, license_name)
        if wish
        else credit(title, creator, license_name, "Wikimedia Commons"),
        full_width=size(info.get("width")),
        full_height=size(info.get("height")),
        large_url=_larger_picture(info),
    )


def _as_wished(wish: str, license_name: str) -> str:
    """How some authors want to be named; what they leave out is added."""
    added = [license_name, "via Wikimedia Commons"]
    if license_name.lower() in wish.lower():
        added.remove(license_name)
    if "commons" in wish.lower():
        added.remove("via Wikimedia Commons")
    return ", ".join([wish, *added])


class _Metadata:
    """`extmetadata`: {NAME: {"value": HTML}}, or [] where there is none."""

    def __init__(self, fields: object) -> None:
        self._fields = inner(fields)

    def raw(self, name: str) -> str:
        value = inner(self._fields.get(name)).get("value")
        return value if isinstance(value, str) else ""

    def plain(self, name: str) -> str:
        return plain(self.raw(name))


def _clean(value: object) -> str:
    """An image's address without what only serves to count visits, such as "?utm_source=…"."""
    return address(value).partition("?")[0]


def _readable(url: str) -> str:
    """The same picture on the host that any page may read."""
    return url.replace(f"//{THUMB_HOST}/", f"//{UPLOAD_HOST}/", 1)


def _larger_picture(info: dict[str, Any]) -> str:
    """A thumbnail of more pixels, or the file itself where it has hardly more than that."""
    if 0 < size(info.get("width")) <= LARGE_WIDTH:
        return _clean(info.get("url"))
    small = f"/{THUMB_WIDTH}px-"
    before, found, name = _readable(_clean(info.get("thumburl"))).rpartition(small)
    return f"{before}/{LARGE_WIDTH}px-{name}" if found and "/" not in name else ""


def _unix(timestamp: object) -> int | None:
    """When this version of the file was uploaded, "2007-06-03T14:43:13Z", in Unix seconds."""
    try:
        seconds = int(datetime.fromisoformat(text(timestamp)).timestamp())
    except (ValueError, OverflowError, OSError):
        return None
    return seconds if seconds > 0 else None


def _larger(longest: int) -> list[str]:
    """The search's word for photos whose longest side may have so many pixels.

    `fileres` is the root of width times height. No photo narrower than 3:1 is reckoned with.
    """
    return [f"fileres:>{int(longest / 3**0.5)}"] if longest > 0 else []
