import dataclasses
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lookalike.browser import protocol
from lookalike.browser.protocol import FROM_PAGE, TO_PAGE, Cancel, Ping, Pong, Ready, Search, Steer
from lookalike.errors import Problem
from lookalike.events import (
    Finished,
    Progress,
    Queried,
    Reason,
    Scored,
    Skipped,
    Started,
    Troubled,
)
from lookalike.photo import Photo
from lookalike.policy import Belief, Guess, Unseen

JAVASCRIPT = Path(__file__).resolve().parents[2] / "site" / "js" / "protocol.js"
EVENTS = (Started, Queried, Scored, Skipped, Troubled, Progress, Finished)
PHOTO = Photo("1", "A cat", ("cat", "sun"), "https://a/1.jpg", "https://a/1", "Ada", "7@N", "CC0")
PROBLEM = Problem("source", "It failed.", "Try again.")


def names(cls):
    return [field.name for field in dataclasses.fields(cls)]


def listed(messages):
    """The fields of each message, as protocol.js lists them."""
    return {name: sorted(names(cls) + ["id"] * (cls in EVENTS)) for name, cls in messages.items()}


# -- The two lists ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def javascript():
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, to read site/js/protocol.js")
    program = "import(process.argv[1]).then((m) => console.log(JSON.stringify({ ...m })))"
    command = [node, "--input-type=module", "-e", program, JAVASCRIPT.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


@pytest.mark.native
@pytest.mark.parametrize(("list_", "python"), [("TO_ENGINE", FROM_PAGE), ("FROM_ENGINE", TO_PAGE)])
def test_both_sides_list_the_same_messages_with_the_same_fields(javascript, list_, python):
    theirs = {
        name: sorted(fields)
        for name, fields in javascript[list_].items()
        if name not in javascript["WORKER_ONLY"]
    }
    assert theirs == listed(python)


@pytest.mark.native
def test_what_stays_in_javascript_is_listed_there_and_not_in_python(javascript):
    both = {**javascript["TO_ENGINE"], **javascript["FROM_ENGINE"]}
    assert set(javascript["WORKER_ONLY"]) <= set(both)
    assert set(javascript["WORKER_ONLY"]).isdisjoint({**FROM_PAGE, **TO_PAGE})
    assert "key" in javascript["WORKER_ONLY"]


def typedef(name):
    """The properties of an @typedef of protocol.js, in either of its two forms."""
    source = JAVASCRIPT.read_text(encoding="utf-8")
    if inline := re.search(rf"@typedef \{{\{{(.*)\}}\}} {name}\b", source):
        return re.findall(r"(\w+):", inline[1])
    block = re.search(rf"@typedef \{{object\}} {name}\b(.*?)\*/", source, re.DOTALL)
    return re.findall(r"@property \{.*?\} (\w+)", block[1])


@pytest.mark.native
@pytest.mark.parametrize(
    "cls",
    [Problem, Photo, Guess, Belief, protocol.PolicyChoice, protocol.QueryPhoto, protocol.Settings],
)
def test_the_types_inside_messages_have_the_same_fields(cls):
    assert typedef(cls.__name__) == names(cls)


@pytest.mark.native
def test_the_reasons_and_stances_are_the_same():
    source = JAVASCRIPT.read_text(encoding="utf-8")

    def union(name):
        return re.findall(r'"(\w+)"', re.search(rf"@typedef \{{(.*?)\}} {name}\b", source)[1])

    assert union("Reason") == [reason.value for reason in Reason]
    assert set(union("Stance")) == {"pin", "ban", "free"}


# -- Reading ---------------------------------------------------------------------------------------

SETTINGS = {
    "photos": 110,
    "calls": 50,
    "seconds": 60.5,
    "parallel": 10,
    "seed": None,
    "policy": "greedy",
}


QUERY = {"image": b"\xff", "weight": 1, "crop": None}


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"type": "ping", "id": 3}, Ping(3)),
        ({"type": "cancel", "id": 4}, Cancel(4)),
        ({"type": "steer", "id": 5, "tag": "cat", "stance": "pin"}, Steer(5, "cat", "pin")),
        (
            {"type": "search", "id": 6, "queries": [QUERY], "settings": SETTINGS},
            Search(
                6,
                [protocol.QueryPhoto(b"\xff", 1, None)],
                protocol.Settings(110, 50, 60.5, 10, None, "greedy"),
            ),
        ),
        (
            {"type": "measure", "id": 7, "code": "x = 1", "name": "mine"},
            protocol.Measure(7, "x = 1", "mine"),
        ),
        (
            {"type": "mark", "id": 8, "photo": "123", "mark": "liked"},
            protocol.Mark(8, "123", "liked"),
        ),
    ],
)
def test_what_the_page_sends_is_read(sent, message):
    assert protocol.read(sent) == message
    # A newer page may say more.
    assert protocol.read({**sent, "extra": 1}) == message


