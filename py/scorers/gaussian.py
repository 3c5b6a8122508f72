"""Gaussian kernel.

Likeness that falls with the square of the distance.

CLEAR's second score function (src/score.js). In a photo of which the network makes much, all
features are strong, and so it is far from most others: where that disturbs, take the cosine.
"""

import math

import numpy as np

from lookalike.images import prepare

LAYER = "conv_16_project"
WIDTH = 22.0  # distances much longer than this score nearly nothing


async def get_feature(model, image):
    """Describe a photo by where in it the network sees what."""
    outputs = await model.run(prepare(image, model.spec), [LAYER])
    return outputs[LAYER][0].ravel()


def embs2score(source, candidate):
    """Give 1 for equal features, and less the further apart they are."""
    return math.exp(-((source - candidate) ** 2).sum() / (2 * WIDTH**2))


def embs2scores(source, candidates):
    """Do the same for all photos at once."""
    return np.exp(-((source - candidates) ** 2).sum(1) / (2 * WIDTH**2))
