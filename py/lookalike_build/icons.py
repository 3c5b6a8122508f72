"""The icons of the installed page, as PNG files: drawn by Pillow after site/icon.svg."""

from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import python_packages, run
from lookalike_build.fetch import sha256, write_atomically
from lookalike_build.paths import Checkout
from lookalike_build.steps import step

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
    kept = checkout.cache / "icons" / sha256("".join(map(sha256, code)).encode())
    if all((kept / name).is_file() for name in ICONS):
        step("Icons", "cached")
    else:
        step("Icons: drawing")
        _draw(checkout, drawing, kept)
    return {f"icons/{name}": (kept / name).read_bytes() for name in ICONS}


def _draw(checkout: Checkout, drawing: Path, kept: Path) -> None:
    python = python_packages(checkout)
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ICONS]
        advice = "it draws rectangles alone: see py/lookalike_build/draw_icon.py"
        run([python, _DRAWING, drawing, *paths], "The icons", advice)
        for path in paths:
            write_atomically(kept / path.name, path.read_bytes())
