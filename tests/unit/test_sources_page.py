"""docs/sources.md: the example in it is run, and what its tables say of our sources holds."""

import json
import re
import threading
import types
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from lookalike.errors import RateLimited, SourceError
from lookalike.filters import Filters, passes
from lookalike.photo import Photo
from lookalike.sources.commons import Commons
from lookalike.sources.flickr import Flickr
from lookalike.sources.openverse import Openverse
from lookalike.sources.source import Capabilities, capabilities
from lookalike.sources.wellcome import Wellcome

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.native

OTTER = {
    "id": 41,
    "uri": "https://www.inaturalist.org/observations/41",
    "taxon": {"name": "Lutra lutra", "preferred_common_name": "Eurasian otter"},
    "user": {"id": 7, "login": "ada"},
    "photos": [
        {
            "url": "{origin}/photos/9/square.jpg",
            "license_code": "cc-by-nc",
            "attribution": "(c) Ada, some rights reserved (CC BY-NC)",
            "original_dimensions": {"width": 2048, "height": 1365},
        }
    ],
}
ODD = [3, None, {}, {"photos": []}, {"id": 1, "photos": [{}], "taxon": 5, "user": "x"}]


class SmallServer(ThreadingHTTPServer):
    """Answers like the service of the example, or with a status."""

    daemon_threads = True
    status = 200
    asked = ()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked = (*self.server.asked, self.path)
        origin = f"http://127.0.0.1:{self.server.server_port}"
        rows = json.dumps({"results": [*ODD, OTTER]}).replace("{origin}", origin)
        body = b"an otter" if self.path == "/photos/9/medium.jpg" else rows.encode()
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with SmallServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def source(server):
    (example,) = EXAMPLES
    module = types.ModuleType("inaturalist")
    exec(compile(example, "docs/sources.md", "exec"), module.__dict__)
    return module.INaturalist(f"http://127.0.0.1:{server.server_port}/v1/observations")


def test_the_example_is_under_60_lines():
    (example,) = EXAMPLES
    assert len(example.splitlines()) < 60


def test_the_example_declares_what_it_makes_of_an_address(source, server):
    (otter,) = source.search("otter", 30, None)
    ((pattern, made),) = source.requests.as_json()["rewritten"]
    square = otter.thumb_url.replace("medium", "square")
    template = re.sub(r"{(\d)}", r"\\\1", made)
    assert re.fullmatch(pattern, square).expand(template) == otter.thumb_url


def test_the_example_searches_and_fetches(source, server):
    assert isinstance(capabilities(source), Capabilities)
    (otter,) = source.search("otter & co", 30, None, 2)
    assert otter == Photo(
        id="41",
        title="Eurasian otter",
        tags=("Eurasian otter", "Lutra lutra"),
        thumb_url=f"http://127.0.0.1:{server.server_port}/photos/9/medium.jpg",
        page_url="https://www.inaturalist.org/observations/41",
        owner="ada",
        owner_id="7",
        license="CC BY-NC",
        source=source.can.name,
        attribution="(c) Ada, some rights reserved (CC BY-NC)",
        full_width=2048,
        full_height=1365,
    )
    assert source.thumbnail(otter) == b"an otter"
    query = dict(parse_qsl(urlsplit(server.asked[0]).query))
    assert query == {"q": "otter & co", "photos": "true", "per_page": "30", "page": "2"}
    assert passes(otter, Filters(license="reuse")) is None
    assert passes(otter, Filters(license="commercial"))


def test_the_example_asks_for_licences(source, server):
    source.filtered(Filters(license="modify")).search("otter", 30, None)
    query = dict(parse_qsl(urlsplit(server.asked[0]).query))
    assert query["photo_license"] == "cc0,cc-by,cc-by-sa,cc-by-nc,cc-by-nc-sa"


def test_the_examples_failures_are_said_in_words(source, server):
    server.status = 429
    with pytest.raises(RateLimited):
        source.search("otter", 30, None)
    server.status = 404
    with pytest.raises(SourceError, match="HTTP 404"):
        source.search("otter", 30, None)


def test_every_capability_is_explained():
    table = PAGE.split("## What it says that it can do")[1].split("\n## ")[0]
    explained = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\|([^|]*)\|", table, re.M))))
    assert explained == set(Capabilities.__dataclass_fields__)


def row(name):
    """The cells of a row of the table of Openverse, Commons, Flickr and Wellcome Collection."""
    (line,) = re.findall(rf"^\| {name} \|(.*)\|$", PAGE, re.MULTILINE)
    return [cell.strip() for cell in line.split("|")]


def test_the_table_of_the_four_says_what_they_say():
    four = [Openverse.can, Commons.can, Flickr.can, Wellcome.can]
    for can, call, calls, filters, key in zip(
        four, row("a call"), row("calls"), row("it filters"), row("key"), strict=True
    ):
        assert call.startswith(f"{can.per_call} photos")
        assert can.pages == 1 or f"{can.pages} pages deep" in call
        assert can.dates == ("upload date" in call)
        for limit, unit in ((can.per_minute, "minute"), (can.per_day, "day")):
            assert (f"{limit} a {unit}" in calls) == (limit is not None)
        words = {"license": "licence", "since": "dates", "until": "dates", "min_size": "size"}
        said = {words.get(field, field) for field in can.filters}
        assert said - {"licence"} == set(filters.split(", ")) - {"licence"}
        assert (key == "none") != can.key
