"""EfficientNet-Lite0's converter, on a network of its form and a few weights."""

import numpy as np
import onnxruntime
import pytest

from convolution import reference_conv
from efficientnet_lite import EPSILON, graph_of, quantise
from graph import GraphError
from onnx_graph import write_graph

SIZE = 8
RECIPE = {
    "name": "small",
    "input": {"size": SIZE},
    "layers": {
        "conv_16_project": {"tensor": "_blocks.2._project_conv", "shape": [6, 2, 2]},
        "avg_pool": {"tensor": "_avg_pooling", "shape": [10]},
        "logits": {"tensor": "_fc", "shape": [7]},
    },
}


def checkpoint():
    """Stem, three blocks (the first is not widened, the second strides, the third adds), head."""
    random = np.random.default_rng(1)
    arrays = {}

    def conv(name, norm, out, into, kernel):
        arrays[f"{name}.weight"] = random.normal(size=(out, into, kernel, kernel)) / 3
        arrays[f"{norm}.weight"] = random.uniform(0.5, 2, out)
        arrays[f"{norm}.bias"] = random.normal(size=out)
        arrays[f"{norm}.running_mean"] = random.normal(size=out)
        arrays[f"{norm}.running_var"] = random.uniform(0.1, 3, out)

    def block(number, into, wide, out, kernel):
        name = f"_blocks.{number}."
        if number:
            conv(name + "_expand_conv", name + "_bn0", wide, into, 1)
        conv(name + "_depthwise_conv", name + "_bn1", wide, 1, kernel)
        conv(name + "_project_conv", name + "_bn2", out, wide, 1)

    conv("_conv_stem", "_bn0", 4, 3, 3)
    block(0, 4, 4, 5, 3)
    block(1, 5, 8, 6, 3)
    block(2, 6, 9, 6, 5)
    conv("_conv_head", "_bn1", 10, 6, 1)
    arrays["_fc.weight"], arrays["_fc.bias"] = random.normal(size=(7, 10)), random.normal(size=7)
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def expected(arrays, image):
    """The same network, channels last, written out with its batch norms."""

    def conv(value, name, norm, stride=1, clamp=True):
        weights = arrays[f"{name}.weight"]
        depthwise = weights.shape[1] == 1
        order = (1, 2, 3, 0) if depthwise else (0, 2, 3, 1)
        zero = np.zeros(len(weights))
        value = reference_conv(value, weights.transpose(order), zero, stride, depthwise)
        mean, variance = arrays[f"{norm}.running_mean"], arrays[f"{norm}.running_var"]
        value = (value - mean) / np.sqrt(variance + EPSILON)
        value = value * arrays[f"{norm}.weight"] + arrays[f"{norm}.bias"]
        return value.clip(0, 6) if clamp else value

    value = conv(image, "_conv_stem", "_bn0", 2)
    for number in range(3):
        name, before = f"_blocks.{number}.", value
        if number:
            value = conv(value, name + "_expand_conv", name + "_bn0")
        value = conv(value, name + "_depthwise_conv", name + "_bn1", 2 if number == 1 else 1)
        value = projected = conv(value, name + "_project_conv", name + "_bn2", clamp=False)
        if number == 2:
            value = value + before
    pooled = conv(value, "_conv_head", "_bn1").mean((1, 2))
    return projected, pooled, pooled @ arrays["_fc.weight"].T + arrays["_fc.bias"]


def test_it_computes_what_its_checkpoint_says():
    arrays = checkpoint()
    model = write_graph(graph_of(arrays, SIZE), RECIPE)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    image = np.random.default_rng(2).uniform(-1, 1, (2, SIZE, SIZE, 3)).astype(np.float32)
    found = session.run(None, {"image": image.transpose(0, 3, 1, 2)})
    found[0] = found[0].transpose(0, 2, 3, 1)
    for layer, value in zip(expected(arrays, image), found, strict=True):
        assert layer.shape == value.shape
        # What int8 and float16 round away.
        assert np.abs(layer - value).max() < 0.05 * np.abs(layer).max()
        cosine = (layer * value).sum() / np.linalg.norm(layer) / np.linalg.norm(value)
        assert cosine > 0.999


def test_only_kernels_larger_than_a_pixel_are_not_int8():
    model = write_graph(graph_of(checkpoint(), SIZE), RECIPE)
    kernels = {
        (value.dims[-1], value.data_type)
        for value in model.graph.initializer
        if len(value.dims) > 2
    }
    int8, float16, float32 = 3, 10, 1
    assert kernels == {(1, int8), (3, float16), (5, float16), (1, float32)}  # the last are scales


def test_rounding_is_at_most_half_a_step_and_zeros_stay():
    weights = np.random.default_rng(0).normal(size=(5, 1, 1, 9)).astype(np.float32)
    weights[3] = 0
    rounded, scale = quantise(weights, 0)
    off = np.abs(rounded * scale.reshape(-1, 1, 1, 1) - weights)
    assert (off <= scale.reshape(-1, 1, 1, 1) / 2 + 1e-7).all()
    assert not rounded[3].any()
    assert np.abs(rounded).max((1, 2, 3)).tolist() == [127, 127, 127, 0, 127]


@pytest.mark.parametrize("missing", ["_bn1.running_var", "_fc.bias", "_blocks.1._bn2.weight"])
def test_a_missing_array_is_an_error_that_names_it(missing):
    arrays = checkpoint()
    del arrays[missing]
    with pytest.raises(GraphError, match=f"no array '{missing}'"):
        graph_of(arrays, SIZE)


def test_arrays_that_do_not_fit_are_an_error():
    arrays = checkpoint()
    arrays["_conv_head.weight"] = arrays["_conv_head.weight"][:, :4]
    with pytest.raises(GraphError, match="_conv_head takes 4 channels, and gets 6"):
        graph_of(arrays, SIZE)
