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
from kinds import BESIDE, Nouns
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


def packed(name, data):
    """A Node package with one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def package(vocabulary, dimensions=6):
    """A package as the recipe's is: words by frequency, each row with two numbers more."""
    random = np.random.default_rng(0)
    vectors = {word: random.standard_normal(dimensions).round(4).tolist() for word in vocabulary}
    rows = {word: [*vector, 1.0, place] for place, (word, vector) in enumerate(vectors.items())}
    content = {"dimensions": dimensions, "words": list(vocabulary), "vectors": rows}
    return packed("package/vectors.json", json.dumps(content).encode()), vectors


NOUNS = """\
  1 This file may be given on
  2 with these lines.
00000001 03 n 01 entity 0 000 | all there is
00000002 05 n 02 fish 0 water_animal 0 001 @ 00000001 n 0000 | it swims
00000003 05 n 02 tench 0 Tinca_tinca 0 002 @ 00000002 n 0000 + 00000009 v 0101 | a fish | of lakes
00000004 05 n 01 white_shark 0 002 @ 00000002 n 0000 #m 00000003 n 0000 | a fish of seas
00000005 06 n 01 machine 0 001 @ 00000001 n 0000 | it works
00000006 06 n 01 crane 0 001 @ 00000005 n 0000 | it lifts
00000007 05 n 01 bird 0 001 @ 00000001 n 0000 | it flies
00000008 05 n 01 crane 1 001 @ 00000007 n 0000 | it wades
00000009 05 n 01 heron 0 001 @ 00000007 n 0000 | it wades, too
00000010 06 n 01 digger 0 001 @ 00000005 n 0000 | it digs
00000011 05 n 01 Moby_Dick 0 001 @i 00000002 n 0000 | a single one
"""
"""A little of what WordNet has, and as it has it."""


def recipe(archives, count=8, most=5):
    def integrity(archive):
        return f"sha512-{base64.b64encode(hashlib.sha512(archive).digest()).decode()}"

    return {
        "source": {"integrity": integrity(archives["source"]), "file": "package/vectors.json"},
        "kinds": {
            "integrity": integrity(archives["kinds"]),
            "file": "package/data.noun",
            "most": most,
        },
        "words": {"count": count, "candidates": 12, "nearness": 10.0},
        "vectors": {"dimensions": 6, "levels": 15},
    }


def packages():
    """Both packages, and the vectors that the one has."""
    archive, vectors = package(VOCABULARY)
    return {"source": archive, "kinds": packed("package/data.noun", NOUNS.encode())}, vectors


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
    "fish",
]
LABELS = ["background", "tench, Tinca tinca", "great white shark"]


def test_the_classes_words_come_first_and_the_table_reads_back():
    archives, vectors = packages()
    made = words.make(recipe(archives), archives, LABELS)
    table = WordVectors.from_bytes(made)
    with np.load(io.BytesIO(made)) as stored:
        kept = stored["words"].tobytes().decode().split("\n")
        assert stored["vectors"].dtype == np.int8
        assert np.abs(stored["vectors"]).max() == 15
        assert stored["notice"].tobytes() == b"This file may be given on\nwith these lines."
    assert kept[:3] == ["tench", "shark", "fish"]
    assert len(kept) == len(table) == 8
    assert not {",", "x1", "a"} & set(kept)
    assert [list(table.kinds(label)) for label in LABELS] == [[], ["fish", "entity"], []]
    middle = np.mean(list(vectors.values()), axis=0)
    for word in ("tench", "shark"):
        exact = np.array(vectors[word]) - middle
        cosine = table.phrase(word).vector @ exact / np.linalg.norm(exact)
        assert cosine > 0.99


def test_the_same_packages_give_the_same_bytes():
    archives, _ = packages()
    one, other = (words.make(recipe(archives), archives, LABELS) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("which", ["source", "kinds"])
def test_another_package_is_refused(which):
    archives, _ = packages()
    wrong = recipe(archives)
    wrong[which]["integrity"] = "sha512-AAAA"
    with pytest.raises(SystemExit, match="not the one that was pinned"):
        words.make(wrong, archives, LABELS)


def test_the_command_line(tmp_path, capsys):
    archives, _ = packages()
    options = ["--labels", tmp_path / "labels.txt"]
    for name, archive in archives.items():
        (tmp_path / f"{name}.tgz").write_bytes(archive)
        options += [f"--{name}", tmp_path / f"{name}.tgz"]
    (tmp_path / "labels.txt").write_text("\n".join(LABELS))
    made = recipe(archives)
    lines = []
    for section, values in made.items():
        lines.append(f"[{section}]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    (tmp_path / "words.toml").write_text("\n".join(lines))
    out = tmp_path / "words.npz"
    words.main([str(part) for part in (tmp_path / "words.toml", *options, "--out", out)])
    assert f"{out.stat().st_size:,} bytes" in capsys.readouterr().out
    assert len(WordVectors.from_bytes(out.read_bytes())) == 8


# -- Of what kinds classes are ---------------------------------------------------------------------


def test_kinds_are_all_that_is_above_the_nearest_first():
    nouns = Nouns(NOUNS.encode())
    assert nouns.kinds(["tench, Tinca tinca", "Moby Dick", "nobody knows it"], most=9) == [
        ["fish", "entity"],
        ["fish", "entity"],
        [],
    ]


def test_a_kind_that_takes_in_nearly_all_classes_is_not_named():
    nouns = Nouns(NOUNS.encode())
    assert nouns.kinds(["tench", "white shark", "digger"], most=2) == [
        ["fish"],
        ["fish"],
        ["machine"],
    ]


def test_of_several_nouns_the_one_like_the_classes_beside_it_is_meant():
    nouns = Nouns(NOUNS.encode())
    fill = ["tench"] * BESIDE
    labels = ["heron", "crane", *fill, "digger", "crane"]
    kinds = nouns.kinds(labels, most=99)
    assert kinds[1] == ["bird", "entity"]
    assert kinds[-1] == ["machine", "entity"]


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


def test_it_knows_of_what_kinds_the_classes_are(table):
    assert "dog" in table.kinds("golden retriever")
    assert "fruit" in table.kinds("Granny Smith")
    assert not {"entity", "object"} & set(table.kinds("toaster"))
    with np.load(TABLE) as stored:
        assert b"Princeton University" in stored["notice"].tobytes()


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
    # docs/text.md has 0.574, by all photos; chance is 0.006.
    assert np.mean(list(found.values())) == pytest.approx(0.507, abs=0.01)
    assert sum(value > 0.95 for value in found.values()) >= 6
