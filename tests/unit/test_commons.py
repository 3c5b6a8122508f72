import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from any_json import json_values
from lookalike.errors import RateLimited, SourceError, TimedOut, Unavailable, Unreachable
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.sources import commons as module
from lookalike.sources.categories import is_maintenance, tags_of
from lookalike.sources.commons import API_URL, Commons, parse
from lookalike.sources.reading import LARGEST
from lookalike.sources.source import capabilities

RECORDED = Path(__file__).resolve().parent / "../../../shared/fixtures/commons"
NO_RECORDINGS = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="needs the recorded answers, ../shared/fixtures/commons"
)


def answer(*pages):
    return json.dumps({"batchcomplete": True, "query": {"pages": list(pages)}}).encode()


EMPTY = answer()


def page(metadata=None, **info):
    metadata = {name: {"value": value} for name, value in (metadata or {}).items()}
    info = {
        "url": "https://upload.wikimedia.org/a.jpg",
        "thumburl": "https://thumb.wikimedia.org/thumb/a.jpg/330px-a.jpg",
        "descriptionurl": "https://commons.wikimedia.org/wiki/File:A.jpg",
        "extmetadata": metadata or [],
        **info,
    }
    return {"pageid": 7, "title": "File:A cat.jpg", "index": 1, "imageinfo": [info]}


def only(metadata=None, **info):
    (photo,) = parse(answer(page(metadata, **info)))
    return photo


# -- Recorded answers ------------------------------------------------------------------------------

# How many photos each gives, and the title of the first.
ANSWERS = {
    "cccatalog_response_large_0": (1, "prettypic0.jpg"),
    "cccatalog_response_large_1": (2, "prettypic1"),
    "cccatalog_response_small_missing_continue": (0, None),
    "cccatalog_response_small_no_continue": (0, None),
    "openverse_catalog_wmc_pretty1": (9, "Minchinmavida Volcano"),
    "openverse_catalog_wmc_pretty2": (0, None),
    "openverse_catalog_wmc_pretty_nocontinue": (28, "Minchinmavida Volcano"),
    "page_2026_thumb_host_shape": (1, "Odles as seen from Seceda"),
    "search_2026_formatversion2_thumb_unscaled": (1, "جامعة دهوك البوابة"),
    "search_empty_result": (0, None),
}
PAGES = {
    "openverse_catalog_image_data_example": (
        1,
        "20120925 PlozevetBretagne LoneTree DSC07971 PtrQs",
    ),
    # It has no address of a picture.
    "openverse_catalog_image_data_html_description": (0, None),
    "page_2020_orange_via_enwiki": (1, "Orange juice 1 edit1"),
}
ERRORS = {"error_missingparam"}


def recorded(name):
    body = (RECORDED / f"{name}.json").read_bytes()
    return answer(json.loads(body)) if name in PAGES else body


@pytest.mark.native
@NO_RECORDINGS
def test_every_recording_is_asserted_here():
    names = {path.stem for path in RECORDED.glob("*.json")}
    assert names == ANSWERS.keys() | PAGES.keys() | ERRORS


@pytest.mark.native
@NO_RECORDINGS
@pytest.mark.parametrize("name", [*ANSWERS, *PAGES])
def test_each_recorded_answer_gives_its_photos(name):
    count, first = (ANSWERS | PAGES)[name]
    photos = parse(recorded(name))
    assert len(photos) == count
    assert first is None or photos[0].title == first
    for photo in photos:
        assert photo.thumb_url.startswith("https://")
        assert photo.page_url.startswith("https://")
        assert photo.attribution.lower().count("commons") == 1
        assert "<" not in photo.owner + photo.attribution
        assert not any(map(is_maintenance, photo.tags))


