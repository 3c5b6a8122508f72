"""Whatever a service sends, the page shows nothing that it should not."""

import re

import pytest
from conftest import START_UP, borrowed, opened
from playwright.sync_api import expect

SERVICES = ["openverse", "commons", "flickr"]


@pytest.fixture
def page(browser, site, flickr, openverse, commons):
    with opened(browser, site) as look:
        look.page.on("dialog", lambda dialog: look.errors.append("a dialog was opened"))
        yield look


@pytest.fixture(scope="module")
def visit(browser, site, openverse_server):
    openverse_server.clear()
    with opened(browser, site) as look:
        # So few calls that the searches together make not more than Openverse takes in a minute.
        yield look.open(seed=1, sources=["openverse"], photos=8, calls=5)


@pytest.fixture
def used(visit, flickr, openverse):
    """A page that has been in use before, and has forgotten what it found then."""
    with borrowed(visit) as look:
        look.forget_found()
        look.clear_cache()
        yield look


def fakes(flickr, openverse, commons):
    return [openverse, commons, flickr]


def test_hostile_texts_and_addresses_are_text_and_no_links(page, flickr, openverse, commons, query):
    for fake in fakes(flickr, openverse, commons):
        fake.fail("hostile")
    page.open(seed=1, sources=SERVICES, photos=15, calls=12)
    page.search(query)
    assert page.items.count() > 5
    links = page.page.locator("a").evaluate_all("links => links.map((link) => link.href)")
    assert not [link for link in links if link and not re.match(r"https?:|blob:|$", link)]
    assert page.results.locator("script, img[src=x], b").count() == 0
    seen = page.page.locator("body").inner_text()
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x07]|&amp;|u00e7", seen)
    assert "Rock & roll" in page.results.inner_html().replace("&amp;", "&")
    # No text runs out of the page.
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.page.evaluate(wide) <= 0
    asked = [r.query for fake in fakes(flickr, openverse, commons) for r in fake.requests("api")]
    words = [
        q.get("q") or q.get("text") or q["gsrsearch"].removeprefix("filetype:bitmap ")
        for q in asked
    ]
    assert not [each for each in words if re.search(r'[-"|*~:()\\]', each)]


def test_what_is_marked_as_unsafe_is_not_shown(used, openverse, query):
    openverse.fail("unsafe")
    used.begin(query)
    expect(used.status).to_contain_text(re.compile("Done|Stopped"), timeout=START_UP)
    assert used.items.count() == 0
    assert openverse.requests("image") == []
    expect(used.page.locator("#filtered")).to_contain_text("safety")


def test_of_one_picture_behind_many_photos_one_is_shown_and_the_others_are_said(
    used, openverse, query
):
    openverse.fail("placeholder", on="image")
    used.begin(query)
    expect(used.status).to_contain_text(re.compile("Done|Stopped"), timeout=START_UP)
    assert used.items.count() == 1
    assert "alike" not in used.results.inner_text()
    used.page.locator("#skipped summary").click()
    said = used.page.locator("#skipped-reasons").inner_text()
    assert re.search(r"^\d+ × Openverse sent a picture", said)


def test_a_retired_licence_passes_any_alone_and_is_named(page, openverse, query):
    openverse.fail("retired-licence")
    page.open(seed=1, sources=["openverse"], photos=6, calls=10)
    page.search(query)
    expect(page.items.first.locator(".licence-long")).to_contain_text("sampling+")
