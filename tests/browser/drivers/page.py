"""What a person does with a page, in any browser: looks for things by role and name, and acts."""

import abc
import functools
import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build import bootstrap
from lookalike_build.bundle import make
from lookalike_build.paths import Checkout

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PATIENCE = 30.0
"""Seconds that something on the page may take on a busy machine."""


class NotYetError(Exception):
    """Something cannot be done at this moment, as an element is gone, covered or disabled."""


@functools.cache
def finder():
    """JavaScript that defines `found.find(role, name, within)`."""
    checkout = Checkout(ROOT)
    with TemporaryDirectory() as folder:
        make(checkout, bootstrap.node(checkout), HERE, ["find.js"], Path(folder))
        module = (Path(folder) / "find.js").read_text()
    # A module's one export, as something that any script can call.
    code, _, exported = module.partition("export{")
    local = exported.partition(" as find")[0]
    return f"const find = (() => {{ {code}; return {local}; }})();"


class Page(abc.ABC):
    """One page of a browser; each browser says how, by the abstract methods.

    Attributes:
        downloads: the folder where the browser puts downloaded files.
        takes_folders: whether its driver can choose a folder; people can in every browser.
        patience: how many times as long as Chromium this browser may take.
    """

    downloads: Path
    takes_folders = True
    patience = 1.0

    @abc.abstractmethod
    def goto(self, url):
        """Open an address, or come to another fragment of the same one."""

    @abc.abstractmethod
    def reload(self): ...

    @abc.abstractmethod
    def evaluate(self, script, *arguments):
        """Run the body of a function in the page, with `arguments`; give what it returns."""

    @abc.abstractmethod
    def elements(self, script, *arguments):
        """The same, of one that returns elements."""

    @abc.abstractmethod
    def click_element(self, element):
        """Click, as a mouse does.

        Raises:
            NotYetError: it is gone, or something lies above it.
        """

    @abc.abstractmethod
    def type_into(self, element, text):
        """Type a text, by keys, in place of what is there."""

    @abc.abstractmethod
    def give_files(self, element, paths):
        """Choose files, or one folder."""

    @abc.abstractmethod
    def press(self, *keys):
        """Press keys at once, each named as `KeyboardEvent.key` names it."""

    @abc.abstractmethod
    def keys(self, text):
        """Type a text into what has the focus."""

    @abc.abstractmethod
    def stroke(self, points, pointer="mouse", rest=0.0):
        """Press at the first point, move to the others, and let go at the last.

        Args:
            points: (x, y) in the pixels of the window.
            pointer: "mouse", or "touch" for a finger.
            rest: seconds before the pointer moves on, or is let go.
        """

    @abc.abstractmethod
    def pinch(self, middle, start, end):
        """Put two fingers on the page, move them apart or together, and lift them.

        Args:
            middle: (x, y) of the point between them, in the pixels of the window.
            start: how far each is from there at first, in pixels.
            end: how far at the end.
        """

    @abc.abstractmethod
    def is_checked(self, element):
        """Whether a box is ticked, a radio button chosen or a button pressed."""

    @abc.abstractmethod
    def resize(self, width, height): ...

    @abc.abstractmethod
    def screenshot(self, path): ...

    @abc.abstractmethod
    def problems(self):
        """Errors and violations of the policy that the browser told since this was last asked."""

    def wait(self, condition, what, seconds=None):
        """Wait until a function gives something true, and give that.

        A `NotYetError` that it raises counts as false.
        """
        seconds = seconds or PATIENCE * self.patience
        end, why = time.monotonic() + seconds, ""
        while True:
            try:
                if result := condition():
                    return result
            except NotYetError as error:
                why = f"({error}) "
            if time.monotonic() > end:
                seen = self.downloads.with_name("failed.png")
                self.screenshot(seen)
                raise AssertionError(
                    f"{what}: not within {seconds:.0f} s. {why}{self.told()} It looks like {seen}"
                )
            self.pause(0.05)

    def pause(self, seconds):
        """Wait between two looks."""
        time.sleep(seconds)

    def told(self):
        """What the page says of itself, for messages of failed tests."""
        parts = self.texts("#status, #scoring-said, [role=alert], dialog[open] [role=status]")
        return f"The page says: {json.dumps(parts, ensure_ascii=False)}"

    def find(self, role, name=None, within=None):
        """The elements on show that have this role and name.

        Args:
            role: of ARIA.
            name: the whole accessible name, or its beginning and "…".
            within: a CSS selector; None for the whole page.
        """
        script = f"""{finder()}
          const [role, name, selector] = arguments;
          const places = selector ? [...document.querySelectorAll(selector)] : [null];
          return places.flatMap((place) => find(role, name, place));"""
        return self.elements(script, role, name, within)

    def sees(self, role, name=None, within=None):
        """Wait until something is on show, and give the first of it."""
        what = f"{role} {name!r}"
        return self.wait(lambda: self.find(role, name, within), what)[0]

    def gone(self, role, name=None, within=None):
        """Wait until nothing like this is on show."""
        self.wait(lambda: not self.find(role, name, within), f"no {role} {name!r}")

    def click(self, role, name=None, within=None):
        """Click the first that has this role and name, as soon as that can be done."""

        def clicked():
            for element in self.find(role, name, within)[:1]:
                self.click_element(element)
                return True
            return False

        self.wait(clicked, f"a click on {role} {name!r}")

    def type(self, role, name, text, within=None):
        """Write a text into a field, in place of what is there."""

        def typed():
            for element in self.find(role, name, within)[:1]:
                self.type_into(element, text)
                return True
            return False

        self.wait(typed, f"typing into {role} {name!r}")

    def tick(self, role, name, within=None):
        """Tick a box or choose a radio button by keyboard, as its own box may not be drawn."""
        self.wait(lambda: self.find(role, name, within), f"{role} {name!r}")
        focus = f"""{finder()}
          const [role, name, selector] = arguments;
          find(role, name, selector && document.querySelector(selector))[0].focus();"""
        self.evaluate(focus, role, name, within)
        self.keys(" ")

    def drawn(self):
        """Wait until what has changed is on the screen."""
        self.evaluate(
            "const { dataset } = document.documentElement; delete dataset.drawn;"
            "requestAnimationFrame(() => requestAnimationFrame(() => (dataset.drawn = 'true')));"
        )
        self.wait(lambda: self.evaluate("return document.documentElement.dataset.drawn"), "a frame")

    def upload(self, selector, *paths):
        """Give files, or a folder, to a field for files, which may be hidden behind a button."""
        find = "return [...document.querySelectorAll(arguments[0])]"
        (field,) = self.wait(lambda: self.elements(find, selector), selector)
        self.give_files(field, paths)

    def middle(self, element):
        """Where the middle of an element is in the window, in pixels."""
        script = """const { left, top, width, height } = arguments[0].getBoundingClientRect();
          return [left + width / 2, top + height / 2];"""
        return self.evaluate(script, element)

    def texts(self, selector):
        """What is written in the elements that are on show."""
        return self.evaluate(
            "return [...document.querySelectorAll(arguments[0])]"
            ".filter((element) => element.checkVisibility()).map((element) => element.innerText)",
            selector,
        )

    def count(self, selector):
        return len(self.texts(selector))

    def says(self, selector, *words, seconds=None):
        """Wait until one of the elements holds one of these words, and give its text."""

        def text():
            return next((t for t in self.texts(selector) if any(w in t for w in words)), None)

        return self.wait(text, f"{selector} with {' or '.join(words)}", seconds)

    def downloaded(self, ending):
        """Wait until a file has been downloaded whole, take it out of the folder and read it."""

        def whole():
            parts = {p.suffix for p in self.downloads.iterdir()} & {".part", ".crdownload"}
            found = [p for p in self.downloads.glob(f"*{ending}") if p.stat().st_size]
            return None if parts or self.unfinished() else found

        (path,) = self.wait(whole, f"the file *{ending}")
        content = path.read_bytes()
        path.unlink()
        return path.name, content

    def unfinished(self):
        """Whether the browser still writes a download; those that use other names know nothing."""
        return False
