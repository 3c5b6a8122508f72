"""What fingers, mice and keys do in the gallery, the same in Chromium, Firefox and WebKit.

The engine only says what the real one would, so that a page is ready at once.
"""

import pytest
from drivers.opening import NAMES, opened_page
from visit import RESULTS, STATUS, Visit

DROP = """
const [name, bytes, kind] = arguments;
const data = new DataTransfer();
data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
const options = { bubbles: true, cancelable: true };
const events = kind === "paste"
  ? [Object.defineProperty(new Event("paste", options), "clipboardData", { value: data })]
  : ["dragover", "drop"].map((type) => new DragEvent(type, { ...options, dataTransfer: data }));
for (const event of events) document.body.dispatchEvent(event);
"""
LONG = 0.7  # seconds; see long-press.js
VIEWER = "#viewer[open]"


@pytest.fixture(scope="module", params=NAMES)
def place(request, desk_site, query, tmp_path_factory):
    """A page with the results of a search; each test leaves it with nothing open or marked."""
    folder = tmp_path_factory.mktemp(request.param)
    photo = folder / "query.jpg"
    photo.write_bytes(query[1])
    with opened_page(request.param, request, folder) as page:
        visit = Visit(page, desk_site)
        visit.open(key=None, sources=["openverse"], photos=12)
        visit.search(photo)
        yield visit


@pytest.fixture
def visit(place):
    yield place
    assert place.page.problems() == []


def cards(visit):
    find = f"return [...document.querySelectorAll('{RESULTS} .card-link')]"
    return visit.page.wait(lambda: visit.page.elements(find), "photos")


def heading(visit):
    return visit.page.texts(f"{VIEWER} h2")[0]


def open_first(visit):
    visit.page.stroke([visit.page.middle(cards(visit)[0])])
    visit.page.sees("dialog")
    return heading(visit)


def test_a_photo_opens_by_a_click_and_keys_lead_on_and_out(visit):
    first = open_first(visit)
    visit.page.press("ArrowRight")
    visit.page.wait(lambda: heading(visit) != first, "the next photo")
    visit.page.press("ArrowLeft")
    visit.page.wait(lambda: heading(visit) == first, "the first photo again")
    visit.page.press("Escape")
    visit.page.gone("dialog")


def test_a_tap_opens_and_a_swipe_leads_on(visit):
    visit.page.stroke([visit.page.middle(cards(visit)[0])], "touch")
    visit.page.sees("dialog")
    first = heading(visit)
    (stage,) = visit.page.elements("return [document.querySelector('#viewer-stage')]")
    x, y = visit.page.middle(stage)
    visit.page.stroke([(x + 150, y), (x, y), (x - 150, y)], "touch")
    visit.page.wait(lambda: heading(visit) != first, "the next photo")
    visit.page.stroke([(x - 150, y), (x, y), (x + 150, y)], "touch")
    visit.page.wait(lambda: heading(visit) == first, "the first photo again")
    visit.page.press("Escape")
    visit.page.gone("dialog")


def test_a_long_press_shows_what_can_be_done(visit):
    (sign,) = visit.page.elements(
        f"return [document.querySelector('{RESULTS}:nth-child(2) [aria-pressed] .icon')]"
    )
    shown = "return arguments[0].checkVisibility()"
    assert not visit.page.evaluate(shown, sign)
    visit.page.stroke([visit.page.middle(cards(visit)[1])], "touch", rest=LONG)
    visit.page.wait(lambda: visit.page.evaluate(shown, sign), "the buttons")
    assert visit.page.count(VIEWER) == 0


def test_keys_like_and_dislike_and_walk(visit):
    visit.page.evaluate("arguments[0].focus()", cards(visit)[0])
    visit.page.press("ArrowRight")
    focused = "return document.activeElement === arguments[0]"
    second = cards(visit)[1]
    visit.page.wait(lambda: visit.page.evaluate(focused, second), "the second photo's focus")
    pressed = (
        "return [...document.querySelectorAll('#results [aria-pressed=true]')].map((b) => b.title)"
    )
    visit.page.press("l")
    visit.page.wait(lambda: len(visit.page.evaluate(pressed)) == 1, "a like")
    visit.page.press("x")
    visit.page.wait(lambda: len(visit.page.evaluate(pressed)) == 1, "another mark in its place")
    visit.page.press("x")
    visit.page.wait(lambda: not visit.page.evaluate(pressed), "no mark")


def test_a_part_is_drawn_and_pulled_with_the_mouse(visit):
    visit.page.click("button", "Part of it, or more photos")
    visit.page.sees("dialog", "What to search from")
    image = visit.page.sees("img", "query.jpg", within="dialog[open]")
    x, y = visit.page.middle(image)
    visit.page.stroke([(x - 20, y - 20), (x, y), (x + 20, y + 20)])
    visit.page.sees("button", "Whole photo")
    right = "return document.querySelector('.source-right').valueAsNumber"
    drawn = visit.page.evaluate(right)
    assert 50 < drawn < 100
    visit.page.stroke([(x + 20, y + 20), (x + 30, y + 30), (x + 40, y + 40)])
    visit.page.wait(lambda: visit.page.evaluate(right) > drawn, "a corner is pulled")
    visit.page.press("Escape")
    visit.page.gone("dialog")


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_photo_is_taken_in(visit, query, how):
    visit.forget()
    visit.page.evaluate(DROP, f"{how}.jpg", list(query[1]), how)
    visit.page.says("#query-name", f"{how}.jpg")
    visit.wait_until_done()


def test_a_key_keeps_a_photo_and_a_reload_brings_all_back(visit):
    # What comes before may have seen the end of an earlier search.
    visit.page.says(STATUS, "Done: 12 photos")
    before = visit.results
    shown = f"return document.querySelector('{RESULTS}[data-picture=shown]') !== null"
    visit.page.wait(lambda: visit.page.evaluate(shown), "a picture", visit.start_up)
    visit.page.evaluate(
        f"document.querySelector('{RESULTS}[data-picture=shown] .card-link').focus()"
    )
    visit.page.press("k")
    visit.page.sees("button", "Shortlist 1")
    visit.page.reload()
    visit.page.says(STATUS, "Done")
    visit.page.wait(lambda: visit.results == before, "the same photos")
    visit.page.click("button", "Shortlist 1")
    visit.page.sees("dialog", "Shortlist")
    visit.page.wait(lambda: visit.page.count("#shortlist-photos > li") == 1, "the photo")
    visit.page.press("Escape")
    visit.page.gone("dialog")
