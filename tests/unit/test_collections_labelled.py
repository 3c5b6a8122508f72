"""On real photos: a photo's neighbours are mostly of its class, by the default scorer."""

import asyncio
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from convert import convert
from lookalike.collections.collection import AVG_POOL, Collection, feature_kind
from lookalike.collections.embedder import Embedder
from lookalike.collections.indexing import Pace, index
from lookalike.collections.memory import MemoryStore
from lookalike.collections.neighbours import nearest
from lookalike.collections.refresh import refresh
from lookalike.collections.table import load
from lookalike.scorer.compile import compile_scorer, shipped
from lookalike.terminal.folder import files_in
from lookalike.terminal.network import load_model

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
LABELLED = SHARED / "labelled"
CLASSES = 6
EACH = 12

pytestmark = [
    pytest.mark.native,
    pytest.mark.skipif(
        not (LABELLED / "labelled.jsonl").is_file(),
        reason="needs ../shared/models and ../shared/labelled, which are not beside this checkout",
    ),
]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    recipe = tomllib.loads((ROOT / "models" / "mobilenet_v2.toml").read_text())
    source = SHARED / "models" / "tf2_mobilenet_v2_1.0_224_ptq.tflite"
    labels = (SHARED / "models" / "imagenet_labels.txt").read_text()
    content, values = convert(recipe, source.read_bytes(), labels)
    path = tmp_path_factory.mktemp("model") / "mobilenet_v2.onnx"
    path.write_bytes(content)
    path.with_suffix(".json").write_text(json.dumps(values))
    return load_model(path)


def some_labels():
    """Some photos of each of some classes: their paths in the folder, with the class."""
    rows = map(json.loads, (LABELLED / "labelled.jsonl").read_text().splitlines())
    by_class = {}
    for row in rows:
        by_class.setdefault(row["label"], []).append(row["file"])
    full = sorted(label for label, files in by_class.items() if len(files) >= EACH)
    chosen = full[:: max(1, len(full) // CLASSES)][:CLASSES]
    return {file: label for label in chosen for file in sorted(by_class[label])[:EACH]}


@pytest.fixture(scope="module")
def indexed(network):
    model, model_id = network
    labels = some_labels()
    scorer = compile_scorer(shipped())
    collection = Collection("00" * 8, "Labelled", 0, model_id, feature_kind(scorer.key))
    store = MemoryStore()

    async def run():
        listing = await files_in(LABELLED)
        await store.create(collection)
        embedder = Embedder(model, model_id, scorer, run=asyncio.to_thread)
        wanted = [upload for upload in listing.uploads if upload.path in labels]
        reports = index(store, collection.id, wanted, embedder, pace=Pace(at_once=2))
        return [report async for report in reports][-1]

    assert asyncio.run(run()).failed == []
    return store, collection, labels, scorer


def purity(table, scorer, labels):
    """The share of photos of its own class among the five nearest to each photo."""
    own = []
    for name in table.ids:
        source = table.feature(name)
        found = nearest(table, scorer, source, 7).neighbours
        others = [each.id for each in found if each.id != name][:5]
        own += [labels[other] == labels[name] for other in others]
    return np.mean(own)


def test_neighbours_are_mostly_of_the_same_class(indexed):
    store, collection, labels, scorer = indexed
    table = asyncio.run(load(store, collection.id, collection.kind))
    assert len(table) == CLASSES * EACH
    assert table.matrix.shape[1] == 15_680
    assert purity(table, scorer, labels) > 0.6  # 1/6 would be chance


def test_features_of_thumbnails_are_close_to_those_of_the_photos(network, indexed):
    store, collection, labels, _ = indexed
    model, model_id = network
    pooled = compile_scorer((ROOT / "py" / "scorers" / "gaussian.py").read_bytes())

    async def run():
        found = []
        embedder = Embedder(model, model_id, pooled)
        assert [each async for each in refresh(store, collection, embedder)][-1].failed == []
        kind = feature_kind(pooled.key)
        originals = await load(store, collection.id, collection.kind)
        again = await load(store, collection.id, kind)
        for name in originals.ids:
            one, other = originals.feature(name), again.feature(name)
            found.append(one @ other / np.sqrt((one @ one) * (other @ other)))
        return np.array(found)

    cosines = asyncio.run(run())
    assert len(cosines) == len(labels)
    assert np.median(cosines) > 0.9
    usage = asyncio.run(store.usage(collection.id))
    assert usage.features[AVG_POOL] == len(labels)
