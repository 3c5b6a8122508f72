"""A page in WebKitGTK's MiniBrowser, by WebKitWebDriver, on a screen that nobody sees."""

import contextlib
import os
import subprocess
import threading

from selenium import webdriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from drivers.webdriver import WebDriverPage, unready

WATCH = """
const told = globalThis.toldProblems ??= [];
const channel = new BroadcastChannel("told-problems");
const tell = (text) => globalThis.document ? told.push(text) : channel.postMessage(text);
if (globalThis.document) channel.onmessage = ({ data }) => told.push(data);
addEventListener("error", (event) => tell(`error: ${event.message ?? event.target?.src}`), true);
addEventListener("unhandledrejection", ({ reason }) => tell(`unhandled rejection: ${reason}`));
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
  tell(`the policy's ${effectiveDirective} forbids ${blockedURI}`));
for (const kind of ["error", "warn"]) {
  const write = console[kind].bind(console);
  console[kind] = (...words) => { tell(`console.${kind}: ${words.join(" ")}`); write(...words); };
}
"""
"""Put before the page's and the workers' own code: WebKit's driver does not give the console.

Workers tell the page. An error that a listener of the page has taken care of is told as well.
"""


FINGER = """
const [type, x, y, id = 7] = arguments;
const options = { bubbles: true, cancelable: true, composed: true, clientX: x, clientY: y,
                  pointerType: "touch", pointerId: id, isPrimary: id === 7 };
globalThis.touched ??= new Map();
if (type === "pointerdown") touched.set(id, document.elementFromPoint(x, y));
const Kind = type === "click" ? MouseEvent : PointerEvent;
touched.get(id).dispatchEvent(new Kind(type, options));
"""
"""What a finger makes of events: this driver takes every pointer for a mouse."""


ANSWER = 60
"""Seconds for a picture, and to end: a driver whose page hangs answers to neither."""


def within(seconds, act, *arguments):
    """Do something for so long at most; say whether it has ended."""
    doing = threading.Thread(target=act, args=arguments, daemon=True)
    doing.start()
    doing.join(seconds)
    return not doing.is_alive()


@contextlib.contextmanager
def screen(program):
    """An X display of its own, by Xvfb; gives its name."""
    read, write = os.pipe()
    command = [program, "-displayfd", str(write), "-screen", "0", "1600x1200x24"]
    # It would write about keys that it does not know.
    server = subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    os.close(write)
    try:
        with os.fdopen(read) as numbers:
            yield f":{numbers.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


class WebKitPage(WebDriverPage):
    """The window of a MiniBrowser, with a home of its own."""

    name = "webkit"
    patience = 2.0

    def __init__(self, found, folder, display):
        home = folder / "home"
        self.downloads = folder / "downloads"
        (home / ".config").mkdir(parents=True)
        self.downloads.mkdir()
        folders = f'XDG_DOWNLOAD_DIR="{self.downloads}"\n'
        (home / ".config" / "user-dirs.dirs").write_text(folders)
        environment = {
            **os.environ,
            "DISPLAY": display,
            "GDK_BACKEND": "x11",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            # It has no GPU here, and draws by half the processor time without pretending to one.
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            # Most tests end before its second compiler of WebAssembly has paid.
            "JSC_useOMGJIT": "0",
        }
        options = Options()
        options.binary_location = str(found.browser)
        options.add_argument("--automation")
        service = Service(str(found.driver), env=environment, log_output=subprocess.DEVNULL)
        self.driver = webdriver.WebKitGTK(options=options, service=service)
        self.resize(1280, 900)

    def close(self):
        if not within(ANSWER, self.driver.quit):
            self.driver.service.process.kill()

    def screenshot(self, path):
        within(ANSWER, super().screenshot, path)

    def click_element(self, element):
        # Its driver does not always bring what lies below the window's edge into view.
        with unready():
            self.evaluate("arguments[0].scrollIntoView({ block: 'nearest' })", element)
        super().click_element(element)

    def stroke(self, points, pointer="mouse", rest=0.0):
        if pointer == "mouse":
            super().stroke(points, pointer, rest)
            return
        self.evaluate(FINGER, "pointerdown", *points[0])
        self.pause(rest)
        for point in points[1:]:
            self.evaluate(FINGER, "pointermove", *point)
        self.evaluate(FINGER, "pointerup", *points[-1])
        if len(points) == 1:
            self.evaluate(FINGER, "click", *points[0])

    def pinch(self, middle, start, end):
        x, y = middle
        for kind, apart in (
            ("pointerdown", start),
            ("pointermove", (start + end) / 2),
            ("pointermove", end),
            ("pointerup", end),
        ):
            for finger, way in ((7, -1), (8, 1)):
                self.evaluate(FINGER, kind, x + way * apart, y, finger)

    def problems(self):
        return self.evaluate("return (globalThis.toldProblems ?? []).splice(0)")
