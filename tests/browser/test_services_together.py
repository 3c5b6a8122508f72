"""The real engine, searching Openverse, Wikimedia Commons and Flickr: each alone, and together."""

import json
import re

import pytest
from conftest import ENDED, START_UP, opened
from playwright.sync_api import expect

from fake_flickr import VALID_KEY

ALL = ["openverse", "commons", "flickr"]
NOISE = ("Failed to load resource", "blocked by CORS policy")
"""What Chromium itself writes about requests that fail."""


@pytest.fixture
def services(openverse, commons, flickr):
    return {"openverse": openverse, "commons": commons, "flickr": flickr}


@pytest.fixture
def visit(browser, site, services):
    """A page of its own, by someone who has never been here."""
    with opened(browser, site) as look:
        look.expect_errors(*NOISE)
        yield look


def calls(service):
    return len(service.requests("api"))


def kept(look, name):
    """When the page remembers that a service was called."""
    return json.loads(look.page.evaluate(f"localStorage['lookalike.calls.{name}'] ?? '[]'"))


@pytest.fixture
def plain(browser, site, services, tmp_path):
    """The same, in a browser that cannot suspend WebAssembly."""
    with site.fork(tmp_path) as fork:
        fork.take_jspi_away()
        with opened(browser, fork) as look:
            yield look


@pytest.mark.parametrize("page", ["visit", "plain"])
def test_three_services_are_searched_at_once(request, page, query, services):
    look = request.getfixturevalue(page)
    look.open(photos=30, sources=ALL)
    look.search(query)
    expect(look.status).to_contain_text("30 photos compared")
    for name, service in services.items():
        assert calls(service) >= 1, name
        assert len(service.requests("image")) >= 5, name
        for request_ in service.requests():
            signed = name == "flickr" and request_.kind == "api"
            assert (request_.query.get("api_key") == VALID_KEY) == signed
    expect(look.alert).to_have_count(0)


def test_a_service_that_dies_mid_search_loses_nothing_and_the_others_go_on(visit, query, services):
    services["flickr"].calls_per_hour = 1
    visit.open(photos=120, sources=ALL)
    visit.choose(query)
    expect(visit.alert.first).to_contain_text("too many requests", timeout=START_UP)
    expect(visit.alert.first).to_contain_text("goes on")
    visit.wait_until_done()
    expect(visit.alert).to_have_count(1)  # it stays, so that nobody takes the rest for all
    expect(visit.items.first).to_be_visible()
    assert services["flickr"].requests("image")  # what its one answer named was looked at
    assert len(services["openverse"].requests("image")) > 20
    assert len(services["commons"].requests("image")) > 20


def test_without_a_key_flickr_is_refused_and_the_others_go_on(visit, query, services):
    visit.open(key="nonsense", photos=30, sources=["flickr", "openverse"])
    visit.choose(query)
    expect(visit.alert.first).to_contain_text("does not accept the API key", timeout=START_UP)
    visit.wait_until_done()
    expect(visit.status).to_contain_text("30 photos compared")
    assert services["openverse"].requests("image")


def test_the_days_limit_in_the_middle_of_a_search_keeps_what_was_found(visit, query, services):
    services["openverse"].calls_per_day = 3
    visit.open(key=None, photos=400)
    visit.choose(query)
    expect(visit.status).to_contain_text(ENDED, timeout=START_UP)
    expect(visit.status).to_contain_text("Stopped")
    expect(visit.alert.last).to_contain_text("as many calls from your connection as it takes")
    expect(visit.items.first).to_be_visible()


def test_what_the_licence_filter_keeps_out_is_not_shown(visit, query, services):
    filters = {
        "license": "reuse",
        "since": None,
        "until": None,
        "orientation": "any",
        "colour": "any",
        "min_size": 0,
        "safe": True,
    }
    visit.open(photos=24, sources=["openverse", "flickr"], filters=filters)
    visit.search(query)
    expect(visit.items.first).to_be_visible()
    badges = visit.items.locator(".licence").all_inner_texts()
    assert badges
    allowed = re.compile(
        r"Free|Share alike|No changes|No business|Not for business|No known limits"
    )
    assert [words for words in badges if not allowed.match(words.strip())] == []
    asked = [request.query for request in services["flickr"].requests("api")]
    assert all("license" in each and "0" not in each["license"].split(",") for each in asked)


def test_a_first_visitor_without_a_key_finds_photos_and_those_calls_count_in_the_next_visit(
    visit, query, services
):
    openverse = services["openverse"]
    # So few that it makes all its calls, and does not settle before.
    visit.open(key=None, photos=100, seed=1)
    visit.search(query)
    expect(visit.items.first).to_be_visible()
    expect(visit.alert).to_have_count(0)
    assert calls(openverse) == 20  # a minute's
    assert openverse.peak("api") <= 4
    assert not services["flickr"].requests()
    assert not services["commons"].requests()
    assert len(kept(visit, "openverse")) == 20
    visit.page.reload()
    visit.choose(query)
    expect(visit.alert.first).to_contain_text(
        re.compile(r"Openverse takes 20 calls a minute: the next in \d+ s"), timeout=START_UP
    )
    visit.button("Cancel").click()
    expect(visit.status).to_contain_text("Cancelled")
    # It was never asked too often, as it would have said; and what was asked is remembered.
    assert not any(request.status == 429 for request in openverse.requests())
    assert len(kept(visit, "openverse")) >= calls(openverse) >= 20
