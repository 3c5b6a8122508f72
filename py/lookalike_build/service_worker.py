"""What makes a visit begin at once: a service worker that keeps what this build consists of."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from lookalike_build.archive import PACKED
from lookalike_build.bundle import (
    EDITOR,
    PICTURES,
    REGISTER,
    SAFETY,
    SERVICE_WORKER,
    TIFF,
    TOKENIZER,
)
from lookalike_build.fetch import sha256
from lookalike_build.site import Files, listed, to_json
from lookalike_build.steps import BuildError

VERSION = "@VERSION@"
"""Stands in site/index.html where the page says which build it is of."""

WEB_APP = "app.webmanifest"
FRAME = "sw.html"

SPARE = (
    *("heif/", "icons/", "scorers/", "models/", "score.py"),
    *(EDITOR, PICTURES, SAFETY, TIFF, TOKENIZER),
)
"""Files, and folders of them, that are kept when they are first used."""


_ONLY_WITH_WORKER = {FRAME, REGISTER, f"{REGISTER}.map"}


def start_files(files: Mapping[str, bytes], model: str) -> list[str]:
    """The names of what an engine needs besides, to start with this network."""
    folders = [name for name in files if name.startswith(("pyodide/", "ort/"))]
    return sorted([*folders, f"py.zip{PACKED}", f"models/{model}.json", f"models/{model}.onnx"])


def shell_files(files: Iterable[str], start: Iterable[str]) -> list[str]:
    """The names of the page and its parts, without which nothing of a version is used."""
    late = {*start, *(name for name in files if name.startswith(SPARE) or name.endswith(".map"))}
    return sorted(set(files) - late)


def with_worker(files: Files, model: str, *, on: bool) -> Files:
    """The files with a service worker of just these, or with one that takes an earlier one away.

    Args:
        files: all others of the site.
        model: the name of its default network.
        on: whether the site has a service worker.

    Raises:
        BuildError: the page has no place for the version's name.
    """
    files = {**files, "config.json": _with_sizes(files, model)}
    page = files["index.html"].decode()
    if VERSION not in page:
        raise BuildError(f"site/index.html lacks {VERSION}")
    name = sha256(to_json(listed(files)))[:16] if on else ""
    left_out = {SERVICE_WORKER, f"{SERVICE_WORKER}.map"} | (set() if on else _ONLY_WITH_WORKER)
    rest = {path: content for path, content in files.items() if path not in left_out}
    rest["index.html"] = page.replace(VERSION, name).encode()
    if not on:
        rest[WEB_APP] = _without_sharing(rest[WEB_APP])
    version: dict[str, Any] | None = None
    if on:
        start = start_files(rest, model)
        version = {"name": name, "files": listed(rest), "start": start}
        version["shell"] = shell_files(rest, start)
    told = f"self.lookalike = {json.dumps(version, sort_keys=True)};\n".encode()
    maps = f"{SERVICE_WORKER}.map"
    # After the worker's own code, so that its source map holds.
    return {**rest, SERVICE_WORKER: files[SERVICE_WORKER] + told, maps: files[maps]}


def _with_sizes(files: Mapping[str, bytes], model: str) -> bytes:
    """config.json with the sizes of what a start downloads, but for the network of choice."""
    names = [name for name in start_files(files, model) if not name.startswith("models/")]
    sizes = {name.rsplit("/", 1)[1] if "/" in name else name: len(files[name]) for name in names}
    return to_json({**json.loads(files["config.json"]), "start": sizes})


def _without_sharing(web_app: bytes) -> bytes:
    """The web app manifest without what only a service worker can do."""
    content = json.loads(web_app)
    return to_json({name: part for name, part in content.items() if name != "share_target"})
