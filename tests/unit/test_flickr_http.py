import contextlib
import functools
import re

import pytest

from fakes.service import EXPIRED_KEY, VALID_KEY
from lookalike.errors import (
    BadPhoto,
    KeyRejected,
    RateLimited,
    SourceError,
    TimedOut,
    TooLarge,
    Unavailable,
    Unreachable,
)
from lookalike.filters import Filters
from lookalike.images import open_image
from lookalike.sources import flickr as module
from lookalike.sources.flickr import Flickr
from lookalike.sources.http import get
from lookalike.sources.user_agent import user_agent
from small_world import picture

pytestmark = pytest.mark.native

# -- Addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/hostname",
        "data:,x",
        "ftp://127.0.0.1:1/",
        "//127.0.0.1/",
        "http://",
        "http://[",
        "http://a b/",
        "http://127.0.0.1:1/\r\nX: y",
        "http://127.0.0.1:1/é",
        "javascript:0",
    ],
)
def test_what_is_no_plain_http_address_is_never_opened(url):
    with pytest.raises(SourceError, match="cannot be fetched") as caught:
        get(url, 100)
    assert type(caught.value) is SourceError


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://127.0.0.1:99999/"])
def test_where_nobody_listens_is_unreachable(url):
    with pytest.raises(Unreachable):
        get(url, 100, timeout=5)


# -- Over HTTP -------------------------------------------------------------------------------------


def serve(rows):
    # Imported here, for it needs sockets, which Pyodide has not.
    from fake_flickr import FakeFlickr

    return FakeFlickr(rows)


@contextlib.contextmanager
def impatient(fault, monkeypatch):
    """Wait for what hangs for less than the usual time."""
    with monkeypatch.context() as patch:
        if fault == "hang":
            patch.setattr(module, "get", functools.partial(get, timeout=0.2))
        yield


@pytest.fixture(scope="module")
def service():
    rows = [
        {"id": f"photo-{i}", "width": 48, "height": 36, "title": f"Cat {i}", "tags": ["cat", "sun"]}
        | {"bytes": picture((200, 90, 40), seed=i, encoding="JPEG")}
        for i in range(40)
    ]
    with serve(rows) as flickr:
        yield flickr


@pytest.fixture
def fake(service):
    yield service
    service.clear()
    service.forget()


def test_a_search_and_a_thumbnail_over_http(fake):
    source = Flickr(fake.url, VALID_KEY)
    photos = source.search("cat", 30)
    assert len(photos) == 30
    assert all("cat" in photo.tags for photo in photos)
    assert open_image(source.thumbnail(photos[0])).size == (48, 36)
    assert source.search("no such word anywhere") == []


def test_the_request_is_a_simple_get_with_just_these_parameters(fake):
    Flickr(fake.url, VALID_KEY).search("tench & été", 30, 1_700_000_000)
    (request,) = fake.requests("api")
    assert request.method == "GET"
    assert request.body_size == 0
    assert request.query == {
        "method": "flickr.photos.search",
        "api_key": VALID_KEY,
        "text": "tench & été",
        "max_upload_date": "1700000000",
        "per_page": "30",
        "extras": "tags,url_n,url_z,url_l,license,owner_name,date_upload,o_dims",
        "safe_search": "1",
        "content_types": "0",
        "media": "photos",
        "format": "json",
        "nojsoncallback": "1",
    }
    # Any other header would cost a preflight in a browser.
    assert set(request.headers) <= {"host", "user-agent", "accept-encoding", "connection"}


def test_flickr_is_asked_to_filter_what_it_can(fake):
    narrow = Filters(license="commercial", since=1_600_000_000, until=1_650_000_000, safe=False)
    flickr = Flickr(fake.url, VALID_KEY).filtered(narrow)
    flickr.search("tench", 30, 1_700_000_000)
    flickr.search("tench", 30, 1_640_000_000)
    Flickr(fake.url, VALID_KEY).search("tench")
    late, early, plain = (request.query for request in fake.requests("api")[-3:])
    assert late["license"] == "4,5,6,8,9,10,11,12,13"
    assert (late["min_upload_date"], late["max_upload_date"]) == ("1600000000", "1650000000")
    assert early["max_upload_date"] == "1640000000"
    assert (late["safe_search"], plain["safe_search"]) == ("3", "1")
    assert {"license", "min_upload_date", "max_upload_date"}.isdisjoint(plain)
    assert late["api_key"] == VALID_KEY


def test_without_a_key_none_is_sent_and_without_a_bound_no_date(fake):
    with pytest.raises(KeyRejected):
        Flickr(fake.url).search("cat", 10_000)
    (request,) = fake.requests("api")
    assert {"api_key", "max_upload_date"}.isdisjoint(request.query)
    assert request.query["per_page"] == "500"


@pytest.mark.parametrize("key", [EXPIRED_KEY, "not a key", ""])
def test_a_key_that_is_not_accepted_is_told_as_such(fake, key):
    with pytest.raises(KeyRejected, match="key") as caught:
        Flickr(fake.url, key).search("cat")
    assert "Settings" in caught.value.advice


def test_a_bound_leaves_out_later_photos(fake):
    source = Flickr(fake.url, VALID_KEY)
    dates = sorted(photo.uploaded for photo in source.search("cat", 40))
    bound = dates[20]
    assert all(photo.uploaded <= bound for photo in source.search("cat", 40, bound))


API_FAULTS = {
    "429": RateLimited,
    "500": Unavailable,
    "502": Unavailable,
    "503": Unavailable,
    "key": KeyRejected,
    "expired": KeyRejected,
    "0": Unavailable,
    "10": Unavailable,
    "105": Unavailable,
    "201": Unavailable,
    "hang": TimedOut,
    "drop": Unreachable,
    "cut": Unreachable,
    "html": SourceError,
    "malformed": SourceError,
}


