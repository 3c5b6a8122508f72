"""A built site on a plain static host, a fake Flickr on another origin, and a real Chromium.

Every test fails on any console error or uncaught exception that it does not expect.
"""

import contextlib
import functools
import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from fake_commons import FakeCommons
from fake_flickr import SHARED_PHOTOS, VALID_KEY, FakeFlickr
from fake_openverse import FakeOpenverse
from fake_wellcome import FakeWellcome
from light_network import put_light_network
from lookalike_build import archive, bootstrap, browsers
from lookalike_build.bundle import ENGINE, PAGE, WORKERS, make
from lookalike_build.fetch import sha256
from lookalike_build.paths import Checkout

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
]
RARELY_OPTIMISED = "--js-flags=--wasm-tiering-budget=40000000"
"""Has V8 optimise only what is really hot; most tests end before more pays. Not for benchmarks."""
NEIGHBOURS = ["--renderer-process-limit=1", "--disable-site-isolation-trials"]
"""Let all pages of a context be in one process, whatever their origins."""
ENDED = re.compile("Done|Settled|Stopped|Cancelled")
IMPORTED = ("js/worker-bootstrap.js", "js/sources/source-choice.js", "js/sources/calls.js")
"""Modules of the page that tests call."""
NETWORK = "mobilenet_v2"
"""The one that the page starts with."""
FEW = 15
"""Photos that a search looks at where a test says nothing else: what it looks for is there."""
MANY = 40
"""The same where the engine is not the real one, and photos cost little."""
NUMBERS = {
    "photos": "Photos to look at",
    "calls": "Calls",
    "parallel": "Tags asked at once",
    "seed": "Seed",
}
"""What the settings call them."""
VIEWPORT = {"width": 1280, "height": 900}
ONE_PROCESSOR = """
Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => 1 });
"""
"""Has the page begin with one vision worker: a second costs more than it gains for a few photos."""
START_UP = 90_000
"""Milliseconds that the engine may take to start on a busy machine."""

expect.set_options(timeout=30_000)


class StaticHost(ThreadingHTTPServer):
    """What any static host does, and nothing more."""

    def handle_error(self, request, client_address):
        """Say nothing of connections that the browser has closed."""


class QuietHandler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass


PORTS = set()
"""Those that sites have had."""


def static_host(handler, port=0):
    """A host at this port, or at one that none had before: browsers keep what belongs to it."""
    host = StaticHost(("127.0.0.1", port), handler)
    if port == 0 and host.server_port in PORTS:
        host.server_close()
        return static_host(handler)
    PORTS.add(host.server_port)
    return host


