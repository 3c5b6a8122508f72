"""Collections that are too large to be loaded, in the page: here, of more than three photos."""

import re
from pathlib import Path

import pytest
from conftest import ROOT, START_UP, opened
from own_photos import OwnPhotos, folder_of, photos
from playwright.sync_api import expect

COUNT, SHOWN = 32, 5
SMALLER = {
    "lookalike/collections/searchable.py": ("MANY = 10_000", "MANY = 3"),
    "lookalike/collections/table.py": ("SAMPLE = 256", "SAMPLE = 26"),
}
NEIGHBOURS = """(count) => {
  const kept = JSON.parse(localStorage["lookalike.settings"] ?? "{}");
  localStorage["lookalike.settings"] = JSON.stringify({ ...kept, neighbours: count });
}"""
LINES = """async (database) => {
  const given = (name, what) => new Promise((resolve) => {
    const request = database.transaction(name).objectStore(name)[what]();
    request.onsuccess = () => resolve(request.result);
  });
  const blocks = await given("lines", "getAll");
  const kinds = (await given("vectors", "getAllKeys")).map((key) => key[1]);
  return {
    made: blocks.filter(({ bytes }) => bytes.length).flatMap(({ ids }) => ids).length,
    outdated: blocks.filter(({ bytes }) => !bytes.length).flatMap(({ ids }) => ids).length,
    packed: kinds.filter((kind) => kind.endsWith("|8")).length,
    whole: kinds.filter((kind) => kind.startsWith("conv") && !kind.endsWith("|8")).length,
  };
}"""
OLD = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("lookalike", 1);
  opening.onerror = () => reject(opening.error);
  opening.onupgradeneeded = () => {
    const database = opening.result;
    database.createObjectStore("collections", { keyPath: "id" });
    for (const store of ["entries", "thumbnails", "vectors"]) database.createObjectStore(store);
  };
  opening.onsuccess = () => { opening.result.close(); resolve(); };
})"""


@pytest.fixture
def small(fork):
    """A page to which three photos are many."""
    for name, (old, new) in SMALLER.items():
        text = (ROOT / "py" / name).read_text()
        assert old in text
        fork.site.edit_python(name, text.replace(old, new))
    fork.open(key=None)
    fork.page.evaluate(NEIGHBOURS, SHOWN)
    return OwnPhotos(fork.open(key=None) and fork)


def collected(own, place, files):
    own.open()
    return own.collect(folder_of(Path(place), files, "Many"), "Many")


def test_what_is_not_loaded_is_found_all_the_same(small, browser, site, tmp_path):
    files = photos(COUNT, kinds=None)
    query = ("query.jpg", list(files.values())[31])
    collected(small, tmp_path / "a", files)
    assert small.kept(LINES) == {"made": 0, "outdated": 0, "packed": COUNT, "whole": 0}
    small.search("Many", query)
    found = small.found
    assert small.kept(LINES) == {"made": COUNT, "outdated": 0, "packed": COUNT, "whole": 0}
    with opened(browser, site) as look:
        look.open(key=None)
        look.page.evaluate(NEIGHBOURS, SHOWN)
        other = OwnPhotos(look.open(key=None) and look)
        collected(other, tmp_path / "b", files)
        other.search("Many", query)
        assert found == other.found
    # In another visit, with nothing to be made; and photos that are added are among them.
    small.open().add("Many", folder_of(tmp_path / "c", {"again/same.jpg": query[1]}, "Many"))
    small.wait("Many")
    small.search("Many", query)
    assert "same" in " ".join(small.found).lower()
    assert small.kept(LINES)["made"] == COUNT + 1


FARTHEST = """
from lookalike.images import prepare

LAYER = "conv_16_project"


async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()


def embs2score(source, candidate):
    return -float(abs(source - candidate).max())
"""


def test_that_all_photos_had_to_be_read_is_said_with_the_reason(small, tmp_path):
    files = photos(COUNT, kinds=None)
    collected(small, tmp_path, files)
    small.search("Many", ("query.jpg", list(files.values())[31]))
    note = small.page.locator("#query-note")
    expect(note).to_be_empty()
    # A scorer that is tried after the search, which compact features do not serve.
    small.look.button("Scoring").click()
    panel = small.page.get_by_role("region", name="Scoring")
    expect(panel.get_by_role("status")).to_contain_text("in charge", timeout=START_UP)
    panel.get_by_role("textbox", name="Score function, in Python").focus()
    small.page.keyboard.press("Control+a")
    small.page.keyboard.insert_text(FARTHEST)
    small.page.keyboard.press("Control+Enter")
    expect(note).to_have_text(
        re.compile(
            f"All {COUNT} photos of “Many” were read and scored, which takes longer: the score"
            " function does not order photos by a dot product, a cosine or a distance."
        ),
        timeout=START_UP,
    )


def test_a_database_of_an_older_version_is_opened(browser, site, tmp_path):
    with opened(browser, site) as look:
        # A page of the site that opens no database.
        look.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        look.page.goto(f"{look.site.url}icon.svg")
        look.page.evaluate(OLD)
        own = OwnPhotos(look.open(key=None) and look)
        expect(collected(own, tmp_path, photos(3))).to_contain_text("3 photos")
        assert own.kept(LINES)["packed"] == 3
