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


def zoom(visit):
    """How much the photo is enlarged, in percent."""
    (text,) = visit.page.texts("#viewer-zoom") or [""]
    return int(text.removesuffix(" %") or 100)


def zooms(visit, expected):
    visit.page.wait(lambda: expected(zoom(visit)), "another size")


def moved(visit):
    """How far the photo is from its place, in pixels."""
    shown = "document.querySelector('#viewer-image')"
    return visit.page.evaluate(
        f"const at = new DOMMatrix(getComputedStyle({shown}).transform); return [at.e, at.f]"
    )


def frame(visit):
    (place,) = visit.page.elements("return [document.querySelector('#viewer-frame')]")
    return visit.page.middle(place)


@pytest.fixture
def opened(visit):
    """The first photo, in the viewer, whole."""
    open_first(visit)
    # Only what is larger than its frame can be moved.
    loaded = "return document.querySelector('#viewer-image').naturalWidth > 1"
    visit.page.wait(lambda: visit.page.evaluate(loaded), "the picture", visit.start_up)
    assert zoom(visit) == 100
    yield visit
    visit.page.press("Escape")
    visit.page.gone("dialog")


@pytest.mark.parametrize("pointer", ["mouse", "touch"])
def test_a_double_click_or_tap_enlarges_there_and_shows_it_whole_again(opened, pointer):
    x, y = frame(opened)

    def double():
        opened.page.stroke([(x + 40, y)], pointer)
        opened.page.stroke([(x + 40, y)], pointer)
        return zoom(opened)

    # On a busy machine the second one may come too late, and is the first one of the next two.
    opened.page.wait(lambda: double() == 250, "it is larger")
    # What was under the pointer still is.
    assert moved(opened)[0] == pytest.approx(-60, abs=1)
    opened.page.wait(lambda: double() == 100, "it is whole")
    # One alone does nothing, nor does a second elsewhere.
    opened.page.stroke([(x, y)], pointer)
    opened.page.stroke([(x - 120, y)], pointer)
    assert zoom(opened) == 100


def test_two_fingers_enlarge_and_lead_to_no_other_photo(opened):
    first = heading(opened)
    opened.page.pinch(frame(opened), 40, 120)
    zooms(opened, lambda size: size == pytest.approx(300, abs=20))
    opened.page.pinch(frame(opened), 150, 30)
    zooms(opened, lambda size: size == 100)
    assert heading(opened) == first


def test_a_wheel_with_control_enlarges_and_one_alone_does_not(opened):
    turn = """const [ctrlKey, deltaY] = arguments;
      const frame = document.querySelector('#viewer-frame');
      const { left, top, width, height } = frame.getBoundingClientRect();
      const place = { clientX: left + width / 2, clientY: top + height / 2 };
      const event = new WheelEvent('wheel', { ...place, ctrlKey, deltaY, cancelable: true });
      return frame.dispatchEvent(event);"""
    assert opened.page.evaluate(turn, False, -240)
    assert zoom(opened) == 100
    # Else the whole page would be enlarged.
    assert not opened.page.evaluate(turn, True, -240)
    zooms(opened, lambda size: size == 200)


def test_keys_and_buttons_enlarge_and_shrink(opened):
    opened.page.press("+")
    zooms(opened, lambda size: size == 150)
    opened.page.click("button", "Zoom in")
    zooms(opened, lambda size: size == 225)
    opened.page.press("-")
    opened.page.click("button", "Zoom out")
    zooms(opened, lambda size: size == 100)
    opened.page.press("+")
    opened.page.press("0")
    zooms(opened, lambda size: size == 100)


@pytest.mark.parametrize("pointer", ["mouse", "touch"])
def test_a_drag_moves_an_enlarged_photo_and_leads_on_from_a_whole_one(opened, pointer):
    first = heading(opened)
    x, y = frame(opened)
    drag = [(x + 75, y), (x, y + 20), (x - 75, y + 40)]
    for _ in range(5):
        opened.page.press("+")
    opened.page.stroke(drag, pointer)
    opened.page.wait(lambda: moved(opened) == pytest.approx([-150, 40], abs=2), "it has moved")
    assert heading(opened) == first
    opened.page.press("0")
    opened.page.stroke(drag, pointer)
    opened.page.wait(lambda: heading(opened) != first, "the next photo")
    assert zoom(opened) == 100


def test_arrows_move_an_enlarged_photo_and_lead_on_from_a_whole_one(opened):
    first = heading(opened)
    for _ in range(5):
        opened.page.press("+")
    opened.page.press("ArrowRight")
    opened.page.wait(lambda: moved(opened) == [-80, 0], "it has moved left")
    opened.page.press("ArrowDown")
    opened.page.wait(lambda: moved(opened) == [-80, -80], "it has moved up")
    assert heading(opened) == first
    # The buttons lead on all the same, and the next photo is whole.
    opened.page.click("button", "Next photo")
    opened.page.wait(lambda: heading(opened) != first, "the next photo")
    assert zoom(opened) == 100
    opened.page.press("ArrowLeft")
    opened.page.wait(lambda: heading(opened) == first, "the first photo again")


def test_a_photo_that_is_opened_comes_larger(opened):
    wide = "return document.querySelector('#viewer-image').naturalWidth"
    opened.page.wait(lambda: opened.page.evaluate(wide) == 600, "the larger picture")


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
    right = "return document.querySelector('.query-photo-right').valueAsNumber"
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
