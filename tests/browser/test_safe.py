"""Pictures that are likely unsafe are not drawn; here the classifier takes red ones for it."""

import io
import re
from pathlib import Path

import pytest
from conftest import START_UP, opened
from PIL import Image
from playwright.sync_api import expect
from test_accessibility import violations

import tiny_classifier

# At Flickr a second search need not wait: its calls are counted by the hour.
SEARCH = {"seed": 1, "sources": ["flickr"], "photos": 24, "calls": 9}

# Says of each picture of a result, from the first moment on, that it was drawn.
WATCH = """
window.drawn = [];
new MutationObserver(() => {
  for (const image of document.querySelectorAll("#results img")) {
    const name = image.closest("li").querySelector("a").href;
    if (image.src.startsWith("blob:") && !window.drawn.includes(name)) window.drawn.push(name);
  }
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


@pytest.fixture
def page(browser, site, flickr, tmp_path):
    with site.fork(tmp_path) as forked:
        tiny_classifier.make(forked.folder / "models")
        with opened(browser, forked, reduced_motion="reduce") as look:
            look.page.add_init_script(WATCH)
            yield look


@pytest.fixture
def red_query(flickr):
    """A photo whose like is partly red: so that some are taken for unsafe."""
    return ("query.jpg", next(p for p in flickr.photos if "sunset" in p.tags).read())


def redness_of(look):
    """How red each picture on show is, as the browser has it, by its photo's page."""
    pictures = look.page.locator("#results > [data-picture=shown]").evaluate_all(
        """(items) => Promise.all(items.map(async (item) => {
          const answer = await fetch(item.querySelector("img").src);
          return [item.querySelector("a").href, [...new Uint8Array(await answer.arrayBuffer())]];
        }))"""
    )
    return {
        name: tiny_classifier.redness(Image.open(io.BytesIO(bytes(data))))
        for name, data in pictures
    }


def note(look):
    return look.page.locator("#unsafe")


def hidden_in(look):
    said = re.match(r"(\d+) hidden", note(look).inner_text())
    return int(said[1]) if said else 0


def judge_all(look):
    """Wait until every picture is judged, and what came of it is on show."""
    # The last results are drawn in the next frame.
    frames = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    look.page.evaluate(frames)
    expect(look.results).to_have_attribute("data-unjudged", "", timeout=START_UP)
    expect(look.page.locator("#results [data-picture=waiting]")).to_have_count(0)


def test_what_is_likely_unsafe_is_left_out_and_counted_or_covered_which_is_kept(page, red_query):
    page.open(judged=True, **SEARCH)
    page.search(red_query)
    judge_all(page)
    safe, hidden = page.items.count(), hidden_in(page)
    assert safe > 1
    assert hidden > 1
    assert all(red < tiny_classifier.THRESHOLD + 0.03 for red in redness_of(page).values())
    assert set(page.page.evaluate("window.drawn")) == set(page.pages())
    assert violations(page) == []
    page.page.locator("#export-results summary").click()
    with page.page.expect_download() as download:
        page.page.locator("#export-sheet").click()
    sheet = Path(download.value.path()).read_text("utf-8")
    assert sheet.count("<img ") == int(page.page.locator("#count").inner_text())

    page.button("Show them covered").click()
    expect(note(page)).to_contain_text(f"{hidden} covered as likely unsafe")
    shows = page.items.get_by_role("button", name="Show picture")
    expect(shows).to_have_count(hidden)
    assert len(page.page.evaluate("window.drawn")) == safe
    assert violations(page) == []
    card = page.items.filter(has=page.page.locator(".unveil:not([hidden])")).first
    assert "likely unsafe" in card.get_by_role("img").get_attribute("alt")
    card.locator(".card-link").focus()
    page.page.keyboard.press("Enter")
    viewer = page.page.get_by_role("dialog")
    expect(viewer.locator("#viewer-image")).to_have_attribute("src", re.compile("^data:"))
    expect(viewer.get_by_role("button", name="Show picture")).to_be_visible()
    page.page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    shows.first.focus()
    page.page.keyboard.press("Enter")
    expect(shows).to_have_count(hidden - 1)
    assert page.page.evaluate("document.activeElement.matches('.card-link')")
    [last] = page.page.evaluate("window.drawn")[safe:]
    assert redness_of(page)[last] > tiny_classifier.THRESHOLD - 0.03

    page.button("Hide").click()
    expect(page.items).to_have_count(safe)

    # A choice counts at once, and in the next visit.
    page.page.get_by_role("button", name="Filters").click()
    page.page.get_by_label("may be unsafe").select_option("Covered")
    expect(note(page)).to_contain_text("covered")
    page.page.keyboard.press("Escape")
    page.page.reload()
    expect(page.items.first).to_be_visible(timeout=START_UP)  # the search from before
    page.begin(red_query)
    page.wait_until_done()
    expect(note(page)).to_contain_text("covered", timeout=START_UP)


