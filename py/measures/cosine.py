"""Cosine.

The angle between features, however strong they are: CLEAR's layer, where in the photo is what.
"""

import numpy as np

from lookalike.images import prepare

LAYER = "conv_16_project"


async def get_feature(model, image):
    """Describe a photo by where in it the network sees what, scaled to length 1."""
    outputs = await model.run(prepare(image, model.spec), [LAYER])
    feature = outputs[LAYER][0].ravel()
    return feature / max(np.linalg.norm(feature), 1e-12)


def embs2score(source, candidate):
    """Give 1 for the same direction, 0 for nothing in common."""
    return float(source @ candidate)


def embs2scores(source, candidates):
    """Do the same for all photos at once."""
    return candidates @ source
