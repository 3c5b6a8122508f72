"""What becomes of photos whose picture cannot be had, or is not what it claims to be."""

import pytest
from conftest import borrowed, opened
from playwright.sync_api import expect

PHOTOS = 8
CALLS = 60
SPOILED = 4
NOISE = ("Failed to load resource", "blocked by CORS policy")

BROKEN = {
    "404": "refused a request (HTTP 404)",
    "empty": "empty",
    "truncated": "broken or incomplete",
    "not-an-image": "not an image",
    "html": "not an image",
    "bomb": "too large to open safely",
}


@pytest.fixture(scope="module")
def page(browser, site, flickr_server):
    flickr_server.clear()
    with opened(browser, site) as look:
        yield look.open(photos=PHOTOS, calls=CALLS, parallel=4)


@pytest.fixture
def look(page, flickr):
    """A page that has been in use before, and knows none of the pictures that it has fetched."""
    with borrowed(page) as look:
        look.expect_errors(*NOISE)
        look.forget_found()
        look.clear_cache()
        yield look


def expect_whole_search(look):
    look.wait_until_done()
    expect(look.status).to_contain_text(f"{PHOTOS} photos")
    expect(look.alert).to_have_count(0)
    expect(look.items.first).to_be_visible()


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_thumbnail_is_skipped_and_another_photo_looked_at(look, query, flickr, fault):
    flickr.fail(fault, times=SPOILED, on="image")
    look.begin(query)
    expect_whole_search(look)
    expect(look.page.get_by_text(f"{SPOILED} photos skipped")).to_be_visible()
    expect(look.page.locator("#skipped")).to_contain_text(BROKEN[fault])


@pytest.mark.parametrize("fault", ["no-cors", "503", "429"])
def test_an_image_host_that_fails_for_a_while_is_waited_for(look, query, flickr, fault):
    flickr.fail(fault, times=SPOILED, on="image")
    look.begin(query)
    expect_whole_search(look)


def test_thumbnails_that_never_come_are_given_up_and_the_search_goes_on(fork, query, flickr):
    fork.expect_errors(*NOISE)
    fork.site.edit("js/courier/worker.js", "TIMEOUT = 15_000", "TIMEOUT = 1_500")
    fork.open(photos=PHOTOS, calls=CALLS, parallel=4)
    flickr.fail("hang", times=2, on="image")
    fork.choose(query)
    expect_whole_search(fork)


def test_a_search_in_which_no_picture_can_be_had_says_why(look, flickr, query):
    flickr.fail("404", on="image")
    look.set_numbers(calls=6)
    look.begin(query)
    look.wait_until_done()
    look.set_numbers(calls=CALLS)
    expect(look.status).to_contain_text("0 photos")
    expect(look.page.get_by_text("none of them could be opened")).to_be_visible()
    expect(look.page.locator("#skipped")).to_contain_text("HTTP 404")
