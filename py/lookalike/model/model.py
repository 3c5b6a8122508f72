"""The seam between the engine and the neural network, wherever that runs."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lookalike.errors import LayerError
from lookalike.model.text_encoder import TextSpec

BACKGROUND = "background"
"""The label of "none of them" in the 1,001-class networks; nobody tags a photo with it."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What an ONNX file made from a recipe takes and gives: the file `models/NAME.json`.

    Attributes:
        name: the recipe's name, such as "mobilenet_v2".
        size: the side of the square input in pixels.
        mean, std: per channel; a pixel p in 0..255 enters the network as (p - mean) / std.
        layers: the named outputs, each with its shape without the batch dimension.
        labels: one name per entry of the `logits` layer, several synonyms parted by ", ".
        hash: the sha256 of the `.onnx` file, in hexadecimal; "" where it is not known. Features of
            networks whose names and hashes are the same can be compared.
        text: the encoder of text that goes with it; None where there is none.
    """

    name: str
    size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    layers: Mapping[str, tuple[int, ...]]
    labels: tuple[str, ...]
    hash: str = ""
    text: TextSpec | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ModelSpec":
        """Read what the converter wrote.

        Raises:
            KeyError: a field is missing.
        """
        return cls(
            name=data["name"],
            size=int(data["size"]),
            mean=tuple(map(float, data["mean"])),
            std=tuple(map(float, data["std"])),
            layers={name: tuple(map(int, shape)) for name, shape in data["layers"].items()},
            labels=tuple(data["labels"]),
            hash=str(data.get("sha256", "")),
            text=TextSpec.from_json(data["text"]) if data.get("text") else None,
        )


class Model(Protocol):
    """A network whose layers can be read. In a browser and natively, the same engine runs on it."""

    spec: ModelSpec

    async def run(
        self, batch: NDArray[np.float32], layers: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        """Run the network on a batch of prepared images.

        Args:
            batch: (n, 3, size, size), as `lookalike.images.prepare` makes it.
            layers: names from `spec.layers`.

        Returns:
            For each layer an array of shape (n, *spec.layers[layer]).

        Raises:
            lookalike.errors.LayerError: a layer is unknown.
            lookalike.errors.ModelError: the network could not be run.
        """


def check_layers(layers: Iterable[str], spec: ModelSpec) -> None:
    """See that a network has the layers that it is asked for.

    Raises:
        LayerError: it has not; the message names those that it has.
    """
    for layer in layers:
        if layer not in spec.layers:
            close = difflib.get_close_matches(str(layer), spec.layers, 1)
            meant = f" Is “{close[0]}” meant?" if close else ""
            names = ", ".join(spec.layers)
            raise LayerError(
                f"The network {spec.name} has no layer “{layer}”; it has {names}.{meant}",
                "Name one of these in score.py, then run it again.",
            )
