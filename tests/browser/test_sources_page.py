"""Where to search, what a photo must be, what is left of a service, and whose a photo is.

The engine is the fake one of fake_engine.js, which says what the real one would.
"""

import base64
import json
import re
import time
import zlib
from datetime import datetime

import pytest
from conftest import opened
from desk import QUERY, Desk, desk_page
from playwright.sync_api import expect
from test_accessibility import violations
from test_share import link

KEY = "0123456789abcdef0123456789abcdef"
ENDED = re.compile("Done")


@pytest.fixture
def visit(desk):
    """A visit by someone without a key."""
    desk.look.open(key=None)
    return Visit(desk)


class Visit:
    """The page, as someone meets it who chooses where and for what to search."""

    def __init__(self, desk):
        self.desk = desk
        self.look = desk.look
        self.page = desk.page

    def reopen(self, **settings):
        """The page again, with other settings kept."""
        self.page.evaluate(
            "(settings) => { localStorage['lookalike.settings'] = JSON.stringify("
            "{ ...JSON.parse(localStorage['lookalike.settings'] || '{}'), ...settings }); }",
            settings,
        )
        self.page.reload()
        return self

    def search(self, count=30):
        self.look.choose(QUERY)
        # More may have come: they do as one scrolls.
        expect(self.look.items.nth(count - 1)).to_be_attached()
        return self

    def service(self, name):
        return self.page.get_by_role("checkbox", name=name)

    @property
    def where(self):
        self.look.tools()
        return self.page.get_by_role("button", name=re.compile("^Where to search"))

    @property
    def filters(self):
        self.look.tools()
        return self.page.locator("#open-filters")

    @property
    def kept(self):
        return json.loads(self.page.evaluate("localStorage['lookalike.settings'] ?? '{}'"))

    @property
    def strip(self):
        return self.page.get_by_role("list", name="Services").get_by_role("listitem")

    def chip(self, name):
        self.look.tools()
        return self.page.get_by_role("radio", name=name)

    def told(self):
        """The settings of the searches that the engine was told of."""
        return [message["settings"] for message in self.desk.told("search")]


# Where to search


def test_a_first_visit_searches_openverse_in_two_gestures(visit):
    expect(visit.service("Openverse")).to_be_checked()
    expect(visit.service("Wikimedia Commons")).not_to_be_checked()
    expect(visit.service("Flickr")).not_to_be_checked()
    expect(visit.look.key_field).to_be_hidden()
    visit.search()
    expect(visit.look.key_field).to_be_hidden()
    assert visit.told()[0]["sources"] == ["openverse"]
    assert visit.look.alert.count() == 0


def test_whoever_has_a_key_and_chose_nothing_goes_on_with_flickr(desk):
    desk.search()
    assert desk.told("search")[0]["settings"]["sources"] == ["flickr"]


def test_each_service_says_what_it_is_and_takes(visit):
    expect(visit.service("Openverse")).to_have_accessible_description(
        "Openly licensed photos of all kinds. 20 calls a minute, 200 a day."
    )
    expect(visit.service("Flickr")).to_have_accessible_description(re.compile("Needs your key"))


def test_the_last_one_stays_chosen(visit):
    visit.service("Openverse").click()
    expect(visit.service("Openverse")).to_be_checked()
    expect(visit.page.get_by_text("One has to stay chosen.")).to_be_visible()
    visit.service("Wikimedia Commons").check()
    visit.service("Openverse").uncheck()
    assert visit.kept["sources"] == ["commons"]


def test_the_choice_is_kept(visit):
    visit.service("Wikimedia Commons").check()
    visit.page.reload()
    expect(visit.service("Wikimedia Commons")).to_be_checked()
    visit.search()
    assert visit.told()[-1]["sources"] == ["openverse", "commons"]


