"""docs/notebook.ipynb runs from top to bottom, and is committed without what it printed."""

import os
from pathlib import Path
from unittest import mock

import nbclient
import nbformat
import pytest

import tiny_model

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"

pytestmark = pytest.mark.native


@pytest.fixture
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


def test_it_is_committed_without_outputs(notebook):
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_it_runs_and_finds_photos_of_the_kind(notebook, tmp_path):
    tiny_model.make(tmp_path)
    path = os.pathsep.join([str(ROOT / "py"), os.environ.get("PYTHONPATH", "")])
    environment = {"LOOKALIKE_MODEL": str(tmp_path / "tiny.onnx"), "PYTHONPATH": path}
    with mock.patch.dict(os.environ, environment):
        nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    printed = [
        output.text for cell in notebook.cells for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stdout"
    ]  # fmt: skip
    assert printed[0].startswith("12 photos")
    assert printed[0].endswith("0 failed\n")
    lines = printed[1].splitlines()
    assert len(lines) == 6
    scores = [float(line.split()[0]) for line in lines]
    assert scores == sorted(scores, reverse=True)
    assert all(line.split()[1].startswith(("sunset/", "meadow/")) for line in lines)
