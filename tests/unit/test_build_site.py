"""What the build puts into dist/, from small folders made here."""

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from lookalike.browser.protocol import ServiceChoice
from lookalike.sources import commons, flickr, openverse, wellcome
from lookalike_build import archive, scorers, site, wheels
from lookalike_build.build import main, parser
from lookalike_build.fetch import sha256
from lookalike_build.model import model_choice, model_choices, model_files
from lookalike_build.paths import Checkout
from lookalike_build.services import FLICKR, OPENVERSE, SERVICES, configured
from lookalike_build.steps import BuildError

ROOT = Path(__file__).parents[2]
ABSOLUTE = re.compile(
    r"""(?:(?:src|href|action)\s*=|url\(|from|import\(?|fetch\(|URL\()\s*["'`]?/(?![/*])"""
)
PAGE = (
    "<meta content=\"script-src '@ENGINE_FRAME_HASH@'\"><script>@ENGINE_FRAME@</script>"
    "<script type=application/json>@SERVICES@</script>"
)
COURIER = '<meta http-equiv=Content-Security-Policy content="connect-src @CONNECT@">'
FRAME = "addEventListener('message', start);"


@pytest.fixture
def page(tmp_path):
    folder = tmp_path / "site"
    (folder / "js" / "page").mkdir(parents=True)
    (folder / "node_modules" / "pyodide").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "courier.html").write_text(COURIER)
    (folder / "js" / "engine").mkdir()
    (folder / "js" / "engine" / "frame.js").write_text(FRAME)
    (folder / "js" / "page" / "app.js").write_text("export {};")
    (folder / "icon.svg").write_text("<svg/>")
    for name in ("package.json", "package-lock.json", "jsconfig.json", ".DS_Store"):
        (folder / name).write_text("{}")
    (folder / "node_modules" / "pyodide" / "pyodide.mjs").write_text("")
    return folder


class TestPage:
    def test_only_what_is_the_page_is_shipped(self, page):
        assert set(site.page_files(page, SERVICES)) == {"index.html", "courier.html", "icon.svg"}

    def test_the_services_origins_join_the_policy_each_once(self, page):
        html = site.page_files(page, SERVICES)["courier.html"].decode()
        policy = re.search(r"connect-src ([^\"]*)\"", html)[1].split()
        assert set(policy) == {
            "https://api.openverse.org",
            "https://commons.wikimedia.org",
            "https://upload.wikimedia.org",
            "https://thumb.wikimedia.org",
            "https://api.flickr.com",
            "https://live.staticflickr.com",
            "https://*.staticflickr.com",
            "https://api.wellcomecollection.org",
            "https://iiif.wellcomecollection.org",
        }
        assert len(policy) == len(set(policy))
        assert "@" not in html

    def test_they_are_the_ones_that_the_sources_ask(self):
        defaults = {
            "flickr": flickr,
            "openverse": openverse,
            "commons": commons,
            "wellcome": wellcome,
        }
        for service in SERVICES:
            assert service.url == defaults[service.name].API_URL
            assert service.url.startswith(service.origins[0] + "/")
        assert configured(SERVICES)["commons_url"] == "https://commons.wikimedia.org/w/api.php"

    def test_another_services_origin_takes_their_place(self, page):
        services = [FLICKR.at("http://127.0.0.1:8123/services/rest/?x=1")]
        html = site.page_files(page, services)["courier.html"].decode()
        assert 'connect-src http://127.0.0.1:8123"' in html
        assert "flickr" not in html

    @pytest.mark.parametrize("name", ["index.html", "courier.html"])
    @pytest.mark.parametrize("html", [None, "<p>No policy</p>"])
    def test_a_page_without_a_place_for_them_is_an_error(self, page, name, html):
        (page / name).unlink()
        if html:
            (page / name).write_text(html)
        with pytest.raises(BuildError, match=rf"{name} is missing or lacks @"):
            site.page_files(page, SERVICES)

    def test_the_engines_frame_is_in_the_page_and_its_hash_in_the_policy(self, page):
        html = site.page_files(page, SERVICES)["index.html"].decode()
        hashed = b64encode(hashlib.sha256(FRAME.encode()).digest()).decode()
        assert html.startswith(f"<meta content=\"script-src 'sha256-{hashed}'\">")
        assert f"<script>{FRAME}</script>" in html

    def test_what_it_says_of_the_services_is_in_the_page_before_any_request(self, page):
        html = site.page_files(page, SERVICES)["index.html"].decode()
        (told,) = re.findall("<script type=application/json>(.*)</script>", html)
        choices = [ServiceChoice(**service) for service in json.loads(told)]
        assert choices == [
            ServiceChoice(
                *(can.name, can.title, can.key, sorted(can.filters), can.per_minute, can.per_day)
            )
            for can in (service.can for service in SERVICES)
        ]
        for service, choice in zip(configured(SERVICES)["services"], choices, strict=True):
            assert asdict(choice).items() <= service.items()

    def test_no_title_of_a_service_ends_the_element_that_it_is_in(self, page):
        odd = replace(FLICKR, can=replace(FLICKR.can, title="</script><b>"))
        html = site.page_files(page, [odd])["index.html"].decode()
        assert html.count("</script>") == 2
        (told,) = re.findall("<script type=application/json>(.*)</script>", html)
        assert json.loads(told)[0]["title"] == "</script><b>"

    @pytest.mark.parametrize(
        "url",
        ["localhost:8000", "ftp://host/", "https://", "http://a b/", "http://host/;script-src *"],
    )
    def test_a_service_must_be_a_whole_address(self, url):
        with pytest.raises(BuildError, match=r"--openverse-url .*give a whole address"):
            OPENVERSE.at(url)

    def test_a_password_in_the_address_does_not_reach_the_policy(self):
        assert FLICKR.at("https://me:secret@host:81/rest/").origins == ("https://host:81",)


