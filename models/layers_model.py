"""Reads a network in TensorFlow.js' "layers model" format: Keras' layers, and weights of 8 bits.

Batch norms are folded into the convolutions before them, dense layers become convolutions over the
one pixel that is left, and zeros around a picture become TensorFlow's SAME padding where that is
what they amount to. Kernels stay 8 bits: a stored q means q · scale + min, and with it folded
(q - zero point) · scale · factor, with a factor for each output channel.

Source: tfjs-layers (layers), tfjs-core's io/io_utils.ts, `decodeWeights` (weights).
"""

import base64
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph import Graph, GraphError, Kind, Op, Tensor, same_padding

Floats = NDArray[np.float64]
Shape = tuple[int, ...]

_DTYPES = {"uint8": np.uint8, "uint16": np.uint16, "float32": np.float32}
_NO_SCALE = np.empty(0, np.float32)
_NO_ZERO = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """One array of the file: a stored q means (q - zero_point) * scale."""

    stored: NDArray[Any]
    scale: float = 1.0
    zero_point: float = 0.0

    @property
    def values(self) -> Floats:
        """The numbers that are meant."""
        return (self.stored - self.zero_point) * self.scale


def read(content: bytes) -> Graph:
    """Read the JSON that models/nsfw.mjs writes.

    Raises:
        GraphError: it is not that, or holds a layer or a type that is not known here.
    """
    try:
        model = json.loads(content)
        weights = _weights(model["weightsManifest"], base64.b64decode(model["weights"]))
        layers = model["modelTopology"]["model_config"]["config"]["layers"]
        builder = _Builder(weights, layers)
        for layer in layers:
            builder.layer(layer)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        if isinstance(error, GraphError):
            raise
        raise GraphError(f"this is no layers model as it is known here ({error!r})") from error
    return Graph(builder.tensors, builder.ops, 0)


def _weights(manifest: list[dict[str, Any]], content: bytes) -> dict[str, Weights]:
    found: dict[str, Weights] = {}
    at = 0
    for entry in (entry for group in manifest for entry in group["weights"]):
        name, shape = entry["name"], entry["shape"]
        how = entry.get("quantization") or {"dtype": entry["dtype"]}
        if how["dtype"] not in _DTYPES:
            raise GraphError(f"{name} has the type {how['dtype']}, which is not known here")
        dtype = np.dtype(_DTYPES[how["dtype"]])
        stored = np.frombuffer(content, dtype, int(np.prod(shape)), at).reshape(shape)
        at += stored.nbytes
        scale = float(how.get("scale", 1))
        found[name] = Weights(stored, scale, -float(how.get("min", 0)) / scale)
    if at != len(content):
        raise GraphError(f"the weights are {len(content)} bytes, and {at} are named")
    return found


@dataclass(frozen=True, slots=True)
class _Convolution:
    """A convolution that is not written yet: a batch norm may follow, and be folded into it."""

    source: int
    kernel: Weights
    bias: Floats
    depthwise: bool
    same: bool
    stride: tuple[int, int]