def test_pictures_wait_for_the_classifier_which_is_fetched_after_the_first_results(page, red_query):
    asked = []
    page.page.on("request", lambda request: asked.append(request.url))
    held = []
    page.page.route("**/models/nsfw.onnx", lambda route: held.append(route))
    page.open(judged=True, **SEARCH)
    with page.page.expect_request("**/models/nsfw.onnx", timeout=START_UP):
        page.choose(red_query)
    page.wait_until_done()
    expect(page.items.nth(2)).to_be_visible()
    # The results are there, with their titles and links; no picture is.
    assert page.page.evaluate("window.drawn") == []
    names = [url.rsplit("/", 1)[-1] for url in asked]
    first_picture = next(i for i, url in enumerate(asked) if re.search(r"\d_\w+\.jpg$", url))
    assert names.index("nsfw.onnx") > first_picture
    held[0].continue_()
    judge_all(page)
    assert page.page.evaluate("window.drawn")


@pytest.mark.parametrize("how", ["missing", "broken"])
def test_without_the_classifier_the_page_says_so_once_and_shows_results(page, red_query, how):
    file = page.site.folder / "models" / "nsfw.onnx"
    if how == "missing":
        file.unlink()
        page.expect_errors("404")
    else:
        file.write_bytes(b"no network")
        page.expect_errors("nsfw|ERROR|protobuf")
    page.open(judged=True, **SEARCH)
    page.search(red_query)
    expect(page.alert).to_contain_text("Pictures are not being checked")
    expect(page.alert).to_contain_text("nsfw.onnx")
    expect(page.page.locator("#results [data-picture=shown]").first).to_be_visible()
    judge_all(page)
    assert note(page).is_hidden()
    page.button("Search again").click()
    expect(page.status).not_to_contain_text("Done")
    page.wait_until_done()
    judge_all(page)
    expect(page.alert).to_have_count(0)


@pytest.mark.parametrize("off", ["filter", "treatment"])
def test_it_can_be_turned_off(page, red_query, off):
    asked = []
    page.page.on("request", lambda request: asked.append(request.url))
    page.open(judged=True, **SEARCH)
    page.page.get_by_role("button", name="Filters").click()
    if off == "filter":
        page.page.get_by_label("safe to look at").uncheck()
        expect(page.page.get_by_label("may be unsafe")).to_be_disabled()
    else:
        page.page.get_by_label("may be unsafe").select_option("show")
    page.page.keyboard.press("Escape")
    page.search(red_query)
    judge_all(page)
    assert note(page).is_hidden()
    assert [url for url in asked if "nsfw" in url or "/safety/" in url] == []


def test_the_classifier_of_the_site_judges_all_that_is_shown(browser, site, flickr, query):
    with opened(browser, site) as look:
        asked = []
        look.page.on("request", lambda request: asked.append(request.url))
        look.open(judged=True, **SEARCH)
        look.search(query)
        judge_all(look)
        assert look.alert.count() == 0
        assert [url for url in asked if url.endswith("/models/nsfw.onnx")]
        drawn = look.items.evaluate_all(
            "(items) => items.filter((item) => item.querySelector('img').naturalWidth > 1).length"
        )
        assert drawn == look.items.count() > 2
