"""Wellcome Collection, a museum of health, without a key: developers.wellcomecollection.org."""

from typing import Any
from urllib.parse import quote, urlencode

from lookalike.errors import RateLimited, Unavailable
from lookalike.filters import Filters, license_refused
from lookalike.photo import Photo
from lookalike.sources.asking import Syntax
from lookalike.sources.credit import credit
from lookalike.sources.http import get
from lookalike.sources.reading import address, code, inner, json_object, objects, tags, text
from lookalike.sources.requests import Requests, Some, Value, Whole, Words
from lookalike.sources.source import Capabilities

API_URL = "https://api.wellcomecollection.org/catalogue/v2/images"
_KINDS = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
LICENSES = {"cc-0": "CC0 1.0", "pdm": "Public domain mark"}
LICENSES |= {f"cc-{kind}": f"CC {kind.upper()}" for kind in _KINDS}
_SYNTAX, _FILTERS, _FREE = Syntax('"+-|*()~\\:'), frozenset({"license"}), Some(tuple(LICENSES))
_NAME, _TITLE = "wellcome", "Wellcome Collection"
_INCLUDE = "source.contributors,source.genres,source.subjects"
_PAGES: dict[str, Value] = {"page": Whole(1, 20), "pageSize": Whole(1, 100)}


class Wellcome:
    """https://wellcomecollection.org/search/images as a `Source`; the limits are what is polite."""

    can = Capabilities(_NAME, _TITLE, False, 20, 30, 2, 60, None, False, _FILTERS, _SYNTAX)
    requests = Requests(
        {**_PAGES, "query": Words(), "include": _INCLUDE, "locations.license": _FREE},
        {
            r"(https?://[^/?#]+/image/[^?#]+)/info\.json": "{1}/full/400,/0/default.jpg",
            r"(https?://[^/?#]+/image/[^?#]+)/info[.]json": "{1}/full/1200,/0/default.jpg",
        },
        ("https://wellcomecollection.org/works/{id}",),
    )

    def __init__(self, url: str = API_URL, filters: Filters | None = None) -> None:
        self._url, self._filters = url, filters or Filters()

    def filtered(self, filters: Filters) -> "Wellcome":
        """See `lookalike.sources.source.Source`."""
        return Wellcome(self._url, filters)

    def search(self, query: str, limit: int, _: int | None, page: int = 1) -> list[Photo]:
        """See `Source.search`; at most 100 photos. It knows no upload dates."""
        url = self.address(query, limit, None, page)
        return self.read(get(url, 4_000_000)) if url else []

    def address(self, query: str, limit: int, _: int | None, page: int = 1) -> str:
        """See `lookalike.sources.source.Source`."""
        if not (words := self.can.syntax.words(query)):
            return ""
        asked = {"query": words, "page": page, "pageSize": min(limit, 100), "include": _INCLUDE}
        if (wanted := self._filters.license) != "any":
            kinds = (id_ for id_, name in LICENSES.items() if not license_refused(name, wanted))
            asked["locations.license"] = ",".join(kinds)
        return f"{self._url}?{urlencode(asked)}"

    def read(self, body: bytes) -> list[Photo]:
        """See `lookalike.sources.source.Source`."""
        answer = json_object(body, _TITLE)
        photos = [_photo(row) for row in objects(answer.get("results"))]
        return [photo for photo in photos if photo.id and photo.thumb_url]

    def thumbnail(self, photo: Photo) -> bytes:
        """See `Source.thumbnail`: 400 pixels wide."""
        try:
            return get(photo.thumb_url, 2_000_000)
        except RateLimited as error:
            raise Unavailable(str(error)) from error


def _photo(row: dict[str, Any]) -> Photo:
    place = next(iter(objects(row.get("locations"))), inner(row.get("thumbnail")))
    work, terms, id_ = inner(row.get("source")), inner(place.get("license")), code(row.get("id"))
    about = [*objects(work.get("subjects")), *objects(work.get("genres"))]
    agents = (inner(each.get("agent")) for each in objects(work.get("contributors")))
    owner = next(filter(None, (text(agent.get("label")) for agent in agents)), "")
    title, base = text(work.get("title")), address(place.get("url"))
    name = LICENSES.get(code(terms.get("id"))) or text(terms.get("label"))
    page = f"https://wellcomecollection.org/works/{quote(code(work.get('id')), '')}"
    return Photo(
        *(id_, title, tags(each.get("label") for each in about)),
        _picture(base, 400),
        *(page, owner or _TITLE, owner, name),
        source=_NAME,
        license_url=address(terms.get("url")),
        attribution=credit(title, owner, name, _TITLE),
        large_url=_picture(base, 1200),
    )


def _picture(base: str, width: int) -> str:
    return f"{base.removesuffix('/info.json')}/full/{width},/0/default.jpg" if base else ""
