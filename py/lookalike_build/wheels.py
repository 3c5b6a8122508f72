"""The Python packages of the browser: Pyodide's own wheels, and a lock of just these."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lookalike_build.fetch import Asset, find, sha256
from lookalike_build.paths import Checkout
from lookalike_build.pip_wheel import Wheel, find_wheel
from lookalike_build.steps import BuildError

PYODIDE_URL = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
PACKAGES = ("numpy", "pillow")
"""The packages from Pyodide's distribution, by their names in its lock."""

# From the Python package index by pip: so it is had where Pyodide's CDN cannot be reached, too.
HTTP = "pyodide-http"
HTTP_WHEEL = Wheel(
    "pyodide-http==0.2.2",
    "pyodide_http-0.2.2-py3-none-any.whl",
    "cf006ea593c1643b5badeb4d42ed24a6eebd830276171fa1f82de0777b3fb608",
)

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
    found[HTTP_WHEEL.name] = find_wheel(HTTP_WHEEL, checkout).read_bytes()
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
