"""Find this very picture.

Copies of your photo come first: smaller, recompressed, framed, mirrored, a part of it or more.

No network: of each photo there is a tiny picture. Your whole one, and its mirror image, are laid
over every window of another one, and parts of yours over the whole of the other. What counts is the
best normalised cross-correlation (Lewis, Fast Normalized Cross-Correlation, 1995): 1 is the same
picture, whatever its brightness and contrast; others mostly stay below 0.9.
"""

import numpy as np
from PIL import Image

SIDE = 16  # pixels of a tiny picture, each way
SIZES = (1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52)  # of windows, as shares of a side
STEP = 0.08  # between two windows
ASPECT, LEAST = 1.2, 0.36  # how much longer one side's share may be; the least share of the area
FLAT = 4e-4  # the variance of what is too flat to be compared, where white is 1


def overlaps(edges):
    """Give how much of each pixel lies between two edges, for n + 1 edges: (n, SIDE)."""
    pixels = np.arange(SIDE)
    low = np.maximum(edges[:-1, None], pixels)
    return np.clip(np.minimum(edges[1:, None], pixels + 1) - low, 0, None)


def spans():
    """Give where windows begin along a side, and how long they are, as shares of it."""
    return [
        (start, size)
        for size in SIZES
        for start in np.linspace(0, 1 - size, round((1 - size) / STEP) + 1)
    ]


def enlarging(start, size):
    """Give the matrix that makes a span as long as the side."""
    middles = (start + size * (np.arange(SIDE) + 0.5) / SIDE) * SIDE
    rows = [overlaps(np.clip([middle - 0.5, middle + 0.5], 0, SIDE)) for middle in middles]
    matrix = np.concatenate(rows)
    return matrix / matrix.sum(1, keepdims=True)


def placing(start, size):
    """Give the matrix that makes the side as long as a span, with nothing around it."""
    matrix = overlaps((np.arange(SIDE + 1) / SIDE - start) / size * SIDE)
    covered = matrix.sum(1, keepdims=True)
    return np.where(covered * size > 0.5, matrix / np.maximum(covered, 1e-6), 0)


SPANS = spans()
PAIRS = [
    (down, across)
    for down, (_, tall) in enumerate(SPANS)
    for across, (_, wide) in enumerate(SPANS)
    if 1 / ASPECT <= wide / tall <= ASPECT and wide * tall >= LEAST
]
DOWN, ACROSS = np.array(PAIRS).T
ENLARGE = np.array([enlarging(*span) for span in SPANS])
PLACE = np.array([placing(*span) for span in SPANS])
INSIDE = PLACE.any(2)[DOWN][:, :, None] & PLACE.any(2)[ACROSS][:, None, :]  # of each window
SHARES = (INSIDE / INSIDE.sum((1, 2), keepdims=True)).reshape(len(PAIRS), -1).astype(np.float32)


async def get_feature(model, image):
    """Make the tiny picture: brightness and two colours of each pixel."""
    small = image.convert("YCbCr").resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(small, np.float32).transpose(2, 0, 1).ravel() / 255


def pictures(features):
    """Give features as pictures: (n, 3, SIDE, SIDE)."""
    return features.reshape(-1, 3, SIDE, SIDE)


def unit(some, inside=None):
    """Take the mean of each colour away, and scale pictures to length 1: (n, 3 SIDE²)."""
    inside = np.ones((1, SIDE, SIDE)) if inside is None else inside
    inside, count = inside[:, None], inside.sum((1, 2))
    means = (some * inside).sum((2, 3), keepdims=True) / count[:, None, None, None]
    flat = ((some - means) * inside).reshape(len(some), -1)
    least = np.sqrt(FLAT * count)[:, None]
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), least)


def get_source(examples):
    """Lay the photos that are wanted over every window, and have their parts fill the whole."""
    wanted = [pictures(example.feature)[0] for example in examples if example.weight > 0]
    if not wanted:
        raise ValueError("there is no photo whose copies could be looked for")
    parts, placed = [], []
    for one in wanted:
        for each in (one, one[:, :, ::-1]):
            for matrices, found in ((ENLARGE, parts), (PLACE, placed)):
                down = matrices[DOWN][:, None] @ each
                found.append(down @ matrices[ACROSS][:, None].transpose(0, 1, 3, 2))
    parts = np.concatenate([unit(some) for some in parts])
    placed = np.concatenate([unit(some, INSIDE) for some in placed])
    return parts.T.astype(np.float32), placed.T.astype(np.float32)


def embs2score(source, candidate):
    """Give how much the best parts of two photos agree, 1 for the same picture."""
    return float(embs2scores(source, candidate[None])[0])


def embs2scores(source, candidates):
    """Do the same for all photos at once."""
    parts, placed = source
    whole = unit(pictures(candidates)).astype(np.float32) @ parts
    colours = candidates.reshape(len(candidates), 3, -1)
    variance = ((colours**2) @ SHARES.T - (colours @ SHARES.T) ** 2).sum(1)
    lengths = np.sqrt(np.maximum(variance, FLAT) * INSIDE.sum((1, 2)))
    windows = (candidates @ placed).reshape(len(candidates), -1, len(PAIRS))
    return np.maximum(whole.max(1), (windows / lengths[:, None]).max((1, 2)))
