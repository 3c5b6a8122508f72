"""Wellcome Collection, a museum of health, without a key: developers.wellcomecollection.org."""

import re
from typing import Any
from urllib.parse import quote, urlencode

from lookalike.errors import RateLimited, Unavailable
from lookalike.filters import Filters, license_refused
from lookalike.photo import Photo
from lookalike.sources.asking import Syntax
from lookalike.sources.credit import credit
from lookalike.sources.http import get
from lookalike.sources.reading import (
    address,
    code,
    inner,
    json_object,
    number,
    objects,
    tags,
    text,
)
from lookalike.sources.requests import Requests, Some, Whole, Words
from lookalike.sources.source import Capabilities, Page

API_URL = "https://api.wellcomecollection.org/catalogue/v2/images"
_PAGE_URL = "https://wellcomecollection.org/works/{id}"
_TITLE = "Wellcome Collection"

_KINDS = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
LICENSES = {"cc-0": "CC0 1.0", "pdm": "Public domain mark"}
LICENSES |= {f"cc-{kind}": f"CC {kind.upper()}" for kind in _KINDS}

_MOST, _DEEPEST = 100, 20  # photos of a call, and pages
_INCLUDE = "source.contributors,source.genres,source.subjects"

# A picture is named by the address of its description, of which its sizes are made.
_DESCRIPTION = "/info.json"
_PICTURE = "/full/{width},/0/default.jpg"
_SMALL, _LARGE = 400, 1200  # pixels wide


class Wellcome:
    """https://wellcomecollection.org/search/images as a `Source`; the limits are what is polite."""

    can = Capabilities(
        name="wellcome",
        title=_TITLE,
        pages=_DEEPEST,
        per_call=30,
        at_once=2,
        per_minute=60,
        filters=frozenset({"license"}),
        syntax=Syntax('"+-|*()~\\:'),
    )
    requests = Requests(
        search={
            "query": Words(),
            "page": Whole(1, _DEEPEST),
            "pageSize": Whole(1, _MOST),
            "include": _INCLUDE,
            "locations.license": Some(tuple(LICENSES)),
        },
        rewritten=tuple(
            (
                r"(https?://[^/?#]+/image/[^?#]+)" + re.escape(_DESCRIPTION),
                "{1}" + _PICTURE.format(width=width),
            )
            for width in (_SMALL, _LARGE)
        ),
        built=(_PAGE_URL,),
    )

    def __init__(self, url: str = API_URL, filters: Filters | None = None) -> None:
        self._url, self._filters = url, filters or Filters()

    def filtered(self, filters: Filters) -> "Wellcome":
        """See `lookalike.sources.source.Source`."""
        return Wellcome(self._url, filters)

    def search(self, query: str, limit: int, _: int | None, page: int = 1) -> Page:
        """See `Source.search`; at most 100 photos. It knows no upload dates."""
        url = self.address(query, limit, None, page)
        return self.read(get(url, 4_000_000)) if url else Page((), None)

    def address(self, query: str, limit: int, _: int | None, page: int = 1) -> str:
        """See `lookalike.sources.source.Source`."""
        if not (words := self.can.syntax.words(query)):
            return ""
        asked = {
            "query": words,
            "page": page,
            "pageSize": min(limit, _MOST),
            "include": _INCLUDE,
        }
        if (wanted := self._filters.license) != "any":
            kinds = (id_ for id_, name in LICENSES.items() if not license_refused(name, wanted))
            asked["locations.license"] = ",".join(kinds)
        return f"{self._url}?{urlencode(asked)}"

    def read(self, body: bytes) -> Page:
        """See `lookalike.sources.source.Source`."""
        answer = json_object(body, _TITLE)
        photos = [_photo(row) for row in objects(answer.get("results"))]
        # It names the next page; one that is alone is the last.
        alone = 0 <= number(answer.get("totalPages")) <= 1
        more = True if answer.get("nextPage") else False if alone else None
        return Page((photo for photo in photos if photo.id and photo.thumb_url), more)

    def thumbnail(self, photo: Photo) -> bytes:
        """See `Source.thumbnail`: 400 pixels wide."""
        try:
            return get(photo.thumb_url, 2_000_000)
        except RateLimited as error:
            raise Unavailable(str(error)) from error


def _photo(row: dict[str, Any]) -> Photo:
    place = next(iter(objects(row.get("locations"))), inner(row.get("thumbnail")))
    work, terms = inner(row.get("source")), inner(place.get("license"))
    about = [*objects(work.get("subjects")), *objects(work.get("genres"))]
    agents = (inner(each.get("agent")) for each in objects(work.get("contributors")))
    owner = next(filter(None, (text(agent.get("label")) for agent in agents)), "")
    title, description = text(work.get("title")), address(place.get("url"))
    license_name = LICENSES.get(code(terms.get("id"))) or text(terms.get("label"))
    return Photo(
        id=code(row.get("id")),
        title=title,
        tags=tags(each.get("label") for each in about),
        thumb_url=_picture(description, _SMALL),
        page_url=_PAGE_URL.format(id=quote(code(work.get("id")), safe="")),
        owner=owner or _TITLE,
        owner_id=owner,
        license=license_name,
        source=Wellcome.can.name,
        license_url=address(terms.get("url")),
        attribution=credit(title, owner, license_name, _TITLE),
        large_url=_picture(description, _LARGE),
    )


def _picture(description: str, width: int) -> str:
    if not description:
        return ""
    return description.removesuffix(_DESCRIPTION) + _PICTURE.format(width=width)
