"""Python files with bytecode in place of sources, compiled by Pyodide run in Node, and kept."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import Node, run
from lookalike_build.fetch import sha256, write_atomically
from lookalike_build.paths import Checkout
from lookalike_build.steps import step

_HERE = Path(__file__).parent
_CODE = ("precompile.py", "precompile.mjs", "archive.py", "bare.py", "left_out.py")


def precompiled(checkout: Checkout, tools: Node, archives: Mapping[str, bytes]) -> dict[str, bytes]:
    """Compile what archives hold of Python, or take them from the cache.

    Args:
        checkout: whose Pyodide and cache are used.
        tools: the Node to run Pyodide in.
        archives: wheels, and others that `precompile.main` knows, by their file names.

    Raises:
        BuildError: Pyodide did not run, or an archive is broken.
    """
    pyodide = checkout.site / "node_modules" / "pyodide"
    kept = {name: _kept(checkout, pyodide, name, archives[name]) for name in archives}
    lacking = {name: path for name, path in kept.items() if not path.is_file()}
    if lacking:
        step("Bytecode: compiling in Pyodide")
        _compile(tools, pyodide, archives, lacking)
    else:
        step("Bytecode", "cached")
    return {name: path.read_bytes() for name, path in kept.items()}


def _kept(checkout: Checkout, pyodide: Path, name: str, content: bytes) -> Path:
    # The version of Pyodide, and the code that compiles, decide the result, too.
    code = [path.read_bytes() for path in (pyodide / "package.json", *(_HERE / c for c in _CODE))]
    key = sha256("".join(map(sha256, [*code, content])).encode())
    return checkout.cache / "bytecode" / key / name


def _compile(
    tools: Node, pyodide: Path, archives: Mapping[str, bytes], results: Mapping[str, Path]
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file in results:
            (folder / file).write_bytes(archives[file])
        command = [tools.node, _HERE / "precompile.mjs", pyodide, _HERE.parent, folder]
        advice = "remove site/node_modules and .cache, and build again"
        run(command, "The bytecode", advice, tools=tools)
        for file, path in results.items():
            write_atomically(path, (folder / file).read_bytes())
