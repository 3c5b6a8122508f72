"""A network as plain values, whatever file it was read from: what `onnx_graph.py` writes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class GraphError(ValueError):
    """A file holds something that the converter does not know; the message says what."""


class Kind(StrEnum):
    """The operators that are read, under the names of TensorFlow Lite's schema."""

    CONV_2D = "CONV_2D"
    DEPTHWISE_CONV_2D = "DEPTHWISE_CONV_2D"
    ADD = "ADD"
    MEAN = "MEAN"
    RESHAPE = "RESHAPE"
    SOFTMAX = "SOFTMAX"
    QUANTIZE = "QUANTIZE"
    DEQUANTIZE = "DEQUANTIZE"


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A tensor of the graph.

    Attributes:
        name: the first of the names that the file gives it.
        shape: with the batch dimension, channels last.
        data: the values as stored (weights as int8 or float16, too); None where they are computed.
        scale, zero_point: a stored q means (q - zero_point) * scale; one value, or one per entry
            of `axis`. Empty for a tensor that is not quantised.
        axis: the dimension that `scale` and `zero_point` belong to.
    """

    name: str
    shape: tuple[int, ...]
    data: NDArray[Any] | None
    scale: NDArray[np.float32]
    zero_point: NDArray[np.int64]
    axis: int


@dataclass(frozen=True, slots=True)
class Op:
    """An operator: the tensors are named by their index in `Graph.tensors`.

    Attributes:
        relu6: whether the output is clamped to 0..6.
        relu: whether what is below 0 becomes 0.
        same: whether TensorFlow's SAME padding is asked for, else VALID.
        stride: (vertical, horizontal), in pixels.
    """

    kind: Kind
    inputs: tuple[int, ...]
    output: int
    relu6: bool = False
    same: bool = False
    stride: tuple[int, int] = (1, 1)
    relu: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """The operators in the order in which they run, and the one input."""

    tensors: Sequence[Tensor]
    ops: Sequence[Op]
    input: int


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME padding (before, after) in pixels; the odd pixel goes after.

    Source: tensorflow/lite/kernels/padding.h.
    """
    total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def computed(graph: Graph) -> list[str]:
    """The names and shapes of the tensors that the operators compute, one line each."""
    tensors = [graph.tensors[op.output] for op in graph.ops]
    return [f"{tensor.name} {list(tensor.shape[1:])}" for tensor in tensors]
