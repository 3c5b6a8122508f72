"""A source beside others: its photos' ids made unique by its name."""

from collections.abc import Sequence
from dataclasses import replace

from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.sources.source import (
    Page,
    Source,
    address_of,
    asked_to_filter,
    capabilities,
    more_of,
    read_by,
)


class Named:
    """A source whose photos are called "NAME:ID" outside, and ID by the source itself.

    Args:
        source: any; its name is that of its `Capabilities`.
    """

    def __init__(self, source: Source) -> None:
        self.can = capabilities(source)
        self._source = source
        self._prefix = f"{self.can.name}:"

    def search(self, query: str, limit: int, before: int | None, *page: int) -> Page:
        return self._named(self._source.search(query, limit, before, *page))

    def address(self, query: str, limit: int, before: int | None, *page: int) -> str:
        """See `Source`; "" where the source tells none."""
        return address_of(self._source, query, limit, before, *page)

    def read(self, body: bytes) -> Page:
        """See `Source`."""
        return self._named(read_by(self._source, body))

    def _named(self, photos: Sequence[Photo]) -> Page:
        name, prefix = self.can.name, self._prefix
        named = (replace(photo, id=f"{prefix}{photo.id}", source=name) for photo in photos)
        return Page(named, more_of(photos))

    def thumbnail(self, photo: Photo) -> bytes:
        return self._source.thumbnail(replace(photo, id=photo.id.removeprefix(self._prefix)))

    def filtered(self, filters: Filters) -> "Named":
        """See `Source`: the service is asked to filter what it can."""
        return Named(asked_to_filter(self._source, filters))
