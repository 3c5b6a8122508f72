"""Browsers that cannot suspend WebAssembly: calls overlap there, too."""

import re

import pytest
from conftest import START_UP, borrowed, opened, wait_until
from playwright.sync_api import expect

from fake_flickr import VALID_KEY


@pytest.fixture(scope="module")
def page(browser, site, flickr_server, tmp_path_factory):
    """The page in a browser without JSPI."""
    flickr_server.clear()
    with site.fork(tmp_path_factory.mktemp("plain")) as fork:
        fork.take_jspi_away()
        with opened(browser, fork) as look:
            yield look.open(photos=30)


@pytest.fixture
def plain(page, flickr):
    """That page, which has been in use before, and has forgotten what it found then."""
    with borrowed(page) as look:
        look.forget_found()
        yield look


def search(plain, query):
    plain.begin(query)
    plain.wait_until_done()


def test_the_calls_of_a_whole_search_overlap(plain, query, flickr):
    flickr.call_latency, flickr.image_latency = 0.3, 0.1
    search(plain, query)
    expect(plain.items.first).to_be_visible()
    assert flickr.peak("api") > 1
    assert flickr.peak("image") > 1
    calls = flickr.requests("api")
    # One after another, none would begin while another one is under way.
    overlap = [c for c in calls if any(o.started < c.started < o.ended for o in calls)]
    assert len(overlap) > len(calls) / 3
    for request in flickr.requests():
        assert (request.query.get("api_key") == VALID_KEY) == (request.kind == "api")


def test_each_answer_is_asked_for_once(plain, query, flickr):
    search(plain, query)
    expect(plain.items.first).to_be_visible()
    for kind in ("api", "image"):
        asked = [(request.path, str(request.query)) for request in flickr.requests(kind)]
        assert len(asked) == len(set(asked))


def test_cancel_acts_while_calls_are_under_way(plain, query, flickr):
    workers = []
    plain.page.on("worker", lambda worker: workers.append(worker))
    flickr.call_latency = 0.1
    plain.set_numbers(photos=400, calls=300)
    plain.begin(query)
    # Photos of its own, not those of the search before.
    looking = re.compile(r"^Looking: [1-9]\d* photo")
    expect(plain.status).to_have_text(looking, timeout=START_UP)
    flickr.fail("hang")
    wait_until(lambda: any(call.ended is None for call in flickr.requests("api")))
    started = len(workers)
    plain.button("Cancel").click()
    expect(plain.status).to_contain_text("Cancelled", timeout=5_000)
    assert plain.items.count() > 0
    assert len(workers) == started  # an engine that does not answer is replaced after a second
    wait_until(lambda: flickr.in_flight("api") == 0)


def test_a_wrong_key_is_told(plain, query, flickr):
    flickr.fail("key")
    plain.begin(query)
    said = re.compile("does not accept this key")
    expect(plain.key_field).to_have_accessible_description(said, timeout=START_UP)
