"""The shortlist: photos that are kept over searches and visits, as a gallery of its own."""

import json

import pytest
from conftest import START_UP, opened
from desk import QUERY, Desk, desk_page
from playwright.sync_api import expect
from test_accessibility import violations

STORED = "() => JSON.parse(localStorage.getItem('lookalike.shortlist') ?? 'null')"


class Shortlist:
    """The shortlist, as a person meets it beside the results of a search."""

    def __init__(self, desk):
        self.desk = desk
        self.page = desk.page
        self.dialog = self.page.get_by_role("dialog", name="Shortlist")
        self.opener = self.page.locator("#open-shortlist")
        self.boxes = self.dialog.get_by_role("checkbox")
        self.said = self.dialog.locator("#shortlist-said")

    def button(self, name):
        return self.dialog.get_by_role("button", name=name, exact=True)

    def keep(self, *places):
        """Keep the results at these places, by key."""
        for place in places:
            self.desk.look.items.nth(place).locator(".card-link").focus()
            self.page.keyboard.press("k")
        expect(self.opener).to_contain_text(str(len(places)))
        return self

    def open(self):
        self.opener.click()
        expect(self.dialog).to_be_visible()
        return self

    def stored(self):
        return self.page.evaluate(STORED)


@pytest.fixture
def shortlist(browser, desk_site):
    """A search that is done, and whose first, third and fifth photo are kept."""
    with desk_page(browser, desk_site) as desk:
        desk.search()
        yield Shortlist(desk).keep(0, 2, 4)


def test_a_heart_keeps_a_photo_which_is_in_a_gallery_of_its_own(shortlist):
    page, look = shortlist.page, shortlist.desk.look
    heart = look.items.nth(2).get_by_role("button", name="Keep in the shortlist")
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(shortlist.opener).to_have_accessible_name("Shortlist 3")
    shortlist.open()
    # The newest first.
    names = ["Photo 4 by Owner 1", "Photo 2 by Owner 2", "Photo 0 by Owner 0"]
    for box, name in zip(shortlist.boxes.all(), names, strict=True):
        expect(box).to_have_accessible_name(name)
    expect(shortlist.dialog.locator(".card[data-picture=shown]")).to_have_count(3)
    page.go_back()
    expect(shortlist.dialog).to_be_hidden()
    expect(look.items.first).to_be_visible()
    heart.click()
    expect(shortlist.opener).to_have_accessible_name("Shortlist 2")
    assert [record["photo"]["id"] for record in shortlist.stored()] == ["4", "0"]
    # Of services nothing is kept that is drawn.
    assert "thumbnail" not in json.dumps(shortlist.stored())


def test_photos_are_selected_by_keyboard_seen_large_removed_and_put_back(shortlist):
    page = shortlist.page
    page.keyboard.press("h")
    expect(shortlist.dialog).to_be_visible()
    expect(shortlist.button("Remove")).to_have_attribute("aria-disabled", "true")
    shortlist.boxes.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Photo 2")
    expect(viewer).to_contain_text("2 of 3")
    expect(viewer.get_by_role("button", name="Like", exact=True)).to_be_hidden()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(shortlist.boxes.nth(2)).to_be_focused()
    page.keyboard.press("Shift+Space")
    expect(shortlist.dialog.locator("#shortlist-selected")).to_have_text("3 of 3 selected")
    shortlist.boxes.nth(1).uncheck()
    page.keyboard.press("Delete")
    expect(shortlist.said).to_have_text("2 photos removed.")
    expect(shortlist.boxes).to_have_count(1)
    shortlist.button("Select all").click()
    shortlist.button("Remove").click()
    expect(shortlist.button("Undo")).to_be_focused()
    expect(shortlist.dialog).to_contain_text("Nothing is kept yet.")
    assert shortlist.stored() is None
    page.keyboard.press("Enter")
    expect(shortlist.boxes).to_have_count(1)
    page.keyboard.press("Escape")
    expect(shortlist.dialog).to_be_hidden()


