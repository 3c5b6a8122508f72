"""The seam between the search and the photo services."""

from collections.abc import Sequence
from typing import Protocol

from lookalike.photo import Photo


class Source(Protocol):
    """A photo service that can be searched by words.

    Plain, synchronous functions, so that anyone can write one; the engine runs many at once. They
    do nothing but GET, and the same whenever they are given the same: a browser that cannot
    suspend one runs it again when its answer is there (`lookalike.browser.replay`).
    Both raise a `lookalike.errors.SourceError` that says what happened and what to do.
    """

    def search(self, query: str, limit: int, before: int | None) -> Sequence[Photo]:
        """Find photos for `query`.

        Args:
            query: words, as a person would type them.
            limit: how many photos at most.
            before: only photos uploaded before this Unix time in seconds; None for no bound.
        """

    def thumbnail(self, photo: Photo) -> bytes:
        """Fetch a small version of `photo`, as an encoded image file."""


def origin(source: Source) -> str:
    """Name a source, so that its photos can be told from another's."""
    return type(source).__name__
