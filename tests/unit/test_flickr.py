import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from any_json import json_values
from lookalike.errors import KeyRejected, RateLimited, SourceError, Unavailable
from lookalike.photo import Photo
from lookalike.sources.flickr import LICENSES, parse
from lookalike.sources.reading import LARGEST

RECORDED = Path(__file__).resolve().parent / "../../../shared/fixtures/flickr"
NO_RECORDINGS = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="needs the recorded answers, ../shared/fixtures/flickr"
)
TOO_MANY = (
    b"<html><body><h1>429 Too Many Requests</h1>\nYou have sent too many requests</body></html>"
)


def answer(*rows, **fields):
    return json.dumps({"photos": {"page": 1, "photo": list(rows), **fields}, "stat": "ok"}).encode()


def row(**fields):
    return {"id": "98", "owner": "47@N08", "secret": "29ab", "server": "2826", **fields}


def only(**fields):
    (photo,) = parse(answer(row(**fields)))
    return photo


# -- Recorded answers ------------------------------------------------------------------------------


def recorded():
    if not RECORDED.is_dir():
        return [pytest.param(None, marks=NO_RECORDINGS, id="recordings")]
    return [pytest.param(path, id=path.stem) for path in sorted(RECORDED.glob("*.json"))]


@pytest.mark.native
@pytest.mark.parametrize("path", recorded())
def test_each_recorded_answer_gives_its_photos_or_a_clear_error(path):
    body = path.read_bytes()
    content = json.loads(body)
    found = content.get("photos") if isinstance(content, dict) else None
    if not isinstance(content, dict) or content.get("stat") != "ok":
        with pytest.raises(SourceError):
            parse(body)
    elif found is None:
        assert parse(body) == []
    else:
        photos = parse(body)
        rows = found.get("photo", [])
        assert [photo.id for photo in photos] == [row["id"] for row in rows]
        for photo, given_row in zip(photos, rows, strict=True):
            plain_and_useful(photo, given_row)


def plain_and_useful(photo, given_row):
    assert photo.page_url == f"https://www.flickr.com/photos/{given_row['owner']}/{photo.id}"
    assert photo.thumb_url.startswith("https://")
    assert photo.owner
    assert isinstance(photo.title, str)
    assert all(isinstance(n, int) and n >= 0 for n in (photo.width, photo.height))
    assert photo.uploaded is None or photo.uploaded > 0
    assert set(photo.tags) <= set(str(given_row.get("tags", "")).split())
    if "license" in given_row:
        assert photo.license in LICENSES.values()


@pytest.mark.native
@NO_RECORDINGS
def test_each_recorded_error_has_its_class():
    collected = json.loads((RECORDED / "errors_json_collected.json").read_text())
    collected += json.loads(
        (RECORDED / "errors_recorded_2023-2025_flickr_foundation.json").read_text()
    )
    seen = set()
    for entry in collected:
        if html := entry.get("body_html"):
            body, expected = html.encode(), RateLimited
        elif failure := entry.get("body") or entry.get("as_json"):
            body = json.dumps(failure).encode()
            kinds = {99: KeyRejected, 100: KeyRejected, 201: Unavailable, 0: Unavailable}
            expected = kinds.get(int(failure["code"]), SourceError)
        else:
            continue
        with pytest.raises(SourceError) as caught:
            parse(body)
        assert type(caught.value) is expected
        seen.add(expected)
    assert seen == {KeyRejected, RateLimited, SourceError, Unavailable}


@pytest.mark.native
@NO_RECORDINGS
def test_the_licence_names_cover_the_recorded_list():
    content = json.loads((RECORDED / "licenses_getInfo_2025-06-19_from_xml.json").read_text())
    ids = {int(entry["id"]) for entry in content["licenses"]["license"]}
    assert ids == set(LICENSES) == set(range(17))


# -- Fields, whose types vary by year --------------------------------------------------------------


