"""The gallery: photos in their own proportions, which rest while somebody is there."""

import re
import threading
from statistics import median

import pytest
from conftest import START_UP, opened
from desk import QUERY, Desk, desk_page
from playwright.sync_api import expect
from test_accessibility import violations

SHARE = """() => {
  const [width, height] = [document.documentElement.clientWidth, innerHeight];
  const within = (from, to, end) => Math.max(0, Math.min(to, end) - Math.max(from, 0));
  const images = [...document.querySelectorAll("#results img")];
  const boxes = images.map((image) => image.getBoundingClientRect());
  const seen = boxes.map((b) => within(b.left, b.right, width) * within(b.top, b.bottom, height));
  return {
    share: seen.reduce((sum, area) => sum + area, 0) / (width * height),
    first: Math.min(...boxes.map((box) => box.top)),
    header: document.querySelector("#bar").offsetHeight,
    wide: document.documentElement.scrollWidth - width,
  };
}"""
BOXES = """(images) => images.map((image) => {
  const { left, right, top, width, height } = image.getBoundingClientRect();
  return { left, right, top, height, drawn: width / height,
           own: image.naturalWidth / image.naturalHeight };
})"""
CUT = """(badges) => badges.filter((badge) => {
  const [own, card] = [badge, badge.parentElement].map((e) => e.getBoundingClientRect());
  return badge.scrollWidth > badge.clientWidth + 1 || own.right > card.right + 1
    || own.top < card.top - 1 || !own.width;
}).length"""
PLACE = "(card) => [card.offsetLeft, card.offsetTop, card.offsetWidth, card.offsetHeight]"
FRAMES = """() => new Promise((settle) => {
  const step = (left) => left ? requestAnimationFrame(() => step(left - 1)) : settle();
  step(3);
})"""
MIXED = 46
"""The seed at which photos have many proportions, panoramas among them."""
PHONE = {"is_mobile": True, "has_touch": True}


@pytest.fixture
def gallery(browser, desk_site):
    """A search that is done, as somebody sees it on their first visit."""
    with desk_page(browser, desk_site) as desk:
        searched(desk)
        yield desk


def searched(desk, photos=40, **settings):
    desk.open(details=False, photos=photos, **settings)
    desk.look.search(QUERY)
    expect(desk.look.items).to_have_count(min(30, photos))
    return desk


def rows_of(desk):
    """The boxes of the photos, row by row."""
    rows = {}
    for box in desk.look.items.locator("img").evaluate_all(BOXES):
        rows.setdefault(round(box["top"]), []).append(box)
    return [rows[top] for top in sorted(rows)]


def places(desk):
    """The numbers of the photos, in their order."""
    return [int(page.rpartition("/")[2]) for page in desk.look.pages()]


def tile(desk, number):
    return desk.page.locator(f"#results a[href$='/o/{number}']")


@pytest.fixture
def viewer(gallery):
    return gallery.page.get_by_role("dialog")


# How much of the screen is photos


@pytest.mark.parametrize(
    ("width", "height", "least", "phone"),
    [(1024, 768, 0.6, False), (1920, 1080, 0.6, False), (390, 844, 0.7, True)],
)
def test_most_of_the_screen_is_photos(browser, desk_site, width, height, least, phone):
    options = PHONE if phone else {}
    with opened(browser, desk_site, **options) as look:
        look.page.set_viewport_size({"width": width, "height": height})
        searched(Desk(look))
        seen = look.page.evaluate(SHARE)
        print(f"{width} x {height}: {seen}")
        assert seen["share"] > least
        assert seen["wide"] <= 0
        if phone:
            assert seen["first"] <= 120
            assert seen["header"] <= 48


