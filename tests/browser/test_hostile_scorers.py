"""Scorers that mean harm, or might as well: the last good one, the results and the page stay."""

import re
import threading

import pytest
from conftest import START_UP, QuietHandler, StaticHost, borrowed, wait_until
from desk import desk_page
from playwright.sync_api import expect
from test_share import link

GOOD = """
import numpy as np
from lookalike.images import prepare

LAYER = "avg_pool"
hoard = []

async def get_feature(model, image):
    {look}
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()

def embs2score(source, candidate):
    {score}
    return {sign}float(source @ candidate / np.linalg.norm(source) / np.linalg.norm(candidate))

{module}
"""

LOOP = "while True: pass"
SPOIL = "import builtins; builtins.len = builtins.float = builtins.isinstance = None"
AT_ONCE = "hoard.append(np.ones(2**28))"
BIT_BY_BIT = "while True: hoard.append(np.empty(2**27))"

XHR = (
    "import js; x = js.XMLHttpRequest.new(); x.open('GET', '{url}', False); x.send();"
    " raise ValueError('it was let out')"
)
URLLIB = (
    "import urllib.request; urllib.request.urlopen('{url}'); raise ValueError('it was let out')"
)
FETCH = "import js; await js.fetch('{url}'); raise ValueError('it was let out')"

ALL = """
import builtins, js, sys, urllib.request
import numpy as np

hoard = []
for way in (
    lambda: js.fetch("{url}"),
    lambda: urllib.request.urlopen("{url}"),
    lambda: hoard.append(np.ones(2**28)),
    sys.exit,
):
    try:
        way()
    except BaseException as error:
        print(type(error).__name__)
hoard.clear()
builtins.len = None
while True:
    pass
"""


def make_scorer(look="pass", score="pass", sign="", module=""):
    return GOOD.format(look=look, score=score, sign=sign, module=module)


class Eavesdropper(QuietHandler):
    """An origin that nothing has to do with."""

    heard: list = []  # noqa: RUF012 - of all

    def do_GET(self):
        self.heard.append(self.path)
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture(scope="module")
def elsewhere():
    server = StaticHost(("127.0.0.1", 0), Eavesdropper)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def visit(browser, site, flickr_server, query):
    """One page for all of them, with a search done and a scorer of one's own in charge."""
    flickr_server.clear()
    flickr_server.forget()
    with desk_page(browser, site) as desk:
        desk.open(photos=40, seed=1)
        desk.look.search(query)
        desk.begin()
        yield desk


