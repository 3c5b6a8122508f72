import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from any_json import json_values
from lookalike.errors import RateLimited, SourceError, TimedOut, Unavailable, Unreachable
from lookalike.filters import Filters, passes
from lookalike.photo import Photo
from lookalike.sources import http
from lookalike.sources import openverse as module
from lookalike.sources.openverse import API_URL, Openverse, parse
from lookalike.sources.reading import LARGEST
from lookalike.sources.source import capabilities

RECORDED = Path(__file__).resolve().parent / "../../../shared/fixtures/openverse"
NO_RECORDINGS = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="needs the recorded answers, ../shared/fixtures/openverse"
)
THUMB = API_URL + "{}/thumb/"


def answer(*rows):
    return json.dumps({"result_count": len(rows), "page": 1, "results": list(rows)}).encode()


EMPTY = answer()


def row(**fields):
    return {"id": "u-1", "foreign_landing_url": "https://museum.test/1", **fields}


def only(**fields):
    (photo,) = parse(answer(row(**fields)))
    return photo


# -- Recorded answers ------------------------------------------------------------------------------

CAT = Photo(
    id="de42d499-d660-47b4-b203-28d5589c31d2",
    title="Cat bliss",
    tags=("bliss", "cat", "cating", "cats"),
    thumb_url="https://live.staticflickr.com/2706/5840168826_486f364c6c_n.jpg",
    page_url="https://www.flickr.com/photos/29468339@N02/5840168826",
    owner="@Doug88888",
    owner_id="https://www.flickr.com/photos/29468339@N02",
    license="CC BY-NC-SA 2.0",
    width=320,
    height=256,
    source="openverse",
    license_url="https://creativecommons.org/licenses/by-nc-sa/2.0/",
    attribution='"Cat bliss" by @Doug88888 is licensed under CC BY-NC-SA 2.0. To view a copy of '
    "this license, visit https://creativecommons.org/licenses/by-nc-sa/2.0/.",
    full_width=1024,
    full_height=819,
    large_url="https://live.staticflickr.com/2706/5840168826_486f364c6c_b.jpg",
)

SEARCHES = {
    "search_tag_cat_2024-04-29_first7": (7, CAT.id),
    "search_dog_2022-03-28_excerpt": (1, "e601e1d7-08d6-4ecc-8258-d4d13635f244"),
    "search_2026_reduced": (2, "edd420e4-471c-4f3f-a2ed-bc48ab3879af"),
    "search_official_example_unstable_provider": (1, "4bc43a04-ef46-4544-a0c1-63c63f56e276"),
    "cc_catalog_2019_search_forest": (5, "03e8d20a-bde0-4788-b526-71856d834d03"),
}
ERRORS = {
    "error_400_example": (SourceError, "License 'PDMNBCG' does not exist"),
    "error_401_page_size_2026-08": (SourceError, "may not exceed 20"),
    "error_429_2023-07-10": (RateLimited, "as many calls"),
}
NO_ANSWERS = {"search_tag_cat_2024-04-29_headers"}


def recording(name):
    return (RECORDED / f"{name}.json").read_bytes()


@pytest.mark.native
@NO_RECORDINGS
def test_every_recording_is_asserted_here():
    names = {path.stem for path in RECORDED.glob("*.json")}
    assert names == SEARCHES.keys() | ERRORS.keys() | NO_ANSWERS


@pytest.mark.native
@NO_RECORDINGS
@pytest.mark.parametrize("name", SEARCHES)
def test_each_recorded_search_gives_its_photos(name):
    count, first = SEARCHES[name]
    photos = parse(recording(name))
    assert (len(photos), photos[0].id) == (count, first)
    for photo, given_row in zip(photos, json.loads(recording(name))["results"], strict=True):
        assert photo.title == given_row["title"]
        assert photo.page_url == given_row["foreign_landing_url"]
        assert photo.owner == given_row["creator"]
        assert photo.license.startswith(("CC BY", "CC0"))
        assert photo.attribution
        assert set(photo.tags) == {tag["name"] for tag in given_row.get("tags", [])}
        assert urlsplit(photo.thumb_url).hostname in (
            "api.openverse.org",
            "live.staticflickr.com",
            "farm2.staticflickr.com",
            "farm9.staticflickr.com",
        )


