"""Everything that a collection keeps of a photo, by one run of the network."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.collections.collection import AVG_POOL, TOP, feature_kind, pack_classes
from lookalike.errors import ScoreError
from lookalike.images import prepare
from lookalike.model.classes import softmax
from lookalike.model.model import Model
from lookalike.scorer.scorer import CheckedScorer

LOGITS = "logits"


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """What a photo looks like.

    Attributes:
        features: by kind, a float16 vector each.
        classes: as in `Entry.classes`.
    """

    features: dict[str, NDArray[np.float16]]
    classes: bytes


class Recorder:
    """A model that, asked for some layers of a photo, computes others with them and keeps these.

    Args:
        model: what is asked.
        image: the photo. Only of a batch that is this whole photo, as `prepare` makes it, is
            anything kept: a scorer may describe parts of it.
        layers: what is kept, as far as the model has it.
    """

    def __init__(self, model: Model, image: Image.Image, layers: Sequence[str]) -> None:
        self.spec = model.spec
        self._model = model
        self._batch = prepare(image, model.spec)
        self._layers = [layer for layer in layers if layer in model.spec.layers]
        self._kept: dict[str, NDArray[np.float32]] | None = None

    async def run(
        self, batch: NDArray[np.float32], layers: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        if self._kept is not None or not np.array_equal(batch, self._batch):
            return await self._model.run(batch, layers)
        outputs = await self._model.run(batch, list(dict.fromkeys([*layers, *self._layers])))
        # Copies: the scorer may write to what it gets.
        self._kept = {layer: outputs[layer][0].ravel().copy() for layer in self._layers}
        return {layer: outputs[layer] for layer in layers}

    async def kept(self) -> dict[str, NDArray[np.float32]]:
        """Give the layers as vectors; by a run of its own where the photo has not been run.

        Raises:
            lookalike.errors.ModelError: the network could not be run.
        """
        if self._kept is None:
            await self.run(self._batch, [])
        return self._kept or {}


async def describe(model: Model, scorer: CheckedScorer, image: Image.Image) -> Description:
    """Describe a photo by a scorer, by `AVG_POOL` and by its classes.

    Raises:
        ScoreError: the scorer failed, or float16 cannot hold its numbers.
        lookalike.errors.ModelError: the network could not be run.
    """
    recorder = Recorder(model, image, (AVG_POOL, LOGITS))
    feature = await scorer.get_feature(recorder, image)
    kept = await recorder.kept()
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
