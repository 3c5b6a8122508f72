"""What of the page is written with npm packages: each part one module, by esbuild, and kept."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import Node, run
from lookalike_build.fetch import sha256, write_atomically
from lookalike_build.paths import Checkout
from lookalike_build.steps import step

EDITOR = "js/editor/code-editor.js"
SHELF = "js/shelf/shelf.js"
TIFF = "js/tiff/tiff.js"
TOKENIZER = "js/tokenizer/tokenizer.js"
BUNDLES = {
    EDITOR: (
        "Code editor",
        "With CodeMirror (codemirror.net), (c) Marijn Haverbeke and others, MIT licence.",
    ),
    SHELF: ("Shelf", "With idb (github.com/jakearchibald/idb), (c) Jake Archibald, ISC licence."),
    TIFF: (
        "TIFF",
        "With geotiff (github.com/geotiffjs/geotiff.js), (c) EOX IT Services, MIT licence.",
    ),
    TOKENIZER: ("Tokenizer", "With @huggingface/tokenizers, (c) Hugging Face, Apache-2.0 licence."),
}
"""Where the page looks for each, which is its first source: what it is, and whose packages it has.

A bundle takes the place of the folder of its sources.
"""
ALWAYS = (EDITOR, SHELF, TIFF)
"""Those that every site has; the tokenizer goes with networks that have an encoder of text."""
_CODE = Path(__file__).with_name("bundle.mjs")


def bundles(checkout: Checkout, tools: Node, names: Iterable[str]) -> dict[str, bytes]:
    """Some of `BUNDLES`, by where the page looks for them.

    Args:
        checkout: whose sources, packages and cache are used.
        tools: the Node to run esbuild from.
        name: `EDITOR` or `TOKENIZER`.

    Raises:
        BuildError: esbuild did not run, or a source is broken.
    """
    return {name: _bundle(checkout, tools, name) for name in names}


def _bundle(checkout: Checkout, tools: Node, name: str) -> bytes:
    entry = checkout.site / name
    title, credit = BUNDLES[name]
    # The lock file decides which packages there are.
    sources = [*sorted(entry.parent.glob("*.js")), checkout.site / "package-lock.json", _CODE]
    contents = [sha256(path.read_bytes()) for path in sources]
    kept = checkout.cache / "bundles" / sha256("".join([*contents, credit]).encode()) / entry.name
    if kept.is_file():
        step(title, "cached")
        return kept.read_bytes()
    step(f"{title}: esbuild")
    with TemporaryDirectory() as folder:
        out = Path(folder) / entry.name
        command: list[Path | str] = [tools.node, _CODE]
        command += [checkout.site / "node_modules", entry, out, credit]
        run(command, title, "remove site/node_modules and build again", tools=tools)
        write_atomically(kept, out.read_bytes())
    return kept.read_bytes()
