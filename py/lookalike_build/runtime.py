"""onnxruntime-web without what no network of this site computes: half of its WebAssembly file."""

import json
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import Node, run
from lookalike_build.fetch import write_atomically
from lookalike_build.kept import kept_files
from lookalike_build.paths import Checkout
from lookalike_build.site import ORT_FILES, to_json

_HERE = Path(__file__).parent
_CODE = ("slim_runtime.mjs", "wasm_functions.mjs", "../../site/js/vision/shortened.js")
_WASM = next(name for name in ORT_FILES if name.endswith(".wasm"))


def slim_runtime(
    checkout: Checkout, tools: Node, networks: Iterable[Mapping[str, bytes]]
) -> dict[str, bytes]:
    """The WebAssembly file of onnxruntime-web that runs these networks, by its path in the site.

    Args:
        checkout: whose Node packages and cache are used.
        tools: the Node to run the networks in, which shows what they need.
        networks: for each its files, as `model.model_files` gives them.

    Raises:
        BuildError: a network does not run, or the smaller file computes something else.
    """
    files = dict(pair for network in networks for pair in _exercised(network).items())
    runtime = checkout.site / "node_modules" / "onnxruntime-web" / "dist"
    code = [path.read_bytes() for path in (*(runtime / f for f in ORT_FILES), *_paths())]
    named = [part for name in sorted(files) for part in (name.encode(), files[name])]
    made = kept_files(
        checkout.cache / "runtime",
        [*code, *named],
        [_WASM],
        ("onnxruntime", "leaving out what no network needs"),
        partial(_make, tools, runtime, files),
    )
    return {f"ort/{name}": content for name, content in made.items()}


def _paths() -> list[Path]:
    return [_HERE / name for name in _CODE]


def _exercised(network: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a network, each beside what slim_runtime.mjs has to know to run it."""
    [name] = (name for name in network if name.endswith(".onnx") and not _is_text(name))
    spec = json.loads(network[name.replace(".onnx", ".json")])
    takes = {name: {"size": spec["size"], "layers": spec["layers"]}}
    takes |= {each: {"length": spec["text"]["length"]} for each in network if _is_text(each)}
    return {
        file: content
        for each, taken in takes.items()
        for file, content in (
            (each, network[each]),
            (each.replace(".onnx", ".json"), to_json(taken)),
        )
    }


def _is_text(name: str) -> bool:
    return name.endswith(".text.onnx")


def _make(tools: Node, runtime: Path, files: Mapping[str, bytes], results: list[Path]) -> None:
    with TemporaryDirectory() as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        command: list[Path | str] = [tools.node, _paths()[0], runtime, folder]
        run(command, "The runtime", "look at the networks that are built", tools=tools)
        for path in results:
            write_atomically(path, Path(folder, path.name).read_bytes())
