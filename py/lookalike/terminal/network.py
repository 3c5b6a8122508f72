"""The network and the scorer that the commands describe photos by."""

import hashlib
from pathlib import Path

from lookalike.collections.collection import ModelId
from lookalike.errors import ModelError, ScoreError, TextError
from lookalike.model.model import Model
from lookalike.model.onnxruntime_native import NativeEncoder, NativeModel
from lookalike.scorer.compile import compile_scorer, shipped
from lookalike.scorer.scorer import CheckedScorer
from lookalike.scorer.user_code import UserCode
from lookalike.text.interpret import Interpreter

CHECKOUT = Path(__file__).parents[3]
"""The folder of the checkout, where this package is used from it."""

MODEL = Path("dist") / "models" / "mobilenet_v2.onnx"
"""Where build_site.py puts it: here, or in the checkout."""

WORDS = "words.npz"
"""The table of words: beside the network, or in `models/` of the checkout."""


def load_model(path: Path) -> tuple[NativeModel, ModelId]:
    """Load a network; give it with its name and hash.

    Raises:
        ModelError: it is not there, or broken.
    """
    # A notebook, for one, runs in its own folder.
    if path == MODEL and not path.exists() and (CHECKOUT / path).exists():
        path = CHECKOUT / path
    if not path.exists():
        raise ModelError(
            f"The network {path} is not there.",
            "Run python3 build_site.py first, or say where it is: --model FILE.onnx",
        )
    model = NativeModel(path)
    return model, ModelId(model.spec.name, hashlib.sha256(path.read_bytes()).hexdigest())


def load_scorer(path: Path | None, code: UserCode | None = None) -> CheckedScorer:
    """Load a score.py; the one beside the package where none is given.

    Args:
        path: of the file.
        code: how it is run.

    Raises:
        ScoreError: it cannot be read, or is no scorer.
    """
    try:
        return compile_scorer(shipped() if path is None else path.read_bytes(), code)
    except OSError as error:
        raise ScoreError(f"{path} cannot be read: {error.strerror}.") from None


def load_reader(model: Model, path: Path) -> Interpreter:
    """Make what understands words: the network's text encoder where it has one, else the table.

    Args:
        model: the network.
        path: its `.onnx` file.

    Raises:
        TextError: the text encoder is missing or broken.
    """

    async def table() -> bytes:
        for folder in (path.parent, CHECKOUT / "models"):
            if (folder / WORDS).exists():
                return (folder / WORDS).read_bytes()
        raise TextError(f"The table of words, {WORDS}, is not beside the network {path}.")

    return Interpreter(model, table, NativeEncoder(path) if model.spec.text else None)
