"""Searches by words, and by words beside a photo."""

import re

import pytest
from conftest import START_UP, borrowed, opened
from desk import QUERY, desk_page
from playwright.sync_api import expect
from test_accessibility import violations
from test_reload import until_kept

pytestmark = pytest.mark.real_network

NIGHT = "a harbour, at night"


def field(look):
    return look.page.get_by_role("textbox", name="Or describe it in words")


def write(look, words):
    field(look).fill(words)
    field(look).press("Enter")


def last_search(desk):
    desk.look.wait_until_done()
    message = desk.told("search")[-1]
    return message["text"], len(message["queries"])


# -- The page --------------------------------------------------------------------------------------


def test_words_alone_beside_a_photo_and_without_it_again(desk):
    desk.open(photos=5)
    write(desk.look, f"  {NIGHT}\t")
    assert last_search(desk) == (NIGHT, 0)
    page = desk.page
    expect(page.get_by_role("heading", name="Your words", exact=True)).to_be_focused()
    expect(page.locator("#query-words")).to_have_text(NIGHT)
    expect(page.locator("#query-image")).to_be_hidden()
    expect(page.locator("#guesses")).to_have_text("To start from: cat.")
    assert page.get_by_label("Together with the photo").is_hidden()
    # A photo joins the words that the field holds.
    desk.look.begin(QUERY)
    assert last_search(desk) == (NIGHT, 1)
    expect(page.locator("#query-words")).to_have_text(NIGHT)
    expect(page.locator("#query-name")).to_have_text("query.png")
    desk.look.forget()
    write(desk.look, "in snow")
    assert last_search(desk) == ("in snow", 1)
    desk.look.forget()
    page.get_by_label("Together with the photo").uncheck()
    write(desk.look, "in rain")
    assert last_search(desk) == ("in rain", 0)


def test_search_again_the_trail_more_photos_and_exports_keep_the_words(desk):
    desk.open(photos=5)
    look, page = desk.look, desk.page
    field(look).fill("at night")
    look.choose(QUERY)
    assert last_search(desk) == ("at night", 1)
    look.forget()
    look.button("Search again").click()
    assert last_search(desk) == ("at night", 1)
    look.button("Part of it, or more photos").click()
    look.forget()
    page.get_by_role("button", name="Search from these").click()
    assert last_search(desk) == ("at night", 1)
    with page.expect_download() as download:
        page.locator("#export-results summary").click()
        page.get_by_role("button", name="CSV").click()
    assert re.fullmatch(r"lookalike-at-night-[\d-]+-5\.csv", download.value.suggested_filename)
    look.forget()
    page.get_by_label("Together with the photo").uncheck()
    write(look, NIGHT)
    assert last_search(desk) == (NIGHT, 0)
    trail = page.get_by_role("navigation", name="Earlier searches")
    trail.get_by_role("button", name="query.png, “at night”, 5 results").first.click()
    expect(field(look)).to_have_value("at night")
    expect(page.get_by_label("Together with the photo")).to_be_checked()
    trail.get_by_role("button", name=f"“{NIGHT}”, 5 results").click()
    expect(page.locator("#query-words")).to_have_text(NIGHT)


def test_the_address_starts_a_search_and_stays_true_to_what_is_shown(desk):
    page = desk.page
    desk.look.open(at="?q=%20misty%0Aharbour%20%3Cb%3E&photos=1&seed=3#nothing", photos=5)
    assert last_search(desk) == ("misty harbour <b>", 0)
    assert desk.told("search")[-1]["settings"]["photos"] == 5
    expect(page.locator("#query-words")).to_have_text("misty harbour <b>")
    assert page.locator("#query-words b").count() == 0
    expect(page).to_have_url(re.compile(r"\?q=misty\+harbour\+%3Cb%3E#nothing$"))
    desk.look.begin(QUERY)
    assert last_search(desk) == ("misty harbour <b>", 1)
    expect(page).to_have_url(re.compile(r"/desk/#nothing$"))
    page.get_by_label("Together with the photo").uncheck()
    desk.look.forget()
    write(desk.look, "sea")
    assert last_search(desk) == ("sea", 0)
    expect(page).to_have_url(re.compile(r"\?q=sea#nothing$"))
    length = page.evaluate("history.length")
    until_kept(page, texts=["sea"], ended=[True])
    page.reload()
    # What was found is there again, and so nothing is asked.
    expect(page.locator("#query-words")).to_have_text("sea")
    expect(desk.look.items).to_have_count(5)
    assert desk.told("search") == []
    assert page.evaluate("history.length") == length


