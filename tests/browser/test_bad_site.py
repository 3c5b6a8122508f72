"""A site of which a file is missing or broken: said at once, by name, and mended by "Try again"."""

import pytest
from conftest import START_UP, opened
from playwright.sync_api import expect

NOISE = (
    "Failed to load resource",
    "Integrity check",
    "MIME type",
    "Failed to fetch",
    "wasm",
    "WebAssembly",
    "ArrayBuffer instantiation",
    "while loading numpy",
)
"""What Chromium and Pyodide themselves write about a file that is not there or not right."""

FILES = {
    "config.json": "config.json",
    "models/mobilenet_v2.onnx": "mobilenet_v2.onnx",
    "models/mobilenet_v2.json": "mobilenet_v2.json",
    "pyodide/numpy-*.whl.gzip": "numpy",
    "pyodide/pyodide.asm.wasm": "pyodide.asm.wasm",
    "ort/ort-wasm-simd-threaded.wasm": "ort-wasm-simd-threaded.wasm",
    "py.zip.gzip": "py.zip",
}


@pytest.mark.parametrize("how", ["missing", "broken"])
@pytest.mark.parametrize("file", FILES)
def test_a_bad_file_is_named(fork, file, how):
    fork.expect_errors(*NOISE)
    path = next(fork.site.folder.glob(file))
    good = path.read_bytes()
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(b"<!doctype html><title>404</title>" * 40)
    fork.open()
    expect(fork.alert.first).to_contain_text(FILES[file], timeout=START_UP)
    expect(fork.alert.first).to_contain_text("Try again")
    path.write_bytes(good)


def test_try_again_works_once_the_file_is_back(fork, query):
    fork.expect_errors(*NOISE)
    path = fork.site.folder / "py.zip.gzip"
    good = path.read_bytes()
    path.unlink()
    fork.open(photos=5)
    expect(fork.alert.first).to_contain_text("py.zip", timeout=START_UP)
    path.write_bytes(good)
    fork.button("Try again").click()
    expect(fork.alert).to_have_count(0)
    fork.begin(query)
    fork.wait_until_done()
    expect(fork.items.first).to_be_visible()


def test_a_photo_dropped_on_a_broken_site_is_answered(browser, site, flickr, query, tmp_path):
    with site.fork(tmp_path) as broken, opened(browser, broken) as look:
        look.expect_errors(*NOISE)
        (broken.folder / "models" / "mobilenet_v2.onnx").unlink()
        look.open()
        look.choose(query)
        expect(look.alert.first).to_contain_text("mobilenet_v2.onnx", timeout=START_UP)
        expect(look.status).not_to_contain_text("Looking")
