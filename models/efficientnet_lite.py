"""Makes the graph of EfficientNet-Lite0 from the arrays of its checkpoint.

A checkpoint has weights and no operators: what the weights do not tell is written here. Batch norms
are folded into the convolutions before them, and weights made int8, one scale per output channel.
Not so those of kernels larger than 1x1, 3 % of all, whose rounding would harm the features more
than that of all the others: they become float16.

Source: tensorflow/tpu, models/official/efficientnet/lite (the network: EfficientNet-B0 without
squeeze-and-excitation, with ReLU6) and efficientnet_builder.py (its blocks).
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph import Graph, GraphError, Kind, Op, Tensor
from torch_checkpoint import Arrays

STRIDED = (1, 3, 5, 11)
"""The blocks, counted from 0, that halve the picture: the first of the stages that do."""

EPSILON = 1e-3
"""Added to the variance by every batch norm."""

Floats = NDArray[np.float32]
Shape = tuple[int, ...]

_UNSCALED = np.empty(0, np.float32)


def graph_of(arrays: Arrays, size: int) -> Graph:
    """Put the network together.

    Args:
        arrays: of the checkpoint, by their names there, which the graph's tensors bear, too.
        size: the side of the square input in pixels.

    Raises:
        GraphError: an array is missing, or has another shape than this network's.
    """
    builder = _Builder(arrays, size)
    try:
        builder.network()
    except KeyError as error:
        raise GraphError(f"the checkpoint has no array {error}") from error
    return Graph(builder.tensors, builder.ops, 0)


def quantise(weights: Floats, axis: int) -> tuple[NDArray[np.int8], Floats]:
    """Round weights to int8, symmetrically, with one scale for each entry of an axis.

    Returns:
        int8 values of -127..127, and the scales: value × scale is at most half a scale off.
    """
    others = tuple(i for i in range(weights.ndim) if i != axis)
    scale = (np.abs(weights).max(others) / 127).astype(np.float32)
    # A channel of nothing but zeros stays that with any scale.
    scale[scale == 0] = 1
    shape = [-1 if i == axis else 1 for i in range(weights.ndim)]
    return np.rint(weights / scale.reshape(shape)).clip(-127, 127).astype(np.int8), scale


class _Builder:
    """Collects tensors and operators; every method gives the index of the tensor it adds."""

    def __init__(self, arrays: Arrays, size: int) -> None:
        self.arrays = arrays
        self.ops: list[Op] = []
        self.tensors: list[Tensor] = []
        self._add("image", (1, size, size, 3))

    def network(self) -> int:
        """From the picture to one score per class."""
        found = {match[1] for name in self.arrays if (match := re.match(r"_blocks\.(\d+)\.", name))}
        value = self.convolution("_conv_stem", "_bn0", 0, stride=2)
        for number in range(len(found)):
            value = self.block(number, value)
        value = self.convolution("_conv_head", "_bn1", value)
        channels = self.tensors[value].shape[-1]
        axes = self._add("axes", (2,), np.array([1, 2], np.int32))
        value = self._computed(Kind.MEAN, "_avg_pooling", (1, 1, 1, channels), (value, axes))
        return self.classifier("_fc", value)

    def block(self, number: int, source: int) -> int:
        """An inverted residual: wider, filtered channel by channel, and narrow again."""
        name = f"_blocks.{number}"
        value = source
        if f"{name}._expand_conv.weight" in self.arrays:
            value = self.convolution(f"{name}._expand_conv", f"{name}._bn0", value)
        stride = 2 if number in STRIDED else 1
        value = self.convolution(f"{name}._depthwise_conv", f"{name}._bn1", value, stride)
        value = self.convolution(f"{name}._project_conv", f"{name}._bn2", value, relu6=False)
        shape = self.tensors[value].shape
        if shape != self.tensors[source].shape:
            return value
        return self._computed(Kind.ADD, f"{name}.add", shape, (value, source))

    def convolution(
        self, name: str, norm: str, source: int, stride: int = 1, *, relu6: bool = True
    ) -> int:
        """A convolution with the batch norm that follows it, and mostly ReLU6."""
        weights = self.arrays[f"{name}.weight"]
        gamma, beta, mean, variance = (
            self.arrays[f"{norm}.{part}"]
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = gamma / np.sqrt(variance + EPSILON)
        folded = (weights * factor.reshape(-1, 1, 1, 1)).astype(np.float32)
        bias = (beta - mean * factor).astype(np.float32)
        return self._convolution(name, folded, bias, source, stride, relu6=relu6)

    def classifier(self, name: str, source: int) -> int:
        """A matrix of one row per class, as a convolution over the one pixel that is left."""
        weights = self.arrays[f"{name}.weight"][:, :, None, None]
        bias = self.arrays[f"{name}.bias"]
        return self._convolution(name, weights, bias, source, 1, relu6=False)

    def _convolution(
        self, name: str, weights: Floats, bias: Floats, source: int, stride: int, *, relu6: bool
    ) -> int:
        _, rows, columns, channels = self.tensors[source].shape
        depthwise = weights.shape[1] == 1 and len(weights) == channels
        if not depthwise and weights.shape[1] != channels:
            raise GraphError(f"{name} takes {weights.shape[1]} channels, and gets {channels}")
        # PyTorch: (out, in / groups, h, w); here: (out, h, w, in), or (1, h, w, out) for depthwise.
        order, axis = ((1, 2, 3, 0), 3) if depthwise else ((0, 2, 3, 1), 0)
        kernel: NDArray[Any] = weights.transpose(order)
        scale = _UNSCALED
        if kernel.shape[1:3] == (1, 1):
            kernel, scale = quantise(kernel, axis)
        else:
            kernel = kernel.astype(np.float16)
        stored = (
            self._add(f"{name}.weight", kernel.shape, kernel, scale, axis),
            self._add(f"{name}.bias", bias.shape, bias),
        )
        shape = (1, -(-rows // stride), -(-columns // stride), len(weights))
        kind = Kind.DEPTHWISE_CONV_2D if depthwise else Kind.CONV_2D
        return self._computed(
            kind, name, shape, (source, *stored), relu6=relu6, same=True, stride=(stride, stride)
        )

    def _computed(
        self, kind: Kind, name: str, shape: Shape, inputs: Sequence[int], **options: Any
    ) -> int:
        output = self._add(name, shape)
        self.ops.append(Op(kind, tuple(inputs), output, **options))
        return output

    def _add(
        self,
        name: str,
        shape: Shape,
        data: NDArray[Any] | None = None,
        scale: Floats = _UNSCALED,
        axis: int = 0,
    ) -> int:
        zero_point = np.zeros(len(scale), np.int64)
        self.tensors.append(Tensor(name, shape, data, scale, zero_point, axis))
        return len(self.tensors) - 1
