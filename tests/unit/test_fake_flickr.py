"""The fake Flickr answers as Flickr does, and fails as it is told to."""

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fake_flickr import DISABLED_KEY, EXPIRED_KEY, SHARED_PHOTOS, VALID_KEY, FakeFlickr
from fakes.collection import THREE_YEARS, Collection, normalise_tag
from fakes.replies import FAULTS
from fakes.search import ApiError, search

NOW = 1_800_000_000
FIXTURES = SHARED_PHOTOS.parent / "fixtures" / "flickr"
ANIMALS = ["cat", "dog", "owl"]
needs_shared = pytest.mark.skipif(not SHARED_PHOTOS.is_dir(), reason="no ../shared/photos")


def make_row(number: int) -> dict:
    return {
        "id": f"row-{number}",
        "title": f"Number {number}",
        "tags": [ANIMALS[number % 3], "Dining Table", "Café"],
        "width": 240,
        "height": 100 + number % 60,
        "group": f"group-{number // 5}" if number % 2 else None,
        "bytes": b"\xff\xd8 the picture of row %d" % number,
    }


ROWS = [make_row(number) for number in range(300)]
COLLECTION = Collection.from_rows(ROWS, NOW)


@pytest.fixture
def flickr() -> Iterator[FakeFlickr]:
    with FakeFlickr(ROWS, now=NOW) as server:
        yield server


def params(**changes: object) -> dict[str, str]:
    all_params = {
        "method": "flickr.photos.search",
        "api_key": VALID_KEY,
        "text": "cat",
        "format": "json",
        "nojsoncallback": "1",
    } | changes
    return {name: str(value) for name, value in all_params.items() if value is not None}


@contextmanager
def connection(flickr: FakeFlickr) -> Iterator[http.client.HTTPConnection]:
    link = http.client.HTTPConnection(urlsplit(flickr.origin).netloc, timeout=10)
    try:
        yield link
    finally:
        link.close()


def ask(flickr: FakeFlickr, target: str, method: str = "GET", **headers: str):
    """Send one request; give the response and its body."""
    with connection(flickr) as link:
        link.request(method, target, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = link.getresponse()
        return response, response.read()


def call(flickr: FakeFlickr, **changes: object):
    return ask(flickr, "/services/rest/?" + urlencode(params(**changes)), Origin="http://page.test")


def answer(flickr: FakeFlickr, **changes: object) -> dict:
    response, body = call(flickr, **changes)
    assert response.status == 200
    return json.loads(body)


def failure(flickr: FakeFlickr, **changes: object) -> tuple[int, str]:
    body = answer(flickr, **changes)
    assert body["stat"] == "fail"
    return body["code"], body["message"]


def post_control(flickr: FakeFlickr, order: object) -> tuple[int, dict]:
    with connection(flickr) as link:
        link.request("POST", "/control", json.dumps(order))
        response = link.getresponse()
        return response.status, json.loads(response.read())


# Shapes


def test_answer_has_flickrs_shapes_and_types(flickr):
    extras = "tags,url_n,license,owner_name,date_upload"
    body = answer(flickr, extras=extras, per_page=3)
    assert body["stat"] == "ok"
    page = body["photos"]
    assert {name: type(value) for name, value in page.items()} == {
        "page": int, "pages": int, "perpage": int, "total": int, "photo": list,
    }  # fmt: skip
    assert (page["page"], page["pages"], page["perpage"], page["total"]) == (1, 34, 3, 100)
    record = page["photo"][0]
    photo = flickr.photo_of(record["id"])
    assert record["url_n"] == flickr.origin + photo.path
    assert record["url_n"].endswith(f"/{record['server']}/{record['id']}_{record['secret']}_n.jpg")
    assert (record["width_n"], record["height_n"]) == (photo.width, photo.height)
    assert record["dateupload"] == str(photo.uploaded)
    assert record["tags"] == "cat diningtable café"


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="no recorded answers")
def test_answer_has_the_types_of_a_recorded_one(flickr):
    recorded = json.loads((FIXTURES / "ff_2024-04-29_search_sunset_p1_10.json").read_text())
    extras = "license,date_upload,date_taken,owner_name,tags,media,path_alias,description"
    ours = answer(flickr, extras=extras)["photos"]["photo"][0]
    theirs = recorded["photos"]["photo"][0]
    for name, value in ours.items():
        assert type(value) is type(theirs[name]), name


