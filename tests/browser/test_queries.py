"""A part of the query photo, and several photos with weights."""

import pytest
from conftest import wait_until
from playwright.sync_api import expect


@pytest.fixture
def choosing(desk, query):
    """The dialog, opened after a search."""
    desk.open(photos=5)
    desk.look.search(query)
    desk.look.button("Part of it, or more photos").click()
    return desk.page.get_by_role("dialog", name="What to search from")


def sent(desk):
    """The weights and crops of the last search."""
    expect(desk.page.get_by_role("dialog")).to_be_hidden()
    desk.look.wait_until_done()
    found = desk.told("search")
    assert len(found) == 2
    return [(weight, crop) for _, weight, crop in found[-1]["queries"]]


def test_a_part_is_chosen_by_keyboard(desk, choosing):
    left = choosing.get_by_role("slider", name="Left")
    left.focus()
    for _ in range(20):
        desk.page.keyboard.press("ArrowRight")
    choosing.get_by_role("slider", name="Bottom").fill("60")
    choosing.get_by_role("slider", name="Right").fill("3")  # stops short of the left edge
    choosing.get_by_role("button", name="Search from these").click()
    ((weight, crop),) = sent(desk)
    assert weight == 1
    assert crop == pytest.approx([0.2, 0, 0.05, 0.6])
    expect(desk.page.get_by_text("query.jpg, in part")).to_be_visible()


def test_a_part_is_drawn_with_a_pointer_and_the_whole_comes_back(desk, choosing):
    image = choosing.get_by_role("img", name="query.jpg")
    box = image.bounding_box()

    def draw():
        desk.page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
        desk.page.mouse.down()
        desk.page.mouse.move(box["x"] + box["width"] * 3 / 4, box["y"] + box["height"] + 50)
        desk.page.mouse.up()

    draw()
    whole = choosing.get_by_role("button", name="Whole photo")
    whole.click()
    expect(choosing.get_by_role("slider", name="Left")).to_have_value("0")
    draw()
    choosing.get_by_role("button", name="Search from these").click()
    ((_, crop),) = sent(desk)
    assert crop == pytest.approx([0.25, 0.5, 0.5, 0.5], abs=0.02)


def test_several_photos_each_with_a_weight_are_searched_again_too(desk, choosing, query):
    photos = [
        {"name": name, "mimeType": "", "buffer": query[1]} for name in ("not.jpg", "gone.jpg")
    ]
    choosing.locator("input[type=file]").set_input_files(photos)
    row = choosing.get_by_role("listitem", name="not.jpg")
    row.get_by_role("textbox", name="Weight").fill("-0,5")
    choosing.get_by_role("listitem", name="gone.jpg").get_by_role("button", name="Remove").click()
    choosing.get_by_role("button", name="Search from these").click()
    assert sent(desk) == [(1, None), (-0.5, None)]
    expect(desk.page.get_by_text("query.jpg + not.jpg, × \u22120.5")).to_be_visible()
    desk.look.button("Part of it, or more photos").click()
    expect(choosing.get_by_role("listitem", name="not.jpg")).to_be_visible()
    desk.page.keyboard.press("Escape")
    desk.look.forget()
    desk.look.button("Search again").click()
    desk.look.wait_until_done()
    assert [weight for _, weight, _ in desk.told("search")[-1]["queries"]] == [1, -0.5]


@pytest.mark.parametrize("text", ["two", "11", "1.000,5"])
def test_what_is_no_weight_is_told_and_not_taken_for_another(desk, choosing, text):
    weight = choosing.get_by_role("textbox", name="Weight")
    weight.fill(text)
    weight.press("Enter")
    expect(choosing.get_by_role("status")).to_contain_text(f"“{text}” is no weight for query.jpg")
    expect(weight).to_be_focused()
    weight.fill("\u22122,5")
    weight.press("Enter")
    assert sent(desk) == [(-2.5, None)]


READING = """() => {
  const read = Blob.prototype.arrayBuffer;
  const reading = new Promise((resolve) => { window.proceed = resolve; });
  Blob.prototype.arrayBuffer = async function () {
    if (this.name === "gone.jpg") throw new DOMException("It is gone.", "NotFoundError");
    if (this.name === "slow.jpg") await reading;
    return read.call(this);
  };
}"""
"""Files that are read slowly, or not at all, by their names."""


