"""The classes of a network: how probable each is, and its name."""

import numpy as np
from numpy.typing import NDArray


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Give the probabilities of classes by their logits.

    Args:
        logits: (…, classes) of a network; -inf for a class that cannot be.

    Returns:
        The same shape, each in 0..1, with a sum of 1 over the classes.
    """
    values = logits.astype(np.float64)
    exponents = np.exp(values - values.max(-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(-1, keepdims=True))


def first_synonym(label: str) -> str:
    """Give the name of a class that is shown: of "tench, Tinca tinca" it is "tench"."""
    return label.split(",")[0].strip()
