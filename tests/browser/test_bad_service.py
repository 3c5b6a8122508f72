"""What the page makes of a service that refuses, fails, dawdles or is not there."""

import contextlib
import re

import pytest
from conftest import ENDED, START_UP, borrowed, opened
from playwright.sync_api import expect

from fake_flickr import DISABLED_KEY, EXPIRED_KEY, VALID_KEY

PHOTOS = 8
CALLS = 30
NOISE = ("Failed to load resource", "blocked by CORS policy")
"""What Chromium itself writes about requests that fail."""


@pytest.fixture(scope="module")
def page(browser, site, flickr_server):
    flickr_server.clear()
    with opened(browser, site) as look:
        yield look.open(photos=PHOTOS, calls=CALLS, parallel=2)


@pytest.fixture
def look(page, flickr):
    """A page that has been in use before; with room for eight photos and thirty calls."""
    with borrowed(page) as look:
        look.expect_errors(*NOISE)
        look.forget_found()
        yield look


@contextlib.contextmanager
def budget(look, photos=PHOTOS, calls=CALLS):
    """Let the next search spend this much, and those after it as much as before."""
    look.set_numbers(photos=photos, calls=calls)
    yield
    look.set_numbers(photos=PHOTOS, calls=CALLS)


def expect_stopped(look, message, advice):
    """The search has ended, and one alert says what happened and what to do."""
    expect(look.status).to_contain_text(ENDED, timeout=START_UP)
    expect(look.status).to_contain_text("Stopped")
    expect(look.alert).to_have_count(1)
    expect(look.alert).to_contain_text(message)
    expect(look.alert).to_contain_text(advice)


def expect_whole_search(look, photos=PHOTOS):
    look.wait_until_done()
    expect(look.status).to_contain_text(f"{photos} photos")
    expect(look.alert).to_have_count(0)
    expect(look.items.first).to_be_visible()


PASSING = {
    "500": "is not available now (HTTP 500)",
    "503": "is not available now (HTTP 503)",
    "0": "Flickr is not available now",
    "105": "Flickr is not available now",
    "201": "Flickr is not available now",
    "no-cors": "could not be reached",
    "cut": "could not be reached",
}


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_is_told_and_waited_out(look, query, flickr, fault):
    flickr.fail(fault, times=2)
    look.begin(query)
    expect(look.alert).to_contain_text(PASSING[fault], timeout=START_UP)
    expect(look.alert).to_contain_text(re.compile("tries again|goes on"))
    expect_whole_search(look)


@pytest.mark.parametrize("fault", ["malformed", "html"])
def test_an_answer_that_cannot_be_read_is_done_without(look, query, flickr, fault):
    flickr.fail(fault, times=3)
    look.begin(query)
    expect_whole_search(look)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("503", "is not available now (HTTP 503)"),
        ("malformed", "could not be read"),
        ("html", "could not be read"),
        ("no-cors", "could not be reached"),
    ],
)
def test_a_fault_that_stays_is_why_the_search_stopped(look, query, flickr, fault, message):
    flickr.fail(fault)
    with budget(look, calls=2):  # what stays broken ends sooner where there is little to spend
        look.begin(query)
        expect_stopped(look, message, "earch again")


def test_too_many_requests_stop_the_search(look, query, flickr):
    flickr.fail("429")
    look.begin(query)
    expect_stopped(look, "too many requests", "Wait")
    flickr.clear()
    look.begin(query)
    expect_whole_search(look)


def test_the_rate_limit_in_the_middle_of_a_search_keeps_what_was_found(look, query, flickr):
    flickr.calls_per_hour = 5
    with budget(look, photos=400):  # more than five answers can bring
        look.begin(query)
        expect_stopped(look, "too many requests", "what was found stays here")
    expect(look.items.first).to_be_visible()
    expect(look.status).to_contain_text(re.compile(r"\d photos compared"))
    expect(look.page.locator("#meter-calls dd")).to_have_text(re.compile("^[67]/"))


def test_a_search_that_finds_nothing_says_so(look, query, flickr):
    flickr.fail("empty")
    look.begin(query)
    look.wait_until_done()
    expect(look.status).to_contain_text("0 photos")
    expect(look.page.get_by_text("No photo came for these words")).to_be_visible()
    expect(look.alert).to_have_count(0)


def test_a_lost_network_is_waited_for_and_what_was_found_stays(look, query, flickr):
    flickr.call_latency = 1.0
    with budget(look, photos=100, calls=100):
        look.begin(query)
        # The settings count when the search starts, which is when the engine is ready.
        # Several, as the first may be one that is left out as likely unsafe.
        expect(look.items.nth(2)).to_be_visible(timeout=START_UP)
    flickr.stop()
    try:
        expect(look.alert).to_contain_text("could not be reached")
        expect(look.alert).to_contain_text("connection")
        expect(look.items.first).to_be_visible()
    finally:
        flickr.start()
    flickr.call_latency = 0.0
    expect_whole_search(look, photos=100)


def test_a_call_without_an_answer_times_out_and_is_made_again(fork, query, flickr):
    fork.expect_errors(*NOISE)
    fork.site.edit("js/courier/worker.js", "TIMEOUT = 15_000", "TIMEOUT = 1_500")
    fork.open(photos=PHOTOS, calls=30, parallel=2)
    flickr.fail("hang", times=2)
    fork.choose(query)
    expect(fork.alert).to_contain_text("did not answer within", timeout=START_UP)
    expect_whole_search(fork)


def test_a_refused_key_is_explained_where_it_can_be_mended(browser, site, query, flickr):
    """One after another, on one page: malformed, expired, disabled, and at last a good one."""
    with opened(browser, site) as look:
        look.open(key="nonsense", photos=PHOTOS)
        look.choose(query)
        for key in (EXPIRED_KEY, DISABLED_KEY, VALID_KEY):
            expect(look.status).to_contain_text("Stopped", timeout=START_UP)
            expect(look.alert).to_have_count(0)
            expect(look.key_field).to_be_focused()
            expect(look.key_field).to_have_accessible_description(re.compile("does not accept"))
            look.forget()
            look.key_field.fill(key)
            look.key_field.press("Enter")  # the search begins again by itself
        expect_whole_search(look)
        expect(look.key_field).to_be_hidden()
