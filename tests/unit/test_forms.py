"""The page reads what the engine sends by forms that come of the protocol's dataclasses."""

import dataclasses
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from lookalike.browser.protocol import TO_PAGE, Collecting, Printed, Ready, ScorerTried
from lookalike.browser.serialization import write
from lookalike.collections.upload import Failure
from lookalike.errors import Problem
from lookalike.photo import Photo
from lookalike.policies.policy import TagEstimate
from lookalike.search.events import (
    Finished,
    PhotoScore,
    Progress,
    Queried,
    Reason,
    Rescored,
    Scored,
    ServiceProgress,
)
from lookalike_build.forms import forms

pytestmark = pytest.mark.native

ROOT = Path(__file__).resolve().parents[2]
FORMS = forms(ROOT / "py" / "lookalike")
PROGRAM = """
const { readMessage } = await import(process.argv[1]);
const { forms, messages } = JSON.parse(fs.readFileSync(0, "utf8"));
const revived = (value) => {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== "object" || value === null) return value;
  if (value.bytes) return new Uint8Array(value.bytes);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revived(each)]));
};
const outcomes = messages.map((message) => {
  try {
    return Object.keys(readMessage(revived(message), forms)).sort();
  } catch (error) {
    return error.message;
  }
});
console.log(JSON.stringify(outcomes));
"""
PHOTO = Photo("1", "A cat", ("cat",), "https://a/1.jpg", "https://a/1", "Ada", "7", "CC0")
PROBLEM = Problem("source", "It failed.", "Try again.", 3)


def run(*messages):
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, to run site/js/client/forms.js")
    program = f"import fs from 'node:fs';{PROGRAM}"
    command = [node, "--input-type=module", "-e", program]
    done = subprocess.run(
        [*command, (ROOT / "site" / "js" / "client" / "forms.js").as_uri()],
        input=json.dumps({"forms": FORMS, "messages": messages}, default=_bytes),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def _bytes(value):
    return {"bytes": list(value)}


def test_the_forms_list_the_messages_and_fields_of_the_protocol():
    # What Python's own means of reading dataclasses say, as the build reads their sources.
    assert {kind: set(form) for kind, form in FORMS["messages"].items()} == {
        kind: {field.name for field in dataclasses.fields(cls)}
        | ({"id"} if cls.__module__ == "lookalike.search.events" else set())
        for kind, cls in TO_PAGE.items()
    }


SOUND = [
    write(Ready({"Python": "3"}, [], [])),
    write(ScorerTried(1, PROBLEM, "kept", ["START"])),
    write(Printed("hello")),
    write(Scored(PHOTO, 0.5, "cat", None, b"\xff\xd8"), 1),
    write(Queried("cat", 1, 2, 0, "flickr"), 1),
    write(
        Progress(
            1,
            2,
            0.5,
            ("cat",),
            (TagEstimate("cat", 0.5, 1, 0.1),),
            (),
            (ServiceProgress("x", "X"),),
        ),
        1,
    ),
    write(Rescored((PhotoScore("1", float(1)),), None), 1),
    write(Finished(Reason.BUDGET, 1, 2, 0.5, PROBLEM), 1),
    write(Collecting(1, "done", failures=(Failure("a.jpg", "No photo."),))),
    {"type": "phase", "name": "Python", "state": "done", "ms": 12},
    {"type": "taken", "serial": 3},
]


def test_what_python_sends_is_read():
    outcomes = run(*SOUND)
    assert outcomes == [sorted(message) for message in SOUND]


SCORED = SOUND[3]
FORGED = [
    (None, "no known type"),
    ({"type": "constructor"}, "no known type"),
    ({"type": 5}, "no known type"),
    ({"type": "key", "key": "x"}, "no known type"),
    ({**SCORED, "photo": {**SCORED["photo"], "title": 5}}, "scored.photo.title"),
    ({**SCORED, "photo": {**SCORED["photo"], "tags": "cat"}}, "scored.photo.tags"),
    ({**SCORED, "photo": {**SCORED["photo"], "page_url": "x" * 60_000}}, "scored.photo.page_url"),
    ({**SCORED, "photo": None}, "scored.photo"),
    ({**SCORED, "thumbnail": [1, 2]}, "scored.thumbnail"),
    ({**SCORED, "id": 0.5}, "scored.id"),
    ({**SCORED, "score": "1"}, "scored.score"),
    ({**SOUND[8], "state": "exported"}, "collecting.state"),
    ({**SOUND[8], "file": "x"}, "collecting.file"),
    ({**SOUND[7], "reason": "bored"}, "finished.reason"),
    ({"type": "console", "text": "x" * 100_000}, "console.text"),
    ({"type": "phase", "name": "Python", "state": "over", "ms": 1}, "phase.state"),
]


def test_what_is_not_of_its_form_is_not_read():
    outcomes = run(*(message for message, _ in FORGED))
    for (message, where), outcome in zip(FORGED, outcomes, strict=True):
        assert where in outcome, message


def test_what_a_message_should_not_have_is_left_out():
    assert run({**SOUND[2], "key": "x"}) == [["text", "type"]]
