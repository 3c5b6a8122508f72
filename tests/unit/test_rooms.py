"""The rooms of both languages: who may import whom, and the map of them in docs/architecture.md."""

import ast
import graphlib
import os
import re
from pathlib import Path

import pytest

import lookalike

PACKAGE = Path(lookalike.__file__).parent
ROOT = PACKAGE.parents[1]

FLOORS = (
    {"awake", "budget", "durations", "errors", "file_kinds", "licences", "photo", "pictures",
     "shown", "words"},
    {"filters", "formats", "model", "policies"},
    {"images", "scorer", "sources", "text"},
    {"ranking"},
    {"collections", "search"},
    {"browser", "evaluate", "terminal"},
    {"__main__"},
)  # fmt: skip
"""From the ground up: a folder, or a file that lies in none, imports what is on lower floors."""

# What is shipped to browsers holds compiled modules alone, and no documents.
pytestmark = pytest.mark.native

MODULES = sorted(set(PACKAGE.rglob("*.py")) - {PACKAGE / "__init__.py"})


def room_of(dotted):
    return dotted.split(".")[0]


def imported(path):
    """The rooms that a module imports from."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "lookalike":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module.startswith("lookalike."):
            yield room_of(node.module.removeprefix("lookalike."))
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("lookalike.")]
            yield from (room_of(name.removeprefix("lookalike.")) for name in names)


def floor_of(room):
    (floor,) = [number for number, rooms in enumerate(FLOORS) if room in rooms]
    return floor


def name_of(path):
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_arrow_runs_up(path):
    here = name_of(path).split("/")[0]
    above = [room for room in imported(path) if room != here and floor_of(room) >= floor_of(here)]
    assert above == []


def test_every_room_has_its_floor():
    rooms = {name_of(path).split("/")[0] for path in MODULES}
    assert rooms == set().union(*FLOORS)
    assert sum(map(len, FLOORS)) == len(rooms)


def mapped(folder):
    """The modules that the map has of a folder, by their rooms."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    row = rf"^\| `{folder}/(?:([\w-]+)/)?` \| .*? \| (.*) \|$"
    return {
        f"{room}/{module}" if room else module
        for room, modules in re.findall(row, text, re.MULTILINE)
        for module in re.findall(r"`([\w-]+)`", modules)
    }


def test_the_map_names_every_module_and_no_other():
    modules = {name_of(path) for path in MODULES if path.stem != "__init__"}
    assert mapped("py/lookalike") == modules


PAGE = ROOT / "site" / "js"
SCRIPTS = sorted(PAGE.rglob("*.js"))
IMPORT = re.compile(
    r"""^(?:import|export)\b[^;"']*?["'](\.[^"']+)["']|\bimport\(["'](\.[^"']+)["']\)""",
    re.MULTILINE,
)


def room_of_script(path):
    folder = path.parent.relative_to(PAGE).as_posix()
    return path.stem if folder == "." else folder


def test_no_room_of_the_page_imports_in_a_circle():
    arrows = {}
    for path in SCRIPTS:
        for found in IMPORT.findall(path.read_text(encoding="utf-8")):
            other = Path(os.path.normpath(path.parent / (found[0] or found[1])))
            # What is not there, a library's file, belongs to no room.
            if other in SCRIPTS and room_of_script(other) != room_of_script(path):
                arrows.setdefault(room_of_script(path), set()).add(room_of_script(other))
    assert len(arrows) > 10
    graphlib.TopologicalSorter(arrows).prepare()  # which raises a CycleError


def test_the_map_names_every_script_and_no_other():
    scripts = {path.relative_to(PAGE).with_suffix("").as_posix() for path in SCRIPTS}
    assert mapped("site/js") == scripts


@pytest.mark.parametrize("paths", [MODULES, SCRIPTS], ids=["engine", "page"])
def test_no_two_files_have_one_name(paths):
    # Each worker and each frame has its first file in its room.
    names = [path.stem for path in paths if path.stem not in {"__init__", "worker", "frame"}]
    assert sorted(names) == sorted(set(names))
