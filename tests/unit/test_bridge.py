"""The network behind JavaScript, of which the test is a stand-in."""

import importlib
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from in_loop import in_loop
from lookalike.errors import ModelError
from lookalike.model.model import ModelSpec

SPEC = ModelSpec("tiny", 2, (0.0,) * 3, (1.0,) * 3, {"avg_pool": (5,), "map": (1, 2, 2)}, ())
BATCH = np.arange(12, dtype=np.float32).reshape(1, 3, 2, 2)
OUTPUT = np.arange(4, dtype=np.float32)

pytestmark = pytest.mark.native  # in Pyodide there is the real one


class JsError(Exception):
    """What JavaScript throws, as Pyodide gives it."""

    def __init__(self, name):
        super().__init__(name)
        self.name, self.message = name, f"{name} happened"


class Room:
    """A typed array."""

    def assign(self, values):
        self.values = values.copy()


@pytest.fixture
def bridge(monkeypatch):
    ffi = ModuleType("pyodide.ffi")
    ffi.JsException, ffi.to_js = JsError, lambda value: value
    monkeypatch.setitem(sys.modules, "pyodide", ModuleType("pyodide"))
    monkeypatch.setitem(sys.modules, "pyodide.ffi", ffi)
    monkeypatch.delitem(sys.modules, "lookalike.browser.onnxruntime_web", raising=False)
    yield importlib.import_module("lookalike.browser.onnxruntime_web")
    del sys.modules["lookalike.browser.onnxruntime_web"]


class Pool:
    """Fails by these names first."""

    def __init__(self, *failures):
        self.failures, self.asked = list(failures), []

    def room(self, length):
        assert length == BATCH.size
        return Room()

    async def run(self, room, shape, layers):
        self.asked.append((room.values.tolist(), tuple(shape), list(layers)))
        if self.failures:
            raise JsError(self.failures.pop(0))
        return SimpleNamespace(map=SimpleNamespace(data=SimpleNamespace(to_py=lambda: OUTPUT)))


ASKED = (BATCH.ravel().tolist(), BATCH.shape, ["map"])


@in_loop
async def test_a_layer_has_the_shape_that_the_network_says(bridge):
    pool = Pool()
    found = await bridge.BridgedModel(SPEC, pool.room, pool.run).run(BATCH, ["map"])
    assert found["map"].tolist() == OUTPUT.reshape(1, 1, 2, 2).tolist()
    assert pool.asked == [ASKED]


@in_loop
async def test_a_worker_that_is_silent_is_asked_for_once_more(bridge):
    pool = Pool("Silence")
    found = await bridge.BridgedModel(SPEC, pool.room, pool.run).run(BATCH, ["map"])
    assert found["map"].ravel().tolist() == OUTPUT.tolist()
    assert pool.asked == [ASKED, ASKED]


@pytest.mark.parametrize("failures", [("Silence", "Silence"), ("Error",)])
@in_loop
async def test_what_fails_for_good_is_told(bridge, failures):
    pool = Pool(*failures)
    with pytest.raises(ModelError, match=f"{failures[-1]} happened"):
        await bridge.BridgedModel(SPEC, pool.room, pool.run).run(BATCH, ["map"])
    assert pool.asked == [ASKED] * len(failures)
