"""What the classifier sees in a photo: the tags that a search starts from."""

import numpy as np
from PIL import Image

from lookalike.images import prepare
from lookalike.model import Model
from lookalike.policy import Guess

BACKGROUND = "background"
"""The label of "none of them" in the 1,001-class networks; nobody tags a photo with it."""


async def guesses(model: Model, image: Image.Image, count: int = 10) -> list[Guess]:
    """Name the classes of `image`, most probable first (CLEAR section 3: the top 10).

    A class name such as "tench, Tinca tinca" is given as its first synonym; where two classes
    share it ("crane", "maillot"), it is given once.

    Raises:
        lookalike.errors.ModelError: the network has no `logits` layer or could not be run.
    """
    outputs = await model.run(prepare(image, model.spec), ["logits"])
    logits = outputs["logits"][0].astype(np.float64)
    exponents = np.exp(logits - logits.max())
    probabilities = exponents / exponents.sum()
    found: dict[str, float] = {}
    for index in np.argsort(-probabilities, kind="stable"):
        name = model.spec.labels[index].split(",")[0].strip()
        if name and name != BACKGROUND:
            found.setdefault(name, float(probabilities[index]))
        if len(found) == count:
            break
    return [Guess(tag, probability) for tag, probability in found.items()]
