"""Writes a graph as an ONNX model: channels first, small weights, float32 activations."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from graph import Graph, GraphError, Kind, Op, Tensor, same_padding

# Old enough for every onnxruntime since 2022; nothing here needs a newer one.
OPSET = 17
IR_VERSION = 8


def write_graph(graph: Graph, recipe: Mapping[str, Any]) -> Any:
    """Write the part of a graph that a recipe's layers need.

    Returns:
        An `onnx.ModelProto` with the input `image` (n, 3, size, size) and one output per layer.

    Raises:
        GraphError: a layer is not there or has another shape, or an operator cannot be written.
    """
    size = recipe["input"]["size"]
    if graph.tensors[graph.input].shape[1:] != (size, size, 3):
        raise GraphError(f"the input is {graph.tensors[graph.input].shape}, not {size}x{size}x3")
    layers = {name: _find(graph, name, layer) for name, layer in recipe["layers"].items()}
    writer = _Writer(graph)
    writer.walk(set(layers.values()))
    for name, index in layers.items():
        writer.expose(name, index, len(recipe["layers"][name]["shape"]))
    shapes = {name: layer["shape"] for name, layer in recipe["layers"].items()}
    body = helper.make_graph(
        writer.nodes,
        recipe["name"],
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, size, size])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape])
            for name, shape in shapes.items()
        ],
        list(writer.stored.values()),
    )
    opset = helper.make_opsetid("", OPSET)
    return helper.make_model(
        body, opset_imports=[opset], ir_version=IR_VERSION, producer_name="lookalike"
    )


def _find(graph: Graph, name: str, layer: Mapping[str, Any]) -> int:
    # A stored bias can bear the name of the convolution that it is added to.
    outputs = [op.output for op in graph.ops]
    found = [i for i in outputs if graph.tensors[i].name == layer["tensor"]]
    if len(found) != 1:
        raise GraphError(f"{len(found)} tensors are named {layer['tensor']!r}, for layer {name}")
    _, *picture, channels = graph.tensors[found[0]].shape
    shape = [channels, *picture]
    if layer["shape"] not in (shape, [math.prod(shape)]):
        raise GraphError(f"the layer {name} has the shape {shape}, not {layer['shape']}")
    return found[0]


class _Writer:
    """Collects the nodes and stored values of the ONNX graph while walking the graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: list[Any] = []
        self.stored: dict[str, Any] = {}
        # The ONNX value that holds each tensor written so far.
        self.values: dict[int, str] = {graph.input: "image"}

    def walk(self, wanted: set[int]) -> None:
        """Write the operators up to the last that a wanted tensor needs."""
        for op in self.graph.ops:
            if wanted <= self.values.keys():
                return
            self.values[op.output] = self._operator(op)

    def expose(self, name: str, index: int, rank: int) -> None:
        """Make a tensor an output called `name`, flattened where `rank` is 1."""
        if index not in self.values:
            raise GraphError(f"the layer {name} is not computed by the network")
        if rank == 1:
            self._node("Flatten", [self.values[index]], name, axis=1)
        else:
            self._node("Identity", [self.values[index]], name)

    def _store(self, name: str, value: NDArray[Any]) -> str:
        self.stored[name] = numpy_helper.from_array(value, name)
        return name

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def _operator(self, op: Op) -> str:
        inputs = [self.values[i] for i in op.inputs if i in self.values]
        name = f"t{op.output}"
        match op.kind:
            case Kind.QUANTIZE | Kind.DEQUANTIZE:
                return inputs[0]
            case Kind.CONV_2D | Kind.DEPTHWISE_CONV_2D:
                return self._activated(op, self._conv(op, inputs[0], name))
            case Kind.ADD if len(inputs) == 2:
                return self._activated(op, self._node("Add", inputs, name))
            case Kind.SOFTMAX if self.graph.tensors[op.inputs[0]].shape[1:3] == (1, 1):
                return self._node("Softmax", inputs, name, axis=1)
            case Kind.MEAN if set(_stored(self.graph.tensors[op.inputs[1]]).tolist()) == {1, 2}:
                return self._node("GlobalAveragePool", inputs, name)
            case Kind.RESHAPE if self.graph.tensors[op.inputs[0]].shape[1:3] == (1, 1):
                # One pixel: channels first and channels last are the same list of numbers.
                return self._node("Flatten", inputs, name, axis=1)
        raise GraphError(f"this use of {op.kind} (tensor {op.output}) cannot be converted")

    def _conv(self, op: Op, source: str, name: str) -> str:
        depthwise = op.kind is Kind.DEPTHWISE_CONV_2D
        weights = self.graph.tensors[op.inputs[1]]
        _, height, width, _ = weights.shape
        # Here: (out, h, w, in), or (1, h, w, out) for depthwise; ONNX: (out, in / group, h, w).
        order = (3, 0, 1, 2) if depthwise else (0, 3, 1, 2)
        inputs = [source, self._weights(f"w{op.output}", weights, order)]
        if len(op.inputs) > 2 and op.inputs[2] >= 0:
            inputs.append(
                self._store(f"b{op.output}", _dequantize(self.graph.tensors[op.inputs[2]]))
            )
        _, rows, columns, channels = self.graph.tensors[op.inputs[0]].shape
        pads = [(0, 0), (0, 0)]
        if op.same:
            pads = [same_padding(rows, height, op.stride[0])]
            pads.append(same_padding(columns, width, op.stride[1]))
        return self._node(
            "Conv",
            inputs,
            name,
            group=channels if depthwise else 1,
            strides=op.stride,
            pads=[pads[0][0], pads[1][0], pads[0][1], pads[1][1]],
        )

    def _weights(self, name: str, tensor: Tensor, order: tuple[int, ...]) -> str:
        data = _stored(tensor).transpose(order)
        stored = self._store(name, data)
        if data.dtype == np.float32:
            return stored
        value = self._node("Cast", [stored], f"{name}_float", to=TensorProto.FLOAT)
        if not tensor.scale.size:
            return value
        shape = [1] * 4
        shape[order.index(tensor.axis)] = -1
        if tensor.zero_point.any():
            zero = tensor.zero_point.astype(np.float32).reshape(shape)
            value = self._node("Sub", [value, self._store(f"{name}_zero", zero)], f"{name}_sub")
        scale = self._store(f"{name}_scale", tensor.scale.reshape(shape))
        return self._node("Mul", [value, scale], f"{name}_scaled")

    def _activated(self, op: Op, value: str) -> str:
        if op.relu:
            return self._node("Relu", [value], f"{value}_relu")
        if not op.relu6:
            return value
        bounds = [self._store(f"const_{x}", np.array(x, np.float32)) for x in (0, 6)]
        return self._node("Clip", [value, *bounds], f"{value}_relu6")


def _stored(tensor: Tensor) -> NDArray[Any]:
    if tensor.data is None:
        raise GraphError(f"the tensor {tensor.name!r} should be stored in the file")
    return tensor.data


def _dequantize(tensor: Tensor) -> NDArray[np.float32]:
    data = _stored(tensor)
    if not tensor.scale.size:
        return data.astype(np.float32)
    return ((data - tensor.zero_point) * tensor.scale.astype(np.float64)).astype(np.float32)