def test_a_file_that_cannot_be_read_is_told_in_the_dialog(desk, choosing, query):
    desk.page.evaluate(READING)
    names = {"gone.jpg": query[1], "empty.jpg": b"", "good.jpg": query[1]}
    choosing.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "", "buffer": data} for name, data in names.items()]
    )
    expect(choosing.get_by_role("listitem", name="good.jpg")).to_be_visible()
    said = choosing.get_by_role("status")
    expect(said).to_contain_text("gone.jpg cannot be read.")
    expect(said).to_contain_text("empty.jpg is empty.")
    expect(choosing.get_by_role("listitem")).to_have_count(2)
    choosing.get_by_role("button", name="Search from these").focus()
    desk.page.keyboard.press("Tab")
    expect(choosing.get_by_role("button", name="Add photos")).to_be_focused()
    nine = [{"name": f"{i}.jpg", "mimeType": "", "buffer": query[1]} for i in range(9)]
    choosing.locator("input[type=file]").set_input_files(nine)
    expect(choosing.get_by_role("listitem")).to_have_count(8)
    expect(said).to_have_text("A search starts from at most 8 photos; 3 were left out.")
    # The button that opened the chooser of files is gone.
    expect(choosing.get_by_role("button", name="Search from these")).to_be_focused()


def test_a_photo_that_comes_when_the_dialog_is_another_one_stays_away(desk, choosing, query):
    desk.page.evaluate(READING)
    slow = {"name": "slow.jpg", "mimeType": "", "buffer": query[1]}
    choosing.locator("input[type=file]").set_input_files(slow)
    choosing.get_by_role("button", name="Close").click()
    desk.look.button("Part of it, or more photos").click()
    desk.page.evaluate("window.proceed()")
    # Read after the slow one, which it would stand behind.
    choosing.locator("input[type=file]").set_input_files({**slow, "name": "next.jpg"})
    expect(choosing.get_by_role("listitem", name="next.jpg")).to_be_visible()
    expect(choosing.get_by_role("listitem")).to_have_count(2)


KEPT_URLS = """() => {
  window.urls = new Set();
  const [make, give] = [URL.createObjectURL, URL.revokeObjectURL];
  URL.createObjectURL = (blob) => {
    const url = make.call(URL, blob);
    window.urls.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    window.urls.delete(url);
    give.call(URL, url);
  };
}"""
"""Notes what is given a URL and has not given it back."""


def test_photos_that_no_search_took_are_given_back(desk, choosing, query):
    desk.page.evaluate(KEPT_URLS)
    photos = [{"name": n, "mimeType": "", "buffer": query[1]} for n in ("1.jpg", "2.jpg")]
    choosing.locator("input[type=file]").set_input_files(photos)
    expect(choosing.get_by_role("listitem")).to_have_count(3)
    assert desk.page.evaluate("window.urls.size") == 2
    choosing.get_by_role("listitem", name="1.jpg").get_by_role("button", name="Remove").click()
    assert desk.page.evaluate("window.urls.size") == 1
    choosing.get_by_role("button", name="Close").click()
    # Dialogs tell that they are closed after they are.
    wait_until(lambda: desk.page.evaluate("window.urls.size") == 0)
    desk.look.button("Part of it, or more photos").click()
    choosing.locator("input[type=file]").set_input_files(photos)
    expect(choosing.get_by_role("listitem")).to_have_count(3)
    choosing.get_by_role("button", name="Search from these").click()
    assert sent(desk) == [(1, None)] * 3
    # Those that a search starts from are drawn.
    desk.look.button("Part of it, or more photos").click()
    for name in ("1.jpg", "2.jpg"):
        image = choosing.get_by_role("img", name=name)
        expect(image).not_to_have_attribute("src", "")
        assert image.get_attribute("src") in desk.page.evaluate("[...window.urls]")


DROPPED = """(id) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["BM whole"], "dropped.bmp"));
  const options = { dataTransfer, bubbles: true, cancelable: true };
  const target = document.getElementById(id);
  return ["dragover", "drop"].map((type) => !target.dispatchEvent(new DragEvent(type, options)));
}"""


