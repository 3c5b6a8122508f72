"""The classifier of pictures that are not safe to look at: made of a Node package's network."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import AGAIN, Node, python_packages, run
from lookalike_build.fetch import write_atomically
from lookalike_build.kept import kept_files
from lookalike_build.paths import Checkout
from lookalike_build.steps import BuildError

NAME = "nsfw"
"""Of its recipe in `models/`, and of its files in the site."""

_MODEL = "mobilenet_v2"
"""Which of the package's networks: the smallest."""


def classifier_files(checkout: Checkout, tools: Node) -> dict[str, bytes]:
    """nsfw.onnx and nsfw.json, by their file names.

    Args:
        checkout: whose recipe, packages and cache are used.
        tools: the Node to get the network out of its package with.

    Raises:
        BuildError: the package is not there, or its network cannot be converted.
    """
    models = checkout.root / "models"
    recipe, script = models / f"{NAME}.toml", models / f"{NAME}.mjs"
    package = checkout.site / "node_modules" / "nsfwjs" / "dist" / "models" / _MODEL
    parts = [recipe, script, *sorted(models.glob("*.py")), *sorted(package.glob("*.js"))]
    parts.append(checkout.root / "pyproject.toml")
    if not package.is_dir():
        raise BuildError(f"{package} is missing: remove site/node_modules and build again")
    return kept_files(
        checkout.cache / "models",
        [path.read_bytes() for path in parts],
        [f"{NAME}.onnx", f"{NAME}.json"],
        (f"Model {NAME}", "converting nsfwjs"),
        partial(_make, checkout, tools, recipe, script),
    )


def _make(checkout: Checkout, tools: Node, recipe: Path, script: Path, results: list[Path]) -> None:
    python = python_packages(checkout, "build")
    converter = checkout.root / "models" / "convert.py"
    with TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source.json"
        run(
            [tools.node, script, checkout.site, _MODEL, source],
            "The classifier's source",
            AGAIN,
            tools=tools,
        )
        command: list[Path | str] = [python, converter, recipe, "--source", source]
        run([*command, "--out", folder], f"The model {NAME}", "look at its recipe")
        for path in results:
            write_atomically(path, (folder / path.name).read_bytes())
