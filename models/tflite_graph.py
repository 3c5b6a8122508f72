"""Reads a TensorFlow Lite file into plain values: just what `convert.py` needs of it."""

from typing import Any

import numpy as np
import tflite

from graph import Graph, GraphError, Kind, Op, Tensor

_DTYPES = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.INT8: np.int8,
    tflite.TensorType.INT32: np.int32,
    tflite.TensorType.UINT8: np.uint8,
}
_OPTIONS = {
    Kind.CONV_2D: tflite.Conv2DOptions,
    Kind.DEPTHWISE_CONV_2D: tflite.DepthwiseConv2DOptions,
    Kind.ADD: tflite.AddOptions,
}
_OPERATOR_NAMES = {
    number: name for name, number in vars(tflite.BuiltinOperator).items() if isinstance(number, int)
}


def read(content: bytes) -> Graph:
    """Read the first subgraph of a tflite file.

    Raises:
        GraphError: it is no tflite file, or holds an operator or type that is not known here.
    """
    if content[4:8] != b"TFL3":
        raise GraphError("this is not a TensorFlow Lite file (its identifier TFL3 is missing)")
    model = tflite.Model.GetRootAsModel(content, 0)
    graph = model.Subgraphs(0)
    if graph.InputsLength() != 1:
        raise GraphError(f"a network with one input is needed, this has {graph.InputsLength()}")
    return Graph(
        tensors=[_tensor(model, graph.Tensors(i)) for i in range(graph.TensorsLength())],
        ops=[_op(model, graph.Operators(i)) for i in range(graph.OperatorsLength())],
        input=int(graph.Inputs(0)),
    )


def _tensor(model: Any, raw: Any) -> Tensor:
    shape = tuple(int(n) for n in raw.ShapeAsNumpy())
    buffer = model.Buffers(raw.Buffer())
    data = None
    if buffer.DataLength():
        if raw.Type() not in _DTYPES:
            raise GraphError(f"tensor {raw.Name().decode()!r} has the unknown type {raw.Type()}")
        data = np.frombuffer(buffer.DataAsNumpy().tobytes(), _DTYPES[raw.Type()]).reshape(shape)
    quantization = raw.Quantization()
    quantised = quantization is not None and quantization.ScaleLength() > 0
    return Tensor(
        name=raw.Name().decode().split(";")[0],
        shape=shape,
        data=data,
        scale=quantization.ScaleAsNumpy() if quantised else np.empty(0, np.float32),
        zero_point=quantization.ZeroPointAsNumpy() if quantised else np.empty(0, np.int64),
        axis=quantization.QuantizedDimension() if quantised else 0,
    )


def _op(model: Any, raw: Any) -> Op:
    code = model.OperatorCodes(raw.OpcodeIndex())
    # Files written before the schema had more than 127 operators keep the number in the old field.
    name = _OPERATOR_NAMES[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
    if name not in Kind.__members__:
        raise GraphError(f"the operator {name} is not known to the converter")
    kind = Kind[name]
    inputs = tuple(int(i) for i in raw.InputsAsNumpy())
    output = int(raw.Outputs(0))
    if kind not in _OPTIONS:
        return Op(kind, inputs, output)
    table = raw.BuiltinOptions()
    options = _OPTIONS[kind]()
    options.Init(table.Bytes, table.Pos)
    activation = options.FusedActivationFunction()
    if activation not in (tflite.ActivationFunctionType.NONE, tflite.ActivationFunctionType.RELU6):
        raise GraphError(f"the activation {activation} of {name} is not known to the converter")
    relu6 = activation == tflite.ActivationFunctionType.RELU6
    if kind is Kind.ADD:
        return Op(kind, inputs, output, relu6)
    if (options.DilationHFactor(), options.DilationWFactor()) != (1, 1):
        raise GraphError(f"a dilated {name} is not known to the converter")
    same = options.Padding() == tflite.Padding.SAME
    return Op(kind, inputs, output, relu6, same, (options.StrideH(), options.StrideW()))
