"""Pseudo-relevance feedback: what words mean, by the photos that a service returns for them."""

from collections.abc import Iterable, Sequence

from lookalike.photo import Photo
from lookalike.words import words

FIRST = 10
"""So many photos at the head of an answer are taken for what was meant."""

ENOUGH = 8
"""So many examples stand for the words; later ones are rather led away from them."""


class RelevanceFeedback:
    """Finds the photos to take for examples of words that no table knows.

    They are those that the service returns first for the words (Manning, Raghavan and Schütze,
    Introduction to Information Retrieval, 2008, section 9.1.6), as they are looked at.

    Args:
        text: what was searched for.
    """

    def __init__(self, text: str) -> None:
        self._words = set(words(text))
        self._first: set[str] = set()
        self.examples: list[str] = []

    def concerns(self, tag: str) -> bool:
        """Say whether what is asked for a tag is asked for these words, or some of them."""
        asked = set(words(tag))
        return bool(asked) and asked <= self._words

    def answered(self, tag: str, photos: Sequence[Photo]) -> None:
        """Take in an answer of the service."""
        if self.concerns(tag):
            self._first.update(photo.id for photo in photos[:FIRST])

    def seen(self, photo: str) -> bool:
        """Take in that a photo was looked at; say whether it is an example now."""
        wanted = photo in self._first and photo not in self.examples
        if wanted and len(self.examples) < ENOUGH:
            self.examples.append(photo)
            return True
        return False

    def restore(self, found: Iterable[tuple[str, str]]) -> None:
        """Choose examples among photos that an earlier engine found.

        Args:
            found: the id of each and the tag that brought it, in the order they were seen.
        """
        brought = [photo for photo, tag in found if self.concerns(tag)]
        self.examples = brought[:ENOUGH]
