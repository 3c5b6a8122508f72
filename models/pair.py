"""Makes a model of an image network and a text network in one space: see models/clip.toml.

    python models/pair.py models/clip.toml --files DIR --labels FILE --out DIR

Writes NAME.onnx (the image network, with its input called `image` and a layer `logits` added),
NAME.text.onnx, NAME.tokenizer.json, and NAME.json for `lookalike.model.model.ModelSpec`.
"""

import argparse
import hashlib
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

PARTS = ("image", "text", "tokenizer")
BACKGROUND = "background"
SCALE = 100.0
"""What CLIP's cosines are multiplied by before the softmax (section 2.3 of the paper)."""

Array = NDArray[np.float32]


class PairError(Exception):
    """The files do not fit the recipe."""


def check(recipe: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """See that each file is the one that the recipe pins, where it does.

    Raises:
        PairError: one is not.
    """
    for part in PARTS:
        wanted, found = recipe[part]["sha256"], _sum(files[part])
        if wanted not in ("", found):
            raise PairError(f"{recipe[part]['file']} has the sha256 {found}, not {wanted}")


def encode(texts: Sequence[str], recipe: Mapping[str, Any], files: Mapping[str, bytes]) -> Array:
    """Encode texts: (n, d), of unit length.

    Raises:
        PairError: the text network does not keep the contract.
    """
    tokenizer = Tokenizer.from_str(files["tokenizer"].decode())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    session = onnxruntime.InferenceSession(files["text"], providers=["CPUExecutionProvider"])
    inputs = [each.name for each in session.get_inputs()]
    outputs = [each.name for each in session.get_outputs()]
    if inputs != ["input_ids"] or "text_embeds" not in outputs:
        names = f"takes {', '.join(inputs)} and gives {', '.join(outputs)}"
        raise PairError(f"The text network {names}, not input_ids and text_embeds.")
    rule = recipe["text"]
    found = []
    for text in texts:
        ids = tokenizer.encode(text).ids
        ids = [*ids[: rule["length"] - 1], rule["end"]] if len(ids) > rule["length"] else ids
        ids = [*ids, *[rule["pad"]] * (rule["length"] - len(ids))]
        found.append(session.run(["text_embeds"], {"input_ids": np.array([ids], np.int64)})[0][0])
    embeds = np.stack(found).astype(np.float32)
    unit: Array = embeds / np.linalg.norm(embeds, axis=1, keepdims=True)
    return unit


def with_classifier(image: bytes, output: str, classes: Array) -> bytes:
    """Give an image network the input `image` and the layer `logits`.

    Args:
        image: the ONNX file.
        output: its output that lies in the text's space.
        classes: (n, d), the vectors of the classes' names; zeros for none.

    Raises:
        PairError: it has more than one input, or no such output.
    """
    model = onnx.load_from_string(image)
    graph = model.graph
    stored = {each.name for each in graph.initializer}
    inputs = [each for each in graph.input if each.name not in stored]
    kept = [each for each in graph.output if each.name == output]
    if len(inputs) != 1 or len(kept) != 1:
        raise PairError(f"The image network must take one input, and give {output}.")
    old = inputs[0].name
    inputs[0].name = "image"
    for node in graph.node:
        node.input[:] = ["image" if name == old else name for name in node.input]
    graph.initializer.append(numpy_helper.from_array(SCALE * classes.T, "class_vectors"))
    graph.node.extend(
        [
            helper.make_node("LpNormalization", [output], ["unit_embeds"], axis=1, p=2),
            helper.make_node("MatMul", ["unit_embeds", "class_vectors"], ["logits"]),
        ]
    )
    del graph.output[:]
    shape: list[str | int | None] = ["n", len(classes)]
    graph.output.extend([*kept, helper.make_tensor_value_info("logits", TensorProto.FLOAT, shape)])
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def convert(
    recipe: Mapping[str, Any], files: Mapping[str, bytes], labels: Sequence[str]
) -> dict[str, bytes]:
    """Make the model's four files, by their names.

    Args:
        recipe: a file such as clip.toml, parsed.
        files: the content of each of `PARTS`.
        labels: class names, synonyms parted by ", ".

    Raises:
        PairError: the files do not fit the recipe.
    """
    check(recipe, files)
    prompts = [recipe["labels"]["prompt"].format(label.split(",")[0].strip()) for label in labels]
    classes = encode(prompts, recipe, files)
    classes[[label == BACKGROUND for label in labels]] = 0
    output = recipe["image"]["output"]
    image = with_classifier(files["image"], output, classes)
    rule = recipe["text"]
    spec = {
        **{key: recipe[key] for key in ("name", "title", "licence")},
        **recipe["input"],
        "layers": {output: [classes.shape[1]], "logits": [len(labels)]},
        "labels": list(labels),
        "text": {"layer": output, **{key: rule[key] for key in ("length", "pad", "end")}},
        "sources": {recipe[part]["file"]: _sum(files[part]) for part in PARTS},
        "sha256": _sum(image),
    }
    name = recipe["name"]
    return {
        f"{name}.onnx": image,
        f"{name}.text.onnx": files["text"],
        f"{name}.tokenizer.json": files["tokenizer"],
        f"{name}.json": (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode(),
    }


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 1 with one line on stderr where the files do not fit."""
    options = argparse.ArgumentParser(description="Make a model of an image and a text network.")
    options.add_argument("recipe", type=Path)
    options.add_argument("--files", type=Path, required=True, help="the folder of the three files")
    options.add_argument("--labels", type=Path, required=True, help="one class name per line")
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args(arguments)
    try:
        recipe = tomllib.loads(given.recipe.read_text("utf-8"))
        files = {part: (given.files / recipe[part]["file"]).read_bytes() for part in PARTS}
        labels = [line.strip() for line in given.labels.read_text("utf-8").splitlines() if line]
        made = convert(recipe, files, labels)
    except (PairError, OSError, tomllib.TOMLDecodeError, KeyError) as error:
        print(f"{given.recipe}: {error}", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (given.out / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
