"""What the README says to type does what it says."""

import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
SERVE = "python3 build_site.py --serve"
TEST = "python3 tests/run.py"

pytestmark = pytest.mark.native


def test_there_are_two_commands():
    assert COMMANDS == [SERVE, TEST]


def test_ci_runs_the_test_command():
    assert TEST in (ROOT / ".ci" / "run").read_text()


def test_the_first_command_serves_the_page(tmp_path):
    options = ["--port", "0", "--out", str(tmp_path / "dist")]
    command = [sys.executable, *SERVE.split()[1:], *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = next(m[0] for line in server.stdout if (m := re.search(r"http://\S+/", line)))
            with urllib.request.urlopen(url, timeout=10) as response:
                page = response.read().decode()
        finally:
            server.terminate()
    assert "<title>Lookalike</title>" in page
    assert "https://api.flickr.com" not in page


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])
def test_links_to_files_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_score_py_shown_is_the_one_that_is_shipped():
    shown = re.search(r"```python\n(.*?)\n```", README, re.DOTALL)[1]
    shipped = (ROOT / "py" / "score.py").read_text("utf-8")
    for line in filter(None, shown.splitlines()):
        assert line in shipped
