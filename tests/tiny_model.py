"""A network of a few hundred weights that keeps the contract of the converted models."""

import hashlib
import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

NAME = "tiny"
SIZE = 32
LAYERS = {"conv_16_project": [4, 2, 2], "avg_pool": [8], "logits": [5]}
LABELS = ["background", "tench, Tinca tinca", "sea", "cat, house cat", "car"]


def make(folder: Path) -> None:
    """Write `tiny.onnx` and `tiny.json`, the same ones each time.

    The input is `image` (n, 3, 32, 32), the outputs are LAYERS; the weights are int8 as in the
    converted models, random from a fixed seed.
    """
    random = np.random.default_rng(0)
    stored = []

    def weights(name: str, *shape: int) -> list:
        stored.append(numpy_helper.from_array(random.integers(-128, 128, shape, np.int8), name))
        scale = np.full((shape[0], *[1] * (len(shape) - 1)), 1 / 512, np.float32)
        stored.append(numpy_helper.from_array(scale, f"{name}_scale"))
        return [
            helper.make_node("Cast", [name], [f"{name}_float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_float", f"{name}_scale"], [f"{name}_scaled"]),
        ]

    nodes = [
        *weights("project", 4, 3, 16, 16),
        helper.make_node(
            "Conv", ["image", "project_scaled"], ["conv_16_project"], strides=[16, 16]
        ),
        *weights("expand", 8, 4, 1, 1),
        helper.make_node("Conv", ["conv_16_project", "expand_scaled"], ["expanded"]),
        helper.make_node("Relu", ["expanded"], ["positive"]),
        helper.make_node("GlobalAveragePool", ["positive"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["avg_pool"]),
        *weights("classify", 5, 8),
        helper.make_node("Gemm", ["avg_pool", "classify_scaled"], ["logits"], transB=1),
    ]
    graph = helper.make_graph(nodes, NAME, [_value("image", [3, SIZE, SIZE])], _outputs(), stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    folder.mkdir(parents=True, exist_ok=True)
    content = model.SerializeToString(deterministic=True)
    (folder / f"{NAME}.onnx").write_bytes(content)
    spec = {"name": NAME, "size": SIZE, "mean": [127.5] * 3, "std": [127.5] * 3}
    spec["sha256"] = hashlib.sha256(content).hexdigest()
    (folder / f"{NAME}.json").write_text(json.dumps({**spec, "layers": LAYERS, "labels": LABELS}))


def _outputs() -> list:
    return [_value(name, shape) for name, shape in LAYERS.items()]


def _value(name: str, shape: list[int]):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape])
