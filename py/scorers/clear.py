"""CLEAR's dot product.

What is where in the photo, and how strongly: the dot product, through an exponential.

Sato, CLEAR: A Fully User-side Image Search System, CIKM 2022, section 3 (src/score.js). Photos are
described as by score.py, to the letter, so that none is described again.
"""

import math

from lookalike.images import prepare

LAYER = "conv_16_project"


async def get_feature(model, image):
    """Describe a photo by where in it the network sees what."""
    outputs = await model.run(prepare(image, model.spec), [LAYER])
    return outputs[LAYER][0].ravel()


def embs2score(source, candidate):
    """Compare two features; higher is more alike."""
    return math.exp(source @ candidate / 1000)
