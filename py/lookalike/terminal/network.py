"""The network and the measure that the commands describe photos by."""

import hashlib
from pathlib import Path

from lookalike.collections.collection import ModelId
from lookalike.errors import ModelError, ScoreError
from lookalike.measure import compile_measure, shipped
from lookalike.native import NativeModel
from lookalike.scorer import CheckedScorer

MODEL = Path("dist") / "models" / "mobilenet_v2.onnx"
"""Where build_site.py puts it, from the folder of the checkout."""


def load_model(path: Path) -> tuple[NativeModel, ModelId]:
    """Load a network; give it with its name and hash.

    Raises:
        ModelError: it is not there, or broken.
    """
    if not path.exists():
        raise ModelError(
            f"The network {path} is not there.",
            "Run python3 build_site.py first, or say where it is: --model FILE.onnx",
        )
    model = NativeModel(path)
    return model, ModelId(model.spec.name, hashlib.sha256(path.read_bytes()).hexdigest())


def load_measure(path: Path | None) -> CheckedScorer:
    """Load a score.py; the one beside the package where none is given.

    Raises:
        ScoreError: it cannot be read, or is no measure.
    """
    try:
        return compile_measure(shipped() if path is None else path.read_bytes())
    except OSError as error:
        raise ScoreError(f"{path} cannot be read: {error.strerror}.") from None
