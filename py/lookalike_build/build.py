"""The whole build, from a checkout to `dist/`."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from lookalike_build import archive, bootstrap, bundle, measures, site, wheels
from lookalike_build.bytecode import precompiled
from lookalike_build.fetch import sha256
from lookalike_build.model import model_files
from lookalike_build.paths import Checkout
from lookalike_build.serve import serve
from lookalike_build.steps import BuildError, complain

WORDS = "words.npz"
"""The table of word vectors, made by models/words.py and committed."""

NOT_IN_THE_BROWSER = ("lookalike/evaluate", "lookalike/__main__.py", "lookalike/native.py")
"""Parts of the engine that only work outside of it."""


def main(root: Path, arguments: list[str]) -> int:
    """Run the command line of `build_site.py`.

    Returns:
        The exit code.
    """
    given = parser().parse_args(arguments)
    checkout = Checkout(root)
    out = given.out.resolve()
    try:
        service = site.Service.at(given.flickr_url) if given.flickr_url else site.Service()
        files = collect(checkout, given.model, service, given.assets)
        total = site.write(files, out)
        site.report(files, out, total)
        if given.serve:
            serve(out, given.port)
    except BuildError as error:
        return complain(error)
    return 0


def parser() -> argparse.ArgumentParser:
    """What `build_site.py` can be told."""
    options = argparse.ArgumentParser(
        prog="build_site.py", description="Build the site: site/ + py/ + models/ -> dist/."
    )
    options.add_argument("--serve", action="store_true", help="then serve it on this machine")
    options.add_argument("--port", type=int, default=8000, help="to serve at (0: any free one)")
    options.add_argument("--out", type=Path, default=Path("dist"), help="the folder to build")
    options.add_argument(
        "--assets",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="look for wheels and models here first (may be repeated; or set LOOKALIKE_ASSETS)",
    )
    options.add_argument("--model", default="mobilenet_v2", help="a recipe, or an .onnx file")
    options.add_argument("--flickr-url", metavar="URL", help="the base of the API, for tests")
    return options


def collect(checkout: Checkout, model: str, service: site.Service, given: list[Path]) -> site.Files:
    """Every file of the site but the manifest, by its path.

    Raises:
        BuildError: something cannot be had; the message says what to do.
    """
    folders = checkout.asset_folders(given)
    tools = bootstrap.node(checkout)
    bootstrap.node_packages(checkout, tools, development=False)
    network = model_files(checkout, model, folders)
    packages = wheels.collect(checkout, folders)
    packages = precompiled(checkout, tools, packages)
    lock = wheels.own_lock(wheels.pyodide_lock(checkout)[0], packages)
    engine = archive.sources(
        checkout.root / "py", "score.py", "lookalike", without=NOT_IN_THE_BROWSER
    )
    python = archive.pack(engine)
    config = {
        "flickr_url": service.url,
        "model": Path(model).stem,
        "packages": list(lock["packages"]),
        "engine_version": sha256(python)[:12],
    }
    return {
        **site.page_files(checkout.site, service),
        bundle.EDITOR: bundle.bundled(checkout, tools, bundle.EDITOR),
        **_text_files(checkout, tools, network),
        **site.runtime_files(checkout.site / "node_modules"),
        **{f"models/{name}": content for name, content in network.items()},
        **{f"pyodide/{name}": content for name, content in packages.items()},
        "pyodide/pyodide-lock.json": site.to_json(lock),
        **measures.measure_files(checkout.root / "py"),
        "measures/index.json": site.to_json(measures.index(checkout.root / "py")),
        "py.zip": python,
        "config.json": site.to_json(config),
    }


def _text_files(
    checkout: Checkout, tools: bootstrap.Node, network: Mapping[str, bytes]
) -> site.Files:
    """What searches by words load when they need it: the table, and the tokenizer of an encoder."""
    files = {f"models/{WORDS}": (checkout.root / "models" / WORDS).read_bytes()}
    if any(name.endswith(".tokenizer.json") for name in network):
        files[bundle.TOKENIZER] = bundle.bundled(checkout, tools, bundle.TOKENIZER)
    return files
