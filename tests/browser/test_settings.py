"""The settings, with the fake engine of fake_engine.js."""

import pytest
from desk import QUERY
from playwright.sync_api import expect
from test_accessibility import violations

from fake_flickr import VALID_KEY


@pytest.mark.parametrize("width", [390, 1280])
def test_how_thorough_a_search_is_is_one_choice_and_numbers_are_for_researchers(desk, width):
    page = desk.page
    page.set_viewport_size({"width": width, "height": 900})
    desk.search(photos=12)
    look = desk.look
    look.button("Settings").click()
    thorough = page.get_by_role("group", name="How thorough a search is")
    expect(thorough.get_by_role("radio", checked=True)).to_have_count(0)
    expect(thorough).to_contain_text("Now it looks at 12 photos, as set for researchers.")
    photos = page.get_by_label("Photos to look at")
    expect(photos).to_be_hidden()
    thorough.get_by_role("radio", name="Quick").check()
    expect(thorough).not_to_contain_text("researchers")
    page.get_by_text("For researchers").click()
    expect(photos).to_have_value("110")
    expect(page.get_by_label("Calls", exact=True)).to_have_value("30")
    assert violations(look) == []
    photos.fill("440")
    photos.press("Tab")
    expect(thorough.get_by_role("radio", name="Normal")).to_be_checked()
    thorough.get_by_role("radio", name="Quick").check()
    look.button("Forget them").click()
    expect(page.get_by_text("Forgotten: the next search begins with nothing.")).to_be_visible()
    look.button("Close").click()
    look.button("Search again").click()
    desk.until_told("search", 2)
    assert [told["settings"]["photos"] for told in desk.told("search")] == [12, 110]
    assert len(desk.told("forget")) == 1


def test_a_key_that_another_tab_is_given_is_used_here_and_forgotten_as_well(desk):
    desk.open(key=None, sources=["flickr"])
    desk.look.choose(QUERY)
    expect(desk.look.status).to_have_text("Waiting for a key to Flickr.")
    with desk.page.context.new_page() as other:
        other.goto(desk.look.site.url)
        other.evaluate(f"localStorage['lookalike.key'] = '{VALID_KEY}'")
        desk.look.wait_until_done()
        assert [told["settings"]["sources"] for told in desk.told("search")] == [["flickr"]]
        other.evaluate("localStorage.removeItem('lookalike.key')")
        expect(desk.look.key_field).to_be_visible()
        expect(desk.look.key_field).to_have_value("")


def test_two_tabs_keep_each_what_was_changed_there(desk):
    desk.open(key=None, sources=["openverse"], photos=12)
    with desk.page.context.new_page() as other:
        other.goto(desk.look.site.url)
        other.get_by_role("checkbox", name="Wikimedia Commons").check()
        desk.look.set_numbers(photos=33)
        other.reload()
        expect(other.get_by_role("checkbox", name="Wikimedia Commons")).to_be_checked()
        kept = other.evaluate("JSON.parse(localStorage['lookalike.settings']).photos")
        assert kept == 33
