"""What services have answered in the last day is asked for by no later visit, nor engine."""

import pytest
from conftest import START_UP, opened
from desk import desk_page
from playwright.sync_api import expect

SEARCH = {"photos": 16, "calls": 6, "seed": 1, "sources": ["openverse"]}
NO_STORAGE = (
    "Object.defineProperty(self, 'indexedDB', { value: { open() {"
    " throw new DOMException('not here', 'SecurityError'); } } });"
)


@pytest.fixture
def visit(browser, site, openverse):
    with opened(browser, site) as look:
        yield look


def asked(openverse):
    """What the service was asked, each question as often as it was."""
    return [tuple(sorted(request.query.items())) for request in openverse.requests("api")]


def ready(look):
    expect(look.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)


def again(look):
    """Visit the page again, in a browser whose own cache of answers is empty."""
    look.clear_cache()
    look.page.goto(look.site.url)
    ready(look)


def amount(look):
    """What the settings say of how much is kept."""
    look.button("Settings").click()
    said = look.page.locator("#found-kept")
    expect(said).to_contain_text("answer")
    text = said.inner_text()
    look.page.locator("#close-settings").click()
    return text


def test_the_next_visit_asks_nothing_again(visit, query, openverse):
    visit.open(**SEARCH)
    visit.search(query)
    first = asked(openverse)
    assert len(first) > 2
    assert amount(visit).startswith(f"{len(first)} answers of the last day, ")
    again(visit)
    assert amount(visit).startswith(f"{len(first)} answers of the last day, ")
    # To know them was no call, and nothing left the browser.
    assert asked(openverse) == first
    visit.search(query)
    both = asked(openverse)
    assert len(set(both)) == len(both)
    # Their photos have links, and pictures that may be fetched.
    assert all(page.startswith("http") for page in visit.pages())
    visit.button("Settings").click()
    visit.button("Forget them").click()
    expect(visit.page.locator("#found-kept")).to_have_text("0 answers of the last day")
    visit.button("Close").click()
    again(visit)
    assert amount(visit) == "0 answers of the last day"
    openverse.forget()
    visit.search(query)
    assert set(first) <= set(asked(openverse))


def test_photos_that_are_known_are_looked_at_without_a_call(visit, query, openverse):
    visit.open(**SEARCH)
    visit.search(query)
    again(visit)
    amount(visit)
    openverse.call_latency = 60.0  # no answer comes any more
    visit.choose(query)
    expect(visit.items.nth(3)).to_be_visible(timeout=START_UP)
    expect(visit.items.first).not_to_contain_text("seen before")
    visit.button("Cancel").click()
    expect(visit.status).to_contain_text("Cancelled")


def test_where_the_page_has_not_started_nothing_is_said_to_be_forgotten_before_it_is(
    visit, query, openverse
):
    visit.open(**SEARCH)
    visit.search(query)
    first = asked(openverse)
    visit.expect_errors("Failed to load resource")
    page = visit.page
    page.route("**/config.json", lambda route: route.fulfill(status=404))
    visit.clear_cache()
    page.goto(visit.site.url)
    expect(visit.alert.first).to_contain_text("config.json", timeout=START_UP)
    visit.button("Settings").click()
    visit.button("Forget them").click()
    expect(page.locator("#found-forgotten")).to_contain_text("Nothing is deleted yet")
    visit.button("Close").click()
    page.unroute("**/config.json")
    visit.button("Try again").click()
    ready(visit)
    assert amount(visit) == "0 answers of the last day"
    openverse.forget()
    visit.search(query)
    assert set(first) <= set(asked(openverse))


def test_where_nothing_can_be_stored_an_engine_that_is_replaced_asks_nothing_again(
    browser, site, openverse, query, tmp_path
):
    with site.fork(tmp_path) as fork:
        fork.before("js/courier/worker.js", NO_STORAGE)
        with desk_page(browser, fork) as desk:
            look = desk.look
            look.open(**SEARCH)
            look.search(query)
            first = asked(openverse)
            assert amount(look).startswith(f"{len(first)} answers of this visit, ")
            assert look.alert.count() == 0
            look.clear_cache()
            desk.begin()
            desk.run("while True: pass")
            expect(desk.said).to_contain_text("was restarted", timeout=START_UP)
            ready(look)
            amount(look)
            look.begin(query)
            look.wait_until_done()
            both = asked(openverse)
            assert len(set(both)) == len(both)
            again(look)
            assert amount(look) == "0 answers of this visit"
