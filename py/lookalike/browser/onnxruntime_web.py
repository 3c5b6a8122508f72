"""The networks in a browser: onnxruntime-web in the vision workers, reached through JavaScript."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyodide.ffi import JsException, to_js

from lookalike.errors import ModelError, TextError
from lookalike.model.model import ModelSpec, check_layers
from lookalike.model.text_encoder import TextSpec

SILENCE = "Silence"
"""What JavaScript calls it where a vision worker does not answer."""


class BridgedModel:
    """A network that runs while Python goes on.

    Args:
        spec: what the network takes and gives.
        room, run: those of `VisionPool`, site/js/engine/vision-pool.js.
    """

    def __init__(self, spec: ModelSpec, room: Any, run: Any) -> None:  # noqa: ANN401 - JavaScript
        self.spec = spec
        self._room, self._run = room, run

    async def run(
        self, batch: NDArray[np.float32], layers: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        check_layers(layers, self.spec)
        batch = np.ascontiguousarray(batch, dtype=np.float32)
        try:
            try:
                outputs = await self._outputs(batch, layers)
            except JsException as error:
                if error.name != SILENCE:
                    raise
                outputs = await self._outputs(batch, layers)  # of another worker
        except JsException as error:
            raise ModelError(f"The network could not be run: {error.message}") from error
        shapes = self.spec.layers
        return {
            layer: _array(getattr(outputs, layer)).reshape((len(batch), *shapes[layer]))
            for layer in layers
        }

    async def _outputs(self, batch: NDArray[np.float32], layers: Sequence[str]) -> Any:  # noqa: ANN401
        # Copied once into memory of JavaScript's own, which is then transferred, not copied.
        room = self._room(batch.size)
        room.assign(batch.ravel())
        return await self._run(room, to_js(batch.shape), to_js(list(layers)))


class BridgedEncoder:
    """The `TextEncoder` that goes with a `BridgedModel`.

    Args:
        spec: what the encoder takes.
        text: `TextFiles` of site/js/engine/text-encoder.js.
    """

    def __init__(self, spec: TextSpec, text: Any) -> None:  # noqa: ANN401 - JavaScript
        self.spec = spec
        self._text = text

    async def encode(self, text: str) -> NDArray[np.float32]:
        try:
            tokens = (await self._text.tokenize(text)).to_py()
            outputs = await self._text.encode(to_js(self.spec.fit(list(tokens))))
        except JsException as error:
            raise TextError(f"The text encoder could not be run: {error.message}") from error
        return _array(outputs.text_embeds)


async def table(text: Any) -> bytes:  # noqa: ANN401 - JavaScript
    """Fetch the table of word vectors.

    Args:
        text: see `BridgedEncoder`.

    Raises:
        TextError: it cannot be had.
    """
    try:
        data: bytes = (await text.table()).to_bytes()
    except JsException as error:
        raise TextError(str(error.message)) from error
    return data


def _array(tensor: Any) -> NDArray[np.float32]:  # noqa: ANN401 - a Tensor of site/js/protocol.js
    """Copy a tensor's numbers. Its shape is known here; to fetch it costs as much as they do."""
    return np.asarray(tensor.data.to_py(), dtype=np.float32)
