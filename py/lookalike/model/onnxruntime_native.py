"""The networks outside a browser: onnxruntime in this process."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lookalike.errors import ModelError, TextError
from lookalike.model.model import ModelSpec, check_layers

REBUILD = "Run it again; if it happens again, make the network again by build_site.py."


class NativeModel:
    """A converted network run by onnxruntime on the CPU.

    Args:
        path: the `.onnx` file; its `.json` lies beside it.
        threads: how many threads one run may use.

    Raises:
        ModelError: either file is missing or broken.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        # Imported here so that the engine can be imported in a browser, where there is none.
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        try:
            self.spec = ModelSpec.from_json(
                json.loads(path.with_suffix(".json").read_text("utf-8"))
            )
            self._session = ort.InferenceSession(
                path.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors share no public base class
            raise ModelError(f"The model {path} could not be loaded: {error}", REBUILD) from error

    async def run(
        self, batch: NDArray[np.float32], layers: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        check_layers(layers, self.spec)
        try:
            outputs = await asyncio.to_thread(self._session.run, list(layers), {"image": batch})
        except Exception as error:
            raise ModelError(f"The network could not be run: {error}", REBUILD) from error
        return dict(zip(layers, outputs, strict=True))


class NativeEncoder:
    """The `lookalike.model.text_encoder.TextEncoder` that goes with a network; needs `tokenizers`.

    Args:
        path: the network's `.onnx` file, beside which the encoder's files lie.
        threads: how many threads one run may use.

    Raises:
        TextError: the network has no encoder, or a file of it is missing or broken.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        import onnxruntime as ort
        from tokenizers import Tokenizer

        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        try:
            spec = ModelSpec.from_json(
                json.loads(path.with_suffix(".json").read_text("utf-8"))
            ).text
            self._tokenizer = Tokenizer.from_file(str(path.with_suffix(".tokenizer.json")))
            self._session = ort.InferenceSession(
                path.with_suffix(".text.onnx").read_bytes(),
                options,
                providers=["CPUExecutionProvider"],
            )
        except Exception as error:  # neither library's errors share a public base class
            message = f"The text encoder of {path} could not be loaded: {error}"
            raise TextError(message, REBUILD) from error
        if spec is None:
            raise TextError(f"The model {path} has no text encoder.")
        self.spec = spec
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    async def encode(self, text: str) -> NDArray[np.float32]:
        ids = np.array([self.spec.fit(self._tokenizer.encode(text).ids)], np.int64)
        try:
            (embeds,) = await asyncio.to_thread(
                self._session.run, ["text_embeds"], {"input_ids": ids}
            )
        except Exception as error:
            raise TextError(f"The text encoder could not be run: {error}", REBUILD) from error
        return np.asarray(embeds, np.float32).ravel()