FILES = {"index.html": b"<p>", "js/main.js": b"1", "pyodide/a.whl": b"\x00" * 1000}


class TestOutput:
    def test_the_manifest_lists_every_file_as_it_is(self, tmp_path):
        total = site.write(FILES, tmp_path / "dist")
        found = {
            path.relative_to(tmp_path / "dist").as_posix(): path.read_bytes()
            for path in (tmp_path / "dist").rglob("*")
            if path.is_file()
        }
        assert total == sum(map(len, found.values()))
        listed = json.loads(found.pop("manifest.json"))
        assert found == FILES
        assert listed["total"] == 1004
        assert listed["files"] == {
            name: {"size": len(content), "sha256": sha256(content)}
            for name, content in found.items()
        }

    def test_an_earlier_build_is_replaced_whole(self, tmp_path):
        site.write({**FILES, "old.js": b"0"}, tmp_path / "dist")
        site.write(FILES, tmp_path / "dist")
        assert not (tmp_path / "dist" / "old.js").exists()
        assert [path.name for path in tmp_path.iterdir()] == ["dist"]

    def test_a_folder_of_other_things_is_left_alone(self, tmp_path):
        (tmp_path / "thesis.txt").write_text("years of work")
        with pytest.raises(BuildError, match="holds other things"):
            site.write(FILES, tmp_path)
        assert (tmp_path / "thesis.txt").read_text() == "years of work"

    @pytest.mark.parametrize("manifest", ['{"name": "My app"}', '{"files": ["a"]}', "[]", "\x00"])
    def test_so_is_one_with_a_manifest_of_another_program(self, tmp_path, manifest):
        (tmp_path / "manifest.json").write_text(manifest)
        (tmp_path / "app.js").write_text("years of work")
        with pytest.raises(BuildError, match="holds other things"):
            site.write(FILES, tmp_path)
        assert (tmp_path / "app.js").read_text() == "years of work"

    def test_what_was_put_beside_an_earlier_build_stays(self, tmp_path):
        dist = tmp_path / "dist"
        site.write({**FILES, "old/old.js": b"0"}, dist)
        (dist / ".git" / "refs" / "tags").mkdir(parents=True)
        kept = ["CNAME", ".git/HEAD", "js/own.js", "old/own.txt", "new/own.txt"]
        for name in kept:
            (dist / name).parent.mkdir(exist_ok=True)
            (dist / name).write_text(name)
        (dist / "js" / "main.js").write_text("changed by hand")
        site.write({**FILES, "new/new.js": b"1"}, dist)
        assert [(dist / name).read_text() for name in kept] == kept
        assert (dist / ".git" / "refs" / "tags").is_dir()
        assert (dist / "js" / "main.js").read_bytes() == FILES["js/main.js"]
        assert (dist / "new" / "new.js").read_bytes() == b"1"
        assert not (dist / "old" / "old.js").exists()
        assert [path.name for path in tmp_path.iterdir()] == ["dist"]

    def test_a_file_is_no_folder_to_build(self, tmp_path):
        (tmp_path / "dist").write_text("a file")
        for out in (tmp_path / "dist", tmp_path / "dist" / "inner"):
            with pytest.raises(BuildError, match="give another --out"):
                site.write(FILES, out)
        assert (tmp_path / "dist").read_text() == "a file"

    def test_what_could_not_be_written_leaves_the_earlier_build_and_nothing_else(self, tmp_path):
        site.write(FILES, tmp_path / "dist")
        with pytest.raises(BuildError, match="cannot be written"):
            site.write({**FILES, "js": b"where a folder is"}, tmp_path / "dist")
        assert (tmp_path / "dist" / "index.html").is_file()
        assert [path.name for path in tmp_path.iterdir()] == ["dist"]

    def test_an_empty_folder_is_used(self, tmp_path):
        site.write(FILES, tmp_path)
        assert (tmp_path / "index.html").is_file()

    def test_a_missing_runtime_file_is_an_error_that_says_what_to_do(self, tmp_path):
        with pytest.raises(BuildError, match="remove site/node_modules and build again"):
            site.runtime_files(tmp_path)


