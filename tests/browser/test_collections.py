"""Collections of own photos, with the real engine."""

import re

import pytest
from conftest import START_UP, opened
from own_photos import HEIC, OwnPhotos, folder_of, photos, zipped
from playwright.sync_api import expect

QUERY = ("query.jpg", next(iter(photos(1, 12).values())))
BAD = {"broken.jpg": b"\xff\xd8\xff no more", "empty.png": b"", "IMG_1.heic": HEIC}
OTHERS = {"notes.txt": b"hello", "film.mov": b"moov", "a.json": b"{}", "@eaDir/a.jpg": b"x"}


@pytest.fixture(scope="module")
def visit(browser, site, tmp_path_factory):
    """A collection of nine photos, of which two are in a zip file, and three bad files."""
    place = tmp_path_factory.mktemp("photos")
    files = {**photos(7), **BAD, **OTHERS, "more.zip": zipped(photos(2, 7)), ".hidden": b"x"}
    folder = folder_of(place, files)
    with opened(browser, site) as look:
        own = OwnPhotos(look.open(key=None) and look)
        own.collect(folder, "Holiday")
        own.folder, own.place = folder, place
        yield own


@pytest.fixture
def own(visit):
    """That, with the dialog open at its list.

    What a test that failed in the middle has left goes first, so that it can be tried again.
    """
    visit.page.keyboard.press("Escape")
    visit.open()
    if visit.card("Last summer").count():
        visit.rename("Last summer", "Holiday")
    if visit.card("Copy").count():
        visit.delete("Copy")
    yield visit
    assert not visit.look.unexpected_errors()


def test_good_files_are_in_and_bad_ones_are_listed_with_reasons(own):
    card = own.card("Holiday")
    expect(card).to_contain_text("9 photos, ")
    expect(card).to_contain_text("MobileNetV2")
    expect(card).to_contain_text("3 other files left out")
    card.get_by_text("3 could not be opened").click()
    listed = card.locator(".collection-failures li").all_inner_texts()
    assert sorted(text.split("\n")[0] for text in listed) == sorted(f"Holiday/{n}" for n in BAD)
    assert all(len(text.split("\n")[1]) > 20 for text in listed)


def test_a_search_gives_the_nearest_first_and_no_call_is_made(own):
    own.search("Holiday", QUERY)
    expect(own.look.items.first).to_be_visible()
    count = own.page.locator("#count")
    expect(count).to_have_text("9")
    expect(own.page.locator("#meter-calls dd")).to_have_text(re.compile("^0/"))
    ranks = own.look.items.locator(".rank").all_inner_texts()
    assert ranks == [str(place + 1) for place in range(len(ranks))]


def test_a_result_opens_large_and_can_be_searched_with(own):
    own.search("Holiday", QUERY)
    name = own.found[0]
    own.look.items.first.locator(".card-link").click()
    own.page.get_by_role("dialog", name=name).get_by_role("button", name="About this photo").click()
    shown = own.page.get_by_role("dialog", name=name)
    expect(shown).to_contain_text("Holiday")
    expect(shown.locator("img")).to_have_js_property("complete", True)
    shown.get_by_role("button", name="Search with this one").click()
    expect(own.look.status).to_contain_text("Done")
    # A photo is most like itself.
    expect(own.look.items.first.locator(".card-title")).to_have_text(name)


def test_so_many_are_shown_as_the_person_wants_and_another_scorer_brings_others_in(own):
    own.close()
    own.page.evaluate(
        """() => {
             const kept = JSON.parse(localStorage["lookalike.settings"] || "{}");
             localStorage["lookalike.settings"] = JSON.stringify({ ...kept, neighbours: 3 });
           }"""
    )
    own.page.reload()
    own.open()
    own.search("Holiday", QUERY)
    expect(own.page.locator("#count")).to_have_text("3")
    own.look.button("Scoring").click()
    panel = own.page.get_by_role("region", name="Scoring")
    expect(panel.get_by_role("status")).to_contain_text("in charge", timeout=START_UP)
    panel.get_by_role("textbox", name="Score function, in Python").focus()
    own.page.keyboard.press("Control+a")
    own.page.keyboard.insert_text(
        "import numpy as np\n\n\nasync def get_feature(model, image):\n"
        "    return np.asarray(image, dtype=np.float32).mean(axis=(0, 1)) / 255\n\n\n"
        "def embs2score(source, candidate):\n"
        "    return float(np.abs(source - candidate).sum())\n"  # the least alike first
    )
    own.page.keyboard.press("Control+Enter")
    expect(own.page.locator("#count")).to_have_text(re.compile("[456]"), timeout=START_UP)
    panel.get_by_role("button", name="Close").click()


