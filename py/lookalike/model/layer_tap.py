"""One run of the network for two: what a scorer reads of a photo, and what is needed besides."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.model.model import Model


class LayerTap:
    """A model that reads some layers more whenever it is run on a photo as a whole.

    Args:
        model: the model.
        photo: the photo, prepared: (1, 3, size, size). Only of a batch that is this is anything
            read besides: a scorer may look at a part of the photo, or turn it.
        layers: what to read besides; the model has them.

    Attributes:
        spec: the model's.
    """

    def __init__(self, model: Model, photo: NDArray[np.float32], layers: Sequence[str]) -> None:
        self.spec = model.spec
        self._model, self._photo, self._layers = model, photo, layers
        self._outputs: dict[str, NDArray[np.float32]] | None = None if layers else {}

    async def run(
        self, batch: NDArray[np.float32], layers: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        if self._outputs is not None or not np.array_equal(batch, self._photo):
            return await self._model.run(batch, layers)
        outputs = await self._model.run(batch, list(dict.fromkeys([*layers, *self._layers])))
        # Copies: the scorer may write to what it gets.
        self._outputs = {layer: outputs[layer][0].ravel().copy() for layer in self._layers}
        return {layer: outputs[layer] for layer in layers}

    async def read(self) -> dict[str, NDArray[np.float32]]:
        """Give what the layers say of the photo, (d,) each, running the network if nobody has.

        Raises:
            lookalike.errors.ModelError: it cannot be run.
        """
        if self._outputs is None:
            await self.run(self._photo, [])
        return self._outputs or {}