def test_a_whole_row_becomes_a_photo():
    assert only(
        title="A cat",
        tags="cat kitten whiskers cat",
        url_n="https://live.staticflickr.com/2826/98_29ab_n.jpg",
        width_n=240,
        height_n=320,
        license="4",
        ownername="Ada",
        dateupload="1379872302",
        o_width="3178",
        o_height=4932,
    ) == Photo(
        id="98",
        title="A cat",
        tags=("cat", "kitten", "whiskers"),
        thumb_url="https://live.staticflickr.com/2826/98_29ab_n.jpg",
        page_url="https://www.flickr.com/photos/47@N08/98",
        owner="Ada",
        owner_id="47@N08",
        license="CC BY 2.0",
        width=240,
        height=320,
        uploaded=1379872302,
        source="flickr",
        license_url="https://creativecommons.org/licenses/by/2.0/",
        attribution='"A cat" by Ada, CC BY 2.0, via Flickr',
        full_width=3178,
        full_height=4932,
    )


@pytest.mark.parametrize("width", [320, "320"])
@pytest.mark.parametrize("total", [62978, "62978", 0, None])
def test_numbers_may_be_strings(width, total):
    (photo,) = parse(answer(row(width_n=width, license=0, dateupload=1379872302), total=total))
    assert photo.width == 320
    assert photo.license == "All rights reserved"
    assert photo.uploaded == 1379872302


@pytest.mark.parametrize("number", range(17))
@pytest.mark.parametrize("as_type", [int, str])
def test_each_licence_number_has_a_name(number, as_type):
    assert only(license=as_type(number)).license == LICENSES[number] != ""


@pytest.mark.parametrize("number", ["17", -1, "x", None, {}, 1e400])
def test_an_unknown_licence_has_no_name(number):
    assert only(license=number).license == ""


def test_a_missing_thumbnail_address_is_built_from_the_rest():
    assert only().thumb_url == "https://live.staticflickr.com/2826/98_29ab_n.jpg"
    assert only(url_n=None).thumb_url == only(url_n={"not": "text"}).thumb_url == only().thumb_url


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({"page": 1, "pages": 2100}, True),
        ({"page": 1, "pages": "7809"}, True),
        ({"page": 1, "pages": 1}, False),
        ({"page": 1, "pages": 0}, False),
        ({"pages": 3}, None),
        ({"page": 1, "pages": None}, None),
    ],
)
def test_whether_there_is_more_is_what_it_says(fields, more):
    photos = {"photo": [row(), {}], **fields}
    assert parse(json.dumps({"stat": "ok", "photos": photos}).encode()).more is more


def test_an_old_plain_http_address_becomes_https():
    old = only(url_n="http://farm3.staticflickr.com/2822/98_29ab_n.jpg")
    assert old.thumb_url == "https://farm3.staticflickr.com/2822/98_29ab_n.jpg"
    # A fake service on this machine has no certificate.
    assert only(url_n="http://127.0.0.1:1/a.jpg").thumb_url == "http://127.0.0.1:1/a.jpg"


def test_a_larger_picture_is_the_largest_that_the_answer_names():
    medium, large = (f"http://farm3.staticflickr.com/2/98_29ab_{size}.jpg" for size in "zb")
    assert only(url_z=medium, url_l=large).large_url == large.replace("http:", "https:")
    assert only(url_z=medium).large_url == medium.replace("http:", "https:")
    assert only().large_url == ""


def test_machine_tags_are_dropped_and_other_tags_kept_as_they_are():
    tags = "cat geo:lat=48.2 flowergreen été 猫 ratio=1:1 time:12 a=b :) cat"
    assert only(tags=tags).tags == ("cat", "flowergreen", "été", "猫", "time:12", "a=b", ":)")


@pytest.mark.parametrize("tags", [None, "", 0.5, [], {"tag": []}])
def test_without_readable_tags_there_are_none(tags):
    assert only(tags=tags).tags == ()


def test_wrapped_titles_are_unwrapped():
    assert only(title={"_content": "Snow"}).title == "Snow"
    assert only(title=None).title == only(title={"_content": None}).title == ""


@pytest.mark.parametrize("date", [None, "", "0", 0, "yesterday", -5, []])
def test_an_unknown_upload_date_is_none(date):
    assert only(dateupload=date).uploaded is None


