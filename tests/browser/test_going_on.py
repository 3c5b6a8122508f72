"""A search that goes on after it has ended, by "Keep looking"."""

import re

from desk import QUERY, desk_page
from playwright.sync_api import expect
from test_accessibility import violations

GIVEN = 48
"""The seed at which services give no calls for the last of the photos."""


def test_keep_looking_finds_more_and_none_twice(look, query, flickr):
    look.open(photos=20)
    look.search(query)
    first = set(look.pages())
    flickr.call_latency = 0.3  # so that it can be seen running
    for photos in (40, 60):
        asked = len(flickr.requests("api"))
        look.button("Keep looking").focus()
        look.page.keyboard.press("Enter")
        expect(look.button("Cancel")).to_be_focused()
        expect(look.status).to_contain_text(f"{photos} photos compared in")
        expect(look.button("Keep looking")).to_be_focused()
        assert len(flickr.requests("api")) >= asked
        expect(look.page.locator("#meter-seconds dd")).to_have_text(re.compile(r"^\d+/\d+$"))
    fetched = [request.path for request in flickr.requests("image")]
    assert len(fetched) == len(set(fetched)) == 60
    assert first & set(look.pages())


def test_it_says_that_it_has_settled_and_goes_on_as_often_as_one_likes(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        desk.search(photos=20)
        desk.look.button("Keep looking").click()
        expect(desk.look.status).to_have_text(
            "Settled after 30 photos in 2 s: nothing better is likely."
        )
        desk.look.button("Keep looking").click()
        expect(desk.look.status).to_contain_text("Settled after 40 photos")
        budgets = [(m["id"], m["photos"]) for m in desk.until_told("continue", 2)]
        (search,) = desk.told("search")
        assert budgets == [(search["id"], 20)] * 2


def test_where_a_service_gives_no_more_calls_another_one_is_offered_and_joins(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        desk.open(key=None, sources=["openverse"], photos=12, seed=GIVEN)
        desk.look.search(QUERY)
        foot = desk.page.locator("#ended")
        expect(foot).to_contain_text("as many calls as the services give one search")
        foot.get_by_role("button", name="Search Wikimedia Commons, too").click()
        _, further = desk.until_told("search", 2)
        assert further["settings"]["sources"] == ["openverse", "commons"]
        assert violations(desk.look) == []
        # Where Settings allow no more, that is what would have to change.
        desk.look.wait_until_done()
        desk.look.set_numbers(seed="")
        desk.look.button("Search again").click()
        desk.until_told("search", 3)
        expect(foot).to_contain_text("as many as Settings allow")
        expect(foot.get_by_role("button")).to_have_count(0)
