"""Odd pictures in the page: in a collection and as the photo that is searched for, alike."""

import re

import pytest
from conftest import START_UP, opened
from own_photos import OwnPhotos, folder_of
from playwright.sync_api import expect

from odd_pictures import NOTED, OPENED, SIZE, heic, lines

pytest.importorskip("pillow_heif", reason="nothing writes HEIC here")
pytest.importorskip("tifffile", reason="nothing writes such TIFF here")

FILES = {name: make() for name, make in OPENED.items()}
FILES |= {f"lines-{bits}.tif": lines(bits) for bits in (0, 1)}


@pytest.fixture(scope="module")
def visit(browser, site, tmp_path_factory):
    """A collection of all odd pictures."""
    folder = folder_of(tmp_path_factory.mktemp("odd"), FILES, "Odd")
    with opened(browser, site) as look:
        own = OwnPhotos(look.open(key=None) and look)
        own.collect(folder, "Odd")
        yield own


@pytest.fixture
def own(visit):
    visit.page.keyboard.press("Escape")
    visit.open()
    yield visit
    assert not visit.look.unexpected_errors()


def test_each_is_added_with_the_size_of_the_original(own):
    card = own.card("Odd")
    expect(card).to_contain_text(f"{len(FILES)} photos, ")
    kept = own.kept(
        """(database) => new Promise((resolve, reject) => {
             const asked = database.transaction("entries").objectStore("entries").getAll();
             asked.onerror = () => reject(asked.error);
             asked.onsuccess = () => resolve(asked.result);
           })"""
    )
    sizes = {entry["id"].split("/")[-1]: (entry["width"], entry["height"]) for entry in kept}
    assert sizes == dict.fromkeys(FILES, SIZE)


@pytest.mark.parametrize(
    "name", ["phone.heic", "lzw.tif", "float.tif", "nikon.nef", "modern.avif", "half.jpg"]
)
def test_each_can_be_searched_for_and_is_shown(own, name):
    own.search("Odd", (name, FILES[name]))
    assert own.found  # of near-duplicates, one is shown
    image = own.page.locator("#query-image")
    expect(image).to_have_js_property("naturalWidth", SIZE[0])
    note = own.page.locator("#query-note")
    expect(note).to_have_text(re.compile(r"\w") if name in NOTED else "")


def test_what_opens_heic_is_fetched_when_the_first_one_comes(browser, site, openverse, commons):
    with opened(browser, site) as look:
        asked = []
        look.page.on("request", lambda request: asked.append(request.url))
        look.open(key=None, sources=["openverse"], photos=4, calls=2, seed=1)
        look.search(("IMG_1.jpg", FILES["half.jpg"]))
        assert not [url for url in asked if "/heif/" in url or "/tiff/" in url]
        with look.page.expect_request(re.compile("/heif/libheif"), timeout=START_UP):
            look.begin(("IMG_1.heic", heic()))
        look.wait_until_done()
