"""What one search has seen, the next one of the visit begins with."""

import re

import pytest
from conftest import START_UP, opened
from playwright.sync_api import expect


@pytest.fixture
def visit(browser, site, openverse):
    with opened(browser, site) as look:
        yield look


def test_more_like_this_begins_with_what_was_seen_before_any_answer(visit, query, openverse):
    visit.open(photos=24, calls=8, sources=["openverse"])
    visit.search(query)
    expect(visit.items.first).not_to_contain_text("seen before")
    seen = visit.pages()
    openverse.call_latency = 60.0  # no answer comes in this test
    chosen = visit.items.nth(1)
    chosen.hover()
    chosen.get_by_role("button", name=re.compile("More like this")).click()
    before = visit.items.filter(has_text="seen before")
    expect(before.nth(1)).to_be_visible(timeout=START_UP)
    assert seen[1] not in visit.pages()
    before.first.click()
    viewer = visit.page.get_by_role("dialog").filter(has=visit.page.locator("#viewer-found"))
    expect(viewer).to_contain_text("in an earlier search of this visit.")
    visit.page.keyboard.press("Escape")
    visit.button("Cancel").click()
    expect(visit.status).to_contain_text("Cancelled")
    expect(before.first).to_be_visible()
    # Photos known and not looked at may have been; none is fetched twice.
    fetched = [request.path for request in openverse.requests("image")]
    assert len(fetched) == len(set(fetched))
