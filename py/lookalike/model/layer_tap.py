"""One run of the network for two: what a scorer reads of a photo, and what the words need."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.model.model import Model


class LayerTap:
    """A model that reads one layer more whenever it is run on a photo as a whole.

    Args:
        model: the model.
        photo: the photo, prepared: (1, 3, size, size).
        layer: what to read besides.

    Attributes:
        spec: the model's.
        output: what the layer gave for the photo; None while the photo has not been run.
    """

    def __init__(self, model: Model, photo: NDArray[np.float32], layer: str) -> None:
        self.spec = model.spec
        self.output: NDArray[np.float32] | None = None
        self._model, self._photo, self._layer = model, photo, layer

    async def run(
        self, batch: NDArray[np.float32], layers: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        # A scorer may look at a part of the photo, or turn it.
        if self.output is not None or not np.array_equal(batch, self._photo):
            return await self._model.run(batch, layers)
        outputs = await self._model.run(batch, list(dict.fromkeys([*layers, self._layer])))
        self.output = outputs[self._layer][0].ravel()
        return {layer: outputs[layer] for layer in layers}

    async def read(self) -> NDArray[np.float32]:
        """Give what the layer says of the photo, (d,), running the network if nobody has.

        Raises:
            lookalike.errors.ModelError: it cannot be run.
        """
        if self.output is None:
            outputs = await self._model.run(self._photo, [self._layer])
            self.output = outputs[self._layer][0].ravel()
        return self.output
