"""`python -m lookalike index` of the ugliest folder: photos are in, the rest is told."""

import os
import re
import sys
from itertools import takewhile

import pytest

import ugly_folder
from terminal_desk import Desk

pytestmark = pytest.mark.native


@pytest.fixture
def desk(tmp_path):
    pytest.importorskip("pillow_heif", reason="nothing opens HEIC here")
    return Desk(tmp_path)


def reasons(report):
    """What was not added, and why, as the report has it."""
    told = report[report.index("were not added:\n") :].splitlines()[1:]
    lines = takewhile(lambda line: not re.match(r"\d+ (photos|other)|Left out", line), told)
    return dict(line.split(": ", 1) for line in lines)


def test_of_the_ugliest_folder_nothing_is_lost_and_each_refusal_has_its_reason(desk, capsys):
    names = [] if sys.platform == "darwin" else [os.fsdecode(b"latin \xe9.png")]
    count = ugly_folder.make(desk.photos, names)
    assert desk.index() == 1
    report = capsys.readouterr().out
    found = reasons(report)
    assert "leads back to itself" in found.pop("itself.jpg")
    assert "not there" in found.pop("gone.jpg")
    assert not ugly_folder.refusals_that_differ(found)
    assert f"{len(ugly_folder.OTHERS)} other files left out" in report
    assert "links to folders (--follow-links goes there): loop, a/loop" in report
    entries = desk.entries()
    assert len(entries) == count
    assert {*ugly_folder.OPENED, *names} <= entries.keys()
    before = desk.file.read_bytes()
    # Again, nothing is new, nothing is dropped, and the same is told.
    assert desk.index() == 1
    assert reasons(capsys.readouterr().out) == {
        **found, "itself.jpg": "It is a link that leads back to itself.",
        "gone.jpg": "It is a link to something that is not there.",
    }  # fmt: skip
    assert desk.entries() == entries
    assert len(desk.file.read_bytes()) == pytest.approx(len(before), rel=0.01)
