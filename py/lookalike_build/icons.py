"""The icons of the installed page, as PNG files: drawn by Pillow after site/icon.svg."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import python_packages, run
from lookalike_build.fetch import write_atomically
from lookalike_build.kept import kept_files
from lookalike_build.paths import Checkout

ICONS = ("apple-180.png", "icon-192.png", "icon-512.png", "maskable-512.png")
"""Each is of so many pixels a side; what is maskable or Apple's fills its square."""
_DRAWING = Path(__file__).with_name("draw_icon.py")


def icon_files(checkout: Checkout) -> dict[str, bytes]:
    """The icons by their paths in the site, drawn or taken from the cache.

    Raises:
        BuildError: Pillow cannot be had, or the drawing is not of the form that is known.
    """
    drawing = checkout.site / "icon.svg"
    code = [path.read_bytes() for path in (drawing, _DRAWING, checkout.root / "pyproject.toml")]
    cache, steps = checkout.cache / "icons", ("Icons", "drawing")
    files = kept_files(cache, code, ICONS, steps, partial(_draw, checkout, drawing))
    return {f"icons/{name}": content for name, content in files.items()}


def _draw(checkout: Checkout, drawing: Path, results: list[Path]) -> None:
    python = python_packages(checkout)
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ICONS]
        advice = "it draws rectangles alone: see py/lookalike_build/draw_icon.py"
        run([python, _DRAWING, drawing, *paths], "The icons", advice)
        for path, result in zip(paths, results, strict=True):
            write_atomically(result, path.read_bytes())