@pytest.mark.native
@NO_RECORDINGS
def test_a_recorded_photo_has_every_field():
    (photo,) = parse(recorded("page_2020_orange_via_enwiki"))
    path = "https://upload.wikimedia.org/wikipedia/commons"
    assert photo == Photo(
        id="Orange juice 1 edit1.jpg",  # asked through another wiki, it has no pageid
        title="Orange juice 1 edit1",
        tags=("Beverages pouring", "Orange juice"),
        thumb_url=f"{path}/thumb/6/67/Orange_juice_1_edit1.jpg/141px-Orange_juice_1_edit1.jpg",
        page_url="https://commons.wikimedia.org/wiki/File:Orange_juice_1_edit1.jpg",
        owner="Agency of the United States Department of Agriculture",
        owner_id="Arad",
        license="Public domain",
        width=141,
        height=200,
        uploaded=1180881793,
        source="commons",
        attribution='"Orange juice 1 edit1" by Agency of the United States Department of '
        "Agriculture, Public domain, via Wikimedia Commons",
        full_width=1566,
        full_height=2226,
    )


@pytest.mark.native
@NO_RECORDINGS
def test_an_author_is_named_as_they_wish():
    (photo,) = parse(recorded("openverse_catalog_image_data_example"))
    assert photo.attribution == "Photo by PtrQs, CC BY-SA 4.0, via Wikimedia Commons"
    assert photo.license_url == "https://creativecommons.org/licenses/by-sa/4.0"
    heidelberg = parse(recorded("openverse_catalog_wmc_pretty1"))[1]
    assert heidelberg.attribution == "Photo: Eckhard Henkel / Wikimedia Commons / CC BY-SA 3.0 DE"


def test_a_larger_picture_is_a_width_that_is_made_or_the_original_where_that_is_small():
    assert only(width=4000).large_url == "https://upload.wikimedia.org/thumb/a.jpg/1280px-a.jpg"
    assert only(width=1000).large_url == "https://upload.wikimedia.org/a.jpg"
    # An address that is not as expected names none.
    assert only(width=4000, thumburl="https://thumb.wikimedia.org/330px-a/b").large_url == ""


@pytest.mark.native
@NO_RECORDINGS
def test_a_small_original_is_its_own_thumbnail_and_visits_are_not_counted():
    (photo,) = parse(recorded("search_2026_formatversion2_thumb_unscaled"))
    assert photo.thumb_url.endswith(".jpg")
    assert "utm_" not in photo.thumb_url


@pytest.mark.native
@NO_RECORDINGS
def test_the_recorded_error_is_told_in_its_words():
    with pytest.raises(SourceError, match='"gsrsearch" parameter must be set') as caught:
        parse(recorded("error_missingparam"))
    assert type(caught.value) is SourceError


# -- Categories ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "category",
    """CC-BY-SA-4.0|CC-Zero|PD NASA|PD-Art (PD-old-auto-expired)|GFDL|Self-published work
    |Own works|Author died more than 100 years ago public domain images|Uploaded with UploadWizard
    |Uploaded via Campaign:wlafrica|Files with no machine-readable author|Files by Hasenläufer
    |Files from the Biodiversity Heritage Library|Media missing infobox template
    |Media needing category review as of 31 October 2015|Media with locations|Pages with maps
    |Images from Livrustkammaren och Skoklosters slott|Images uploaded by Fæ|Originals
    |Images from Wiki Loves Africa 2015 to check|Flickr images reviewed by FlickreviewR
    |Photos uploaded from Flickr by Fæ using a script|Taken with Sony DSLR-A900|QIC 2020
    |Photographs taken with Minolta AF Zoom 28-70mm F2.8 G|Photographs taken on 2002-04-02
    |Featured pictures from the United States Government|Quality images|No QIC by usr:PtrQs
    |Template Unknown (author)|Graphic Lab-fr|Supported by Wikimedia Deutschland
    |Biodiversity Heritage Library maintenance missing date|Items with OTRS permission confirmed
    |Artworks with Wikidata item|Content made available through Wikimedia Sverige partnerships
    """.replace("\n    ", "").split("|"),
)
def test_a_category_about_the_file_is_no_tag(category):
    assert is_maintenance(category)


