"""Finds a file whose content is known beforehand: in a folder, in the cache, or by its URL."""

import hashlib
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from lookalike_build.steps import BuildError, step

TIMEOUT = 60
"""Seconds without an answer after which a download is given up."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that is needed.

    Attributes:
        name: what it is called in a folder of assets.
        url: where it is published.
        sha256: of its content, in hexadecimal.
    """

    name: str
    url: str
    sha256: str


def find(asset: Asset, folders: Iterable[Path], cache: Path) -> Path:
    """Find a file: in the folders, in their order, then in the cache, then by its URL.

    A file in a folder is taken when it has the asset's own sum, or the one that the folder's
    SHA256SUMS gives it: so a folder may hold stand-ins.

    Returns:
        The path of a file whose sum was checked.

    Raises:
        BuildError: it is nowhere, cannot be downloaded, or has another sum.
    """
    path = local(asset.name, asset.sha256, folders, cache)
    if not path.is_file():
        step(f"Downloading {asset.url}")
        write_atomically(path, _verified(asset, download(asset)))
    return path


def local(name: str, sha256: str, folders: Iterable[Path], cache: Path) -> Path:
    """Where a file lies, in one of the folders; else where the cache has it or is to have it.

    Raises:
        BuildError: a folder has one of this name with another sum.
    """
    for folder in folders:
        path = folder / name
        if path.is_file():
            _check(path, {sha256, *listed_sum(folder, name)})
            return path
    return cache / "downloads" / sha256 / name


def sha256(content: bytes) -> str:
    """The SHA-256 sum in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def listed_sum(folder: Path, name: str) -> set[str]:
    """What a folder's SHA256SUMS, as `sha256sum` writes it, says of a file: one sum or none."""
    try:
        lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return set()
    return {words[0] for line in lines if (words := line.split()) and words[-1].lstrip("*") == name}


def download(asset: Asset) -> bytes:
    """Get a file by https.

    Raises:
        BuildError: it could not be had; the message says what to do instead.
    """
    if not asset.url.startswith("https://"):
        raise BuildError(f"{asset.name}: {asset.url} is not an https address")
    try:
        with urllib.request.urlopen(asset.url, timeout=TIMEOUT) as answer:  # noqa: S310
            content: bytes = answer.read()
    except (urllib.error.URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", "") or error
        raise BuildError(
            f"{asset.name} could not be fetched from {asset.url} ({reason}): try again, or put"
            " the file in a folder and name that with --assets DIR"
        ) from error
    return content


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that whoever finds it finds it whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)


def _verified(asset: Asset, content: bytes) -> bytes:
    if sha256(content) != asset.sha256:
        raise BuildError(
            f"{asset.name} from {asset.url} has the sha256 {sha256(content)}, not"
            f" {asset.sha256}: it was cut short or changed, so try again, or get it elsewhere and"
            " name its folder with --assets DIR"
        )
    return content


def _check(path: Path, sums: set[str]) -> None:
    found = sha256(path.read_bytes())
    if found not in sums:
        raise BuildError(
            f"{path} has the sha256 {found}, not {' or '.join(sorted(sums))}: remove it, or list"
            f" it in {path.parent / 'SHA256SUMS'} if it is meant to stand in"
        )
