"""A classifier that keeps the contract of models/nsfw: its "classes" are three colours."""

import json
from pathlib import Path

from onnx import TensorProto, helper
from PIL import Image, ImageStat

SIZE = 8
THRESHOLD = 0.05


def make(folder: Path) -> None:
    """Write nsfw.onnx and nsfw.json: unsafe is what is redder than blue by the threshold."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["classes"]),
    ]
    shapes = [("image", ["n", 3, SIZE, SIZE]), ("classes", ["n", 3])]
    image, classes = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes
    )
    graph = helper.make_graph(nodes, "tiny", [image], [classes])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (folder / "nsfw.onnx").write_bytes(model.SerializeToString(deterministic=True))
    spec = {"name": "nsfw", "size": SIZE, "mean": [0, 0, 0], "std": [255, 255, 255]}
    spec["unsafe"] = {"threshold": THRESHOLD, "weights": [1, 0, -1]}
    (folder / "nsfw.json").write_text(json.dumps(spec))


def redness(image: Image.Image) -> float:
    """About what the network says of a picture: it reads 64 places, this all."""
    red, _, blue = ImageStat.Stat(image.convert("RGB")).mean
    return (red - blue) / 255