def test_extras_come_only_when_asked_for(flickr):
    bare = answer(flickr)["photos"]["photo"][0]
    assert list(bare) == [
        "id", "owner", "secret", "server", "farm", "title", "ispublic", "isfriend", "isfamily",
    ]  # fmt: skip
    asked = answer(flickr, extras="tags, views,nonsense")["photos"]["photo"][0]
    assert set(asked) - set(bare) == {"tags", "views"}


def test_jsonp_unless_asked_not_to(flickr):
    plain = answer(flickr)
    for callback, name in ((None, "jsonFlickrApi"), ("mine", "mine")):
        response, body = call(flickr, nojsoncallback=None, jsoncallback=callback)
        assert "javascript" in response.headers["content-type"]
        head, _, rest = body.decode().partition("(")
        assert head == name
        assert json.loads(rest.removesuffix(")")) == plain


def test_slashes_are_escaped(flickr):
    _, body = call(flickr, extras="url_n")
    assert b"http:\\/\\/127.0.0.1" in body


# Errors


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"api_key": None}, 100, "Invalid API Key (Key has invalid format)"),
        ({"api_key": "x" * 32}, 100, "Invalid API Key (Key has invalid format)"),
        ({"api_key": VALID_KEY[:31]}, 100, "Invalid API Key (Key has invalid format)"),
        ({"api_key": EXPIRED_KEY}, 100, "Invalid API Key (Key has expired)"),
        ({"api_key": DISABLED_KEY}, 100, "Invalid API Key (Key has expired)"),
        ({"text": " "}, 3, "Parameterless searches have been disabled."),
        ({"method": "flickr.fakeMethod"}, 112, 'Method "flickr.fakeMethod" not found'),
        ({"format": "xxx"}, 111, 'Format "xxx" not found'),
        ({"user_id": "1@N00"}, 2, "Unknown user"),
        ({"page": 41}, 20, "Excessive photo offset in search"),
    ],
)
def test_errors_are_in_the_body_with_status_200(flickr, changes, code, message):
    found_code, found_message = failure(flickr, **changes)
    assert found_code == code
    assert found_message.startswith(message)


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="no recorded answers")
def test_errors_read_as_the_recorded_ones(flickr):
    recorded = json.loads((FIXTURES / "errors_json_collected.json").read_text())
    bodies = {error["seen"]: error.get("body") for error in recorded}
    assert answer(flickr, api_key="short") == bodies["key format"]
    assert answer(flickr, api_key=EXPIRED_KEY) == bodies["disabled key"]
    assert answer(flickr, text=None) == bodies["no criteria"]
    assert answer(flickr, method="flickr.fakeMethod") == bodies["unknown method"]
    flickr.fail("201", times=1)
    assert answer(flickr) == bodies["backend down"]


# Search


def ask_directly(cap: int = 4000, **changes: object) -> dict:
    return search(COLLECTION, params(**changes), "http://images.test", cap)["photos"]


@given(
    per_page=st.integers(1, 600),
    cap=st.integers(1, 400),
    text=st.sampled_from(["cat", "dining", "number", "café owl", "nothing"]),
)
def test_paging_reaches_every_photo_up_to_the_cap_and_none_twice(per_page, cap, text):
    words = text.replace("é", "e").split()
    wanted = [photo.id for photo in COLLECTION.photos if photo.words.issuperset(words)]
    seen, page = [], 1
    while True:
        if (page - 1) * min(per_page, 500) >= cap:
            with pytest.raises(ApiError, match="20: Excessive photo offset"):
                ask_directly(cap, per_page=per_page, page=page, text=text)
            break
        photos = ask_directly(cap, per_page=per_page, page=page, text=text)
        assert photos["total"] == len(wanted)
        assert photos["pages"] == -(-len(wanted) // min(per_page, 500))
        seen += [photo["id"] for photo in photos["photo"]]
        if page >= photos["pages"]:
            break
        page += 1
    assert seen == wanted[:cap]


@given(bounds=st.tuples(*[st.integers(NOW - THREE_YEARS - 99, NOW + 99)] * 2))
def test_upload_dates_stay_within_bounds_inclusive(bounds):
    earliest, latest = sorted(bounds)
    dates = {"min_upload_date": earliest, "max_upload_date": latest}
    photos = ask_directly(text=None, per_page=500, extras="date_upload", **dates)["photo"]
    wanted = [p.id for p in COLLECTION.photos if earliest <= p.uploaded <= latest]
    assert [photo["id"] for photo in photos] == wanted
    times = [int(photo["dateupload"]) for photo in photos]
    assert times == sorted(times, reverse=True)


@given(number=st.integers(0, len(ROWS) - 1))
def test_a_bound_on_a_photos_own_date_includes_it(number):
    photo = COLLECTION.photos[number]
    mysql = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(photo.uploaded))
    for bound in (photo.uploaded, mysql):
        newest = ask_directly(text=None, max_upload_date=bound, per_page=1, extras="date_upload")
        assert newest["photo"][0]["dateupload"] == str(photo.uploaded)
        oldest = ask_directly(text=None, min_upload_date=bound, sort="date-posted-asc", per_page=1)
        assert oldest["total"] >= 1


