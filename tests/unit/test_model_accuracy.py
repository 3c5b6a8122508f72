"""The networks as converted, on the photos of ../shared: are their layers what they should be?"""

import hashlib
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from PIL import Image

from lookalike.model.model import ModelSpec
from lookalike_build.model import model_files
from lookalike_build.paths import Checkout

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
PHOTOS = SHARED / "photos"

pytestmark = pytest.mark.skipif(
    not (PHOTOS / "photos.jsonl").is_file(),
    reason="needs ../shared/photos, which is not beside this checkout",
)


TOP_5 = {"mobilenet_v2": 0.90, "efficientnet_lite0": 0.92}
CLASSES = {"mobilenet_v2": 1001, "efficientnet_lite0": 1000}
LARGEST = {"mobilenet_v2": 4_000_000, "efficientnet_lite0": 5_000_000}


@pytest.fixture(scope="module", params=TOP_5)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def converted(name):
    checkout = Checkout(ROOT)
    files = model_files(checkout, name, checkout.asset_folders([]))
    return files[f"{name}.onnx"], json.loads(files[f"{name}.json"])


@pytest.fixture(scope="module")
def outputs(converted):
    """(row of photos.jsonl, its index, avg_pool, logits) of every third photo of a known class."""
    content, values = converted
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    spec = ModelSpec.from_json(values)
    found = []
    for row, index in rows()[::3]:
        image = prepared(PHOTOS / row["file"], spec)
        pooled, logits = session.run(["avg_pool", "logits"], {"image": image})
        found.append((row, index, pooled[0], logits[0]))
    return found


def rows():
    """Each row of photos.jsonl whose photo's class is known, and where it stands."""
    lines = (PHOTOS / "photos.jsonl").read_text().splitlines()
    every = [(json.loads(line), index) for index, line in enumerate(lines)]
    return [each for each in every if each[0]["id"].startswith("in1k-") and "file" in each[0]]


def prepared(path, spec):
    """A plain resize to the square, without a crop: what the engine does, written out again."""
    image = Image.open(path).convert("RGB").resize((spec.size,) * 2, Image.Resampling.BILINEAR)
    pixels = (np.asarray(image, np.float32) - spec.mean) / spec.std
    return pixels.transpose(2, 0, 1)[None].astype(np.float32)


def classes(photos, labels):
    """The class of each photo: the label whose first name is the photo's title.

    Two names stand for two classes each (crane, maillot). ImageNet's labels are in the order of
    WordNet's numbers, which the photos' ids hold, so that order tells these apart.
    """
    named = defaultdict(list)
    for number, label in enumerate(labels):
        named[label.split(", ")[0]].append(number)
    alike = defaultdict(list)
    for row in photos:
        alike[row["title"]].append(row["id"])
    return {
        identifier: named[title][position]
        for title, identifiers in alike.items()
        for position, identifier in enumerate(sorted(identifiers))
    }


def test_top_5_accuracy(name, outputs, converted):
    truth = classes([row for row, _ in rows()], converted[1]["labels"])
    ranks = [np.argsort(-logits) for *_, logits in outputs]
    right = [truth[row["id"]] for row, *_ in outputs]
    top_1 = np.mean([rank[0] == label for rank, label in zip(ranks, right, strict=True)])
    top_5 = np.mean([label in rank[:5] for rank, label in zip(ranks, right, strict=True)])
    print(f"\n{name} on {len(outputs)} photos: top-1 {top_1:.3f}, top-5 {top_5:.3f}")
    assert len(outputs) == 327
    assert top_5 >= TOP_5[name]


def test_avg_pool_is_the_networks_as_others_computed_it(name, outputs):
    if name != "mobilenet_v2":
        pytest.skip("the stored one is MobileNetV2's")
    stored = np.load(PHOTOS / "avg_pool.f16.npy").astype(np.float32)
    cosines = [cosine(pooled, stored[index]) for _, index, pooled, _ in outputs]
    print(
        f"\navg_pool: cosine to the stored one, mean {np.mean(cosines):.6f}, min {min(cosines):.6f}"
    )
    assert min(cosines) > 0.999


def test_the_file_is_small_and_its_spec_is_whole(name, converted):
    content, values = converted
    spec = ModelSpec.from_json(values)
    count = CLASSES[name]
    assert len(content) <= LARGEST[name]
    assert spec.name == name
    assert spec.hash == hashlib.sha256(content).hexdigest()
    assert spec.layers == {"conv_16_project": (320, 7, 7), "avg_pool": (1280,), "logits": (count,)}
    assert len(spec.labels) == count
    assert spec.labels[count - 1000] == "tench, Tinca tinca"
    assert ("background" in spec.labels) == (count == 1001)
    assert values["licence"] == "Apache-2.0"


def test_a_batch_gives_what_its_images_give_alone(converted):
    content, _ = converted
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    batch = np.random.default_rng(0).uniform(-1, 1, (3, 3, 224, 224)).astype(np.float32)
    together = session.run(None, {"image": batch})
    for position in range(3):
        alone = session.run(None, {"image": batch[position : position + 1]})
        for one, many in zip(alone, together, strict=True):
            assert cosine(one.ravel(), many[position].ravel()) > 0.999999


def cosine(a, b):
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
