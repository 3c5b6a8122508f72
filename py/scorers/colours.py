"""Colours and composition.

The same colours in the same places; no network at all.

A histogram of hue, saturation and brightness (Swain and Ballard, Color Indexing, IJCV 1991), one
for the whole photo and one for each of its nine parts, compared by intersection.
"""

import numpy as np

HUES, SATURATIONS, VALUES = 8, 3, 3
GRID = 3  # parts a side
PLACE = 0.5  # how much it matters where a colour is, from 0 to 1


async def get_feature(model, image):
    """Count the colours of the whole photo and of its parts."""
    pixels = np.asarray(image.convert("RGB").resize((96, 96)).convert("HSV"), np.int32)
    bins = np.array([HUES, SATURATIONS, VALUES])
    hue, saturation, value = np.moveaxis(pixels * bins // 256, -1, 0)
    colours = (hue * SATURATIONS + saturation) * VALUES + value
    side = 96 // GRID
    parts = colours.reshape(GRID, side, GRID, side).swapaxes(1, 2).reshape(GRID * GRID, -1)
    histograms = np.stack([np.bincount(part, minlength=bins.prod()) for part in parts]) / side**2
    whole = histograms.mean(0)
    return np.concatenate([(1 - PLACE) * whole, PLACE * histograms.ravel() / len(histograms)])


def embs2score(source, candidate):
    """Give the share of the pixels that find one of their colour in the other photo."""
    return float(np.minimum(source, candidate).sum())


def embs2scores(source, candidates):
    """Do the same for all photos at once."""
    return np.minimum(source, candidates).sum(1)
