"""The build's own web server, over real connections."""

import threading
import urllib.error
import urllib.request

import pytest

from lookalike_build import serve
from lookalike_build.steps import BuildError

TYPES = {
    "index.html": "text/html",
    "pyodide/pyodide.asm.wasm": "application/wasm",
    "pyodide/pyodide.mjs": "text/javascript",
    "js/main.js": "text/javascript",
    "css/base.css": "text/css",
    "config.json": "application/json",
    "icon.svg": "image/svg+xml",
    "models/mobilenet_v2.onnx": "application/octet-stream",
    "pyodide/numpy.whl": "application/zip",
    "py.zip": "application/zip",
}


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    for name in TYPES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    with serve.make_server(folder) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.mark.parametrize(("name", "expected"), TYPES.items())
def test_mime_types(url, name, expected):
    with urllib.request.urlopen(url + name) as answer:
        assert answer.headers.get_content_type() == expected
        assert answer.read() == name.encode()


def test_the_folder_itself_is_its_page(url):
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"index.html"


def test_reload_sees_a_rebuilt_file(url):
    with urllib.request.urlopen(url + "js/main.js") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


def test_what_is_not_there_is_404(url):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(url + "nothing.js")


def test_nothing_outside_the_folder_is_served(url):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(url + "../../../../etc/passwd")


def test_a_taken_port_is_an_error_that_says_what_to_do(tmp_path, url):
    port = int(url.rsplit(":")[-1].strip("/"))
    with pytest.raises(BuildError, match=f"Port {port} is not free .* give another --port"):
        serve.make_server(tmp_path, port)


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"DISPLAY": ":0", "CI": "true"}, False),
        ("darwin", {}, True),
    ],
)
def test_a_browser_is_opened_only_where_there_is_one(monkeypatch, platform, environment, expected):
    for name in ("CI", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(serve.sys, "platform", platform)
    assert serve._has_browser() is expected
