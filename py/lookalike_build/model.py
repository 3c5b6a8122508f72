"""The network of a recipe in `models/`, as ONNX: fetched, converted, and kept by content hash."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lookalike_build.bootstrap import python_packages, run
from lookalike_build.fetch import Asset, find, write_atomically
from lookalike_build.kept import kept_files
from lookalike_build.pair import pair_files
from lookalike_build.paths import Checkout
from lookalike_build.pip_wheel import Wheel, find_wheel
from lookalike_build.steps import BuildError


def model_files(checkout: Checkout, name: str, folders: list[Path]) -> dict[str, bytes]:
    """NAME.onnx and NAME.json, by their file names; those of a text encoder, too, if it has one.

    Args:
        checkout: whose recipe `models/NAME.toml` is used.
        name: the recipe's, without its suffix; or the path of an `.onnx` file that is taken as
            it is, with the `.json` beside it.
        folders: where the recipe's source is looked for before it is downloaded.

    Raises:
        BuildError: there is no such recipe, its source cannot be had or not be converted.
    """
    if name.endswith(".onnx"):
        return _ready_made(Path(name))
    recipe = checkout.root / "models" / f"{name}.toml"
    if recipe.is_file() and "text" in (content := _read(recipe)):
        return pair_files(checkout, recipe, content, folders)
    source, labels = _sources(checkout, recipe, folders)
    code = sorted((checkout.root / "models").glob("*.py"))
    packages = checkout.root / "pyproject.toml"
    return kept_files(
        checkout.cache / "models",
        [path.read_bytes() for path in (recipe, source, labels, *code, packages)],
        [f"{name}.onnx", f"{name}.json"],
        (f"Model {name}", f"converting {source.name}"),
        partial(_convert, checkout, recipe, source, labels),
    )


def model_choices(networks: Iterable[Mapping[str, bytes]]) -> list[dict[str, str | int]]:
    """What `model_choice` gives of each network.

    Raises:
        BuildError: there, or two have the same name.
    """
    choices = [model_choice(files) for files in networks]
    for name, count in Counter(choice["name"] for choice in choices).items():
        if count > 1:
            raise BuildError(f"Two networks are called {name}: give one of them another name")
    return choices


def model_choice(files: Mapping[str, bytes]) -> dict[str, str | int]:
    """What the page shows of a network: its name, a title and a line, and the bytes to download.

    Args:
        files: as `model_files` gives them.

    Raises:
        BuildError: it is called otherwise than its files, by which the page would look for it.
    """
    [file] = (name for name in files if _is_spec(name))
    spec, stem = json.loads(files[file]), file.removesuffix(".json")
    if spec["name"] != stem:
        raise BuildError(
            f"The network {stem} calls itself {spec['name']}: write the same name in its recipe, or"
            " in the .json file beside it"
        )
    return {
        "name": spec["name"],
        "title": spec.get("title", spec["name"]),
        "description": spec.get("description", ""),
        "bytes": sum(map(len, files.values())),
    }


def _is_spec(name: str) -> bool:
    return name.endswith(".json") and not name.endswith(".tokenizer.json")


def _read(recipe: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(recipe.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BuildError(f"The recipe {recipe} is broken: {error}") from error


def _ready_made(path: Path) -> dict[str, bytes]:
    encoder = [path.with_suffix(end) for end in (".text.onnx", ".tokenizer.json")]
    parts = [path, path.with_suffix(".json"), *(part for part in encoder if part.is_file())]
    try:
        return {part.name: part.read_bytes() for part in parts}
    except OSError as error:
        raise BuildError(f"The model {path} could not be read: {error}") from error


def _sources(checkout: Checkout, recipe: Path, folders: list[Path]) -> tuple[Path, Path]:
    try:
        content = _read(recipe)
        source, labels = map(_named, (content["source"], content["labels"]))
    except FileNotFoundError:
        # Not each recipe is of a network to search by: there are a table of words and a classifier.
        recipes = {path: _read(path) for path in recipe.parent.glob("*.toml")}
        networks = [path for path, it in recipes.items() if "input" in it and "unsafe" not in it]
        names = ", ".join(sorted(path.stem for path in networks))
        raise BuildError(f"There is no recipe {recipe}: there are {names}") from None
    except KeyError as error:
        raise BuildError(f"The recipe {recipe} is broken: {error}") from error
    return _find(source, checkout, folders), _find(labels, checkout, folders)


def _named(part: Mapping[str, str]) -> Asset | Wheel:
    if "package" in part:
        return Wheel(part["package"], part["wheel"], part["sha256"])
    return Asset(part["url"].rsplit("/", 1)[1], part["url"], part["sha256"])


def _find(file: Asset | Wheel, checkout: Checkout, folders: list[Path]) -> Path:
    if isinstance(file, Wheel):
        return find_wheel(file, checkout, folders)
    return find(file, folders, checkout.cache)


def _convert(
    checkout: Checkout, recipe: Path, source: Path, labels: Path, results: list[Path]
) -> None:
    python = python_packages(checkout, "build")
    converter = checkout.root / "models" / "convert.py"
    with TemporaryDirectory() as folder:
        files: list[Path | str] = [recipe, "--source", source, "--labels", labels]
        command = [python, converter, *files, "--out", folder]
        run(command, f"The model {recipe.stem}", "look at its recipe")
        for path in results:
            write_atomically(path, (Path(folder) / path.name).read_bytes())