def test_collections_are_offered_below_the_services(visit):
    offer = """async () => {
        const { SourceChoice } = await import("./js/sources/source-choice.js");
        let kept = ["openverse", "collection:7"];
        const on = { kept: () => kept, onChanged: (names) => (kept = names) };
        const choice = new SourceChoice({ of: () => [] }, on);
        const before = choice.chosen;
        choice.offer([{ name: "collection:7", title: "Holidays", note: "120 photos." }]);
        window.chosen = () => [before, choice.chosen, kept];
    }"""
    expect(visit.page.get_by_text("Ready in")).to_be_visible()
    visit.page.evaluate(offer)
    expect(visit.service("Holidays")).to_be_checked()
    expect(visit.service("Holidays")).to_have_accessible_description("120 photos.")
    visit.service("Wikimedia Commons").check()
    visit.service("Holidays").uncheck()
    before, chosen, kept = visit.page.evaluate("chosen()")
    assert before == ["openverse"]
    assert chosen == kept == ["openverse", "commons"]


def test_settings_that_are_reset_keep_where_to_search(visit):
    visit.service("Wikimedia Commons").check()
    visit.look.button("Settings").click()
    visit.look.button("Reset to defaults").click()
    assert visit.kept["sources"] == ["openverse", "commons"]


def test_what_was_kept_and_is_no_choice_is_passed_over(visit):
    visit.reopen(sources=["gone", 7, "collection:x"], filters={"license": "<b>", "since": "x"})
    expect(visit.service("Openverse")).to_be_checked()
    visit.search()
    assert visit.told()[0]["sources"] == ["openverse"]
    assert visit.told()[0]["filters"] == {
        "license": "any",
        "since": None,
        "until": None,
        "orientation": "any",
        "colour": "any",
        "min_size": 0,
        "safe": True,
    }


def test_only_flickr_waits_for_a_key(visit):
    visit.service("Flickr").check()
    expect(visit.look.key_field).to_be_visible()
    visit.service("Openverse").uncheck()
    visit.look.choose(QUERY)
    expect(visit.look.status).to_contain_text("Waiting for a key to Flickr.")
    expect(visit.page.locator("#details-said")).to_have_text("Waiting for a key to Flickr.")
    expect(visit.look.key_field).to_be_focused()
    expect(visit.page.get_by_text("Your search waits here")).to_be_visible()
    expect(visit.look.alert).to_have_count(0)
    assert visit.told() == []
    visit.look.button("Cancel").click()
    expect(visit.look.status).to_contain_text("Cancelled")
    assert visit.told() == []
    visit.look.forget()
    visit.look.choose(QUERY)
    visit.look.key_field.fill(KEY)
    visit.look.key_field.press("Enter")
    expect(visit.look.items.nth(29)).to_be_attached()
    assert visit.told()[0]["sources"] == ["flickr"]


def test_a_search_that_waits_for_a_key_starts_with_a_service_that_needs_none(visit):
    visit.service("Flickr").check()
    visit.service("Openverse").uncheck()
    visit.look.choose(QUERY)
    expect(visit.look.key_field).to_be_visible()
    visit.where.click()
    visit.service("Openverse").check()
    expect(visit.look.items.nth(29)).to_be_attached()
    expect(visit.look.key_field).to_be_hidden()
    assert visit.told()[0]["sources"] == ["openverse"]


def test_without_a_key_the_others_are_searched_and_flickr_is_said_to_be_left_out(visit):
    visit.service("Flickr").check()
    expect(visit.page.get_by_text("the search goes without Flickr")).to_be_visible()
    visit.search()
    expect(visit.look.key_field).to_be_hidden()
    expect(visit.strip.nth(1)).to_contain_text("Flickrleft out: needs a key")
    visit.strip.nth(1).get_by_role("button", name="Give a key").click()
    expect(visit.look.key_field).to_be_focused()
    visit.page.keyboard.type(KEY)
    visit.page.keyboard.press("Enter")
    expect(visit.strip).to_have_count(1)
    visit.look.button("Search again").click()
    expect(visit.strip).to_have_count(2)
    assert [told["sources"] for told in visit.told()] == [["openverse"], ["openverse", "flickr"]]


def test_where_to_search_is_at_hand_beside_the_results(visit):
    visit.search()
    expect(visit.where).to_have_accessible_name("Where to search: Openverse")
    visit.where.click()
    again = visit.page.get_by_role("region", name="Where to search").get_by_role("button")
    expect(again).to_be_hidden()
    visit.service("Wikimedia Commons").check()
    expect(visit.where).to_have_accessible_name("Where to search: Openverse, Wikimedia Commons")
    again.click()
    expect(again).to_be_hidden()
    expect(visit.strip).to_have_count(2)
    assert visit.told()[-1]["sources"] == ["openverse", "commons"]