@pytest.mark.parametrize("width", [390, 1280])
def test_photos_keep_their_proportions_in_rows_that_fill_the_width(browser, desk_site, width):
    with desk_page(browser, desk_site) as desk:
        desk.page.set_viewport_size({"width": width, "height": 900})
        searched(desk)
        boxes = desk.look.items.locator("img").evaluate_all(BOXES)
        assert all(abs(box["drawn"] / box["own"] - 1) < 0.03 for box in boxes)
        assert len({round(box["own"], 2) for box in boxes}) == 3
        left, right = min(b["left"] for b in boxes), max(b["right"] for b in boxes)
        *full, _ = rows_of(desk)
        assert len(full) > 2
        for row in full:
            assert abs(row[0]["left"] - left) < 2
            assert abs(row[-1]["right"] - right) < 2
            assert max(b["height"] for b in row) - min(b["height"] for b in row) < 1.5


@pytest.mark.parametrize(("width", "told"), [(390, False), (1280, True)])
def test_small_photos_do_not_name_their_source(browser, desk_site, width, told):
    with desk_page(browser, desk_site) as desk:
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.open(details=False, photos=40, sources=["openverse", "commons"])
        desk.look.search(QUERY)
        wide = desk.look.items.filter(has_not=desk.page.locator(":scope[data-under~='14']"))
        assert (wide.count() > 0) is told
        named = desk.look.items.get_by_text(re.compile("^(Openverse|Wikimedia Commons)$"))
        expect(named.filter(visible=True)).to_have_count(wide.count())


@pytest.mark.parametrize(("width", "even"), [(390, 0.85), (768, 0.95), (1280, 1)])
def test_rows_are_about_equally_high_whatever_the_photos(browser, desk_site, width, even):
    with desk_page(browser, desk_site) as desk:
        desk.page.set_viewport_size({"width": width, "height": 900})
        desk.open(details=False, photos=240, seed=MIXED, sources=["openverse", "commons"])
        desk.look.search(QUERY)
        while (count := desk.look.items.count()) < 240:
            desk.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            expect(desk.look.items.nth(count)).to_be_attached()
        *full, last = rows_of(desk)
        heights = [row[0]["height"] for row in full]
        middle = median(heights)
        share = sum(abs(height / middle - 1) <= 0.25 for height in heights) / len(heights)
        print(f"{width}: {len(full)} rows, {share:.3f} even, {min(heights)} to {max(heights)}")
        assert share >= even
        assert max(heights) < 1.6 * middle
        assert last[0]["height"] < 1.3 * middle
        right = max(row[-1]["right"] for row in full)
        assert all(abs(row[-1]["right"] - right) < 2 for row in full)
        boxes = [box for row in full for box in row]
        assert all(abs(box["drawn"] / box["own"] - 1) < 0.03 for box in boxes)


