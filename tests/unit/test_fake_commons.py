"""The fake Wikimedia Commons answers as Commons does, and our source understands it."""

import http.client
import json
import re
from contextlib import closing
from urllib.parse import urlencode, urlsplit

import pytest

from fake_commons import FakeCommons
from fake_flickr import SHARED_PHOTOS
from fakes.commons import categories_of, has_metadata, pageid_of
from lookalike.errors import SourceError, Unavailable
from lookalike.filters import Filters, passes
from lookalike.sources.categories import is_maintenance
from lookalike.sources.commons import Commons

NOW = 1_800_000_000
RECORDED = SHARED_PHOTOS.parent / "fixtures" / "commons"
ROWS = [
    {
        "id": f"row-{n}",
        "title": f"Number {n}",
        "tags": ["cat" if n % 2 else "dog", "dining table"],
        "width": 240,
        "height": (40, 160, 320)[n % 3],
        "bytes": b"\xff\xd8 the picture of row %d" % n,
    }
    for n in range(240)
]
QUESTION = {
    "action": "query",
    "format": "json",
    "formatversion": "2",
    "origin": "*",
    "generator": "search",
    "gsrsearch": "filetype:bitmap cat",
    "gsrnamespace": "6",
    "gsrlimit": "30",
    "prop": "imageinfo",
    "iiprop": "url|size|mime|user|timestamp|extmetadata",
    "iiurlwidth": "330",
}


@pytest.fixture(scope="module")
def server():
    with FakeCommons(ROWS, now=NOW) as server:
        yield server


@pytest.fixture
def commons(server):
    server.clear()
    server.forget()
    server.calls_per_minute = 200
    return server


def ask(commons, path="", **params):
    asked = {name: value for name, value in (QUESTION | params).items() if value is not None}
    address = urlsplit(commons.origin).netloc
    with closing(http.client.HTTPConnection(address, timeout=10)) as link:
        path = path or f"/w/api.php?{urlencode(asked)}"
        link.request("GET", path, headers={"Origin": "http://page.test"})
        response = link.getresponse()
        return response, response.read()


def answer(commons, **params):
    response, body = ask(commons, **params)
    assert response.status == 200
    return json.loads(body)


def test_answers_are_ordered_by_index_alone_and_continue(commons):
    first = answer(commons)
    pages = first["query"]["pages"]
    assert sorted(page["index"] for page in pages) == list(range(1, 31))
    assert [page["index"] for page in pages] != list(range(1, 31))
    assert first["continue"] == {"gsroffset": 30, "continue": "gsroffset||"}
    seen, offset = len(pages), 30
    while offset:
        more = answer(commons, gsroffset=offset)
        seen += len(more["query"]["pages"])
        offset = more.get("continue", {}).get("gsroffset")
    assert seen == 120


def test_an_answer_without_photos_has_no_query(commons):
    assert answer(commons, gsrsearch="filetype:bitmap nothing") == {"batchcomplete": True}


def test_who_does_not_say_origin_is_not_allowed_to_read(commons):
    assert ask(commons)[0].headers["access-control-allow-origin"] == "*"
    assert ask(commons, origin=None)[0].headers["access-control-allow-origin"] is None


def test_errors_come_with_http_200(commons):
    error = answer(commons, gsrsearch=None)
    assert error["error"]["code"] == "missingparam"
    if RECORDED.is_dir():
        assert error == json.loads((RECORDED / "error_missingparam.json").read_text())


@pytest.mark.skipif(not RECORDED.is_dir(), reason="needs ../shared/fixtures/commons")
def test_fields_are_those_recorded(commons):
    name = "search_2026_formatversion2_thumb_unscaled.json"
    (recorded,) = json.loads((RECORDED / name).read_text())["query"]["pages"]
    pages = answer(commons)["query"]["pages"]
    assert recorded.keys() <= pages[0].keys()
    for field, value in recorded["imageinfo"][0].items():
        assert type(value) in {type(page["imageinfo"][0][field]) for page in pages}, field


def test_at_most_fifty_files_are_described(commons):
    pages = answer(commons, gsrlimit=80)["query"]["pages"]
    assert len(pages) == 80
    assert sum("imageinfo" in page for page in pages) == 50


def test_thumbnails_have_standard_widths_and_others_are_refused(commons):
    (page, *_) = answer(commons, iiurlwidth=300)["query"]["pages"]
    info = page["imageinfo"][0]
    assert info["thumbwidth"] == 300
    path = urlsplit(info["thumburl"]).path
    assert "/330px-" in path
    response, body = ask(commons, path)
    assert (response.status, body[:2]) == (200, b"\xff\xd8")
    assert response.headers["access-control-allow-origin"] == "*"
    response, body = ask(commons, path.replace("/330px-", "/320px-"))
    assert response.status == 400
    assert b"https://w.wiki/GHai" in body
    assert ask(commons, re.sub("/[0-9a-f]/[0-9a-f]{2}/", "/x/xx/", path))[0].status == 404


def test_a_file_has_categories_about_itself_and_some_have_no_metadata(commons):
    photo = commons.photos[0]
    categories = categories_of(photo)
    assert {"Dining table", "Self-published work"} < set(categories)
    seen = [name for name in categories if not is_maintenance(name)]
    assert sorted(seen) == sorted({tag.capitalize() for tag in photo.raw_tags})
    assert 0 < sum(not has_metadata(photo) for photo in commons.photos) < 20


def test_calls_are_counted_by_the_minute(commons):
    commons.calls_per_minute = 1
    assert [ask(commons)[0].status for _ in range(2)] == [200, 429]
    assert ask(commons)[0].headers["retry-after"]


# -- What our source makes of it -------------------------------------------------------------------


def test_the_source_finds_photos_and_fetches_them(commons):
    source = Commons(commons.url)
    photos = source.search("cat", 30, None)
    assert len(photos) == 30
    by_page = {str(pageid_of(photo)): photo for photo in commons.photos}
    for photo in photos[:5]:
        fake = by_page[photo.id]
        assert source.thumbnail(photo) == fake.read()
        assert photo.uploaded == fake.uploaded
        assert photo.owner == fake.owner_name
        assert photo.tags == (("Cat", "Dining table") if has_metadata(fake) else ())
        assert (photo.full_width, photo.full_height) == (8 * fake.width, 8 * fake.height)


def test_every_page_is_another(commons):
    source = Commons(commons.url)
    ids = [photo.id for page in (1, 2, 3, 4) for photo in source.search("cat", 30, None, page)]
    assert len(ids) == len(set(ids)) == 120
    assert source.search("cat", 30, None, 5) == []


def test_asked_for_large_photos_it_sends_fewer_and_none_of_them_is_missing(commons):
    large = Filters(min_size=2000)

    def found(source):
        return [photo for page in (1, 2, 3) for photo in source.search("cat", 50, None, page)]

    whole, asked = found(Commons(commons.url)), found(Commons(commons.url).filtered(large))
    assert len(asked) < len(whole)
    wanted = {photo.id for photo in whole if passes(photo, large) is None}
    assert wanted == {photo.id for photo in asked if passes(photo, large) is None} != set()


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("429", Unavailable),
        ("busy", Unavailable),
        ("ratelimited", Unavailable),
        ("500", Unavailable),
        ("html", SourceError),
        ("malformed", SourceError),
    ],
)
def test_each_fault_has_its_error(commons, fault, expected):
    commons.fail(fault, times=1)
    with pytest.raises(SourceError) as caught:
        Commons(commons.url).search("cat", 20, None)
    assert type(caught.value) is expected
