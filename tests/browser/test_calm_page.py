"""Nothing gets lost, nothing pretends: between searches, on the way home, where something is wrong.

The engine is the fake one of fake_engine.js.
"""

import re

from desk import QUERY, desk_page
from playwright.sync_api import expect
from test_accessibility import violations


def test_home_is_one_press_away_and_back_returns(desk):
    look, page = desk.look, desk.page
    desk.open(key=None, photos=12)
    look.search(QUERY)
    expect(look.items).to_have_count(12)
    page.get_by_role("link", name="Lookalike, to the first screen").click()
    expect(page.get_by_role("heading", name="Photos that look like yours")).to_be_visible()
    expect(page.get_by_label("Drop a photo here")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Openverse")).to_be_visible()
    expect(look.status).to_have_text("Ready for your photo, or your words.")
    expect(look.items.first).to_be_hidden()
    assert violations(look) == []
    page.go_back()
    expect(look.items).to_have_count(12)
    expect(page.get_by_label("Another photo")).to_be_visible()
    page.go_forward()
    expect(page.get_by_label("Drop a photo here")).to_be_visible()
    look.search(QUERY)
    expect(look.items).to_have_count(12)
    assert len(desk.told("search")) == 2


def test_what_was_found_stays_dimmed_until_something_new_is(desk):
    page = desk.search(photos=5).page
    past = page.locator("#past > li")
    # The new search waits for a key, and is cancelled before anything is found.
    page.evaluate("localStorage.removeItem('lookalike.key')")
    desk.look.button("Settings").click()
    page.get_by_role("button", name="Forget key").click()
    page.keyboard.press("Escape")
    desk.look.choose(QUERY)
    expect(desk.look.status).to_contain_text("Waiting for a key")
    expect(past).to_have_count(5)
    expect(past.first).to_have_css("list-style-type", "none")
    expect(desk.look.items).to_have_count(0)
    desk.look.key_field.fill("not a key")
    desk.look.key_field.press("Enter")
    expect(desk.look.key_field).to_have_accessible_description(re.compile("is not tried"))
    assert len(desk.told("search")) == 1
    desk.look.button("Cancel").click()
    expect(past).to_have_count(0)
    # It is among the earlier ones all the same.
    desk.look.choose(("other.png", QUERY[1]))
    trail = page.get_by_role("navigation", name="Earlier searches")
    expect(trail.get_by_role("button", name="query.png, 0 results")).to_be_visible()
    desk.look.key_field.fill("0123456789abcdef0123456789abcdef")
    desk.look.key_field.press("Enter")
    expect(desk.look.items).to_have_count(5)
    expect(past).to_have_count(0)


def test_what_one_has_gone_on_from_is_there_however_old_it_is(desk):
    page, field = desk.page, desk.page.locator("#words")
    words = page.locator("#query-words")
    desk.open(photos=5)
    for word in ("first", *(f"word {i}" for i in range(7))):
        desk.look.forget()
        field.fill(word)
        field.press("Enter")
        expect(desk.look.items).to_have_count(5)
    trail = page.get_by_role("navigation", name="Earlier searches")
    trail.get_by_role("button", name="“first”, 5 results").click()
    expect(words).to_have_text("first")
    expect(trail.get_by_role("button")).to_have_count(7)
    field.fill("next")
    field.press("Enter")
    expect(words).to_have_text("next")
    expect(trail.get_by_role("button")).to_have_count(7)
    page.go_back()
    expect(words).to_have_text("first")
    expect(desk.look.items).to_have_count(5)


def test_a_photo_that_the_engine_had_to_draw_has_its_picture_among_the_earlier_ones(desk):
    heic = bytes.fromhex("00000018667479706865696300000000") + b"no preview"
    desk.open(photos=5)
    desk.look.search(("IMG_1.heic", heic))
    expect(desk.page.locator("#query-image")).to_have_js_property("naturalWidth", 150)
    desk.look.search(QUERY)
    step = desk.page.get_by_role("button", name="IMG_1.heic, 5 results")
    expect(step.locator("img")).to_have_js_property("naturalWidth", 150)
    expect(step.locator("img")).to_have_css("visibility", "visible")


def test_an_alert_covers_no_photo_of_a_phone(browser, desk_site):
    with desk_page(browser, desk_site, is_mobile=True, has_touch=True) as desk:
        desk.page.set_viewport_size({"width": 390, "height": 844})
        desk.open(key=None, photos=12, details=False)
        desk.look.search(QUERY)
        desk.look.choose(("broken.png", QUERY[1] + b"broken"))
        alert = desk.look.alert
        expect(alert).to_contain_text("broken or incomplete")
        end = alert.bounding_box()["y"] + alert.bounding_box()["height"]
        assert end <= desk.look.items.first.bounding_box()["y"]
