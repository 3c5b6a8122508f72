import dataclasses
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from lookalike.browser import protocol, serialization
from lookalike.browser.protocol import (
    FROM_PAGE,
    TO_PAGE,
    Cancel,
    Collect,
    Collecting,
    Conduct,
    Forget,
    GoOn,
    KeptResult,
    Mark,
    Open,
    Opened,
    Ping,
    Pong,
    Printed,
    Ready,
    Restore,
    ScorerTried,
    Search,
    Steer,
    TryScorer,
    Upload,
)
from lookalike.collections.upload import Failure
from lookalike.errors import Problem
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.policies.policy import TagEstimate, Unseen
from lookalike.policies.state import Guess
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.seen import MARKS, UNMARKED
from lookalike.search.events import (
    Drawn,
    Filtered,
    Finished,
    Joined,
    Noted,
    PhotoScore,
    Progress,
    Queried,
    Ranked,
    Reason,
    Recomputing,
    Rescored,
    Scored,
    ServiceProgress,
    Skipped,
    Started,
    Troubled,
)

JAVASCRIPT = Path(__file__).resolve().parents[2] / "site" / "js" / "protocol.js"
EVENTS = (
    *(Started, Drawn, Noted, Queried, Scored, Skipped, Troubled, Progress, Finished),
    *(Recomputing, Rescored, Ranked, Joined),
)
PHOTO = Photo("1", "A cat", ("cat", "sun"), "https://a/1.jpg", "https://a/1", "Ada", "7@N", "CC0")
PROBLEM = Problem("source", "It failed.", "Try again.")


def names(cls):
    return [field.name for field in dataclasses.fields(cls)]


# -- What stands elsewhere -------------------------------------------------------------------------


@pytest.mark.native
def test_the_key_goes_to_the_courier_and_never_to_the_engine():
    source = JAVASCRIPT.read_text(encoding="utf-8")
    with_key = re.findall(r"@typedef \{\{[^}]*\bkey: .*?\}\} (\w+)", source)
    assert with_key == ["KeyMessage"]
    (courier,) = re.findall(r"@typedef \{(.*)\} PageToCourier\b", source)
    assert "KeyMessage" in courier
    assert source.count("KeyMessage") == 2
    assert not any("key" in names(cls) for cls in (*FROM_PAGE.values(), protocol.Settings))


