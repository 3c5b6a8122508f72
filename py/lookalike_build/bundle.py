"""Makes one file of each part of the page by esbuild: the page, its workers, what is fetched late.

Each worker must be one file: Firefox checks the static imports of a worker's modules against the
policy's `worker-src`, which allows `blob:` alone.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import Node, run
from lookalike_build.fetch import sha256, write_atomically
from lookalike_build.paths import Checkout
from lookalike_build.steps import step

PAGE = "js/main.js"
STYLES = "css/main.css"
ENGINE = "js/engine/worker.js"
VISION = "js/vision/worker.js"
COURIER = "js/courier/worker.js"
COURIER_FRAME = "js/courier/frame.js"
PICTURES = "js/pictures/worker.js"
SAFETY = "js/safety/worker.js"
EDITOR = "js/editor/code-editor.js"
TIFF = "js/tiff/tiff.js"
TOKENIZER = "js/tokenizer/tokenizer.js"
SERVICE_WORKER = "sw.js"
REGISTER = "js/offline/register.js"

WORKERS = (ENGINE, VISION, COURIER, PICTURES, SAFETY)
ALWAYS = (PAGE, STYLES, *WORKERS, COURIER_FRAME, EDITOR, TIFF, SERVICE_WORKER, REGISTER)
"""The bundles of every site; the tokenizer goes with models that have a text encoder."""

_IDB = "With idb (github.com/jakearchibald/idb), (c) Jake Archibald, ISC licence."
CREDITS = {
    PAGE: _IDB,
    EDITOR: "With CodeMirror (codemirror.net), (c) Marijn Haverbeke and others, MIT licence.",
    TIFF: "With geotiff (github.com/geotiffjs/geotiff.js), (c) EOX IT Services, MIT licence.",
    TOKENIZER: "With @huggingface/tokenizers, (c) Hugging Face, Apache-2.0 licence.",
}
"""Whose packages a bundle holds."""
_CODE = Path(__file__).with_name("bundle.mjs")


def bundles(checkout: Checkout, tools: Node, names: Iterable[str]) -> dict[str, bytes]:
    """Bundles and their source maps, by their paths in the site.

    Args:
        checkout: whose sources, packages and cache are used.
        tools: the Node to run esbuild from.
        names: entries, which are paths in `site/` and in the built site.

    Raises:
        BuildError: esbuild did not run, or a source is broken.
    """
    names = list(names)
    outputs = [output for name in names for output in (name, f"{name}.map")]
    kept = checkout.cache / "bundles" / _digest(checkout, names)
    if not all((kept / output).is_file() for output in outputs):
        step(f"Bundles: esbuild, {len(names)} entries")
        with TemporaryDirectory() as folder:
            make(checkout, tools, checkout.site, names, Path(folder))
            for output in outputs:
                write_atomically(kept / output, (Path(folder) / output).read_bytes())
    else:
        step("Bundles", "cached")
    return {output: (kept / output).read_bytes() for output in outputs}


def make(checkout: Checkout, tools: Node, site: Path, names: Iterable[str], out: Path) -> None:
    """Bundle entries of a folder like `site/` into another folder, with the checkout's packages.

    Raises:
        BuildError: esbuild did not run, or a source is broken.
    """
    entries = [{"name": name, "credit": CREDITS.get(name, "")} for name in names]
    command: list[Path | str] = [tools.node, _CODE, checkout.site / "node_modules", site, out]
    command.append(json.dumps(entries))
    run(command, "The page's modules", "remove site/node_modules and build again", tools=tools)


def _digest(checkout: Checkout, names: Iterable[str]) -> str:
    """Names the bundles of just these sources; the lock file decides which packages there are."""
    site = checkout.site
    sources = [*(site / "js").rglob("*.js"), *(site / "css").rglob("*.css")]
    sources += [site / SERVICE_WORKER, site / "package-lock.json", _CODE]
    contents = [f"{path.name} {sha256(path.read_bytes())}" for path in sorted(sources)]
    return sha256(json.dumps([*contents, *names, CREDITS]).encode())
