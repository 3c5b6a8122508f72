"""A text encoder beside an image network: fitted together, tokenized, run, and used in a search."""

import asyncio
import hashlib
import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest

import pair
import tiny_pair
from lookalike.errors import TextError
from lookalike.images import prepare
from lookalike.model.onnxruntime_native import NativeEncoder, NativeModel
from lookalike.ranking.validate import sample
from lookalike.text.interpret import Interpreter
from lookalike.text.matcher import ByEncoder
from lookalike_build.model import model_files
from lookalike_build.paths import Checkout
from lookalike_build.steps import BuildError

pytestmark = pytest.mark.native

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "models" / "clip.toml").read_text()
LABELS = ["background", "cat, house cat", "sea", "red"]
TEXTS = [
    "a photo of a cat",
    "RED  sea at night!",
    "  café’s 12 Häuser, don't  ",
    "漢字 🐈 x",
    "",
    "sea " * 100,
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a model made of the tiny pair."""
    folder = tmp_path_factory.mktemp("pair")
    recipe = tomllib.loads(tiny_pair.recipe(RECIPE))
    for name, content in pair.convert(recipe, tiny_pair.contents(), LABELS).items():
        (folder / name).write_bytes(content)
    return folder


def test_the_spec_says_what_the_model_is(made):
    spec = NativeModel(made / "clip.onnx").spec
    assert spec.layers == {"image_embeds": (8,), "logits": (4,)}
    assert spec.text.layer == "image_embeds"
    assert spec.text.length == 77
    assert spec.labels == tuple(LABELS)
    told = json.loads((made / "clip.json").read_text())
    assert set(told["sources"]) == set(tiny_pair.NAMES.values())


def test_logits_are_the_cosines_with_the_labels_prompts(made):
    async def run():
        model, encoder = NativeModel(made / "clip.onnx"), NativeEncoder(made / "clip.onnx")
        outputs = await model.run(prepare(sample(), model.spec), ["image_embeds", "logits"])
        image = outputs["image_embeds"][0]
        for place, name in ((1, "cat"), (2, "sea"), (3, "red")):
            text = await encoder.encode(f"a photo of a {name}.")
            cosine = image @ text / np.linalg.norm(image) / np.linalg.norm(text)
            assert outputs["logits"][0][place] == pytest.approx(100 * cosine, abs=1e-3)
        assert outputs["logits"][0][0] == 0

    asyncio.run(run())


def test_texts_are_cut_and_padded_and_encoded(made):
    async def run():
        encoder = NativeEncoder(made / "clip.onnx")
        vectors = [await encoder.encode(text) for text in TEXTS]
        assert all(vector.shape == (8,) and np.isfinite(vector).all() for vector in vectors)
        assert len({vector.tobytes() for vector in vectors}) == len(TEXTS)

    asyncio.run(run())


def test_a_reader_compares_photos_with_what_the_encoder_says(made):
    async def run():
        model, encoder = NativeModel(made / "clip.onnx"), NativeEncoder(made / "clip.onnx")
        reading = await Interpreter(model, encoder=encoder).read("red sea", photo=False)
        assert isinstance(reading.matcher, ByEncoder)
        assert reading.asked == ("red sea", "red", "sea")
        assert reading.problem is None
        image = np.ones(8, np.float32)
        text = await encoder.encode("red sea")
        cosine = text.sum() / np.linalg.norm(text) / np.sqrt(8)
        assert reading.matcher.match(image) == pytest.approx(cosine, abs=1e-5)

    asyncio.run(run())


def test_the_browsers_tokenizer_agrees(made, tmp_path):
    node, modules = shutil.which("node"), ROOT / "site" / "node_modules"
    package = modules / "@huggingface" / "tokenizers" / "dist" / "tokenizers.mjs"
    if node is None or not package.is_file():
        pytest.skip("needs node and site/node_modules")
    program = (
        "const { Tokenizer } = await import(process.argv[1]);"
        "const [content, texts] = JSON.parse(process.argv[2]);"
        "const tokenizer = new Tokenizer(content, {});"
        "console.log(JSON.stringify(texts.map((text) => tokenizer.encode(text).ids)));"
    )
    given = json.dumps([json.loads((made / "clip.tokenizer.json").read_text()), TEXTS])
    command = [node, "--input-type=module", "-e", program, package.as_uri(), given]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    encoder = NativeEncoder(made / "clip.onnx")
    ours = [encoder._tokenizer.encode(text).ids for text in TEXTS]
    assert json.loads(done.stdout) == ours


# -- What goes wrong -------------------------------------------------------------------------------


def test_what_is_missing_or_broken_is_said(made, tmp_path):
    with pytest.raises(TextError, match="could not be loaded"):
        NativeEncoder(tmp_path / "clip.onnx")
    shutil.copytree(made, tmp_path / "model")
    (tmp_path / "model" / "clip.tokenizer.json").write_text("{")
    with pytest.raises(TextError, match="could not be loaded"):
        NativeEncoder(tmp_path / "model" / "clip.onnx")
    shutil.copy(made / "clip.tokenizer.json", tmp_path / "model")
    spec = json.loads((made / "clip.json").read_text())
    del spec["text"]
    (tmp_path / "model" / "clip.json").write_text(json.dumps(spec))
    with pytest.raises(TextError, match="has no text encoder"):
        NativeEncoder(tmp_path / "model" / "clip.onnx")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": tiny_pair.image_network()}, "not input_ids and text_embeds"),
        ({"image": tiny_pair.text_network(9)}, "must take one input, and give image_embeds"),
    ],
)
def test_networks_that_do_not_fit_are_refused(change, message):
    recipe = tomllib.loads(tiny_pair.recipe(RECIPE))
    with pytest.raises(pair.PairError, match=message):
        pair.convert(recipe, tiny_pair.contents() | change, LABELS)


def test_a_pinned_file_must_be_that_one():
    recipe = tomllib.loads(
        tiny_pair.recipe(RECIPE).replace('sha256 = ""', f'sha256 = "{"0" * 64}"')
    )
    with pytest.raises(pair.PairError, match=r"clip-image\.onnx has the sha256"):
        pair.convert(recipe, tiny_pair.contents(), LABELS)


# -- By the build ----------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path):
    """A checkout with a recipe that fits the tiny pair, and its labels."""
    models = tmp_path / "models"
    models.mkdir()
    for path in (ROOT / "models").glob("*.py"):
        shutil.copy(path, models)
    text = "\n".join(LABELS)
    given = tmp_path / "given"
    tiny_pair.make(given)
    (given / "imagenet_labels.txt").write_text(text)
    old = tomllib.loads(RECIPE)["labels"]["sha256"]
    digest = hashlib.sha256(text.encode()).hexdigest()
    (models / "clip.toml").write_text(tiny_pair.recipe(RECIPE).replace(old, digest))
    for name in ("pyproject.toml", ".venv"):
        if (ROOT / name).exists():
            (tmp_path / name).symlink_to(ROOT / name)
    return Checkout(tmp_path)


def test_the_build_fits_the_given_files_together(checkout, made):
    files = model_files(checkout, "clip", [checkout.root / "given"])
    assert set(files) == {"clip.onnx", "clip.text.onnx", "clip.tokenizer.json", "clip.json"}
    assert files["clip.onnx"] == (made / "clip.onnx").read_bytes()
    again = model_files(checkout, "clip", [checkout.root / "given"])
    assert again == files
    # And so does a model that was made before.
    assert model_files(checkout, str(made / "clip.onnx"), []) == files


def test_a_file_that_is_not_given_is_named_with_what_to_do(checkout):
    (checkout.root / "given" / "clip-text.onnx").unlink()
    with pytest.raises(BuildError, match=r"clip-text\.onnx is not there.*--assets DIR"):
        model_files(checkout, "clip", [checkout.root / "given"])
