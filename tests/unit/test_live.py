"""`tests/live.py` against the fakes: all is as believed, and each deviation is found."""

import pytest

from fake_commons import FakeCommons
from fake_flickr import VALID_KEY, FakeFlickr
from fake_openverse import FakeOpenverse
from live_services import checks
from live_services.probe import Probe
from live_services.services import MAKERS
from live_services.wire import Wire

pytestmark = pytest.mark.native

FAKES = {"openverse": FakeOpenverse, "commons": FakeCommons, "flickr": FakeFlickr}
KEYS = {"flickr": {"key": VALID_KEY}}


@pytest.fixture(scope="module")
def fakes():
    drawn = generated()
    unlimited = {"calls_per_minute": None}
    with (
        FakeOpenverse(drawn, calls_per_day=None, **unlimited) as openverse,
        FakeCommons(drawn, **unlimited) as commons,
        FakeFlickr(drawn, calls_per_hour=None) as flickr,
    ):
        yield {"openverse": openverse, "commons": commons, "flickr": flickr}


def generated():
    """Many photos of one word, each with a picture of its own."""
    from small_world import picture

    return [
        {"id": f"photo-{i}", "width": 96, "height": 72 + 48 * (i % 2), "title": f"Cat {i}"}
        | {"tags": ["cat", "portrait", f"tag{i % 7}"], "license": LICENCES[i % len(LICENCES)]}
        | {"bytes": picture((90 + i % 100, 90, 40), seed=i, encoding="JPEG", size=(96, 72))}
        for i in range(900)
    ]


LICENCES = [
    "Attribution License",
    "Attribution-ShareAlike License",
    "United States Government Work",
]


def looked_at(name, fakes):
    fake = fakes[name]
    wire = Wire(sleep=lambda seconds: None)
    probe = Probe(MAKERS[name](fake.url, **KEYS.get(name, {})), wire)
    with wire.tapped():
        checks.run(probe)
    return probe.findings


@pytest.mark.parametrize("name", FAKES)
def test_against_the_fakes_all_holds(name, fakes):
    findings = looked_at(name, fakes)
    assert [f for f in findings if f.held is False] == []
    assert len({f.what for f in findings}) == len(findings)
    # What a fake does not send: the limits, which no page may read.
    assert all("limit is" in f.what for f in findings if f.held is None)


API = {
    "no-cors": "a page may read its answers",
    "html": "a search is answered",
    "malformed": "a search is answered",
    "moved": "a search is answered",
    "empty": "a search is answered",
    "retired-licence": "licences allow “reuse”",
    "other-licence": "licences allow “commercial”",
    "anonymous": "an owner",
    "wordless": "photos have words",
    "renamed": "fields have their names",
    "other-type": "fields have their names",
    "fewer": "as many photos a call",
    "exposes": "nothing of its limits",
    "lenient": "refused:",
    "other-words": "refused:",
    "unreadable-refusal": "a page may read that refusal",
    "forgetful": "a tag full of operators",
}
PAGED = {"same-page": "the next page", "shallow": "is answered"}
ONLY = {
    "openverse": {"small": "sizes", "wide": "orientation", "unsafe": "sensitive", **PAGED}
    | {"new-limit": "its limit is 20/min"},
    "commons": {"small": "sizes", **PAGED},
    "flickr": {"newest": "photos are older"},
}
IMAGE = {
    "no-cors": "a page may read its pictures",
    "404": "thumbnails come",
    "not-an-image": "thumbnails come",
    "moved": "pictures are where",
    "large": "have the size",
    "placeholder": "a picture of its own",
    "instead": "a picture that is gone",
}
ONLY_IMAGE = {"openverse": {}, "commons": {"any-width": "another width"}, "flickr": {}}
CASES = [
    *((name, "api", *each) for name in FAKES for each in (API | ONLY[name]).items()),
    *((name, "image", *each) for name in FAKES for each in (IMAGE | ONLY_IMAGE[name]).items()),
]


@pytest.mark.parametrize(("name", "on", "fault", "what"), CASES)
def test_each_deviation_is_found(name, on, fault, what, fakes):
    fakes[name].fail(fault, on=on)
    try:
        findings = looked_at(name, fakes)
    finally:
        fakes[name].clear()
    wrong = [f.what for f in findings if f.held is False]
    assert any(what in each for each in wrong), wrong