def test_rows_rest_under_a_pointer_while_photos_come(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        desk.open(details=False, photos=400, sources=["openverse", "commons"])
        desk.look.search(QUERY)
        expect(desk.look.items.nth(29)).to_be_attached()
        # At the last row, which would fill up else.
        desk.look.items.last.hover()
        here = "document.querySelector('#results > li:hover a').href"
        card = desk.page.locator(f"#results li:has(a[href='{desk.page.evaluate(here)}'])")
        place = card.evaluate(PLACE)
        count = desk.look.items.count()
        desk.page.locator("#show-more").dispatch_event("click")
        expect(desk.look.items.nth(count + 9)).to_be_attached()
        assert card.evaluate(PLACE) == place


def test_rows_are_laid_again_for_another_width(gallery):
    for width in (1280, 700, 390):
        gallery.page.set_viewport_size({"width": width, "height": 900})
        # An observer tells of the width in a frame, and they are laid in the next one.
        gallery.page.evaluate(FRAMES)
        *full, _ = rows_of(gallery)
        heights = [row[0]["height"] for row in full]
        assert len(full) > 3
        assert max(heights) <= 1.6 * min(heights)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_licence_is_never_cut_off_whatever_the_size_which_is_remembered(
    browser, desk_site, width
):
    with desk_page(browser, desk_site) as desk:
        desk.page.set_viewport_size({"width": width, "height": 800})
        searched(desk, sources=["openverse", "commons", "flickr"])
        size = desk.page.get_by_role("slider", name="Size")
        heights = []
        for step in "042":
            desk.look.tools()
            size.fill(step)
            heights.append(desk.look.items.first.bounding_box()["height"])
            assert desk.look.items.locator(".licence").evaluate_all(CUT) == 0
            # The whole words stand in one line, or the short ones in their place.
            long = desk.look.items.locator(".licence-long:visible")
            assert all(box["height"] < 24 for box in long.evaluate_all(BOXES))
            assert desk.page.evaluate(SHARE)["wide"] <= 0
        assert heights[0] < heights[2] < heights[1] or width < 400
        size.fill("4")
        desk.page.reload()
        expect(desk.page.locator("#size")).to_have_value("4")


def test_until_a_picture_is_judged_its_place_has_its_colour(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        held, free = [], threading.Event()
        desk.page.route(
            "**/models/nsfw.onnx",
            lambda route: route.continue_() if free.is_set() else held.append(route),
        )
        searched(desk, photos=3, judged=True)
        # The first photo of the fake engine is of one red.
        red = re.compile(r"rgb\((20\d|19\d), (4\d|5\d), (4\d|5\d)\)")
        card = desk.look.items.first
        expect(card).to_have_css("background-color", red)
        expect(card).to_have_attribute("data-picture", "waiting")
        # It may be asked for only later.
        free.set()
        for route in held:
            route.continue_()
        expect(card).to_have_attribute("data-picture", "shown", timeout=START_UP)


# The viewer


def test_a_click_opens_a_photo_beside_the_query_and_arrows_lead_on(gallery, viewer):
    gallery.look.items.nth(1).click()
    expect(viewer).to_be_visible()
    expect(viewer.locator("#viewer-query-image")).to_have_attribute("alt", "Your photo, query.png")
    gallery.page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("heading", name="Photo 2")).to_be_visible()
    expect(viewer).to_contain_text("3 of 40")
    expect(viewer).to_contain_text("by Owner 2")
    expect(viewer).to_contain_text("Free to use; name the author.")
    expect(viewer).to_contain_text("By asking for “cat”.")
    expect(viewer).to_contain_text("100 % of what your photo scores with itself.")
    page = viewer.get_by_role("link", name=re.compile("^Its page"))
    expect(page).to_have_attribute("href", "https://www.flickr.com/photos/o/2")
    gallery.page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(tile(gallery, 2)).to_be_focused()


def test_back_closes_the_viewer_and_forward_opens_it(gallery, viewer):
    gallery.look.items.first.click()
    expect(viewer).to_be_visible()
    gallery.page.go_back()
    expect(viewer).to_be_hidden()
    assert gallery.look.items.count() == 30
    gallery.page.go_forward()
    expect(viewer.get_by_role("heading", name="Photo 0")).to_be_visible()


def test_back_and_forward_lead_through_searches_and_photos(gallery, viewer):
    page = gallery.page
    gallery.look.begin(("second.png", QUERY[1]))
    gallery.look.wait_until_done()
    gallery.look.items.nth(2).click()
    expect(viewer).to_be_visible()
    page.go_back()
    expect(viewer).to_be_hidden()
    name = page.locator("#query-name")
    expect(name).to_have_text("second.png")
    page.go_back()
    expect(name).to_have_text("query.png")
    expect(gallery.look.items).to_have_count(30)
    page.go_forward()
    expect(name).to_have_text("second.png")
    page.go_forward()
    expect(viewer.get_by_role("heading", name="Photo 2")).to_be_visible()


def test_the_viewer_copies_marks_and_searches_on(gallery, viewer):
    gallery.look.allow_clipboard()
    gallery.look.items.nth(3).click()
    viewer.get_by_role("button", name="Copy credit").click()
    expect(viewer.get_by_role("status")).to_contain_text("Copied: “Photo 3” by Owner 0, CC BY 4.0")
    viewer.get_by_role("button", name="Like", exact=True).click()
    expect(viewer.get_by_role("button", name="Like", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(viewer).to_contain_text("It scores higher than your photo itself.")
    gallery.look.forget()
    viewer.get_by_role("button", name="More like this").click()
    gallery.look.wait_until_done()
    expect(viewer).to_be_hidden()
    # It is not what it is most like.
    expect(gallery.look.items.first).to_contain_text("Photo 0")
    gallery.expect_order(0, 1, 2, 4)
    assert [sent["photo"] for sent in gallery.told("mark")] == ["3"]
    assert len(gallery.told("search")) == 2


def test_a_photo_that_is_opened_comes_larger_and_no_other_is_asked_for(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        searched(desk, photos=12, sources=["openverse", "commons"])
        image = desk.page.locator("#viewer-image")
        tile(desk, 2).click()
        # The small one is there at once, and the larger one takes its place.
        expect(image).to_have_js_property("naturalWidth", 480, timeout=START_UP)
        desk.page.keyboard.press("ArrowRight")
        expect(desk.page.get_by_role("heading", name="Photo 3")).to_be_visible()
        # The fake Wikimedia Commons names none.
        expect(image).to_have_js_property("naturalWidth", 150)
        desk.page.keyboard.press("ArrowLeft")
        expect(image).to_have_js_property("naturalWidth", 480)
        desk.page.keyboard.press("Escape")
        desk.page.locator("#left-summary").click()
        left = desk.page.locator("#left-list")
        expect(left).to_contain_text("live.staticflickr.com/1/2_b.jpg")
        assert left.inner_text().count("_b.jpg") == 1


def test_a_larger_picture_that_cannot_be_had_leaves_the_small_one(gallery):
    tile(gallery, 7).click()
    image = gallery.page.locator("#viewer-image")
    expect(image).to_have_js_property("naturalWidth", 100, timeout=START_UP)
    gallery.page.keyboard.press("ArrowRight")
    expect(image).to_have_js_property("naturalWidth", 480)
    gallery.page.keyboard.press("ArrowLeft")
    expect(image).to_have_js_property("naturalWidth", 100)


def test_a_swipe_leads_on(browser, desk_site):
    with desk_page(browser, desk_site, **PHONE) as desk:
        desk.page.set_viewport_size({"width": 390, "height": 844})
        searched(desk)
        desk.look.items.first.locator(".card-link").tap()
        box = desk.page.locator("#viewer-stage").bounding_box()
        y = box["y"] + box["height"] / 2
        desk.page.mouse.move(300, y)
        desk.page.mouse.down()
        desk.page.mouse.move(100, y)
        desk.page.mouse.up()
        expect(desk.page.get_by_role("heading", name='=HYPERLINK("http')).to_be_visible()


def test_a_long_press_shows_what_can_be_done(browser, desk_site):
    with desk_page(browser, desk_site, **PHONE) as desk:
        desk.page.set_viewport_size({"width": 390, "height": 844})
        searched(desk)
        card = desk.look.items.nth(2)
        like = card.get_by_role("button", name="Like", exact=True)
        expect(like).to_be_hidden()
        finger = """(link, type) => {
          const event = new PointerEvent(type, { bubbles: true, pointerType: "touch" });
          link.dispatchEvent(event);
        }"""
        card.locator(".card-link").evaluate(finger, "pointerdown")
        expect(like).to_be_visible()
        card.locator(".card-link").evaluate(finger, "pointerup")
        like.tap()
        expect(like).to_have_attribute("aria-pressed", "true")
        expect(desk.page.get_by_text("Re-sorted by 1 like")).to_be_visible()


# Stillness


def test_nothing_moves_under_the_pointer_and_a_like_can_be_undone(gallery):
    before = places(gallery)
    card = gallery.look.items.nth(4)
    box = card.bounding_box()
    card.get_by_role("button", name="Like", exact=True).click()
    expect(gallery.page.get_by_text("1 like: the new order comes")).to_be_visible()
    assert places(gallery) == before
    assert card.bounding_box() == box
    gallery.page.mouse.move(0, 0)
    expect(gallery.page.get_by_text("Re-sorted by 1 like")).to_be_visible()
    assert places(gallery)[0] == before[4]
    gallery.look.button("Undo").click()
    assert [sent["mark"] for sent in gallery.until_told("mark", 2)] == ["liked", "none"]
    expect(gallery.page.get_by_text("Re-sorted by")).to_be_hidden()


def test_the_new_order_can_be_had_at_once_and_more_found(gallery):
    tile(gallery, 4).focus()
    gallery.page.keyboard.press("l")
    newer = gallery.look.button("Show the new order")
    expect(newer).to_be_visible()
    assert places(gallery)[:5] == [0, 1, 2, 3, 4]
    gallery.page.keyboard.press("Tab")
    expect(newer).to_be_focused()
    gallery.page.keyboard.press("Enter")
    expect(gallery.look.items.first.get_by_role("link")).to_have_attribute(
        "href", re.compile("/4$")
    )
    gallery.look.status.evaluate("(status) => status.replaceChildren()")
    gallery.look.button("Find more").click()
    gallery.look.wait_until_done()
    assert [weight for _, weight, _ in gallery.told("search")[-1]["queries"]] == [1, 1]


def test_photos_do_not_fly(gallery):
    gallery.look.items.nth(4).get_by_role("button", name="Like", exact=True).click()
    gallery.page.mouse.move(0, 0)
    expect(gallery.page.get_by_text("Re-sorted by 1 like")).to_be_visible()
    # Of the photos: the line of progress may still be on its way.
    moved = """() => document.querySelector("#results").getAnimations({ subtree: true })
      .flatMap((animation) => animation.effect.getKeyframes()).some((frame) => frame.transform)"""
    assert not gallery.page.evaluate(moved)


def test_the_query_s_picture_leads_to_its_parts_where_no_sheet_has_anything_to_hold(gallery):
    picture = gallery.page.locator("#open-query")
    picture.click()
    parts = gallery.page.get_by_role("dialog", name="What to search from")
    expect(parts).to_be_visible()
    expect(gallery.page.locator("#query-sheet")).to_be_hidden()
    gallery.page.keyboard.press("Escape")
    gallery.page.set_viewport_size({"width": 768, "height": 900})
    picture.click()
    expect(gallery.page.locator("#query-sheet")).to_be_visible()
    expect(parts).to_be_hidden()


# More of them


def test_photos_come_on_as_one_scrolls_and_by_a_button(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        desk.open(details=False, photos=200, sources=["openverse", "commons"])
        desk.look.search(QUERY)
        more = desk.page.get_by_role("button", name="Show more")
        expect(more).to_be_attached()
        # It does not run away from who is there by keyboard, and leads on to the first of the new.
        more.focus()
        before = places(desk)
        assert 30 <= len(before) < 200
        desk.page.keyboard.press("Enter")
        expect(tile(desk, len(before))).to_be_focused()
        assert places(desk)[: len(before)] == before
        while (count := desk.look.items.count()) < 200:
            desk.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            expect(desk.look.items.nth(count)).to_be_attached()
        assert places(desk) == list(range(200))
        expect(desk.page.get_by_role("navigation", name="Pages")).to_be_hidden()
        desk.page.keyboard.press("End")
        expect(tile(desk, 199)).to_be_focused()


# Keyboard


def test_the_gallery_is_one_stop_with_arrows_inside(gallery):
    gallery.page.locator("#skip").focus()
    gallery.page.keyboard.press("Enter")
    expect(tile(gallery, 0)).to_be_focused()
    gallery.page.keyboard.press("ArrowRight")
    expect(tile(gallery, 1)).to_be_focused()
    gallery.page.keyboard.press("ArrowDown")
    below = gallery.page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert below > gallery.look.items.first.bounding_box()["y"]
    gallery.page.keyboard.press("ArrowUp")
    gallery.page.keyboard.press("Home")
    gallery.page.keyboard.press("l")
    expect(
        gallery.look.items.first.get_by_role("button", name="Like", exact=True)
    ).to_have_attribute("aria-pressed", "true")
    gallery.page.keyboard.press("x")
    assert [sent["mark"] for sent in gallery.until_told("mark", 2)] == ["liked", "disliked"]
    gallery.page.keyboard.press("Enter")
    expect(gallery.page.get_by_role("dialog")).to_be_visible()
    gallery.page.keyboard.press("Escape")
    expect(tile(gallery, 0)).to_be_focused()
    gallery.page.keyboard.press("Tab")
    assert not gallery.page.evaluate("document.activeElement.closest('#results')")


def test_words_asked_are_chips_with_more_and_less(gallery):
    chips = gallery.page.get_by_role("list", name="Words asked")
    more = chips.get_by_role("button", name="More of “cat”")
    more.click()
    expect(more).to_have_attribute("aria-pressed", "true")
    chips.get_by_role("button", name="Without “cat”").click()
    expect(more).to_have_attribute("aria-pressed", "false")


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1280])
def test_axe_finds_nothing_in_the_gallery(browser, desk_site, scheme, width):
    options = {"color_scheme": scheme, "reduced_motion": "reduce"}
    with desk_page(browser, desk_site, **options) as desk:
        desk.page.set_viewport_size({"width": width, "height": 900})
        searched(desk, photos=12, sources=["openverse", "commons"])
        found = {"gallery": violations(desk.look, scheme)}
        tile(desk, 1).focus()
        desk.page.keyboard.press("l")
        found["focus and a like"] = violations(desk.look, scheme)
        desk.page.keyboard.press("Enter")
        expect(desk.page.get_by_role("dialog")).to_be_visible()
        found["viewer"] = violations(desk.look, scheme)
        desk.page.keyboard.press("Escape")
        desk.look.button("Details").click()
        found["details"] = violations(desk.look, scheme)
        desk.page.get_by_role("region", name="Details").get_by_role("button", name="Close").click()
        desk.look.tools()
        found["tools"] = violations(desk.look, scheme)
        assert found == {key: [] for key in found}


@pytest.mark.parametrize("width", [320, 640])
def test_a_small_phone_and_twice_the_zoom_need_no_sideways_scroll(browser, desk_site, width):
    with desk_page(browser, desk_site) as desk:
        desk.page.set_viewport_size({"width": width, "height": 512})
        desk.open(details=False, photos=30)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert desk.page.evaluate(wide) <= 0
        desk.look.search(QUERY)
        expect(desk.look.items).to_have_count(30)
        assert desk.page.evaluate(wide) <= 0
        desk.look.button("Details").click()
        assert desk.page.evaluate(wide) <= 0
        desk.page.keyboard.press("Escape")
        expect(desk.page.get_by_role("region", name="Details")).to_be_hidden()
        desk.look.items.first.click()
        side = desk.page.get_by_role("dialog").evaluate("(d) => d.scrollWidth - d.clientWidth")
        assert side <= 0


# Something to try


def test_a_sample_starts_a_search(desk):
    desk.open(details=False, photos=12)
    samples = desk.page.get_by_role("button", name="Try with")
    expect(samples).to_have_count(8)
    samples.first.scroll_into_view_if_needed()
    desk.page.get_by_role("button", name="Try with a sunset", exact=True).click()
    expect(desk.page.locator("#query-name")).to_have_text("sunset.jpg")
    desk.look.wait_until_done()
    [[[size, _, _]]] = [sent["queries"] for sent in desk.told("search")]
    assert 1000 < size <= 15_000


# Several photos


def test_a_search_from_several_photos_says_that_there_are_more(gallery, viewer):
    others = gallery.page.locator("#query-others")
    expect(others).to_be_hidden()
    gallery.look.button("Part of it, or more photos").click()
    gallery.page.locator("#query-photo-file").set_input_files(
        {"name": "second.png", "mimeType": "", "buffer": QUERY[1]}
    )
    gallery.look.forget()
    gallery.look.button("Search from these").click()
    gallery.look.wait_until_done()
    expect(others).to_have_text("+1")
    tile(gallery, 0).click()
    expect(viewer.get_by_text("The first of your 2 photos")).to_be_attached()


# What is no photo

GIVEN = """([how, text, type]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], `${how}.${type}`));
  const options = { dataTransfer, clipboardData: dataTransfer, bubbles: true, cancelable: true };
  const Kind = how === "drop" ? DragEvent : ClipboardEvent;
  document.body.dispatchEvent(new Kind(how, options));
}"""
"""Gives a file by one of the ways in."""


def test_a_file_that_is_no_photo_leaves_the_page_as_it_is(gallery):
    alert, query = gallery.look.alert, gallery.page.locator("#query-name")
    before = places(gallery)
    steps = gallery.page.evaluate("history.length")
    for how in ("drop", "paste"):
        gallery.page.evaluate(GIVEN, [how, "%PDF-1.7", "pdf"])
        expect(alert.filter(has_text=f"{how}.pdf is a PDF file, not a photo.")).to_be_visible()
    # What only the engine can know: nothing is searched before it has said so.
    gallery.page.evaluate(GIVEN, ["drop", "BM broken", "bmp"])
    expect(alert.filter(has_text="drop.bmp: The PNG file is broken")).to_be_visible()
    expect(query).to_have_text("query.png")
    expect(gallery.look.status).to_contain_text("Done")
    assert places(gallery) == before
    assert gallery.page.evaluate("history.length") == steps
    assert len(gallery.told("search")) == 1
    gallery.page.evaluate(GIVEN, ["paste", "BM whole", "bmp"])
    expect(query).to_have_text("paste.bmp")
    expect(alert).to_have_count(0)


# Near-duplicates


def test_a_key_opens_near_duplicates_and_closes_them(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        desk.open(details=False, photos=6, seed=47)
        desk.look.search(QUERY)
        expect(desk.look.items).to_have_count(4)
        desk.page.mouse.move(0, 0)
        first = tile(desk, 1)
        expect(first).to_have_accessible_description("+2 alike")
        expect(first).to_have_attribute("aria-keyshortcuts", "L X K A")
        expect(tile(desk, 0)).to_have_attribute("aria-keyshortcuts", "L X K")
        first.focus()
        desk.page.keyboard.press("a")
        expect(desk.look.items).to_have_count(6)
        expect(first).to_be_focused()
        expect(first).to_have_accessible_description("Fold")
        # On one of them, it leads back to the photo that they are behind.
        desk.page.keyboard.press("ArrowRight")
        expect(tile(desk, 2)).to_be_focused()
        desk.page.keyboard.press("Shift+A")
        expect(desk.look.items).to_have_count(4)
        expect(first).to_be_focused()
        # A photo that is alone stays as it is.
        desk.page.keyboard.press("ArrowLeft")
        desk.page.keyboard.press("a")
        expect(tile(desk, 0)).to_be_focused()
        expect(desk.look.items).to_have_count(4)


def test_keys_of_the_viewer_do_not_mind_caps_lock(gallery, viewer):
    gallery.look.items.first.click()
    for key, name in (("L", "Like"), ("X", "Less like this"), ("K", "Keep")):
        button = viewer.get_by_role("button", name=name, exact=True)
        gallery.page.keyboard.press(key)
        expect(button).to_have_attribute("aria-pressed", "true")


# A narrow window


def test_the_first_screen_can_be_used_whatever_was_open_over_the_photos(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        desk.page.set_viewport_size({"width": 700, "height": 900})
        searched(desk, photos=3)
        details = desk.page.get_by_role("region", name="Details")
        desk.page.get_by_role("link", name="Lookalike, to the first screen").click()
        expect(desk.page.locator("#landing")).to_be_visible()
        desk.page.go_back()
        desk.look.button("Details").click()
        expect(details).to_be_visible()
        desk.page.go_forward()
        expect(desk.page.locator("#landing")).to_be_visible()
        desk.look.button("Settings").click()
        expect(desk.page.get_by_role("dialog", name="Settings")).to_be_visible()
        desk.look.close_settings()
        # The panel is open as it was, and the person is in it.
        desk.page.go_back()
        expect(details).to_be_visible()
        expect(desk.page.locator("#bar")).to_have_attribute("inert", "")
        expect(details.get_by_role("heading", name="Details")).to_be_focused()


def test_nothing_behind_the_details_can_be_reached_where_they_cover_it(browser, desk_site):
    with desk_page(browser, desk_site) as desk:
        desk.page.set_viewport_size({"width": 800, "height": 900})
        searched(desk, photos=3)
        desk.page.keyboard.press("m")
        expect(desk.panel).to_be_visible()
        desk.look.button("Details").click()
        for _ in range(40):
            desk.page.keyboard.press("Tab")
            inside = "!document.activeElement.closest('#scoring')"
            assert desk.page.evaluate(inside)
