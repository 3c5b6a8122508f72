"""What the courier lets through: what a source declares, within what a search may spend."""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest

from lookalike.filters import Filters
from lookalike.sources import commons as commons_module
from lookalike.sources import flickr as flickr_module
from lookalike.sources import openverse as openverse_module
from lookalike.sources.commons import Commons
from lookalike.sources.flickr import Flickr
from lookalike.sources.openverse import Openverse
from lookalike_build.services import SERVICES, configured

pytestmark = pytest.mark.native

GATE = Path(__file__).resolve().parents[2] / "site" / "js" / "courier" / "gate.js"
PROGRAM = """
const { Gate } = await import(process.argv[1]);
const { services, steps } = JSON.parse(process.argv[2]);
const told = [];
const gate = new Gate(services, (message) => told.push(message));
const outcomes = steps.map(({ grant, url, answer }) => {
  if (grant) return void gate.grant(...grant) ?? "granted";
  try {
    const { address, answered } = gate.pass(url);
    if (answer) answered(new TextEncoder().encode(JSON.stringify(answer)));
    return address ?? "passed";
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
});
console.log(JSON.stringify({ outcomes, told }));
"""
CONFIG = configured(SERVICES)["services"]
EVERY = [service["name"] for service in CONFIG]
GRANT = {"grant": [EVERY, 100, {}]}
BASES = {service.name: service.url for service in SERVICES}
OPENVERSE = f"{BASES['openverse']}?q=cat&page=1&page_size=20&mature=false"


def run(*steps):
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, to run site/js/courier/gate.js")
    command = [node, "--input-type=module", "-e", PROGRAM, GATE.as_uri()]
    command.append(json.dumps({"services": CONFIG, "steps": list(steps)}))
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def outcomes(*steps):
    return run(*steps)["outcomes"]


class Asked(Exception):
    pass


FILTERS = [
    Filters(),
    Filters(license="commercial", orientation="square", min_size=1600, safe=False),
    Filters(license="modify", since=1, until=1_700_000_000, min_size=4000),
    Filters(license="reuse", orientation="portrait"),
]


@pytest.mark.parametrize("filters", FILTERS)
def test_every_search_of_every_source_is_declared(monkeypatch, filters):
    asked = []

    def get(url, *_):
        asked.append(url)
        raise Asked

    for module in (commons_module, flickr_module, openverse_module):
        monkeypatch.setattr(module, "get", get)
    monkeypatch.setattr(openverse_module, "fetch", get)
    for source in (Openverse(), Commons(), Flickr()):
        calls = [("a cat & a dög", 20, 1_600_000_000), ("x" * 500, 20, None)]
        for call in calls:
            with pytest.raises(Asked):
                source.filtered(filters).search(*call)
    assert len(asked) == 6
    assert outcomes(GRANT, *({"url": url} for url in asked)) == ["granted", *["passed"] * 6]


ODD = {
    "declares no parameter": [f"{OPENVERSE}&secret=x", f"{OPENVERSE}&__proto__=x"],
    "does not declare that": [
        f"{BASES['openverse']}?q=cat&page=13",
        f"{BASES['openverse']}?q=cat&page=01",
        f"{BASES['openverse']}?q=cat&page=1e1",
        f"{BASES['openverse']}?q=cat&mature=maybe",
        f"{BASES['commons']}?action=edit&text=photo",
        f"{BASES['flickr']}?method=flickr.photos.search&license=4,1",
        f"{BASES['flickr']}?method=flickr.photos.search&license=1,1",
        f"{BASES['flickr']}?method=flickr.photos.search&max_upload_date=99999999999",
    ],
    "begins otherwise": [f"{BASES['commons']}?{urlencode({'gsrsearch': 'insource:x cat'})}"],
    "at most 200 characters": [
        f"{BASES['openverse']}?q={'x' * 201}",
        f"{BASES['commons']}?{urlencode({'gsrsearch': 'filetype:bitmap ' + 'x' * 201})}",
    ],
    "at most 2000 characters": [f"{BASES['openverse']}?q={'%41' * 900}"],
    "is there twice": [f"{OPENVERSE}&q=dog"],
    "no #fragment": [f"{OPENVERSE}#x"],
    "no answer of a photo service has named": [
        BASES["openverse"],
        f"{BASES['openverse']}x?q=cat",
        "https://live.staticflickr.com/1/2_3_n.jpg",
        "https://live.staticflickr.com/photo-in-base64",
        "https://example.org/",
        "https://commons.wikimedia.org/wiki/Special:Upload?q=cat",
        "",
    ],
}


@pytest.mark.parametrize("why", ODD)
def test_what_is_not_declared_is_refused_and_nobody_is_told_that_it_left(why):
    found = run(GRANT, *({"url": url} for url in ODD[why]))
    for url, outcome in zip(ODD[why], found["outcomes"][1:], strict=True):
        assert outcome.startswith("Refusal: "), url
        assert why in outcome, url
    assert found["told"] == []


