"""A table of words for the small world, and what reads texts with it."""

import io

import numpy as np

from lookalike.text.interpret import Interpreter
from lookalike.text.word_vectors import WordVectors

WORDS = {
    "red": (1, 0, 0, 0),
    "rose": (0.9, 0.1, 0.1, 0.2),
    "orange": (0.7, 0.7, 0, 0),
    "green": (0, 1, 0, 0),
    "blue": (0, 0, 1, 0),
    "violet": (0.5, 0, 0.8, 0),
    "grey": (0.4, 0.4, 0.4, 0.6),
    "photo": (0.1, 0.1, 0.1, 0.9),
    "berry": (0.8, 0, 0.5, 0.1),
}


def packed(words=WORDS):
    """The table as models/words.py writes it."""
    buffer = io.BytesIO()
    names = np.frombuffer("\n".join(words).encode(), np.uint8)
    vectors = np.rint(15 * np.array(list(words.values()))).astype(np.int8)
    np.savez(buffer, words=names, vectors=vectors)
    return buffer.getvalue()


def table(words=WORDS):
    return WordVectors.from_bytes(packed(words))


class Shelf:
    """Gives the table, and counts how often."""

    def __init__(self, data=None):
        self.data = packed() if data is None else data
        self.asked = 0

    async def __call__(self):
        self.asked += 1
        return self.data


def reader(model, data=None, encoder=None):
    return Interpreter(model, Shelf(data), encoder)