@pytest.mark.parametrize(
    "category",
    """Trees in Finistère|Orange juice|Volcanic ash in Chile|Tabby cats|Images of dogs
    |Files (tools)|Pictures of the Year|Media studies|Photographs of bridges|CCTV cameras
    |Paintings by Edvard Munch in the Nasjonalmuseet|Checked patterns|Taken (film)
    |Ownership|Works of art|Pages of books|Pdf readers""".replace("\n    ", "").split("|"),
)
def test_a_category_about_what_is_seen_is_a_tag(category):
    assert tags_of(category) == (category,)


def test_tags_are_listed_once():
    assert tags_of("Cats| Cats |CC-Zero||Dogs") == ("Cats", "Dogs")


# -- What is asked ---------------------------------------------------------------------------------


def asked(monkeypatch, filters=None, result=EMPTY, **arguments):
    urls = []

    def get(url, limit):
        urls.append(url)
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(module, "get", get)
    service = Commons() if filters is None else Commons().filtered(filters)
    service.search(**{"query": "sea star", **arguments})
    (url,) = urls
    assert url.startswith(API_URL + "?")
    return dict(parse_qsl(urlsplit(url).query))


def test_the_request_is_as_the_api_wants_it(monkeypatch):
    query = asked(monkeypatch, limit=30, before=1, page=3)
    assert query["gsrsearch"] == "filetype:bitmap sea star"
    assert (query["gsrlimit"], query["gsroffset"], query["gsrnamespace"]) == ("30", "60", "6")
    # With `origin=*` any page may read the answer; other widths than standard ones are refused.
    assert (query["origin"], query["iiurlwidth"]) == ("*", "330")
    assert "timestamp" in query["iiprop"]
    assert asked(monkeypatch, limit=500)["gsrlimit"] == "50"


def test_it_is_asked_to_filter_what_it_can(monkeypatch):
    query = asked(monkeypatch, Filters(license="commercial", min_size=2000))
    assert query["gsrsearch"] == "filetype:bitmap fileres:>1154 sea star"


def test_it_says_what_it_can():
    can = capabilities(Commons())
    assert (can.name, can.title, can.dates, can.key) == (
        "commons",
        "Wikimedia Commons",
        False,
        False,
    )
    assert (can.per_minute, can.per_day) == (200, None)


# -- Errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("cirrussearch-too-busy-error", Unavailable),
        ("ratelimited", Unavailable),
        ("internal_api_error_DBQueryError", Unavailable),
        ("missingparam", SourceError),
        (None, SourceError),
    ],
)
def test_an_error_comes_with_http_200_and_has_its_class(code, expected):
    body = json.dumps({"error": {"code": code, "info": "Words <b>of</b> it"}}).encode()
    with pytest.raises(SourceError, match="Words of it") as caught:
        parse(body)
    assert type(caught.value) is expected


def test_too_many_calls_are_waited_out(monkeypatch):
    with pytest.raises(Unavailable):
        asked(monkeypatch, result=RateLimited("too many"))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"query": []}', b"<html>", b'{"error": "x"}']
)
def test_what_the_api_does_not_document_is_a_source_error(body):
    with pytest.raises(SourceError):
        parse(body)


def test_an_answer_without_photos_has_no_query():
    assert parse(b'{"batchcomplete": true}') == []
    assert parse(b'{"continue": {"continue": "-||"}}') == []


# -- Fields ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({"batchcomplete": True, "continue": {"gsroffset": 50, "continue": "gsroffset||"}}, True),
        ({"batchcomplete": True}, False),
        ({"continue": {"iicontinue": "x"}}, None),
        ({}, None),
    ],
)
def test_whether_there_is_more_is_what_it_says(fields, more):
    body = json.dumps({"query": {"pages": [page(), {}]}, **fields}).encode()
    assert parse(body).more is more


def test_photos_come_in_the_order_of_their_index():
    pages = [dict(page(), pageid=n, index=n) for n in (3, 1, 2)]
    assert [photo.id for photo in parse(answer(*pages))] == ["1", "2", "3"]