def test_half_a_surrogate_pair_is_left_out_for_it_could_not_be_asked_again():
    photo = only(title="a\ud800b", tags="cat\udfff \ud83d\ude00 \ud800")
    assert (photo.title, photo.tags) == ("ab", ("cat", "😀"))


@pytest.mark.parametrize("missing", ["id", "owner", "server", "secret"])
@pytest.mark.parametrize("value", [None, "", {}, []])
def test_a_row_without_its_identity_is_left_out_and_the_others_kept(missing, value):
    assert [photo.id for photo in parse(answer(row(**{missing: value}), row(id="99")))] == ["99"]


@pytest.mark.parametrize(
    "photos", [{}, {"photo": []}, {"photo": None}, {"photo": {"0": row()}}, [], None, "photos"]
)
def test_an_answer_without_photos_has_none(photos):
    assert parse(json.dumps({"stat": "ok", "photos": photos}).encode()) == []


# -- Errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *((code, KeyRejected) for code in (96, 98, 99, 100, "100")),
        *((code, Unavailable) for code in (0, 10, 105, 201, "201")),
        *((code, SourceError) for code in (1, 3, 18, 77, 111, 112, 999, None, "x")),
    ],
)
def test_each_error_code_has_its_class_and_tells_flickrs_words(code, expected):
    body = json.dumps({"stat": "fail", "code": code, "message": "Words of Flickr"}).encode()
    with pytest.raises(SourceError, match="Words of Flickr") as caught:
        parse(body)
    assert type(caught.value) is expected
    assert caught.value.advice


def test_the_html_of_a_rate_limit_is_one_whatever_its_status():
    with pytest.raises(RateLimited):
        parse(TOO_MANY)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>log in to the guest network</html>", id="html"),
        pytest.param(answer(row())[:60], id="cut"),
        pytest.param(b"jsonFlickrApi(" + answer(row()) + b")", id="jsonp"),
        pytest.param(b"\xff\xfe\xfa", id="no text"),
        # Inside Pyodide this meets the end of the browser's stack, and then the page's watchdog.
        pytest.param(b"[" * 200_000, id="nested deeply", marks=pytest.mark.native),
        pytest.param(b'{"stat": ' + b"9" * 5000 + b"}", id="a huge number"),
        *(pytest.param(body, id=body.decode()) for body in (b"null", b"[]", b"1", b'"ok"', b"{}")),
        pytest.param(b'{"stat": "maybe"}', id="an unknown stat"),
    ],
)
def test_what_flickr_does_not_document_is_a_source_error(body):
    with pytest.raises(SourceError) as caught:
        parse(body)
    assert type(caught.value) is SourceError


FIELDS = ["id", "owner", "secret", "server", "title", "tags", "url_n", "width_n", "height_n"]
FIELDS += ["license", "ownername", "dateupload", "o_width", "o_height"]
rows = st.dictionaries(st.sampled_from(FIELDS), json_values).map(lambda fields: row(**fields))
answers = st.fixed_dictionaries(
    {},
    optional={
        "stat": st.sampled_from(["ok", "fail"]) | json_values,
        "code": json_values,
        "message": json_values,
        "photos": st.fixed_dictionaries({"photo": st.lists(rows | json_values, max_size=3)}),
    },
)


def parses_or_source_error(body):
    try:
        photos = parse(body)
    except SourceError:
        return
    for photo in photos:
        assert isinstance(photo, Photo)
        numbers = (photo.width, photo.height, photo.full_width, photo.full_height, photo.uploaded)
        assert all(0 <= number <= LARGEST for number in numbers if number is not None)
        # All of it can be sent on, as UTF-8.
        assert json.dumps([photo.title, photo.tags, photo.thumb_url], ensure_ascii=False).encode()


@given(answers | json_values)
@settings(max_examples=200, deadline=None)
def test_arbitrary_json_raises_nothing_but_source_errors(content):
    parses_or_source_error(json.dumps(content).encode())


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-16")))
@settings(max_examples=100, deadline=None)
def test_arbitrary_bytes_raise_nothing_but_source_errors(body):
    parses_or_source_error(body)
