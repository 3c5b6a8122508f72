"""Photos of ../shared/labelled as a collection: indexed, searched, added to, and kept.

How all 1,836 do is measured by `tests/bench.py`.
"""

import json
import os
import re
import shutil

import pytest
from conftest import CHROMIUM_ARGUMENTS, RARELY_OPTIMISED, ROOT, START_UP, Lookalike
from own_photos import OwnPhotos
from playwright.sync_api import expect

pytestmark = pytest.mark.real_network

LABELLED = ROOT.parent / "shared" / "labelled"
HOURS = 60 * 60 * 1000
"""So long may it take where many tests share two cores; alone it takes a minute."""


@pytest.fixture(scope="module")
def rows():
    if not LABELLED.is_dir():
        pytest.skip("no ../shared/labelled beside the checkout")
    lines = (LABELLED / "labelled.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    # Of every fourth class, every fourth photo: some hundred, and so a dozen of each.
    classes = sorted({row["label"] for row in rows})[::4]
    return [row for row in rows if row["label"] in classes][::4]


@pytest.fixture(scope="module")
def profile(browser, site, tmp_path_factory):
    """Opens a page in a browser that keeps what it is given; closes the one before."""
    place = tmp_path_factory.mktemp("profile")
    path = os.environ.get("LOOKALIKE_CHROMIUM") or shutil.which("chromium")
    contexts = []

    def visit():
        while contexts:
            contexts.pop().close()
        context = browser.browser_type.launch_persistent_context(
            place, executable_path=path, args=[*CHROMIUM_ARGUMENTS, RARELY_OPTIMISED]
        )
        contexts.append(context)
        look = Lookalike(context.pages[0], site)
        look.page.goto(site.url)
        return OwnPhotos(look).open()

    yield visit
    while contexts:
        contexts.pop().close()


@pytest.fixture(scope="module")
def folders(rows, tmp_path_factory):
    """All photos but the last 12, and then those: in folders, but not named after their classes."""
    place = tmp_path_factory.mktemp("labelled")
    for name, some in (("first", rows[:-12]), ("rest", rows[-12:])):
        for row in some:
            target = place / name / "Labelled" / f"{row['id']}.jpg"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(LABELLED / row["file"], target)
    return place


def test_a_folder_is_indexed_searched_added_to_reloaded_exported_and_deleted(
    profile, folders, rows, tmp_path
):
    labels = {f"{row['id']}.jpg": row["label"] for row in rows}
    own = profile()
    own.make(folders / "first" / "Labelled", "Labelled")
    own.wait("Labelled", re.compile(f"^Done: {len(rows) - 12} photos added"), HOURS)
    expect(own.card("Labelled")).to_contain_text(f"{len(rows) - 12} photos")
    own.add("Labelled", folders / "rest" / "Labelled")
    own.wait("Labelled", re.compile("^Done: 12 photos added"), HOURS)

    own = profile()  # closed, and opened again
    expect(own.card("Labelled")).to_contain_text(f"{len(rows)} photos")
    right = total = 0
    for row in rows[::14]:
        own.search("Labelled", LABELLED / row["file"])
        assert own.found[0] == f"{row['id']}.jpg"
        nearest = own.found[1:6]
        right += sum(labels[name] == row["label"] for name in nearest)
        total += len(nearest)
        own.open()
    assert right / total > 0.6, f"{right} of {total} neighbours are of the query's class"

    with own.page.expect_download(timeout=HOURS) as download:
        own.manage("Labelled", "Export")
    download.value.save_as(tmp_path / "Labelled.lookalike")
    assert (tmp_path / "Labelled.lookalike").stat().st_size > len(rows) * 30_000
    own.manage("Labelled", "Delete")
    own.act("Labelled", "Delete it")
    expect(own.cards).to_have_count(0, timeout=START_UP)
    own = profile()
    expect(own.dialog).to_contain_text("Search your own photos by what they show")
    assert not own.look.unexpected_errors()
