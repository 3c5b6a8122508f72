"""Turns a recipe and its TensorFlow Lite file into NAME.onnx and NAME.json.

    python models/convert.py models/NAME.toml --source FILE --labels FILE --out DIR

The ONNX network takes `image`, float32 (n, 3, size, size) scaled as the recipe says, and gives the
recipe's layers. Weights stay int8 on disk, each followed by `Cast` and `Mul` (and `Sub`, where its
zero point is not 0), which onnxruntime folds to float32 when the session is created. Activations
are float32: ReLU6 clamps are kept, the rounding of activations to 8 bits is not imitated.
"""

import argparse
import hashlib
import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import onnx

import tflite_graph
from onnx_graph import write_graph
from tflite_graph import GraphError


def convert(recipe: Mapping[str, Any], source: bytes, labels: str) -> tuple[bytes, dict[str, Any]]:
    """Convert one network.

    Args:
        recipe: a file such as mobilenet_v2.toml, parsed.
        source: the tflite file.
        labels: one class name per line.

    Returns:
        The ONNX file, and what `lookalike.model.ModelSpec.from_json` reads, as JSON values.

    Raises:
        GraphError: the network, its layers and the labels do not fit the recipe.
    """
    names = [line.strip() for line in labels.splitlines() if line.strip()]
    layers = {name: layer["shape"] for name, layer in recipe["layers"].items()}
    if "logits" in layers and layers["logits"] != [len(names)]:
        raise GraphError(f"{len(names)} labels do not fit the layer logits {layers['logits']}")
    graph = tflite_graph.read(source)
    model = write_graph(graph, recipe)
    onnx.checker.check_model(model, full_check=True)
    content = model.SerializeToString(deterministic=True)
    return content, {
        "name": recipe["name"],
        "title": recipe["title"],
        "licence": recipe["licence"],
        "source": recipe["source"]["url"],
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
    parser = argparse.ArgumentParser(description="Turn a recipe and its tflite file into ONNX.")
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--source", type=Path, required=True, help="the tflite file")
    parser.add_argument("--labels", type=Path, help="one class name per line")
    parser.add_argument("--out", type=Path, help="the folder that the two files go to")
    parser.add_argument("--list", action="store_true", help="only print the tensors' names")
    given = parser.parse_args(arguments)
    try:
        source = given.source.read_bytes()
        if given.list:
            print(*tflite_graph.computed(tflite_graph.read(source)), sep="\n")
            return 0
        if given.labels is None or given.out is None:
            parser.error("--labels and --out are needed")
        recipe = tomllib.loads(given.recipe.read_text("utf-8"))
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
