"""Everything that a collection keeps of a photo, by one run of the network."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.collections.collection import AVG_POOL, TOP, feature_kind, pack_classes
from lookalike.errors import ScoreError
from lookalike.images import prepare
from lookalike.model.classes import softmax
from lookalike.model.layer_tap import LayerTap
from lookalike.model.model import Model
from lookalike.scorer.scorer import CheckedScorer

LOGITS = "logits"


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """What a photo looks like.

    Attributes:
        features: by kind, a float16 vector each.
        classes: as in `PhotoEntry.classes`.
    """

    features: dict[str, NDArray[np.float16]]
    classes: bytes


async def describe(model: Model, scorer: CheckedScorer, image: Image.Image) -> Description:
    """Describe a photo by a scorer, by `AVG_POOL` and by its classes.

    Raises:
        ScoreError: the scorer failed, or float16 cannot hold its numbers.
        lookalike.errors.ModelError: the network could not be run.
    """
    layers = [layer for layer in (AVG_POOL, LOGITS) if layer in model.spec.layers]
    tap = LayerTap(model, prepare(image, model.spec), layers)
    feature = await scorer.get_feature(tap, image)
    kept = await tap.read()
    features = {feature_kind(scorer.key): half(feature)}
    if AVG_POOL in kept:
        features[AVG_POOL] = half(kept[AVG_POOL])
    return Description(features, _classes(kept[LOGITS]) if LOGITS in kept else b"")


def half(feature: NDArray[np.float32]) -> NDArray[np.float16]:
    """Round a vector to float16: 11 bits of precision, numbers up to 65,504.

    Raises:
        ScoreError: it has larger numbers.
    """
    with np.errstate(over="ignore"):
        rounded = feature.astype(np.float16)
    if not np.isfinite(rounded).all():
        raise ScoreError(
            "The score function's features have numbers above 65,504: no collection keeps these.",
            "Scale them down in get_feature, by their length for example.",
        )
    return rounded


def _classes(logits: NDArray[np.float32]) -> bytes:
    shares = softmax(logits)
    best = np.argsort(-shares, kind="stable")[:TOP]
    return pack_classes([(int(index), float(shares[index])) for index in best])
