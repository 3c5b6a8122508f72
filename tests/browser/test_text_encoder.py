"""A model that encodes text, in a browser: tokenized, run, and compared with photos."""

import asyncio
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conftest import ROOT, Site, opened
from playwright.sync_api import expect

import tiny_model
import tiny_pair
from lookalike.images import open_image, prepare
from lookalike.model.onnxruntime_native import NativeEncoder, NativeModel

WORDS = "a photo of the RED sea, at night"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """The tiny model, with a tiny encoder whose texts lie where its `avg_pool` does."""
    folder = tmp_path_factory.mktemp("encoding")
    tiny_model.make(folder)
    path = folder / f"{tiny_model.NAME}.onnx"
    files = tiny_pair.contents()
    path.with_suffix(".text.onnx").write_bytes(files["text"])
    path.with_suffix(".tokenizer.json").write_bytes(files["tokenizer"])
    spec = json.loads(path.with_suffix(".json").read_text())
    end = tiny_pair.end()
    spec["text"] = {"layer": "avg_pool", "length": tiny_pair.LENGTH, "pad": end, "end": end}
    path.with_suffix(".json").write_text(json.dumps(spec))
    return path


@pytest.fixture(scope="module")
def encoding_site(model, flickr_server, tmp_path_factory):
    out = tmp_path_factory.mktemp("site") / "encoding"
    command = [sys.executable, "build_site.py", "--out", out, "--flickr-url", flickr_server.url]
    # Its service worker would not hand out a file that a test has broken.
    options = ["--model", model, "--no-service-worker"]
    subprocess.run([*command, *options], cwd=ROOT, check=True)
    with Site(out) as site:
        yield site


def cosine(model, words, photo):
    async def compute():
        text = await NativeEncoder(model).encode(words)
        network = NativeModel(model)
        outputs = await network.run(prepare(open_image(photo), network.spec), ["avg_pool"])
        image = outputs["avg_pool"][0]
        return float(image @ text / np.linalg.norm(image) / np.linalg.norm(text))

    # Playwright keeps an event loop running in this thread.
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, compute()).result()


def test_scores_are_the_cosines_of_text_and_photos(browser, encoding_site, flickr, model):
    with opened(browser, encoding_site, alone=True) as look:
        fetched = []
        look.page.context.on("request", lambda request: fetched.append(request.url))
        look.open(photos=12, seed=1)
        expect(look.status).to_contain_text("Ready", timeout=90_000)
        later = ("tiny.text.onnx", "tiny.tokenizer.json", "tokenizer.js", "words.npz")
        assert not [url for url in fetched if url.endswith(later)]
        look.page.get_by_role("textbox", name="Or describe it in words").fill(WORDS)
        look.page.keyboard.press("Enter")
        look.wait_until_done()
        expect(look.items.nth(4)).to_be_visible()
        assert {url.rsplit("/", 1)[1] for url in fetched if url.endswith(later)} == set(later[:3])
        cards = look.items.evaluate_all(
            "(cards) => cards.map((card) => [card.querySelector('a').href,"
            " card.querySelector('.score').textContent])"
        )
        for href, shown in cards:
            photo = flickr.photo_of(re.search(r"/(\d+)$", href)[1])
            assert float(shown) == pytest.approx(cosine(model, WORDS, photo.read()), abs=2e-3)
        expect(look.page.locator("#query-note")).to_be_empty()


def test_an_encoder_that_is_broken_is_said_and_the_classes_serve(
    browser, encoding_site, flickr, tmp_path
):
    with encoding_site.fork(tmp_path) as fork, opened(browser, fork) as look:
        (fork.folder / "models" / "tiny.tokenizer.json").write_text("{")
        look.open(photos=12, seed=1, at="?q=cat")
        look.wait_until_done()
        expect(look.page.locator("#query-note")).to_contain_text("tiny.tokenizer.json is broken")
        expect(look.items.first).to_be_visible()
