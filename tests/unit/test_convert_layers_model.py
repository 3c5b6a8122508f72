"""The converter of TensorFlow.js' layers models, on a network of each kind of layer."""

import base64
import json

import numpy as np
import onnxruntime
import pytest

from convert import convert
from convolution import reference_conv
from graph import GraphError
from layers_model import read

SIZE = 8
RECIPE = {
    "name": "small",
    "title": "Small",
    "licence": "MIT",
    "source": {"package": "small", "model": "small"},
    "labels": {"names": ["one", "two", "three"]},
    "input": {"size": SIZE, "mean": [0, 0, 0], "std": [255, 255, 255]},
    "layers": {"classes": {"tensor": "out", "shape": [3]}},
    "unsafe": {"threshold": 0.5, "weights": {"three": 1}},
}


class Writer:
    """Writes such a model, and knows what its weights mean."""

    def __init__(self):
        self.random = np.random.default_rng(4)
        self.layers, self.manifest, self.content, self.meant = [], [], b"", {}

    def weights(self, name, shape, low=-1.0, high=1.0):
        stored = self.random.integers(0, 256, shape, np.uint8)
        scale = (high - low) / 255
        # A kernel's zero is a whole number, as the converter of TensorFlow.js makes it.
        least = round(low / scale) * scale
        how = {"min": least, "scale": scale, "dtype": "uint8"}
        entry = {"name": name, "shape": list(shape), "dtype": "float32", "quantization": how}
        self.manifest.append(entry)
        self.content += stored.tobytes()
        self.meant[name] = stored * scale + least

    def layer(self, kind, name, *sources, **config):
        inbound = [[[source, 0, 0, {}] for source in sources]] if sources else []
        config = {"name": name, **config}
        self.layers.append({"class_name": kind, "config": config, "inbound_nodes": inbound})

    def conv(self, name, source, shape, stride=1, padding="same", depthwise=False):
        kernel = "depthwise_kernel" if depthwise else "kernel"
        self.weights(f"{name}/{kernel}", shape)
        fixed = {"dilation_rate": [1, 1], "activation": "linear", "use_bias": False}
        kind = "DepthwiseConv2D" if depthwise else "Conv2D"
        self.layer(kind, name, source, strides=[stride] * 2, padding=padding, **fixed)
        channels = shape[2] if depthwise else shape[3]
        for part, low, high in [("gamma", -2, 2), ("beta", -1, 1), ("moving_mean", -1, 1)]:
            self.weights(f"{name}_bn/{part}", (channels,), low, high)
        self.weights(f"{name}_bn/moving_variance", (channels,), 0.2, 3)
        self.layer("BatchNormalization", f"{name}_bn", name, epsilon=0.001)

    def dense(self, name, source, shape, activation):
        self.weights(f"{name}/kernel", shape)
        self.weights(f"{name}/bias", shape[1:])
        self.layer("Dense", name, source, activation=activation)

    def written(self):
        model = {
            "modelTopology": {"model_config": {"config": {"layers": self.layers}}},
            "weightsManifest": [{"weights": self.manifest}],
            "weights": base64.b64encode(self.content).decode(),
        }
        return json.dumps(model).encode()


def small():
    writer = Writer()
    writer.layer("InputLayer", "image", batch_input_shape=[None, SIZE, SIZE, 3])
    writer.layer("ZeroPadding2D", "pad", "image", padding=[[0, 1], [0, 1]])
    writer.conv("stem", "pad", (3, 3, 3, 4), stride=2, padding="valid")
    writer.layer("ReLU", "stem_relu", "stem_bn", max_value=6)
    writer.conv("deep", "stem_relu", (3, 3, 4, 1), depthwise=True)
    writer.layer("Add", "sum", "stem_relu", "deep_bn")
    writer.layer("AveragePooling2D", "mean", "sum", pool_size=[4, 4])
    writer.layer("Flatten", "flat", "mean")
    writer.dense("hidden", "flat", (4, 5), "relu")
    writer.layer("Dropout", "drop", "hidden", rate=0.5)
    writer.dense("out", "drop", (5, 3), "softmax")
    return writer


def expected(meant, image):
    def conv(value, name, stride, depthwise=False):
        kernel = meant[f"{name}/{'depthwise_kernel' if depthwise else 'kernel'}"]
        kernel = kernel.transpose(3, 0, 1, 2)
        channels = kernel.shape[3 if depthwise else 0]
        value = reference_conv(value, kernel, np.zeros(channels), stride, depthwise)
        gamma, beta, mean, variance = (
            meant[f"{name}_bn/{part}"]
            for part in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        return (value - mean) / np.sqrt(variance + 0.001) * gamma + beta

    stem = conv(image, "stem", 2).clip(0, 6)
    value = (stem + conv(stem, "deep", 1, depthwise=True)).mean((1, 2))
    value = np.maximum(value @ meant["hidden/kernel"] + meant["hidden/bias"], 0)
    logits = value @ meant["out/kernel"] + meant["out/bias"]
    return np.exp(logits) / np.exp(logits).sum(1, keepdims=True)


def test_it_computes_what_the_layers_say():
    writer = small()
    content, spec = convert(RECIPE, writer.written(), "")
    image = np.random.default_rng(5).uniform(0, 1, (2, SIZE, SIZE, 3)).astype(np.float32)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    [found] = session.run(None, {"image": image.transpose(0, 3, 1, 2)})
    np.testing.assert_allclose(found, expected(writer.meant, image), atol=1e-5)
    assert spec["labels"] == ["one", "two", "three"]
    assert spec["unsafe"] == {"threshold": 0.5, "weights": [0, 0, 1]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w.layers[1]["config"].update(padding=[[1, 0], [1, 0]]), "the zeros around"),
        (lambda w: w.layers[2]["config"].update(dilation_rate=[2, 2]), "stem is dilated"),
        (lambda w: w.layers[4].update(class_name="LeakyReLU"), "stem_relu, a LeakyReLU"),
        (lambda w: w.layers[8]["config"].update(pool_size=[2, 2]), "a part of the picture"),
        (lambda w: w.layers[10]["config"].update(activation="elu"), "the activation elu"),
        (lambda w: w.manifest[0]["quantization"].update(min=-0.5123), "no whole number"),
        (lambda w: w.manifest[0]["quantization"].update(dtype="int4"), "the type int4"),
        (lambda w: w.manifest.pop(), "bytes, and"),
        (lambda w: w.layers[3]["config"].update(name="other"), "no layers model"),
    ],
)
def test_what_is_not_known_is_an_error(change, message):
    writer = small()
    change(writer)
    with pytest.raises(GraphError, match=message):
        read(writer.written())


def test_other_files_are_an_error():
    for content in (b"", b"{}", b"[1]"):
        with pytest.raises(GraphError, match="no layers model"):
            read(content)


def test_classes_that_the_network_does_not_have_are_an_error():
    recipe = {**RECIPE, "unsafe": {"threshold": 1, "weights": {"four": 1}}}
    with pytest.raises(GraphError, match="classes that the network does not have"):
        convert(recipe, small().written(), "")
