"""Flickr: a thin wrapper over `flickr.photos.search`, and the pattern for other services.

Facts are from https://www.flickr.com/services/api/flickr.photos.search.html and from recorded
answers, in which numbers are sometimes strings and fields sometimes missing.
"""

import json
import re
from typing import Any
from urllib.parse import urlencode

from lookalike.errors import KeyRejected, RateLimited, SourceError, Unavailable
from lookalike.photo import Photo
from lookalike.sources.http import get
from lookalike.sources.source import Capabilities

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

_MAX_ANSWER = 4_000_000
_MAX_THUMBNAIL = 2_000_000
_UNAVAILABLE = {0, 10, 105, 201}
_KEY_REJECTED = {96, 98, 99, 100}


class Flickr:
    """The photo service https://www.flickr.com as a `Source`.

    Args:
        url: the API's base URL.
        api_key: a Flickr API key. None in a browser, where site/js/courier/signing.js adds it to
            calls of the methods that it lists, so that it never enters Python.
    """

    can = Capabilities(
        name="flickr",
        title="Flickr",
        dates=True,
        per_call=30,
        key=True,
        filters=frozenset({"license", "since", "until", "safe"}),
    )

    def __init__(self, url: str = API_URL, api_key: str | None = None) -> None:
        self._url = url
        self._key = {} if api_key is None else {"api_key": api_key}

    def search(self, query: str, limit: int = 30, before: int | None = None) -> list[Photo]:
        """See `Source.search`; at most 500 photos, safe ones only."""
        parameters = {
            "method": "flickr.photos.search",
            "text": query,
            "per_page": min(limit, 500),
            "extras": "tags,url_n,license,owner_name,date_upload",
            "safe_search": 1,
            "content_types": 0,
            "media": "photos",
            "format": "json",
            "nojsoncallback": 1,
            **({} if before is None else {"max_upload_date": before}),
            **self._key,
        }
        return parse(get(f"{self._url}?{urlencode(parameters, errors='replace')}", _MAX_ANSWER))

    def thumbnail(self, photo: Photo) -> bytes:
        """See `Source.thumbnail`: 320 pixels on the longest side."""
        try:
            return get(photo.thumb_url, _MAX_THUMBNAIL)
        except RateLimited as error:
            # The image host counts no calls of a key: it asks those who fetch too fast to wait.
            raise Unavailable(str(error)) from error


def parse(body: bytes) -> list[Photo]:
    """Read an answer of `flickr.photos.search`; photos that lack what is needed are left out.

    Raises:
        KeyRejected, RateLimited, Unavailable, SourceError: as the answer says, or when it is
            not the JSON that Flickr documents.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):  # the latter for [[[[…
        if b"429 Too Many Requests" in body:
            raise RateLimited("Flickr has had too many requests with this key.") from None
        raise SourceError("Flickr's answer could not be read (it is not JSON).") from None
    if not isinstance(answer, dict) or answer.get("stat") != "ok":
        raise _failure(answer)
    found = answer.get("photos")
    photos = found.get("photo") if isinstance(found, dict) else None
    rows = photos if isinstance(photos, list) else []
    read = [_photo(row) for row in rows if isinstance(row, dict)]
    return [photo for photo in read if photo is not None]


def _failure(answer: Any) -> SourceError:  # noqa: ANN401 - whatever JSON came
    if not isinstance(answer, dict) or answer.get("stat") != "fail":
        return SourceError("Flickr's answer is not of the form that it documents.")
    code, message = _int(answer.get("code")), str(answer.get("message", "")).strip()
    if code in _KEY_REJECTED:
        return KeyRejected(f"Flickr does not accept the API key: {message or 'invalid key'}.")
    if code in _UNAVAILABLE:
        return Unavailable(f"Flickr is not available now (code {code}): {message}")
    return SourceError(f"Flickr refused a search (code {code}): {message}")


def _photo(row: dict[str, Any]) -> Photo | None:
    identity = [_text(row.get(field)) for field in ("id", "owner", "server", "secret")]
    if not all(identity):
        return None
    id_, owner, server, secret = identity
    # Every url_n recorded has this form, so where it was not sent it can be built.
    built = f"https://live.staticflickr.com/{server}/{id_}_{secret}_n.jpg"
    uploaded = _int(row.get("dateupload"))
    return Photo(
        id=id_,
        title=_text(row.get("title")),
        tags=_tags(row.get("tags")),
        # Answers before 2018 name plain http hosts, which a page served by https may not fetch.
        thumb_url=re.sub(r"^http://(?=farm)", "https://", _text(row.get("url_n")) or built),
        page_url=f"https://www.flickr.com/photos/{owner}/{id_}",
        owner=_text(row.get("ownername")) or owner,
        owner_id=owner,
        license=LICENSES.get(_int(row.get("license")), ""),
        width=max(0, _int(row.get("width_n"))),
        height=max(0, _int(row.get("height_n"))),
        uploaded=uploaded if uploaded > 0 else None,
    )


def _tags(value: object) -> tuple[str, ...]:
    words = _text(value).split()
    # "ns:predicate=value" tags are written by programs; a text search for one finds nothing.
    return tuple(dict.fromkeys(word for word in words if not (":" in word and "=" in word)))


def _text(value: object) -> str:
    # flickr.photos.getInfo and older answers wrap text as {"_content": …}.
    inner = value.get("_content") if isinstance(value, dict) else value
    text = str(inner) if isinstance(inner, str | int) else ""
    # Half of a surrogate pair, which JSON can escape, could not be sent on as a query.
    return text.encode(errors="ignore").decode()


def _int(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return -1