# Filters


def test_filters_are_kept_counted_and_told(visit):
    visit.filters.click()
    visit.page.get_by_label("Licence").select_option("May be used commercially")
    visit.page.get_by_label("from", exact=True).fill("2020-02-29")
    visit.page.get_by_label("to", exact=True).fill("2021-03-01")
    visit.page.get_by_role("radio", name="Portrait").check()
    visit.page.get_by_role("radio", name="Black and white").check()
    visit.page.get_by_label("Longest side").select_option("1,000 px or more")
    visit.page.get_by_label("Only photos that are safe").uncheck()
    visit.page.keyboard.press("Escape")
    expect(visit.filters).to_have_accessible_name("Filters 6 set")
    visit.page.reload()
    expect(visit.filters).to_have_accessible_name("Filters 6 set")
    visit.filters.click()
    expect(visit.page.get_by_label("from", exact=True)).to_have_value("2020-02-29")
    expect(visit.page.get_by_role("radio", name="Portrait")).to_be_checked()
    visit.page.keyboard.press("Escape")
    visit.search()
    # The browser and this test have the same clock.
    assert visit.told()[0]["filters"] == {
        "license": "commercial",
        "since": datetime(2020, 2, 29).timestamp(),
        "until": datetime(2021, 3, 1, 23, 59, 59).timestamp(),
        "orientation": "portrait",
        "colour": "black-and-white",
        "min_size": 1000,
        "safe": False,
    }


def test_one_press_resets_the_filters(visit):
    visit.filters.click()
    visit.page.get_by_role("radio", name="Square").check()
    visit.page.keyboard.press("Escape")
    expect(visit.filters).to_have_text(re.compile("Filters 1"))
    visit.look.button("Reset filters").click()
    expect(visit.filters).to_have_accessible_name("Filters")
    expect(visit.filters).to_be_focused()
    assert visit.kept["filters"]["orientation"] == "any"


def test_a_day_can_be_typed_and_one_that_counts_as_none_goes_when_it_is_left(visit):
    visit.filters.click()
    since = visit.page.get_by_label("from", exact=True)
    since.focus()
    visit.page.keyboard.type("01152020")
    expect(since).to_have_value("2020-01-15")
    expect(visit.filters).to_have_accessible_name("Filters 1 set")
    # Another year in its place.
    for key in ("Backspace", "2", "0", "2", "1"):
        visit.page.keyboard.press(key)
    expect(since).to_have_value("2021-01-15")
    expect(visit.filters).to_have_accessible_name("Filters 1 set")
    for key in ("Backspace", "1", "9", "1", "1"):
        visit.page.keyboard.press(key)
    expect(visit.filters).to_have_accessible_name("Filters")
    visit.page.get_by_label("to", exact=True).focus()
    expect(since).to_have_value("")


def test_a_last_day_before_the_first_is_put_right_and_said(visit):
    visit.filters.click()
    visit.page.get_by_label("from", exact=True).fill("2021-05-05")
    visit.page.get_by_label("to", exact=True).fill("2020-05-05")
    expect(visit.page.get_by_label("from", exact=True)).to_have_value("2020-05-05")
    expect(visit.page.get_by_text("The last day was before the first")).to_be_visible()


def test_a_day_that_is_typed_part_by_part_changes_the_other_only_by_what_it_is_in_the_end(visit):
    visit.filters.click()
    since = visit.page.get_by_label("from", exact=True)
    until = visit.page.get_by_label("to", exact=True)
    since.fill("2024-05-01")
    until.fill("2024-06-01")
    since.focus()
    until.focus()
    visit.page.keyboard.type("01")
    # For now it is the first of January 2024.
    expect(since).to_have_value("2024-01-01")
    visit.page.keyboard.type("022025")
    expect(until).to_have_value("2025-01-02")
    expect(since).to_have_value("2024-05-01")
    expect(visit.page.get_by_text("The last day was before the first")).to_have_count(0)
    until.blur()
    assert visit.kept["filters"]["since"] == datetime(2024, 5, 1).timestamp()


