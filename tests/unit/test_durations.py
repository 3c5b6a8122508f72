import json
import shutil
import subprocess
from pathlib import Path

import pytest

from lookalike.durations import duration

JS = Path(__file__).resolve().parents[2] / "site" / "js"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"), (0.2, "1 second"), (60, "1 minute"), (61, "2 minutes"),
        (125, "3 minutes"), (3600, "1 hour"), (4500, "75 minutes"), (85_140, "24 hours"),
        (86_400, "1 day"), (100_000, "28 hours"), (1e6, "12 days"),
    ],
)  # fmt: skip
def test_a_duration_is_told_in_units_that_people_use(seconds, words):
    assert duration(seconds) == words


@pytest.mark.native
def test_the_page_does_likewise():
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    program = (
        f"const {{ duration }} = await import({json.dumps((JS / 'ui/format.js').as_uri())});"
        "console.log(JSON.stringify([12, 59.6, 125, 3599.9, 85140, 100000, 300000].map(duration)));"
    )
    command = [node, "--input-type=module", "-e", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == [
        "12 s", "1 min 0 s", "2 min 5 s", "1 h 0 min", "23 h 39 min", "1 day 4 h", "3 days 11 h",
    ]  # fmt: skip
