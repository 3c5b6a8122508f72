"""Each problem is told at one place: where it is mended, or else by an alert."""

import json

import pytest
from conftest import ENDED
from desk import QUERY, desk_page
from playwright.sync_api import expect

PLACES = {
    "alert": ".alert",
    "key": "#key-hint.warning",
    "editor": "#scoring-said.bad",
    "details": ".service-row-problem",
    "empty": "#empty",
}
SAID = """(places) => Object.fromEntries(Object.entries(places).map(([name, selector]) => [
  name,
  [...document.querySelectorAll(selector)].map((each) => each.checkVisibility() && each.innerText)
    .filter(Boolean),
]))"""
POINTS = 4
"""Words that a place may use which only points to another."""

BOTH = ("openverse", "flickr")
KINDS = {
    "a service is not available": ("end", "unavailable", ("flickr",), "alert"),
    "a service is waited for": ("wait", "unreachable", ("openverse",), "alert"),
    "a service stops while others go on": ("last", "unavailable", BOTH, "alert"),
    "a limit is reached": ("end", "rate-limited", ("openverse",), "alert"),
    "a limit is reached while others go on": ("last", "rate-limited", BOTH, "alert"),
    "the key is refused": ("end", "key-rejected", ("flickr",), "key"),
    "the key is refused while others go on": ("last", "key-rejected", BOTH, "alert"),
    "the engine was restarted": ("end", "crashed", ("openverse",), "alert"),
    "the file is no photo": ("end", "bad-photo", ("openverse",), "alert"),
    "the score function fails": ("end", "score", ("openverse",), "alert"),
    "own photos are gone": ("last", "store-Gone", ("openverse", "commons"), "alert"),
}


def troubled(at, code):
    return ("query.png", QUERY[1] + f"PROBLEM({json.dumps({'at': at, 'code': code})})".encode())


def told(desk):
    """The places that say something at length, and what each says."""
    said = desk.page.evaluate(SAID, PLACES)
    every = [(name, text) for name, texts in said.items() for text in texts]
    return [name for name, text in every if len(text.split()) > POINTS], said


@pytest.fixture
def desk(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        yield desk


def begin(desk, at, code, sources, photos=6):
    desk.open(photos=photos, sources=list(sources), details=True)
    desk.look.choose(troubled(at, code))
    if at != "wait":
        expect(desk.look.status).to_contain_text(ENDED)
    if photos:
        # Drawn with the next frame; until then, words stand in their place.
        expect(desk.look.items.first).to_be_visible()


@pytest.mark.parametrize(("at", "code", "sources", "place"), KINDS.values(), ids=KINDS)
def test_each_kind_of_problem_is_told_at_one_place(desk, at, code, sources, place):
    begin(desk, at, code, sources)
    expect(desk.page.locator(PLACES[place])).to_be_visible()
    expect(desk.page.locator(PLACES["details"]).first).not_to_contain_text("It is")
    assert told(desk)[0] == [place], told(desk)[1]


def test_where_nothing_was_found_it_is_told_once_as_well(desk):
    begin(desk, "end", "key-rejected", ["flickr"], photos=0)
    expect(desk.look.key_field).to_be_focused()
    expect(desk.look.alert).to_have_count(0)
    assert [name for name in told(desk)[0] if name != "empty"] == ["key"]


def test_a_score_function_that_fails_is_told_in_the_open_editor(desk):
    desk.search(photos=6)
    desk.begin()
    desk.look.choose(troubled("end", "score"))
    expect(desk.said).to_contain_text("It is score.")
    assert told(desk)[0] == ["editor"], told(desk)[1]


def test_without_a_network_that_is_told_and_not_what_it_does_to_each_service(desk):
    begin(desk, "wait", "unreachable", ["openverse"])
    expect(desk.look.alert).to_contain_text("It is unreachable.")
    desk.page.context.set_offline(True)
    desk.look.choose(troubled("wait", "timed-out"))
    expect(desk.look.alert).to_contain_text("There is no network.")
    assert told(desk)[0] == ["alert"], told(desk)[1]


def test_details_tell_what_was_dismissed(desk):
    begin(desk, "last", "unavailable", BOTH)
    row = desk.page.locator(PLACES["details"]).last
    expect(row).to_have_text("Stopped early.")
    desk.look.alert.get_by_role("button", name="Dismiss").click()
    expect(row).to_have_text("It is unavailable. Do this.")


def test_the_alert_of_a_refused_key_leads_to_where_another_is_given(desk):
    begin(desk, "last", "key-rejected", BOTH)
    desk.look.alert.get_by_role("button", name="Give another key").click()
    expect(desk.look.key_field).to_be_focused()
    expect(desk.page.locator(PLACES["key"])).to_contain_text("does not accept this key")
    expect(desk.look.alert).to_have_count(0)


def test_two_that_say_the_same_are_told_by_one_alert(desk):
    begin(desk, "last", "unavailable", BOTH)
    desk.look.choose(("broken.png", QUERY[1] + b"broken"))
    expect(desk.look.alert).to_have_count(2)
    desk.look.choose(("broken.png", QUERY[1] + b"broken"))
    expect(desk.look.alert.filter(has_text="broken or incomplete")).to_have_count(1)


def test_the_alert_of_own_photos_trouble_leads_to_them(desk):
    begin(desk, "last", "store-Gone", ["openverse", "commons"])
    desk.look.alert.get_by_role("button", name="See your photos").click()
    expect(desk.page.get_by_role("dialog", name="Your photos")).to_be_visible()


def test_while_a_service_is_waited_for_another_may_join_in_and_does_from_then_on(desk):
    begin(desk, "wait", "waiting", ["openverse"])
    join = desk.look.alert.get_by_role("button", name="Search Wikimedia Commons, too")
    join.click()
    found = desk.page.get_by_role("radio", name="Wikimedia Commons 3")
    expect(found).to_be_attached()
    # That one is searched by now; Flickr, which takes a key, is nothing to offer.
    expect(desk.look.alert).to_contain_text("It is waiting.")
    expect(join).to_have_count(0)
    desk.page.reload()
    where = desk.page.get_by_role("button", name="Where to search: Openverse, Wikimedia Commons")
    expect(where).to_be_visible()


@pytest.mark.parametrize("at", ["end", "last", "wait"])
def test_on_a_phone_none_covers_a_photo(browser, desk_site, at):
    with desk_page(browser, desk_site, is_mobile=True, has_touch=True) as desk:
        desk.page.set_viewport_size({"width": 390, "height": 844})
        desk.open(photos=12, sources=["openverse", "commons"], details=False)
        desk.look.choose(troubled(at, "unavailable"))
        expect(desk.look.items).to_have_count(12)
        alert = desk.look.alert.bounding_box()
        assert alert["y"] + alert["height"] <= desk.look.items.first.bounding_box()["y"]


def test_a_problem_is_told_in_the_dialog_that_is_open_and_on_the_page_when_it_is_closed(desk):
    desk.open(photos=5)
    desk.look.button("Settings").click()
    settings = desk.page.get_by_role("dialog", name="Settings")
    desk.page.evaluate("location.hash = 'm9=x'")
    alert = settings.get_by_role("alert")
    expect(alert).to_contain_text("another version of this page")
    # Nothing lies over it.
    alert.get_by_role("button", name="Dismiss").click(trial=True)
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("body > #alerts").get_by_role("alert")).to_be_visible()
    desk.look.button("Settings").click()
    expect(settings.get_by_role("alert")).to_have_count(0)


