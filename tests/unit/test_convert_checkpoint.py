"""Checkpoints written here as PyTorch wrote them before 1.6, and some that no one should load."""

import io
import pickle
import struct
from collections import OrderedDict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import GraphError
from torch_checkpoint import MAGIC, VERSION, read

STORAGES = {"<f4": "FloatStorage", "<i8": "LongStorage"}


class Name:
    """What a pickle calls by its name, as `torch.FloatStorage`."""

    def __init__(self, module, name):
        self.module, self.name = module, name

    def __call__(self, *_):
        raise AssertionError("only its name is written")


class Writer(pickle._Pickler):  # the one in Python, which can be told how to write a name
    def save(self, value, save_persistent_id=True):
        if isinstance(value, Name):
            self.write(b"c" + f"{value.module}\n{value.name}\n".encode())
        else:
            super().save(value, save_persistent_id)

    def persistent_id(self, value):
        return value.pid if isinstance(value, Stored) else None


class Stored:
    def __init__(self, key, dtype, size, part_of=None):
        self.pid = ("storage", Name("torch", STORAGES[dtype]), key, "cpu", size, part_of)


class Rebuilt:
    def __init__(self, *arguments, function="_rebuild_tensor_v2"):
        self.arguments, self.function = arguments, function

    def __reduce_ex__(self, protocol):
        return Name("torch._utils", self.function), self.arguments


def dump(file, value):
    Writer(file, 2).dump(value)


def written(arrays, by_columns=False, magic=MAGIC, function="_rebuild_tensor_v2", part_of=None):
    """A file of these arrays: each has a storage of its own, with one value before its own."""
    file = io.BytesIO()
    views, storages = OrderedDict(), {}
    for number, (name, array) in enumerate(arrays.items()):
        laid_out = np.asarray(array, order="F" if by_columns else "C")
        values = np.r_[np.zeros(1, array.dtype), laid_out.ravel("K")]
        key, dtype = str(number), array.dtype.str
        strides = tuple(step // array.itemsize for step in laid_out.strides)
        stored = Stored(key, dtype, len(values), part_of)
        views[name] = Rebuilt(
            stored, 1, array.shape, strides, False, OrderedDict(), function=function
        )
        storages[key] = values
    for value in (magic, VERSION, {"little_endian": True}, views, list(storages)):
        dump(file, value)
    for values in storages.values():
        file.write(struct.pack("<q", len(values)) + values.tobytes())
    return file.getvalue()


shapes = st.lists(st.integers(1, 4), max_size=4).map(tuple)


@given(st.dictionaries(st.text(max_size=5), shapes, max_size=4), st.booleans())
def test_what_was_written_is_read(shapes, by_columns):
    random = np.random.default_rng(0)
    arrays = {
        name: random.normal(size=shape).astype("<f4" if index % 2 else "<i8")
        for index, (name, shape) in enumerate(shapes.items())
    }
    found = read(written(arrays, by_columns))
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


ARRAYS = {"weight": np.arange(6, dtype="<f4").reshape(2, 3)}


@pytest.mark.parametrize("length", [0, 5, 20, 100, -30, -1])
def test_a_file_that_is_cut_short_is_an_error(length):
    content = written(ARRAYS)
    with pytest.raises(GraphError, match=r"broken|cut short"):
        read(content[:length])


@given(st.binary(max_size=200))
def test_what_is_no_checkpoint_is_an_error(content):
    with pytest.raises(GraphError, match="checkpoint"):
        read(content)


def test_other_pickles_and_zips_are_errors():
    with pytest.raises(GraphError, match="not a PyTorch checkpoint"):
        read(written(ARRAYS, magic=1))
    with pytest.raises(GraphError, match="is a zip"):
        read(b"PK\x03\x04")
    with pytest.raises(GraphError, match="part of another"):
        read(written(ARRAYS, part_of=("0", 0, 2)))


@pytest.mark.parametrize("name", ["os.system", "builtins.eval", "torch._utils._rebuild_parameter"])
def test_nothing_is_called_that_a_checkpoint_names(name, tmp_path):
    module, _, function = name.rpartition(".")
    trace = tmp_path / "trace"

    class Hostile:
        def __reduce_ex__(self, protocol):
            return Name(module, function), (f"touch {trace}",)

    file = io.BytesIO()
    for value in (MAGIC, VERSION, {}, Hostile()):
        dump(file, value)
    with pytest.raises(GraphError, match=f"asks for {name}, which is not loaded"):
        read(file.getvalue())
    assert not trace.exists()


def test_a_tensor_that_reaches_beyond_its_storage_is_an_error():
    file = io.BytesIO()
    view = Rebuilt(Stored("0", "<f4", 3), 1, (2, 3), (3, 1), False, OrderedDict())
    for value in (MAGIC, VERSION, {}, {"weight": view}, ["0"]):
        dump(file, value)
    file.write(struct.pack("<q", 3) + np.zeros(3, "<f4").tobytes())
    with pytest.raises(GraphError, match="weight does not fit"):
        read(file.getvalue())
