"""`tests/live.py` against the fakes: all is as believed, and each deviation is found."""

import json
import re

import pytest

from fake_commons import FakeCommons
from fake_flickr import VALID_KEY, FakeFlickr
from fake_openverse import FakeOpenverse
from fake_wellcome import FakeWellcome
from live_services import checks, command
from live_services.findings import Finding, markdown, table
from live_services.probe import Probe
from live_services.recording import PRIVATE, scrubbed, without_secrets, written
from live_services.services import MAKERS
from live_services.wire import Answer, Wire

pytestmark = pytest.mark.native

FAKES = {
    "openverse": FakeOpenverse,
    "commons": FakeCommons,
    "flickr": FakeFlickr,
    "wellcome": FakeWellcome,
}
KEYS = {"flickr": {"key": VALID_KEY}}


@pytest.fixture(scope="module")
def fakes():
    drawn = generated()
    unlimited = {"calls_per_minute": None}
    with (
        FakeOpenverse(drawn, calls_per_day=None, **unlimited) as openverse,
        FakeCommons(drawn, **unlimited) as commons,
        FakeFlickr(drawn, calls_per_hour=None) as flickr,
        FakeWellcome(drawn) as wellcome,
    ):
        made = {"openverse": openverse, "commons": commons, "flickr": flickr}
        yield made | {"wellcome": wellcome}


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
    "wellcome": PAGED,
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
ONLY_IMAGE = {
    "openverse": {},
    "commons": {"any-width": "another width"},
    "flickr": {},
    "wellcome": {},
}
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


# -- The command -----------------------------------------------------------------------------------


def run(fakes, tmp_path, *options):
    urls = [option for name, fake in fakes.items() for option in (f"--{name}-url", fake.url)]
    out = ["--out", str(tmp_path), "--no-page", "--key", VALID_KEY]
    return command.main([*urls, *out, *options])


def test_one_command_looks_at_all_and_keeps_what_came(fakes, tmp_path, capsys):
    report = tmp_path / "report.md"
    assert run(fakes, tmp_path, "--report", str(report)) == command.HELD
    told = capsys.readouterr().out
    assert " 0 did not" in told
    for name in FAKES:
        assert re.search(rf"^{name} +a search is answered +held", told, re.MULTILINE)
        assert len(list((tmp_path / name).glob("*.json"))) > 12
    assert report.read_text().count("| held |") > 60
    assert json.loads((tmp_path / "findings.json").read_text())[0]["held"] is True


def test_one_service_can_be_looked_at_alone(fakes, tmp_path, capsys):
    assert run(fakes, tmp_path, "--source", "commons") == command.HELD
    assert "openverse" not in capsys.readouterr().out


def test_what_does_not_hold_ends_with_1_and_says_what_it_means(fakes, tmp_path, capsys):
    fakes["commons"].fail("no-cors")
    try:
        assert run(fakes, tmp_path, "--source", "commons") == command.NOT_HELD
    finally:
        fakes["commons"].clear()
    assert "→ The page cannot search it." in capsys.readouterr().out


def test_offline_it_says_so_in_one_line(tmp_path, capsys):
    nowhere = [option for n in FAKES for option in (f"--{n}-url", "http://127.0.0.1:1/")]
    assert command.main([*nowhere, "--out", str(tmp_path)]) == command.NOT_REACHED
    assert capsys.readouterr().out == f"{command.OFFLINE}\n"


def test_one_service_that_is_down_is_found_beside_the_others(fakes, tmp_path, capsys):
    down = ["--commons-url", "http://127.0.0.1:1/"]
    assert run(fakes, tmp_path, *down) == command.NOT_HELD
    assert re.search(r"^commons +it can be reached +DID NOT", capsys.readouterr().out, re.MULTILINE)


def test_requests_are_never_faster_than_is_polite():
    slept, now = [], [0.0]

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    wire = Wire(per_minute=15, sleep=sleep, clock=lambda: now[0])
    for host in ("a", "a", "b", "a"):
        wire._wait(host)
    assert slept == [4.0, 4.0]


def test_no_key_and_no_name_is_in_what_is_kept(fakes, tmp_path):
    run(fakes, tmp_path, "--source", "flickr", "--source", "openverse")
    kept = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    assert VALID_KEY not in kept
    names = {photo.owner_name for photo in fakes["flickr"].photos}
    owners = {photo.owner for photo in fakes["flickr"].photos}
    assert not [name for name in names | owners if f'"{name}"' in kept]
    assert "api_key=KEY" in kept


def test_private_fields_keep_their_types():
    answer = {"user": "Ada", "Artist": {"value": "<b>Ada</b>", "hidden": 3}, "tags": [{"n": 1}]}
    assert scrubbed(answer) == {
        "user": "(user)",
        "Artist": {"value": "(value)", "hidden": 3},
        "tags": [{"n": 1}],
    }
    assert scrubbed({"owner": None, "title": ""}) == {"owner": None, "title": ""}
    assert {"ownername", "creator", "user"} <= PRIVATE


def test_keys_are_taken_out_of_addresses_and_bodies(tmp_path):
    assert without_secrets("https://h/?a=1&api_key=abc&b=") == "https://h/?a=1&api_key=KEY&b="
    body = b'{"echo": "s3cret", "n": 1}'
    (path,) = written([Answer("https://h/?key=s3cret", 200, {}, body)], tmp_path, "s3cret")
    assert "s3cret" not in path.read_text()


def test_a_table_for_the_docs_takes_the_place_of_the_last_one():
    finding = Finding("x", "a | b", False, "saw\nthis", "Means.")
    text = markdown([finding], "2026-11-28")
    assert r"| x | a \| b | DID NOT HOLD | saw this | Means. |" in text
    page = f"before\n{command.BEGIN}\nold\n{command.END}\nafter"
    once = command.inserted(page, text)
    assert "old" not in once
    assert "2026-11-28" in once
    assert command.inserted(once, text) == once
    with pytest.raises(ValueError, match="no single place"):
        command.inserted("nothing", text)
    assert "→ Means." in table([finding])


def test_the_docs_have_that_place():
    page = (command.ROOT / "docs" / "sources.md").read_text("utf-8")
    assert page.count(command.BEGIN) == page.count(command.END) == 1
