"""A source beside others: its photos' ids made unique by its name."""

from collections.abc import Sequence
from dataclasses import replace

from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.sources.source import Source, asked_to_filter, capabilities


class Named:
    """A source whose photos are called "NAME:ID" outside, and ID by the source itself.

    Args:
        source: any; its name is that of its `Capabilities`.
    """

    def __init__(self, source: Source) -> None:
        self.can = capabilities(source)
        self._source = source
        self._prefix = f"{self.can.name}:"

    def search(self, query: str, limit: int, before: int | None, *page: int) -> list[Photo]:
        photos: Sequence[Photo] = self._source.search(query, limit, before, *page)
        return [
            replace(photo, id=f"{self._prefix}{photo.id}", source=self.can.name) for photo in photos
        ]

    def thumbnail(self, photo: Photo) -> bytes:
        return self._source.thumbnail(replace(photo, id=photo.id.removeprefix(self._prefix)))

    def filtered(self, filters: Filters) -> "Named":
        """See `Source`: the service is asked to filter what it can."""
        return Named(asked_to_filter(self._source, filters))
