"""How well copies of a photo are found among thousands of others, by "Find this very picture".

`.venv/bin/python tests/bench_copies.py` prints a table. Of 40 photos of ../shared/photos, drawn by
a seed, five copies each are made: recompressed, made small, framed, mirrored, cropped. First the
photo is the query, and each copy is to be found among all other photos (200 cases); then a copy is
the query, and the photo is to be found. One photo is right in each case, so precision and recall at
1 are the same number, and precision at 10 is at most 0.1.
"""

import argparse
import asyncio
import io
import json
import random
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def recompressed(photo, chance, quality=None):
    """Save a photo as JPEG and open it."""
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=quality or chance.randint(10, 40))
    return Image.open(file).convert("RGB")


def small(photo, chance):
    """Make a photo small."""
    side = chance.randint(80, 200)
    return recompressed(ImageOps.contain(photo, (side, side)), chance, 75)


def framed(photo, chance):
    """Put a frame of one colour around a photo, of 3 to 12 % of its sides."""
    colour = chance.choice(["black", "white", (chance.randrange(256), chance.randrange(256), 90)])
    share = chance.uniform(0.03, 0.12)
    border = tuple(round(share * side) for side in photo.size)
    return recompressed(ImageOps.expand(photo, border, colour), chance, 80)


def mirrored(photo, chance):
    """Mirror a photo."""
    return recompressed(ImageOps.mirror(photo), chance, 80)


def cropped(photo, chance):
    """Keep 50 to 90 % of a photo's area, anywhere in it."""
    area, aspect = chance.uniform(0.5, 0.9), chance.uniform(0.8, 1.25)
    wide = min(1.0, (area * aspect) ** 0.5)
    tall = min(1.0, area / wide)
    left, top = chance.uniform(0, 1 - wide), chance.uniform(0, 1 - tall)
    width, height = photo.size
    box = (left * width, top * height, (left + wide) * width, (top + tall) * height)
    return recompressed(photo.crop([round(each) for each in box]), chance, 80)


KINDS = (recompressed, small, framed, mirrored, cropped)


def copies(photo, name):
    """Make one copy of each kind; the same for the same name."""
    return [kind(photo, random.Random(f"{name} {kind.__name__}")) for kind in KINDS]


def ranks(scorer, source, features, right, own):
    """Say how many photos stand before each right one.

    Args:
        scorer: by which.
        source: what is searched for.
        features: (n, d) of all others.
        right: (k, d) of the right ones, which do not stand before one another.
        own: the row among the others that is the photo itself, and so is left out.
    """
    others = np.delete(np.array(scorer.scores(source, features)), own)
    return [int((others >= score).sum()) for score in scorer.scores(source, right)]


def table(rows):
    """Print shares of cases by kind."""
    print("| copy | cases | first | among ten | precision at 10 |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for kind in [*(kind.__name__ for kind in KINDS), "all"]:
        some = np.array([rank for name, rank in rows if kind in (name, "all")])
        first, ten = (some < 1).mean(), (some < 10).mean()
        print(f"| {kind} | {len(some)} | {first:.3f} | {ten:.3f} | {ten / 10:.4f} |")
    print(flush=True)


def main():
    """Scorer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "py"))
    from lookalike.images import open_image
    from lookalike.scorer.compile import compile_scorer
    from lookalike.scorer.scorer import Example

    scorer = compile_scorer((ROOT / "py/scorers/this_very_picture.py").read_bytes())

    def described(image):
        return asyncio.run(scorer.get_feature(None, image))

    files = []
    for name in ("photos", "labelled"):
        lines = (SHARED / name / f"{name}.jsonl").read_text().splitlines()
        files += [SHARED / name / row["file"] for row in map(json.loads, lines) if row.get("file")]
    features = np.stack([described(open_image(file.read_bytes())) for file in files])
    count = sum(file.is_relative_to(SHARED / "photos") for file in files)
    drawn = random.Random(1).sample(range(count), options.cases // len(KINDS))
    found, back = [], []
    for number, row in enumerate(drawn):
        photo = open_image(files[row].read_bytes())
        made = np.stack([described(copy) for copy in copies(photo, files[row].name)])
        source = scorer.source([Example(features[row], 1.0, "query")])
        behind = ranks(scorer, source, features, made, row)
        found += zip([kind.__name__ for kind in KINDS], behind, strict=True)
        one = number % len(KINDS)
        source = scorer.source([Example(made[one], 1.0, "query")])
        (behind,) = ranks(scorer, source, features, features[row : row + 1], row)
        back.append((KINDS[one].__name__, behind))
    print(f"{len(files) - 1} other photos\n")
    table(found)
    table(back)


if __name__ == "__main__":
    main()
