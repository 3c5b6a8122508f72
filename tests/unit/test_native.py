import asyncio
import json

import numpy as np
import pytest

from lookalike.errors import LayerError, ModelError
from lookalike.model.onnxruntime_native import NativeModel

pytestmark = pytest.mark.native


@pytest.fixture
def path(tmp_path):
    pytest.importorskip("onnxruntime")
    # Imported here, for it needs onnx, which Pyodide has not.
    import tiny_model

    tiny_model.make(tmp_path)
    return tmp_path / "tiny.onnx"


def broken(path, which):
    if which == "no model":
        path.unlink()
    elif which == "no spec":
        path.with_suffix(".json").unlink()
    elif which == "cut model":
        path.write_bytes(path.read_bytes()[:100])
    elif which == "cut spec":
        path.with_suffix(".json").write_text("{")
    elif which == "incomplete spec":
        spec = json.loads(path.with_suffix(".json").read_text())
        del spec["layers"]
        path.with_suffix(".json").write_text(json.dumps(spec))


@pytest.mark.parametrize(
    "which", ["no model", "no spec", "cut model", "cut spec", "incomplete spec"]
)
def test_a_missing_or_broken_file_is_a_model_error_that_names_it(path, which):
    NativeModel(path)
    broken(path, which)
    with pytest.raises(ModelError, match=r"tiny\.onnx could not be loaded"):
        NativeModel(path)


def test_an_unknown_layer_is_an_error_that_names_the_known_ones(path):
    model = NativeModel(path)
    batch = np.zeros((1, 3, model.spec.size, model.spec.size), np.float32)
    with pytest.raises(LayerError, match="has no layer “nose”; it has conv_16_project, avg_pool"):
        asyncio.run(model.run(batch, ["logits", "nose"]))


def test_a_batch_of_another_shape_is_a_model_error(path):
    with pytest.raises(ModelError, match="could not be run"):
        asyncio.run(NativeModel(path).run(np.zeros((1, 4, 5, 5), np.float32), ["logits"]))
