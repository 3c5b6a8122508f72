"""Draws the photos to try the page with: `-m lookalike_build.draw_samples FOLDER`.

Needs numpy and Pillow, as all of `drawn/` does.
"""

import sys
import zlib
from pathlib import Path

import numpy as np

from lookalike_build.drawn.paint import Canvas
from lookalike_build.drawn.scenes import balloons, city, flowers, lake, land, water, woods
from lookalike_build.samples import SAMPLES

SIZE = (288, 192)
"""Width and height in pixels: a little more than a network looks at."""

SCENES = {
    "sunset": water.sunset,
    "mountain": land.mountain,
    "forest": woods.forest,
    "city": city.city,
    "daisy": flowers.daisy,
    "balloons": balloons.balloons,
    "sailing": water.sailing,
    "lake": lake.lake,
}


def main(folder: str) -> None:
    """Draw each of `SAMPLES` into a folder."""
    for name, seed in SAMPLES.items():
        rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        # Drawn larger and reduced, so that far ridges have smooth edges.
        canvas = Canvas((SIZE[0] * 5 // 4, SIZE[1] * 5 // 4), rng)
        SCENES[name](canvas)
        canvas.develop(SIZE).save(Path(folder) / f"{name}.jpg", quality=68, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
