"""The Python packages of the browser: Pyodide's own wheels, and a lock of just these."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lookalike_build.bootstrap import AGAIN, python_packages, run
from lookalike_build.fetch import Asset, find, sha256, write_atomically
from lookalike_build.paths import Checkout
from lookalike_build.steps import BuildError, step

PYODIDE_URL = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
PACKAGES = ("numpy", "pillow")
"""The packages from Pyodide's distribution, by their names in its lock."""

# From the Python package index by pip: so it is had where Pyodide's CDN cannot be reached, too.
HTTP = "pyodide-http"
HTTP_VERSION = "0.2.2"
HTTP_WHEEL = f"pyodide_http-{HTTP_VERSION}-py3-none-any.whl"
HTTP_SHA256 = "cf006ea593c1643b5badeb4d42ed24a6eebd830276171fa1f82de0777b3fb608"

Lock = Mapping[str, Any]


def pyodide_lock(checkout: Checkout) -> tuple[Lock, str]:
    """Pyodide's own lock file and the version of Pyodide, from the Node package.

    Raises:
        BuildError: the package is not there or has another form.
    """
    folder = checkout.site / "node_modules" / "pyodide"
    try:
        lock = json.loads((folder / "pyodide-lock.json").read_text("utf-8"))
        version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
    except (OSError, ValueError, KeyError) as error:
        raise BuildError(f"{folder} is broken ({error}): remove site/node_modules") from error
    return lock, version


def collect(checkout: Checkout, folders: list[Path]) -> dict[str, bytes]:
    """Every wheel that is shipped, by its file name.

    Raises:
        BuildError: one cannot be had, or is not the one that was pinned.
    """
    lock, version = pyodide_lock(checkout)
    found = {}
    for package in PACKAGES:
        entry = lock["packages"][package]
        name = entry["file_name"]
        asset = Asset(name, PYODIDE_URL.format(version=version) + name, entry["sha256"])
        found[name] = find(asset, folders, checkout.cache).read_bytes()
    found[HTTP_WHEEL] = _http_wheel(checkout)
    return found


def own_lock(lock: Lock, wheels: Mapping[str, bytes]) -> dict[str, Any]:
    """A lock file of the wheels that are shipped, with their sums.

    Args:
        lock: Pyodide's own.
        wheels: the content of each wheel by its file name.
    """
    packages = {}
    for name in (*PACKAGES, HTTP):
        entry = lock["packages"][name]
        if entry["file_name"] not in wheels:
            raise BuildError(f"{name}: {entry['file_name']} is not among the wheels to ship")
        content = wheels[entry["file_name"]]
        # Pyodide reports what is loaded by this name: keep it equal to what is asked for.
        packages[name] = {**entry, "name": name, "sha256": sha256(content)}
    return {**lock, "packages": packages}


def _http_wheel(checkout: Checkout) -> bytes:
    kept = checkout.cache / "downloads" / HTTP_SHA256 / HTTP_WHEEL
    if kept.is_file():
        return kept.read_bytes()
    step(f"Downloading {HTTP_WHEEL} by pip")
    with TemporaryDirectory() as name:
        pinned = Path(name) / "requirements.txt"
        pinned.write_text(f"{HTTP}=={HTTP_VERSION} --hash=sha256:{HTTP_SHA256}\n")
        download = ["pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        run(
            [python_packages(checkout, "build"), "-m", *download, "-r", pinned, "-d", name],
            f"The download of {HTTP} {HTTP_VERSION}",
            AGAIN,
        )
        content = (Path(name) / HTTP_WHEEL).read_bytes()
    write_atomically(kept, content)
    return content