def test_credits_are_copied_together_and_files_made_of_those_that_are_selected(shortlist):
    page = shortlist.page
    shortlist.desk.look.allow_clipboard()
    shortlist.open()
    shortlist.boxes.first.check()
    shortlist.boxes.nth(1).check()
    shortlist.button("Copy credits").click()
    expect(shortlist.said).to_have_text("Copied 2 credits, a line each.")
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines == ["“Photo 4” by Owner 1, CC BY 4.0", "“Photo 2” by Owner 2, CC BY 4.0"]
    made = {}
    for name in ("JSON", "CSV", "Contact sheet"):
        shortlist.dialog.locator("summary", has_text="Export").click()
        with page.expect_download() as download:
            shortlist.dialog.get_by_role("button", name=name).click()
        made[name] = download.value.path().read_text()
    records = json.loads(made["JSON"])
    assert [(record["title"], record["score"]) for record in records] == [
        ("Photo 4", None),
        ("Photo 2", None),
    ]
    assert made["CSV"].count("\n") == 3
    assert made["Contact sheet"].count("<img") == 2


def test_a_search_starts_from_several_that_are_kept(shortlist):
    shortlist.open()
    shortlist.button("More like these").click(force=True)
    expect(shortlist.said).to_have_text("Select the photos to search from.")
    shortlist.button("Select all").click()
    shortlist.button("More like these").click()
    *_, told = shortlist.desk.until_told("search", 2)
    assert [(weight, crop) for _, weight, crop in told["queries"]] == [(1, None)] * 3
    expect(shortlist.dialog).to_be_hidden()
    expect(shortlist.page.locator("#query-image")).to_have_attribute("alt", "Your photo, Photo 4")


