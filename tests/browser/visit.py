"""Steps of journeys, in the words of `drivers.page`: the same in every browser."""

import json

from conftest import START_UP

from fake_flickr import VALID_KEY

STATUS = "#status"
ENDED = ("Done", "Stopped", "Cancelled")


class Visit:
    """Somebody's visit to the page.

    Attributes:
        page: a `drivers.page.Page`.
        site: a `conftest.Site`.
    """

    def __init__(self, page, site):
        self.page = page
        self.site = site

    @property
    def start_up(self):
        """Seconds that the engine may take to start on a busy machine."""
        return START_UP / 1000 * self.page.patience

    def open(self, key=VALID_KEY, **settings):
        """Open the page, with these settings kept from an earlier visit."""
        kept = {"lookalike.key": key, "lookalike.settings": json.dumps(settings)}
        self.page.goto(self.site.url)
        self.page.evaluate("localStorage.clear(); Object.assign(localStorage, arguments[0])", kept)
        self.page.reload()

    def ready(self):
        """Wait until the engine is there."""
        self.page.says(STATUS, "Ready", *ENDED, seconds=self.start_up)

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

    def wait_until_done(self):
        text = self.page.says(STATUS, *ENDED, seconds=self.start_up)
        assert "Done" in text, self.page.told()

    def search(self, photo):
        self.choose(photo)
        self.wait_until_done()

    @property
    def results(self):
        """The addresses of the pages of the photos on show, best first."""
        return self.page.evaluate(
            "return [...document.querySelectorAll('#results > li')]"
            ".map((li) => li.querySelector('a').href)"
        )
