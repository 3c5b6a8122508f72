"""Photos that are drawn, not taken: for tests and screenshots where no others may be shown.

Each depends on nothing but its kind, its seed and its size. `python3 tests/generated_photos.py
sheet.png` draws some of every kind, side by side. Takes Pillow and numpy.
"""

import functools
import hashlib
import io
import os
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lookalike_build.drawn.paint import Canvas
from lookalike_build.drawn.scenes import balloons, city, flowers, lake, land, night, water, woods

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent / ".cache" / "generated_photos"
# Width and height in pixels, the longest side as in Flickr's `url_n`; the first are the commonest.
SIZES = [(320, 213)] * 6 + [(320, 240)] * 2 + [(213, 320), (256, 320), (320, 320), (320, 180)]


@dataclass(frozen=True)
class Kind:
    """What a kind of photo shows, and the words that people give it.

    All photos of the kind have `tags`, each has some of `more`.
    """

    paint: Callable[[Canvas], None]
    tags: str
    more: str
    titles: str


KINDS = {
    "sunset": Kind(
        water.sunset,
        "sunset, sea, sun, sky, seashore, orange",
        "evening, dusk, ocean, coast, clouds, water, golden hour, nature, travel, promontory, pier",
        "Last light|Sunset over the sea|The end of a long day|Orange evening",
    ),
    "beach": Kind(
        water.beach,
        "beach, sea, sand, seashore, sandbar, coast",
        "ocean, waves, summer, holiday, sky, nature, surf, shore, travel, lakeside, water, blue",
        "Down at the beach|First day of the holiday|Surf|Nobody here but us",
    ),
    "lake": Kind(
        lake.lake,
        "lake, autumn, trees, reflection, lakeside, water",
        "nature, landscape, fall, mirror, foliage, sky, colours, forest, valley, boathouse",
        "Autumn at the lake|Mirror|October colours|Quiet water",
    ),
    "sailing": Kind(
        water.sailing,
        "boat, sea, sailing boat, sail, yawl, water",
        "catamaran, trimaran, schooner, wind, ocean, blue, summer, sky, nature, speedboat, yacht",
        "Out sailing|A fair wind|White sail|Round the island",
    ),
    "mountain": Kind(
        land.mountain,
        "mountain, snow, alp, peak, landscape, alps",
        "nature, sky, forest, hiking, volcano, valley, summit, winter, lakeside, pines, cliff",
        "The north face|Peak|Above the tree line|Fresh snow up there",
    ),
    "hills": Kind(
        land.hills,
        "hills, mist, landscape, valley, morning, mountains",
        "nature, fog, ridge, layers, sunrise, sky, haze, alp, silhouette, volcano, calm, panorama",
        "Ridge behind ridge|Morning mist|Before the others woke|Blue hills",
    ),
    "desert": Kind(
        land.desert,
        "desert, sand, dunes, landscape, dune",
        "nature, dry, heat, sky, travel, sahara, shadow, arabian camel, orange, sandbar, light",
        "Dunes|An hour before sunset|Nothing but sand|The long shadow",
    ),
    "meadow": Kind(
        land.meadow,
        "meadow, tree, grass, hill, green, landscape",
        "nature, sky, clouds, summer, field, countryside, valley, hay, megalith, rural, blue",
        "The old tree|Summer fields|Up on the hill|Green and blue",
    ),
    "forest": Kind(
        woods.forest,
        "forest, trees, woods, nature, light",
        "mist, green, path, sunbeam, fog, morning, walk, landscape, moss, picket fence, monastery",
        "In the woods|Sunbeams|Morning in the forest|A walk before breakfast",
    ),
    "city": Kind(
        city.city,
        "city, night, skyline, lights, town, buildings",
        "skyscraper, urban, water, reflection, river, fountain, palace, mosque, sky, people, car",
        "Skyline|The city at night|Ten thousand windows|From across the river",
    ),
    "milky way": Kind(
        night.milky_way,
        "stars, night, sky, astronomy, night sky",
        "milky way, galaxy, moon, space, dark, nature, landscape, universe, geyser, mountain tent",
        "So many stars|Clear night|Looking up|Half past two in the morning",
    ),
    "aurora": Kind(
        night.aurora,
        "aurora, northern lights, night, sky, green",
        "aurora borealis, arctic, winter, snow, stars, nature, north, mountain, geyser, landscape",
        "Northern lights|The sky was dancing|Minus twenty|Green night",
    ),
    "flower field": Kind(
        flowers.flower_field,
        "flowers, field, flower, nature, spring, landscape",
        "tulips, colourful, sky, rows, bloom, farm, hay, poppies, lavender, rapeseed, garden",
        "In full bloom|Rows and rows|Spring|The fields behind the farm",
    ),
    "daisy": Kind(
        flowers.daisy,
        "flower, daisy, macro, garden, bloom",
        "nature, petals, green, spring, blossom, plant, close up, bokeh, bee, white, summer",
        "Daisy|In the garden|Close up|She loves me",
    ),
    "balloons": Kind(
        balloons.balloons,
        "balloon, hot air balloon, sky, flying, balloons",
        "colourful, morning, festival, landscape, parachute, airship, nature, flight, hills, dawn",
        "Up, up and away|Balloons at dawn|Quiet flight|Festival morning",
    ),
}


