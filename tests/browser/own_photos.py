"""The dialog "Your photos", as a person meets it, and small folders of photos to put into it."""

import io
import re
import zipfile

from conftest import START_UP
from playwright.sync_api import expect

from generated_photos import collection

HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 200
ENDED = re.compile("Done|Stopped|processed again|Exported")


def photos(count, first=0, kinds=("sunset", "daisy", "city")):
    """Drawn photos by their names, each kind in a folder of its own; of all kinds there are 120."""
    rows = [row for row in collection(120) if row["kind"] in (kinds or row["kind"])]
    return {
        f"{row['kind']}/{row['title'].replace(' ', '-')}-{row['seed']}.jpg": row["bytes"]
        for row in rows[first : first + count]
    }


def folder_of(place, files, name="Holiday"):
    """Write files to a folder, and give it."""
    for path, content in files.items():
        target = place / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return place / name


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


class OwnPhotos:
    """The dialog "Your photos"."""

    def __init__(self, look):
        self.look = look
        self.page = look.page

    @property
    def dialog(self):
        return self.page.get_by_role("dialog", name="Your photos")

    def open(self):
        if not self.dialog.is_visible():
            self.look.button("Your photos").click()
        return self

    def close(self):
        self.dialog.get_by_role("button", name="Close").click()

    def button(self, name):
        return self.dialog.get_by_role("button", name=name, exact=True)

    @property
    def cards(self):
        return self.dialog.get_by_role("list", name="Collections").locator("> li")

    def card(self, name):
        return self.cards.filter(has=self.page.get_by_role("heading", name=name, exact=True))

    def choose(self, path):
        """Choose a folder, or files, for a new collection."""
        self.open()
        field = "#collection-folder" if path.is_dir() else "#collection-files"
        self.page.locator(field).set_input_files(path)

    def make(self, path, name=None):
        """Make a collection, and do not wait for it."""
        self.choose(path)
        if name:
            self.dialog.get_by_label("Name", exact=True).last.fill(name)
        self.dialog.locator("#collection-make").click()

    def collect(self, path, name):
        """Make a collection and wait until it is done."""
        self.make(path, name)
        self.wait(name)
        return self.card(name)

    def wait(self, name, words=ENDED, timeout=START_UP):
        expect(self.card(name).locator(".collection-pace")).to_have_text(words, timeout=timeout)

    def act(self, name, what):
        self.card(name).get_by_role("button", name=what, exact=True).click()

    def managed(self, name):
        """A collection's card, with what is behind "Manage" on show."""
        card = self.card(name)
        if card.get_by_role("button", name="Manage").get_attribute("aria-expanded") == "false":
            self.act(name, "Manage")
        return card

    def manage(self, name, what):
        self.managed(name)
        self.act(name, what)

    def rename(self, name, new):
        field = self.managed(name).get_by_label("Name")
        field.fill(new)
        field.press("Enter")
        expect(self.card(new)).to_be_visible()

    def delete(self, name):
        self.manage(name, "Delete")
        self.act(name, "Delete it")
        expect(self.card(name)).to_have_count(0)

    def add(self, name, path):
        """Add a folder to a collection."""
        with self.page.expect_file_chooser() as chooser:
            self.manage(name, "Add a folder")
        chooser.value.set_files(path)

    def search(self, name, photo):
        """Search one collection with a photo, until it is done."""
        if self.page.locator("#workspace").is_visible():
            # There "Search these" is for the search on show.
            self.close()
            self.page.locator("#home").click()
            self.open()
        if not self.card(name).evaluate("(card) => card.classList.contains('chosen')"):
            self.act(name, "Search these")
        else:
            self.close()
        self.look.forget()
        self.look.search(photo)
        expect(self.look.items.first).to_be_visible()

    @property
    def found(self):
        """The names of the photos on show, best first."""
        return self.look.items.locator(".card-title").all_text_contents()

    @property
    def scores(self):
        return self.look.items.locator(".score")

    def kept(self, script):
        """Do something with the database itself: `script` is of a function of it."""
        # In the text itself, as the page's policy forbids eval.
        return self.page.evaluate(
            """() => new Promise((resolve, reject) => {
                 const opening = indexedDB.open("lookalike");
                 opening.onerror = () => reject(opening.error);
                 opening.onsuccess = () => {
                   const database = opening.result;
                   (SCRIPT)(database).then(resolve, reject).finally(() => database.close());
                 };
               })""".replace("SCRIPT", script)
        )
