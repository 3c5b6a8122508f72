"""The whole build by its command, twice: needs what `build_site.py` needs."""

import base64
import gzip
import hashlib
import json
import posixpath
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lookalike_build import archive, bootstrap, bundle
from lookalike_build.paths import Checkout
from plain_python import write_plain

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    """Two builds' files, and what the build printed, for a service of our own."""
    found = []
    for name in ("first", "second"):
        out = tmp_path_factory.mktemp(name) / "dist"
        command = [sys.executable, ROOT / "build_site.py", "--out", out]
        done = subprocess.run(
            [*command, "--flickr-url", "http://localhost:9/rest/"], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        files = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*.*")}
        found.append((files, done.stdout))
    return found


@pytest.fixture(scope="module")
def dist(builds):
    return builds[0][0]


def test_two_builds_are_identical(builds):
    assert builds[0][0] == builds[1][0]


def test_the_manifest_is_what_is_there(dist):
    listed = json.loads(dist["manifest.json"])["files"]
    assert listed == {
        name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in dist.items()
        if name != "manifest.json"
    }


def test_the_total_is_printed_and_small_enough(builds, dist):
    total = sum(map(len, dist.values()))
    assert f"{total:,} bytes" in builds[0][1]

    # What a first visit downloads: no other network than the default, no editor, no words, and
    # nothing for formats that few have.
    config = json.loads(dist["config.json"])
    later = [
        bundle.EDITOR,
        bundle.TIFF,
        "heif/libheif-bundle.mjs",
        "models/words.npz",
        "models/nsfw.onnx",
        *(n for n in dist if n.endswith(".map")),
    ]
    for choice in config["models"][1:]:
        later += [f"models/{choice['name']}.onnx", f"models/{choice['name']}.json"]
    first = [content for name, content in dist.items() if name not in later]
    assert sum(map(len, first)) <= 27_000_000
    # As hosts send it.
    assert sum(len(gzip.compress(content, 9)) for content in first) <= 14_000_000


IMPORTS = """
import { readFileSync } from "node:fs";
const folder = process.argv[1];
const { loadPyodide } = await import(`${folder}/pyodide.mjs`);
const packages = ["numpy", "pillow"];
const places = { indexURL: `${folder}/`, packageBaseUrl: `${folder}/` };
const python = await loadPyodide({ ...places, packages });
const engine = new Uint8Array(readFileSync(`${folder}/py.zip`));
python.unpackArchive(engine, "zip", { extractDir: "/engine" });
python.runPython(readFileSync(0, "utf8"));
"""

EVERYTHING = """
import contextlib, importlib, io, json, pkgutil, sys
sys.path.append("/engine")
# They say something, open a page, or need one around them.
LEFT = {"this", "__hello__", "__phello__", "antigravity", "lookalike.browser"}
failed = []
def load(name):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return importlib.import_module(name)
    except BaseException as error:
        failed.append(f"{name}: {error!r}")
def load_all(path, inside=""):
    for found in pkgutil.iter_modules(path, inside):
        if found.name in LEFT or found.name.endswith("__main__"):
            continue
        module = load(found.name)
        if found.ispkg and module:
            load_all(module.__path__, f"{found.name}.")
load_all([path for path in sys.path if path.endswith(".zip")])
for package in ("numpy", "PIL", "lookalike"):
    load_all(load(package).__path__, f"{package}.")
exec("from numpy import *; from PIL import *", {})
print("MODULES", len(sys.modules))
print("FAILED", json.dumps(failed))
"""


def test_all_that_is_left_of_python_can_be_imported(dist, tmp_path):
    names = [name for name in dist if name.startswith("pyodide/")]
    for name in (*names, "py.zip.gzip"):
        (tmp_path / name.removeprefix("pyodide/")).write_bytes(dist[name])
    write_plain(tmp_path)
    node = bootstrap.node(Checkout(ROOT)).node
    command = [node, "--input-type=module", "-e", IMPORTS, tmp_path]
    done = subprocess.run(command, input=EVERYTHING, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = dict(line.split(" ", 1) for line in done.stdout.splitlines() if line[:1].isupper())
    assert json.loads(told["FAILED"]) == []
    assert int(told["MODULES"]) > 700


def test_the_photos_to_try_are_small_and_those_that_the_page_names(dist):
    files = {name: dist[name] for name in dist if name.startswith("samples/")}
    assert all(1000 < len(content) <= 15_000 for content in files.values())
    page = (ROOT / "site/js/query/samples.js").read_text("utf-8")
    named = re.findall(r'^  \["(\w+)", ', page, re.MULTILINE)
    assert sorted(f"samples/{name}.jpg" for name in named) == sorted(files)


def test_the_networks_to_choose_from_are_there_and_the_first_is_the_default(dist):
    config = json.loads(dist["config.json"])
    choices = config["models"]
    assert [choice["name"] for choice in choices] == ["mobilenet_v2", "efficientnet_lite0"]
    assert config["model"] == choices[0]["name"]
    for choice in choices:
        network = dist[f"models/{choice['name']}.onnx"]
        spec = dist[f"models/{choice['name']}.json"]
        assert choice["bytes"] == len(network) + len(spec) <= 5_000_000
        assert json.loads(spec)["title"] == choice["title"]
        assert choice["description"]
        assert json.loads(spec)["sha256"] == hashlib.sha256(network).hexdigest()


def test_the_classifier_is_small_and_no_choice_to_search_by(dist):
    network = dist["models/nsfw.onnx"]
    spec = json.loads(dist["models/nsfw.json"])
    assert len(network) <= 4_000_000
    assert spec["sha256"] == hashlib.sha256(network).hexdigest()
    assert spec["licence"] == "MIT"
    assert len(spec["unsafe"]["weights"]) == len(spec["labels"]) == 5
    assert "nsfw" not in [choice["name"] for choice in json.loads(dist["config.json"])["models"]]


DEPENDENCIES = """
import { readFileSync } from "node:fs";
import { SourceTextModule } from "node:vm";
const specifiers = process.argv.slice(1).map((path) => {
  const { dependencySpecifiers } = new SourceTextModule(readFileSync(path, "utf8"));
  return [...dependencySpecifiers];
});
console.log(JSON.stringify(specifiers));
"""


@pytest.fixture(scope="module")
def static_imports(dist, tmp_path_factory):
    """What each module of the page imports by `import … from`, as a JavaScript engine reads it."""
    folder = tmp_path_factory.mktemp("modules")
    names = [name for name in dist if name.startswith(("js/", "sw.js")) and name.endswith(".js")]
    paths = [folder / f"{i}.js" for i in range(len(names))]
    for path, name in zip(paths, names, strict=True):
        path.write_bytes(dist[name])
    node = bootstrap.node(Checkout(ROOT)).node
    command = [node, "--experimental-vm-modules", "--input-type=module", "-e", DEPENDENCIES]
    done = subprocess.run([*command, *paths], capture_output=True, check=True)
    return dict(zip(names, json.loads(done.stdout), strict=True))


def test_no_module_imports_another_statically(static_imports):
    # In a worker, Firefox checks static imports against worker-src, which is blob: alone.
    assert set(bundle.ALWAYS) - {bundle.STYLES} <= static_imports.keys()
    assert static_imports == {name: [] for name in static_imports}


def test_the_page_is_a_few_files(dist):
    page = {name for name in dist if name.startswith(("js/", "css/", "sw.js"))}
    assert page == {end for name in bundle.ALWAYS for end in (name, f"{name}.map")}


def test_source_maps_name_the_sources_as_the_repository_does(dist):
    for name in bundle.ALWAYS:
        sources = json.loads(dist[f"{name}.map"])["sources"]
        places = [posixpath.normpath(posixpath.join(posixpath.dirname(name), s)) for s in sources]
        assert places
        assert [place for place in places if not (ROOT / "site" / place).is_file()] == []


def test_packages_behind_a_link_are_bundled_with_all_that_they_import(tmp_path):
    checkout = Checkout(ROOT)
    linked = Checkout(tmp_path)
    linked.site.mkdir()
    packages = (checkout.site / "node_modules").resolve()
    (linked.site / "node_modules").symlink_to(packages, target_is_directory=True)
    bundle.make(linked, bootstrap.node(checkout), checkout.site, [bundle.TIFF], tmp_path / "out")
    # What unpacks TIFF files is imported when it is needed, and no file beside this one has it.
    assert b"import(" not in (tmp_path / "out" / bundle.TIFF).read_bytes()


def test_the_code_editor_is_loaded_when_it_is_opened(dist):
    assert len(dist[bundle.EDITOR]) <= 450_000
    assert b"codemirror" not in dist[bundle.PAGE].lower()
    assert b'import("./editor/code-editor.js")' in dist[bundle.PAGE]


POLICY = {
    "default-src": "'none'",  # what no other line names is fetched from nowhere
    # The page's modules; wasm is compiled, and never text evaluated. Workers start from a blob:
    # only so do they inherit this policy (one started by its URL would have none).
    # The hash is that of the script of the engine's frame.
    "script-src": None,
    "worker-src": "blob:",  # for the same reason: one started by its URL has no policy
    "style-src": "'self'",  # the page's style sheet, and none in its markup
    "img-src": "'self' blob: data:",  # icons, decoded photos; services see no views
    "connect-src": "'self' blob:",  # this site; the services are the courier's frame's alone
    "frame-src": "'self'",  # that frame, and the one that registers the service worker
    "manifest-src": "'self'",  # what an installed page is called
    "base-uri": "'none'",  # addresses in the page cannot be bent to elsewhere
    "form-action": "'none'",  # forms send nothing
}


def test_the_policy_has_these_directives_for_these_reasons(dist):
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', dist["index.html"].decode())
    directives = dict(part.strip().split(" ", 1) for part in found[1].split(";"))
    assert directives.keys() == POLICY.keys()
    assert {name: POLICY[name] or directives[name] for name in directives} == directives
    script = re.search(r'id="engine-frame"[^>]*>(.*?)</script>', dist["index.html"].decode(), re.S)
    hashed = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert directives["script-src"] == f"'self' 'wasm-unsafe-eval' blob: 'sha256-{hashed}'"


def test_the_couriers_policy_lists_the_services(dist):
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', dist["courier.html"].decode())
    directives = dict(part.strip().split(" ", 1) for part in found[1].split(";"))
    assert directives["default-src"] == "'none'"
    services = {"https://api.openverse.org", "https://commons.wikimedia.org", "http://localhost:9"}
    assert services <= set(directives["connect-src"].split())


def test_the_scorers_are_there_as_they_are_in_the_repository(dist):
    assert dist["score.py"] == (ROOT / "py" / "score.py").read_bytes()
    listed = json.loads(dist["scorers/index.json"])
    assert {entry["file"] for entry in listed} == {
        p.name for p in (ROOT / "py/scorers").glob("*.py")
    }
    for entry in listed:
        assert set(entry) == {"file", "title", "line"}
        assert (
            dist[f"scorers/{entry['file']}"] == (ROOT / "py/scorers" / entry["file"]).read_bytes()
        )


def test_pyodides_lock_names_only_files_that_are_there(dist):
    lock = json.loads(dist["pyodide/pyodide-lock.json"])
    config = json.loads(dist["config.json"])
    assert config["packages"] == list(lock["packages"])
    for entry in lock["packages"].values():
        wheel = gzip.decompress(dist[f"pyodide/{entry['file_name']}.gzip"])
        assert hashlib.sha256(wheel).hexdigest() == entry["sha256"]
        assert [name for name in archive.unpack(wheel) if name.endswith("__init__.pyc")]


def test_the_archive_holds_the_engine_and_nothing_of_the_build(dist):
    names = archive.unpack(gzip.decompress(dist["py.zip.gzip"])).keys()
    assert "lookalike/search/loop.pyc" in names
    # score.py lies beside it, once: the one that the editor shows is the one that runs.
    assert all(name.startswith("lookalike/") for name in names)


def test_the_configuration(dist):
    config = json.loads(dist["config.json"])
    assert config["flickr_url"] == "http://localhost:9/rest/"
    assert config["openverse_url"] == "https://api.openverse.org/v1/images/"
    assert config["commons_url"] == "https://commons.wikimedia.org/w/api.php"
    assert (
        config["engine_version"]
        == hashlib.sha256(gzip.decompress(dist["py.zip.gzip"])).hexdigest()[:12]
    )
    assert {f"models/{config['model']}.onnx", f"models/{config['model']}.json"} <= dist.keys()


def test_no_file_of_another_origin_is_named_in_the_page(dist):
    html = dist["index.html"].decode()
    assert "@CONNECT@" not in dist["courier.html"].decode()
    assert "@ENGINE_FRAME" not in html
    assert "http://localhost:9" not in html
    for tag in ("<script src=", "<link "):
        assert f'{tag}"http' not in html
