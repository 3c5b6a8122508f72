"""Finding files whose content is known beforehand, without a network."""

import io
import urllib.error
import urllib.request

import pytest

from lookalike_build import fetch
from lookalike_build.fetch import Asset, find, sha256
from lookalike_build.paths import Checkout
from lookalike_build.steps import BuildError

CONTENT = b"a wheel"
ASSET = Asset("numpy.whl", "https://cdn.example/numpy.whl", sha256(CONTENT))


@pytest.fixture
def web(monkeypatch):
    """What is published by address, and the addresses asked for."""
    pages, asked = {}, []

    def urlopen(url, timeout):
        asked.append(url)
        if url not in pages:
            raise urllib.error.URLError("Name or service not known")
        return io.BytesIO(pages[url])

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    return pages, asked


def folder_with(path, content, listed=None):
    path.mkdir()
    (path / ASSET.name).write_bytes(content)
    if listed:
        (path / "SHA256SUMS").write_text(f"{listed}  {ASSET.name}\n{'0' * 64} *other.whl\n")
    return path


def test_a_folder_comes_before_the_web(tmp_path, web):
    folder = folder_with(tmp_path / "assets", CONTENT)
    assert find(ASSET, [folder], tmp_path / "cache") == folder / ASSET.name
    assert web[1] == []


def test_folders_come_in_their_order(tmp_path, web):
    stand_in = b"another build of it"
    first = folder_with(tmp_path / "first", stand_in, listed=sha256(stand_in))
    second = folder_with(tmp_path / "second", CONTENT)
    assert find(ASSET, [tmp_path, first, second], tmp_path / "cache").parent == first
    assert find(ASSET, [second, first], tmp_path / "cache").parent == second


def test_a_stand_in_must_be_listed(tmp_path, web):
    folder = folder_with(tmp_path / "assets", b"something else")
    with pytest.raises(BuildError) as error:
        find(ASSET, [folder], tmp_path / "cache")
    message = str(error.value)
    assert str(folder / ASSET.name) in message
    assert sha256(b"something else") in message
    assert ASSET.sha256 in message
    assert "SHA256SUMS" in message


def test_a_stand_in_must_be_what_is_listed(tmp_path, web):
    folder = folder_with(tmp_path / "assets", b"broken", listed=sha256(b"whole"))
    with pytest.raises(BuildError, match=sha256(b"whole")):
        find(ASSET, [folder], tmp_path / "cache")


def test_a_download_is_kept(tmp_path, web):
    pages, asked = web
    pages[ASSET.url] = CONTENT
    for _ in range(2):
        assert find(ASSET, [], tmp_path).read_bytes() == CONTENT
    assert asked == [ASSET.url]


def test_an_unreachable_file_is_an_error_of_one_line_that_says_what_to_do(tmp_path, web):
    with pytest.raises(BuildError) as error:
        find(ASSET, [], tmp_path)
    assert str(error.value) == (
        "numpy.whl could not be fetched from https://cdn.example/numpy.whl (Name or service not"
        " known): try again, or put the file in a folder and name that with --assets DIR"
    )
    assert not list(tmp_path.rglob("numpy.whl"))


def test_a_changed_file_is_refused_and_not_kept(tmp_path, web):
    pages, _ = web
    pages[ASSET.url] = b"<html>404</html>"
    with pytest.raises(BuildError) as error:
        find(ASSET, [], tmp_path)
    message = str(error.value)
    assert sha256(b"<html>404</html>") in message
    assert ASSET.sha256 in message
    assert "\n" not in message
    assert not list(tmp_path.rglob("numpy.whl"))


@pytest.mark.parametrize("url", ["http://cdn.example/numpy.whl", "file:///etc/passwd"])
def test_only_https_is_downloaded(tmp_path, web, url):
    with pytest.raises(BuildError, match="not an https address"):
        find(Asset("numpy.whl", url, ASSET.sha256), [], tmp_path)
    assert web[1] == []


def test_a_time_out_is_reported_as_unreachable(tmp_path, monkeypatch):
    def urlopen(url, timeout):
        assert timeout == fetch.TIMEOUT
        raise TimeoutError("timed out")

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    with pytest.raises(BuildError, match=r"could not be fetched .* \(timed out\)"):
        find(ASSET, [], tmp_path)


class TestAssetFolders:
    @pytest.fixture(autouse=True)
    def tree(self, tmp_path, monkeypatch):
        for name in ("shared/pyodide", "shared/models", "named", "given/sub"):
            (tmp_path / name).mkdir(parents=True)
        monkeypatch.delenv("LOOKALIKE_ASSETS", raising=False)
        self.root = tmp_path
        self.checkout = Checkout(tmp_path / "main")

    def names(self, given=()):
        folders = self.checkout.asset_folders([self.root / name for name in given])
        return [path.relative_to(self.root).as_posix() for path in folders]

    def test_shared_beside_the_checkout_is_looked_in_by_itself(self):
        assert self.names() == ["shared", "shared/models", "shared/pyodide"]

    def test_the_environment_comes_before_shared(self, monkeypatch):
        monkeypatch.setenv("LOOKALIKE_ASSETS", str(self.root / "named"))
        assert self.names() == ["named"]

    def test_what_is_given_comes_before_the_environment(self, monkeypatch):
        monkeypatch.setenv("LOOKALIKE_ASSETS", str(self.root / "named"))
        assert self.names(["given"]) == ["given", "given/sub"]

    def test_one_that_is_named_and_not_there_is_said(self, monkeypatch):
        with pytest.raises(BuildError, match=r"--assets: there is no folder .*nowhere$"):
            self.names(["given", "nowhere"])
        monkeypatch.setenv("LOOKALIKE_ASSETS", str(self.root / "nmed"))
        with pytest.raises(BuildError, match=r"LOOKALIKE_ASSETS: there is no folder .*nmed$"):
            self.names()

    def test_there_may_be_none(self):
        assert Checkout(self.root / "shared" / "deep").asset_folders([]) == []