@given(text=st.text(max_size=40), page=st.text(max_size=4), per_page=st.text(max_size=4))
def test_no_text_or_number_breaks_the_search(text, page, per_page):
    photos = {"perpage": 1, "photo": []}
    # Without criteria, or far down: that is refused, and nothing worse happens.
    with suppress(ApiError):
        photos = ask_directly(text=text, page=page, per_page=per_page)
    assert 1 <= photos["perpage"] <= 500
    assert len(photos["photo"]) <= photos["perpage"]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("CAT", 100),
        ("cafe", 300),
        ("CAFÉ cat", 100),
        ("cat dog", 0),
        ("-cat", 200),
        ("diningtable", 300),
        ("dining table", 300),
        ("dining chair", 0),
        ("number 17", 1),
        ("din", 0),
        ("!!!", 0),
    ],
)
def test_text_matches_whole_words_of_tags_and_titles(text, total):
    assert ask_directly(text=text)["total"] == total


def test_per_page_is_100_unless_asked_and_500_at_most():
    assert len(ask_directly(text="table")["photo"]) == 100
    assert ask_directly(text="table", per_page=1000)["perpage"] == 500
    assert ask_directly(text="table", per_page="many")["perpage"] == 100


def test_other_filters_and_sorts():
    assert ask_directly(tags="owl,dog", text=None)["total"] == 200
    assert ask_directly(tags="owl,dining table", tag_mode="all", text=None)["total"] == 100
    free = ask_directly(text="table", license="4,5,9", extras="license", per_page=500)["photo"]
    assert {photo["license"] for photo in free} <= {"4", "5", "9"}
    owner = COLLECTION.photos[0].owner
    theirs = ask_directly(text=None, user_id=owner)["photo"]
    assert {photo["owner"] for photo in theirs} == {owner}
    assert ask_directly(content_types="1")["total"] == 0
    up = [p["id"] for p in ask_directly(sort="date-posted-asc", per_page=500)["photo"]]
    down = [p["id"] for p in ask_directly(per_page=500)["photo"]]
    best = [p["id"] for p in ask_directly(sort="interestingness-desc", per_page=500)["photo"]]
    assert up == down[::-1]
    assert best != down
    assert sorted(best) == sorted(down)


# Photos


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("Dining Table", "diningtable"),
        ("Flower/Green", "flowergreen"),
        ("Ryūichi Sakamoto", "ryūichisakamoto"),
        ("東京", "東京"),
        ("geo:lat=51.5", "geo:lat=51.5"),
        ("...", ""),
    ],
)
def test_tags_are_normalised_as_flickr_does(raw, normal):
    assert normalise_tag(raw) == normal


def test_what_is_made_up_about_a_photo_is_the_same_every_time():
    again = Collection.from_rows(reversed(ROWS), NOW)
    assert again.photos == COLLECTION.photos
    assert all(photo.id.isdecimal() and len(photo.id) == 11 for photo in again.photos)
    assert len({photo.id for photo in again.photos}) == len(ROWS)
    assert all(NOW - THREE_YEARS <= photo.uploaded <= NOW for photo in again.photos)
    oldest, newest = again.photos[-1].uploaded, again.photos[0].uploaded
    assert newest - oldest > 0.9 * THREE_YEARS


