"""Browsers that cannot suspend WebAssembly: calls go one after another, and all else works."""

import pytest
from conftest import START_UP, opened
from playwright.sync_api import expect

from fake_flickr import VALID_KEY


@pytest.fixture
def plain(browser, site, flickr, tmp_path):
    """The page in a browser without JSPI."""
    with site.fork(tmp_path) as fork:
        path = fork.folder / "js" / "engine" / "python.js"
        path.write_text(
            "delete WebAssembly.Suspending;\ndelete WebAssembly.promising;\n" + path.read_text()
        )
        with opened(browser, fork) as look:
            yield look


def test_a_whole_search_goes_one_call_after_another(plain, query, flickr):
    plain.open(photos=30)
    flickr.call_latency = 0.1
    plain.search(query)
    expect(plain.items.first).to_be_visible()
    expect(plain.page.get_by_text("one after another").first).to_be_attached()
    assert flickr.peak("api") == 1
    for request in flickr.requests():
        assert (request.query.get("api_key") == VALID_KEY) == (request.kind == "api")


def test_cancel_acts_between_calls(plain, query, flickr):
    plain.open(photos=400, calls=300)
    flickr.call_latency = 0.3
    plain.choose(query)
    expect(plain.items.first).to_be_visible(timeout=START_UP)
    plain.button("Cancel").click()
    expect(plain.status).to_contain_text("Cancelled", timeout=5_000)
    assert plain.items.count() > 0


def test_a_wrong_key_is_told(plain, query, flickr):
    plain.open(photos=30)
    flickr.fail("key")
    plain.choose(query)
    expect(plain.alert.first).to_contain_text("key", timeout=START_UP)