def test_a_search_that_is_made_again_by_itself_disturbs_nobody(desk):
    # By this seed, photos come slowly enough for the network to be lost meanwhile.
    desk.open(photos=40, seed=43)
    desk.look.choose(troubled("end", "unavailable"))
    expect(desk.look.items.first).to_be_visible()
    desk.page.context.set_offline(True)
    expect(desk.look.status).to_contain_text("Stopped")
    expect(desk.look.alert).to_contain_text("There is no network.")
    words = desk.page.get_by_label("Or describe it in words")
    words.fill("misty harb")
    desk.look.button("Part of it, or more photos").click()
    choosing = desk.page.get_by_role("dialog", name="What to search from")
    choosing.get_by_role("slider", name="Left").fill("20")
    desk.page.context.set_offline(False)
    expect(desk.look.alert).to_have_count(0)
    expect(choosing.get_by_role("slider", name="Left")).to_have_value("20")
    assert len(desk.told("search")) == 1
    desk.page.keyboard.press("Escape")
    words.press("End")
    desk.until_told("search", 2)
    # It has begun when the engine was told.
    words.press_sequentially("our")
    expect(words).to_be_focused()
    expect(words).to_have_value("misty harbour")


PASTE_TEXT = """() => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", "sunset");
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true });
  document.activeElement.dispatchEvent(event);
}"""


def test_who_dismisses_an_alert_by_keyboard_is_back_at_where_they_were(desk):
    begin(desk, "last", "unavailable", BOTH)
    page = desk.page
    third = desk.look.items.nth(2).locator(".card-link")
    third.focus()
    desk.look.alert.get_by_role("button", name="Dismiss").focus()
    page.keyboard.press("Enter")
    expect(desk.look.alert).to_have_count(0)
    expect(third).to_be_focused()
    # In a dialog they stay in it.
    page.keyboard.press("Enter")
    viewer = page.locator("#viewer")
    expect(viewer).to_be_visible()
    page.evaluate(PASTE_TEXT)
    viewer.get_by_role("alert").get_by_role("button", name="Dismiss").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer-title")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#viewer-rank")).to_have_text("4 of 6")


def test_who_enters_a_key_on_the_first_screen_stays_near(desk):
    desk.open(key=None, sources=["flickr"])
    desk.look.key_field.fill("0123456789abcdef0123456789abcdef")
    desk.page.keyboard.press("Enter")
    expect(desk.look.key_field).to_be_hidden()
    near = desk.page.locator("#landing .landing-where").get_by_role("button")
    expect(near.and_(desk.page.locator(":focus"))).to_have_count(1)
