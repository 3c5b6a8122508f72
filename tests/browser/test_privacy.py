"""What leaves the browser: words to the API, and nothing of the photo to anybody."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, START_UP, opened
from playwright.sync_api import expect

from fake_flickr import VALID_KEY
from lookalike_build.bundle import ENGINE

PARAMETERS = {
    "method",
    "text",
    "max_upload_date",
    "per_page",
    "extras",
    "safe_search",
    "content_types",
    "media",
    "format",
    "nojsoncallback",
    "api_key",
}


@pytest.fixture(scope="module")
def search(browser, site, flickr_server, query):
    """One search: its page, what Chromium has sent, and what Flickr was asked."""
    flickr_server.clear()
    flickr_server.forget()
    sent = []
    with opened(browser, site, alone=True) as look:
        look.page.context.on("request", lambda request: sent.append(request))
        look.open(photos=30)
        look.search(query)
        yield look, sent, flickr_server.requests()


def test_every_request_is_a_get_to_self_the_api_or_the_image_host(search, site, flickr):
    _, sent, _ = search
    origins = {site.origin, flickr.origin}
    remote = [request for request in sent if not request.url.startswith(("blob:", "data:"))]
    assert remote
    for request in remote:
        assert request.method == "GET"
        assert request.post_data_buffer is None
        parts = urlsplit(request.url)
        assert f"{parts.scheme}://{parts.netloc}" in origins
        assert not parts.query or parts.netloc == urlsplit(flickr.origin).netloc


def test_flickr_is_told_words_and_nothing_else(search, query):
    _, _, asked = search
    digest = hashlib.sha256(query[1]).hexdigest()
    assert {request.kind for request in asked} == {"api", "image"}
    for request in asked:
        assert request.method == "GET"
        assert request.body_size == 0
        assert "cookie" not in request.headers
        assert "referer" not in request.headers
        if request.kind == "image":
            assert not request.query
            continue
        assert set(request.query) == PARAMETERS
        assert len(request.query["text"]) < 80
        assert digest not in str(request.query)


def test_the_key_goes_to_the_api_alone(search, flickr):
    look, sent, asked = search
    with_key = [request.url for request in sent if VALID_KEY in request.url]
    assert with_key
    assert all(url.startswith(flickr.url) for url in with_key)
    assert VALID_KEY not in look.page.content()
    for request in asked:
        assert (request.query.get("api_key") == VALID_KEY) == (request.kind == "api")
        assert request.kind == "api" or VALID_KEY not in request.path


@pytest.fixture
def eavesdropper():
    """A server on a fourth origin, which nothing should ever reach."""
    heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(self.path)
            self.send_response(200)
            self.send_header("access-control-allow-origin", "*")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    server.heard = heard
    server.origin = f"http://127.0.0.1:{server.server_port}"
    server.url = f"{server.origin}/secret"
    yield server
    server.shutdown()
    server.server_close()


LEAKING_SCORE = """
import js
from pyodide.http import pyfetch
from lookalike.images import prepare

LAYER = "avg_pool"

async def get_feature(model, image):
    for attempt in (lambda url: js.fetch(url), pyfetch):
        try:
            await attempt("{url}")
        except Exception as error:
            print(type(error).__name__)
    try:
        request = js.XMLHttpRequest.new()
        request.open("GET", "{url}", False)
        request.send()
    except Exception as error:
        print(type(error).__name__)
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0]

def embs2score(source, candidate):
    return float(source @ candidate)
"""

BLOCKED = ("Content Security Policy", "violates", "Refused to connect")


@pytest.mark.parametrize("allowed", [False, True])
def test_no_code_reaches_a_fourth_origin(fork, query, flickr, eavesdropper, allowed):
    """Neither score.py does, nor the vision worker, for which the policy of the page counts."""
    if allowed:
        # Not even score.py of one that were a photo service, and that the page may reach. The
        # worker's attempt then is real, and it is the policy that stops it otherwise.
        origin = eavesdropper.origin
        fork.site.edit("courier.html", flickr.origin, f"{flickr.origin} {origin}")
        own = "connect-src 'self' blob:"
        fork.site.edit("index.html", own, f"{own} {origin}")
    fork.expect_errors(*BLOCKED)
    fork.site.edit_python("score.py", LEAKING_SCORE.format(url=eavesdropper.url))
    fork.site.edit(
        "js/vision/worker.js",
        "async function load(",
        f'fetch("{eavesdropper.origin}/vision").catch(() => {{}});\nasync function load(',
    )
    fork.open(photos=5)
    fork.search(query)
    expect(fork.items.first).to_be_visible()
    assert set(eavesdropper.heard) == ({"/vision"} if allowed else set())


@pytest.mark.parametrize("file", ["index.html", "courier.html"])
def test_services_are_the_couriers_alone(site, flickr, openverse, file):
    policy = (site.folder / file).read_text()
    assert (flickr.origin in policy) == (openverse.origin in policy) == (file == "courier.html")


SECRET = "c0ffee11facade22decade33beefed44"
"""A key such as no other text begins like it."""


def let_in(site, api):
    """Let thieves into the engine worker: one as score.py, one as what is there even before."""
    js, py = (
        Path(__file__)
        .with_name(name)
        .read_text()
        .replace("@API@", api)
        .replace("@KEY@", f"{SECRET[:7]}[{SECRET[7]}]")
        for name in ("thief.js", "thief.py")
    )
    site.edit_python("score.py", py)
    site.before(ENGINE, js)


def without_jspi(site):
    site.take_jspi_away()


def leaking(site):
    """A courier that gives the key away, to see that the thief would find it."""
    site.edit("js/courier/worker.js", "body, error: null }", "body, error: null, key }")


@pytest.mark.parametrize("change", [None, without_jspi, leaking])
def test_score_py_cannot_get_the_key_whatever_it_does(fork, query, flickr, change):
    let_in(fork.site, flickr.url)
    if change:
        change(fork.site)
    fork.expect_errors("Failed to load resource", "blocked by CORS", "Failed to fetch")
    fork.open(key=SECRET, photos=30, calls=40)
    fork.search(query)
    expect(fork.items.first).to_be_visible()
    told = [worker.evaluate("() => console.thief?.tell()") for worker in fork.page.workers]
    loot = next(found for found in told if found)
    assert {"done: Python", "done: JavaScript"} <= set(loot)
    assert any("flickr.photos.search" in text for text in loot)  # it has ears
    assert any("not among those that are signed" in text for text in loot)
    assert any(SECRET[:8] in text for text in loot) == (change is leaking)
    with_key = [request for request in flickr.requests() if SECRET in str(request)]
    assert with_key
    for request in with_key:
        assert request.kind == "api"
        assert set(request.query) == PARAMETERS
        assert request.query["method"] == "flickr.photos.search"


def test_a_call_that_would_not_be_signed_says_why(fork, query, flickr):
    source = (ROOT / "py" / "lookalike" / "sources" / "flickr.py").read_text()
    other = source.replace('"flickr.photos.search"', '"flickr.photos.getRecent"')
    fork.site.edit_python("lookalike/sources/flickr.py", other)
    fork.open(photos=5, calls=5)
    fork.choose(query)
    expect(fork.alert.first).to_contain_text("getRecent", timeout=START_UP)
    expect(fork.alert.first).to_contain_text("flickr.photos.search")
    assert not flickr.requests("api")
