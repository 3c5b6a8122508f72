"""The whole build, from a checkout to `dist/`."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from lookalike.file_kinds import exported
from lookalike_build import (
    archive,
    bootstrap,
    bundle,
    icons,
    samples,
    scorers,
    service_worker,
    site,
    wheels,
)
from lookalike_build.bytecode import precompiled
from lookalike_build.classifier import classifier_files
from lookalike_build.fetch import sha256
from lookalike_build.forms import forms
from lookalike_build.generated import generate
from lookalike_build.model import model_choices, model_files
from lookalike_build.packed import packed_files
from lookalike_build.paths import Checkout
from lookalike_build.runtime import slim_runtime
from lookalike_build.serve import serve
from lookalike_build.services import SERVICES, Service, configured
from lookalike_build.steps import BuildError, outcome_of

WORDS = "words.npz"
"""The table of word vectors, made by models/words.py and committed."""

MODELS = ("mobilenet_v2", "efficientnet_lite0")
"""The recipes that are built where none is named, the page's default first."""

NOT_IN_THE_BROWSER = (
    "lookalike/evaluate",
    "lookalike/terminal",
    "lookalike/__main__.py",
    "lookalike/model/onnxruntime_native.py",
)
"""Parts of the engine that only work outside of it."""


def main(root: Path, arguments: list[str]) -> int:
    """Run the command line of `build_site.py`.

    Returns:
        The exit code.
    """
    given = parser().parse_args(arguments)
    return outcome_of(lambda: _build(Checkout(root), given))


def _build(checkout: Checkout, given: argparse.Namespace) -> int:
    out = given.out.resolve()
    try:
        urls = [(service, getattr(given, f"{service.name}_url")) for service in SERVICES]
        services = [service.at(url) if url else service for service, url in urls]
        # Said before a minute's work.
        site.earlier(out)
        # For the type checker and editors: the site itself is without types.
        generate(checkout)
        files = collect(checkout, given.model or MODELS, services, given.assets)
        on = not given.serve if given.service_worker is None else given.service_worker
        first = Path((given.model or MODELS)[0]).stem
        files = service_worker.with_worker(files, first, on=on)
        total = site.write(files, out)
        site.report(files, out, total)
        if given.serve:
            serve(out, given.port)
    except OSError as error:  # of a checkout that may not be written, or a disk that is full
        raise BuildError(f"The site could not be built: {error}") from error
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
    options.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="NAME",
        help="a recipe, or an .onnx file (may be repeated: the first is the page's default, the"
        f" others are there to choose; without it: {', '.join(MODELS)})",
    )
    options.add_argument(
        "--service-worker",
        action=argparse.BooleanOptionalAction,
        help="keep the site in browsers that have visited it, so that it starts at once and without"
        " a network (default: yes, but not with --serve)",
    )
    for service in SERVICES:
        name = f"--{service.name}-url"
        options.add_argument(name, metavar="URL", help=f"instead of {service.url}, for tests")
    return options


def collect(
    checkout: Checkout, models: Sequence[str], services: Sequence[Service], given: list[Path]
) -> site.Files:
    """Every file of the site but the manifest and the service worker's version, by its path.

    Raises:
        BuildError: something cannot be had; the message says what to do.
    """
    folders = checkout.asset_folders(given)
    tools = bootstrap.node(checkout)
    bootstrap.node_packages(checkout, tools, development=False)
    networks = [model_files(checkout, model, folders) for model in dict.fromkeys(models)]
    choices = model_choices(networks)
    packages = wheels.collect(checkout, folders)
    runtime = site.runtime_files(checkout.site / "node_modules")
    classifier = classifier_files(checkout, tools)
    runtime |= slim_runtime(checkout, tools, [*networks, classifier])
    library = site.STANDARD_LIBRARY
    # score.py lies beside it, in one copy: that which the editor shows is that which runs.
    engine = archive.sources(checkout.root / "py", "lookalike", without=NOT_IN_THE_BROWSER)
    archives = {library: runtime[f"pyodide/{library}"], "py.zip": archive.pack(engine)}
    compiled = precompiled(checkout, tools, {**packages, **archives})
    del runtime[f"pyodide/{library}"]
    standard = compiled.pop(library)
    python = compiled.pop("py.zip")
    packages = compiled
    packed = packed_files(checkout, {**packages, library: standard, "py.zip": python})
    engine_file = f"py.zip{archive.PACKED}"
    packed_engine = packed.pop(engine_file)
    lock = wheels.own_lock(wheels.pyodide_lock(checkout)[0], packages)
    config = {
        **configured(services),
        "model": Path(models[0]).stem,
        "models": choices,
        "packages": list(lock["packages"]),
        "files": exported(),
        "forms": forms(checkout.root / "py" / "lookalike"),
        "engine_version": sha256(python)[:12],
    }
    return {
        **site.page_files(checkout.site, services),
        **bundle.bundles(checkout, tools, bundle.ALWAYS),
        **icons.icon_files(checkout),
        **samples.sample_files(checkout),
        **_text_files(checkout, tools, [name for network in networks for name in network]),
        **runtime,
        **{
            f"models/{name}": file
            for part in (*networks, classifier)
            for name, file in part.items()
        },
        **{f"pyodide/{name}": content for name, content in packed.items()},
        "pyodide/pyodide-lock.json": site.to_json(lock),
        **scorers.scorer_files(checkout.root / "py"),
        "scorers/index.json": site.to_json(scorers.index(checkout.root / "py")),
        engine_file: packed_engine,
        "config.json": site.to_json(config),
    }


def _text_files(checkout: Checkout, tools: bootstrap.Node, networks: Iterable[str]) -> site.Files:
    """What searches by words load when they need it: the table, and the tokenizer of an encoder."""
    files = {f"models/{WORDS}": (checkout.root / "models" / WORDS).read_bytes()}
    if any(name.endswith(".tokenizer.json") for name in networks):
        files |= bundle.bundles(checkout, tools, [bundle.TOKENIZER])
    return files
