"""A model of two networks, for photos and for text: their files are given, and fitted together."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lookalike_build.bootstrap import python_packages, run
from lookalike_build.fetch import Asset, find, write_atomically
from lookalike_build.kept import kept_files
from lookalike_build.paths import Checkout
from lookalike_build.steps import BuildError

PARTS = ("image", "text", "tokenizer")


def pair_files(
    checkout: Checkout, recipe: Path, content: Mapping[str, Any], folders: list[Path]
) -> dict[str, bytes]:
    """NAME.onnx, NAME.text.onnx, NAME.tokenizer.json and NAME.json, by their file names.

    Args:
        checkout: whose code and cache are used.
        recipe: models/NAME.toml.
        content: what it says.
        folders: where the files are looked for.

    Raises:
        BuildError: a file is not there, or they do not fit together.
    """
    given = [_given(content[part], folders) for part in PARTS]
    named = content["labels"]
    asset = Asset(named["url"].rsplit("/", 1)[1], named["url"], named["sha256"])
    labels = find(asset, folders, checkout.cache)
    code = checkout.root / "models" / "pair.py"
    parts = [path.read_bytes() for path in (recipe, code, labels, *given)]
    ends = ("onnx", "text.onnx", "tokenizer.json", "json")
    return kept_files(
        checkout.cache / "models",
        parts,
        [f"{recipe.stem}.{end}" for end in ends],
        (f"Model {recipe.stem}", "fitting its networks together"),
        partial(_make, checkout, recipe, code, given, labels),
    )


def _given(part: Mapping[str, str], folders: list[Path]) -> Path:
    for folder in folders:
        if (folder / part["file"]).is_file():
            return folder / part["file"]
    raise BuildError(
        f"{part['file']} is not there: put it, {part['published']} as published, into a folder and"
        " name that with --assets DIR; the recipe says where it is from"
    )


def _make(
    checkout: Checkout, recipe: Path, code: Path, given: list[Path], labels: Path, paths: list[Path]
) -> None:
    python = python_packages(checkout, "build", "native", "vectors")
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path in given:
            (folder / path.name).write_bytes(path.read_bytes())
        files: list[Path | str] = ["--files", folder, "--labels", labels, "--out", folder / "made"]
        run([python, code, recipe, *files], f"The model {recipe.stem}", "look at its recipe")
        for path in paths:
            write_atomically(path, (folder / "made" / path.name).read_bytes())
