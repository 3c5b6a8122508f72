"""Own photos in the page and in a terminal: the same features, and answers to photos and words."""

import asyncio
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, opened
from own_photos import OwnPhotos, folder_of, photos
from playwright.sync_api import expect

from lookalike.collections.collection import top_classes
from lookalike.collections.opened_file import CollectionFile

pytestmark = pytest.mark.real_network

COUNT = 12
QUERY = ("query.jpg", next(iter(photos(1, 20).values())))
NAME = "Agreement"


def python(*arguments):
    """Run `python -m lookalike`; give what it prints."""
    command = [sys.executable, "-m", "lookalike", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "py")}
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout


class Both:
    """One folder as a collection of the page and of the terminal."""

    def __init__(self, own, model, place):
        self.own, self.model, self.place = own, model, place
        folder = folder_of(place / "photos", photos(COUNT), NAME)
        self.query = place / QUERY[0]
        self.query.write_bytes(QUERY[1])
        own.collect(folder, NAME)
        with own.page.expect_download() as download:
            own.manage(NAME, "Export")
        self.exported, self.native = place / "page.lookalike", place / "terminal.lookalike"
        download.value.save_as(self.exported)
        # The page's paths begin with the folder that was chosen.
        python("index", folder.parent, "-o", self.native, "--model", model, "--quiet")

    def search(self, file, *what):
        """Search in the terminal; give (name, score) of the photos found, best first."""
        given = json.loads(
            python("search", *what, file, "--model", self.model, "-k", COUNT, "--json")
        )
        return [(each["path"].rsplit("/", 1)[1], each["score"]) for each in given["photos"]]

    @property
    def shown(self):
        """The same of the photos that the page has found, as it exports them."""
        page = self.own.page
        page.locator("#export-results summary").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile("^JSON")).click()
        rows = json.loads(Path(download.value.path()).read_text())
        return [(row["title"], row["score"]) for row in rows]

    def write(self, words):
        """Search in the page by words, until it is done."""
        self.own.look.forget()
        field = self.own.page.get_by_role("textbox", name="Or describe it in words")
        field.fill(words)
        field.press("Enter")
        self.own.look.wait_until_done()


@pytest.fixture(scope="module")
def both(browser, site, dist, tmp_path_factory):
    with opened(browser, site) as look:
        look.open(key=None)
        model = dist / "models" / "mobilenet_v2.onnx"
        both = Both(OwnPhotos(look), model, tmp_path_factory.mktemp("agreement"))
        both.own.act(NAME, "Search these")
        yield both


def contents(path):
    """All features by kind and photo, and the entries by photo."""

    async def read():
        with path.open("rb") as opened:
            file = CollectionFile(opened)
            list(file.verify())
            name, rows = file.collection.id, {}
            for kind in file.kinds:
                async for block in file.features(name, kind):
                    pairs = zip(block.ids, block.matrix.astype(np.float64), strict=True)
                    rows.update(((kind, photo), row) for photo, row in pairs)
            entries = {each.id: each async for some in file.entries(name) for each in some}
            return file.collection.model, rows, entries

    with ThreadPoolExecutor(1) as other:  # Playwright keeps an event loop in this thread
        return other.submit(asyncio.run, read()).result()


def agree(found, wanted, relative=1e-3):
    """Whether two answers have the same photos, scores and order, but of photos next to equal.

    The default's exponential makes 25 times as much of what features differ by, as a fraction. The
    8 bits that these are kept in cost nothing here: both are rounded once, and nearly always alike.
    """
    (names, scores), (_, others) = zip(*found, strict=True), zip(*wanted, strict=True)
    assert len(names) == COUNT
    gaps = [abs(score / dict(wanted)[name] - 1) for name, score in found]
    print(f"scores differ by {max(gaps):.1e} at most")
    assert dict(found) == pytest.approx(dict(wanted), rel=relative)
    assert list(scores) == pytest.approx(list(others), rel=relative)
    return True


def test_features_agree(both):
    model, page, entries = contents(both.exported)
    assert model == contents(both.native)[0]
    _, terminal, others = contents(both.native)
    assert page.keys() == terminal.keys()
    assert len(page) == 2 * COUNT  # of the scorer, and `avg_pool`
    lengths = {key: np.linalg.norm(page[key]) * np.linalg.norm(terminal[key]) for key in page}
    cosines = {key: page[key] @ terminal[key] / lengths[key] for key in page}
    print(f"the lowest cosine of {len(cosines)}: {min(cosines.values()):.7f}")
    assert min(cosines.values()) >= 0.99999
    for name, entry in entries.items():
        (first, share), (other, likely) = (
            top_classes(each.classes)[0] for each in (entry, others[name])
        )
        assert (first, share) == (other, pytest.approx(likely, abs=0.01))
        assert entry.tags == others[name].tags


def test_words_alone_rank_all_photos_as_in_the_terminal(both):
    both.write("flower")
    shown = both.shown
    # What is seen decides: no path has the word.
    assert agree(shown, both.search(both.exported, "--text", "flower"))
    assert agree(shown, both.search(both.native, "--text", "flower"))
    both.write("daisy")
    assert agree(both.shown, both.search(both.exported, "--text", "daisy"))
    # Those in the folder of this name come first.
    names = [path.rsplit("/", 1)[1] for path in photos(COUNT) if path.startswith("daisy/")]
    assert [name for name, _ in both.shown][: len(names)] == sorted(names)
    expect(both.own.page.locator("#query-note")).to_be_empty()


def test_words_that_no_table_knows_are_said_and_find_names(both):
    number = next(iter(photos(1))).rsplit("-", 1)[1].removesuffix(".jpg")
    both.write(number)
    note = both.own.page.locator("#query-note")
    expect(note).to_contain_text("is unknown here")
    expect(note).to_contain_text("Only photos are found whose files or folders are called so.")
    assert both.shown == [(path.rsplit("/", 1)[1], 1.0) for path in sorted(photos(3))]


def test_the_nearest_of_a_photo_and_of_a_photo_with_words_agree(both):
    both.own.open().search(NAME, QUERY)
    shown = both.shown
    assert agree(shown, both.search(both.exported, both.query))
    assert agree(shown, both.search(both.native, both.query))
    both.write("a sunset at night")
    assert agree(both.shown, both.search(both.exported, both.query, "--text", "a sunset at night"))
    assert [name for name, _ in both.shown] != [name for name, _ in shown]
