"""A .lookalike file from before scorers were called so opens, and nothing is described again."""

import shutil
from pathlib import Path

import pytest

from terminal_desk import Desk, found

FILE = Path(__file__).resolve().parents[1] / "before" / "summer.lookalike"

# What is shipped to browsers holds no such file.
pytestmark = pytest.mark.native


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    shutil.copy(FILE, desk.file)
    return desk


def test_it_is_searched_as_it_was(desk, capsys):
    desk.draw("green", desk.folder / "query.png")
    assert desk.search("--json", photo=desk.folder / "query.png") == 0
    assert found(capsys.readouterr().out)[0] == "green.png"


def test_its_features_are_those_of_today(desk):
    """The names of features tell what described them: a new name has all described again."""
    before = desk.rows()
    desk.draw_all(colours=["red", "green", "blue"])
    assert desk.index() == 0
    assert desk.rows() == before
    assert len(before) == 2