class _Builder:
    """Collects tensors and operators, layer by layer."""

    def __init__(self, weights: Mapping[str, Weights], layers: list[dict[str, Any]]) -> None:
        self.weights = weights
        self.ops: list[Op] = []
        self.tensors: list[Tensor] = []
        # What each layer gives: the index of a tensor, a picture with zeros around, a convolution.
        self.values: dict[str, int] = {}
        self.padded: dict[str, tuple[int, list[list[int]]]] = {}
        self.waiting: dict[str, _Convolution] = {}
        self.readers = Counter(name for layer in layers for name in _sources(layer))

    def layer(self, layer: dict[str, Any]) -> None:
        """Add one layer.

        Raises:
            GraphError: it cannot be written.
        """
        kind, config = layer["class_name"], layer["config"]
        name, sources = config["name"], _sources(layer)
        match kind:
            case "InputLayer":
                self.values[name] = self._add(name, (1, *config["batch_input_shape"][1:]))
            case "ZeroPadding2D":
                self.padded[name] = (self._value(sources[0]), config["padding"])
            case "Conv2D" | "DepthwiseConv2D":
                self.waiting[name] = self._convolution(layer, depthwise=kind != "Conv2D")
            case "BatchNormalization" if self.readers[sources[0]] == 1:
                self._normalised(name, sources[0], config["epsilon"])
            case "ReLU" if config["max_value"] == 6 and self.readers[sources[0]] == 1:
                self.values[name] = self._clamped(self._value(sources[0]))
            case _:
                self.values[name] = self._operator(kind, config, list(map(self._value, sources)))

    def _operator(self, kind: str, config: dict[str, Any], sources: list[int]) -> int:
        name, [source, *others] = config["name"], sources
        shape = self.tensors[source].shape
        match kind:
            case "Add" if len(others) == 1:
                return self._computed(Op(Kind.ADD, tuple(sources), 0), name, shape)
            case "AveragePooling2D":
                return self._mean(name, source, config)
            case "Flatten" if shape[1:3] == (1, 1):
                return source
            case "Dropout":
                # Only training drops anything.
                return source
            case "Dense":
                return self._dense(name, source, config)
        raise GraphError(f"the layer {name}, a {kind}, cannot be converted")

    def _convolution(self, layer: dict[str, Any], *, depthwise: bool) -> _Convolution:
        config = layer["config"]
        name, [source] = config["name"], _sources(layer)
        if config["dilation_rate"] != [1, 1] or config["activation"] != "linear":
            raise GraphError(f"{name} is dilated, or has an activation of its own")
        if config.get("depth_multiplier", 1) != 1:
            raise GraphError(f"{name} gives several channels for one")
        kernel = self.weights[f"{name}/{'depthwise_kernel' if depthwise else 'kernel'}"]
        stride = (config["strides"][0], config["strides"][1])
        same = config["padding"] == "same"
        if source in self.padded:
            value, padding = self.padded[source]
            sides = zip(self.tensors[value].shape[1:3], kernel.stored.shape, stride, strict=False)
            if same or [list(same_padding(*side)) for side in sides] != padding:
                raise GraphError(f"the zeros around what {name} reads are not known here")
            same = True
        else:
            value = self._value(source)
        channels = kernel.stored.shape[2 if depthwise else 3]
        bias = self.weights[f"{name}/bias"].values if config["use_bias"] else np.zeros(channels)
        return _Convolution(value, kernel, bias, depthwise, same, stride)

    def _normalised(self, name: str, source: str, epsilon: float) -> None:
        if source not in self.waiting:
            raise GraphError(f"{name} does not follow a convolution")
        convolution = self.waiting.pop(source)
        gamma, beta, mean, variance = (
            self.weights[f"{name}/{part}"].values
            for part in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        factor = gamma / np.sqrt(variance + epsilon)
        folded = replace(convolution, bias=beta + (convolution.bias - mean) * factor)
        self.values[name] = self._written(name, folded, factor)

    def _written(self, name: str, convolution: _Convolution, factor: Floats) -> int:
        kernel, depthwise = convolution.kernel, convolution.depthwise
        # TensorFlow.js: (h, w, in, out), or (h, w, c, 1); here: (out, h, w, in), or (1, h, w, c).
        stored = kernel.stored.transpose(3, 0, 1, 2)
        axis = 3 if depthwise else 0
        zero = round(kernel.zero_point)
        if abs(zero - kernel.zero_point) > 1e-3:
            raise GraphError(f"{name} has no whole number that means 0")
        scale = (kernel.scale * factor).astype(np.float32)
        weights = Tensor(f"{name}/kernel", stored.shape, stored, scale, np.array([zero]), axis)
        bias = convolution.bias.astype(np.float32)
        inputs = (
            convolution.source,
            self._store(weights),
            self._add(f"{name}/bias", bias.shape, bias),
        )
        _, rows, columns, _ = self.tensors[convolution.source].shape
        height, width = stored.shape[1:3]
        lost = (0, 0) if convolution.same else (height - 1, width - 1)
        down, right = convolution.stride
        shape = (1, -(-(rows - lost[0]) // down), -(-(columns - lost[1]) // right), len(bias))
        kind = Kind.DEPTHWISE_CONV_2D if depthwise else Kind.CONV_2D
        op = Op(kind, inputs, 0, same=convolution.same, stride=convolution.stride)
        return self._computed(op, name, shape)

    def _dense(self, name: str, source: int, config: dict[str, Any]) -> int:
        kernel = self.weights[f"{name}/kernel"]
        if self.tensors[source].shape[1:] != (1, 1, len(kernel.stored)):
            raise GraphError(f"{name} reads {self.tensors[source].shape}, not one row of numbers")
        bias = self.weights[f"{name}/bias"].values
        over_pixel = replace(kernel, stored=kernel.stored[None, None])
        convolution = _Convolution(source, over_pixel, bias, False, False, (1, 1))
        activation = config["activation"]
        if activation not in ("linear", "relu", "softmax"):
            raise GraphError(f"the activation {activation} of {name} is not known here")
        value = self._written(
            f"{name}/logits" if activation == "softmax" else name, convolution, np.ones(len(bias))
        )
        if activation == "relu":
            self.ops[-1] = replace(self.ops[-1], relu=True)
        if activation != "softmax":
            return value
        return self._computed(Op(Kind.SOFTMAX, (value,), 0), name, self.tensors[value].shape)

    def _mean(self, name: str, source: int, config: dict[str, Any]) -> int:
        _, *picture, channels = self.tensors[source].shape
        if config["pool_size"] != picture:
            raise GraphError(f"{name} is a mean over a part of the picture")
        axes = self._add(f"{name}/axes", (2,), np.array([1, 2], np.int32))
        return self._computed(Op(Kind.MEAN, (source, axes), 0), name, (1, 1, 1, channels))

    def _clamped(self, value: int) -> int:
        """Nothing else reads what is clamped: so whoever computes it may clamp it."""
        [at] = [i for i, op in enumerate(self.ops) if op.output == value]
        self.ops[at] = replace(self.ops[at], relu6=True)
        return value

    def _value(self, name: str) -> int:
        if name in self.waiting:
            convolution = self.waiting.pop(name)
            self.values[name] = self._written(name, convolution, np.ones(len(convolution.bias)))
        return self.values[name]

    def _computed(self, op: Op, name: str, shape: Shape) -> int:
        output = self._add(name, shape)
        self.ops.append(replace(op, output=output))
        return output

    def _add(self, name: str, shape: Shape, data: NDArray[Any] | None = None) -> int:
        return self._store(Tensor(name, tuple(shape), data, _NO_SCALE, _NO_ZERO, 0))

    def _store(self, tensor: Tensor) -> int:
        self.tensors.append(tensor)
        return len(self.tensors) - 1


def _sources(layer: dict[str, Any]) -> list[str]:
    """The names of the layers that a layer reads."""
    return [node[0] for node in layer["inbound_nodes"][0]] if layer["inbound_nodes"] else []
