"""What is in it.

The same things anywhere in the photo: the cosine of `avg_pool`.
"""

import numpy as np

from lookalike.images import prepare

LAYER = "avg_pool"


async def get_feature(model, image):
    """Describe a photo by what the network sees in it, wherever that is."""
    outputs = await model.run(prepare(image, model.spec), [LAYER])
    feature = outputs[LAYER][0].ravel()
    return feature / max(np.linalg.norm(feature), 1e-12)


def embs2score(source, candidate):
    """Give 1 for the same direction, 0 for nothing in common."""
    return float(source @ candidate)


def embs2scores(source, candidates):
    """Do the same for all photos at once."""
    return candidates @ source
