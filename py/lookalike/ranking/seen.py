"""The photos that a search has looked at, for as long as they are on show."""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from lookalike.images import open_image
from lookalike.photo import Photo

DISLIKED = "disliked"

MARKS = {"liked": 1.0, DISLIKED: -1.0}
"""What a person may say of a photo, and its weight as an example."""

UNMARKED = "none"


@dataclass(slots=True, eq=False)
class SeenPhoto:
    """One photo that was looked at: what is known of it whatever the scorer.

    Attributes:
        photo, thumbnail: the photo and its encoded file.
        match: how well it matches the text, from -1 to 1; None where there is no text.
        mark: a key of `MARKS`, or `UNMARKED`.
    """

    photo: Photo
    thumbnail: bytes
    match: float | None = None
    mark: str = UNMARKED

    def opened(self) -> Image.Image:
        """Decode its thumbnail.

        Raises:
            lookalike.errors.BadPhoto: it cannot be.
        """
        return open_image(self.thumbnail)


class SeenPhotos:
    """The photos that a search has looked at, in the order in which it did."""

    def __init__(self) -> None:
        self._known: dict[str, SeenPhoto] = {}
        self._kept_out: set[str] = set()
        self._same: dict[str, str] = {}

    def __iter__(self) -> Iterator[SeenPhoto]:
        return iter(list(self._known.values()))

    def __len__(self) -> int:
        return len(self._known)

    def add(self, seen: SeenPhoto) -> None:
        """Add a photo, in place of what was known of it; but a mark that it has stays."""
        if before := self._known.get(seen.photo.id):
            seen.mark = before.mark
        self._known[seen.photo.id] = seen

    def get(self, photo: str) -> SeenPhoto | None:
        """Give a photo by its id, if it was looked at."""
        return self._known.get(photo)

    def keep_out(self, photo: str) -> None:
        """Note that a photo, by its id, is none of those seen: a filter keeps it out."""
        self._kept_out.add(photo)

    def is_kept_out(self, photo: str) -> bool:
        """Say whether a filter keeps out a photo, by its id."""
        return photo in self._kept_out

    def equate(self, photo: str, other: str) -> None:
        """Note that a photo, by its id, has the very picture of another one that was looked at."""
        self._same[photo] = other

    def first_of(self, photo: str) -> str:
        """Give the id of the photo that was looked at for a photo, by its id: mostly itself."""
        return self._same.get(photo, photo)

    def mark(self, photo: str, mark: str) -> bool:
        """Mark a photo.

        Args:
            photo: its id.
            mark: a key of `MARKS`; anything else takes its mark away.

        Returns:
            Whether that changed anything.
        """
        seen = self._known.get(photo)
        mark = mark if mark in MARKS else UNMARKED
        if seen is None or seen.mark == mark:
            return False
        seen.mark = mark
        return True
