"""A search without a photo, where the scorer in charge names words to start from."""

import json

from conftest import START_UP
from playwright.sync_api import expect
from test_accessibility import violations

STARTS = 'START = ["lynx"]\n'
NAME = "Search without a photo"


def ready(desk):
    """With such a scorer in charge."""
    desk.begin()
    desk.run(STARTS)
    expect(desk.button(NAME)).to_be_visible()
    return desk


def searched(desk):
    """Wait for a search; give what the engine was told to start from."""
    desk.look.wait_until_done()
    return desk.told("search")[-1]["queries"]


def test_it_is_offered_while_the_scorer_in_charge_can(desk):
    desk.open(photos=5)
    landing = desk.page.locator("#landing").get_by_role("button", name=NAME)
    expect(landing).to_be_hidden()
    ready(desk)
    expect(landing).to_be_visible()
    desk.run(STARTS + "1 / 0\n")
    expect(desk.said).to_contain_text("Line 2")
    desk.run("x = 1\n")
    expect(desk.said).to_contain_text("in charge")
    expect(landing).to_be_hidden()
    expect(desk.button(NAME)).to_be_hidden()


def test_from_the_first_screen_by_keyboard_and_again(desk):
    desk.page.emulate_media(reduced_motion="reduce")
    desk.open(photos=5)
    ready(desk)
    assert violations(desk.look) == []
    landing = desk.page.locator("#landing").get_by_role("button", name=NAME)
    landing.focus()
    desk.page.keyboard.press("Enter")
    assert searched(desk) == []
    expect(desk.page.get_by_role("heading", name=NAME, exact=True)).to_be_focused()
    expect(desk.page.locator("#query-image")).to_be_hidden()
    expect(desk.page.locator("#query-name")).to_have_text("No photo")
    expect(desk.page.locator("#guesses")).to_contain_text("To start from, by the score function: ")
    expect(desk.look.button("Part of it, or more photos")).to_be_hidden()
    assert violations(desk.look) == []
    desk.look.forget()
    desk.look.button("Search again").click()
    assert searched(desk) == []
    assert len(desk.told("search")) == 2
    trail = desk.page.get_by_role("navigation", name="Earlier searches")
    trail.get_by_role("button", name="Without a photo, 5 results").click()
    expect(desk.look.items).to_have_count(5)
    assert violations(desk.look) == []


def test_what_can_be_done_with_results_works_and_photos_come_and_go(desk, query):
    desk.open(photos=5)
    ready(desk)
    desk.button(NAME).click()
    searched(desk)
    with desk.page.expect_download() as download:
        desk.page.locator("#export-results summary").click()
        desk.page.get_by_role("button", name="JSON").click()
    assert len(json.loads(download.value.path().read_text())) == 5
    desk.look.items.nth(3).get_by_role("button", name="Like", exact=True).click()
    desk.page.mouse.move(0, 0)
    desk.expect_order(3, 0, 1)
    desk.run("while True: pass")
    expect(desk.said).to_contain_text("did not return in time", timeout=8_000)
    expect(desk.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
    expect(desk.button(NAME)).to_be_visible()
    (restored,) = desk.told("restore")
    assert restored["queries"] == []
    desk.look.begin(query)
    assert len(searched(desk)) == 1
    expect(desk.page.locator("#query-image")).to_be_visible()
    desk.look.forget()
    desk.button(NAME).click()
    assert searched(desk) == []
    expect(desk.page.locator("#query-image")).to_be_hidden()


def test_it_waits_for_a_key(desk):
    desk.open(key=None, photos=5, sources=["flickr"])
    ready(desk)
    desk.button(NAME).click()
    expect(desk.look.key_field).to_be_focused()
    expect(desk.page.get_by_text("Your search waits here")).to_be_visible()
    desk.look.key_field.fill("0123456789abcdef0123456789abcdef")
    desk.page.keyboard.press("Enter")
    assert searched(desk) == []