def test_pictures_that_come_late_take_no_later_search_away(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        shortlist = Shortlist(desk.search()).keep(9, 1)
        desk.page.goto(desk.look.site.url)
        shortlist.open()
        shortlist.button("Select all").click()
        shortlist.button("More like these").click()
        expect(shortlist.said).to_have_text("Fetching the pictures…")
        desk.page.keyboard.press("Escape")
        desk.page.locator("#words").fill("sea")
        desk.page.keyboard.press("Enter")
        expect(desk.look.items).to_have_count(30)
        shortlist.open()
        for card in shortlist.dialog.locator(".card").all():
            expect(card).to_have_attribute("data-picture", "shown")
        desk.page.keyboard.press("Escape")
        expect(desk.page.locator("#query-words")).to_have_text("sea")
        assert len(desk.told("search")) == 1


def test_the_next_visit_has_it_and_its_pictures_come_from_their_services(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        shortlist = Shortlist(desk.search()).keep(7, 1)
        # Not a reload, which would bring the search back, and pictures with it.
        desk.page.goto(desk.look.site.url)
        expect(shortlist.opener).to_have_accessible_name("Shortlist 2")
        shortlist.open()
        pictures = shortlist.dialog.locator(".card")
        expect(pictures.nth(0)).to_have_attribute("data-picture", "shown", timeout=START_UP)
        # A service may have it no more: its title stands for it.
        expect(pictures.nth(1)).to_have_attribute("data-picture", "gone", timeout=START_UP)
        expect(pictures.nth(1)).to_contain_text("Photo 7")
        desk.page.keyboard.press("Escape")
        desk.page.locator("#left-summary").click()
        expect(desk.page.locator("#left-list")).to_contain_text("live.staticflickr.com/1/1_q.jpg")


FORGED = {
    "photo": {
        "id": "x",
        "source": "openverse",
        "title": "a\u202eb" * 900,
        "tags": [1, "ok"],
        "page_url": "javascript:alert(1)",
        "thumb_url": "data:text/html,x",
        "license_url": "https://u:p@evil.example/",
        "owner": {"toString": 1},
        "width": "9",
    }
}


def test_what_is_stored_may_be_anything(browser, desk_site):
    stored = json.dumps([None, 1, {"photo": {"id": ""}}, FORGED])
    with desk_page(browser, desk_site) as desk:
        keep = f"localStorage.setItem('lookalike.shortlist', {json.dumps(stored)})"
        desk.page.add_init_script(f"if (window === top) {keep};")
        shortlist = Shortlist(desk.open())
        shortlist.open()
        expect(shortlist.boxes).to_have_count(1)
        shortlist.boxes.first.press("Enter")
        viewer = desk.page.locator("#viewer")
        expect(viewer.locator("#viewer-title")).to_contain_text("ab")
        assert len(viewer.locator("#viewer-title").inner_text()) <= 500
        assert viewer.locator("a[href]").count() == 0


def test_where_the_browser_keeps_nothing_it_lasts_for_the_visit_and_says_so(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        refused = "() => { throw new DOMException('', 'QuotaExceededError'); }"
        desk.page.add_init_script(f"Storage.prototype.setItem = {refused}")
        desk.page.goto(desk.look.site.url)
        desk.look.search(QUERY)
        picture = "data-picture", "shown"
        expect(desk.look.items.nth(3)).to_have_attribute(*picture, timeout=START_UP)
        shortlist = Shortlist(desk).keep(3)
        shortlist.open()
        expect(shortlist.dialog).to_contain_text("lasts until you close or reload the page")


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(browser, desk_site, scheme, width):
    with opened(browser, desk_site, color_scheme=scheme, reduced_motion="reduce") as look:
        look.page.set_viewport_size({"width": width, "height": 844})
        shortlist = Shortlist(Desk(look).search(photos=12)).keep(0, 1, 2, 3, 4, 5)
        shortlist.open()
        shortlist.boxes.nth(1).check()
        found = violations(look)
        wide = "() => document.querySelector('#shortlist').scrollWidth - innerWidth"
        assert look.page.evaluate(wide) <= 0
        shortlist.page.keyboard.press("Escape")
        expect(shortlist.dialog).to_be_hidden()
        page_wide = "() => document.documentElement.scrollWidth - innerWidth"
        assert look.page.evaluate(page_wide) <= 0
        assert (found, violations(look)) == ([], [])


# The history


def test_after_a_reload_on_the_first_screen_it_opens_and_closes(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        shortlist = Shortlist(desk.search()).keep(0)
        # Not a reload, which would bring the search back.
        desk.page.goto(desk.look.site.url)
        shortlist.open()
        desk.page.reload()
        expect(shortlist.opener).to_be_visible()
        expect(shortlist.dialog).to_be_hidden()
        shortlist.open()
        shortlist.button("Close").click()
        expect(shortlist.dialog).to_be_hidden()


TWICE = "(ids) => ids.forEach((id) => document.getElementById(id).click())"


def test_a_photo_that_is_closed_twice_leads_back_to_the_results(shortlist):
    desk = shortlist.desk
    viewer = shortlist.page.locator("#viewer")
    desk.look.begin(("second.png", QUERY[1]))
    desk.look.wait_until_done()
    desk.look.items.first.click()
    expect(viewer).to_be_visible()
    shortlist.page.evaluate(TWICE, ["viewer-close", "viewer-close"])
    expect(viewer).to_be_hidden()
    # Where it stands in the history is where it was: Back leads to the first search.
    expect(shortlist.page.locator("#query-name")).to_have_text("second.png")
    shortlist.page.go_back()
    expect(shortlist.page.locator("#query-name")).to_have_text("query.png")
    expect(desk.look.items.first).to_be_visible()


def test_more_like_this_is_not_lost_by_escape(shortlist):
    shortlist.desk.look.items.first.click()
    expect(shortlist.page.locator("#viewer")).to_be_visible()
    shortlist.page.evaluate(TWICE, ["viewer-more", "viewer-close"])
    shortlist.desk.until_told("search", 2)
    expect(shortlist.page.locator("#viewer")).to_be_hidden()