class Site:
    """A built site in a sub-path of its host, as GitHub Pages serves it.

    Attributes:
        real: whether the engine is the real one.
    """

    real = True

    def __init__(self, folder):
        self.folder = folder
        self.server = None

    def __enter__(self):
        handler = functools.partial(QuietHandler, directory=self.folder.parent)
        self.server = static_host(handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def url(self):
        return f"{self.origin}/{self.folder.name}/"

    @contextlib.contextmanager
    def fork(self, folder):
        """A copy of the site to change, served as well."""
        shutil.copytree(self.folder, folder / "fork")
        with Site(folder / "fork") as fork:
            yield fork

    def edit(self, name, old, new):
        """Replace text in a file of the site, which must hold it.

        Of JavaScript, the source is changed, and the site gets bundles of it.
        """
        source = name.startswith("js/")
        path = (self.sources() if source else self.folder) / name
        text = path.read_text()
        assert old in text, f"{name} holds no {old!r}"
        path.write_text(text.replace(old, new))
        if source:
            own = [worker for worker in WORKERS if Path(name).parent == Path(worker).parent]
            self.bundle(*own or (PAGE, *WORKERS))

    def sources(self):
        """A copy of site/ whose files a test may change."""
        copy = self.folder.with_name(f"{self.folder.name}-sources")
        if not copy.exists():
            shutil.copytree(ROOT / "site", copy, ignore=shutil.ignore_patterns("node_modules"))
        return copy

    def bundle(self, *names):
        """Put bundles of these sources into the site, where they may be imported by a test, too."""
        checkout = Checkout(ROOT)
        make(checkout, bootstrap.node(checkout), self.sources(), names, self.folder)

    def before(self, name, code):
        """Run JavaScript before a bundle does."""
        path = self.folder / name
        path.write_text(f"{{\n{code}\n}}\n{path.read_text()}")

    def take_jspi_away(self):
        """Let the engine meet a browser that cannot suspend WebAssembly."""
        self.before(ENGINE, "delete WebAssembly.Suspending;\ndelete WebAssembly.promising;")

    def edit_python(self, name, content):
        """Replace a file of Python's: score.py, or one in py.zip."""
        if name == "score.py":
            (self.folder / name).write_text(content)
            return
        path = self.folder / "py.zip.gzip"
        files = archive.unpack(gzip.decompress(path.read_bytes()))
        # Bytecode stands there in place of a source.
        del files[f"{name}c"]
        packed = gzip.compress(archive.pack({**files, name: content}))
        path.write_bytes(packed)
        self.note_as_built(path.name)

    def take_light_network(self):
        """Put a network in place of the page's that takes no time to speak of."""
        put_light_network(self.folder / "models", NETWORK)
        self.note_as_built(*(f"models/{NETWORK}.{kind}" for kind in ("json", "onnx")))

    def note_as_built(self, *names):
        """Have files that were changed count as built so.

        Else a page that does not start says that they are broken.
        """
        manifest = self.folder / "manifest.json"
        built = json.loads(manifest.read_text())
        for name in names:
            content = (self.folder / name).read_bytes()
            built["files"][name] = {"size": len(content), "sha256": sha256(content)}
        manifest.write_text(json.dumps(built))


def wait_until(condition):
    """Wait for what is not of the page: what a service was asked."""
    deadline = time.monotonic() + START_UP / 1000
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Let fixtures know, as `request.node.failed`, whether the test has failed."""
    report = yield
    if call.when == "call":
        item.failed = report.failed
    return report


@pytest.fixture(scope="session")
def flickr_server():
    with FakeFlickr(port=free_port()) as flickr:
        yield flickr


@pytest.fixture
def flickr(flickr_server):
    """The fake Flickr, without faults, latency or memory."""
    flickr_server.clear()
    flickr_server.forget()
    flickr_server.call_latency = flickr_server.image_latency = 0.0
    flickr_server.calls_per_hour = 3600
    yield flickr_server
    flickr_server.clear()


@pytest.fixture(scope="session")
def openverse_server():
    with FakeOpenverse(port=free_port()) as openverse:
        yield openverse


@pytest.fixture
def openverse(openverse_server):
    """The fake Openverse, without faults, latency or memory."""
    openverse_server.clear()
    openverse_server.forget()
    openverse_server.call_latency = openverse_server.image_latency = 0.0
    openverse_server.calls_per_minute, openverse_server.calls_per_day = 20, 200
    yield openverse_server
    openverse_server.clear()


@pytest.fixture(scope="session")
def commons_server():
    with FakeCommons(port=free_port()) as commons:
        yield commons


@pytest.fixture
def commons(commons_server):
    """The fake Wikimedia Commons, without faults, latency or memory."""
    commons_server.clear()
    commons_server.forget()
    commons_server.call_latency = commons_server.image_latency = 0.0
    commons_server.calls_per_minute = 200
    yield commons_server
    commons_server.clear()


@pytest.fixture(scope="session")
def wellcome_server():
    with FakeWellcome(port=free_port()) as wellcome:
        yield wellcome


@pytest.fixture
def wellcome(wellcome_server):
    """The fake Wellcome Collection, without faults, latency or memory."""
    wellcome_server.clear()
    wellcome_server.forget()
    wellcome_server.call_latency = wellcome_server.image_latency = 0.0
    yield wellcome_server
    wellcome_server.clear()


@pytest.fixture(scope="session")
def build(flickr_server, openverse_server, commons_server, wellcome_server):
    """Build the site for the fakes: `build(out, *options)`."""

    def build(out, *options):
        command = [sys.executable, "build_site.py", "--out", out, "--flickr-url", flickr_server.url]
        command += ["--openverse-url", openverse_server.url, "--commons-url", commons_server.url]
        command += ["--wellcome-url", wellcome_server.url]
        subprocess.run([*command, *options], cwd=ROOT, check=True)
        return out

    return build


@pytest.fixture(scope="session")
def dist(build, tmp_path_factory):
    # Of its own for each run: the services' ports differ, and two runs may go on at once. Its files
    # are changed by tests, which a service worker would see: those of it have a site of their own.
    out = build(tmp_path_factory.mktemp("site") / "dist", "--no-service-worker")
    # What tests import by itself; no page asks for it.
    Site(out).bundle(*IMPORTED)
    return out


@pytest.fixture(scope="session")
def kept_dist(build, tmp_path_factory):
    """The site with its service worker and a light network, to be copied."""
    import kept_site  # which imports this file

    out = build(tmp_path_factory.mktemp("kept") / "dist")
    site = kept_site.KeptSite(out)
    site.take_light_network()
    site.publish()
    return out


@pytest.fixture(scope="session")
def real_site(dist):
    """The site as it is built: for tests of the network, or of what photos are found by it."""
    with Site(dist) as site:
        yield site


@pytest.fixture(scope="session")
def light_site(dist, tmp_path_factory):
    """The site with a network that takes no time to speak of."""
    folder = tmp_path_factory.mktemp("light") / "dist"
    shutil.copytree(dist, folder)
    with Site(folder) as site:
        site.take_light_network()
        yield site


@pytest.fixture(scope="module")
def site(request):
    """The site with a light network, or, for files marked `real_network`, as it is built."""
    real = request.node.get_closest_marker("real_network")
    return request.getfixturevalue("real_site" if real else "light_site")


@pytest.fixture(scope="session")
def launch():
    """Start a Chromium: `launch(*arguments)`; with a profile of its own, `profile=FOLDER`.

    It is the headless shell where there is one; `whole=True` asks for what people have.
    """
    chromium = os.environ.get("LOOKALIKE_CHROMIUM") or shutil.which("chromium")
    shell = browsers.headless_shell() or chromium
    with sync_playwright() as playwright, contextlib.ExitStack() as started:

        def launch(*arguments, profile=None, whole=False):
            arguments = [*CHROMIUM_ARGUMENTS, RARELY_OPTIMISED, *arguments]
            options = {"executable_path": chromium if whole else shell, "args": arguments}
            if profile:
                browser = playwright.chromium.launch_persistent_context(profile, **options)
            else:
                browser = playwright.chromium.launch(**options)
            started.callback(browser.close)
            return browser

        yield launch


@pytest.fixture(scope="session")
def shell(launch, light_site):
    return Browser(launch, light_site)


@pytest.fixture(scope="session")
def whole(launch, light_site):
    return Browser(lambda *arguments: launch(*arguments, whole=True), light_site)


@pytest.fixture(scope="module")
def browser(request):
    """Chromium's headless shell, or, for files marked `whole_browser`, what people have."""
    marked = request.node.get_closest_marker("whole_browser")
    return request.getfixturevalue("whole" if marked else "shell")


MEDIA = ("color_scheme", "reduced_motion")
"""What a page can be told after it is there; of all else, a context is told when it is made."""


class Browser:
    """Chromium: each page has a context of its own, or is beside others in one context.

    Most of what the engine costs to start is the compiling of Python. V8 compiles the same bytes
    once in a process, as long as a page there has them. So neighbours are in one process, where one
    page stays open. Each has an origin of its own, and with that a storage of its own. Where the
    engine is not the real one, what costs most is a context: it has a window of its own.
    """

    def __init__(self, launch, site):
        self._launch = launch
        self._site = site

    @functools.cached_property
    def _apart(self):
        return self._launch()

    @functools.cached_property
    def _shared(self):
        return self._launch(*NEIGHBOURS)

    @functools.cached_property
    def _together(self):
        context = self._shared.new_context()
        look = Lookalike(context.new_page(), self._site).open()
        expect(look.page.locator("#phases")).to_contain_class("ready", timeout=START_UP)
        return context

    @functools.cached_property
    def _desks(self):
        context = self._shared.new_context()
        context.new_page()  # without any, its window would be closed
        return context

    @property
    def browser_type(self):
        return self._apart.browser_type

    def new_context(self, **options):
        return self._apart.new_context(**options)

    @contextlib.contextmanager
    def neighbour(self, site, **media):
        """A page beside others, and the site at an address that no page had before."""
        with Site(site.folder) as here:
            here.real = site.real
            with self.neighbours(here) as new_page:
                page = new_page()
                page.emulate_media(**media)
                yield Lookalike(page, here)

    @contextlib.contextmanager
    def neighbours(self, site):
        """Opens pages beside others, for a site at an address that no page had before."""
        context = self._together if site.real else self._desks
        pages = []

        def new_page():
            page = context.new_page()
            page.set_viewport_size(VIEWPORT)
            if not pages:
                # Pictures of the services have the same addresses for all.
                clear_cache(page)
            pages.append(page)
            return page

        try:
            yield new_page
        finally:
            for each in context.pages:
                if each in pages or each.url.startswith(site.url):
                    each.close()
            context.set_offline(False)


def clear_cache(page):
    """Empty a browser's own cache of answers and pictures; only Chromium knows how."""
    session = page.context.new_cdp_session(page)
    session.send("Network.clearBrowserCache")
    session.detach()


class Lookalike:
    """The page, as a person or their screen reader meets it: by roles and names."""

    def __init__(self, page: Page, site: Site):
        self.page = page
        self.site = site
        self.errors = []
        self.expected = []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self._note("error", str(error)))

    def _note(self, kind, text):
        if kind in ("error", "warning"):
            self.errors.append(text)

    def expect_errors(self, *patterns):
        """Let console errors that match pass: a browser logs every 404 by itself."""
        self.expected += patterns

    def unexpected_errors(self):
        def known(text):
            return any(re.search(pattern, text) for pattern in self.expected)

        return [text for text in self.errors if not known(text)]

    def open(self, key=VALID_KEY, at="", details=True, judged=False, **settings):
        """Open the page; with a key unless it is None, and with other settings where given.

        `at` is put at the end of its address. The panel of details is as somebody has left it who
        cares for them; without `details` as a first visit has it, closed. Pictures are `judged`,
        whether they are safe, only where asked: it takes as long as the search itself. Where no
        number of photos is given, a search looks at a few. The real engine has a seed: one search
        in twenty that has none makes its calls for fewer photos. It has one vision worker; the
        journeys have as many as a person's.
        """
        usual = {"photos": FEW, "seed": 1} if self.site.real else {"photos": MANY}
        settings = {**usual, **settings}
        kept = {"lookalike.key": key, "lookalike.settings": json.dumps(settings)}
        kept["lookalike.details"] = "open" if details else None
        kept["lookalike.unsafe"] = None if judged else "show"
        kept = {name: value for name, value in kept.items() if value is not None}
        # Not in the engine's frame, which has no storage.
        keep = f"Object.assign(localStorage, {json.dumps(kept)})"
        self.page.add_init_script(f"if (window === top && !localStorage.length) {keep};")
        self.page.add_init_script(ONE_PROCESSOR)
        self.page.goto(self.site.url + at)
        return self

    @property
    def status(self):
        return self.page.get_by_role("status").and_(self.page.locator("#status"))

    @property
    def alert(self):
        return self.page.get_by_role("alert")

    @property
    def results(self):
        return self.page.get_by_role("list", name="Results", exact=True)

    @property
    def items(self):
        return self.results.locator("> li")

    def pages(self):
        """The addresses of the pages of the photos on show, best first."""
        return self.items.evaluate_all("items => items.map((li) => li.querySelector('a').href)")

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def tools(self):
        """Bring the tools of a search into sight: in a narrow window they are in a sheet."""
        button = self.page.locator("#open-query")
        if button.is_visible() and not self.page.locator("#query-tools").is_visible():
            button.click()
            expect(self.page.locator("#query-sheet")).to_be_visible()
        return self

    @property
    def key_field(self):
        return self.page.get_by_label("Flickr API key", exact=True)

    def choose(self, photo):
        """Choose a query photo: a path, or a name and bytes."""
        if isinstance(photo, tuple):
            name, data = photo
            photo = {"name": name, "mimeType": "", "buffer": data}
        self.page.locator("#photo").set_input_files(photo)

    def begin(self, photo):
        """Choose a query photo on a page that has searched before.

        What is left of that search goes first, so that it is not taken for this one's.
        """
        self.forget()
        self.choose(photo)

    def forget(self):
        """Empty the status and the results."""
        for place in (self.status, self.results):
            place.evaluate_all("(places) => places.forEach((place) => place.replaceChildren())")

    def open_numbers(self):
        """Open the settings at what is there for researchers: numbers, and policies."""
        self.button("Settings").click()
        researchers = self.page.locator("#researchers")
        if researchers.get_attribute("open") is None:
            researchers.locator("summary").click()

    def set_numbers(self, **numbers):
        """Let the searches from now on go by these numbers; the seed may be "", for none."""
        self.open_numbers()
        for name, number in numbers.items():
            self.page.get_by_label(NUMBERS[name], exact=True).fill(str(number))
        self.close_settings()

    def close_settings(self):
        self.page.locator("#close-settings").click()

    def forget_found(self):
        """Have the next search begin without what earlier ones have found."""
        self.button("Settings").click()
        self.button("Forget them").click()
        expect(self.page.get_by_text("Forgotten: the next search")).to_be_visible()
        self.close_settings()

    def clear_cache(self):
        """Empty the browser's own cache of answers and pictures."""
        clear_cache(self.page)

    def allow_clipboard(self):
        """Let this page read and write the clipboard, and none beside it."""
        rights = ["clipboard-read", "clipboard-write"]
        self.page.context.grant_permissions(rights, origin=self.site.origin)

    def search(self, photo):
        """Choose a query photo and wait until the search is done."""
        self.choose(photo)
        self.wait_until_done()

    def wait_until_done(self, timeout=START_UP):
        said = ""
        # What an earlier search has ended with may be on show for another moment.
        while not ENDED.search(said):
            expect(self.status).to_contain_text(ENDED, timeout=timeout)
            said = self.status.inner_text()
        assert re.search("Done|Settled", said), self.alert.all_inner_texts()