def test_photos_of_a_group_share_an_owner_and_a_day():
    groups: dict[str, list] = {}
    for photo in COLLECTION.photos:
        number = int(photo.row_id.removeprefix("row-"))
        if number % 2:
            groups.setdefault(ROWS[number]["group"], []).append(photo)
    for photos in groups.values():
        assert len({photo.owner for photo in photos}) == 1
        assert max(p.uploaded for p in photos) - min(p.uploaded for p in photos) <= 6 * 3600


def test_a_photo_is_served_only_at_its_own_address(flickr):
    photo = flickr.photos[7]
    response, body = ask(flickr, photo.path)
    assert body == ROWS[int(photo.row_id.removeprefix("row-"))]["bytes"]
    assert response.headers["content-type"] == "image/jpeg"
    for path in (photo.path.replace(photo.secret, "0123456789"), "/1/2_3_n.jpg", "/favicon.ico"):
        assert ask(flickr, path)[0].status == 404


def test_addresses_follow_the_name_that_the_server_was_asked_by(flickr):
    host = flickr.origin.replace("http://127.0.0.1", "localhost")
    _, body = ask(flickr, "/services/rest/?" + urlencode(params(extras="url_n")), Host=host)
    assert json.loads(body)["photos"]["photo"][0]["url_n"].startswith(f"http://{host}/")


@needs_shared
def test_shared_photos_are_all_there():
    with FakeFlickr() as flickr:
        assert len(flickr.photos) == 3725
        found = answer(flickr, text="sea star", extras="url_n,tags")["photos"]["photo"]
        assert found
        assert "seastar" in found[0]["tags"].split()
        for record in found:
            _, body = ask(flickr, urlsplit(record["url_n"]).path)
            assert body.startswith(b"\xff\xd8")


# CORS


def test_the_api_allows_every_origin_and_the_image_host_too(flickr):
    assert call(flickr)[0].headers["access-control-allow-origin"] == "*"
    without_origin = ask(flickr, "/services/rest/?" + urlencode(params()))[0]
    assert without_origin.headers["access-control-allow-origin"] is None
    image = ask(flickr, flickr.photos[0].path)[0]
    assert image.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("on", ["api", "image"])
def test_a_preflight_allows_no_custom_header(flickr, on):
    path = "/services/rest/" if on == "api" else flickr.photos[0].path
    response, _ = ask(
        flickr,
        path,
        "OPTIONS",
        Origin="http://page.test",
        Access_Control_Request_Method="GET",
        Access_Control_Request_Headers="x-mine",
    )
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-headers"] is None


def test_nothing_but_get_is_answered_with_data(flickr):
    assert ask(flickr, "/services/rest/?" + urlencode(params()), "POST")[0].status == 405
    assert flickr.requests()[-1].method == "POST"


# The rate limit


def test_over_the_limit_429_in_html_for_that_key_only(flickr):
    flickr.calls_per_hour = 3
    for _ in range(3):
        answer(flickr)
    response, body = call(flickr)
    assert response.status == 429
    assert response.headers["content-type"] == "text/html"
    assert body.startswith(b"<html><body><h1>429 Too Many Requests</h1>")
    answer(flickr, api_key="f" * 32)
    flickr.forget()
    answer(flickr)


# Faults


STATUS = {"429": 429, "500": 500, "502": 502, "503": 503}
CODES = {"key": 100, "expired": 100, "0": 0, "10": 10, "105": 105, "201": 201}


@pytest.mark.parametrize("fault", sorted(FAULTS["api"].keys() - {"hang"}))
def test_api_faults(flickr, fault):
    good = answer(flickr, extras="url_n")
    flickr.fail(fault, times=2)
    for _ in range(2):
        if fault in ("drop", "cut"):
            with pytest.raises((ConnectionError, http.client.HTTPException)):
                call(flickr, extras="url_n")
            continue
        response, body = call(flickr, extras="url_n")
        assert response.status == STATUS.get(fault, 200)
        allowed = response.headers["access-control-allow-origin"]
        assert allowed == (None if fault == "no-cors" else "*")
        if fault in CODES:
            assert json.loads(body)["code"] == CODES[fault]
        elif fault == "empty":
            assert json.loads(body)["photos"]["total"] == 0
        elif fault == "no-cors":
            assert json.loads(body) == good
        else:
            with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter"):
                json.loads(body)
    assert answer(flickr, extras="url_n") == good


