"""The converter, on graphs of a few weights, against arithmetic written out here."""

import numpy as np
import onnxruntime
import pytest

import onnx_graph
import tflite_graph
from convert import convert, main
from convolution import reference_conv
from graph import Graph, GraphError, Kind, Op, Tensor
from onnx_graph import same_padding, write_graph

RANDOM = np.random.default_rng(0)


def tensor(name, shape, data=None, scale=(), zero_point=(), axis=0):
    return Tensor(
        name,
        tuple(shape),
        data,
        np.array(scale, np.float32),
        np.array(zero_point, np.int64),
        axis,
    )


def quantised(name, shape, axis, zero_point=0):
    data = RANDOM.integers(-127, 128, shape).astype(np.int8)
    scale = RANDOM.uniform(0.001, 0.01, shape[axis])
    return tensor(name, shape, data, scale, [zero_point] * shape[axis], axis)


def real(weights):
    shape = [1] * len(weights.shape)
    shape[weights.axis] = -1
    scale, zero = weights.scale.reshape(shape), weights.zero_point.reshape(shape)
    return (weights.data.astype(np.float32) - zero) * scale


def recipe(size, **layers):
    return {
        "name": "test",
        "input": {"size": size},
        "layers": {
            name: {"tensor": tensor, "shape": shape} for name, (tensor, shape) in layers.items()
        },
    }


def run(model, image):
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    # (n, h, w, c), as tflite has it, in and out
    outputs = session.run(None, {"image": image.transpose(0, 3, 1, 2)})
    return [v.transpose(0, 2, 3, 1) if v.ndim == 4 else v for v in outputs]


def conv_graph(size, stride, depthwise, zero_point=0, relu6=True):
    weights = quantised(
        "w", (1, 3, 3, 3) if depthwise else (5, 3, 3, 3), 3 if depthwise else 0, zero_point
    )
    channels = 3 if depthwise else 5
    bias = tensor(
        "out",
        [channels],
        np.arange(channels, dtype=np.int32) * 100,
        [0.01] * channels,
        [0] * channels,
    )
    side = -(-size // stride)
    tensors = [
        tensor("in", (1, size, size, 3)),
        weights,
        bias,
        tensor("out", (1, side, side, channels)),
    ]
    kind = Kind.DEPTHWISE_CONV_2D if depthwise else Kind.CONV_2D
    op = Op(kind, (0, 1, 2), 3, relu6=relu6, same=True, stride=(stride, stride))
    return Graph(tensors, [op], 0), [channels, side, side]


@pytest.mark.parametrize("depthwise", [False, True])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("size", [6, 7])
@pytest.mark.parametrize("zero_point", [0, 3])
def test_convolution_is_tensorflows(size, stride, depthwise, zero_point):
    graph, shape = conv_graph(size, stride, depthwise, zero_point)
    image = RANDOM.uniform(-3, 3, (2, size, size, 3)).astype(np.float32)
    model = write_graph(graph, recipe(size, layer=("out", shape)))
    expected = reference_conv(image, real(graph.tensors[1]), np.arange(shape[0]), stride, depthwise)
    assert ((expected < 0) | (expected > 6)).any(), "the clamp should matter"
    np.testing.assert_allclose(run(model, image)[0], expected.clip(0, 6), atol=1e-4)


def test_nothing_is_clamped_without_relu6():
    graph, shape = conv_graph(6, 1, depthwise=False, relu6=False)
    image = RANDOM.uniform(-30, 30, (1, 6, 6, 3)).astype(np.float32)
    found = run(write_graph(graph, recipe(6, layer=("out", shape))), image)[0]
    assert found.min() < 0
    assert found.max() > 6


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "pads"),
    [
        (224, 3, 2, (0, 1)),
        (112, 3, 1, (1, 1)),
        (7, 3, 2, (1, 1)),
        (7, 1, 1, (0, 0)),
        (8, 1, 2, (0, 0)),
    ],
)
def test_the_odd_pixel_of_padding_goes_after(size, kernel, stride, pads):
    assert same_padding(size, kernel, stride) == pads


