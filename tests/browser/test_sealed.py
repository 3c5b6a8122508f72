"""Only words leave the browser, whatever a scorer does: tried in every browser.

What arrives is noted by a server, which the courier's policy lists as if it were a photo service:
so it is the engine's own seal that holds, and not that nobody knows this server.
"""

import re
import threading
from pathlib import Path

import pytest
from conftest import QuietHandler, StaticHost
from drivers.opening import NAMES, opened_page
from test_share import link
from visit import SAID, Visit

from lookalike_build.bundle import ENGINE

HERE = Path(__file__).parent
CONSOLE = "#console"
WORDS = {
    "words too long": "at most 200 characters",
    "a parameter of its own": "declares no parameter",
    "a page too deep": "does not declare that",
    "a thumbnail never named": "no answer of a photo service has named",
    "GET elsewhere": "no answer of a photo service has named",
    "calls without end": "calls a minute|no search that is under way",
}
"""How the courier says no; where Python cannot wait for it, the transport does."""
NOT_NOW = "only the search asks the photo services"


class Notebook(QuietHandler):
    """Answers everything, to everybody, and notes it."""

    def do_GET(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.arrived.append(f"{self.command} {self.path}")
        self.send_response(200)
        self.send_header("access-control-allow-origin", "*")
        self.send_header("access-control-allow-methods", "*")
        self.send_header("content-length", "0")
        self.end_headers()


for method in ("POST", "PUT", "OPTIONS", "HEAD"):
    setattr(Notebook, f"do_{method}", Notebook.do_GET)


@pytest.fixture(scope="module")
def there():
    server = StaticHost(("127.0.0.1", 0), Notebook)
    server.arrived = []
    server.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module", params=NAMES)
def visit(request, site, there, flickr_server, openverse_server, tmp_path_factory):
    """A page whose engine has a burglar in it from the start, and a search done."""
    folder = tmp_path_factory.mktemp(request.param)
    flickr_server.clear()
    openverse_server.clear()
    with site.fork(folder) as fork:
        fork.edit("courier.html", flickr_server.origin, f"{flickr_server.origin} {there.url[:-1]}")
        burglar = (HERE / "burglar.js").read_text()
        fork.before(ENGINE, burglar.replace("@THERE@", there.url).replace("@HERE@", fork.url))
        with opened_page(request.param, request, folder) as page:
            visit = Visit(page, fork)
            visit.open(sources=["flickr"], photos=10, seed=1)
            visit.ready()
            page.evaluate(
                "window.heard = []; new BroadcastChannel('lookalike.collections').onmessage ="
                " ({ data }) => window.heard.push(data);"
            )
            yield visit


@pytest.fixture(scope="module")
def scorer(there, openverse_server, tmp_path_factory):
    path = tmp_path_factory.mktemp("scorer") / "burglar.py"
    text = (HERE / "burglar.py").read_text()
    path.write_text(text.replace("@THERE@", there.url).replace("@OPENVERSE@", openverse_server.url))
    return path


@pytest.fixture(scope="module")
def said(visit, scorer, query, there, tmp_path_factory):
    """What the burglar said of each attempt, by name."""
    photo = tmp_path_factory.mktemp("photo") / query[0]
    photo.write_bytes(query[1])
    visit.search(photo)
    visit.run_scorer(scorer)
    text = visit.page.says(CONSOLE, "burglar: done", seconds=visit.start_up)
    visit.page.says(SAID, "ranked again", "is in charge", seconds=visit.start_up)
    return dict(re.findall(r"^(.+?): (WORKED|refused.*)$", text, re.MULTILINE))


def test_nothing_works(said):
    assert len(said) > 60
    assert [name for name, outcome in said.items() if "WORKED" in outcome] == []


def test_nothing_has_arrived(said, there):
    assert there.arrived == []


def test_services_were_asked_for_what_is_declared_and_nothing_else(said, flickr, openverse_server):
    requests = [*flickr.requests(), *openverse_server.requests()]
    for request in requests:
        assert request.method == "GET"
        assert request.body_size == 0
        assert "burglar" not in str(request.query)
        assert "photo-in" not in request.path


def test_who_writes_a_wrapper_reads_why(said):
    for name, words in WORDS.items():
        assert re.search(f"{words}|{NOT_NOW}", said[name]), name


def test_nothing_is_left_in_the_browser(said, visit):
    assert visit.page.evaluate("return window.heard") == []
    visit.page.evaluate(
        "window.kept = null; (async () => { window.kept = [await caches.keys(),"
        " (await indexedDB.databases()).map(({ name, version }) => `${name} ${version}`)]; })()"
    )
    kept = visit.page.wait(lambda: visit.page.evaluate("return window.kept"), "what is kept")
    assert "burglar" not in kept[0]
    own = {"lookalike", "lookalike-reload", "lookalike-answers"}
    assert {name.split()[0] for name in kept[1]} <= own
    assert "lookalike 99" not in kept[1]


def test_a_scorer_from_a_link_does_no_better(said, visit, scorer, there):
    code = f"# from a link\n{scorer.read_text()}"
    visit.page.evaluate("location.hash = arguments[0]", link(code=code))
    visit.page.sees("button", "Run this code")
    visit.page.evaluate("document.querySelector('#console-text').textContent = ''")
    # Not by the mouse: a click that meets a busy page may be tried again, on what it has closed.
    visit.page.evaluate(
        "[...document.querySelectorAll('#shared button')]"
        ".find((button) => button.textContent === 'Run this code').click()"
    )
    text = visit.page.says(CONSOLE, "burglar: done", seconds=visit.start_up)
    assert len(re.findall(": refused", text)) > 60
    assert "WORKED" not in text
    assert there.arrived == []


HONEST = """
from PIL import Image
from lookalike.images import prepare

async def get_feature(model, image):
    print("photos are opened by", Image.open.__name__)
    return (await model.run(prepare(image, model.spec), ["avg_pool"]))["avg_pool"][0].ravel()

def embs2score(source, candidate):
    return float(source @ candidate)
"""


def test_it_leaves_nothing_behind_for_the_next_scorer(said, visit, tmp_path):
    path = tmp_path / "honest.py"
    path.write_text(HONEST)
    visit.run_scorer(path)
    text = visit.page.says(CONSOLE, "photos are opened by", seconds=visit.start_up)
    assert "opened by open" in text
    assert "spying" not in text


def test_the_search_goes_on(said, visit):
    visit.search_again()
    assert visit.results


def test_what_left_is_listed(said, visit):
    visit.page.evaluate("document.querySelector('#left').open = true")
    visit.page.wait(lambda: visit.page.count("#left-list > li"), "the list")
    listed = visit.page.texts("#left-list > li")
    assert any("Flickr" in text for text in listed)
    assert not [text for text in listed if "burglar" in text or "photo-in" in text]
