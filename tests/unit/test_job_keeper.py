"""The work on collections that outlives an engine: site/js/client/job-keeper.js, run by node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

KEEPER = Path(__file__).resolve().parents[2] / "site" / "js" / "client" / "job-keeper.js"
WORK = '{ action: "add", collection: "c", name: "", expires: null, uploads: [] }'

pytestmark = pytest.mark.native


def run(program):
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, to run site/js/client/job-keeper.js")
    text = (
        "const { JobKeeper } = await import(process.argv[1]);\n"
        f"const keeper = new JobKeeper(), WORK = {WORK};\n"
        f"console.log(JSON.stringify((() => {{ {program} }})()));"
    )
    command = [node, "--input-type=module", "-e", text, KEEPER.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def test_work_asked_for_before_there_is_an_engine_is_given_to_the_first():
    given = run("keeper.take(WORK, false); return [keeper.any, keeper.renew()];")
    assert given[0] is True
    assert [work["id"] for work in given[1]["again"]] == [1]
    assert given[1]["lost"] == []


def test_a_new_engine_is_given_what_has_not_ended():
    ended = '{ type: "collecting", id: 1, state: "done" }'
    given = run(
        "keeper.take(WORK, true); keeper.take(WORK, true);"
        f"keeper.receive({ended}); return keeper.renew();"
    )
    assert [(work["type"], work["id"]) for work in given["again"]] == [("collect", 2)]


def test_what_breaks_three_engines_is_given_up_and_told():
    given = run(
        "keeper.take(WORK, true); keeper.renew(); keeper.renew();"
        "const last = keeper.renew(); return [last, keeper.any];"
    )
    [told] = given[0]["lost"]
    assert (told["id"], told["state"], given[0]["again"], given[1]) == (1, "failed", [], False)
    assert "three times" in told["problem"]["message"]


def test_what_goes_on_is_kept():
    states = ("waiting", "running", "paused")
    program = "keeper.take(WORK, true);" + "".join(
        f'keeper.receive({{ type: "collecting", id: 1, state: "{state}" }});' for state in states
    )
    assert run(f"{program} return keeper.any;") is True