PASTED = """(kinds) => {
  const clipboardData = new DataTransfer();
  if (kinds.includes("files")) clipboardData.items.add(new File(["BM whole"], "pasted.bmp"));
  for (const type of kinds) if (type !== "files") clipboardData.setData(type, "sunset");
  const target = document.activeElement ?? document.body;
  const options = { clipboardData, bubbles: true, cancelable: true };
  return !target.dispatchEvent(new ClipboardEvent("paste", options));
}"""
"""Pastes where the focus is; gives whether the page has taken it from the browser."""


def test_text_that_is_pasted_with_a_picture_of_it_is_the_fields(desk):
    desk.open()
    desk.page.get_by_label("Or describe it in words").focus()
    # As word processors and spreadsheets copy it.
    assert not desk.page.evaluate(PASTED, ["files", "text/plain", "text/html"])
    # A file that was copied has its name beside it.
    assert desk.page.evaluate(PASTED, ["files", "text/plain"])
    expect(desk.page.locator("#query-name")).to_have_text("pasted.bmp")
    assert len(desk.until_told("search")) == 1


def test_a_photo_is_taken_that_is_dropped_over_a_field(desk):
    desk.open(photos=5)
    # Left to itself, a browser would open the file in place of the page.
    assert desk.page.evaluate(DROPPED, "words") == [True, True]
    expect(desk.page.locator("#query-name")).to_have_text("dropped.bmp")


def test_photos_that_are_dropped_or_pasted_in_the_dialog_join_those_that_are_there(desk, choosing):
    choosing.get_by_role("slider", name="Left").fill("20")
    desk.page.evaluate(DROPPED, "queries")
    expect(choosing.get_by_role("listitem", name="dropped.bmp")).to_be_visible()
    # Whatever has the focus: here it is a field.
    choosing.get_by_role("textbox", name="Weight").last.fill("-1")
    desk.page.evaluate(PASTED, ["files"])
    expect(choosing.get_by_role("listitem", name="pasted.bmp")).to_be_visible()
    choosing.get_by_role("button", name="Search from these").click()
    assert sent(desk) == [(1, [0.2, 0, 0.8, 1]), (-1, None), (1, None)]


def test_a_photo_that_cannot_be_opened_costs_nothing_else_of_the_choice(desk, choosing, query):
    choosing.get_by_role("slider", name="Left").fill("20")
    files = [("good.jpg", query[1]), ("bad.jpg", b"\xff\xd8 broken")]
    choosing.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "", "buffer": data} for name, data in files]
    )
    choosing.get_by_role("button", name="Search from these").click()
    alert = choosing.get_by_role("alert")
    expect(alert).to_contain_text("bad.jpg")
    expect(choosing.get_by_role("slider", name="Left").first).to_have_value("20")
    alert.get_by_role("button", name="Dismiss").click()
    bad = choosing.get_by_role("listitem", name="bad.jpg")
    bad.get_by_role("button", name="Remove").click()
    choosing.get_by_role("button", name="Search from these").click()
    assert sent(desk) == [(1, [0.2, 0, 0.8, 1]), (1, None)]


SILENT = """() => {
  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (message, ...rest) {
    if (message.type === "open") window.asked = [this, message, ...rest];
    else postMessage.call(this, message, ...rest);
  };
  // Nor does the browser say whether it could draw it.
  Image.prototype.decode = () => new Promise(() => {});
}"""
"""An engine that does not say whether it can open a file, until `window.asked` is sent."""


def test_who_closes_the_dialog_while_photos_are_opened_wants_no_search(desk, choosing, query):
    desk.page.evaluate(SILENT)
    slow = {"name": "slow.jpg", "mimeType": "", "buffer": query[1]}
    choosing.locator("input[type=file]").set_input_files(slow)
    choosing.get_by_role("button", name="Search from these").click()
    desk.page.wait_for_function("window.asked")
    expect(desk.look.status).to_have_text("Opening slow.jpg…")
    desk.page.keyboard.press("Escape")
    expect(choosing).to_be_hidden()
    expect(desk.look.status).to_contain_text("Done")


