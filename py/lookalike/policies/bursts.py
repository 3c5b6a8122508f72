"""Photos taken in one go."""

from collections.abc import Sequence

from lookalike.photo import Photo

HOUR = 3600


class Bursts:
    """Tells which photos one person uploaded within the same hour: often shots of one thing."""

    def __init__(self) -> None:
        self._members: dict[tuple[str, int], list[int]] = {}

    def add(self, number: int, photo: Photo) -> None:
        """Add a numbered photo."""
        if key := _key(photo):
            self._members.setdefault(key, []).append(number)

    def of(self, photo: Photo) -> Sequence[int]:
        """List the photos of its burst, with itself; none if no owner or time is told."""
        key = _key(photo)
        return self._members.get(key, []) if key else []


def _key(photo: Photo) -> tuple[str, int] | None:
    if not photo.owner_id or photo.uploaded is None:
        return None
    return photo.owner_id, photo.uploaded // HOUR
