"""The code editor as one module: made by esbuild, and kept."""

from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import Node, run
from lookalike_build.fetch import sha256, write_atomically
from lookalike_build.paths import Checkout
from lookalike_build.steps import step

EDITOR = "js/editor/code-editor.js"
"""Where the page looks for it: the bundle takes the place of its first source."""
_CODE = Path(__file__).with_name("bundle.mjs")


def editor(checkout: Checkout, tools: Node) -> bytes:
    """The bundle of the editor's sources and the packages they import.

    Args:
        checkout: whose sources, packages and cache are used.
        tools: the Node to run esbuild from.

    Raises:
        BuildError: esbuild did not run, or a source is broken.
    """
    entry = checkout.site / EDITOR
    # The lock file decides which packages there are.
    sources = [*sorted(entry.parent.glob("*.js")), checkout.site / "package-lock.json", _CODE]
    key = sha256("".join(sha256(path.read_bytes()) for path in sources).encode())
    kept = checkout.cache / "bundles" / key / entry.name
    if kept.is_file():
        step("Code editor", "cached")
        return kept.read_bytes()
    step("Code editor: esbuild")
    with TemporaryDirectory() as name:
        out = Path(name) / entry.name
        command = [tools.node, _CODE, checkout.site / "node_modules", entry, out]
        run(command, "The code editor", "remove site/node_modules and build again", tools=tools)
        write_atomically(kept, out.read_bytes())
    return kept.read_bytes()