class TestArchive:
    def test_the_same_files_give_the_same_bytes_in_any_order(self):
        files = {"b/two.py": b"2" * 99, "a/one.py": b"1"}
        assert archive.pack(files) == archive.pack(dict(reversed(files.items())))
        assert archive.unpack(archive.pack(files)) == files

    def test_only_python_files_are_taken(self, tmp_path):
        for name in ("score.py", "other.py", "lookalike/a/b.py", "lookalike/__pycache__/b.pyc"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(name)
        found = archive.sources(tmp_path, "score.py", "lookalike")
        assert found == {"score.py": b"score.py", "lookalike/a/b.py": b"lookalike/a/b.py"}

    def test_what_does_not_belong_in_the_browser_is_left_out(self, tmp_path):
        for name in ("a.py", "native.py", "evaluate/b.py"):
            (tmp_path / "lookalike" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "lookalike" / name).write_text(name)
        without = ("lookalike/evaluate", "lookalike/native.py")
        assert set(archive.sources(tmp_path, "lookalike", without=without)) == {"lookalike/a.py"}


OFFICIAL = {
    "info": {"python": "3.14.2"},
    "packages": {
        name: {"name": title, "file_name": f"{name}.whl", "sha256": "0" * 64, "depends": []}
        for name, title in {
            "numpy": "numpy",
            "pillow": "Pillow",
            "pyodide-http": "pyodide-http",
            "scipy": "scipy",
        }.items()
    },
}

WHEELS = {"numpy.whl": b"n", "pillow.whl": b"p", "pyodide-http.whl": b"h"}


class TestLock:
    def test_it_lists_just_what_is_shipped_with_its_sums(self):
        lock = wheels.own_lock(OFFICIAL, WHEELS)
        assert lock["info"] == {"python": "3.14.2"}
        assert set(lock["packages"]) == {"numpy", "pillow", "pyodide-http"}
        for name, entry in lock["packages"].items():
            assert entry["name"] == name
            assert entry["sha256"] == sha256(WHEELS[entry["file_name"]])

    def test_a_wheel_that_is_not_there_is_an_error(self):
        with pytest.raises(BuildError, match=r"pillow: pillow\.whl is not among the wheels"):
            wheels.own_lock(OFFICIAL, {"numpy.whl": b"n"})

    def test_a_broken_node_package_is_an_error(self, tmp_path):
        with pytest.raises(BuildError, match="remove site/node_modules"):
            wheels.pyodide_lock(Checkout(tmp_path))


class TestModel:
    def test_an_unknown_recipe_is_an_error_that_names_those_there_are(self):
        with pytest.raises(BuildError, match=r"there are clip, efficientnet_lite0, mobilenet_v2$"):
            model_files(Checkout(ROOT), "resnet", [])

    def test_a_broken_recipe_is_an_error(self, tmp_path):
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / "bad.toml").write_text("[source]\nurl = 'https://a/b'\n")
        with pytest.raises(BuildError, match=r"bad\.toml is broken: 'labels'"):
            model_files(Checkout(tmp_path), "bad", [])

    def test_a_ready_made_network_is_taken_as_it_is(self, tmp_path):
        (tmp_path / "tiny.onnx").write_bytes(b"onnx")
        with pytest.raises(BuildError, match=r"tiny\.json"):
            model_files(Checkout(tmp_path), str(tmp_path / "tiny.onnx"), [])
        (tmp_path / "tiny.json").write_bytes(b"{}")
        files = model_files(Checkout(tmp_path), str(tmp_path / "tiny.onnx"), [])
        assert files == {"tiny.onnx": b"onnx", "tiny.json": b"{}"}

    def test_what_the_page_shows_of_a_network(self):
        spec = b'{"name": "tiny", "title": "A tiny one"}'
        choice = model_choice({"tiny.onnx": b"onnx", "tiny.json": spec})
        shown = {"name": "tiny", "title": "A tiny one", "description": ""}
        assert choice == {**shown, "bytes": 4 + len(spec)}
        assert model_choice({"a.json": b'{"name": "a"}'})["title"] == "a"

    def test_a_network_that_is_called_otherwise_than_its_files_is_refused(self):
        # Such as a copy of a recipe, in which the name of the first one was left.
        files = {"mine.onnx": b"onnx", "mine.json": b'{"name": "tiny"}'}
        with pytest.raises(BuildError, match="network mine calls itself tiny: write the same name"):
            model_choices([files])

    def test_so_are_two_of_one_name(self):
        files = {"tiny.onnx": b"onnx", "tiny.json": b'{"name": "tiny"}'}
        other = {"other.onnx": b"", "other.json": b'{"name": "other"}'}
        assert [each["name"] for each in model_choices([files, other])] == ["tiny", "other"]
        with pytest.raises(BuildError, match="Two networks are called tiny"):
            model_choices([files, other, files])

    def test_a_wheel_is_taken_from_a_folder_of_assets(self, tmp_path):
        recipe = {"package": "given==1", "wheel": "given.whl", "sha256": sha256(b"wheel")}
        text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in recipe.items())
        labels = {"url": "https://a/labels.txt", "sha256": sha256(b"labels")}
        more = "".join(f"{name} = {json.dumps(value)}\n" for name, value in labels.items())
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / "net.toml").write_text(f"[source]\n{text}[labels]\n{more}")
        (tmp_path / "given.whl").write_bytes(b"another")
        with pytest.raises(BuildError, match=r"given\.whl has the sha256"):
            model_files(Checkout(tmp_path), "net", [tmp_path])
        (tmp_path / "given.whl").write_bytes(b"wheel")
        (tmp_path / "labels.txt").write_bytes(b"another")
        with pytest.raises(BuildError, match=r"labels\.txt has the sha256"):
            model_files(Checkout(tmp_path), "net", [tmp_path])