def test_changed_filters_offer_to_search_again_even_while_a_search_runs(visit):
    visit.reopen(seed=41)
    visit.search()
    expect(visit.look.button("Cancel")).to_be_visible()
    visit.filters.click()
    again = visit.page.get_by_role("region", name="Filters").get_by_role("button", name="Search")
    expect(again).to_be_hidden()
    visit.page.get_by_role("radio", name="Landscape").check()
    again.click()
    expect(again).to_be_hidden()
    expect(visit.look.items.nth(29)).to_be_attached()
    assert [told["filters"]["orientation"] for told in visit.told()] == ["any", "landscape"]


def test_what_filters_kept_out_is_counted_with_its_reason(visit):
    visit.filters.click()
    visit.page.get_by_label("Licence").select_option("May be changed")
    visit.page.keyboard.press("Escape")
    visit.search()
    region = visit.page.get_by_role("region", name="Kept out by the filters: 7 photos")
    expect(region.get_by_role("listitem")).to_have_text("7 × Its licence does not allow that.")


def test_escape_closes_a_sheet_and_not_the_search(visit):
    visit.reopen(seed=41)
    visit.search()
    visit.filters.focus()
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Tab")
    expect(visit.page.get_by_label("Licence")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(visit.page.get_by_label("Licence")).to_be_hidden()
    expect(visit.filters).to_be_focused()
    expect(visit.look.button("Cancel")).to_be_visible()
    assert visit.desk.told("cancel") == []


# What is left


def test_each_service_says_what_it_gave_and_what_is_left(visit):
    visit.reopen(sources=["openverse", "commons"], seed=41, photos=40)
    visit.search()
    expect(visit.strip.first).to_have_text(
        re.compile("Openverse1 call, 40 photosCalls left: 19 this minute, 199 today")
    )
    expect(visit.strip.nth(1)).to_have_text(re.compile("Wikimedia Commons1 call, 40 photos"))
    visit.look.button("Cancel").click()
    expect(visit.strip.first).to_contain_text("Calls left: 199 today")


def test_calls_are_counted_over_searches_and_tabs(visit):
    old = time.time() - 25 * 60 * 60
    recent = time.time() - 60
    visit.page.evaluate("(made) => localStorage.setItem('lookalike.calls.openverse', made)",
                        json.dumps([old, recent]))  # fmt: skip
    visit.page.reload()
    expect(visit.service("Openverse")).to_have_accessible_description(
        re.compile("199 of 200 calls left today")
    )
    visit.search()
    assert visit.desk.told("search")[0]["made"] == {"openverse": [recent]}
    other = visit.page.context.new_page()
    other.goto(visit.look.site.url)
    note = "198 of 200 calls left today"
    expect(other.get_by_role("checkbox", name="Openverse")).to_have_accessible_description(
        re.compile(note)
    )
    visit.look.button("Search again").click()
    expect(other.get_by_role("checkbox", name="Openverse")).to_have_accessible_description(
        re.compile("197 of 200 calls left today")
    )


def test_two_tabs_calls_are_united_and_none_counts_twice(visit):
    count = """async () => {
        const { Calls } = await import("./js/sources/calls.js");
        const now = Date.now() / 1000;
        const tabs = [new Calls(() => {}), new Calls(() => {})];
        // Two in one instant are two; what both have heard of is the same.
        tabs[0].receive({ type: "calls", source: "x", made: [now - 9, now - 9] });
        tabs[1].receive({ type: "calls", source: "x", made: [now - 9, now - 5, now - 90_000] });
        tabs[0].receive({ type: "calls", source: "x", made: [now - 9, now - 9, now - 1] });
        return tabs.map((tab) => tab.made(["x"]).x.map((time) => Math.round(time - now)));
    }"""
    assert visit.page.evaluate(count) == [[-9, -9, -5, -1]] * 2


def test_a_service_that_stops_says_so_while_the_others_go_on(visit):
    visit.reopen(sources=["openverse", "commons"], seed=42)
    visit.search()
    expect(visit.strip.nth(1)).to_contain_text("Stopped early.")
    expect(visit.look.alert).to_contain_text("Wikimedia Commons has stopped answering.")
    expect(visit.look.status).to_contain_text(ENDED)


def test_a_key_that_is_refused_while_others_go_on_is_asked_for_again(visit):
    visit.page.evaluate("localStorage['lookalike.key'] = '0'.repeat(32)")
    visit.reopen(sources=["openverse", "flickr"], seed=42)
    visit.search()
    expect(visit.strip.nth(1).get_by_role("button", name="Give a key")).to_be_visible()
    visit.look.button("Search again").click()
    expect(visit.look.items.nth(29)).to_be_attached()
    assert [told["sources"] for told in visit.told()] == [["openverse", "flickr"], ["openverse"]]


# Credit


def test_each_card_names_its_source_where_several_are_searched(visit):
    visit.search()
    assert visit.page.locator(".from:visible").count() == 0
    visit.reopen(sources=["openverse", "commons"])
    visit.search()
    expect(visit.look.items.first).to_contain_text("Openverse")
    expect(visit.look.items.nth(1)).to_contain_text("Wikimedia Commons")


def test_the_licence_is_a_link_and_the_credit_is_as_the_service_words_it(visit):
    visit.look.allow_clipboard()
    visit.search()
    visit.look.items.first.get_by_role("button", name="Free, name the author, same licence").click()
    sheet = visit.page.get_by_role("region", name="Photo 0")
    address = "https://creativecommons.org/licenses/by-sa/2.0/"
    link = sheet.get_by_role("link", name="CC BY-SA 2.0")
    expect(link).to_have_attribute("href", address)
    line = (
        '"Photo 0" by Owner 0 is licensed under CC BY-SA 2.0. '
        f"To view a copy of this license, visit {address}?ref=openverse."
    )
    expect(sheet).to_contain_text(line)
    expect(sheet).to_contain_text("Original: 4,000 × 3,000 px")
    expect(sheet).to_contain_text("13 September 2020")
    expect(sheet.get_by_role("link", name="The photo’s page")).to_have_attribute(
        "href", "https://www.flickr.com/photos/o/0"
    )
    sheet.get_by_role("button", name="Copy credit").click()
    expect(sheet.get_by_role("status")).to_have_text("Copied.")
    assert visit.page.evaluate("navigator.clipboard.readText()") == line


def test_no_other_address_than_one_of_the_web_becomes_a_link(visit):
    visit.search()
    third = visit.look.items.nth(2)
    third.locator(".licence").click()
    sheet = visit.page.get_by_role("region", name="Photo 2")
    expect(sheet).to_contain_text("CC BY-SA 2.0")
    assert sheet.get_by_role("link").count() == 1


# All, or one source's


def test_results_are_shown_of_one_source_by_keyboard(visit):
    visit.page.evaluate("(key) => { localStorage['lookalike.key'] = key; }", KEY)
    visit.reopen(sources=["openverse", "flickr"], photos=70)
    visit.search()
    expect(visit.chip("All 70")).to_be_checked()
    visit.look.button("Next").click()
    expect(visit.look.items.first.locator(".rank")).to_have_text("31")
    visit.chip("All 70").focus()
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("ArrowRight")
    expect(visit.chip("Flickr 35")).to_be_focused()
    expect(visit.look.items.first.get_by_role("link").first).to_have_attribute(
        "href", re.compile("/1$")
    )
    expect(visit.look.items.first.locator(".rank")).to_have_text("1")
    expect(visit.page.get_by_text("Page 1 of 2")).to_be_visible()
    expect(visit.page.get_by_role("heading", name="Results 35 of 70")).to_be_visible()
    visit.look.button("Next").click()
    expect(visit.look.items).to_have_count(5)
    # Pages are for Flickr's photos.
    visit.chip("Openverse 35").check()
    expect(visit.look.items).to_have_count(35)
    expect(visit.look.button("Next")).to_be_hidden()
    visit.chip("All 70").check()
    expect(visit.page.get_by_role("heading", name="Results 70")).to_be_visible()


def test_what_is_left_out_is_not_counted_as_a_sources(visit):
    visit.reopen(sources=["openverse", "commons"], photos=20)
    visit.search(20)
    expect(visit.chip("All 20")).to_be_checked()
    visit.look.items.first.hover()
    visit.look.items.first.get_by_role("button", name="More like this").click()
    expect(visit.page.get_by_role("heading", name="Results 19")).to_be_visible()
    expect(visit.chip("All 19")).to_be_checked()
    expect(visit.chip("Openverse 9")).to_be_visible()
    expect(visit.chip("Wikimedia Commons 10")).to_be_visible()


def test_one_source_needs_no_chips(visit):
    visit.search()
    expect(visit.page.get_by_role("group", name="Show the results of")).to_be_hidden()


# Links


def test_a_link_brings_filters_and_services_as_text_to_agree_to(visit):
    filters = {"license": "modify", "orientation": "up", "min_size": 2000, "x": "<b>"}
    sources = ["commons", "collection:secret", "<b>"]
    visit.page.evaluate(
        "(hash) => { location.hash = hash; }", link(photos=33, sources=sources, filters=filters)
    )
    dialog = visit.page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem").filter(has_text="Where")).to_have_text(
        "Where to search: Wikimedia Commons"
    )
    expect(dialog).to_contain_text("Filter: Licence: may be changed")
    expect(dialog).to_contain_text("Filter: Longest side: 2,000 px or more")
    dialog.get_by_role("button", name="Run this code").click()
    expect(visit.service("Wikimedia Commons")).to_be_checked()
    expect(visit.service("Openverse")).not_to_be_checked()
    expect(visit.filters).to_have_accessible_name("Filters 2 set")
    assert visit.kept["filters"]["orientation"] == "any"


