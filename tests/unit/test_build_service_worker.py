"""What the build tells the service worker, and the icons and the web app manifest."""

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from lookalike_build import draw_icon, icons
from lookalike_build.build import parser
from lookalike_build.fetch import sha256
from lookalike_build.paths import Checkout
from lookalike_build.service_worker import shell_files, start_files, with_worker
from lookalike_build.steps import BuildError

SITE = Path(__file__).parents[2] / "site"
FILES = {
    "index.html": b'<html data-version="@VERSION@">',
    "config.json": b"{}",
    "app.webmanifest": (SITE / "app.webmanifest").read_bytes(),
    "sw.js": b"code();\n",
    "sw.js.map": b"{}",
    "sw.html": b"frame",
    "js/offline/register.js": b"",
    "js/offline/register.js.map": b"{}",
    "js/main.js": b"",
    "js/main.js.map": b"{}",
    "js/editor/code-editor.js": b"",
    "js/safety/worker.js": b"",
    "pyodide/pyodide.mjs": b"py",
    "ort/ort.wasm": b"ort",
    "py.zip.gzip": b"zip!",
    "score.py": b"",
    "scorers/index.json": b"[]",
    "models/net.onnx": b"network",
    "models/net.json": b"{}",
    "models/other.onnx": b"",
    "models/words.npz": b"",
    "models/nsfw.onnx": b"",
    "models/nsfw.json": b"{}",
    "icons/icon-192.png": b"",
}


def told(files):
    code, version = files["sw.js"].decode().split("self.lookalike = ")
    assert code == "code();\n"
    return json.loads(version.rstrip(";\n"))


class TestVersion:
    def test_it_lists_every_other_file_as_it_is_published(self):
        files = with_worker(FILES, "net", on=True)
        version = told(files)
        assert set(version["files"]) == FILES.keys() - {"sw.js", "sw.js.map"}
        for name, listed in version["files"].items():
            assert listed == {"size": len(files[name]), "sha256": sha256(files[name])}

    def test_the_page_says_the_same_name(self):
        files = with_worker(FILES, "net", on=True)
        name = re.search('data-version="(.*?)"', files["index.html"].decode())[1]
        assert name == told(files)["name"]
        assert re.fullmatch("[0-9a-f]{16}", name)

    def test_another_file_makes_another_version(self):
        names = {
            told(with_worker({**FILES, "py.zip.gzip": zipped}, "net", on=True))["name"]
            for zipped in (b"one", b"two")
        }
        assert len(names) == 2

    def test_the_page_and_the_engines_start_are_told_apart(self):
        start = start_files(FILES, "net")
        assert start == [
            "models/net.json",
            "models/net.onnx",
            "ort/ort.wasm",
            "py.zip.gzip",
            "pyodide/pyodide.mjs",
        ]
        shell = shell_files(FILES.keys() - {"sw.js", "sw.js.map"}, start)
        assert shell == [
            "app.webmanifest",
            "config.json",
            "index.html",
            "js/main.js",
            "js/offline/register.js",
            "sw.html",
        ]

    def test_the_page_is_told_what_a_start_downloads(self):
        config = json.loads(with_worker(FILES, "net", on=False)["config.json"])
        assert config == {"start": {"ort.wasm": 3, "py.zip.gzip": 4, "pyodide.mjs": 2}}

    def test_without_one_an_earlier_one_goes_away_and_nothing_registers_another(self):
        files = with_worker(FILES, "net", on=False)
        assert told(files) is None
        assert b'data-version=""' in files["index.html"]
        assert not files.keys() & {"sw.html", "js/offline/register.js"}
        assert "share_target" not in json.loads(files["app.webmanifest"])

    def test_a_page_without_a_place_for_its_version_is_an_error(self):
        with pytest.raises(BuildError, match="@VERSION@"):
            with_worker({**FILES, "index.html": b"<html>"}, "net", on=True)

    def test_it_can_be_chosen(self):
        assert parser().parse_args([]).service_worker is None
        assert parser().parse_args(["--serve", "--service-worker"]).service_worker is True
        assert parser().parse_args(["--no-service-worker"]).service_worker is False


class TestWebApp:
    def test_it_stays_in_its_folder_and_names_icons_that_are_there(self):
        told = json.loads(FILES["app.webmanifest"])
        assert told["start_url"] == told["scope"] == "./"
        assert not told["share_target"]["action"].startswith("/")
        pictures = [icon for icon in told["icons"] if icon["type"] == "image/png"]
        assert {icon["src"] for icon in pictures} <= {f"icons/{name}" for name in icons.ICONS}
        for icon in pictures:
            size = re.search(r"\d+", icon["src"])[0]
            assert icon["sizes"] == f"{size}x{size}"

    def test_the_icons_are_the_drawing(self):
        shapes = draw_icon.rectangles((SITE / "icon.svg").read_text())
        for full in (False, True):
            image = draw_icon.icon(shapes, 160, full=full)
            assert image.size == (160, 160)
            assert (image.getpixel((0, 0))[3] == 255) is full
            middle = image.getpixel((80, 80))
            assert middle[:3] == image.getpixel((80, 8))[:3], "the overlap shows the background"
            seen = {image.getpixel(at)[:3] for at in ((50, 50), (110, 110))}
            assert len(seen | {middle[:3]}) == 3

    def test_another_drawing_is_an_error(self):
        with pytest.raises(ValueError, match="1 rectangles"):
            draw_icon.rectangles('<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>')

    @pytest.mark.native
    def test_the_build_draws_them_all(self):
        files = icons.icon_files(Checkout(SITE.parent))
        for name, content in files.items():
            size = int(re.search(r"\d+", name)[0])
            assert Image.open(io.BytesIO(content)).size == (size, size)


def test_the_pages_policy_lets_no_worker_start_by_its_address():
    policies = {
        name: re.search('Content-Security-Policy" content="(.*?)"', (SITE / name).read_text())[1]
        for name in ("index.html", "sw.html")
    }
    assert "worker-src blob:;" in policies["index.html"]
    # In the frame nothing runs but what registers the service worker: it can reach nothing.
    assert policies["sw.html"] == (
        "default-src 'none'; script-src 'self'; worker-src 'self'; base-uri 'none';"
        " form-action 'none'"
    )
    assert re.findall("<script[^>]*>", (SITE / "sw.html").read_text()) == [
        '<script type="module" src="js/offline/register.js">'
    ]
