"""Steps of journeys, in the words of `drivers.page`: the same in every browser."""

import json

from conftest import FEW, START_UP

from fake_flickr import VALID_KEY

STATUS = "#status"
SAID = "#scoring-said"
RESULTS = "#results > li"
ENDED = ("Done", "Settled", "Stopped", "Cancelled")
SERVICES = {"openverse": "Openverse", "commons": "Wikimedia Commons", "flickr": "Flickr"}


class Visit:
    """Somebody's visit to the page.

    Attributes:
        page: a `drivers.page.Page`.
        site: a `conftest.Site`.
        expected: parts of what the browser may tell of errors in this journey.
    """

    def __init__(self, page, site):
        self.page = page
        self.site = site
        self.expected = []

    @property
    def start_up(self):
        """Seconds that the engine may take to start on a busy machine."""
        return START_UP / 1000 * self.page.patience

    def open(self, key=VALID_KEY, **settings):
        """Open the page, with these settings kept from an earlier visit.

        Where no number of photos is given, a search looks at a few.
        """
        settings = {"photos": FEW, **settings}
        kept = {"lookalike.key": key, "lookalike.settings": json.dumps(settings)}
        kept["lookalike.details"] = "open"
        self.page.goto(self.site.url)
        self.page.evaluate("localStorage.clear(); Object.assign(localStorage, arguments[0])", kept)
        self.page.reload()

    def ready(self):
        """Wait until the engine is there."""
        heading = "return document.querySelector('#phases-heading').textContent.startsWith('Ready')"
        self.page.wait(lambda: self.page.evaluate(heading), "the engine", self.start_up)

    def choose(self, photo):
        """Choose a photo to search for, on a page whose status and results are then new."""
        self.forget()
        self.page.upload("#photo", photo)

    def forget(self):
        """Empty the status and the results, so that what is read next is of the next search."""
        self.page.evaluate(
            "for (const place of document.querySelectorAll('#status, #results'))"
            " place.replaceChildren()"
        )

    def forget_status(self):
        self.page.evaluate("document.querySelector('#status').replaceChildren()")

    def wait_for_first_results(self):
        """Wait until the search that runs has results; those of one before are set apart."""

        def found():
            runs = self.page.count("#cancel:not([hidden])")
            return runs and self.page.count(RESULTS) and not self.page.count("#past > li")

        self.page.wait(found, "first results", self.start_up)

    def wait_until_done(self):
        text = self.page.says(STATUS, *ENDED, seconds=self.start_up)
        assert "Done" in text or "Settled" in text, self.page.told()
        self.page.wait(lambda: self.results, "results")

    def search(self, photo):
        self.choose(photo)
        self.wait_until_done()

    def go_home(self):
        """Show the first screen, where the next search is chosen."""
        self.page.click("link", "Lookalike, to the first screen")

    def search_again(self):
        self.forget()
        self.page.click("button", "Search again", within=".query-actions")
        self.wait_until_done()

    def search_at(self, *names):
        """Choose where the next search goes."""
        if self.page.find("button", "Stop searching only my photos"):
            self.page.click("button", "Stop searching only my photos")
        if not self.page.find("checkbox", "Flickr"):
            self.page.click("button", "Where to search…")
        for name, title in sorted(SERVICES.items(), key=lambda item: item[0] not in names):
            box = self.page.sees("checkbox", title)
            if self.page.is_checked(box) != (name in names):
                self.page.click("checkbox", title)
        sheet = "return document.querySelector('#sources-sheet').matches(':popover-open')"
        if self.page.evaluate(sheet):
            self.page.press("Escape")
            self.page.wait(lambda: not self.page.evaluate(sheet), "the sheet is closed")

    @property
    def results(self):
        """The addresses of the pages of the photos on show, best first."""
        return self.page.evaluate(
            "return [...document.querySelectorAll('#results > li')]"
            ".map((li) => li.querySelector('a')?.href ?? '')"
        )

    @property
    def titles(self):
        return self.page.evaluate(
            "return [...document.querySelectorAll('#results .card-title')]"
            ".map((title) => title.textContent)"
        )

    def open_scoring(self):
        """Open the editor, if it is not open."""
        if not self.page.find("button", "Run", within="#scoring"):
            self.page.click("button", "Scoring", within="#bar")
            self.page.says(SAID, "in charge", "Opened", "put back")

    def load_scorer(self, path):
        """Open a file in the editor, by the menu's "Import a file"."""
        self.open_scoring()
        self.page.upload("#import-file", path)
        self.page.says(SAID, f"Opened “{path.name}”")

    def write_at_end(self, text):
        """Type at the end of what the editor holds, which has the focus, as opening gives it."""
        self.page.evaluate(
            "document.querySelector('#scoring-editor').shadowRoot"
            ".querySelector('.cm-content').focus()"
        )
        self.page.press("Control", "End")
        self.page.keys(text)

    def run_scorer(self, path, typed=""):
        """Open a file in the editor, type something more and run it by keyboard."""
        self.load_scorer(path)
        self.write_at_end(f"\n# {typed}")
        self.page.press("Control", "Enter")

    def scoring_says(self, *words):
        """Wait until the editor says one of these words of a run, which may need another engine."""
        return self.page.says(SAID, *words, seconds=self.start_up)