def residual_graph():
    tensors = [
        tensor("in", (1, 4, 4, 3)),
        tensor("quantised", (1, 4, 4, 3)),
        tensor("sum", (1, 4, 4, 3)),
        tensor("axes", [2], np.array([1, 2], np.int32)),
        tensor("mean", (1, 1, 1, 3)),
        tensor("shape", [2], np.array([-1, 3], np.int32)),
        tensor("flat", (1, 3)),
        tensor("softmax", (1, 3)),
    ]
    ops = [
        Op(Kind.QUANTIZE, (0,), 1),
        Op(Kind.ADD, (1, 0), 2),
        Op(Kind.MEAN, (2, 3), 4),
        Op(Kind.RESHAPE, (4, 5), 6),
        Op(Kind.SOFTMAX, (6,), 7),
    ]
    return Graph(tensors, ops, 0)


def test_sum_mean_and_reshape():
    layers = {"sum": ("sum", [3, 4, 4]), "mean": ("mean", [3]), "flat": ("flat", [3])}
    model = write_graph(residual_graph(), recipe(4, **layers))
    image = RANDOM.uniform(-1, 1, (2, 4, 4, 3)).astype(np.float32)
    total, mean, flat = run(model, image)
    np.testing.assert_allclose(total, 2 * image, rtol=1e-6)
    np.testing.assert_allclose(mean, 2 * image.mean((1, 2)), rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(mean, flat)


def test_the_outputs_bear_the_layers_names_in_the_recipes_order():
    layers = {"z_pool": ("mean", [3]), "a_map": ("sum", [3, 4, 4])}
    model = write_graph(residual_graph(), recipe(4, **layers))
    assert [value.name for value in model.graph.output] == ["z_pool", "a_map"]
    assert [value.name for value in model.graph.input] == ["image"]
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "n"


def test_weights_stay_int8_and_are_not_dequantised_by_one_operator():
    graph, shape = conv_graph(6, 1, depthwise=False)
    model = write_graph(graph, recipe(6, layer=("out", shape)))
    assert {node.op_type for node in model.graph.node} == {
        "Cast",
        "Mul",
        "Conv",
        "Clip",
        "Identity",
    }
    int8 = [value for value in model.graph.initializer if value.data_type == 3]
    assert [list(value.dims) for value in int8] == [[5, 3, 3, 3]]


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (("nowhere", [3]), "0 tensors are named 'nowhere'"),
        (("axes", [2]), "0 tensors are named 'axes'"),
        (("sum", [4, 4, 3]), r"has the shape \[3, 4, 4\]"),
        (("softmax", [3]), "SOFTMAX"),
    ],
)
def test_a_layer_that_does_not_fit_is_an_error(layer, message):
    with pytest.raises(GraphError, match=message):
        write_graph(residual_graph(), recipe(4, layer=layer))


def test_an_input_of_another_size_is_an_error():
    with pytest.raises(GraphError, match="not 8x8x3"):
        write_graph(residual_graph(), recipe(8, layer=("sum", [3, 4, 4])))


@pytest.mark.parametrize("content", [b"", b"not a network", b"<html>404</html>" * 9])
def test_what_is_no_tflite_file_is_an_error(content):
    with pytest.raises(GraphError, match="not a TensorFlow Lite file"):
        tflite_graph.read(content)


def test_labels_that_do_not_fit_are_an_error():
    given = recipe(4, logits=("flat", [3]))
    with pytest.raises(GraphError, match="2 labels do not fit"):
        convert(given, b"", "one\ntwo\n")


def test_the_command_line_says_in_one_line_what_is_wrong(tmp_path, capsys):
    (tmp_path / "bad.toml").write_text("name = 'bad'\n[layers]\n")
    (tmp_path / "bad.tflite").write_bytes(b"nothing")
    (tmp_path / "labels").write_text("one\n")
    arguments = [f"{tmp_path}/bad.toml", "--source", f"{tmp_path}/bad.tflite"]
    assert main([*arguments, "--labels", f"{tmp_path}/labels", "--out", f"{tmp_path}/out"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "not a TensorFlow Lite file" in error
    assert not (tmp_path / "out").exists()


def test_the_same_graph_gives_the_same_bytes():
    graph = residual_graph()
    models = [write_graph(graph, recipe(4, layer=("sum", [3, 4, 4]))) for _ in range(2)]
    first, second = (model.SerializeToString(deterministic=True) for model in models)
    assert first == second
    assert models[0].opset_import[0].version == onnx_graph.OPSET
