"""The photos that a search has looked at, for as long as they are on show."""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from lookalike.images import open_image
from lookalike.photo import Photo
from lookalike.scorer.scorer import Feature, Result

MARKS = {"liked": 1.0, "disliked": -1.0}
"""What a person may say of a photo, and its weight as an example."""

UNMARKED = "none"


@dataclass(slots=True, eq=False)
class ScoredPhoto:
    """One photo that was looked at.

    Attributes:
        photo, thumbnail: the photo and its encoded file.
        key: of the scorer that described it last (`CheckedScorer.key`); None: of none so far.
        feature: what that scorer made of it; None where it failed.
        score: what it scores, by the scorer, by the text, or by both
            (`lookalike.text.rank_fusion`); None where one of them failed.
        mark: a key of `MARKS`, or `UNMARKED`.
        alike: the scorer's score, by the scorer in charge; None where it failed, or where there
            is only text to compare the photo with.
        match: how well it matches the text, from -1 to 1; None where there is no text.
    """

    photo: Photo
    thumbnail: bytes
    key: object = None
    feature: Feature | None = None
    score: float | None = None
    mark: str = UNMARKED
    alike: float | None = None
    match: float | None = None

    def opened(self) -> Image.Image:
        """Decode its thumbnail.

        Raises:
            lookalike.errors.BadPhoto: it cannot be.
        """
        return open_image(self.thumbnail)

    @property
    def result(self) -> Result | None:
        """The photo as score.py's `rank` gets it; None where it has no score."""
        if self.feature is None or self.score is None:
            return None
        return Result(self.photo, self.score, self.feature)


class ScoredPhotos:
    """The photos that a search has looked at, in the order in which it did."""

    def __init__(self) -> None:
        self._known: dict[str, ScoredPhoto] = {}
        self._kept_out: set[str] = set()
        self._same: dict[str, str] = {}

    def __iter__(self) -> Iterator[ScoredPhoto]:
        return iter(list(self._known.values()))

    def __len__(self) -> int:
        return len(self._known)

    def add(self, scored_photo: ScoredPhoto) -> None:
        """Add a photo, in place of what was known of it."""
        self._known[scored_photo.photo.id] = scored_photo

    def get(self, photo: str) -> ScoredPhoto | None:
        """Give a photo by its id, if it was looked at."""
        return self._known.get(photo)

    def keep_out(self, photo: str) -> None:
        """Note that a photo, by its id, is none of those seen: a filter keeps it out."""
        self._kept_out.add(photo)

    def equate(self, photo: str, other: str) -> None:
        """Note that a photo, by its id, has the very picture of another one that was looked at."""
        self._same[photo] = other

    def outcome(self, photo: str) -> tuple[float, Feature] | None:
        """Give a photo's score and feature by its id, if it has a score.

        One that was kept out has those of the worst seen so far.
        """
        photo = self._same.get(photo, photo)
        if photo in self._kept_out:
            result = min(self.results(), key=lambda each: each.score, default=None)
        else:
            scored_photo = self._known.get(photo)
            result = scored_photo.result if scored_photo else None
        return (result.score, result.feature) if result else None

    def mark(self, photo: str, mark: str) -> bool:
        """Mark a photo.

        Args:
            photo: its id.
            mark: a key of `MARKS`; anything else takes its mark away.

        Returns:
            Whether that changed anything.
        """
        scored_photo = self._known.get(photo)
        mark = mark if mark in MARKS else UNMARKED
        if scored_photo is None or scored_photo.mark == mark:
            return False
        scored_photo.mark = mark
        return True

    def results(self) -> list[Result]:
        """Give all that have a score."""
        return [result for scored_photo in self if (result := scored_photo.result)]
