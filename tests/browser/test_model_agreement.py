"""The networks say the same in the browser and outside."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conftest import opened

from generated_photos import make
from lookalike.images import prepare
from lookalike.model.onnxruntime_native import NativeModel

pytestmark = pytest.mark.real_network

LAYERS = ["conv_16_project", "avg_pool", "logits"]

RUN = """
async ({ model, data, shape, layers, times }) => {
  const base = new URL(".", document.baseURI).href;
  const { startWorker } = await import(base + "js/worker-bootstrap.js");
  const [page, engine] = [new MessageChannel(), new MessageChannel()];
  const options = { base, model, counting: false, page: page.port2 };
  const worker = startWorker(base + "js/vision/worker.js", options, [page.port2]);
  const answer = new Promise((resolve, reject) => {
    engine.port1.onmessage = ({ data }) => {
      if (data.type === "outputs" && data.id === times) resolve(data);
      if (data.type === "refused") reject(new Error(data.message));
    };
    worker.onmessage = ({ data }) => data.type === "failed" && reject(new Error(data.message));
    worker.onerror = () => reject(new Error("the worker broke"));
  });
  page.port1.postMessage({ engine: engine.port2 }, [engine.port2]);
  for (let id = 1; id <= times; id++) {
    engine.port1.postMessage({ type: "run", id, data: new Float32Array(data), shape, layers });
  }
  const { outputs } = await answer;
  worker.terminate();
  return layers.map((layer) => [...outputs[layer].data]);
}
"""


@pytest.fixture(scope="module")
def page(browser, site):
    """One page for all, whose policy counts for the workers that are started here."""
    with opened(browser, site) as look:
        yield look.open().page


@pytest.mark.parametrize("name", ["mobilenet_v2", "efficientnet_lite0"])
@pytest.mark.parametrize("kind", ["sunset", "daisy"])
def test_native_and_browser_outputs_agree(page, dist, kind, name):
    model = NativeModel(dist / "models" / f"{name}.onnx")
    tensor = prepare(make(kind, 5), model.spec)
    with ThreadPoolExecutor() as elsewhere:  # Playwright keeps an event loop in this thread
        native = elsewhere.submit(asyncio.run, model.run(tensor, LAYERS)).result()
    batch = {"data": tensor.ravel().tolist(), "shape": tensor.shape}
    outputs = page.evaluate(RUN, {"model": name, **batch, "layers": LAYERS, "times": 1})
    for layer, values in zip(LAYERS, outputs, strict=True):
        expected, found = native[layer].ravel(), np.array(values)
        assert len(found) == np.prod(model.spec.layers[layer])
        cosine = expected @ found / (np.linalg.norm(expected) * np.linalg.norm(found))
        assert cosine >= 0.9999, layer


@pytest.mark.parametrize("layer", LAYERS)
def test_a_network_that_computes_one_layer_alone_gives_the_very_same(page, dist, layer):
    spec = NativeModel(dist / "models" / "mobilenet_v2.onnx").spec
    tensor = prepare(make("daisy", 5), spec)
    photo = {"model": "mobilenet_v2", "data": tensor.ravel().tolist(), "shape": tensor.shape}
    # The last run of many is by a session of its own (site/js/vision/sessions.js).
    [once], [often] = (
        page.evaluate(RUN, {**photo, "layers": [layer], "times": times}) for times in (1, 21)
    )
    assert once == often
    assert len(set(once)) > 100
