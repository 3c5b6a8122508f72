"""Cosine of pooled features.

What is in the photo, wherever in it: the angle between two averages over the whole picture.
"""

import math

from lookalike.images import prepare

LAYER = "avg_pool"


async def get_feature(model, image):
    """Describe a PIL image by a vector."""
    outputs = await model.run(prepare(image, model.spec), [LAYER])
    return outputs[LAYER][0].ravel()


def embs2score(source, candidate):
    """Compare two features; higher is more alike."""
    return source @ candidate / math.sqrt((source @ source) * (candidate @ candidate))
