"""Reads a PyTorch checkpoint into NumPy arrays, without PyTorch and without running what it says.

A file of PyTorch before 1.6 is five pickles in a row (a magic number, the protocol's version, facts
about the machine, the tensors' names and layouts, the storages' keys), and then each storage in the
order of the keys: the number of its values as int64, and the values. A pickle may name any function
to be called; here it can name the four below, and none of them is the one of that name.

Source: pytorch/pytorch, torch/serialization.py, `_legacy_load`.
"""

import io
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from graph import GraphError

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001

Arrays = Mapping[str, NDArray[Any]]


def read(content: bytes) -> Arrays:
    """Read a state dict: the arrays of a network by their names.

    Raises:
        GraphError: it is no such file, holds something else than tensors, or is cut short.
    """
    if content[:2] == b"PK":
        raise GraphError(
            "the checkpoint is a zip, of PyTorch 1.6 or later, which is not known here"
        )
    file = io.BytesIO(content)
    try:
        if (_load(file), _load(file)) != (MAGIC, VERSION):
            raise GraphError("this is not a PyTorch checkpoint")
        _load(file)
        views, keys = _load(file), _load(file)
        layouts = {view.storage.key: view.storage for view in views.values()}
        storages = {key: _storage(file, layouts[key]) for key in keys}
    except (pickle.UnpicklingError, EOFError, AttributeError, KeyError, TypeError, ValueError) as e:
        if isinstance(e, GraphError):
            raise
        raise GraphError(f"this is not a PyTorch checkpoint of tensors, or is broken ({e})") from e
    return {name: _array(name, view, storages) for name, view in views.items()}


@dataclass(frozen=True, slots=True)
class _Storage:
    """Where the values of tensors lie, and of which type they are."""

    dtype: str
    key: str
    size: int


@dataclass(frozen=True, slots=True)
class _View:
    """A tensor: a part of a storage; offset and strides count values, not bytes."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _view(storage: _Storage, offset: int, shape: Any, strides: Any, *_: object) -> _View:
    return _View(storage, offset, tuple(shape), tuple(strides))


_KNOWN: Mapping[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _view,
    ("torch", "FloatStorage"): "<f4",
    ("torch", "LongStorage"): "<i8",
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _KNOWN:
            raise GraphError(f"the checkpoint asks for {module}.{name}, which is not loaded")
        return _KNOWN[module, name]

    def persistent_load(self, pid: Any) -> _Storage:
        _, dtype, key, _, size, part_of = pid
        if part_of is not None:
            raise GraphError(f"the storage {key} is a part of another, which cannot be read")
        return _Storage(dtype, key, size)


def _load(file: BinaryIO) -> Any:
    return _Unpickler(file).load()


def _storage(file: BinaryIO, layout: _Storage) -> NDArray[Any]:
    (size,) = np.frombuffer(file.read(8), "<i8")
    dtype = np.dtype(layout.dtype)
    values = np.frombuffer(file.read(layout.size * dtype.itemsize), dtype)
    if not size == layout.size == len(values):
        raise GraphError(f"the checkpoint is cut short: {len(values)} of {layout.size} values")
    return values


def _array(name: str, view: _View, storages: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    values = storages[view.storage.key][view.offset :]
    steps = zip(view.shape, view.strides, strict=True)
    if sum((length - 1) * stride for length, stride in steps) >= len(values):
        raise GraphError(f"the tensor {name} does not fit its storage")
    strides = [stride * values.itemsize for stride in view.strides]
    # A copy in rows: the file lays kernels out by columns, as TensorFlow, where they are from, did.
    return np.array(np.lib.stride_tricks.as_strided(values, view.shape, strides), order="C")
