"""How alike are two photos? Edit these two functions to search by a score function of your own."""

import math

from lookalike.images import prepare

LAYER = "conv_16_project"  # or "avg_pool", "logits"


async def get_feature(model, image):
    """Describe a PIL image by a vector."""
    outputs = await model.run(prepare(image, model.spec), [LAYER])
    return outputs[LAYER][0].ravel()


def embs2score(source, candidate):
    """Compare two features by the angle between them: 1 for the same, 0 for nothing in common."""
    lengths = math.sqrt((source @ source) * (candidate @ candidate))
    return source @ candidate / max(lengths, 1e-12)
    # CLEAR's, by which strong features count more:
    # return math.exp(source @ candidate / 1000)
    # The Gaussian kernel:
    # return math.exp(-((source - candidate) ** 2).sum() / 1000)
