"""Python files with bytecode in place of sources, compiled by Pyodide run in Node, and kept."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import Node, run
from lookalike_build.fetch import sha256, write_atomically
from lookalike_build.paths import Checkout
from lookalike_build.steps import step

_HERE = Path(__file__).parent
_CODE = ("precompile.py", "precompile.mjs", "archive.py")


def precompiled(checkout: Checkout, tools: Node, wheels: Mapping[str, bytes]) -> dict[str, bytes]:
    """Compile wheels, and the standard library's archive, or take them from the cache.

    Args:
        checkout: whose Pyodide and cache are used.
        tools: the Node to run Pyodide in.
        wheels: each by its file name; see `precompile.main`.

    Raises:
        BuildError: Pyodide did not run, or a wheel is broken.
    """
    pyodide = checkout.site / "node_modules" / "pyodide"
    kept = {name: _kept(checkout, pyodide, name, wheels[name]) for name in wheels}
    if all(path.is_file() for path in kept.values()):
        step("Bytecode of the wheels", "cached")
    else:
        step("Bytecode of the wheels: compiling in Pyodide")
        _compile(tools, pyodide, wheels, kept)
    return {name: path.read_bytes() for name, path in kept.items()}


def _kept(checkout: Checkout, pyodide: Path, name: str, content: bytes) -> Path:
    # The version of Pyodide, and the code that compiles, decide the result, too.
    code = [path.read_bytes() for path in (pyodide / "package.json", *(_HERE / c for c in _CODE))]
    key = sha256("".join(map(sha256, [*code, content])).encode())
    return checkout.cache / "bytecode" / key / name


def _compile(
    tools: Node, pyodide: Path, wheels: Mapping[str, bytes], results: Mapping[str, Path]
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in wheels.items():
            (folder / file).write_bytes(content)
        command = [tools.node, _HERE / "precompile.mjs", pyodide, _HERE.parent, folder]
        advice = "remove site/node_modules and .cache, and build again"
        run(command, "The bytecode of the wheels", advice, tools=tools)
        for file, path in results.items():
            write_atomically(path, (folder / file).read_bytes())