def test_a_link_names_no_collection(visit):
    visit.look.allow_clipboard()
    visit.reopen(sources=["commons", "collection:secret"], filters={"license": "reuse"})
    visit.desk.begin()
    visit.desk.button("Share").click()
    expect(visit.desk.said).to_contain_text("The link is copied")
    held = visit.page.evaluate("navigator.clipboard.readText()").partition("#m1=")[2]
    raw = zlib.decompress(base64.urlsafe_b64decode(held + "=" * (-len(held) % 4)), wbits=-15)
    settings = json.loads(raw)["settings"]
    assert settings["sources"] == ["commons"]
    assert settings["filters"]["license"] == "reuse"
    assert b"secret" not in raw


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_in_any_new_state(browser, desk_site, scheme, width):
    with desk_page(browser, desk_site, color_scheme=scheme, reduced_motion="reduce") as desk:
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.look.open(key=None, sources=["openverse", "commons"], seed=42, photos=40)
        visit = Visit(desk)
        expect(visit.page.get_by_text("Ready in")).to_be_visible()
        found = {"first visit": violations(visit.look, scheme)}
        visit.service("Flickr").check()
        found["Flickr without a key"] = violations(visit.look, scheme)
        visit.filters.click()
        visit.page.get_by_role("radio", name="Square").check()
        found["filters"] = violations(visit.look, scheme)
        visit.page.keyboard.press("Escape")
        visit.search()
        expect(visit.look.alert).to_be_visible()
        found["a service stopped"] = violations(visit.look, scheme)
        visit.look.alert.get_by_role("button").click()
        visit.chip(re.compile("Openverse")).check()
        found["one source"] = violations(visit.look, scheme)
        visit.where.click()
        found["where"] = violations(visit.look, scheme)
        visit.page.keyboard.press("Escape")
        visit.page.keyboard.press("Escape")
        visit.look.items.first.locator(".licence").click()
        found["credit"] = violations(visit.look, scheme)
        assert found == {key: [] for key in found}


@pytest.mark.parametrize("width", [360, 768, 1600])
def test_nothing_is_cut_off_at_any_width(browser, desk_site, width):
    with opened(browser, desk_site, reduced_motion="reduce") as look:
        look.page.set_viewport_size({"width": width, "height": 800})
        look.open(key=None, sources=["openverse", "commons", "flickr"])
        visit = Visit(Desk(look))
        for sheet, button in (("filters-sheet", visit.filters), ("sources-sheet", visit.where)):
            if sheet == "sources-sheet":
                visit.search()
                visit.look.tools()
            button.click()
            box = visit.page.locator(f"#{sheet}").bounding_box()
            assert box["x"] >= 0
            assert box["y"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= 800
            visit.page.keyboard.press("Escape")
            wide = visit.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width