@pytest.mark.parametrize(("fault", "expected"), API_FAULTS.items())
def test_each_fault_of_the_api_raises_its_error_and_passes(fake, fault, expected, monkeypatch):
    source = Flickr(fake.url, VALID_KEY)
    fake.fail(fault, times=1)
    with impatient(fault, monkeypatch), pytest.raises(SourceError) as caught:
        source.search("cat")
    assert type(caught.value) is expected
    assert str(caught.value)
    assert caught.value.advice
    assert source.search("cat")


def test_an_empty_answer_is_no_error(fake):
    fake.fail("empty", times=1)
    assert Flickr(fake.url, VALID_KEY).search("cat") == []


def test_the_call_over_the_hourly_limit_is_rate_limited(fake):
    source = Flickr(fake.url, VALID_KEY)
    fake.calls_per_hour = 1
    try:
        source.search("cat")
        with pytest.raises(RateLimited):
            source.search("cat")
    finally:
        fake.calls_per_hour = None


IMAGE_FAULTS = {
    "404": SourceError,
    "429": Unavailable,  # it passes: the image host counts no calls of a key
    "500": Unavailable,
    "503": Unavailable,
    "hang": TimedOut,
    "drop": Unreachable,
    "cut": Unreachable,
    "html": BadPhoto,
    "empty": BadPhoto,
    "truncated": BadPhoto,
    "not-an-image": BadPhoto,
    "bomb": TooLarge,
}


@pytest.mark.parametrize(("fault", "expected"), IMAGE_FAULTS.items())
def test_each_fault_of_a_thumbnail_raises_its_error_and_passes(fake, fault, expected, monkeypatch):
    source = Flickr(fake.url, VALID_KEY)
    (photo,) = source.search("cat", 1)
    fake.fail(fault, times=1, on="image")
    with impatient(fault, monkeypatch), pytest.raises((SourceError, BadPhoto)) as caught:
        open_image(source.thumbnail(photo))
    assert type(caught.value) is expected
    assert open_image(source.thumbnail(photo)).width == 48


def test_an_answer_longer_than_the_limit_is_refused(fake):
    (photo,) = Flickr(fake.url, VALID_KEY).search("cat", 1)
    size = len(get(photo.thumb_url, 1_000_000))
    assert len(get(photo.thumb_url, size)) == size
    with pytest.raises(SourceError, match=f"more than {size - 1}"):
        get(photo.thumb_url, size - 1)


def test_a_lost_network_is_unreachable():
    flickr = serve([{"id": "a", "width": 4, "height": 3, "tags": ["cat"], "bytes": b"x"}])
    with flickr:
        source = Flickr(flickr.url, VALID_KEY)
        (photo,) = source.search("cat")
    with pytest.raises(Unreachable):
        source.search("cat")
    with pytest.raises(Unreachable):
        source.thumbnail(photo)


# -- Who asks, where it is sent on to, and what is said --------------------------------------------


class Host:
    """A server that answers every GET alike, and remembers what it was asked."""

    def __init__(self, status, body=b"", headers=()):
        import http.server
        import threading

        self.asked = asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append((self.path, dict(self.headers)))
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def refused(status, body=b"", headers=()):
    with Host(status, body, headers) as host, pytest.raises(SourceError) as caught:
        get(f"{host.url}/x", 100_000)
    return caught.value


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_as_in_a_page(status):
    with Host(200, b"elsewhere") as elsewhere:
        error = refused(status, headers=[("location", f"{elsewhere.url}/y")])
        assert elsewhere.asked == []
    assert type(error) is SourceError
    assert "another address" in str(error)


def test_it_says_who_asks_and_where_that_is_found():
    with Host(200, b"x") as host:
        get(f"{host.url}/x", 1000)
    ((_, headers),) = host.asked
    assert re.fullmatch(r"Lookalike/[\d.]+ \(https?://\S+\) Python/\S+", headers["User-Agent"])
    assert "urllib" not in headers["User-Agent"]


def test_where_it_is_found_is_for_whoever_runs_it_to_say():
    assert "(https://a.test/b)" in user_agent({"LOOKALIKE_HOME": "https://a.test/b"})
    assert "(https://github.com/a/b)" in user_agent({"GITHUB_REPOSITORY": "a/b"})
    assert "\n" not in user_agent({"LOOKALIKE_HOME": "https://a.test/\r\nX: y"})


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, b"Please set a user-agent and respect our robot policy", "respect our robot policy"),
        (400, b"Use thumbnail steps listed on https://w.wiki/GHai", "Use thumbnail steps"),
        (400, b'{"detail": "No such &amp; licence"}', "No such & licence"),
        (403, b'{"error": {"code": 9, "message": "Not <b>you</b>"}}', "Not <b>you</b>"),
        (404, b"<html><style>x{}</style><h1>Not&nbsp;Found</h1></html>", "Not Found"),
        (503, b'{"message": "Back at noon"}', "Back at noon"),
        (429, b'{"errors": "Slow down"}', "Slow down"),
        (418, b"", "HTTP 418"),
        (400, b"\xff\xfe\x00\x01" * 50, "HTTP 400"),
        (400, b"x\xe2\x80\xae" + b"long " * 4000, "xlong"),
    ],
)
def test_a_services_own_words_are_part_of_the_error(status, body, words):
    error = refused(status, body)
    assert words in str(error)
    assert len(str(error)) < 400
    assert "\u202e" not in str(error)
