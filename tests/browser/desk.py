"""The page with an engine that only says what the real one would: see fake_engine.js."""

import contextlib
import gzip
import json
import re
import shutil
from pathlib import Path

import conftest  # which imports this module, too
from playwright.sync_api import expect

from lookalike.browser.protocol import FROM_PAGE
from lookalike_build.fetch import sha256

ENGINE = Path(__file__).with_name("fake_engine.js")
COURIER = Path(__file__).with_name("fake_courier.js")
QUERY = ("query.png", bytes.fromhex("89504e470d0a1a0a"))
EMPTY = {
    "*.gzip": gzip.compress(b""),
    "pyodide.asm.wasm": bytes.fromhex("0061736d01000000"),
    f"{conftest.NETWORK}.onnx": b"",
}
"""What stands in the files that only a real engine reads."""


@contextlib.contextmanager
def desk_site(dist, folder):
    """A copy of the site with that engine, served."""
    shutil.copytree(dist, folder / "desk")
    (folder / "desk/js/engine/worker.js").write_text(ENGINE.read_text())
    (folder / "desk/js/courier/worker.js").write_text(COURIER.read_text())
    (folder / "desk/js/vision/worker.js").write_text("export async function start() {}\n")
    with conftest.Site(folder / "desk") as site:
        site.real = False
        _empty(site)
        yield site


def _empty(site):
    """Leave out what only a real engine reads: to fetch and check 18 MB takes as long as a test."""
    lock = "pyodide/pyodide-lock.json"
    packages = json.loads((site.folder / lock).read_text())
    for package in packages["packages"].values():
        package["sha256"] = sha256(b"")
    (site.folder / lock).write_text(json.dumps(packages))
    site.note_as_built(lock)
    for pattern, content in EMPTY.items():
        for path in site.folder.rglob(pattern):
            path.write_bytes(content)
            site.note_as_built(path.relative_to(site.folder).as_posix())


KINDS = [kind for kind in FROM_PAGE if kind not in ("ping", "open")]
"""Of the messages to the engine, those that a test may ask for."""

LISTEN = """
if (window === top) {
  window.told = [];
  const TO_ENGINE = KINDS;
  const { postMessage } = MessagePort.prototype;
  const short = ({ image, weight, crop }) => [image.length, weight, crop];
  const kept = ({ photo, tag, mark }) => [photo.id, tag, mark];
  MessagePort.prototype.postMessage = function (message, ...rest) {
    const { type, name, queries, results } = message;
    const model = type === "file" && /^(?!pyodide)(\\w+)\\.json$/.exec(name)?.[1];
    if (model) window.told.push({ type: "start", model });
    if (TO_ENGINE.includes(type)) {
      window.told.push({ ...message, queries: queries?.map(short), results: results?.map(kept) });
    }
    return postMessage.call(this, message, ...rest);
  };
}
""".replace("KINDS", json.dumps(KINDS))
"""Notes what the page sends to the engine, which has no channel to a test."""


class Desk:
    """The scorer's panel, as a person meets it."""

    def __init__(self, look):
        self.look = look
        self.page = look.page
        self.page.add_init_script(LISTEN)

    def open(self, **settings):
        self.look.open(**settings)
        return self

    def search(self, photos=40):
        self.open(photos=photos)
        self.look.search(QUERY)
        expect(self.look.items).to_have_count(min(30, photos))
        return self

    @property
    def panel(self):
        return self.page.get_by_role("region", name="Scoring")

    @property
    def code(self):
        return self.panel.get_by_role("textbox", name="Score function, in Python")

    @property
    def said(self):
        return self.panel.get_by_role("status")

    @property
    def text(self):
        return "\n".join(self.code.locator(".cm-line").all_text_contents())

    def expect_text(self, text):
        """Wait until the editor holds this text: it draws lines as its height is known."""
        for _ in range(500):
            if self.text == text:
                return
            self.page.wait_for_timeout(20)
        assert self.text == text

    def button(self, name):
        return self.panel.get_by_role("button", name=name, exact=True)

    def begin(self):
        """Open the panel."""
        self.look.button("Scoring").click()
        expect(self.said).to_contain_text("score function in charge")
        return self

    def write(self, text):
        """Put a text into the editor in place of all."""
        self.code.focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def run(self, text):
        self.write(text)
        self.page.keyboard.press("Control+Enter")

    def menu(self, name):
        self.panel.locator("summary", has_text=name).click()

    def told(self, kind):
        """What the engine was told of that kind; "start" is told by the file of its network."""
        assert kind in (*KINDS, "start")
        return [m for m in self.page.evaluate("window.told") if m["type"] == kind]

    def until_told(self, kind, times=1):
        """Wait until it was told so often; the page's policy lets no test poll in it."""
        for _ in range(1500):
            if len(self.told(kind)) >= times:
                return self.told(kind)
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{kind} was told {len(self.told(kind))} times")

    def expect_order(self, *first):
        """The photos on show, best first, begin with these."""
        # They rest while the pointer is at them.
        self.page.mouse.move(0, 0)
        for place, number in enumerate(first):
            link = self.look.items.nth(place).get_by_role("link").first
            expect(link).to_have_attribute("href", re.compile(f"/{number}$"))


@contextlib.contextmanager
def desk_page(browser, site, **options):
    with conftest.opened(browser, site, **options) as look:
        yield Desk(look)
