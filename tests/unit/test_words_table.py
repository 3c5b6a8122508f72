"""The table of word vectors: how it is made, what is committed, and how well it ranks."""

import base64
import hashlib
import io
import json
import tarfile
import tomllib
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

import words
from convert import convert
from lookalike.images import open_image, prepare
from lookalike.model.model import ModelSpec
from lookalike.text.conse import Conse
from lookalike.text.word_vectors import WordVectors

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "models" / "words.npz"
RECIPE = tomllib.loads((ROOT / "models" / "words.toml").read_text())
SHARED = ROOT.parent / "shared"

pytestmark = pytest.mark.native


# -- Making it -------------------------------------------------------------------------------------


def package(vocabulary, dimensions=6):
    """A package as the recipe's is: words by frequency, each row with two numbers more."""
    random = np.random.default_rng(0)
    vectors = {word: random.standard_normal(dimensions).round(4).tolist() for word in vocabulary}
    rows = {word: [*vector, 1.0, place] for place, (word, vector) in enumerate(vectors.items())}
    content = {"dimensions": dimensions, "words": list(vocabulary), "vectors": rows}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        data = json.dumps(content).encode()
        info = tarfile.TarInfo("package/vectors.json")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue(), vectors


def recipe(archive, count=8):
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    return {
        "source": {"integrity": f"sha512-{digest}", "file": "package/vectors.json"},
        "words": {"count": count, "candidates": 12, "nearness": 10.0},
        "vectors": {"dimensions": 6, "levels": 15},
    }


VOCABULARY = [
    "the",
    ",",
    "of",
    "x1",
    "sea",
    "shark",
    "tench",
    "boat",
    "a",
    "lake",
    "word",
    "Ö",
    "öl",
]
LABELS = ["background", "tench, Tinca tinca", "great white shark"]


def test_the_classes_words_come_first_and_the_table_reads_back():
    archive, vectors = package(VOCABULARY)
    made = words.make(recipe(archive), archive, LABELS)
    table = WordVectors.from_bytes(made)
    with np.load(io.BytesIO(made)) as stored:
        kept = stored["words"].tobytes().decode().split("\n")
        assert stored["vectors"].dtype == np.int8
        assert np.abs(stored["vectors"]).max() == 15
    assert kept[:2] == ["tench", "shark"]
    assert len(kept) == len(table) == 8
    assert not {",", "x1", "a"} & set(kept)
    middle = np.mean(list(vectors.values()), axis=0)
    for word in ("tench", "shark"):
        exact = np.array(vectors[word]) - middle
        cosine = table.phrase(word).vector @ exact / np.linalg.norm(exact)
        assert cosine > 0.99


def test_the_same_package_gives_the_same_bytes():
    archive, _ = package(VOCABULARY)
    assert words.make(recipe(archive), archive, LABELS) == words.make(
        recipe(archive), archive, LABELS
    )


def test_another_package_is_refused():
    archive, _ = package(VOCABULARY)
    wrong = recipe(archive)
    wrong["source"]["integrity"] = "sha512-AAAA"
    with pytest.raises(SystemExit, match="not the one that was pinned"):
        words.make(wrong, archive, LABELS)


def test_the_command_line(tmp_path, capsys):
    archive, _ = package(VOCABULARY)
    (tmp_path / "package.tgz").write_bytes(archive)
    (tmp_path / "labels.txt").write_text("\n".join(LABELS))
    made = recipe(archive)
    lines = []
    for section, values in made.items():
        lines.append(f"[{section}]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    (tmp_path / "words.toml").write_text("\n".join(lines))
    options = ["--labels", tmp_path / "labels.txt", "--package", tmp_path / "package.tgz"]
    out = tmp_path / "words.npz"
    words.main([str(part) for part in (tmp_path / "words.toml", *options, "--out", out)])
    assert f"{out.stat().st_size:,} bytes" in capsys.readouterr().out
    assert len(WordVectors.from_bytes(out.read_bytes())) == 8


# -- The one that is committed ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def table():
    return WordVectors.from_bytes(TABLE.read_bytes())


def test_it_is_what_the_recipe_says_and_small(table):
    assert TABLE.stat().st_size <= 1_500_000
    assert len(table) == RECIPE["words"]["count"]
    assert table.dimensions == RECIPE["vectors"]["dimensions"]


def test_words_that_mean_alike_are_near(table):
    def cosine(one, other):
        return table.phrase(one).vector @ table.phrase(other).vector

    for near, also, far in (("dog", "puppy", "piano"), ("sea", "ocean", "laptop")):
        assert cosine(near, also) > 0.5 > 0.3 > cosine(near, far)


# -- How well it ranks -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def photos():
    """The classes of a third of the labelled photos, the logits of each, and the model's labels."""
    source = SHARED / "models" / "tf2_mobilenet_v2_1.0_224_ptq.tflite"
    listed = SHARED / "labelled" / "labelled.jsonl"
    if not (source.is_file() and listed.is_file()):
        pytest.skip("needs ../shared/models and ../shared/labelled beside the checkout")
    network = tomllib.loads((ROOT / "models" / "mobilenet_v2.toml").read_text())
    labels = (SHARED / "models" / "imagenet_labels.txt").read_text()
    content, values = convert(network, source.read_bytes(), labels)
    spec = ModelSpec.from_json(values)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    rows = [json.loads(line) for line in listed.read_text().splitlines()][::3]
    logits = []
    for row in rows:
        image = open_image((SHARED / "labelled" / row["file"]).read_bytes())
        logits.append(session.run(["logits"], {"image": prepare(image, spec)})[0][0])
    return np.array([row["label"] for row in rows]), np.stack(logits), spec.labels


def average_precision(relevant, count=25):
    """AP@25 of one ranking, of which `relevant` says what is right, best first."""
    hits = relevant[:count].astype(float)
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return (precision * hits).sum() / min(count, relevant.sum())


def test_the_classes_names_find_their_photos(table, photos):
    truth, logits, labels = photos
    vectors = Conse(labels, table).embed(logits)
    found = {}
    for name in sorted(set(truth)):
        text = table.phrase(name.replace("_", " ")).vector
        order = np.argsort(-(vectors @ text), kind="stable") if text is not None else []
        found[name] = average_precision((truth == name)[order]) if len(order) else 0.0
    # docs/text.md has 0.524, by all photos; chance is 0.006.
    assert np.mean(list(found.values())) == pytest.approx(0.477, abs=0.01)
    assert sum(value > 0.95 for value in found.values()) >= 7