@pytest.mark.native
@NO_RECORDINGS
def test_a_recorded_photo_has_every_field():
    photos = parse(recording("search_tag_cat_2024-04-29_first7"))
    assert photos[0] == CAT
    # "cat" is a person's tag and a program's, too.
    assert photos[1].tags == ("cat", "glass", "one")


@pytest.mark.native
@NO_RECORDINGS
def test_photos_that_are_not_flickrs_come_through_openverses_thumbnails():
    _, commons = parse(recording("search_2026_reduced"))
    (stocksnap,) = parse(recording("search_official_example_unstable_provider"))
    assert commons.thumb_url == THUMB.format(commons.id)
    assert (commons.width, commons.height) == (600, 800)
    assert stocksnap.thumb_url == THUMB.format(stocksnap.id)
    assert (stocksnap.full_width, stocksnap.full_height) == (6016, 4016)
    assert stocksnap.license == "CC0 1.0"


@pytest.mark.native
@NO_RECORDINGS
def test_of_recorded_programs_tags_the_surest_come_first():
    forest = parse(recording("cc_catalog_2019_search_forest"))[0]
    assert forest.tags[:3] == ("water", "river", "landscape")
    # Its original has a secret of its own, from which no smaller one's address can be made.
    assert forest.thumb_url == THUMB.format(forest.id)


@pytest.mark.native
@NO_RECORDINGS
@pytest.mark.parametrize("name", ERRORS)
def test_each_recorded_error_has_its_class_and_its_words(name, monkeypatch):
    error = json.loads(recording(name))
    expected, words = ERRORS[name]
    with pytest.raises(SourceError, match=words) as caught:
        asked(monkeypatch, error["status"], json.dumps(error["body"]).encode())
    assert type(caught.value) is expected
    assert caught.value.advice


# -- What is asked ---------------------------------------------------------------------------------


def asked(monkeypatch, status=200, body=EMPTY, filters=None, **arguments):
    """Search, and give the parameters of the request."""
    urls = []

    def fetch(url, limit):
        urls.append(url)
        return status, body

    monkeypatch.setattr(module, "fetch", fetch)
    service = Openverse() if filters is None else Openverse().filtered(filters)
    service.search(**{"query": "cat", **arguments})
    (url,) = urls
    assert url.startswith(API_URL + "?")
    return dict(parse_qsl(urlsplit(url).query))


def test_it_asks_for_no_more_than_it_is_given(monkeypatch):
    plain = asked(monkeypatch, query="x" * 300, limit=30, before=3, page=12)
    assert plain == {"q": "x" * 200, "page": "12", "page_size": "20", "mature": "false"}
    can = capabilities(Openverse())
    assert (can.name, can.title, can.dates, can.key) == ("openverse", "Openverse", False, False)
    assert (can.per_call, can.pages, can.per_minute, can.per_day) == (20, 12, 20, 200)


def test_it_is_asked_to_filter_what_it_can(monkeypatch):
    narrow = Filters(license="commercial", orientation="portrait", min_size=2100, safe=False)
    query = asked(monkeypatch, filters=narrow)
    assert query["license_type"] == "commercial"
    assert query["aspect_ratio"] == "tall"
    assert query["size"] == "large"
    assert query["mature"] == "true"
    other = Filters(license="modify", orientation="landscape", min_size=1000)
    query = asked(monkeypatch, filters=other)
    assert (query["license_type"], query["aspect_ratio"]) == ("modification", "wide")
    assert query["size"] == "medium,large"
    # All that it has may be reused.
    assert "license_type" not in asked(monkeypatch, filters=Filters(license="reuse", min_size=100))