@pytest.mark.parametrize("name", FROM_PAGE)
def test_a_message_without_a_field_is_refused(name):
    values = {"id": 1, "tag": "cat", "stance": "pin", "settings": SETTINGS}
    values |= {"queries": [QUERY], "code": "x = 1", "name": "mine"}
    values |= {"photo": "123", "mark": "liked", "results": []}
    whole = {"type": name, **{field: values[field] for field in names(FROM_PAGE[name])}}
    protocol.read(whole)
    for field in whole:
        with pytest.raises(KeyError):
            protocol.read({key: value for key, value in whole.items() if key != field})


def test_settings_without_a_field_and_an_unknown_message_are_refused():
    for field in SETTINGS:
        settings = {key: value for key, value in SETTINGS.items() if key != field}
        with pytest.raises(KeyError):
            protocol.read({"type": "search", "id": 1, "queries": [], "settings": settings})
    with pytest.raises(KeyError):
        protocol.read({"type": "key", "key": "secret"})


# -- Writing ---------------------------------------------------------------------------------------

BELIEF, GUESS = Belief("cat", 0.5, 3, 0.1), Guess("cat", 0.9)
MESSAGES = [
    Started(7, (GUESS, GUESS)),
    Queried("cat", 30, 12),
    Scored(PHOTO, 0.5, "cat", None, b"file"),
    Skipped(PHOTO, PROBLEM),
    Troubled(PROBLEM),
    Troubled(None),
    Progress(1, 2, 0.5, ("cat", "sun"), (BELIEF,), (Unseen("Why.", 3, ("a",)),)),
    Finished(Reason.FAILED, 1, 2, 0.5, PROBLEM),
    Ready(True, {"Python": "3"}, [protocol.PolicyChoice("greedy", "Greedy", "It is.", "Means")]),
    protocol.Failed(PROBLEM),
    Pong(9),
    protocol.Measured(9, PROBLEM, "kept", ["rank"]),
    protocol.Console("printed"),
    protocol.Recomputing(9, 1, 2),
    protocol.Rescored(9, [{"id": "1", "score": 0.5}], ["1"]),
    protocol.Ranked(9, ["1"]),
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
    sent = protocol.write(message, 12 if type(message) in EVENTS else None)
    assert TO_PAGE[sent["type"]] is type(message)
    expected = {"type", *names(type(message))} | ({"id"} if type(message) in EVENTS else set())
    assert set(sent) == expected
    assert all(isinstance(value, PLAIN) for value in all_values(sent))
    assert sent["id"] == (12 if type(message) in EVENTS else 9) if "id" in sent else True


def test_values_arrive_as_they_were():
    sent = protocol.write(Scored(PHOTO, 0.5, "cat", "0", b"file"), 12)
    photo = sent.pop("photo")
    assert sent == {
        "type": "scored",
        "id": 12,
        "score": 0.5,
        "tag": "cat",
        "twin": "0",
        "thumbnail": b"file",
    }
    assert Photo(**{**photo, "tags": tuple(photo["tags"])}) == PHOTO
    finished = protocol.write(Finished(Reason.FAILED, 1, 2, 0.5, PROBLEM), 12)
    assert finished["reason"] == "failed"
    assert Problem(**finished["problem"]) == PROBLEM
    assert protocol.write(Troubled(None), 1)["problem"] is None
