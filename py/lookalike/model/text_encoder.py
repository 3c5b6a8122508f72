"""The seam between the engine and a network that encodes text, wherever that runs."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TextSpec:
    """The encoder that goes with an image network: `text` in the file `models/NAME.json`.

    Attributes:
        layer: the layer of the image network that lies in the same space.
        length: how many tokens the encoder takes, always; shorter texts are padded.
        pad: the token to pad with.
        end: the token that a text ends with, also where it is cut.
    """

    layer: str
    length: int
    pad: int
    end: int

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "TextSpec":
        """Read what the converter wrote.

        Raises:
            KeyError: a field is missing.
        """
        return cls(str(data["layer"]), int(data["length"]), int(data["pad"]), int(data["end"]))

    def fit(self, tokens: list[int]) -> list[int]:
        """Cut or pad the tokens of a text to the length that the encoder takes."""
        if len(tokens) > self.length:
            return [*tokens[: self.length - 1], self.end]
        return [*tokens, *[self.pad] * (self.length - len(tokens))]


class TextEncoder(Protocol):
    """Puts text where an image network puts photos that show what it says, as CLIP does.

    Its files lie beside NAME.onnx: NAME.text.onnx, which takes `input_ids` (1, length) of int64
    and gives `text_embeds` (1, d); and NAME.tokenizer.json, of Hugging Face's tokenizers.
    """

    spec: TextSpec

    async def encode(self, text: str) -> NDArray[np.float32]:
        """Encode a text.

        Returns:
            (d,), of any length but zero; its cosine with the image layer says how well they match.

        Raises:
            lookalike.errors.TextError: the encoder could not be loaded or run.
        """
