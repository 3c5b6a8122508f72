"""Vectors of words, and of the phrases made of them: the table of models/words.toml."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.errors import TextError
from lookalike.words import fold
from lookalike.words import words as split

Vector = NDArray[np.float32]

STOP_WORDS = frozenset(
    "a an and are as at be but by for from her his in into is it its my no not of on or our some"  # noqa: SIM905
    " that the their these this those to was were with without your".split()
)
"""Words that a phrase's meaning hardly hangs on; they count where there are no others. Negations
are among them: no photo shows what is not in it, and none shows a "not"."""

_POSSESSIVE = re.compile(r"(?<=[^\W_])['’]s(?!\w)", re.IGNORECASE)


def counting(text: str) -> list[str]:
    """Give the words of a text that count, folded, each once: "a dog's nose" has "dog", "nose"."""
    typed = list(dict.fromkeys(split(_POSSESSIVE.sub("", text))))
    return [word for word in typed if word not in STOP_WORDS] or typed


@dataclass(frozen=True, slots=True)
class Phrase:
    """What the table makes of a phrase.

    Attributes:
        vector: of unit length; None where none of its words is known.
        known: its words that count, as the table spells them.
        unknown: its words that the table does not have, as they were typed, in lower case.
    """

    vector: Vector | None
    known: tuple[str, ...]
    unknown: tuple[str, ...]


class WordVectors:
    """A table of word vectors.

    Args:
        words: distinct, in lower case.
        vectors: (n, d), of any length but zero; they are scaled to unit length.
        kinds: of what kinds the classes of a network are, by their labels.

    Raises:
        ValueError: words and vectors do not fit each other.
    """

    def __init__(
        self,
        words: Sequence[str],
        vectors: NDArray[np.generic],
        kinds: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        if vectors.ndim != 2 or len(words) != len(vectors):
            raise ValueError(f"{len(words)} words for vectors of shape {vectors.shape}")
        self._places = {word: place for place, word in enumerate(words)}
        self._vectors = unit(vectors.astype(np.float32))
        self._kinds = kinds or {}

    @classmethod
    def from_bytes(cls, data: bytes) -> "WordVectors":
        """Read what models/words.py has written.

        Raises:
            TextError: the data is no such table.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as stored:
                words = stored["words"].tobytes().decode().split("\n")
                # A table that was made before there were any has none.
                told = stored["kinds"].tobytes().decode() if "kinds" in stored else ""
                return cls(words, stored["vectors"], dict(map(_kinds, told.splitlines())))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise TextError(f"The table of words is broken ({error}).") from error

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._vectors.shape[1])

    def __len__(self) -> int:
        return len(self._places)

    def kinds(self, label: str) -> Sequence[str]:
        """Say of what kinds a class is, the nearest first; nothing where that is not known."""
        return self._kinds.get(label, ())

    def _spelled(self, text: str) -> dict[str, str | None]:
        """The words of a phrase that count, each as the table spells it."""
        return {word: self.find(word) for word in counting(text)}

    def find(self, word: str) -> str | None:
        """Say how the table spells a word: as it is, else as its singular or its plural."""
        return next((form for form in forms(word) if form in self._places), None)

    def phrase(self, text: str, head: float = 1.0) -> Phrase:
        """Give the mean of a phrase's words.

        Args:
            text: the phrase.
            head: how much its last known word counts beside the others.
        """
        found = self._spelled(text)
        known = tuple(spelled for spelled in found.values() if spelled is not None)
        unknown = tuple(word for word, spelled in found.items() if spelled is None)
        return Phrase(self.phrases([text], head)[0] if known else None, known, unknown)

    def phrases(self, texts: Sequence[str], head: float = 1.0) -> Vector:
        """Give the vectors of many phrases, in a few operations on them all.

        Returns:
            (n, d), each row as `phrase` has it; zeros where no word of a phrase is known.
        """
        known = [[self._places[w] for w in self._spelled(t).values() if w] for t in texts]
        vectors = self._vectors[[place for places in known for place in places]]
        lengths = np.array([len(places) for places in known], np.intp)
        vectors[np.cumsum(lengths)[lengths > 0] - 1] *= head
        return unit(sums(vectors, lengths))


def _kinds(line: str) -> tuple[str, Sequence[str]]:
    label, names = line.split("\t")
    return label, names.split(", ")


def sums(rows: Vector, lengths: NDArray[np.intp]) -> Vector:
    """Add up rows that follow one another.

    Args:
        rows: (sum of lengths, d).
        lengths: (n) how many belong together; those of none give zeros.

    Returns:
        (n, d).
    """
    added = np.zeros((len(lengths), rows.shape[1]), rows.dtype)
    some = lengths > 0
    if some.any():
        added[some] = np.add.reduceat(rows, (np.cumsum(lengths) - lengths)[some], axis=0)
    return added


def forms(word: str) -> list[str]:
    """List a word and the simple singulars and plurals of it, in the order they are tried."""
    word = fold(word)
    found = [word]
    if word.endswith("ies"):
        found.append(f"{word[:-3]}y")
    if word.endswith("es"):
        found.append(word[:-2])
    if word.endswith("s"):
        found.append(word[:-1])
    return [*dict.fromkeys([*found, f"{word}s"])] if len(word) > 2 else [word]


def unit(vectors: Vector) -> Vector:
    """Scale each row to unit length; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vector = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled
