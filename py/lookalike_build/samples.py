"""The photos to try the page with: drawn by the project, as `drawn/` paints them."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from lookalike_build.bootstrap import python_packages, run
from lookalike_build.fetch import write_atomically
from lookalike_build.kept import kept_files
from lookalike_build.paths import Checkout

SAMPLES = {
    "sunset": 1,
    "mountain": 5,
    "forest": 6,
    "city": 1,
    "daisy": 2,
    "balloons": 6,
    "sailing": 6,
    "lake": 6,
}
"""What each shows, and the seed it is drawn by; site/js/query/samples.js has the same names."""


def sample_files(checkout: Checkout) -> dict[str, bytes]:
    """The samples by their paths in the site, drawn or taken from the cache.

    Raises:
        BuildError: Pillow or numpy cannot be had.
    """
    here = Path(__file__).parent
    sources = [
        *sorted((here / "drawn").rglob("*.py")),
        here / "draw_samples.py",
        Path(__file__),
        checkout.root / "pyproject.toml",
    ]
    code = [path.read_bytes() for path in sources]
    names = [f"{name}.jpg" for name in SAMPLES]
    cache, steps = checkout.cache / "samples", ("Photos to try", "drawing")
    files = kept_files(cache, code, names, steps, partial(_draw, checkout))
    return {f"samples/{name}": content for name, content in files.items()}


def _draw(checkout: Checkout, results: list[Path]) -> None:
    python = python_packages(checkout)
    with TemporaryDirectory() as folder:
        run(
            [python, "-m", "lookalike_build.draw_samples", folder],
            "The photos to try",
            "see py/lookalike_build/draw_samples.py",
            checkout.root / "py",
        )
        for result in results:
            write_atomically(result, (Path(folder) / result.name).read_bytes())
