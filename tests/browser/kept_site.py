"""A site with a service worker, on a host that counts what it sends and can be stopped."""

import contextlib
import functools
import json
import shutil
import threading

from conftest import ROOT, START_UP, Lookalike, QuietHandler, Site, static_host
from playwright.sync_api import expect

from lookalike_build.fetch import sha256

LAST = f"scorers/{max(path.name for path in (ROOT / 'py' / 'scorers').glob('*.py'))}"
"""Of what is kept once the engine is ready, by name, the last file."""


class CountingHandler(QuietHandler):
    """Says what it is asked for, and how much of it it sends."""

    def do_GET(self):  # the base class's name
        self.server.asked.append(self.path.removeprefix(f"/{self.server.name}/") or "index.html")
        super().do_GET()

    def end_headers(self):
        # The worst of hosts: nothing may be kept by the browser's own cache.
        if self.server.no_store:
            self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def copyfile(self, source, outputfile):
        with contextlib.suppress(ConnectionError):
            while part := source.read(65536):
                outputfile.write(part)
                self.server.sent += len(part)
                if self.server.stall and self.server.stall in self.path:
                    self.server.released.wait(60)


class KeptSite(Site):
    """A copy of a site with a service worker, which may be changed and published again."""

    def __enter__(self):
        self.serve()
        return self

    def __exit__(self, *_):
        if self.server:
            self.stop()

    def serve(self, port=0):
        handler = functools.partial(CountingHandler, directory=self.folder.parent)
        self.server = static_host(handler, port)
        self.port = self.server.server_port
        self.server.name = self.folder.name
        self.server.asked, self.server.sent = [], 0
        self.server.no_store, self.server.stall = False, ""
        self.server.released = threading.Event()
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.released.set()
        super().__exit__()
        self.server = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/{self.folder.name}/"

    @property
    def version(self):
        """What the worker that is published knows of its build."""
        _, version = (self.folder / "sw.js").read_text().split("self.lookalike = ")
        return json.loads(version.rstrip().rstrip(";"))

    def publish(self, **changes):
        """Put a new version in place of the old one: its files, and a worker that knows their sums.

        Args:
            changes: the new content of files, by their names with "__" for "/".
        """
        for name, content in changes.items():
            (self.folder / name).write_bytes(content)
        worker = self.folder / "sw.js"
        code, told = worker.read_text().split("self.lookalike = ")[0], self.version
        for name in told["files"]:
            content = (self.folder / name).read_bytes()
            told["files"][name] = {"size": len(content), "sha256": sha256(content)}
        old, told["name"] = told["name"], sha256(json.dumps(told).encode())[:16]
        page = (self.folder / "index.html").read_text().replace(old, told["name"])
        (self.folder / "index.html").write_text(page)
        told["files"]["index.html"] = {"size": len(page.encode()), "sha256": sha256(page.encode())}
        worker.write_text(f"{code}self.lookalike = {json.dumps(told)};\n")


@contextlib.contextmanager
def kept_copy(dist, folder):
    shutil.copytree(dist, folder / "app")
    with KeptSite(folder / "app") as site:
        yield site


class Visitor:
    """Visits a site again and again, whose address nobody has visited before."""

    def __init__(self, browser, site):
        self.site = site
        self.looks = []
        self._pages = contextlib.ExitStack()
        self._new_page = self._pages.enter_context(browser.neighbours(site))

    def visit(self, at="", wait=True, **settings):
        look = Lookalike(self._new_page(), self.site)
        self.looks.append(look)
        look.open(at=at, **settings)
        if wait:
            ready(look)
        return look

    def end(self):
        errors = [text for look in self.looks for text in look.unexpected_errors()]
        self._pages.close()
        assert not errors, errors


def ready(look):
    expect(look.page.locator("#phases")).to_contain_class("ready", timeout=START_UP)


def kept(look):
    """The names of what is kept in the browser, but for the sums in them."""
    return look.page.evaluate(
        """async () => {
             const names = [];
             for (const name of await caches.keys())
               for (const { url } of await (await caches.open(name)).keys())
                 names.push(url.slice(url.indexOf("/kept/") + 6).split("/").slice(1).join("/"));
             return names.sort();
           }"""
    )
