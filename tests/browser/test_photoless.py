"""A search without a photo, where the measure in charge names words to start from."""

import json

from conftest import START_UP
from playwright.sync_api import expect
from test_accessibility import violations

STARTS = 'START = ["lynx"]\n'
NAME = "Search without a photo"


def ready(measuring):
    """With such a measure in charge."""
    measuring.begin()
    measuring.run(STARTS)
    expect(measuring.button(NAME)).to_be_visible()
    return measuring


def searched(measuring):
    """Wait for a search; give what the engine was told to start from."""
    measuring.look.wait_until_done()
    return measuring.told("search")[-1]["queries"]


def test_it_is_offered_while_the_measure_in_charge_can(measuring):
    measuring.open(photos=5)
    landing = measuring.page.locator("#landing").get_by_role("button", name=NAME)
    expect(landing).to_be_hidden()
    ready(measuring)
    expect(landing).to_be_visible()
    measuring.run(STARTS + "1 / 0\n")
    expect(measuring.said).to_contain_text("Line 2")
    measuring.run("x = 1\n")
    expect(measuring.said).to_contain_text("in charge")
    expect(landing).to_be_hidden()
    expect(measuring.button(NAME)).to_be_hidden()


def test_from_the_first_screen_by_keyboard_and_again(measuring):
    measuring.page.emulate_media(reduced_motion="reduce")
    measuring.open(photos=5)
    ready(measuring)
    assert violations(measuring.look) == []
    landing = measuring.page.locator("#landing").get_by_role("button", name=NAME)
    landing.focus()
    measuring.page.keyboard.press("Enter")
    assert searched(measuring) == []
    expect(measuring.page.get_by_role("heading", name=NAME, exact=True)).to_be_focused()
    expect(measuring.page.locator("#query-image")).to_be_hidden()
    expect(measuring.page.locator("#query-name")).to_have_text("No photo")
    expect(measuring.page.locator("#guesses")).to_contain_text("To start from, by the measure: ")
    expect(measuring.look.button("Part of it, or more photos")).to_be_hidden()
    assert violations(measuring.look) == []
    measuring.look.forget()
    measuring.look.button("Search again").click()
    assert searched(measuring) == []
    assert len(measuring.told("search")) == 2
    trail = measuring.page.get_by_role("navigation", name="Earlier searches")
    trail.get_by_role("button", name="Without a photo, 5 results").click()
    expect(measuring.look.items).to_have_count(5)
    assert violations(measuring.look) == []


def test_what_can_be_done_with_results_works_and_photos_come_and_go(measuring, query):
    measuring.open(photos=5)
    ready(measuring)
    measuring.button(NAME).click()
    searched(measuring)
    with measuring.page.expect_download() as download:
        measuring.page.locator("#export-results summary").click()
        measuring.page.get_by_role("button", name="JSON").click()
    assert len(json.loads(download.value.path().read_text())) == 5
    measuring.look.items.nth(3).get_by_role("button", name="Like", exact=True).click()
    measuring.page.mouse.move(0, 0)
    measuring.expect_order(3, 0, 1)
    measuring.run("while True: pass")
    expect(measuring.said).to_contain_text("did not return in time", timeout=8_000)
    expect(measuring.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
    expect(measuring.button(NAME)).to_be_visible()
    (restored,) = measuring.told("restore")
    assert restored["queries"] == []
    measuring.look.begin(query)
    assert len(searched(measuring)) == 1
    expect(measuring.page.locator("#query-image")).to_be_visible()
    measuring.look.forget()
    measuring.button(NAME).click()
    assert searched(measuring) == []
    expect(measuring.page.locator("#query-image")).to_be_hidden()


def test_it_waits_for_a_key(measuring):
    measuring.open(key=None, photos=5, sources=["flickr"])
    ready(measuring)
    measuring.button(NAME).click()
    expect(measuring.look.key_field).to_be_focused()
    expect(measuring.page.get_by_text("Your search waits here")).to_be_visible()
    measuring.look.key_field.fill("0123456789abcdef0123456789abcdef")
    measuring.page.keyboard.press("Enter")
    assert searched(measuring) == []
