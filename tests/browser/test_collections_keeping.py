"""Adding photos in the page: none takes another's place, and one bad entry costs no other."""

import io
import json
import re

import numpy as np
import pytest
from conftest import START_UP, Lookalike, borrowed, opened
from own_photos import OwnPhotos, folder_of, photos, zipped
from playwright.sync_api import expect

from lookalike.collections.collection import AVG_POOL, Batch, PhotoEntry
from lookalike.collections.lookalike_file import Writer
from lookalike.collections.opened_file import CollectionFile
from small_collection import HOLIDAY, KIND, MODEL, jpeg


@pytest.fixture(scope="module")
def page(browser, site):
    with opened(browser, site) as look:
        yield look.open(key=None)


@pytest.fixture
def own(page):
    """A page that has been in use before; the collections of other tests stay in it."""
    with borrowed(page) as look:
        yield OwnPhotos(look)


def three(place, name, first):
    """A folder of three photos that are called like those of any other camera."""
    some = photos(3, first).values()
    files = {f"100/IMG_{number}.jpg": content for number, content in enumerate(some)}
    return folder_of(place / name, files, "DCIM")


def names(own, collection):
    own.act(collection, "Photos")
    listed = own.dialog.get_by_role("list", name="Photos").locator("> li")
    expect(listed.first).to_be_visible()
    found = listed.locator(".own-name").all_text_contents()
    own.button("All collections").click()
    return found


def test_two_cameras_that_call_their_photos_alike_lose_none(own, tmp_path):
    first, second = three(tmp_path, "a", 0), three(tmp_path, "b", 3)
    own.collect(first, "Cameras")
    own.add("Cameras", second)
    own.wait("Cameras", re.compile("Done: 3 photos added. 3 of them have the name of another"))
    expect(own.card("Cameras")).to_contain_text("6 photos")
    assert {f"IMG_{n}.jpg" for n in range(3)} < set(names(own, "Cameras"))
    assert "IMG_1 (2).jpg" in names(own, "Cameras")
    for folder in (first, second):
        own.add("Cameras", folder)
        own.wait("Cameras", re.compile(r"Done: nothing to add \(3 in already\)\.$"))
    # A zip file of the folder's name.
    more = tmp_path / "DCIM.zip"
    more.write_bytes(zipped({"100/IMG_0.jpg": next(iter(photos(1, 6).values()))}))
    with own.page.expect_file_chooser() as chooser:
        own.manage("Cameras", "Add files")
    chooser.value.set_files(more)
    own.wait("Cameras", re.compile("Done: 1 photo added. 1 of them has the name"))
    expect(own.card("Cameras")).to_contain_text("7 photos")


def test_files_of_one_name_are_all_there_and_any_name_can_be_read(own):
    some = [*photos(7).values()]
    ugly = ["a\nb.jpg", "\x1b[31mred.jpg", "\u202egpj.exe.jpg", "", ""]
    given = [name or "same.jpg" for name in ugly]
    own.open()
    own.page.locator("#collection-files").set_input_files(
        [
            {"name": name, "mimeType": "image/jpeg", "buffer": content}
            for name, content in zip(given, some, strict=False)
        ]
    )
    own.dialog.get_by_label("Name", exact=True).last.fill("Ugly")
    own.dialog.locator("#collection-make").click()
    own.wait("Ugly")
    expect(own.card("Ugly")).to_contain_text("5 photos")
    found = names(own, "Ugly")
    assert {"same.jpg", "same (2).jpg"} < set(found)
    assert not re.search("[\x00-\x1f\u202e]", "".join(found))


def test_a_file_that_changes_after_it_was_chosen_is_told_and_costs_no_other(own, tmp_path):
    folder = folder_of(tmp_path, {**photos(3), "late.jpg": b"x", "own.lookalike": b"x"}, "Late")
    own.choose(folder)
    (folder / "late.jpg").write_bytes(b"something longer than it was")
    own.dialog.locator("#collection-make").click()
    own.wait("Late", re.compile("Done: 3 photos added"))
    card = own.card("Late")
    card.get_by_text("1 could not be opened").click()
    expect(card.locator(".collection-failures li")).to_have_count(1)
    expect(card.locator(".collection-failures")).to_contain_text("changed in the meantime")


def test_a_file_of_a_terminal_with_any_names_is_opened(own, tmp_path):
    ugly = ["latin \udce9.jpg", "two\nlines.jpg", "\x1b[1mbold.jpg"]
    buffer = io.BytesIO()
    writer = Writer(buffer, HOLIDAY)
    entries = [PhotoEntry(name, 1, 1, "00", 64, 48, (), b"", MODEL) for name in ugly]
    rows = np.ones((3, 3), np.float16)
    writer.add(Batch(entries, [jpeg("red")] * 3, {AVG_POOL: rows, KIND: rows}))
    writer.close()
    (tmp_path / "2019.08 St. Petersburg.lookalike").write_bytes(buffer.getvalue())
    own.look.expect_errors("404")  # its network is none of this site's
    own.choose(tmp_path / "2019.08 St. Petersburg.lookalike")
    expect(own.dialog.locator("#collection-name")).to_have_value("2019.08 St. Petersburg")
    own.button("Open it").click()
    name = "2019.08 St. Petersburg"
    expect(own.card(name)).to_contain_text("3 photos", timeout=START_UP)
    assert set(names(own, name)) == {r"latin \xe9.jpg", r"two\nlines.jpg", r"\x1b[1mbold.jpg"}
    # And written again.
    with own.page.expect_download() as download:
        own.manage(name, "Export")
    with open(download.value.path(), "rb") as exported:
        file = CollectionFile(exported)
        list(file.verify())
        assert file.described(AVG_POOL) == set(ugly)


def test_a_browser_that_may_keep_nothing_is_told_as_that(launch, site, tmp_path):
    """Chromium with all cookies blocked in its settings."""
    profile = tmp_path / "profile" / "Default"
    profile.mkdir(parents=True)
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Preferences").write_text(json.dumps(blocked))
    context = launch(profile=tmp_path / "profile", whole=True)
    look = Lookalike(context.new_page(), site)
    look.page.goto(site.url)
    own = OwnPhotos(look).open()
    expect(own.dialog.get_by_role("alert")).to_contain_text(
        "This browser lets this page keep nothing"
    )
    expect(own.dialog.locator("#collections-clear")).to_be_hidden()
    own.make(folder_of(tmp_path, photos(2), "Two"))
    own.wait("Two", re.compile("lets this page keep nothing. Allow cookies and site data"))
    assert not look.unexpected_errors()
