import asyncio

import numpy as np

import tiny_model
from lookalike.model.onnxruntime_native import NativeModel


def run(model, batch):
    return asyncio.run(model.run(batch, list(tiny_model.LAYERS)))


def test_keeps_the_contract_of_the_converted_models(tmp_path):
    tiny_model.make(tmp_path)
    model = NativeModel(tmp_path / "tiny.onnx")
    batch = np.random.default_rng(1).standard_normal((3, 3, 32, 32)).astype(np.float32)
    outputs = run(model, batch)
    assert {name: list(value.shape) for name, value in outputs.items()} == {
        name: [3, *shape] for name, shape in tiny_model.LAYERS.items()
    }
    assert list(model.spec.layers) == list(tiny_model.LAYERS)
    assert len(model.spec.labels) == 5
    for value in outputs.values():
        assert np.isfinite(value).all()
        assert value.std() > 0.01


def test_is_the_same_each_time(tmp_path):
    tiny_model.make(tmp_path / "a")
    tiny_model.make(tmp_path / "b")
    for name in ("tiny.onnx", "tiny.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_tells_images_apart(tmp_path):
    tiny_model.make(tmp_path)
    dark, bright = np.full((2, 3, 32, 32), [[[[-1.0]]], [[[1.0]]]], np.float32)
    outputs = run(NativeModel(tmp_path / "tiny.onnx"), np.stack([dark, bright]))
    assert not np.allclose(outputs["conv_16_project"][0], outputs["conv_16_project"][1])
