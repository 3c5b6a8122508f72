"""What can go wrong with collections: nothing is lost, and what happened is said."""

import re

import pytest
from conftest import START_UP, Lookalike, borrowed, opened
from own_photos import OwnPhotos, folder_of, photos
from playwright.sync_api import expect

from lookalike_build.bundle import PAGE

QUERY = ("query.jpg", next(iter(photos(1, 12).values())))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("photos")


@pytest.fixture(scope="module")
def page(browser, site):
    with opened(browser, site) as look:
        yield look.open(key=None)


@pytest.fixture
def own(page):
    """A page that has been in use before; its collections are gone."""
    with borrowed(page) as look:
        own = OwnPhotos(look)
        yield own
        own.open()
        for name in own.cards.get_by_role("heading").all_inner_texts():
            own.delete(name)


def test_a_reload_in_the_midst_keeps_what_was_stored_and_the_same_folder_adds_the_rest(own, place):
    many = folder_of(place, photos(100, kinds=None), "Many")
    own.make(many)
    # The first batch is stored after five seconds.
    expect(own.card("Many").locator(".collection-facts")).to_contain_text(
        re.compile(r"^\d+ photos?,"), timeout=START_UP
    )
    own.act("Many", "Pause")
    own.wait("Many", re.compile("Paused"))
    own.page.reload()
    own.open()
    note = own.card("Many").locator(".collection-note")
    expect(note).to_contain_text("Adding 100 photos was interrupted")
    kept = int(re.search(r"has (\d+) photos? now", note.inner_text())[1])
    assert 0 < kept < 100
    own.add("Many", many)
    own.wait("Many", re.compile(rf"Done: {100 - kept} photos? added \({kept} in already\)"))
    expect(note).to_be_hidden()
    expect(own.card("Many")).to_contain_text("100 photos")


def test_work_is_stopped_and_what_is_in_stays(own, place):
    own.make(folder_of(place, photos(100, kinds=None), "Stopped"))
    expect(own.card("Stopped").locator(".collection-pace")).to_contain_text(
        "photos/s", timeout=START_UP
    )
    own.act("Stopped", "Pause")
    own.wait("Stopped", re.compile("Paused at"))
    own.act("Stopped", "Resume")
    own.wait("Stopped", re.compile("photos/s"))
    own.act("Stopped", "Stop")
    own.wait("Stopped", re.compile("Stopped: "))
    count = int(
        re.search(r"(\d+) photo", own.card("Stopped").locator(".collection-pace").inner_text())[1]
    )
    facts = own.card("Stopped").locator(".collection-facts")
    expect(facts).to_contain_text(f"{count} photo")


def test_a_damaged_collection_says_so_is_mended_and_spoils_no_other(own, place):
    own.collect(folder_of(place, photos(4), "Good"), "Good")
    own.collect(folder_of(place, photos(4, 4), "Bad"), "Bad")
    own.kept(
        """(database) => new Promise((resolve) => {
             const writing = database.transaction(["collections", "vectors"], "readwrite");
             const asked = writing.objectStore("collections").getAll();
             asked.onsuccess = () => {
               const { id } = asked.result.find(({ name }) => name === "Bad");
               const vectors = writing.objectStore("vectors");
               vectors.getAllKeys(IDBKeyRange.bound([id], [id, []])).onsuccess = ({ target }) => {
                 for (const key of target.result.slice(0, 6)) vectors.put(new Uint8Array(3), key);
               };
             };
             writing.oncomplete = () => resolve(id => id);
           }).then(() => true)"""
    )
    own.page.reload()
    own.open()
    own.act("Bad", "Search these")
    own.look.choose(QUERY)
    expect(own.look.alert).to_contain_text("This collection is damaged", timeout=START_UP)
    own.open()
    expect(own.card("Bad").locator(".collection-note")).to_contain_text("is damaged")
    own.search("Good", QUERY)
    expect(own.look.items).to_have_count(4)
    own.open()
    own.act("Bad", "Process again")
    own.wait("Bad", re.compile("processed again"))
    own.search("Bad", QUERY)
    expect(own.look.items).to_have_count(4)


