"""The engine's unit tests once more, inside the real Pyodide of the built site."""

import importlib.util
import io
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

from plain_python import write_plain

PURE = ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "hypothesis",
        "_hypothesis_globals", "sortedcontainers", "py")  # fmt: skip
NOT_THE_ENGINE = ("test_build", "test_convert", "test_evaluate", "test_fake", "test_generated",
                  "test_model_accuracy", "test_tiny_model", "test_documented", "test_readme",
                  "test_protocol", "test_flickr_http", "test_courier", "test_replay",
                  "test_scorers", "test_score_page", "test_sources_page", "test_terminal",
                  "test_notebook", "test_collections_labelled", "test_pair",
                  "test_words_table", "test_forms", "test_rooms", "test_before",
                  # What each test of the page does, by the engine itself: whole searches, again and
                  # again. They take longer than all others.
                  "test_session", "test_going_on")  # fmt: skip

CONFTEST = """
from hypothesis import settings

# What examples find, they find in CPython: here it is a few that show another platform's ways.
settings.register_profile("pyodide", settings.get_profile("ci"), max_examples=3)
settings.load_profile("pyodide")
"""

START = """
async () => {
  const base = new URL(".", location.href).href;
  const { loadPyodide } = await import(base + "pyodide/pyodide.mjs");
  const python = await loadPyodide({
    indexURL: base + "pyodide/", packageBaseUrl: base + "pyodide/",
    packages: ["numpy", "pillow"], stdout: (line) => console.log(line),
    // With CI set, Hypothesis repeats itself, and does not mind that examples come slowly here.
    env: { PYTHONDONTWRITEBYTECODE: "1", PYTEST_DISABLE_PLUGIN_AUTOLOAD: "1", CI: "1" },
  });
  const archive = await (await fetch(base + "tests.zip")).arrayBuffer();
  python.unpackArchive(archive, "zip", { extractDir: "/tests" });
  const path = python.pyimport("sys").path;
  for (const folder of ["/tests/packages", "/tests/engine", "/tests/tests"]) path.append(folder);
  python.FS.chdir("/tests");
  python.pyimport("gc").disable(); // as in the engine: pyodide#6464
  window.python = python;
}
"""

RUN = """
async ({ args }) => {
  const { python } = window;
  python.pyimport("gc").collect(); // of the part before
  // Entered this way, asyncio.run() can suspend Python until the loop is done.
  const code = python.pyimport("pytest").main.callPromising(python.toPy(args));
  // After a fatal error of Pyodide's it would never settle.
  const late = new Promise((_, reject) => setTimeout(reject, 540_000, "no end in 540 s"));
  return Number(await Promise.race([code, late]));
}
"""


def archive():
    """What runs and what it needs, all of it pure Python."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        # Not as "py", which is the name of a module that pytest brings.
        for folder, name in (("py", "engine"), ("tests", "tests")):
            for path in (ROOT / folder).rglob("*.py"):
                of_browser = folder == "tests" and "browser" in path.parts
                if not (path.name.startswith(NOT_THE_ENGINE) or of_browser):
                    file.write(path, name / path.relative_to(ROOT / folder))
        for name in PURE:
            origin = Path(importlib.util.find_spec(name).origin)
            paths = origin.parent.rglob("*") if origin.name == "__init__.py" else [origin]
            top = origin.parents[1] if origin.name == "__init__.py" else origin.parent
            for path in paths:
                if path.is_file() and "__pycache__" not in path.parts:
                    file.write(path, Path("packages") / path.relative_to(top))
        file.writestr("conftest.py", CONFTEST)
        file.writestr("pytest.ini", "[pytest]\nmarkers = native\n")
    return buffer.getvalue()


def unit_tests(part):
    """The unit tests whose files' names, after "test_", begin so."""
    files = sorted((ROOT / "tests" / "unit").glob(f"test_{part}*.py"))
    names = [path.name for path in files if not path.name.startswith(NOT_THE_ENGINE)]
    return [f"tests/unit/{name}" for name in names]


@pytest.fixture(scope="module")
def page(launch, site):
    """One Pyodide for all parts: most modules are loaded once."""
    # A suspended Python runs on a stack of its own, of 1 MB; pytest and its plugins nest deep.
    browser = launch("--js-flags=--wasm-stack-switching-stack-size=8000")
    write_plain(site.folder / "pyodide")
    (site.folder / "tests.zip").write_bytes(archive())
    page = browser.new_page()
    try:
        page.goto(site.url + "config.json")  # a page of the origin, without a policy of its own
        page.evaluate(START)
        yield page
    finally:
        browser.close()
        (site.folder / "tests.zip").unlink()


@pytest.mark.parametrize("part", ["[a-e]", "[f-m]", "[n-r]", "[s-z]"])
@pytest.mark.usefixtures("flickr")
def test_the_engines_unit_tests_pass_inside_pyodide(page, part):
    lines = []
    page.on("console", lambda message: lines.append(message.text))
    arguments = [*unit_tests(part), "-q", "-m", "not native", "-p", "no:cacheprovider"]
    # Rewriting each assertion takes longer than most tests; CPython says what is wrong, too.
    arguments += ["--assert=plain"]
    # The debugger needs a terminal's parts of Python, which a browser does not get.
    arguments += ["-p", "no:faulthandler", "-p", "no:debugging"]
    try:
        code = page.evaluate(RUN, {"args": arguments})
    finally:
        print("\n".join(lines[-60:]))
    assert code == 0