def test_html_is_taken_off():
    author = '<a href="//commons.wikimedia.org/wiki/User:X" onclick="alert(1)">Ada &amp; Bo</a>'
    photo = only({"Artist": author, "LicenseShortName": "CC BY 4.0", "LicenseUrl": "javascript:0"})
    assert photo.attribution == '"A cat" by Ada & Bo, CC BY 4.0, via Wikimedia Commons'
    assert photo.license_url == ""


def test_the_upload_date_is_the_files_and_not_the_photos():
    taken = {"DateTimeOriginal": "1999-01-01", "DateTime": "2020-01-01 00:00:00"}
    assert only(taken).uploaded is None
    assert only(taken, timestamp="2019-08-31T22:38:47Z").uploaded == 1567291127
    for wrong in ("yesterday", "0001-01-01T00:00:00Z", 3, None):
        assert only(timestamp=wrong).uploaded is None


# -- Thumbnails ------------------------------------------------------------------------------------


def fetched(monkeypatch, url, **refusals):
    """Fetch a thumbnail from hosts of which some refuse; give the addresses asked."""
    urls = []

    def get(url, limit):
        urls.append(url)
        if error := refusals.get(urlsplit(url).hostname.split(".")[0]):
            raise error
        return b"image"

    monkeypatch.setattr(module, "get", get)
    assert Commons().thumbnail(Photo("1", thumb_url=url)) == b"image"
    return urls


NEW = "https://thumb.wikimedia.org/wikipedia/commons/thumb/8/8d/A.JPG/330px-A.JPG"
OLD = "https://upload.wikimedia.org/wikipedia/commons/thumb/8/8d/A.JPG/330px-A.JPG"


@pytest.mark.parametrize("error", [Unreachable("no CORS"), SourceError("HTTP 404")])
def test_where_the_new_host_fails_the_old_one_is_asked(monkeypatch, error):
    assert fetched(monkeypatch, NEW) == [NEW]
    assert fetched(monkeypatch, NEW, thumb=error) == [NEW, OLD]
    assert fetched(monkeypatch, OLD) == [OLD]


@pytest.mark.parametrize("error", [RateLimited("wait"), Unavailable("ill"), TimedOut("slow")])
def test_but_not_where_it_is_only_busy(monkeypatch, error):
    with pytest.raises(Unavailable):
        fetched(monkeypatch, NEW, thumb=error)


def test_the_old_host_may_be_busy_too(monkeypatch):
    with pytest.raises(Unavailable):
        fetched(monkeypatch, OLD, upload=RateLimited("wait"))


# -- Anything --------------------------------------------------------------------------------------

INFO = ["url", "thumburl", "descriptionurl", "width", "height", "thumbwidth", "user", "timestamp"]
METADATA = ["Artist", "Attribution", "Categories", "LicenseShortName", "LicenseUrl", "ObjectName"]
pages = st.builds(
    lambda info, metadata, rest: {**page(metadata, **info), **rest},
    st.dictionaries(st.sampled_from([*INFO, "extmetadata"]), json_values),
    st.dictionaries(st.sampled_from(METADATA), json_values),
    st.dictionaries(st.sampled_from(["pageid", "title", "index", "imageinfo"]), json_values),
)
found = st.lists(pages | json_values, max_size=3) | st.dictionaries(st.text(), pages, max_size=3)
answers = st.fixed_dictionaries(
    {}, optional={"query": st.fixed_dictionaries({"pages": found}), "error": json_values}
)


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
        assert photo.thumb_url.startswith("http")
        lengths = (photo.width, photo.height, photo.full_width, photo.full_height)
        assert all(0 <= length <= LARGEST for length in lengths)
        assert json.dumps([photo.title, photo.tags, photo.attribution], ensure_ascii=False).encode()


@given(st.text() | st.text(alphabet="ACDPfilesmdwth -_()|"))
def test_any_categories_give_tags(categories):
    assert all(tags_of(categories))
