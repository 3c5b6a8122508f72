"""Part of the photo.

The thing in the crop that you drew, wherever and however large it is in other photos.

Draw a crop on your photo first. The crop is described as a whole; of the others, windows of the
network's 7 × 7 map are compared with it, and the best one counts (after regional maximum
activations: Tolias, Sicre and Jégou, Particular Object Retrieval, ICLR 2016, section 4).
"""

import numpy as np

from lookalike.images import prepare

LAYER = "conv_16_project"
WINDOWS = (7, 5, 3)  # sides, in cells of the 7 × 7 map; 7 is the whole photo
COUNT = sum(len(range(0, 8 - size, 2)) ** 2 for size in WINDOWS)


async def get_feature(model, image):
    """Describe each window of a photo by its mean, scaled to length 1; the whole comes first."""
    outputs = await model.run(prepare(image, model.spec), [LAYER])
    cells = outputs[LAYER][0]
    windows = [
        cells[:, top : top + size, left : left + size].mean((1, 2))
        for size in WINDOWS
        for top in range(0, 8 - size, 2)
        for left in range(0, 8 - size, 2)
    ]
    return np.concatenate([window / max(np.linalg.norm(window), 1e-12) for window in windows])


def embs2score(source, candidate):
    """Give the cosine of the crop, as a whole, with the window that is most like it."""
    channels = len(candidate) // COUNT
    return float((candidate.reshape(COUNT, channels) @ source[:channels]).max())


def embs2scores(source, candidates):
    """Do the same for all photos at once."""
    channels = candidates.shape[1] // COUNT
    return (candidates.reshape(len(candidates), COUNT, channels) @ source[:channels]).max(1)
