"""The classifier says what the package says that it is made of: run as it is, by TensorFlow.js."""

import base64
import json
import subprocess
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from PIL import Image

from generated_photos import make
from lookalike_build.bootstrap import node
from lookalike_build.classifier import classifier_files
from lookalike_build.paths import Checkout
from lookalike_build.steps import BuildError

pytestmark = pytest.mark.native

CHECKOUT = Checkout(Path(__file__).parents[2])
PHOTOS = CHECKOUT.root.parent / "shared" / "photos"
PACKAGE = CHECKOUT.site / "node_modules" / "@tensorflow" / "tfjs"


def drawn():
    """Photos that are drawn, noise, and flat colours, in sizes with every kind of scaling."""
    random = np.random.default_rng(3)
    noise = Image.fromarray(random.integers(0, 256, (224, 224, 3), np.uint8))
    flat = [Image.new("RGB", size, colour) for size, colour in [((1, 1), "red"), ((9, 400), "tan")]]
    kinds = [("sunset", (320, 213)), ("daisy", (160, 240)), ("sunset", (224, 224))]
    return [noise, *flat, *(make(kind, seed, size) for seed, (kind, size) in enumerate(kinds))]


def shared():
    """A few photos of ../shared, where it is."""
    if not PHOTOS.is_dir():
        return []
    rows = map(json.loads, (PHOTOS / "photos.jsonl").read_text("utf-8").splitlines())
    files = [PHOTOS / row["file"] for row in rows if row.get("file")]
    return [Image.open(path).convert("RGB") for path in files[:: len(files) // 12]]


def told_by_package(images, folder):
    """Per image, the probability of each class by its name, and the tensor of the page's code."""
    given = [
        {
            "width": image.width,
            "height": image.height,
            "rgb": base64.b64encode(image.tobytes()).decode(),
        }
        for image in images
    ]
    (folder / "in.json").write_text(json.dumps(given))
    script = CHECKOUT.root / "tests" / "nsfw_package.mjs"
    files = [CHECKOUT.site, folder / "in.json", folder / "out.json"]
    subprocess.run([node(CHECKOUT).node, script, *files], check=True, capture_output=True)
    return json.loads((folder / "out.json").read_text())


def test_the_classes_are_those_of_the_package(tmp_path):
    if not PACKAGE.is_dir():
        pytest.skip("needs the packages for development")
    images = drawn() + shared()
    files = classifier_files(CHECKOUT, node(CHECKOUT))
    spec = json.loads(files["nsfw.json"])
    session = onnxruntime.InferenceSession(files["nsfw.onnx"], providers=["CPUExecutionProvider"])
    for said in told_by_package(images, tmp_path):
        values = np.frombuffer(base64.b64decode(said["tensor"]), np.float32)
        [found] = session.run(["classes"], {"image": values.reshape(1, 3, 224, 224)})[0]
        expected = [said["classes"][name] for name in spec["labels"]]
        np.testing.assert_allclose(found, expected, atol=1e-3)


def test_without_the_package_the_build_says_what_to_do(tmp_path):
    with pytest.raises(BuildError, match=r"nsfwjs.* is missing: remove site/node_modules"):
        classifier_files(Checkout(tmp_path), node(CHECKOUT))