@pytest.mark.native
def test_a_first_visit_to_the_page_filters_as_python_does_by_itself():
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, to read site/js/filters/filters.js")
    program = "import(process.argv[1]).then((m) => console.log(JSON.stringify(m.NO_FILTERS)))"
    path = JAVASCRIPT.parent / "filters" / "filters.js"
    command = [node, "--input-type=module", "-e", program, path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == dataclasses.asdict(Filters())


def test_the_names_of_marks_are_those_that_the_ranker_knows():
    assert set(get_args(protocol.MarkName)) == {*MARKS, UNMARKED}


@pytest.mark.parametrize("cls", protocol.UNSENT)
def test_what_is_never_sent_are_fields(cls):
    assert set(protocol.UNSENT[cls]) < set(names(cls))


# -- Reading ---------------------------------------------------------------------------------------

SETTINGS = {
    "photos": 110,
    "calls": 50,
    "seconds": 60.5,
    "parallel": 10,
    "seed": None,
    "policy": "greedy",
    "sources": ["openverse", "collection:7"],
    "filters": dataclasses.asdict(Filters(license="reuse", since=5)),
    "neighbours": 50,
}
MADE = {"openverse": [1.5, 2.0]}
QUERY = {"image": b"\xff", "weight": -1, "crop": [0, 0.5, 1, 0.25]}
SENT_PHOTO = {**dataclasses.asdict(PHOTO), "tags": ["cat", "sun"], "extra": 1}
KEPT = {"photo": SENT_PHOTO, "thumbnail": memoryview(b"file"), "tag": "cat", "mark": "liked"}
VALUES = {
    "photos": 110,
    "calls": 20,
    "seconds": 60,
    "id": 1,
    "tag": "cat",
    "stance": "pin",
    "queries": [QUERY],
    "settings": SETTINGS,
    "code": "",
    "name": "",
    "photo": "1",
    "mark": "liked",
    "image": memoryview(b"a"),
    "results": [KEPT],
    "action": "add",
    "collection": "1",
    "expires": None,
    "uploads": [{"path": "a/b.jpg", "file": "a File"}],
    "wish": "pause",
    "made": MADE,
    "text": "at night",
    "pinned": ["cat"],
    "banned": ["dog"],
}
READ = protocol.Settings(
    *(110, 50, 60.5, 10, None, "greedy"),
    ["openverse", "collection:7"],
    Filters(license="reuse", since=5),
    50,
)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"type": "ping", "id": 3}, Ping(3)),
        ({"type": "forget"}, Forget()),
        ({"type": "open", "id": 3, "image": memoryview(b"a")}, Open(3, b"a")),
        ({"type": "cancel", "id": 4}, Cancel(4)),
        (
            {
                "type": "continue",
                "id": 4,
                "photos": 110,
                "calls": 20,
                "seconds": 60,
                "made": {"openverse": [1.5]},
            },
            GoOn(4, 110, 20, 60, {"openverse": [1.5]}),
        ),
        ({"type": "steer", "id": 5, "tag": "cat", "stance": "pin"}, Steer(5, "cat", "pin")),
        (
            {
                "type": "search",
                "id": 6,
                "queries": [QUERY],
                "settings": SETTINGS,
                "made": MADE,
                "text": "",
                "pinned": [],
                "banned": [],
            },
            Search(6, [QueryPhoto(b"\xff", -1.0, (0.0, 0.5, 1.0, 0.25))], READ, MADE),
        ),
        (
            {
                "type": "search",
                "id": 6,
                "queries": [{"image": memoryview(b"a"), "weight": 1, "crop": None}],
                "settings": SETTINGS,
                "made": {},
                "text": "at night",
                "pinned": ["cat"],
                "banned": ["dog", "owl"],
            },
            Search(6, [QueryPhoto(b"a")], READ, {}, "at night", ["cat"], ["dog", "owl"]),
        ),
        (
            {
                "type": "search",
                "id": 6,
                "queries": [],
                "settings": SETTINGS,
                "made": {},
                "text": "",
                "pinned": [],
                "banned": [],
            },
            Search(6, [], READ, {}),
        ),
        ({"type": "try-scorer", "id": 7, "code": "x", "name": "y"}, TryScorer(7, "x", "y")),
        ({"type": "mark", "id": 8, "photo": "1", "mark": "liked"}, Mark(8, "1", "liked")),
        (
            {
                "type": "restore",
                "id": 9,
                "queries": [],
                "settings": SETTINGS,
                "results": [KEPT],
                "text": "at night",
            },
            Restore(9, [], READ, [KeptResult(PHOTO, b"file", "cat", "liked")], "at night"),
        ),
        (
            {
                "type": "collect",
                "id": 10,
                "action": "create",
                "collection": "1",
                "name": "Holiday",
                "expires": None,
                "uploads": [{"path": "a/b.jpg", "file": "a File"}],
            },
            Collect(10, "create", "1", "Holiday", None, [Upload("a/b.jpg", "a File")]),
        ),
        ({"type": "conduct", "id": 10, "wish": "pause"}, Conduct(10, "pause")),
    ],
)
def test_what_the_page_sends_is_read(sent, message):
    assert serialization.read(sent) == message
    # A newer page may say more.
    assert serialization.read({**sent, "extra": 1}) == message


@pytest.mark.parametrize("name", FROM_PAGE)
def test_a_message_without_a_field_is_refused(name):
    whole = {"type": name, **{field: VALUES[field] for field in names(FROM_PAGE[name])}}
    serialization.read(whole)
    for field in whole:
        with pytest.raises(KeyError):
            serialization.read({key: value for key, value in whole.items() if key != field})


def test_settings_without_a_field_and_an_unknown_message_are_refused():
    for field in SETTINGS:
        settings = {key: value for key, value in SETTINGS.items() if key != field}
        sent = {
            "type": "search",
            "id": 1,
            "queries": [],
            "settings": settings,
            "made": {},
            "text": "",
            "pinned": [],
            "banned": [],
        }
        with pytest.raises(KeyError):
            serialization.read(sent)
    with pytest.raises(KeyError):
        serialization.read({"type": "key", "key": "secret"})


@pytest.mark.parametrize("crop", [[0, 0, 1], [0, 0, 1, 1, 1], ["left", 0, 1, 1]])
def test_a_crop_that_is_not_four_numbers_is_refused(crop):
    query = {**QUERY, "crop": crop}
    sent = {
        "type": "search",
        "id": 1,
        "queries": [query],
        "settings": SETTINGS,
        "made": {},
        "text": "",
        "pinned": [],
        "banned": [],
    }
    with pytest.raises(ValueError, match=r"\w"):
        serialization.read(sent)


