"""What the page loads with packages in it, each as one module: made by esbuild, and kept."""

from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import Node, run
from lookalike_build.fetch import sha256, write_atomically
from lookalike_build.paths import Checkout
from lookalike_build.steps import step

EDITOR = "js/editor/code-editor.js"
TOKENIZER = "js/tokenizer/tokenizer.js"
"""Where the page looks for them: each bundle takes the place of its first source."""

_WITH = {
    EDITOR: "CodeMirror (codemirror.net), (c) Marijn Haverbeke and others, MIT licence.",
    TOKENIZER: "@huggingface/tokenizers, (c) Hugging Face, Apache-2.0 licence.",
}
_CODE = Path(__file__).with_name("bundle.mjs")


def bundled(checkout: Checkout, tools: Node, name: str) -> bytes:
    """The bundle of a source and the packages that it and its neighbours import.

    Args:
        checkout: whose sources, packages and cache are used.
        tools: the Node to run esbuild from.
        name: `EDITOR` or `TOKENIZER`.

    Raises:
        BuildError: esbuild did not run, or a source is broken.
    """
    entry = checkout.site / name
    # The lock file decides which packages there are.
    sources = [*sorted(entry.parent.glob("*.js")), checkout.site / "package-lock.json", _CODE]
    key = sha256("".join(sha256(path.read_bytes()) for path in sources).encode())
    kept = checkout.cache / "bundles" / key / entry.name
    if kept.is_file():
        step(f"Bundle {entry.name}", "cached")
        return kept.read_bytes()
    step(f"Bundle {entry.name}: esbuild")
    with TemporaryDirectory() as folder:
        out = Path(folder) / entry.name
        command: list[Path | str] = [
            tools.node,
            _CODE,
            checkout.site / "node_modules",
            entry,
            out,
            _WITH[name],
        ]
        run(command, f"The bundle {name}", "remove site/node_modules and build again", tools=tools)
        write_atomically(kept, out.read_bytes())
    return kept.read_bytes()
