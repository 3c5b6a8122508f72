"""The scorer, edited in the page and tried by the real engine."""

import pytest
from conftest import ROOT, START_UP, borrowed
from desk import desk_page
from playwright.sync_api import expect

pytestmark = pytest.mark.skipif(
    not (ROOT / "py/lookalike/ranking/validate.py").is_file(), reason="needs the engine side"
)

GOOD = """
import numpy as np
from lookalike.images import prepare

LAYER = "{layer}"

async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()

def embs2score(source, candidate):
    {line}
    return {sign} float(source @ candidate / np.linalg.norm(source) / np.linalg.norm(candidate))
"""


def make_scorer(layer="conv_16_project", line="pass", sign=""):
    return GOOD.format(layer=layer, line=line, sign=sign)


PHOTOS = 24
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture(scope="module")
def visit(browser, site, flickr_server, query):
    """One page for all of them, on which a search is done."""
    flickr_server.clear()
    flickr_server.forget()
    with desk_page(browser, site) as page:
        page.open(photos=PHOTOS, seed=1)
        page.look.search(query)
        expect(page.look.items).to_have_count(PHOTOS)
        yield page.begin()


@pytest.fixture
def live(visit, flickr):
    with borrowed(visit.look):
        yield visit


def rank(live, code):
    """Run a scorer, and wait until its order is on the screen."""
    drawn = "performance.getEntriesByName('re-ranking').length"
    before = live.page.evaluate(drawn)
    live.run(code)
    live.page.wait_for_function(f"(before) => {drawn} > before", arg=before, timeout=START_UP)
    expect(live.said).to_contain_text("photos ranked again")


def test_a_new_score_ranks_again_without_a_download(live, flickr):
    rank(live, make_scorer())
    before = live.look.pages()
    flickr.forget()
    rank(live, make_scorer(sign="-"))
    assert live.look.pages()[0] != before[0]
    took = live.page.evaluate("performance.getEntriesByName('re-ranking').at(-1)?.duration")
    print(f"re-ranking, with the engine: {took} ms")
    assert flickr.requests() == []


def test_a_new_feature_is_made_without_a_download(live, flickr):
    flickr.forget()
    rank(live, make_scorer(layer="avg_pool"))
    assert flickr.requests() == []


def test_what_is_wrong_is_at_its_line_and_the_last_good_one_stays(live):
    before = live.look.pages()
    live.run(make_scorer(line="1 / 0"))
    expect(live.said).to_contain_text("ZeroDivisionError", timeout=START_UP)
    expect(live.said).to_contain_text("ine 11")
    expect(live.code.locator(".cm-lintRange-error")).to_have_text("1 / 0")
    live.run("def get_feature(:")
    expect(live.code.locator(".cm-lintRange-error")).to_have_text("def get_feature(:")
    # Both were tried: whatever order of theirs had come would be drawn in the next frame.
    live.page.evaluate(FRAMES)
    assert live.look.pages() == before


def test_print_goes_to_the_console(live):
    live.run(make_scorer(line="print('hello from the score function')"))
    console = live.panel.get_by_role("region", name="Printed")
    expect(console).to_contain_text("hello from the score function", timeout=START_UP)


def test_an_endless_loop_is_stopped_and_the_last_good_one_ranks_what_stays(live):
    rank(live, make_scorer(sign="-"))
    live.run(make_scorer(line="while True: pass"))
    expect(live.said).to_contain_text("did not return in time", timeout=20_000)
    assert live.look.items.count() == PHOTOS
    expect(live.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
    rank(live, make_scorer())


def test_a_mark_changes_the_scores(live):
    before = live.look.items.locator(".score").all_inner_texts()
    live.look.items.nth(5).get_by_role("button", name="Like", exact=True).click()
    live.page.mouse.move(0, 0)
    scores = live.look.items.locator(".score")
    expect(scores).not_to_have_text(before, timeout=START_UP)


def test_a_part_and_a_second_photo_are_searched_from(live, query):
    live.look.button("Part of it, or more photos").click()
    dialog = live.page.get_by_role("dialog", name="What to search from")
    dialog.get_by_role("slider", name="Right").fill("60")
    other = {"name": "other.jpg", "mimeType": "", "buffer": query[1]}
    dialog.locator("input[type=file]").set_input_files(other)
    live.look.forget()
    dialog.get_by_role("button", name="Search from these").click()
    live.look.wait_until_done()
    expect(live.look.items.nth(5)).to_be_visible()
