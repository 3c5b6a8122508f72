"""What I like.

Learns from the results that you mark as liked or not.

Logistic regression on `avg_pool`, ridge-penalised (Hastie, Tibshirani and Friedman, The Elements of
Statistical Learning, 2009, section 4.4), trained by gradient descent each time that you mark one.
Your photo counts as liked. Until something is disliked, it is the likeness to what is liked; where
nothing is liked, it is how little a photo is like what is disliked.
"""

import numpy as np

from lookalike.images import prepare

LAYER = "avg_pool"
PENALTY = 0.1  # higher trusts single marks less
STEPS = 100


async def get_feature(model, image):
    """Describe a photo by what the network sees in it, scaled to length 1."""
    outputs = await model.run(prepare(image, model.spec), [LAYER])
    feature = outputs[LAYER][0].ravel()
    return feature / max(np.linalg.norm(feature), 1e-12)


def get_source(examples):
    """Learn weights that tell liked photos (1) from disliked ones (0)."""
    features = np.array([example.feature for example in examples], np.float64)
    liked = np.array([example.weight > 0 for example in examples], np.float64)
    if liked.all() or not liked.any():
        return features.mean(0) * (1 if liked.any() else -1)
    # Each side counts the same, however many marks it has.
    share = np.where(liked, 1 / liked.sum(), 1 / (1 - liked).sum()) / 2
    centre = (share @ features) / share.sum()
    weights = np.zeros(features.shape[1])
    for _ in range(STEPS):
        predicted = 1 / (1 + np.exp(-((features - centre) @ weights)))
        slope = (features - centre).T @ (share * (predicted - liked)) + PENALTY * weights / 100
        weights -= 20 * slope
    return weights


def embs2score(source, candidate):
    """Give how much more a photo is like the liked ones."""
    return float(source @ candidate)


def embs2scores(source, candidates):
    """Do the same for all photos at once."""
    return candidates @ source
