"""A reload brings back what was on show, in its tab alone."""

import re

import pytest
from conftest import START_UP, opened
from desk import QUERY, desk_page
from playwright.sync_api import expect

KEPT = """async () => {
  const names = (await indexedDB.databases()).map(({ name }) => name);
  if (!names.includes("lookalike-reload")) return {};
  const database = await new Promise((resolve, reject) => {
    const opening = indexedDB.open("lookalike-reload");
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const all = (store) => new Promise((resolve) => {
    database.transaction(store).objectStore(store).getAll().onsuccess = ({ target }) =>
      resolve(target.result);
  });
  const [states, photos] = [await all("states"), await all("photos")];
  database.close();
  const ended = states.map(({ messages }) => messages.some(({ type }) => type === "finished"));
  const texts = states.map(({ text }) => text);
  const marks = states.flatMap(({ marks }) => marks).length;
  const standings = states[0]?.standings ?? [];
  const best = standings.toSorted((one, other) => other.score - one.score)[0]?.id;
  return { states: states.length, photos: photos.length, ended, texts, marks, best };
}"""
INTERRUPTED = re.compile("Interrupted: .* photos? compared .* then the page was reloaded")


def until_kept(page, least=0, **wanted):
    """Wait until that is kept: so many photos at least; which states, and what is in them."""
    for _ in range(300):
        kept = page.evaluate(KEPT)
        if kept.get("photos", 0) >= least and all(kept.get(k) == v for k, v in wanted.items()):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{kept} is kept, not {wanted}")


