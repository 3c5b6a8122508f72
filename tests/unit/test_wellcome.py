import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from any_json import json_values
from lookalike.errors import RateLimited, SourceError, Unavailable
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.sources import wellcome as module
from lookalike.sources.source import capabilities
from lookalike.sources.wellcome import API_URL, Wellcome

LOCATION = {
    "url": "https://iiif.wellcomecollection.org/image/V0001.jpg/info.json",
    "license": {
        "id": "cc-by",
        "label": "Attribution 4.0 International (CC BY 4.0)",
        "url": "http://creativecommons.org/licenses/by/4.0/",
    },
}
ROW = {
    "id": "q6h754ua",
    "aspectRatio": 1.25,
    "thumbnail": LOCATION,
    "locations": [LOCATION],
    "source": {
        "id": "pbxd2mgd",
        "title": "Cats &amp; owls",
        "contributors": [{"agent": {"label": "Ada"}}],
        "genres": [{"label": "Photographs"}],
        "subjects": [{"label": "Cats."}, {"label": "Owls."}, {"label": "Cats."}],
    },
}


def asked(monkeypatch, *rows, filters=None, body=None, **arguments):
    urls = []

    def get(url, limit):
        urls.append(url)
        return json.dumps({"results": list(rows)}).encode() if body is None else body

    monkeypatch.setattr(module, "get", get)
    source = Wellcome().filtered(filters) if filters else Wellcome()
    photos = source.search(**{"query": "cat", "limit": 30, "_": None, **arguments})
    assert urls[0].startswith(API_URL + "?")
    return photos, dict(parse_qsl(urlsplit(urls[0]).query))


def test_a_whole_row_becomes_a_photo(monkeypatch):
    (photo,), _ = asked(monkeypatch, ROW)
    assert photo == Photo(
        id="q6h754ua",
        title="Cats & owls",
        tags=("Cats.", "Owls.", "Photographs"),
        thumb_url="https://iiif.wellcomecollection.org/image/V0001.jpg/full/400,/0/default.jpg",
        page_url="https://wellcomecollection.org/works/pbxd2mgd",
        owner="Ada",
        owner_id="Ada",
        license="CC BY",
        source="wellcome",
        license_url="http://creativecommons.org/licenses/by/4.0/",
        attribution='"Cats & owls" by Ada, CC BY, via Wellcome Collection',
        large_url="https://iiif.wellcomecollection.org/image/V0001.jpg/full/1200,/0/default.jpg",
    )


def test_it_is_asked_for_words_pages_and_licences(monkeypatch):
    _, query = asked(monkeypatch, query='-"cat"', limit=500, page=3)
    assert (query["query"], query["page"], query["pageSize"]) == ("cat", "3", "100")
    assert "locations.license" not in query
    _, query = asked(monkeypatch, filters=Filters(license="commercial"))
    assert query["locations.license"] == "cc-0,pdm,cc-by,cc-by-sa,cc-by-nd"
    can = capabilities(Wellcome())
    assert (can.name, can.key, can.pages, can.dates) == ("wellcome", False, 20, False)
    assert can.filters == {"license"}


def test_both_sizes_of_a_picture_are_declared_as_made_of_its_address(monkeypatch):
    (photo,), _ = asked(monkeypatch, ROW)
    made = [
        re.sub(f"^{pattern}$", template.replace("{1}", r"\1"), LOCATION["url"])
        for pattern, template in Wellcome.requests.as_json()["rewritten"]
    ]
    assert made == [photo.thumb_url, photo.large_url]
    assert len({pattern for pattern, _ in Wellcome.requests.rewritten}) == 1


def test_an_unknown_licence_keeps_its_name(monkeypatch):
    odd = {**LOCATION, "license": {"id": "inc", "label": "In copyright"}}
    (photo,), _ = asked(monkeypatch, {**ROW, "locations": [odd]})
    assert photo.license == "In copyright"


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({"totalPages": 3, "nextPage": "https://api.wellcomecollection.org/?page=2"}, True),
        ({"totalPages": 1}, False),
        ({"totalPages": 0}, False),
        ({"totalPages": 3}, None),
        ({}, None),
    ],
)
def test_whether_there_is_more_is_what_it_says(monkeypatch, fields, more):
    body = json.dumps({"results": [ROW, {}], **fields}).encode()
    photos, _ = asked(monkeypatch, body=body)
    assert photos.more is more


def test_what_it_says_is_wrong_is_told(monkeypatch):
    with pytest.raises(SourceError):
        asked(monkeypatch, body=b"<html>")

    def busy(url, limit):
        raise RateLimited("wait")

    monkeypatch.setattr(module, "get", busy)
    with pytest.raises(Unavailable):
        Wellcome().thumbnail(Photo("1", thumb_url="https://iiif.wellcomecollection.org/x"))


rows = st.dictionaries(st.sampled_from([*ROW]), json_values).map(lambda fields: {**ROW, **fields})


@given(st.lists(rows | json_values, max_size=3))
@settings(max_examples=100, deadline=None)
def test_any_json_gives_photos(found):
    with pytest.MonkeyPatch.context() as patch:
        photos, _ = asked(patch, *found)
    for photo in photos:
        assert photo.id
        assert photo.thumb_url.startswith("http")
        assert json.dumps([photo.title, photo.tags, photo.attribution], ensure_ascii=False).encode()