ANSWER = {
    "results": [
        {
            "id": "36537842-b067-4ca0-ad67-e00ff2e06b2d",
            "url": "https://live.staticflickr.com/65535/5_abc123_b.jpg",
            "foreign_landing_url": "www.flickr.com/photos/a/5?utm_source=x",
            "license_url": "javascript:alert(1)",
            "text": 'see <a href="https://evil.example/">',
        }
    ]
}
PICTURES = {
    "https://live.staticflickr.com/65535/5_abc123_n.jpg": True,
    "https://live.staticflickr.com/65535/5_abc123_b.jpg": True,
    "https://live.staticflickr.com/65535/5_abc123_h.jpg": False,
    f"{BASES['openverse']}36537842-b067-4ca0-ad67-e00ff2e06b2d/thumb/": True,
    f"{BASES['openverse']}36537842-b067-4ca0-ad67-e00ff2e06b2e/thumb/": False,
    "https://www.flickr.com/photos/a/5": True,
    "https://evil.example/": False,
    "https://live.staticflickr.com/65535/5_abc123_n.jpg?my=photo": False,
    "https://live.staticflickr.com/65535/5_abc123_n.jpg#photo": False,
}


def test_pictures_are_those_that_an_answer_named_or_that_are_declared_to_be_made_of_it():
    found = run(GRANT, {"url": OPENVERSE, "answer": ANSWER}, *({"url": url} for url in PICTURES))
    for (url, held), outcome in zip(PICTURES.items(), found["outcomes"][2:], strict=True):
        assert outcome == url if held else "no answer of a photo service" in outcome, url
    kinds = [(message["type"], message.get("kind")) for message in found["told"]]
    assert kinds == [("asked", "call"), ("found", None), *[("asked", "picture")] * 4]
    assert found["told"][0]["words"] == "cat"


def test_an_address_is_fetched_as_the_answer_has_it_however_it_is_asked_for():
    # Else the way in which it is written could tell something.
    named = "https://live.staticflickr.com/65535/5_abc123_n.jpg"
    asked = named.replace("5_abc", "%35%5Fabc")
    steps = GRANT, {"url": OPENVERSE, "answer": ANSWER}, {"url": asked}
    assert outcomes(*steps)[-1] == named


def test_what_the_sources_make_of_an_answer_is_declared():
    row = {
        "id": "5",
        "owner": "7@N01",
        "server": "65535",
        "secret": "ab",
        "title": "A",
        "url_n": "",
    }
    answer = {"stat": "ok", "photos": {"photo": [row]}}
    photo = flickr_module.parse(json.dumps(answer).encode())[0]
    search = f"{BASES['flickr']}?method=flickr.photos.search&text=cat"
    found = run(GRANT, {"url": search, "answer": answer}, {"url": photo.thumb_url})
    assert found["outcomes"][-1] == photo.thumb_url
    assert photo.page_url in found["told"][1]["addresses"]
    page = {
        "pageid": 1,
        "imageinfo": [{"thumburl": "https://thumb.wikimedia.org/a/330px-b.jpg?utm_source=x"}],
    }
    answer = {"query": {"pages": [page]}}
    search = f"{BASES['commons']}?{urlencode({'gsrsearch': 'filetype:bitmap cat'})}"
    pictures = ["https://thumb.wikimedia.org/a/330px-b.jpg"]
    pictures.append(pictures[0].replace("thumb.", "upload."))
    pictures.append(commons_module.parse(json.dumps(answer).encode())[0].large_url)
    assert pictures[-1] == "https://upload.wikimedia.org/a/1280px-b.jpg"
    steps = GRANT, {"url": search, "answer": answer}, *({"url": url} for url in pictures)
    assert outcomes(*steps)[2:] == pictures


def test_no_more_is_asked_than_a_search_may_spend():
    search = {"url": OPENVERSE}
    assert "no search" in outcomes(search)[0]
    flickr = {"url": f"{BASES['flickr']}?method=flickr.photos.search&text=cat"}
    spent = outcomes({"grant": [["flickr"], 5, {}]}, *[flickr] * 10_00)
    # Those that failed may be made again.
    assert spent.count("passed") == 35
    assert "no search" in outcomes({"grant": [["flickr"], 5, {}]}, search)[1]


def test_no_more_is_asked_than_a_service_takes():
    search = {"url": OPENVERSE}
    assert outcomes(GRANT, *[search] * 100).count("passed") == 20
    known = {"grant": [EVERY, 100, {"openverse": list(range(2_000_000_000, 2_000_000_195))}]}
    assert outcomes(known, *[search] * 100).count("passed") == 0


def test_a_picture_is_not_asked_for_without_end():
    picture = {"url": "https://live.staticflickr.com/65535/5_abc123_n.jpg"}
    found = outcomes(GRANT, {"url": OPENVERSE, "answer": ANSWER}, *[picture] * 50)
    assert found.count(picture["url"]) == 10