@pytest.mark.parametrize("at", ["?q=", "?q=%20%09", "?Q=sea", "?words=sea", "#q=sea"])
def test_nothing_else_in_the_address_does_anything(desk, at):
    desk.look.open(at=at, photos=5)
    expect(desk.look.status).to_contain_text("Ready for your photo", timeout=START_UP)
    assert desk.told("search") == []


def test_words_wait_for_a_key_and_for_the_engine(desk):
    desk.look.open(key=None, at="?q=sea", photos=5, sources=["flickr"])
    expect(desk.page.get_by_text("Your search waits here")).to_be_visible()
    desk.look.key_field.fill("0123456789abcdef0123456789abcdef")
    desk.page.keyboard.press("Enter")
    assert last_search(desk) == ("sea", 0)


def test_no_words_are_no_search(desk):
    desk.open(photos=5)
    write(desk.look, "   ")
    assert field(desk.look).evaluate("(field) => field.validity.customError")
    assert desk.told("search") == []
    field(desk.look).press_sequentially("sea")
    assert not field(desk.look).evaluate("(field) => field.validity.customError")


def test_a_single_key_leads_to_the_field(desk):
    desk.open(photos=5)
    desk.page.keyboard.press("/")
    expect(field(desk.look)).to_be_focused()
    desk.page.keyboard.type("o/s")
    expect(field(desk.look)).to_have_value("o/s")
    desk.page.keyboard.press("Enter")
    assert last_search(desk) == ("o/s", 0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(browser, desk_site, scheme, width):
    with desk_page(browser, desk_site, color_scheme=scheme, reduced_motion="reduce") as desk:
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.open(photos=5)
        found = {"first": violations(desk.look, scheme)}
        write(desk.look, NIGHT)
        last_search(desk)
        found["words"] = violations(desk.look, scheme)
        desk.look.begin(QUERY)
        last_search(desk)
        found["both"] = violations(desk.look, scheme)
        assert found == {key: [] for key in found}
        wide = desk.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width


def test_a_restarted_engine_gets_the_words_back(desk):
    desk.open(photos=5)
    field(desk.look).fill("at night")
    desk.look.choose(QUERY)
    assert last_search(desk) == ("at night", 1)
    desk.begin()
    desk.run("while True: pass")
    expect(desk.said).to_contain_text("did not return in time", timeout=8_000)
    (restored,) = desk.until_told("restore")
    assert restored["text"] == "at night"
    assert len(restored["queries"]) == 1


# -- The real engine -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(browser, site, flickr_server):
    """One page for those that need no start: it has looked at photos, and at no words yet."""
    flickr_server.clear()
    with opened(browser, site, alone=True) as look:
        look.table = []
        look.page.context.on(
            "request",
            lambda request: look.table.append(request.url) if "words.npz" in request.url else None,
        )
        yield look.open(photos=60, seed=1)


@pytest.fixture
def visit(page, flickr):
    """A page that has been in use before, and has forgotten what it found then."""
    with borrowed(page) as look:
        look.forget_found()
        yield look


FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def scores_of(look):
    return [float(text) for text in look.items.locator(".score").all_inner_texts()]


def found(look, flickr, count=None):
    """The photos on show, best first."""
    expect(look.items.first).to_be_visible()
    look.page.mouse.move(0, 0)
    # Cards come and move over some frames.
    for _ in range(300):
        look.page.evaluate(FRAMES)
        scores = scores_of(look)
        if scores == sorted(scores, reverse=True):
            break
    links = look.items.locator(".card-link")
    hrefs = links.evaluate_all("(links) => links.map((link) => link.href)")
    ids = dict.fromkeys(re.search(r"/(\d+)$", href)[1] for href in hrefs)
    return [flickr.photo_of(number) for number in ids][:count]


def share(photos, word):
    return sum(word in photo.words for photo in photos) / len(photos)


def a_word(flickr):
    """One that fits the photos there are."""
    shared = any("dog" in photo.words for photo in flickr.photos)
    return "dog" if shared else "balloon"


def test_words_find_photos_and_the_table_is_fetched_only_for_them(visit, flickr, query):
    look = visit
    look.set_numbers(photos=8)
    look.begin(query)
    look.wait_until_done()
    assert look.table == []
    word = a_word(flickr)
    flickr.forget()
    look.set_numbers(photos=60)
    look.page.get_by_label("Together with the photo").uncheck()
    look.forget()
    write(look, f"a {word}")
    look.wait_until_done()
    assert len(look.table) == 1
    photos = found(look, flickr, 10)
    fetched = {request.path for request in flickr.requests("image")}
    looked_at = [photo for photo in flickr.photos if photo.path in fetched]
    assert len(looked_at) >= 50
    # Cats are near dogs by their words, so a share of ten photos hangs on one or two of them.
    assert word in photos[0].words
    assert share(photos, word) > share(flickr.photos, word)
    scores = scores_of(look)
    assert scores == sorted(scores, reverse=True)
    assert all(-1 <= score <= 1 for score in scores)


def test_words_beside_a_photo_are_asked_and_both_count(visit, flickr, query):
    look = visit
    look.set_numbers(photos=40)
    field(look).fill("night")
    look.begin(query)
    look.wait_until_done()
    asked = [request.query["text"] for request in flickr.requests("api")]
    assert asked[0] == "night" or "night" in asked[:3]
    expect(look.items.first).to_be_visible()
    scores = scores_of(look)
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert max(scores) > 0.8
    # A mark moves both, and what was found stays. The last one may have the least to do with the
    # words: it would stay the last.
    count = look.items.count()
    liked = look.items.nth(count // 2)
    address = liked.locator(".card-link").get_attribute("href")
    liked.get_by_role("button", name="Like", exact=True).click()
    look.page.mouse.move(0, 0)
    expect(look.items).to_have_count(count)
    expect(liked.locator(".card-link")).not_to_have_attribute("href", address)
    assert address in look.pages()[: count // 2]


def test_unknown_words_are_asked_and_that_is_said(visit, flickr, query):
    look = visit
    word = a_word(flickr)
    look.set_numbers(photos=12)
    look.page.get_by_label("Together with the photo").uncheck()
    look.forget()
    write(look, f"xqzzy {word}")
    look.wait_until_done()
    note = look.page.locator("#query-note")
    expect(note).to_contain_text("“xqzzy” is unknown here. It is asked of Flickr;")
    look.forget()
    write(look, "xqzzy")
    expect(note).to_contain_text("“xqzzy” is unknown here. These are plain results of Flickr")
    look.wait_until_done()
    look.begin(query)
    look.wait_until_done()
    expect(note).to_contain_text("by your photo alone")
    expect(look.items.first).to_be_visible()


def test_a_table_that_is_missing_is_said_and_the_search_goes_on(fork, flickr):
    (fork.site.folder / "models" / "words.npz").unlink()
    fork.expect_errors("404")
    fork.open(photos=12, at=f"?q={a_word(flickr)}")
    fork.wait_until_done()
    note = fork.page.locator("#query-note")
    expect(note).to_contain_text("The file words.npz is missing")
    expect(fork.items.first).to_be_visible()


def test_the_address_alone_finds_photos_which_another_engine_ranks_again(look, flickr):
    word = a_word(flickr)
    look.open(photos=12, seed=1, at=f"?q={word}")
    look.wait_until_done()
    photos = found(look, flickr)
    assert share(photos[:5], word) > 2 * share(flickr.photos, word)
    before = [photo.id for photo in photos]
    look.button("Scoring").click()
    panel = look.page.get_by_role("region", name="Scoring")
    code = panel.get_by_role("textbox", name="Score function, in Python")
    expect(panel.get_by_role("status")).to_contain_text(
        "score function in charge", timeout=START_UP
    )
    for text, said in (("while True: pass", "did not return"), (None, "12 photos ranked again")):
        code.focus()
        look.page.keyboard.press("Control+a")
        look.page.keyboard.insert_text(text or SCORE)
        look.page.keyboard.press("Control+Enter")
        expect(panel.get_by_role("status")).to_contain_text(said, timeout=START_UP)
    assert [photo.id for photo in found(look, flickr)] == before


SCORE = """
from lookalike.images import prepare

async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), ["avg_pool"]))["avg_pool"][0]

def embs2score(source, candidate):
    return float(source @ candidate)
"""


def test_words_from_right_to_left_are_written_so(desk):
    hebrew = "\u05e9\u05e7\u05d9\u05e2\u05d4, \u05d9\u05dd!"
    desk.open(photos=5)
    directions = """() => ["#words", "#query-words", ".chip-word", ".asked"].map(
      (place) => [place, getComputedStyle(document.querySelector(place)).direction])"""
    write(desk.look, hebrew)
    expect(desk.page.locator("#query-words")).to_have_text(hebrew)
    desk.look.wait_until_done()
    found = dict(desk.page.evaluate(directions))
    # What the engine asks for here is English.
    assert found == {"#words": "rtl", "#query-words": "rtl", ".chip-word": "ltr", ".asked": "ltr"}
    every = "(places) => places.every((each) => each.dir === 'auto')"
    assert desk.page.locator(".card-title, .chip-word, .asked").evaluate_all(every)