@pytest.fixture
def desk(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        yield desk


def test_all_of_a_search_that_was_done_comes_back(desk):
    desk.search(photos=40)
    look, page = desk.look, desk.page
    look.items.nth(3).locator(".card-link").focus()
    page.keyboard.press("l")
    page.locator("#open-details").focus()
    desk.expect_order(3, 0, 1)
    before = look.pages()
    until_kept(page, states=1, photos=40, ended=[True], marks=1, best="3")
    page.reload()
    expect(look.status).to_contain_text("Done: 40 photos compared in 1 s.")
    expect(look.items).to_have_count(30)
    assert look.pages() == before
    liked = look.items.first.get_by_role("button", name="Like", exact=True)
    expect(liked).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#query-image")).to_have_attribute("alt", "Your photo, query.png")
    # The engine learns of it as soon as it has to.
    look.items.nth(5).locator(".card-link").focus()
    page.keyboard.press("l")
    page.locator("#open-details").focus()
    (restored,) = desk.until_told("restore")
    assert restored["queries"] == [[len(QUERY[1]), 1, None]]
    assert len(restored["results"]) == 40
    assert [photo for photo, _, mark in restored["results"] if mark == "liked"] == ["3"]
    desk.expect_order(5)
    look.button("Search again").click()
    desk.until_told("search")


def test_a_search_that_was_under_way_comes_back_as_far_as_it_was(desk):
    desk.open(photos=40, seed=41)
    look, page = desk.look, desk.page
    look.choose(QUERY)
    expect(look.items).to_have_count(30)
    until_kept(page, states=1, photos=40, ended=[False])
    page.reload()
    expect(look.status).to_contain_text(INTERRUPTED)
    expect(look.items).to_have_count(30)
    page.reload()
    expect(look.status).to_contain_text(INTERRUPTED)
    assert desk.told("search") == []
    look.button("Search again").click()
    desk.until_told("search")


def test_words_in_the_address_that_are_others_win(desk):
    desk.search()
    page = desk.page
    until_kept(page, states=1, photos=40, ended=[True])
    page.evaluate("history.replaceState(history.state, '', '?q=owl')")
    page.reload()
    (told,) = desk.until_told("search")
    assert told["text"] == "owl"
    assert told["queries"] == []


def test_another_tab_gets_nothing_and_a_closed_one_leaves_nothing(desk):
    desk.search()
    page = desk.page
    until_kept(page, states=1, photos=40)
    with page.expect_popup() as popup:
        page.evaluate("open(location.href)")
    other = popup.value
    expect(other.locator("#landing")).to_be_visible()
    other.reload()
    expect(other.locator("#landing")).to_be_visible()
    until_kept(other, states=1, photos=40)
    page.close()
    other.reload()
    until_kept(other, states=0, photos=0)


def search_words(desk, words):
    desk.look.forget()
    field = desk.page.get_by_label("Or describe it in words")
    field.fill(words)
    beside = desk.page.get_by_label("Together with the photo")
    if beside.is_visible():
        beside.uncheck()
    field.press("Enter")
    expect(desk.page.locator("#query-words")).to_have_text(words)
    desk.look.wait_until_done()


def test_back_and_forward_lead_to_what_was_searched_for_before_a_reload(desk):
    desk.open(photos=5)
    look, page = desk.look, desk.page
    search_words(desk, "sea")
    page.get_by_label("Or describe it in words").fill("")
    look.begin(QUERY)
    expect(page.locator("#query-name")).to_have_text("query.png")
    look.wait_until_done()
    search_words(desk, "forest")
    until_kept(page, texts=["forest"], ended=[True])
    page.reload()
    expect(page.locator("#query-words")).to_have_text("forest")
    # A photo is gone with the page; the address tells of what is on show instead.
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?q=forest$"))
    assert desk.told("search") == []
    page.go_back()
    expect(page.locator("#query-words")).to_have_text("sea")
    expect(page).to_have_url(re.compile(r"\?q=sea$"))
    (told,) = desk.until_told("search")
    assert told["text"] == "sea"
    for words in ("forest", "forest"):
        page.go_forward()
        expect(page.locator("#query-words")).to_have_text(words)
        expect(page).to_have_url(re.compile(rf"\?q={words}$"))
    assert len(desk.told("search")) == 1


@pytest.mark.parametrize("words", ["", "sea"])
def test_a_reload_on_the_first_screen_stays_there_and_back_leads_to_the_search(desk, words):
    desk.open(photos=5)
    look, page = desk.look, desk.page
    if words:
        search_words(desk, words)
    else:
        look.search(QUERY)
    until_kept(page, texts=[words], photos=5, ended=[True])
    page.locator("#home").click()
    page.reload()
    expect(look.status).to_contain_text("Ready for your photo")
    expect(page.locator("#landing")).to_be_visible()
    page.go_back()
    expect(look.items).to_have_count(5)
    expect(page.locator("#query-words" if words else "#query-name")).to_have_text(
        words or "query.png"
    )
    page.go_forward()
    expect(page.locator("#landing")).to_be_visible()
    assert desk.told("search") == []


SPOIL = """async () => {
  const database = await new Promise((resolve) => {
    indexedDB.open("lookalike-reload").onsuccess = ({ target }) => resolve(target.result);
  });
  const writing = database.transaction("states", "readwrite");
  const store = writing.objectStore("states");
  store.openCursor().onsuccess = ({ target }) => {
    if (target.result) target.result.update({ ...target.result.value, messages: [{ type: "no" }] });
  };
  await new Promise((resolve) => (writing.oncomplete = resolve));
  database.close();
}"""


def test_what_is_kept_may_be_anything(desk):
    desk.search()
    page = desk.page
    until_kept(page, states=1, photos=40, ended=[True])
    page.evaluate(SPOIL)
    page.reload()
    expect(page.locator("#landing")).to_be_visible()
    expect(desk.look.status).to_contain_text("Ready for your photo")


def test_where_the_browser_keeps_nothing_nothing_breaks(desk):
    refused = "indexedDB.open = () => { throw new DOMException('', 'SecurityError'); }"
    desk.page.add_init_script(f"if (window === top) {refused};")
    desk.search()
    desk.page.reload()
    expect(desk.page.locator("#landing")).to_be_visible()


def test_a_reload_during_and_after_a_search_by_the_real_engine(browser, site, flickr, query):
    with opened(browser, site) as look:
        page = look.page
        flickr.call_latency = 1.0
        look.open(photos=20, sources=["flickr"])
        look.choose(query)
        expect(look.items.nth(4)).to_be_visible(timeout=START_UP)
        until_kept(page, least=5, ended=[False])
        page.reload()
        expect(look.status).to_contain_text(INTERRUPTED)
        expect(look.items.nth(4)).to_be_visible()
        flickr.call_latency = 0.0
        look.button("Search again").click()
        look.wait_until_done()
        pages = look.pages()
        until_kept(page, states=1, photos=20, ended=[True])
        page.reload()
        expect(look.status).to_contain_text("Done: 20 photos compared")
        assert look.pages() == pages
        # The new engine has what it needs to rank them again.
        expect(page.locator("#phases-heading")).to_contain_text("Ready", timeout=START_UP)
        look.items.nth(6).locator(".card-link").focus()
        page.keyboard.press("l")
        expect(look.page.locator("#marked-said")).to_contain_text("1 like")
        page.locator("#open-details").focus()
        # The photo that was searched with is as much like both as the one that is liked.
        liked = look.items.locator(f'.card-link[href="{pages[6]}"]')
        first = look.items.nth(0).or_(look.items.nth(1)).locator(".card-link")
        expect(first.and_(liked)).to_be_visible(timeout=START_UP)


def test_a_reload_right_after_the_end_brings_back_a_search_that_has_ended(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        desk.open(photos=12)
        # Sooner than a test could: a tenth of a second after it has ended.
        desk.page.evaluate(
            """() => {
              const status = document.querySelector("#status");
              const look = () => {
                if (!status.textContent.includes("Done")) return;
                watch.disconnect();
                setTimeout(() => location.reload(), 100);
              };
              const watch = new MutationObserver(look);
              watch.observe(status, { childList: true, characterData: true, subtree: true });
              document.documentElement.classList.add("before");
            }"""
        )
        desk.look.choose(QUERY)
        expect(desk.page.locator("html")).not_to_contain_class("before")
        expect(desk.look.items).to_have_count(12)
        expect(desk.look.status).to_contain_text("Done: 12 photos compared")
        assert desk.told("search") == [], "nothing is searched again"
