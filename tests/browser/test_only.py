"""A search in one collection alone; the engine is the fake one of fake_engine.js."""

import json

from desk import QUERY
from own_photos import OwnPhotos
from playwright.sync_api import expect

PUT = """
(database) => fetch("models/mobilenet_v2.json").then((file) => file.json()).then((model) => {
  const writing = database.transaction(["collections", "thumbnails"], "readwrite");
  for (const [id, name] of NAMES) {
    writing.objectStore("collections").put({ id, name, created: 1, expires: null, count: 3,
      model: { name: model.name, hash: model.sha256 }, measure: "", bytes: 9, pending: 0 });
    for (const i of [0, 1, 2]) {
      writing.objectStore("thumbnails").put(new Uint8Array([i]), [id, `${i}.jpg`]);
    }
  }
  return new Promise((resolve) => (writing.oncomplete = () => resolve(true)));
})
"""


def put(own, **names):
    """Put collections into the browser, as if they had been made here."""
    assert own.kept(PUT.replace("NAMES", json.dumps(list(names.items()))))
    own.page.reload()


def ticked(page):
    return json.loads(page.evaluate("localStorage['lookalike.settings']")).get("sources")


def test_search_these_holds_for_what_goes_on_from_there_and_unticks_nothing(desk):
    desk, page = desk, desk.page
    own = OwnPhotos(desk.look)
    desk.open(key=None, sources=["openverse", "commons"], photos=3)
    own.open()
    expect(own.button("Choose a folder")).to_be_visible()
    put(own, ab="Holiday")
    own.open().act("Holiday", "Search these")
    only = page.locator("#only")
    expect(only).to_have_text("Only: my photos ×")
    desk.look.search(QUERY)
    assert desk.told("search")[-1]["settings"]["sources"] == ["collection:ab"]
    assert ticked(page) == ["openverse", "commons"]
    expect(desk.look.items).to_have_count(3)
    page.reload()
    expect(desk.look.items).to_have_count(3)
    expect(only).to_have_text("Only: my photos ×")
    desk.look.button("Search again").click()
    desk.until_told("search")
    assert desk.told("search")[-1]["settings"]["sources"] == ["collection:ab"]
    desk.look.wait_until_done()
    words = page.get_by_role("textbox", name="Or describe it in words")
    words.fill("a lighthouse")
    words.press("Enter")
    desk.until_told("search", 2)
    assert desk.told("search")[-1]["settings"]["sources"] == ["collection:ab"]
    expect(desk.look.items).to_have_count(3)
    desk.look.items.first.hover()
    page.get_by_role("button", name="More like this").first.click()
    desk.until_told("search", 3)
    assert desk.told("search")[-1]["settings"]["sources"] == ["collection:ab"]
    desk.look.wait_until_done()
    desk.look.button("Stop searching only my photos").click()
    desk.until_told("search", 4)
    assert desk.told("search")[-1]["settings"]["sources"] == ["openverse", "commons"]
    expect(only).to_be_hidden()
    expect(page.locator("#query-heading")).to_be_focused()
    # Back among the searches, it is what it was.
    desk.look.wait_until_done()
    page.go_back()
    expect(only).to_be_visible()
    with page.context.new_page() as other:
        other.goto(page.url)
        expect(other.locator("#only")).to_be_hidden()
        expect(other.get_by_role("checkbox", name="Openverse")).to_be_checked()
        expect(other.get_by_role("checkbox", name="Holiday")).not_to_be_checked()


def test_one_of_several_collections_is_named_and_a_tick_takes_it_back(desk):
    page, own = desk.page, OwnPhotos(desk.look)
    desk.open(key=None, sources=["openverse"], photos=3)
    own.open()
    expect(own.button("Choose a folder")).to_be_visible()
    put(own, ab="Holiday", cd="Work")
    own.open().act("Work", "Search these")
    expect(page.locator("#only")).to_have_text("Only: Work ×")
    page.get_by_role("checkbox", name="Wikimedia Commons").check()
    expect(page.locator("#only")).to_be_hidden()
    assert ticked(page) == ["openverse", "commons"]


def test_another_photo_is_searched_for_everywhere_again(desk):
    desk, page = desk, desk.page
    own = OwnPhotos(desk.look)
    desk.open(key=None, sources=["openverse"], photos=3)
    own.open()
    expect(own.button("Choose a folder")).to_be_visible()
    put(own, ab="Holiday")
    only = page.locator("#only")
    desk.look.search(QUERY)
    own.open().act("Holiday", "Search these")
    desk.until_told("search", 2)
    expect(only).to_be_visible()
    desk.look.wait_until_done()
    desk.look.begin(QUERY)
    desk.until_told("search", 3)
    expect(only).to_be_hidden()
    # The first screen is where the next search begins.
    page.go_back()
    expect(only).to_be_visible()
    page.locator("#home").click()
    expect(only).to_be_hidden()
    own.open().act("Holiday", "Search these")
    expect(only).to_be_visible()
    desk.look.button("Stop searching only my photos").click()
    expect(only).to_be_hidden()
    expect(page.get_by_role("checkbox", name="Openverse")).to_be_focused()
    assert [told["settings"]["sources"] for told in desk.told("search")] == [
        ["openverse"],
        ["collection:ab"],
        ["openverse"],
    ]