@pytest.fixture
def look(browser, site, flickr):
    """A page of its own; fails the test on console errors."""
    with opened(browser, site) as look:
        yield look


@contextlib.contextmanager
def opened(browser, site, alone=False, **options):
    """A page; `alone` in its context where a test listens to the context, or changes it."""
    alone = alone or any(name not in MEDIA for name in options)
    with apart(browser, site, **options) if alone else browser.neighbour(site, **options) as look:
        yield look
        assert not look.unexpected_errors()


@contextlib.contextmanager
def apart(browser, site, **options):
    """A page in a context of its own; `browser` may be Playwright's, too."""
    context = browser.new_context(viewport=VIEWPORT, **options)
    try:
        yield Lookalike(context.new_page(), site)
    finally:
        context.close()


@contextlib.contextmanager
def borrowed(look):
    """A page that the tests of a module share; each answers for its own console errors."""
    look.errors.clear()
    look.expected.clear()
    yield look
    assert not look.unexpected_errors()


@pytest.fixture
def fork(browser, site, flickr, tmp_path):
    """A copy of the site to change before it is opened, and a page for it."""
    with site.fork(tmp_path) as forked, opened(browser, forked) as look:
        yield look


@pytest.fixture(scope="session")
def query(flickr_server):
    """A query photo: one that the service has, so that there is something alike to find."""
    return ("query.jpg", flickr_server.photos[7].read())


@pytest.fixture(scope="session")
def shared_queries():
    folder = SHARED_PHOTOS.parent / "queries"
    if not folder.is_dir():
        pytest.skip("no ../shared/queries beside the checkout")
    return folder


@pytest.fixture(scope="session")
def desk_site(dist, tmp_path_factory):
    """The site with an engine that only says what the real one would."""
    import desk  # which imports this file

    with desk.desk_site(dist, tmp_path_factory.mktemp("desk")) as site:
        yield site


@pytest.fixture
def desk(browser, desk_site):
    """The scorer's panel on that site."""
    import desk

    with desk.desk_page(browser, desk_site) as page:
        yield page
