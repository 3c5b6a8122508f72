"""This but not that.

Several query photos, each with a weight or a minus.

Rocchio's formula (Relevance Feedback in Information Retrieval, 1971; Manning, Raghavan and
Schütze, Introduction to Information Retrieval, 2008, section 9.1.1). Give a query photo a negative
weight, or mark a result as disliked, to move away from it.
"""

import numpy as np

from lookalike.images import prepare

LAYER = "avg_pool"
LIKED, DISLIKED = 0.75, 0.5  # how much marks count, against 1 for the query photos


async def get_feature(model, image):
    """Describe a photo by what the network sees in it, scaled to length 1."""
    outputs = await model.run(prepare(image, model.spec), [LAYER])
    feature = outputs[LAYER][0].ravel()
    return feature / max(np.linalg.norm(feature), 1e-12)


def get_source(examples):
    """Add what is wanted, and take away what is not."""
    parts = {"query": 1, "liked": LIKED, "disliked": DISLIKED}
    total = np.zeros_like(examples[0].feature)
    for kind, factor in parts.items():
        some = [example for example in examples if example.kind == kind]
        size = sum(abs(example.weight) for example in some)
        for example in some:
            total += factor * example.weight / size * example.feature
    return total


def embs2score(source, candidate):
    """Give how far a photo lies in the direction that is wanted."""
    return float(source @ candidate)


def embs2scores(source, candidates):
    """Do the same for all photos at once."""
    return candidates @ source
