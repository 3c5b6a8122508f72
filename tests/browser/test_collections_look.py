"""The dialog "Your photos" in every state: axe finds nothing, by keyboard it is all there."""

import re

import pytest
from conftest import START_UP, opened
from own_photos import HEIC, OwnPhotos, folder_of, photos
from playwright.sync_api import expect
from test_accessibility import violations

pytestmark = pytest.mark.real_network


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_nothing_in_any_state(browser, site, tmp_path, scheme, width):
    with opened(browser, site, color_scheme=scheme, reduced_motion="reduce") as look:
        look.page.set_viewport_size({"width": width, "height": 900})
        own = OwnPhotos(look.open(key=None)).open()
        found = {"nothing yet": violations(look)}
        # So many that adding them is seen for some seconds.
        own.choose(folder_of(tmp_path, {**photos(60, kinds=()), "IMG_1.heic": HEIC}))
        found["files chosen"] = violations(look)
        own.dialog.locator("#collection-make").click()
        found["waiting"] = violations(look)
        pace = own.card("Holiday").locator(".collection-pace")
        expect(pace).to_have_text(re.compile("photos/s"), timeout=START_UP)
        found["adding"] = violations(look)
        own.wait("Holiday")
        own.card("Holiday").get_by_text("1 could not be opened").click()
        own.manage("Holiday", "Delete")
        found["sure?"] = violations(look)
        own.act("Holiday", "Photos")
        expect(own.dialog.get_by_role("list", name="Photos").locator("img").first).to_be_visible()
        found["photos"] = violations(look)
        own.dialog.get_by_role("button", name=re.compile("^Show ")).first.click()
        expect(own.page.locator("#own-photo")).to_be_visible()
        found["one photo"] = violations(look)
        look.page.keyboard.press("Escape")
        wide = look.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        assert found == {key: [] for key in found}


def test_a_collection_is_made_and_searched_by_keyboard_alone(browser, site, tmp_path):
    with opened(browser, site) as look:
        look.open(key=None)
        own = OwnPhotos(look)
        press = look.page.keyboard.press
        # Asked for early: where a key follows at once, the browser opens a window of its own.
        with look.page.expect_file_chooser(timeout=START_UP) as chooser:
            look.button("Your photos").focus()
            press("Enter")
            expect(own.dialog).to_be_visible()
            own.button("Choose a folder").focus()
            expect(own.button("Choose a folder")).to_be_focused()
            press("Enter")
        chooser.value.set_files(folder_of(tmp_path, photos(3)))
        expect(own.dialog.locator("#collection-name")).to_be_focused()
        press("Enter")
        # The form is gone in which it was named.
        expect(own.dialog.locator(":focus")).to_have_count(1)
        own.wait("Holiday")
        shown = own.card("Holiday").get_by_role("button", name="Photos")
        shown.focus()
        press("Enter")
        own.button("All collections").focus()
        press("Enter")
        expect(shown).to_be_focused()
        own.card("Holiday").get_by_role("button", name="Search these").focus()
        press("Enter")
        expect(own.dialog).to_be_hidden()
        expect(look.button("Stop searching only my photos")).to_be_visible()
        own.open().managed("Holiday").get_by_role("button", name="Delete", exact=True).focus()
        press("Enter")
        own.card("Holiday").get_by_role("button", name="Delete it").focus()
        press("Enter")
        expect(own.cards).to_have_count(0)
        expect(own.button("Choose a folder")).to_be_focused()
