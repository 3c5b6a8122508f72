"""A network with the layers of MobileNetV2 and a hundredth of its work.

For tests of what is around the network: how near photos are by it is of no concern to them.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

PATCH = 32
"""The side of the squares of a photo that it sees one by one, in pixels."""
CHANNELS = 8
"""How many numbers it keeps of a square."""
SEEN = (
    *("orange", "cliff", "fountain", "valley", "lakeside"),
    *("backpack", "cup", "plate", "pole", "suit"),
)
"""The classes that it sees in every photo: the fake services have photos of each, or of most."""


def put_light_network(models: Path, name: str) -> None:
    """Put one in place of the network of that name; both files are written, the same each time.

    It takes what that takes, and has its layers and labels, so that the page meets no difference.
    Its operators are those of MobileNetV2: onnxruntime as it is shipped has no others.
    """
    spec = json.loads((models / f"{name}.json").read_text())
    names = [label.split(",")[0] for label in spec["labels"]]
    seen = np.array([8.0 if name in SEEN else 0.0 for name in names], np.float32)
    content = _model(spec["size"], spec["layers"], seen).SerializeToString(deterministic=True)
    spec["sha256"] = hashlib.sha256(content).hexdigest()
    (models / f"{name}.onnx").write_bytes(content)
    (models / f"{name}.json").write_text(json.dumps(spec))


def _model(size: int, layers: dict[str, list[int]], seen: np.ndarray):
    random = np.random.default_rng(0)
    stored = []

    def convolution(source, name, into, channels, side=1, bias=None) -> list:
        weights = random.integers(-128, 128, (into, channels, side, side), np.int8)
        scale = np.full((into, 1, 1, 1), 1 / 128 / np.sqrt(channels * side), np.float32)
        bias = np.zeros(into, np.float32) if bias is None else bias
        for part, values in (("", weights), ("_scale", scale), ("_bias", bias)):
            stored.append(numpy_helper.from_array(values, f"{name}_weights{part}"))
        scaled = [f"{name}_weights{part}" for part in ("_scaled", "_bias")]
        return [
            helper.make_node("Cast", [f"{name}_weights"], [f"{name}_float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_float", f"{name}_weights_scale"], scaled[:1]),
            helper.make_node("Conv", [source, *scaled], [name], strides=[side, side]),
        ]

    limits = {"low": np.float32(0), "high": np.float32(6)}
    stored += [numpy_helper.from_array(np.array(value), name) for name, value in limits.items()]
    project, pool, logits = "conv_16_project", "avg_pool", "logits"
    nodes = [
        *convolution("image", "seen", CHANNELS, 3, PATCH),
        *convolution("seen", project, layers[project][0], CHANNELS),
        *convolution(project, "expanded", layers[pool][0], layers[project][0]),
        helper.make_node("Clip", ["expanded", "low", "high"], ["clipped"]),
        helper.make_node("GlobalAveragePool", ["clipped"], ["mean"]),
        *convolution("mean", "classes", layers[logits][0], layers[pool][0], bias=seen),
        helper.make_node("Flatten", ["mean"], [pool]),
        helper.make_node("Flatten", ["classes"], [logits]),
    ]
    outputs = [_value(name, shape) for name, shape in layers.items()]
    graph = helper.make_graph(nodes, "light", [_value("image", [3, size, size])], outputs, stored)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _value(name: str, shape: list[int]):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape])
