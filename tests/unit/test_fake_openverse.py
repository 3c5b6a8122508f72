"""The fake Openverse answers as Openverse does, and our source understands it."""

import http.client
import json
from contextlib import closing
from urllib.parse import urlencode, urlsplit

import pytest

from fake_flickr import SHARED_PHOTOS
from fake_openverse import FakeOpenverse
from fakes.openverse import is_sensitive, license_of, provider_of, size_of, uuid_of
from lookalike.errors import RateLimited, SourceError, Unavailable
from lookalike.filters import Filters, passes
from lookalike.sources.openverse import Openverse

NOW = 1_800_000_000
RECORDED = SHARED_PHOTOS.parent / "fixtures" / "openverse"
ROWS = [
    {
        "id": f"row-{n}",
        "title": f"Number {n}",
        "tags": ["cat" if n % 2 else "dog", "Dining Table"],
        "width": 240,
        "height": (160, 240, 320)[n % 3],
        "bytes": b"\xff\xd8 the picture of row %d" % n,
    }
    for n in range(400)
]


@pytest.fixture(scope="module")
def server():
    with FakeOpenverse(ROWS, now=NOW) as server:
        yield server


@pytest.fixture
def openverse(server):
    server.clear()
    server.forget()
    server.calls_per_minute, server.calls_per_day = 20, 200
    return server


def ask(openverse, path="", method="GET", **params):
    path = path or f"/v1/images/?{urlencode(params)}"
    address = urlsplit(openverse.origin).netloc
    with closing(http.client.HTTPConnection(address, timeout=10)) as link:
        link.request(method, path, headers={"Origin": "http://page.test"})
        response = link.getresponse()
        return response, response.read()


def answer(openverse, **params):
    response, body = ask(openverse, **params)
    assert response.status == 200
    return json.loads(body)


def test_a_page_has_twenty_results_and_no_more_may_be_asked_for(openverse):
    first = answer(openverse, q="cat")
    assert (len(first["results"]), first["page_size"], first["page"]) == (20, 20, 1)
    assert first["result_count"] <= 240
    second = answer(openverse, q="cat", page=2)
    assert {row["id"] for row in first["results"]}.isdisjoint(r["id"] for r in second["results"])
    response, body = ask(openverse, q="cat", page_size=21)
    assert response.status == 401
    detail = "page_size may not exceed 20 for anonymous requests"
    assert json.loads(body) == {"detail": detail}
    assert ask(openverse, q="cat", page=12)[0].status == 200
    assert ask(openverse, q="cat", page=13)[0].status == 401
    assert ask(openverse, q="x" * 201)[0].status == 400


@pytest.mark.skipif(not RECORDED.is_dir(), reason="needs ../shared/fixtures/openverse")
def test_fields_and_headers_are_those_recorded(openverse):
    recorded = json.loads((RECORDED / "search_tag_cat_2024-04-29_first7.json").read_text())
    found = answer(openverse, q="cat")
    assert found.keys() == recorded.keys()
    for field, value in recorded["results"][0].items():
        kinds = {type(row[field]) for row in found["results"]}
        assert type(value) in kinds, field
    headers = json.loads((RECORDED / "search_tag_cat_2024-04-29_headers.json").read_text())
    response, _ = ask(openverse, q="cat")
    for name in ("access-control-allow-origin", "access-control-expose-headers", "content-type"):
        assert response.headers[name] == headers["headers"][name]
    refused = json.loads((RECORDED / "error_429_2023-07-10.json").read_text())
    openverse.fail("429", times=1)
    response, body = ask(openverse, q="cat")
    assert (response.status, json.loads(body)) == (refused["status"], refused["body"])


def test_calls_are_counted_by_the_minute_and_by_the_day(openverse):
    openverse.calls_per_minute = 2
    assert [ask(openverse, q="cat")[0].status for _ in range(3)] == [200, 200, 429]
    response, body = ask(openverse, q="cat")
    assert "Expected available in" in json.loads(body)["detail"]
    assert response.headers["access-control-allow-origin"] == "*"
    openverse.forget()
    openverse.calls_per_minute, openverse.calls_per_day = None, 3
    assert [ask(openverse, q="cat")[0].status for _ in range(4)] == [200, 200, 200, 429]
    # Pictures are no calls.
    picture = urlsplit(answer_thumb(openverse)).path
    assert ask(openverse, picture)[0].status == 200


def answer_thumb(openverse):
    photo = openverse.photos[0]
    return f"{openverse.url}{uuid_of(photo)}/thumb/"


