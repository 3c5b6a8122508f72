"""What the classifier sees in a photo: the tags that a search starts from."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.images import prepare
from lookalike.model.classes import first_synonym, softmax
from lookalike.model.model import BACKGROUND, Model
from lookalike.policies.state import Guess

COUNT = 10
"""How many tags a search starts from (CLEAR section 3)."""


async def guesses(model: Model, image: Image.Image, count: int = COUNT) -> list[Guess]:
    """Name the classes of `image`, most probable first.

    A class name such as "tench, Tinca tinca" is given as its first synonym; where two classes
    share it ("crane", "maillot"), it is given once.

    Raises:
        lookalike.errors.ModelError: the network has no `logits` layer or could not be run.
    """
    outputs = await model.run(prepare(image, model.spec), ["logits"])
    return named(outputs["logits"][0], model.spec.labels, count)


def named(outputs: NDArray[np.float32], labels: Sequence[str], count: int = COUNT) -> list[Guess]:
    """Name the most probable classes, by a network's logits; see `guesses`."""
    probabilities = softmax(outputs)
    found: dict[str, float] = {}
    for index in np.argsort(-probabilities, kind="stable"):
        name = first_synonym(labels[index])
        if name and name != BACKGROUND:
            found.setdefault(name, float(probabilities[index]))
        if len(found) == count:
            break
    return [Guess(tag, probability) for tag, probability in found.items()]


def merged(
    found: Sequence[tuple[float, Sequence[Guess]]], start: Sequence[str] = (), count: int = COUNT
) -> list[Guess]:
    """Merge the guesses of several photos into one list, most probable first.

    Args:
        found: the weight of each photo and its guesses; of a photo whose weight is not positive,
            nothing is to be found.
        start: words that come first, as if they were sure.
        count: how many of the others are kept.

    Returns:
        Each tag once; its probability is the weighted mean over the photos.
    """
    wanted = [(weight, some) for weight, some in found if weight > 0]
    total = sum(weight for weight, _ in wanted)
    sums: dict[str, float] = {}
    for weight, some in wanted:
        for guess in some:
            sums[guess.tag] = sums.get(guess.tag, 0.0) + guess.probability * (weight / total)
    best = sorted(sums, key=lambda tag: -sums[tag])[:count]
    first = dict.fromkeys(start)
    return [
        *(Guess(word, 1.0) for word in first),
        *(Guess(tag, sums[tag]) for tag in best if tag not in first),
    ]