# -- Errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "expected", "words"),
    [
        (429, b'{"detail": "Request was throttled. Expected available in 41 seconds."}',
         Unavailable, "in 41 seconds"),
        (429, b'{"detail": "Request was throttled. Expected available in 3600 seconds."}',
         RateLimited, "as many calls"),
        (429, b"<html>", RateLimited, "as many calls"),
        (401, b'{"detail": "page_size may not exceed 20"}', SourceError, "may not exceed"),
        (404, b'{"detail": "Invalid page."}', SourceError, "Invalid page"),
        (400, b"nothing", SourceError, "HTTP 400"),
        (500, b'{"detail": "oh"}', Unavailable, "HTTP 500"),
        (503, b"<html>", Unavailable, "HTTP 503"),
    ],
)  # fmt: skip
def test_each_status_has_its_class(monkeypatch, status, body, expected, words):
    with pytest.raises(SourceError, match=words) as caught:
        asked(monkeypatch, status, body)
    assert type(caught.value) is expected


def test_when_there_will_be_calls_again_is_told(monkeypatch):
    with pytest.raises(RateLimited) as caught:
        asked(monkeypatch, 429, b'{"detail": "Expected available in 3600 seconds."}')
    assert caught.value.advice.startswith("Search again in about 1 hour")


def test_how_long_it_wants_nothing_is_taken_in_of_calls_and_of_pictures(monkeypatch):
    body = b'{"detail": "Request was throttled. Expected available in 41 seconds."}'
    with pytest.raises(Unavailable) as of_call:
        asked(monkeypatch, 429, body)

    def refuse(url, _):
        raise http.refusal(url, 429, body)

    monkeypatch.setattr(module, "get", refuse)
    with pytest.raises(Unavailable) as of_picture:
        Openverse().thumbnail(Photo("u-1"))
    assert (of_call.value.wait, of_picture.value.wait) == (41, 41)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"results": null}', b"<html>"])
def test_what_openverse_does_not_document_is_a_source_error(body):
    with pytest.raises(SourceError):
        parse(body)


# -- Fields ----------------------------------------------------------------------------------------


def test_photos_that_lack_what_is_needed_are_left_out():
    bad = [{}, {"foreign_landing_url": "https://museum.test/1"}, row(id=None), 3]
    assert [photo.id for photo in parse(answer(*bad, row()))] == ["u-1"]


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({"page": 1, "page_count": 12}, True),
        ({"page": 12, "page_count": 12}, False),
        ({"page": 1, "page_count": 1}, False),
        ({"page": "1", "page_count": "2"}, True),
        ({"page": 1}, None),
        ({"page_count": 3}, None),
        ({"page": None, "page_count": "many"}, None),
    ],
)
def test_whether_there_is_more_is_what_it_says(fields, more):
    body = json.dumps({"results": [row(), {}], **fields}).encode()
    assert parse(body).more is more


def test_a_photo_without_a_page_is_kept_without_a_link():
    assert only(foreign_landing_url="javascript:alert(1)").page_url == ""


@pytest.mark.parametrize("mark", [{"mature": True}, {"unstable__sensitivity": ["user_reported"]}])
def test_what_is_marked_as_sensitive_is_kept_out_unless_wanted(mark):
    marked, other = parse(answer(row(**mark), row(id="u-2")))
    assert passes(marked, Filters()) == "It is marked as sensitive."
    assert passes(marked, Filters(safe=False)) is passes(other, Filters()) is None


@pytest.mark.parametrize(
    ("code", "version", "name"),
    [
        ("by-nc-nd", "2.0", "CC BY-NC-ND 2.0"),
        ("cc0", "1.0", "CC0 1.0"),
        ("pdm", "1.0", "Public domain mark"),
        ("by", None, "CC BY"),
        (None, "2.0", ""),
    ],
)
def test_licences_have_their_short_names(code, version, name):
    assert only(license=code, license_version=version).license == name


def test_without_an_attribution_one_is_made():
    made = only(title="Cat", creator="Ada", license="by", license_version="2.0")
    assert made.attribution == '"Cat" by Ada, CC BY 2.0, via Openverse'