def make(kind: str, seed: int, size: tuple[int, int] = (320, 213)) -> Image.Image:
    """Draw one photo; `size` is its width and height in pixels.

    Raises:
        KeyError: there is no such kind.
    """
    rng = np.random.default_rng([seed, zlib.crc32(kind.encode())])
    width, height = size
    # Small pictures are drawn larger and reduced, so that far ridges have smooth edges.
    scale = 1.25 if max(size) <= 640 else 1.0
    canvas = Canvas((round(width * scale), round(height * scale)), rng)
    KINDS[kind].paint(canvas)
    return canvas.develop(size)


def collection(n: int = 360, seed: int = 1) -> list[dict[str, Any]]:
    """Give `n` photos, of every kind in turn, as rows with their JPEG files in `bytes`.

    The first call draws, at about ten photos a second; the files are then kept in `.cache`.
    """
    rows = [_row(number, seed) for number in range(n)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        files = pool.map(_file_of, rows)
        return [row | {"bytes": data} for row, data in zip(rows, files, strict=True)]


def _row(number: int, seed: int) -> dict[str, Any]:
    name = list(KINDS)[number % len(KINDS)]
    turn = number // len(KINDS)
    rng = np.random.default_rng([seed, number])
    more = KINDS[name].more.split(", ")
    chosen = rng.choice(more, int(rng.integers(4, len(more) - 2)), replace=False).tolist()
    width, height = SIZES[int(rng.integers(len(SIZES)))]
    return {
        "id": f"drawn-{name.replace(' ', '-')}-{seed}-{turn}",
        "kind": name,
        "seed": seed * 1000 + turn,
        "width": width,
        "height": height,
        "title": str(rng.choice(KINDS[name].titles.split("|"))),
        "tags": [*KINDS[name].tags.split(", "), *chosen],
        "tag_source": "drawn",
        # People upload several photos of one outing.
        "group": f"{name}-{seed}-{turn // 3}",
    }


def _file_of(row: dict[str, Any]) -> bytes:
    size = (row["width"], row["height"])
    path = CACHE / _version() / f"{row['kind']}-{row['seed']}-{size[0]}x{size[1]}.jpg"
    if path.is_file():
        return path.read_bytes()
    buffer = io.BytesIO()
    make(row["kind"], row["seed"], size).save(buffer, "JPEG", quality=88)
    part = path.with_suffix(f".{os.getpid()}.part")
    # A cache that cannot be written only costs time.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(buffer.getvalue())
        part.replace(path)
    return buffer.getvalue()


@functools.cache
def _version() -> str:
    """Name what draws: other code, other pictures."""
    drawn = HERE.parent / "py" / "lookalike_build" / "drawn"
    sources = [Path(__file__), *sorted(drawn.rglob("*.py"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources))
    return digest.hexdigest()[:16]


def _sheet(path: str, columns: int = 6) -> None:
    sheet = Image.new("RGB", (columns * 324, len(KINDS) * 217))
    for row, kind in enumerate(KINDS):
        for column in range(columns):
            sheet.paste(make(kind, 1000 + column), (column * 324, row * 217))
    sheet.save(path)


if __name__ == "__main__":
    _sheet(sys.argv[1])
