"""A page in Chromium, by Playwright."""

import re

from playwright.sync_api import Error

from drivers.page import NotYetError, Page

EXPRESSION = "(given) => (function () {{ {} }}).apply(null, given)"

SECONDS = 30
"""Seconds that a click may take on a busy machine, where it can be made."""

CHECKED = "(box) => box.checked ?? box.ariaPressed === 'true'"


class ChromiumPage(Page):
    """A page of its own, in a context of its own."""

    name = "chromium"

    def __init__(self, browser, folder):
        self.downloads = folder / "downloads"
        self.downloads.mkdir()
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.page = self.context.new_page()
        self.noted = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.on("download", lambda download: self._save(download))

    def close(self):
        self.context.close()

    def _note(self, kind, text):
        if kind in ("error", "warning"):
            self.noted.append(text)

    def _save(self, download):
        download.save_as(self.downloads / download.suggested_filename)

    def pause(self, seconds):
        # Playwright tells of downloads and of the console while it is called, and only then.
        self.page.wait_for_timeout(seconds * 1_000)

    def goto(self, url):
        self.page.goto(url)

    def reload(self):
        self.page.reload()

    def evaluate(self, script, *arguments):
        return self.page.evaluate(EXPRESSION.format(script), list(arguments))

    def elements(self, script, *arguments):
        found = self.page.evaluate_handle(EXPRESSION.format(script), list(arguments))
        properties = found.get_properties()
        return [handle.as_element() for key, handle in properties.items() if key.isdigit()]

    def click_element(self, element):
        # A look alone first: one that gives up in the midst may have clicked all the same.
        with unready():
            element.click(timeout=1_000, trial=True)
            element.click(timeout=SECONDS * 1_000)

    def type_into(self, element, text):
        self.click_element(element)
        with unready():
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(text)

    def give_files(self, element, paths):
        element.set_input_files(list(paths))

    def press(self, *keys):
        self.page.keyboard.press("+".join(keys))

    def keys(self, text):
        self.page.keyboard.type(text)

    def stroke(self, points, pointer="mouse", rest=0.0):
        (first, *others) = points
        if pointer == "touch":
            self._touch([first, *others], rest)
            return
        mouse = self.page.mouse
        mouse.move(*first)
        mouse.down()
        self.pause(rest)
        for point in others:
            mouse.move(*point)
        mouse.up()

    def _touch(self, points, rest):
        session = self.context.new_cdp_session(self.page)
        kinds = ["touchStart"] + ["touchMove"] * (len(points) - 1)
        for kind, (x, y) in zip(kinds, points, strict=True):
            touches = [{"x": x, "y": y}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
            if kind == "touchStart":
                self.pause(rest)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        session.detach()

    def pinch(self, middle, start, end):
        x, y = middle
        session = self.context.new_cdp_session(self.page)
        for kind, apart in (
            ("touchStart", start),
            ("touchMove", (start + end) / 2),
            ("touchMove", end),
            ("touchEnd", None),
        ):
            ways = () if apart is None else (-apart, apart)
            touches = [{"x": x + way, "y": y, "id": id_} for id_, way in enumerate(ways)]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
        session.detach()

    def is_checked(self, element):
        return element.evaluate(CHECKED)

    def resize(self, width, height):
        self.page.set_viewport_size({"width": width, "height": height})

    def screenshot(self, path):
        self.page.screenshot(path=path)

    def problems(self):
        # Events come in while Playwright is at work.
        self.page.evaluate("null")
        noted, self.noted = self.noted, []
        return noted


class unready:  # noqa: N801 - used as a function
    """Makes a `NotYetError` of what Playwright raises where an element is not ready."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        if isinstance(error, Error) and re.search("Timeout|not attached|detached", str(error)):
            raise NotYetError(str(error)) from error