@pytest.mark.parametrize("size", ["", "_b", "_c", "_z", "_w", "_n"])
def test_flickrs_smaller_version_is_used_where_it_can_be_named(size):
    url = f"https://live.staticflickr.com/65535/123_0af{size}.jpg"
    small = "https://live.staticflickr.com/65535/123_0af_n.jpg"
    assert only(provider="flickr", url=url).thumb_url == small
    assert only(provider="wikimedia", url=url).thumb_url == THUMB.format("u-1")


@pytest.mark.parametrize("size", ["_o", "_k", "_h", "_s", "_t"])
def test_else_openverses_is(size):
    url = f"https://live.staticflickr.com/65535/123_0af{size}.jpg"
    assert only(provider="flickr", url=url).thumb_url == THUMB.format("u-1")


# -- Thumbnails ------------------------------------------------------------------------------------


def fetched(monkeypatch, photo, **refusals):
    """Fetch a thumbnail from hosts of which some refuse; give the hosts asked."""
    hosts = []

    def get(url, limit):
        hosts.append(urlsplit(url).hostname.split(".")[0])
        if error := refusals.get(hosts[-1]):
            raise error
        return b"image"

    monkeypatch.setattr(module, "get", get)
    assert Openverse().thumbnail(photo) == b"image"
    return hosts


def test_what_is_gone_from_flickr_is_asked_of_openverse(monkeypatch):
    flickr = only(provider="flickr", url="https://live.staticflickr.com/1/2_3_b.jpg")
    assert fetched(monkeypatch, flickr) == ["live"]
    for refusal in (SourceError("gone"), Unreachable("no CORS")):
        assert fetched(monkeypatch, flickr, live=refusal) == ["live", "api"]
    assert fetched(monkeypatch, only()) == ["api"]


def test_what_may_pass_is_told_and_asked_again_later(monkeypatch):
    flickr = only(provider="flickr", url="https://live.staticflickr.com/1/2_3_b.jpg")
    for refusal in (RateLimited("wait"), Unavailable("ill"), TimedOut("slow")):
        with pytest.raises((Unavailable, TimedOut)):
            fetched(monkeypatch, flickr, live=refusal)
    with pytest.raises(Unavailable):
        fetched(monkeypatch, only(), api=RateLimited("150 a minute"))


# -- Anything --------------------------------------------------------------------------------------

FIELDS = ["id", "title", "creator", "creator_url", "tags", "url", "license", "license_version"]
FIELDS += ["license_url", "foreign_landing_url", "attribution", "width", "height", "provider"]
FIELDS += ["mature", "unstable__sensitivity"]
TAGS = st.lists(st.fixed_dictionaries({"name": json_values, "accuracy": json_values}), max_size=3)
rows = st.dictionaries(st.sampled_from(FIELDS), json_values | TAGS).map(lambda f: row(**f))
answers = st.fixed_dictionaries({"results": st.lists(rows | json_values, max_size=3)})


@given(answers | json_values)
@settings(max_examples=200, deadline=None)
def test_any_json_gives_photos_or_a_source_error(content):
    try:
        photos = parse(json.dumps(content).encode())
    except SourceError:
        return
    for photo in photos:
        assert isinstance(photo, Photo)
        assert photo.id
        assert photo.page_url.startswith("http") or not photo.page_url
        assert all(photo.tags)
        lengths = (photo.width, photo.height, photo.full_width, photo.full_height)
        assert all(0 <= length <= LARGEST for length in lengths)
        assert json.dumps([photo.title, photo.tags, photo.attribution], ensure_ascii=False).encode()


@given(st.integers(400, 599), json_values | st.fixed_dictionaries({"detail": st.text()}))
@settings(max_examples=100, deadline=None)
def test_any_refusal_is_a_source_error(status, content):
    error = module._failure(API_URL, status, json.dumps(content).encode())
    assert isinstance(error, SourceError)
    assert str(error)