def test_what_is_in_is_not_embedded_again(own):
    folder_of(own.place, photos(1, 9))
    own.add("Holiday", own.folder)
    own.wait("Holiday", re.compile(r"Done: 1 photo added \(9 in already\)"))
    expect(own.card("Holiday")).to_contain_text("10 photos")


def test_photos_are_found_by_a_word_and_removed(own):
    own.act("Holiday", "Photos")
    field = own.dialog.get_by_label("Show those with")
    field.fill("daisy")
    listed = own.dialog.get_by_role("list", name="Photos").locator("> li")
    count = own.dialog.locator("#own-photos-count")
    expect(count).to_have_text(re.compile(r"^[1-9] of 10 photos"))
    found = int(count.inner_text().split()[0])
    # They are drawn after they are counted.
    expect(listed).to_have_count(found)
    listed.first.get_by_role("checkbox").check()
    own.button("Remove 1").click()
    expect(own.dialog.locator("#own-photos-count")).to_contain_text("1 photo removed")
    expect(listed).to_have_count(found - 1)
    own.button("All collections").click()
    expect(own.card("Holiday")).to_contain_text("9 photos")


DROP = """([path, bytes]) => {
  const file = new File([new Uint8Array(bytes)], path);
  // Files that a script drops have no entries.
  DataTransferItem.prototype.webkitGetAsEntry = () =>
    ({ isFile: true, fullPath: `/${path}`, file: (resolve) => resolve(file) });
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(file);
  const options = { dataTransfer, bubbles: true, cancelable: true };
  document.querySelector("#own-photos-list").dispatchEvent(new DragEvent("drop", options));
}"""


def test_what_is_dropped_on_the_photos_of_a_collection_is_added_to_it(own):
    own.collect(folder_of(own.place, photos(2), "Small"), "Small")
    own.act("Small", "Photos")
    expect(own.dialog.locator("#own-photos-count")).to_have_text("2 photos")
    [(path, content)] = photos(1, 5).items()
    own.page.evaluate(DROP, [path, list(content)])
    own.wait("Small", re.compile("Done: 1 photo added"))
    expect(own.card("Small")).to_contain_text("3 photos")
    own.delete("Small")


def test_a_collection_is_renamed_exported_opened_and_deleted(own):
    own.rename("Holiday", "Last summer")
    with own.page.expect_download() as download:
        own.manage("Last summer", "Export")
    exported = own.place / "Copy.lookalike"
    download.value.save_as(exported)
    own.choose(exported)
    own.dialog.locator("#collection-name").fill("Copy")
    own.button("Open it").click()
    expect(own.card("Copy")).to_contain_text("9 photos, ", timeout=START_UP)
    own.search("Last summer", QUERY)
    names, scores = own.found, own.scores.all_inner_texts()
    own.open()
    own.search("Copy", QUERY)
    expect(own.look.items.locator(".card-title")).to_have_text(names)
    expect(own.scores).to_have_text(scores, use_inner_text=True)
    own.open()
    # Several at once are a collection each, and no photos of one.
    pair = [own.place / f"{name}.lookalike" for name in ("One", "Two")]
    for path in pair:
        path.write_bytes(exported.read_bytes())
    own.page.locator("#collection-files").set_input_files(pair)
    for path in pair:
        expect(own.card(path.stem)).to_contain_text("9 photos, ", timeout=START_UP)
        own.wait(path.stem, "")
        own.delete(path.stem)
    own.manage("Copy", "Delete")
    own.act("Copy", "Keep it")
    own.delete("Copy")
    counts = own.kept(
        """(database) => Promise.all(["entries", "thumbnails", "vectors"].map((name) =>
             new Promise((resolve) => {
               const asked = database.transaction(name).objectStore(name).getAllKeys();
               asked.onsuccess = () => resolve(new Set(asked.result.map(([id]) => id)).size);
             })))"""
    )
    assert counts == [1, 1, 1]