def test_a_failed_build_says_why_in_one_line(tmp_path, capsys):
    assert main(tmp_path, ["--flickr-url", "nonsense", "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("✗ --flickr-url nonsense: give a whole address")
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_ctrl_c_ends_a_build_in_one_line(tmp_path, capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("lookalike_build.build.generate", interrupted)
    assert main(tmp_path, ["--out", str(tmp_path / "out")]) == 130
    assert capsys.readouterr().err == "✗ Stopped.\n"


def test_ctrl_c_leaves_no_half_of_a_build(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(site, "_fill", interrupted)
    with pytest.raises(KeyboardInterrupt):
        site.write({"index.html": b""}, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_the_options():
    given = parser().parse_args(["--assets", "a", "--assets", "b", "--port", "0", "--serve"])
    assert given.assets == [Path("a"), Path("b")]
    assert (given.port, given.serve, given.out) == (0, True, Path("dist"))


@pytest.mark.parametrize(
    "path",
    [
        path.relative_to(ROOT).as_posix()
        for kind in ("*.html", "*.js", "*.css", "*.svg")
        for path in (ROOT / "site").rglob(kind)
        if "node_modules" not in path.parts
    ],
)
def test_the_page_works_in_a_sub_path(path):
    text = (ROOT / path).read_text()
    assert not ABSOLUTE.search(text), "addresses that start with / miss the site in a sub-path"
    assert "://cdn" not in text


@pytest.mark.parametrize("name", ["score.py", "scorers/mine.py"])
@pytest.mark.parametrize(
    "content", [b'"""Mine."""\ndef embs2score(:\n', b'"""Mine."""\nx = "\0"\n']
)
def test_a_slip_in_a_scorer_takes_no_site_s_place(tmp_path, name, content):
    (tmp_path / "scorers").mkdir()
    for each in ("score.py", "scorers/mine.py"):
        (tmp_path / each).write_bytes(b'"""Mine."""\n')
    assert set(scorers.scorer_files(tmp_path)) == {"score.py", "scorers/mine.py"}
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BuildError, match=f"{name} is not Python: "):
        scorers.scorer_files(tmp_path)