def test_a_filter_that_there_is_none_of_is_refused():
    settings = {**SETTINGS, "filters": {**SETTINGS["filters"], "license": "stolen"}}
    plain = {"made": {}, "text": "", "pinned": [], "banned": []}
    sent = {"type": "search", "id": 1, "queries": [], "settings": settings, **plain}
    with pytest.raises(ValueError, match="license is one of"):
        serialization.read(sent)


# -- Writing ---------------------------------------------------------------------------------------

ESTIMATE, GUESS = TagEstimate("cat", 0.5, 3, 0.1), Guess("cat", 0.9)
MESSAGES = [
    Started(7, (GUESS, GUESS)),
    Drawn(1, b"file"),
    Noted(PROBLEM),
    Queried("cat", 30, 12, 3, "flickr"),
    Scored(PHOTO, 0.5, "cat", None, b"file"),
    Skipped(PHOTO, PROBLEM),
    Troubled(PROBLEM),
    Troubled(None),
    Progress(
        *(1, 2, 0.5, ("cat", "sun"), (ESTIMATE,), (Unseen("Why.", 3, ("a",)),)),
        (ServiceProgress("flickr", "Flickr", 1, 2, 3, None, True, PROBLEM),),
        (Filtered("licence", 12),),
    ),
    Finished(Reason.FAILED, 1, 2, 0.5, PROBLEM),
    Ready(
        {"Python": "3"},
        [protocol.PolicyChoice("greedy", "Greedy", "It is.", "Means")],
        [protocol.ServiceChoice("openverse", "Openverse", False, ["license"], 20, 200)],
    ),
    protocol.Failed(PROBLEM),
    Pong(9),
    Opened(9, PROBLEM),
    ScorerTried(9, PROBLEM, "kept", ["rank"]),
    Printed("hello"),
    protocol.CallsMade("openverse", (1.5, 2.0)),
    Recomputing(1, 2),
    Rescored((PhotoScore("1", 0.5),), ("1",)),
    Ranked(("1", "2")),
    Joined(PHOTO, 0.5, b"file"),
    Collecting(9, "running", 1, 2, 1, failures=(Failure("a/b.txt", "It is no photo."),)),
]
PLAIN = (dict, list, str, int, float, bytes, bool, type(None))


def all_values(value):
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        yield from all_values(item)


def test_there_is_an_example_of_each_message():
    assert {type(message) for message in MESSAGES} == set(TO_PAGE.values())


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_what_is_written_is_plain_and_has_all_fields(message):
    sent = serialization.write(message, 12 if type(message) in EVENTS else None)
    assert TO_PAGE[sent["type"]] is type(message)
    expected = {"type", *names(type(message))} | ({"id"} if type(message) in EVENTS else set())
    assert set(sent) == expected
    assert all(isinstance(value, PLAIN) for value in all_values(sent))
    assert sent["id"] == (12 if type(message) in EVENTS else 9) if "id" in sent else True


def test_values_arrive_as_they_were():
    sent = serialization.write(Scored(PHOTO, 0.5, "cat", "0", b"file"), 12)
    photo = sent.pop("photo")
    assert sent == {
        "type": "scored",
        "id": 12,
        "score": 0.5,
        "tag": "cat",
        "twin": "0",
        "thumbnail": b"file",
        "itself": None,
        "before": False,
    }
    assert Photo(**{**photo, "tags": tuple(photo["tags"])}) == PHOTO
    finished = serialization.write(Finished(Reason.FAILED, 1, 2, 0.5, PROBLEM), 12)
    assert finished["reason"] == "failed"
    assert Problem(**finished["problem"]) == PROBLEM
    assert finished["problem"]["line"] is None
    assert serialization.write(Troubled(None), 1)["problem"] is None
    null = object()
    assert serialization.write(Troubled(None), 1, null)["problem"] is null
    assert serialization.write(Troubled(PROBLEM), 1, null)["problem"]["line"] is null
    rescored = serialization.write(Rescored((PhotoScore("a", 0.5),), None), 3)
    plain = {"scores": [{"id": "a", "score": 0.5}], "order": None, "itself": None}
    assert rescored == {"type": "rescored", "id": 3, **plain}