def test_both_kinds_of_thumbnail_are_served_to_every_page(openverse):
    photo = openverse.photos[3]
    for path in (
        photo.path,
        photo.path.replace("_n.", "_b."),
        f"/v1/images/{uuid_of(photo)}/thumb/",
    ):
        response, body = ask(openverse, path)
        assert body == photo.read()
        assert response.headers["access-control-allow-origin"] == "*"
    wrong = photo.path.replace(photo.secret, "0123456789")
    assert ask(openverse, wrong)[0].status == 404
    assert {request.kind for request in openverse.requests()} == {"image"}


# -- What our source makes of it -------------------------------------------------------------------


def test_the_source_finds_photos_and_fetches_them(openverse):
    source = Openverse(openverse.url)
    photos = source.search("cat", 30, None)
    assert len(photos) == 20
    by_uuid = {uuid_of(photo): photo for photo in openverse.photos}
    for photo in photos[:5]:
        fake = by_uuid[photo.id]
        assert source.thumbnail(photo) == fake.read()
        assert photo.tags == ("cat", "Dining Table")
        assert (photo.full_width, photo.full_height) == size_of(fake)
        assert photo.license.split()[1].lower() == license_of(fake) or photo.license[:3] != "CC "
    paths = [request.path for request in openverse.requests("image")]
    of_flickr = [provider_of(by_uuid[photo.id]) == "flickr" for photo in photos[:5]]
    assert [path.endswith("_n.jpg") for path in paths] == of_flickr


def test_every_page_is_another(openverse):
    source = Openverse(openverse.url)
    pages = [source.search("cat", 20, None, page) for page in range(1, 6)]
    ids = [photo.id for page in pages for photo in page]
    assert len(ids) == len(set(ids)) > 80


@pytest.mark.parametrize(
    "filters",
    [
        Filters(license="commercial"),
        Filters(license="modify"),
        Filters(orientation="landscape"),
        Filters(orientation="portrait"),
        Filters(orientation="square"),
        Filters(min_size=1000),
    ],
)
def test_what_the_service_filters_passes_here(openverse, filters):
    photos = Openverse(openverse.url).filtered(filters).search("cat", 20, None)
    assert len(photos) > 5
    assert [passes(photo, filters) for photo in photos] == [None] * len(photos)


def test_sensitive_photos_are_sent_only_to_those_who_want_them(openverse):
    openverse.calls_per_minute = None
    sensitive = {uuid_of(photo) for photo in openverse.photos if is_sensitive(photo)}
    assert sensitive

    def found(filters):
        source = Openverse(openverse.url, filters)
        return {p.id for page in range(1, 13) for p in source.search("dog", 20, None, page)} | {
            p.id for page in range(1, 13) for p in source.search("cat", 20, None, page)
        }  # as sent: what is marked all the same, the search keeps out

    assert found(Filters()).isdisjoint(sensitive)
    assert sensitive <= found(Filters(safe=False))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("429", RateLimited),
        ("burst", Unavailable),
        ("401", SourceError),
        ("500", Unavailable),
        ("503", Unavailable),
        ("html", SourceError),
        ("malformed", SourceError),
    ],
)
def test_each_fault_has_its_error(openverse, fault, expected):
    openverse.fail(fault, times=1)
    with pytest.raises(SourceError) as caught:
        Openverse(openverse.url).search("cat", 20, None)
    assert type(caught.value) is expected


def test_a_photo_that_is_gone_from_flickr_comes_from_openverse(openverse):
    source = Openverse(openverse.url)
    photo = next(p for p in source.search("cat") if p.thumb_url.endswith("_n.jpg"))
    openverse.fail("404", times=1, on="image")
    assert source.thumbnail(photo).startswith(b"\xff\xd8")
    gone, made = openverse.requests("image")
    assert (gone.status, made.path) == (404, f"/v1/images/{photo.id}/thumb/")


def test_the_control_api_knows_its_limits(openverse):
    state = openverse.service.control({"calls_per_day": 5, "fault": "burst", "times": 1})
    assert (state["calls_per_minute"], state["calls_per_day"]) == (20, 5)
    assert state["faults"]["api"] == ["burst"]
    with pytest.raises(ValueError, match="unknown: calls_per_hour"):
        openverse.service.control({"calls_per_hour": 1})


@pytest.mark.skipif(not SHARED_PHOTOS.is_dir(), reason="no ../shared/photos")
def test_of_the_shared_photos_it_holds_seven_in_ten():
    held = len(FakeOpenverse().photos)
    assert held == pytest.approx(0.7 * 3725, rel=0.03)