@pytest.fixture
def desk(visit, flickr, elsewhere):
    """That page; whatever was tried on it, it works on afterwards."""
    with borrowed(visit.look):
        good(visit)
        before = links(visit)
        yield visit
        assert links(visit) == before
        visit.button("Go back to the last version that worked").click()
        expect(visit.said).to_contain_text("Opened")
        assert visit.text == make_scorer()
        expect(visit.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
        good(visit, sign="-")
        # A new order is drawn once a second at most.
        wait_until(lambda: links(visit) != before)
        assert Eavesdropper.heard == []


def run(desk, code, until="scorer-tried"):
    """Run a scorer, and wait for the next entry of that name in the browser's timeline."""
    count = "(name) => performance.getEntriesByName(name).length"
    before = desk.page.evaluate(count, until)
    desk.run(code)
    more = "([name, before]) => performance.getEntriesByName(name).length > before"
    desk.page.wait_for_function(more, arg=[until, before], timeout=START_UP)


def good(desk, sign=""):
    run(desk, make_scorer(sign=sign), until="re-ranking")
    expect(desk.said).to_contain_text("photos ranked again")


def refused(desk, *words, **changes):
    """Run a scorer that does not take over; the person is told why."""
    run(desk, make_scorer(**changes))
    expect(desk.said).to_have_class(re.compile("bad"))
    for each in words:
        expect(desk.said).to_contain_text(each)
    expect(desk.said).not_to_contain_text("unexpected")


def links(desk):
    return desk.look.pages()


@pytest.mark.parametrize("place", ["module", "score"])
def test_an_endless_loop(desk, place):
    back = "The last good one is in charge again: “py/score.py, changed”"
    refused(desk, "did not return in time", back, **{place: LOOP})


@pytest.mark.parametrize("place", ["module", "look", "score"])
def test_exit(desk, place):
    refused(desk, "SystemExit", "(line ", **{place: "import sys; sys.exit()"})


@pytest.mark.parametrize(
    ("place", "way", "words"),
    [
        ("score", AT_ONCE, "too big"),
        ("score", BIT_BY_BIT, "Memory"),
        ("module", BIT_BY_BIT, "Memory"),
    ],
)
def test_memory(desk, place, way, words):
    refused(desk, words, **{place: way})


def test_builtins_of_its_own_do_not_stay(visit, flickr):
    with borrowed(visit.look):
        refused(visit, "TypeError", look=SPOIL)
        run(visit, make_scorer(module=SPOIL), until="re-ranking")
        good(visit)


@pytest.mark.parametrize("place", ["module", "look", "score"])
def test_builtins_of_its_own(desk, place):
    refused(desk, "ZeroDivisionError", **{place: f"{SPOIL}; 1 / 0"})


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"look": "return 'x'"}, "get_feature"),
        ({"look": "return [[1], [1, 2]]"}, "get_feature"),
        ({"look": "return np.ones((2, 2))"}, "not a vector"),
        ({"score": "return 'alike'"}, "embs2score"),
        ({"score": "return None"}, "embs2score"),
        ({"score": "return source"}, "embs2score"),
        ({"module": "def embs2scores(source, candidates): return 1"}, "embs2scores"),
        ({"module": "def embs2scores(source, candidates): return {}"}, "embs2scores"),
        ({"module": "def rank(results): return None"}, "rank"),
        ({"module": "def rank(results): return [7]"}, "rank"),
        ({"module": "get_source = 7"}, "get_source"),
        ({"module": "START = 'lynx'"}, "START"),
        ({"module": "START = [7]"}, "START"),
        ({"module": "embs2score = 'no function'"}, "embs2score"),
        ({"module": "def get_feature(model, image): return 1"}, "async def"),
        ({"module": "LAYER = ['avg_pool']"}, "TypeError"),
    ],
)
def test_wrong_types(visit, flickr, wrong, words):
    with borrowed(visit.look):
        before = links(visit)
        refused(visit, words, **wrong)
        assert links(visit) == before


@pytest.mark.parametrize(
    ("place", "way"),
    [
        ("look", FETCH),
        ("look", URLLIB),
        ("look", XHR),
        ("score", URLLIB),
        ("module", URLLIB),
        ("module", XHR),
    ],
)
def test_asking_somewhere_else(desk, elsewhere, place, way):
    desk.look.expect_errors("Content Security Policy", "Failed to (fetch|load)", "violates")
    words = "could not be loaded" if place == "module" else "failed"
    refused(desk, words, **{place: way.format(url=elsewhere)})
    expect(desk.said).not_to_contain_text("let out")


def test_a_link_with_all_of_it(desk, elsewhere):
    desk.look.expect_errors("Content Security Policy", "Failed to (fetch|load)", "violates")
    before = desk.told("try-scorer")
    code = ALL.format(url=elsewhere)
    desk.page.evaluate("(hash) => { location.hash = hash; }", link(code=code))
    dialog = desk.page.get_by_role("dialog", name="This link brings a score function")
    expect(dialog.get_by_role("group", name="Code of the link")).to_contain_text("hoard.clear()")
    assert desk.told("try-scorer") == before
    assert desk.look.errors == []
    dialog.get_by_role("button", name="Run this code").click()
    expect(desk.said).to_contain_text("did not return in time", timeout=30_000)
    assert len(desk.told("try-scorer")) == len(before) + 1