@pytest.mark.parametrize("fault", sorted(FAULTS["image"].keys() - {"hang"}))
def test_image_faults(flickr, fault):
    photo = flickr.photos[0]
    flickr.fail(fault, times=1, on="image")
    answer(flickr)  # which uses up no fault of the images
    if fault in ("drop", "cut"):
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            ask(flickr, photo.path)
    else:
        response, body = ask(flickr, photo.path)
        assert response.status == (STATUS | {"404": 404}).get(fault, 200)
        assert (body == photo.read()) == (fault == "no-cors")
        if fault == "truncated":
            assert body == photo.read()[: len(body)]
            assert 0 < len(body) < len(photo.read())
        elif fault == "empty":
            assert body == b""
    assert ask(flickr, photo.path)[1] == photo.read()


def test_the_bomb_is_small_and_claims_to_be_huge(flickr):
    image = pytest.importorskip("PIL.Image")
    import io

    flickr.fail("bomb", times=1, on="image")
    _, body = ask(flickr, flickr.photos[0].path)
    assert len(body) < 10_000
    with pytest.raises(image.DecompressionBombError):
        image.open(io.BytesIO(body))


def test_a_fault_lasts_until_it_is_cleared(flickr):
    flickr.fail("503")
    assert [call(flickr)[0].status for _ in range(3)] == [503] * 3
    flickr.clear()
    answer(flickr)


def test_faults_come_in_turn(flickr):
    flickr.fail("503", times=1)
    flickr.fail("429", times=2)
    assert [call(flickr)[0].status for _ in range(4)] == [503, 429, 429, 200]


@pytest.mark.parametrize(
    "wrong",
    [
        {"fault": "no such"},
        {"fault": "404"},
        {"fault": "429", "on": "x"},
        {"fault": "429", "times": 0},
    ],
)
def test_a_fault_that_is_not_there_is_refused(flickr, wrong):
    with pytest.raises(ValueError, match="fault"):
        flickr.fail(**wrong)
    assert post_control(flickr, wrong)[0] == 400


def test_a_hang_ends_after_its_seconds_or_when_cleared(flickr):
    flickr.fail("hang", times=1, seconds=0.2)
    began = time.monotonic()
    answer(flickr)
    assert time.monotonic() - began >= 0.2
    flickr.fail("hang", times=1, seconds=60)
    threading.Timer(0.1, flickr.clear).start()
    answer(flickr)
    assert time.monotonic() - began < 10


# Latency and the log


def test_latency_is_that_of_its_kind(flickr):
    flickr.call_latency = 0.15
    began = time.monotonic()
    ask(flickr, flickr.photos[0].path)
    assert time.monotonic() - began < 0.15
    answer(flickr)
    request = flickr.requests("api")[-1]
    assert request.ended - request.started >= 0.15


def test_every_request_is_logged(flickr):
    answer(flickr, text="two words", extras="tags")
    ask(flickr, flickr.photos[0].path, Referer="http://page.test/")
    ask(flickr, "/elsewhere?a=1&b=")
    api, image, other = flickr.requests()
    assert (api.kind, api.method, api.path, api.status) == ("api", "GET", "/services/rest/", 200)
    assert api.query == params(text="two words", extras="tags")
    assert api.headers["origin"] == "http://page.test"
    assert (image.kind, image.sent) == ("image", len(flickr.photos[0].read()))
    assert image.headers["referer"] == "http://page.test/"
    assert (other.kind, other.query, other.status) == ("other", {"a": "1", "b": ""}, 404)
    assert all(request.ended >= request.started for request in flickr.requests())
    assert flickr.requests("image") == [image]
    flickr.forget()
    assert flickr.requests() == []


def test_a_body_that_is_sent_is_logged(flickr):
    with connection(flickr) as link:
        link.request("POST", "/services/rest/", b"x" * 321)
        link.getresponse().read()
    assert flickr.requests()[-1].body_size == 321


