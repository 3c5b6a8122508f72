"""A search's filters at work, and the tally of what they kept out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from lookalike.filters import Filters, image_passes, passes
from lookalike.photo import Photo
from lookalike.search.events import Filtered

_FIELDS = {
    "licence": ("license",),
    "upload date": ("since", "until"),
    "orientation": ("orientation",),
    "size": ("min_size",),
    "safety": ("safe",),
}
"""What a filter is called in "12 by licence", and its fields of `Filters`."""

COLOUR = "colour"
"""What the filter is called that needs the photo itself."""


class FilterTally:
    """Keeps photos out of one search.

    Args:
        filters: what a photo has to be like.
    """

    def __init__(self, filters: Filters) -> None:
        self.filters = filters
        # Each filter by itself, so that what it keeps out can be told by its name.
        given = {
            why: {name: getattr(filters, name) for name in names} for why, names in _FIELDS.items()
        }
        self._single = {
            why: replace(Filters(safe=False), **fields) for why, fields in given.items()
        }
        self._kept_out: dict[str, str] = {}  # photos, each with the filter that did

    def sift(self, photos: Sequence[Photo]) -> tuple[list[Photo], list[Photo]]:
        """Part an answer in those that may be looked at and those that may not."""
        passed = [photo for photo in photos if passes(photo, self.filters) is None]
        if len(passed) == len(photos):
            return passed, []
        kept = {photo.id for photo in passed}
        dropped = [photo for photo in photos if photo.id not in kept]
        for photo in dropped:
            self._kept_out.setdefault(photo.id, self._why(photo))
        return passed, dropped

    def admits(self, photo: Photo, image: Image.Image) -> bool:
        """Say whether a photo may be shown, now that its pixels are known."""
        if image_passes(image, self.filters) is None:
            return True
        self._kept_out.setdefault(photo.id, COLOUR)
        return False

    def tally(self) -> tuple[Filtered, ...]:
        """Count what was kept out, by filter; most first. A photo counts once."""
        counts = Counter(self._kept_out.values())
        return tuple(Filtered(why, count) for why, count in counts.most_common())

    def _why(self, photo: Photo) -> str:
        refused = (why for why, alone in self._single.items() if passes(photo, alone) is not None)
        return next(refused, "filters")