def test_a_collection_of_another_network_says_so_and_is_processed_again(own, place):
    own.collect(folder_of(place, photos(4), "Old"), "Old")
    own.kept(
        """(database) => new Promise((resolve) => {
             const writing = database.transaction(["collections", "entries"], "readwrite");
             for (const name of ["collections", "entries"]) {
               writing.objectStore(name).openCursor().onsuccess = ({ target }) => {
                 const cursor = target.result;
                 if (!cursor) return;
                 cursor.update({ ...cursor.value, model: { name: "other_net", hash: "00" } });
                 cursor.continue();
               };
             }
             writing.oncomplete = () => resolve(true);
           })"""
    )
    own.page.reload()
    own.open()
    note = own.card("Old").locator(".collection-note")
    expect(note).to_contain_text("It was made with another network (other_net)")
    expect(own.card("Old").get_by_role("button", name="Search these")).to_be_hidden()
    own.act("Old", "Process again")
    own.wait("Old", re.compile("processed again"))
    expect(note).to_be_hidden()
    own.search("Old", QUERY)
    expect(own.look.items).to_have_count(4)


def test_where_the_record_of_a_collection_is_damaged_the_others_are_there(own, place):
    own.collect(folder_of(place, photos(2), "Fine"), "Fine")
    own.kept(
        """(database) => new Promise((resolve) => {
             const writing = database.transaction("collections", "readwrite");
             writing.objectStore("collections").put({ id: "0bad", name: 5 });
             writing.oncomplete = () => resolve(true);
           })"""
    )
    own.page.reload()
    own.open()
    expect(own.card("Fine")).to_contain_text("2 photos")
    expect(own.card("Collection 0bad")).to_contain_text("it can only be deleted")
    own.manage("Collection 0bad", "Delete")
    own.act("Collection 0bad", "Delete it")
    expect(own.cards).to_have_count(1)


FULL = """
const put = IDBObjectStore.prototype.put;
let room = 10;
IDBObjectStore.prototype.put = function (...given) {
  if (this.name === "thumbnails" && room-- <= 0) throw new DOMException("", "QuotaExceededError");
  return put.apply(this, given);
};
"""
"""There is room for ten photos; what Chromium itself does when a disk is full cannot be had here:
it lets a page of a test go on whatever quota it was told."""


def test_a_full_disk_is_said_and_loses_nothing(fork, place):
    fork.site.before(PAGE, FULL)
    own = OwnPhotos(fork.open(key=None))
    own.collect(folder_of(place, photos(4), "First"), "First")
    own.make(folder_of(place, photos(20), "Second"))
    own.wait("Second", re.compile("no room left"))
    expect(own.card("Second")).to_contain_text("No photos yet")
    expect(own.card("First")).to_contain_text("4 photos")
    own.search("First", QUERY)
    expect(own.look.items).to_have_count(4)


def test_two_tabs_that_add_to_one_collection_lose_nothing(own, place):
    own.collect(folder_of(place, photos(2), "Shared"), "Shared")
    page = own.page.context.new_page()
    look = Lookalike(page, own.look.site)
    page.goto(look.site.url)
    other = OwnPhotos(look).open()
    expect(other.card("Shared")).to_contain_text("2 photos")
    expect(look.status).to_contain_text("Ready", timeout=START_UP)
    few = folder_of(place, photos(3), "Others")
    with page.expect_file_chooser() as chooser:
        other.manage("Shared", "Add a folder")
    own.page.bring_to_front()
    own.add("Shared", folder_of(place, photos(120, kinds=None), "Shared"))
    own.wait("Shared", re.compile("photos/s"))
    # The first tab has not much to do: the second only has to be told what it chose.
    chooser.value.set_files(few)
    other.wait("Shared", re.compile("Another tab works on this collection"))
    own.wait("Shared")
    other.wait("Shared", re.compile("Done: 3 photos added"))
    expect(own.card("Shared")).to_contain_text("123 photos")
    expect(other.card("Shared")).to_contain_text("123 photos")
    assert not look.unexpected_errors()
    page.close()


def test_a_collection_that_has_expired_is_deleted_and_that_is_said(own, place):
    own.collect(folder_of(place, photos(2), "Brief"), "Brief")
    own.managed("Brief").get_by_label("Delete automatically").select_option("After 1 day")
    expect(own.card("Brief")).to_contain_text("will be deleted in 24 hours")
    own.kept(
        """(database) => new Promise((resolve) => {
             const writing = database.transaction("collections", "readwrite");
             writing.objectStore("collections").openCursor().onsuccess = ({ target }) =>
               target.result.update({ ...target.result.value, expires: 1 });
             writing.oncomplete = () => resolve(true);
           })"""
    )
    own.page.reload()
    own.open()
    expect(own.cards).to_have_count(0)
    expect(own.dialog.get_by_role("status").first).to_have_text("“Brief” expired and was deleted.")