def test_peak_counts_calls_in_flight(flickr):
    flickr.call_latency = 0.4
    threads = [threading.Thread(target=answer, args=(flickr,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert flickr.peak() == 5
    assert flickr.in_flight() == 0
    flickr.forget()
    flickr.call_latency = 0
    answer(flickr)
    assert flickr.peak() == 1


def test_a_client_that_gives_up_is_logged_as_such(flickr):
    flickr.call_latency = 30
    with socket.create_connection(("127.0.0.1", urlsplit(flickr.origin).port)) as link:
        query = urlencode(params())
        link.sendall(f"GET /services/rest/?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        wait_until(lambda: flickr.in_flight() == 1)
    wait_until(lambda: flickr.in_flight() == 0)
    assert flickr.requests()[0].aborted
    assert flickr.requests()[0].status == 0


def wait_until(true, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


# Connections


def test_one_connection_serves_many_requests_and_quickly(flickr):
    with connection(flickr) as link:
        began = time.monotonic()
        for photo in flickr.photos[:40]:
            link.request("GET", photo.path)
            assert link.getresponse().read() == photo.read()
            used = link.sock
        assert link.sock is used
        # Header and body in two packets would cost 40 ms each time.
        assert time.monotonic() - began < 1.0


def test_a_stopped_server_hangs_up_and_may_start_again(flickr):
    with connection(flickr) as link:
        link.request("GET", flickr.photos[0].path)
        link.getresponse().read()
        flickr.stop()
        with pytest.raises(OSError):  # noqa: PT011
            ask(flickr, flickr.photos[0].path)
        assert link.sock.recv(1) == b""
    url = flickr.url
    flickr.start()
    assert flickr.url == url
    answer(flickr)


# By hand


def test_the_control_api(flickr):
    order = {"fault": "503", "times": 1, "on": "api", "call_latency": 0.01}
    status, state = post_control(flickr, order)
    assert status == 200
    assert state["faults"] == {"api": ["503"], "image": []}
    assert call(flickr)[0].status == 503
    post_control(flickr, {"fault": "bomb", "on": "image", "calls_per_hour": 9})
    assert post_control(flickr, {"fault": None})[1]["faults"] == {"api": [], "image": []}
    state = json.loads(ask(flickr, "/control")[1])
    assert (state["call_latency"], state["calls_per_hour"]) == (0.01, 9)
    assert state["requests"]["api"] == 1
    assert [request.path for request in flickr.requests()] == ["/services/rest/"]
    for wrong in ([], {"falt": "503"}, {"call_latency": "slow"}, {"call_latency": []}):
        status, reply = post_control(flickr, wrong)
        assert status == 400
        assert reply["error"]


@contextmanager
def by_hand(*options: str) -> Iterator[list[str]]:
    script = Path(__file__).parents[1] / "fake_flickr.py"
    # Without `site`, so without any installed package.
    command = [sys.executable, "-S", str(script), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield [process.stdout.readline().strip() for _ in range(5)]
        finally:
            process.terminate()


@needs_shared
def test_it_starts_by_hand_with_nothing_installed():
    with by_hand() as lines:
        assert "3725 photos" in lines[0]
        url = lines[0].split()[-1]
        assert lines[1].endswith(f"python3 build_site.py --serve --flickr-url {url}")
        assert lines[2].endswith(VALID_KEY)
        with socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=5):
            pass


def test_it_starts_by_hand_on_a_folder(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8")
    row = {"id": "a", "file": "a.jpg", "tags": ["one"], "width": 1, "height": 1}
    (tmp_path / "photos.jsonl").write_text(json.dumps(row) + "\n")
    with by_hand("--photos", str(tmp_path)) as lines:
        assert "with 1 photos" in lines[0]


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path):
    script = Path(__file__).parents[1] / "fake_flickr.py"
    command = [sys.executable, str(script), "--port", "0", "--photos", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 1
    assert "photos.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(per_page=st.integers(40, 200), latest=st.integers(NOW - THREE_YEARS, NOW))
def test_paging_over_http(flickr, per_page, latest):
    seen, page, pages = [], 1, 1
    while page <= pages:
        found = answer(flickr, text="table", per_page=per_page, page=page, max_upload_date=latest)
        seen += [photo["id"] for photo in found["photos"]["photo"]]
        page, pages = page + 1, found["photos"]["pages"]
    assert seen == [photo.id for photo in flickr.photos if photo.uploaded <= latest]
