"""A score.py that fails: what is wrong is said, with the line, and nothing found is lost."""

import io
import re

import pytest
from conftest import ENDED, START_UP, borrowed, opened
from PIL import Image
from playwright.sync_api import expect

from fake_flickr import VALID_KEY

pytestmark = pytest.mark.whole_browser

GOOD = """
from lookalike.images import prepare

LAYER = "avg_pool"
seen, scored = [], []
way = 0

async def get_feature(model, image):
    global way
    if image.width > 400:
        way = image.width - 400
        seen.clear()
        scored.clear()
    {get_feature}
    seen.append(image.size)
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0]

def embs2score(source, candidate):
    scored.append(1)
    {embs2score}
    return float(source @ candidate)
"""
"""How it fails, the photo that is searched for says by its width, which no thumbnail has."""

WAYS = {
    "raises on the query": ("if way == 1: 1 / 0", "pass"),
    "raises on photos": ("pass", "if way == 2: 1 / 0"),
    "returns NaN": ("pass", "if way == 3: return float('nan')"),
    "raises now and then": ("pass", "if way == 4 and len(scored) % 3 == 0: raise ValueError"),
}


def score(get_feature="pass", embs2score="pass"):
    """A scorer with something put first in its functions."""
    return GOOD.format(get_feature=get_feature, embs2score=embs2score)


def wide(query, way):
    """The photo to search for, as wide as tells the scorer how to fail; 0 for not at all."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(query[1])).resize((400 + way, 300)).save(buffer, "JPEG")
    return ("query.jpg", buffer.getvalue())


@pytest.fixture(scope="module")
def page(browser, site, flickr_server, tmp_path_factory):
    """A page whose score.py fails as the photo says that is searched for."""
    flickr_server.clear()
    looks, scores = ("\n    ".join(lines) for lines in zip(*WAYS.values(), strict=True))
    with site.fork(tmp_path_factory.mktemp("ways")) as fork:
        fork.edit_python("score.py", score(looks, scores))
        with opened(browser, fork) as look:
            yield look.open(photos=20)


@pytest.fixture
def failing(page, flickr, query):
    """Search on that page by a scorer that fails in one of `WAYS`."""
    with borrowed(page) as look:

        def search(way):
            look.forget_found()
            look.begin(wide(query, list(WAYS).index(way) + 1))
            expect(look.status).to_contain_text(ENDED, timeout=START_UP)
            return look

        yield search


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("raises on the query", ["ZeroDivisionError"]),
        ("raises on photos", ["ZeroDivisionError", "line"]),
        ("returns NaN", ["nan"]),
    ],
)
def test_what_is_wrong_is_said_and_the_line_to_mend_is_named(failing, way, words):
    look = failing(way)
    for each in words:
        expect(look.alert.first).to_contain_text(each)
    expect(look.status).to_contain_text("Stopped")


def test_a_scorer_that_fails_now_and_then_costs_only_those_photos(failing):
    look = failing("raises now and then")
    expect(look.status).to_contain_text(re.compile("Done|Settled"))
    expect(look.items.nth(5)).to_be_visible()


@pytest.mark.parametrize(
    "python",
    [
        pytest.param("def get_feature(:", id="is not Python"),
        pytest.param("LAYER = 'logits'", id="lacks its functions"),
    ],
)
def test_a_file_that_is_no_scorer_is_named(fork, query, python):
    fork.site.edit_python("score.py", python)
    fork.open(photos=20)
    fork.choose(query)
    expect(fork.alert.first).to_contain_text("score.py", timeout=START_UP)
    expect(fork.status).to_contain_text(ENDED, timeout=START_UP)
    expect(fork.status).to_contain_text("Stopped")


# Late enough for some results to be drawn: as many photos are looked at at once.
LATER = "len(scored) > 24"


def test_one_that_never_returns_is_stopped_and_what_was_found_stays(fork, query):
    fork.site.edit("js/client/watchdog.js", "search: 20_000", "search: 3_000")
    hang = f"while {LATER}: pass"
    fork.site.edit_python("score.py", score(embs2score=hang))
    fork.open(photos=60)
    fork.choose(query)
    expect(fork.alert.first).to_contain_text("restarted", timeout=START_UP)
    expect(fork.items.first).to_be_visible()
    # The engine is back, by itself.
    twice = "() => performance.getEntriesByName('ready').length === 2"
    fork.page.wait_for_function(twice, timeout=START_UP)
    expect(fork.page.get_by_text("Ready in")).to_be_attached()


def test_cancel_acts_although_score_py_hangs(fork, query, flickr):
    hang = f"if {LATER}: __import__('js').console.log('hangs')\n    while {LATER}: pass"
    fork.site.edit_python("score.py", score(embs2score=hang))
    with fork.page.expect_console_message(lambda line: line.text == "hangs", timeout=2 * START_UP):
        fork.open(photos=60)
        fork.choose(query)
    expect(fork.items.nth(2)).to_be_visible()
    fork.button("Cancel").click()
    expect(fork.status).to_contain_text("Cancelled", timeout=5_000)
    expect(fork.items.nth(2)).to_be_visible()
    # What is known may be enough for a search that needs no call.
    fork.forget_found()
    # The engine in its place reaches the service, with the key.
    flickr.forget()
    fork.button("Search again").click()
    expect(fork.page.get_by_text("Asking for")).to_be_visible(timeout=START_UP)
    expect(fork.status).to_contain_text(re.compile(r"[1-9]\d* photos"), timeout=START_UP)
    assert {request.query["api_key"] for request in flickr.requests("api")} == {VALID_KEY}


def test_what_was_scored_before_score_py_hangs_is_shown(fork, query):
    # So late that the search before it ends, and what that has seen is compared again. Each search
    # compares its query with itself, too.
    hang = "while len(scored) > 46: pass"
    fork.site.edit_python("score.py", score(embs2score=hang))
    fork.open(photos=20, seed=1)
    fork.choose(query)
    expect(fork.items.first).to_be_visible(timeout=START_UP)
    fork.wait_until_done()
    seen = fork.items.count()
    fork.forget()
    fork.button("Search again").click()
    expect(fork.status).to_contain_text("4 photos compared", timeout=15_000)
    fork.button("Cancel").click()
    expect(fork.status).to_contain_text("Cancelled: 4 photos compared")
    assert fork.items.count() >= seen


def test_another_search_begins_although_score_py_hangs(fork, query, flickr):
    hang = f"if {LATER}: __import__('js').console.log('hangs')\n    while {LATER}: pass"
    fork.site.edit_python("score.py", score(embs2score=hang))
    with fork.page.expect_console_message(lambda line: line.text == "hangs", timeout=2 * START_UP):
        fork.open(photos=60)
        fork.choose(query)
    # It is not cancelled: the next one is asked for at once.
    fork.begin(query)
    expect(fork.items.nth(2)).to_be_visible(timeout=START_UP)
    expect(fork.alert).to_have_count(0)


def test_one_that_breaks_python_itself_is_told_at_once_and_the_engine_comes_back(fork, query):
    fork.expect_errors("fatal", "out of bounds", "Python", "File", "Stack", "Aborted")
    # What is called after that finds Python in pieces.
    fork.expect_errors("unreachable", "Cannot read properties of undefined")
    crash = f"if {LATER}: import ctypes; ctypes.memset(0xFFFFFFF0, 0, 8)"
    fork.site.edit_python("score.py", score(embs2score=crash))
    fork.open(photos=60)
    fork.choose(query)
    expect(fork.alert.first).to_contain_text("broke down, and was restarted", timeout=START_UP)
    expect(fork.items.first).to_be_visible()
    expect(fork.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