def test_a_photo_that_is_dropped_in_another_dialog_is_searched_for_in_sight(desk):
    desk.search(photos=5)
    for name, place in (("Settings", "settings"), ("Your photos", "collections")):
        desk.look.button(name).click()
        expect(desk.page.get_by_role("dialog", name=name)).to_be_visible()
        times = len(desk.told("search"))
        # Files that are dropped on one's own photos are for these.
        desk.page.evaluate(*((DROPPED, place) if name == "Settings" else (PASTED, ["files"])))
        desk.until_told("search", times + 1)
        expect(desk.page.get_by_role("dialog")).to_have_count(0)
        expect(desk.look.items).to_have_count(5)
    # What is marked is a photo of the search on show.
    for keys in (["Enter"], ["k", "h", "Enter"]):
        desk.look.items.first.locator(".card-link").focus()
        for key in keys:
            desk.page.keyboard.press(key)
        if "h" in keys:
            expect(desk.page.get_by_role("dialog", name="Shortlist")).to_be_visible()
        expect(desk.page.get_by_role("dialog").last).to_be_visible()
        times = len(desk.told("search"))
        desk.page.evaluate(DROPPED, "viewer")
        desk.until_told("search", times + 1)
        expect(desk.page.get_by_role("dialog")).to_have_count(0)
        expect(desk.look.items).to_have_count(5)
    desk.page.go_back()
    expect(desk.look.items).to_have_count(5)
    expect(desk.page.get_by_role("dialog")).to_have_count(0)


def test_text_that_is_dropped_over_a_field_is_the_fields(desk):
    desk.open()
    taken = desk.page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.setData("text/plain", "sunset");
          const options = { dataTransfer, bubbles: true, cancelable: true };
          const target = document.getElementById("words");
          return ["dragover", "drop"].map(
            (type) => !target.dispatchEvent(new DragEvent(type, options)));
        }"""
    )
    assert taken == [False, False]
    expect(desk.look.alert).to_have_count(0)


def test_keys_act_while_a_slider_has_the_focus(desk):
    desk.search()
    desk.look.tools()
    desk.page.get_by_role("slider", name="Size").focus()
    desk.page.keyboard.press("?")
    expect(desk.page.get_by_role("dialog", name="Keyboard")).to_be_visible()


# What comes late


def test_a_sample_that_comes_late_takes_no_search_away(desk):
    held = []
    desk.page.route(
        "**/samples/sunset.jpg",
        lambda route: (
            held.append(route) if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    desk.open(photos=5)
    desk.page.get_by_role("button", name="Try with a sunset", exact=True).click()
    desk.look.search(("own.png", b"BM whole"))
    expect(desk.page.locator("#query-name")).to_have_text("own.png")
    (route,) = held
    with desk.page.expect_response("**/samples/sunset.jpg"):
        route.continue_()
    desk.look.begin(("other.png", b"BM whole"))
    desk.look.wait_until_done()
    expect(desk.page.locator("#query-name")).to_have_text("other.png")
    assert len(desk.told("search")) == 2


def test_a_file_that_is_read_slowly_takes_no_later_search_away(desk, query):
    desk.open(photos=5)
    desk.page.evaluate(READING)
    desk.look.choose(("slow.jpg", query[1]))
    desk.page.get_by_label("Or describe it in words").fill("lighthouse")
    desk.page.keyboard.press("Enter")
    desk.look.wait_until_done()
    desk.page.evaluate("window.proceed()")
    # Read after the slow one, which would have been searched with by then.
    desk.look.begin(("next.jpg", query[1]))
    desk.look.wait_until_done()
    expect(desk.page.locator("#query-name")).to_have_text("next.jpg")
    first, second = desk.told("search")
    assert (first["text"], len(first["queries"]), len(second["queries"])) == ("lighthouse", 0, 1)


DROPPED_ON_CODE = """([name, type, text]) => {
  const find = (root) => root.querySelector(".cm-content")
    ?? [...root.querySelectorAll("*")].flatMap((e) => e.shadowRoot ? find(e.shadowRoot) : [])[0];
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name, { type }));
  const options = { dataTransfer, bubbles: true, cancelable: true, composed: true };
  find(document).dispatchEvent(new DragEvent("drop", options));
}"""


def test_the_code_editor_takes_text_and_leaves_photos_to_the_search(desk):
    desk.search(photos=5)
    desk.begin()
    desk.page.evaluate(DROPPED_ON_CODE, ["new.py", "text/x-python", "# dropped"])
    expect(desk.code).to_contain_text("# dropped")
    desk.page.evaluate(DROPPED_ON_CODE, ["dropped.bmp", "image/bmp", "BM\0\1\0\1 whole"])
    expect(desk.page.locator("#query-name")).to_have_text("dropped.bmp")
    expect(desk.look.alert).to_have_count(0)
    expect(desk.code).not_to_contain_text("BM")
